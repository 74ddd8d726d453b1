"""Where the server sends events, for administrators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from earmark.client.connection import Connection, body_of, segment
from earmark.core.webhooks import AddWebhook, Attempt, RemoveWebhook, SwitchWebhook, Webhook
from earmark.http.plain import value_of


class Webhooks:
    """The part of the client that sees to webhooks.

    A secret is told once, when its webhook is added; of one that is read it is empty. These
    commands can not be previewed.
    """

    _server: Connection

    def webhooks(self) -> tuple[Webhook, ...]:
        """Every webhook, the oldest first."""
        return tuple(_webhook(told) for told in self._server.answer("GET", "webhooks").json())

    def webhook(self, webhook_id: str) -> Webhook:
        """One webhook, how far it has come and whether it fails."""
        return _webhook(self._server.answer("GET", _path(webhook_id)).json())

    def add_webhook(self, command: AddWebhook) -> Webhook:
        """Send events to an address; the webhook has the secret that signs them."""
        answer = self._server.answer("POST", "webhooks", command=command, content=body_of(command))
        told = answer.json()
        return _webhook(told["webhook"], told["secret"])

    def switch_webhook(self, command: SwitchWebhook) -> Webhook:
        """Switch a webhook off, or on again from where it was."""
        path, content = _path(command.webhook_id), body_of(command, frozenset({"webhook_id"}))
        return _webhook(self._server.answer("PATCH", path, command=command, content=content).json())

    def remove_webhook(self, command: RemoveWebhook) -> None:
        """Send nothing to a webhook any more, and forget it."""
        self._server.answer("DELETE", _path(command.webhook_id), command=command)

    def deliveries(self, webhook_id: str, *, limit: int = 50) -> tuple[Attempt, ...]:
        """What was sent to a webhook and what it answered, newest first."""
        path = f"{_path(webhook_id)}/deliveries"
        told = self._server.answer("GET", path, params={"limit": limit}).json()
        return tuple(_attempt(one) for one in told)

    def try_webhook(self, webhook_id: str) -> Attempt:
        """Send a test event now."""
        return _attempt(self._server.answer("POST", f"{_path(webhook_id)}/test").json())

    def redeliver(self, webhook_id: str, event_id: str) -> Attempt:
        """Send one event again now, whatever became of it."""
        content = {"event_id": event_id}
        path = f"{_path(webhook_id)}/redeliver"
        return _attempt(self._server.answer("POST", path, content=content).json())


def _path(webhook_id: str) -> str:
    return f"webhooks/{segment(webhook_id)}"


def _webhook(told: Mapping[str, Any], secret: str = "") -> Webhook:
    webhook: Webhook = value_of(Webhook, {**told, "secret": secret})
    return webhook


def _attempt(told: Mapping[str, Any]) -> Attempt:
    attempt: Attempt = value_of(Attempt, told)
    return attempt
