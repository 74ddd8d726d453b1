"""Delivering events to webhooks: in order, at least once, again and again until it works.

A server looks for webhooks that have something to come and claims one of them; it sends the next
event and writes what became of it, the log and how far the webhook has come in one transaction.
Should it die in between, the event is sent again: its id says that it is the same. One that fails
is tried again after a pause, and those after it wait, so that the order is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from earmark.core.commands import Command
from earmark.core.events import SOURCE, Event
from earmark.core.outcome import Outcome
from earmark.core.recorded import cursor_of
from earmark.core.webhooks import (
    GIVEN_UP_AFTER,
    Attempt,
    SwitchWebhook,
    Webhook,
    pause_after,
)
from earmark.database import events as committed
from earmark.database import webhooks
from earmark.database.engine import Database
from earmark.database.unit_of_work import reading, unit_of_work
from earmark.usecases.events import events

EVENTS_A_CLAIM = 50
"""Then the webhook is let go, so that a slow one does not keep the others of its server waiting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What came of sending: the receiver's status and the beginning of his answer, or the error."""

    status: int = 0
    answer: str = ""
    error: str = ""
    duration_ms: int = 0


class Send(Protocol):
    """Sends one event to one webhook and gives what was answered; it never raises."""

    def __call__(self, to: Webhook, event: Event, at: datetime) -> Answered:
        """Send it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How a server delivers: as whom, with what, and with which chance to spread the tries."""

    by: str
    send: Send
    chance: Callable[[], float]
    source: str = SOURCE


def deliver_due(database: Database, delivery: Delivery) -> int:
    """Deliver what is due to every webhook that is not another server's; says how much it sent."""
    with reading(database) as session:
        newest = committed.newest(session)
        found = webhooks.everything(session)
    now = database.clock()
    return sum(
        _deliver(database, delivery, webhook.webhook_id)
        for webhook in found
        if webhook.is_active
        and (webhook.next_try is None or webhook.next_try <= now)
        and cursor_of(webhook.reached).position < newest
    )


def _deliver(database: Database, delivery: Delivery, webhook_id: str) -> int:
    """Claim a webhook and send it the events that come next, until one fails."""
    with database.transaction(writes=True) as session:
        webhook = webhooks.claim(session, webhook_id, delivery.by, database.clock())
    if webhook is None:
        return 0
    read = events(
        database,
        after=webhook.reached,
        limit=EVENTS_A_CLAIM,
        chosen=webhook.chosen,
        source=delivery.source,
    )
    sent = 0
    for event in read.events:
        attempt = attempted(webhook, event, delivery.send, database.clock())
        webhook, attempt = _after(webhook, attempt, database.clock(), delivery.chance)
        sent += 1
        if not _noted(database, delivery, webhook, attempt) or not attempt.has_arrived:
            break
    else:
        webhook = replace(webhook, reached=read.next)
    with database.transaction(writes=True) as session:
        webhooks.move_on(session, webhook, delivery.by, None)
    if not webhook.is_active:
        _switched_off(database, webhook)
    return sent


def attempted(webhook: Webhook, event: Event, send: Send, at: datetime) -> Attempt:
    """Send an event once, and what became of it."""
    answered = send(webhook, event, at)
    return Attempt(
        webhook_id=webhook.webhook_id,
        event_id=event.id,
        event_type=event.type,
        at=at,
        duration_ms=answered.duration_ms,
        status=answered.status,
        answer=answered.answer,
        error=answered.error,
    )


def _after(
    webhook: Webhook, attempt: Attempt, now: datetime, chance: Callable[[], float]
) -> tuple[Webhook, Attempt]:
    """How far a webhook is after an attempt, and when the next one is due."""
    if attempt.has_arrived:
        reached = replace(webhook, reached=attempt.event_id, failures=0)
        return replace(reached, failing_since=None, next_try=None), attempt
    failures = webhook.failures + 1
    since = webhook.failing_since or now
    next_try = now + pause_after(failures, chance())
    failed = replace(webhook, failures=failures, failing_since=since, next_try=next_try)
    if now - since >= GIVEN_UP_AFTER:
        why = f"it failed {failures} times since {since:%Y-%m-%d %H:%M}"
        return replace(failed, is_active=False, inactive_because=why, next_try=None), attempt
    return failed, replace(attempt, next_try=next_try)


def _noted(database: Database, delivery: Delivery, webhook: Webhook, attempt: Attempt) -> bool:
    """Write an attempt and how far its webhook is; nothing where another has claimed it since."""
    until = database.clock() + webhooks.CLAIMED_FOR
    with database.transaction(writes=True) as session:
        is_ours = webhooks.move_on(session, webhook, delivery.by, until)
        if is_ours:
            webhooks.note(session, attempt)
        return is_ours


def _switched_off(database: Database, webhook: Webhook) -> None:
    """Say in history, and so as an event to all others, that a webhook was given up."""
    command: Command = SwitchWebhook(
        webhook_id=webhook.webhook_id,
        is_active=False,
        because=webhook.inactive_because,
        by="earmark",
        reason=webhook.inactive_because,
    )
    with unit_of_work(database, command) as work:
        work.report("switch webhook", webhook.webhook_id, Outcome())
