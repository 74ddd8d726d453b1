"""`earmark webhook`: where events are sent, and what became of them."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from functools import partial
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from earmark.cli.events import event_source
from earmark.cli.invocation import CHANGING, READING, Changing, Reading, opened, show
from earmark.cli.options import Whole
from earmark.cli.page import Cell, Column, Fact, Facts, Note, Page, Pen, Table, Title, columns
from earmark.core.webhooks import (
    SECRET_BYTES,
    AddWebhook,
    Attempt,
    RemoveWebhook,
    SwitchWebhook,
    Webhook,
    secret_of,
)

if TYPE_CHECKING:
    from earmark.http.webhooks import Sender

WebhookId = Annotated[str, Parameter(metavar="WEBHOOK", help="The id of the webhook.")]


def add(
    url: str,
    /,
    *,
    type_: Annotated[list[str] | None, Parameter(name="--type", metavar="TYPE")] = None,
    after: Annotated[str, Parameter(metavar="ID")] = "",
    changing: Changing = CHANGING,
) -> None:
    """Send events to an address, signed, from now on; the secret is shown this once.

        earmark webhook add https://shop.example/earmark --type "reservation.*"

    A running `earmark serve` delivers them.

    Args:
        url: The address.
        type_: Only events of this type; reservation.* means all that begin so. Repeat it for more.
        after: All events after the one with this id, also old ones; 0-0 means every event.
    """
    from earmark.usecases import webhooks

    webhook_id, secret = secrets.token_hex(4), secret_of(secrets.token_bytes(SECRET_BYTES))
    use_case = partial(webhooks.add_webhook, webhook_id=webhook_id, secret=secret)
    command = AddWebhook(url=url, types=tuple(type_ or ()), after=after)
    with opened(changing.database) as database:
        outcome = use_case(database, changing.signed(command))
    added = {"webhook_id": outcome.reference, "secret": secret, "outcome": outcome}
    facts = (Fact("Webhook", outcome.reference), Fact("Secret", secret))
    again = Note("The same request was answered before, with another secret.", Pen.ALARM)
    page: Page = [again] if outcome.is_repeated else [Facts(facts)]
    show(added, lambda _: page, is_json=changing.json)


def list_(*, reading: Reading = READING) -> None:
    """List the webhooks.

    earmark webhook list
    """
    from earmark.usecases import webhooks

    with reading.opened() as database:
        found = webhooks.all_webhooks(database)
    if reading.json:
        reading.answer(tuple(_shown(one) for one in found), lambda _: [])
    else:
        reading.answer(found, _webhooks_page)


def show_(webhook_id: WebhookId, /, *, reading: Reading = READING) -> None:
    """Show a webhook: how far it has come, and whether it fails.

    earmark webhook show 1a2b3c4d
    """
    from earmark.usecases import webhooks

    with reading.opened() as database:
        found = webhooks.webhook(database, webhook_id)
    reading.answer(_shown(found), lambda _: _webhooks_page((found,)))


def remove(webhook_id: WebhookId, /, *, changing: Changing = CHANGING) -> None:
    """Send nothing to a webhook any more, and forget it.

    earmark webhook remove 1a2b3c4d
    """
    from earmark.usecases import webhooks

    changing.carry_out(webhooks.remove_webhook, RemoveWebhook(webhook_id=webhook_id))


def on(webhook_id: WebhookId, /, *, changing: Changing = CHANGING) -> None:
    """Switch a webhook on again; it goes on after the last event that arrived.

    earmark webhook on 1a2b3c4d
    """
    from earmark.usecases import webhooks

    command = SwitchWebhook(webhook_id=webhook_id, is_active=True)
    changing.carry_out(webhooks.switch_webhook, command)


def off(webhook_id: WebhookId, /, *, changing: Changing = CHANGING) -> None:
    """Switch a webhook off; what happens meanwhile is sent when it is on again.

    earmark webhook off 1a2b3c4d
    """
    from earmark.usecases import webhooks

    command = SwitchWebhook(webhook_id=webhook_id, is_active=False, because="switched off")
    changing.carry_out(webhooks.switch_webhook, command)


def try_(webhook_id: WebhookId, /, *, reading: Reading = READING) -> None:
    """Send a test event now, and show what was answered.

    earmark webhook test 1a2b3c4d
    """
    from earmark.usecases import webhooks

    with reading.opened() as database, _sender() as send:
        attempt = webhooks.try_webhook(database, webhook_id, send)
    reading.answer((attempt,), _attempts_page)


def deliveries(webhook_id: WebhookId, /, *, limit: Whole = 50, reading: Reading = READING) -> None:
    """List what was sent to a webhook and what it answered, newest first.

        earmark webhook deliveries 1a2b3c4d

    Args:
        limit: At most so many.
    """
    from earmark.usecases import webhooks

    with reading.opened() as database:
        found = webhooks.deliveries(database, webhook_id, limit=limit)
    reading.answer(found, _attempts_page)


def redeliver(
    webhook_id: WebhookId,
    event_id: Annotated[str, Parameter(name="EVENT")],
    /,
    *,
    reading: Reading = READING,
) -> None:
    """Send one event again now, and show what was answered.

        earmark webhook redeliver 1a2b3c4d 0-1838614695608628484-1

    Args:
        event_id: The id of the event.
    """
    from earmark.usecases import webhooks

    with reading.opened() as database, _sender() as send:
        attempt = webhooks.redeliver(database, webhook_id, event_id, send, source=event_source())
    reading.answer((attempt,), _attempts_page)


def allows_private() -> bool:
    """Whether webhooks may be of a private network."""
    return os.environ.get("EARMARK_WEBHOOKS_PRIVATE", "") not in ("", "0", "no")


@contextmanager
def _sender() -> Iterator["Sender"]:
    from earmark.http.webhooks import Sender

    sender = Sender(allows_private=allows_private())
    try:
        yield sender
    finally:
        sender.close()


def _shown(webhook: Webhook) -> dict[str, object]:
    """A webhook without its secret."""
    names = (field.name for field in fields(webhook))
    return {name: getattr(webhook, name) for name in names if name != "secret"}


def _webhooks_page(found: tuple[Webhook, ...]) -> Page:
    if not found:
        return [Title("Webhooks"), Note("None.")]
    heads = columns(
        Column("Webhook", Pen.NAME), "Address", Column("Types", yields=1), "State",
        Column("Reached", Pen.QUIET, yields=2),
    )  # fmt: skip
    rows = [
        (one.webhook_id, one.url, ", ".join(one.types) or "all", _state(one), one.reached)
        for one in found
    ]
    return [Title("Webhooks"), Table(heads, rows)]


def _state(webhook: Webhook) -> str:
    if not webhook.is_active:
        return f"off: {webhook.inactive_because}"
    if not webhook.failures:
        return "on"
    times = "once" if webhook.failures == 1 else f"{webhook.failures} times"
    return f"failed {times}, next {webhook.next_try:%Y-%m-%d %H:%M:%S}"


def _attempts_page(found: tuple[Attempt, ...]) -> Page:
    if not found:
        return [Title("Deliveries"), Note("None.")]
    heads = columns(
        "Time", "Type", "Event", "Status", "ms", Column("Answer", yields=2, wraps=True),
        Column("Error", Pen.ALARM, wraps=True), "Next try",
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (
            f"{one.at:%Y-%m-%d %H:%M:%S}",
            one.event_type,
            one.event_id,
            one.status,
            one.duration_ms,
            one.answer,
            one.error,
            one.next_try,
        )
        for one in found
    ]
    return [Title("Deliveries"), Table(heads, rows)]
