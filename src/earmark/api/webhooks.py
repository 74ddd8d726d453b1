"""``/api/v1/webhooks``: where events are sent, and what became of them. For administrators."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from earmark.api.asking import HEADERS, Circumstances, Errors, Part, circumstances_of
from earmark.core.roles import Operation
from earmark.core.webhooks import (
    SECRET_BYTES,
    AddWebhook,
    Attempt,
    RemoveWebhook,
    SwitchWebhook,
    Webhook,
    secret_of,
)
from earmark.database.engine import Database
from earmark.http.identity import Caller, may
from earmark.http.problems import fields_invalid
from earmark.http.serving import Serving, database, serving
from earmark.http.webhooks import Sender
from earmark.usecases import webhooks

router = APIRouter(prefix="/api/v1/webhooks", tags=["Webhooks"])

Administrator = Annotated[Caller, Depends(may(Operation.ADMINISTER))]
Served = Annotated[Database, Depends(database)]


_KNOWN_ONLY = ConfigDict(extra="forbid")


class NewWebhook(BaseModel):
    """Where to send events: from now on, or after one."""

    model_config = _KNOWN_ONLY

    url: str = Field(max_length=2000, examples=["https://shop.example/earmark"])
    types: list[str] = Field(default=[], examples=[["reservation.*"]])
    after: str = ""


class WebhookState(BaseModel):
    """A webhook and how far it has come; never with its secret."""

    webhook_id: str
    url: str
    types: list[str]
    is_active: bool
    inactive_because: str
    reached: str
    created: datetime | None
    failures: int
    failing_since: datetime | None
    next_try: datetime | None


class AddedWebhook(BaseModel):
    """A new webhook with its secret, which is told this once."""

    webhook: WebhookState
    secret: str


class Switch(BaseModel):
    """Whether a webhook is on."""

    model_config = _KNOWN_ONLY

    is_active: bool
    because: str = ""


class ToSendAgain(BaseModel):
    """Which event."""

    model_config = _KNOWN_ONLY

    event_id: str


def sender(serves: Annotated[Serving, Depends(serving)]) -> Iterator[Sender]:
    """What sends, for the length of a request."""
    made = Sender(allows_private=serves.allows_private_webhooks)
    try:
        yield made
    finally:
        made.close()


Sending = Annotated[Sender, Depends(sender)]

_BESIDE = Part(Circumstances, frozenset(), never=frozenset({"preview", "version"}))
_SHOWN: dict[str, Any] = {
    "parameters": [
        {"name": HEADERS["request_id"], "in": "header", "schema": {"type": "string"}},
        {"name": "reason", "in": "query", "schema": {"type": "string"}},
    ]
}


def beside(request: Request) -> dict[str, Any]:
    """What goes with a change: why it is made, and its key; whatever else is sent is refused."""
    errors: Errors = []
    said = _BESIDE.of_texts(circumstances_of(request), errors)
    if errors:
        raise fields_invalid(errors)
    return said


Beside = Annotated[dict[str, Any], Depends(beside)]


def _state(webhook: Webhook) -> WebhookState:
    names = (name for name in WebhookState.model_fields if name != "types")
    values = {name: getattr(webhook, name) for name in names}
    return WebhookState(types=list(webhook.types), **values)


@router.get("")
def list_webhooks(served: Served, _asking: Administrator) -> list[WebhookState]:
    """Every webhook."""
    return [_state(webhook) for webhook in webhooks.all_webhooks(served)]


@router.post("", status_code=201, openapi_extra=_SHOWN)
def add_webhook(
    served: Served, asking: Administrator, new: NewWebhook, beside: Beside, answer: Response
) -> AddedWebhook:
    """Send events to an address; the answer holds the secret that signs them.

    The same request again is answered with the same webhook and secret.
    """
    webhook_id, secret = secrets.token_hex(4), secret_of(secrets.token_bytes(SECRET_BYTES))
    command = AddWebhook(url=new.url, types=tuple(new.types), after=new.after, **beside)
    signed = asking.signed(command)
    outcome = webhooks.add_webhook(served, signed, webhook_id=webhook_id, secret=secret)
    if outcome.is_repeated:
        answer.headers["idempotency-replayed"] = "true"
    added = webhooks.webhook(served, outcome.reference)
    return AddedWebhook(webhook=_state(added), secret=added.secret)


@router.get("/{webhook_id}")
def show_webhook(served: Served, _asking: Administrator, webhook_id: str) -> WebhookState:
    """One webhook."""
    return _state(webhooks.webhook(served, webhook_id))


@router.patch("/{webhook_id}", openapi_extra=_SHOWN)
def switch_webhook(
    served: Served, asking: Administrator, webhook_id: str, switch: Switch, beside: Beside
) -> WebhookState:
    """Switch a webhook off, or on again from where it was."""
    command = SwitchWebhook(
        webhook_id=webhook_id,
        is_active=switch.is_active,
        because=switch.because,
        **beside,
    )
    webhooks.switch_webhook(served, asking.signed(command))
    return _state(webhooks.webhook(served, webhook_id))


@router.delete("/{webhook_id}", status_code=204, openapi_extra=_SHOWN)
def remove_webhook(served: Served, asking: Administrator, webhook_id: str, beside: Beside) -> None:
    """Send nothing to a webhook any more."""
    command = RemoveWebhook(webhook_id=webhook_id, **beside)
    webhooks.remove_webhook(served, asking.signed(command))


@router.get("/{webhook_id}/deliveries")
def list_deliveries(
    served: Served,
    _asking: Administrator,
    webhook_id: str,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> list[Attempt]:
    """What was sent to a webhook and what it answered, newest first."""
    return list(webhooks.deliveries(served, webhook_id, limit=limit))


@router.post("/{webhook_id}/test")
def try_webhook(served: Served, _asking: Administrator, webhook_id: str, send: Sending) -> Attempt:
    """Send a test event now."""
    return webhooks.try_webhook(served, webhook_id, send)


@router.post("/{webhook_id}/redeliver")
def redeliver(
    served: Served,
    serves: Annotated[Serving, Depends(serving)],
    _asking: Administrator,
    webhook_id: str,
    again: ToSendAgain,
    send: Sending,
) -> Attempt:
    """Send one event again now."""
    return webhooks.redeliver(served, webhook_id, again.event_id, send, source=serves.event_source)
