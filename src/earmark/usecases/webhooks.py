"""Webhooks: adding and removing them, what was sent to them, trying one and sending again."""

from __future__ import annotations

from datetime import datetime

from earmark.core.events import SOURCE, Event
from earmark.core.outcome import Outcome
from earmark.core.recorded import Cursor, cursor_of
from earmark.core.webhooks import (
    TEST,
    AddWebhook,
    Attempt,
    RemoveWebhook,
    SwitchWebhook,
    Webhook,
    check_secret,
    check_url,
)
from earmark.database import events as committed
from earmark.database import webhooks
from earmark.database.engine import Database
from earmark.database.unit_of_work import reading, unit_of_work
from earmark.errors import ValueInvalid
from earmark.errors.access import WebhookUnknown
from earmark.usecases.delivering import Send, attempted
from earmark.usecases.events import events


def add_webhook(
    database: Database, command: AddWebhook, *, webhook_id: str, secret: str
) -> Outcome:
    """Send events to an address, from now on or after one that is named, in order.

    Id and secret are arguments: whoever calls has the randomness. The secret is not in history.
    """
    check_url(command.url)
    check_secret(secret)
    if command.after:
        cursor_of(command.after)
    with unit_of_work(database, command) as work:
        if work.repeated:
            return work.repeated[0]
        webhook = Webhook(
            webhook_id=webhook_id,
            url=command.url,
            secret=secret,
            types=command.types,
            reached=command.after or str(committed.newest(work.session)),
            created=work.at,
        )
        webhooks.insert(work.session, webhook)
        return work.report("add webhook", webhook_id, Outcome())


def remove_webhook(database: Database, command: RemoveWebhook) -> Outcome:
    """Send nothing to a webhook any more; the log of what was sent stays."""
    with unit_of_work(database, command) as work:
        if work.repeated:
            return work.repeated[0]
        if webhooks.one(work.session, command.webhook_id) is None:
            raise WebhookUnknown(webhook_id=command.webhook_id)
        webhooks.remove(work.session, command.webhook_id)
        return work.report("remove webhook", command.webhook_id, Outcome())


def switch_webhook(database: Database, command: SwitchWebhook) -> Outcome:
    """Switch a webhook off, or on again: it goes on after the last event that arrived."""
    with unit_of_work(database, command) as work:
        if work.repeated:
            return work.repeated[0]
        if webhooks.one(work.session, command.webhook_id) is None:
            raise WebhookUnknown(webhook_id=command.webhook_id)
        webhooks.switch(
            work.session, command.webhook_id, command.because, is_active=command.is_active
        )
        return work.report("switch webhook", command.webhook_id, Outcome())


# -- Reading -----------------------------------------------------------------------------------


def all_webhooks(database: Database) -> tuple[Webhook, ...]:
    """Every webhook, the oldest first."""
    with reading(database) as session:
        return tuple(webhooks.everything(session))


def webhook(database: Database, webhook_id: str) -> Webhook:
    """One webhook; ``webhook-unknown`` where there is none."""
    with reading(database) as session:
        found = webhooks.one(session, webhook_id)
    if found is None:
        raise WebhookUnknown(webhook_id=webhook_id)
    return found


def deliveries(database: Database, webhook_id: str, *, limit: int = 50) -> tuple[Attempt, ...]:
    """What was sent to a webhook and what it answered, newest first; also to one removed."""
    with reading(database) as session:
        return tuple(webhooks.attempts(session, webhook_id, limit))


# -- Sending by hand ---------------------------------------------------------------------------


def try_webhook(database: Database, webhook_id: str, send: Send) -> Attempt:
    """Send an event that says nothing, to see whether it arrives; its turn changes nothing."""
    event = Event(
        id=f"test-{webhook_id}-{database.moments.next()}",
        source=SOURCE,
        type=TEST,
        subject=webhook_id,
        time=database.clock(),
        data={},
    )
    return _sent(database, webhook(database, webhook_id), event, send)


def redeliver(
    database: Database, webhook_id: str, event_id: str, send: Send, *, source: str = SOURCE
) -> Attempt:
    """Send one event again, whatever became of it; what is due in its turn changes nothing."""
    found = webhook(database, webhook_id)
    cursor = cursor_of(event_id)
    before = Cursor(cursor.begins, None)
    read = events(database, after=str(before), limit=max(cursor.ordinal or 1, 1), source=source)
    event = next((event for event in read.events if event.id == event_id), None)
    if event is None:
        raise ValueInvalid(field="Event", value=event_id, why="there is no event of this id")
    return _sent(database, found, event, send)


def _sent(database: Database, to: Webhook, event: Event, send: Send) -> Attempt:
    at: datetime = database.clock()
    attempt = attempted(to, event, send, at)
    with database.transaction(writes=True) as session:
        return webhooks.note(session, attempt)
