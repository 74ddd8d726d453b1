"""Webhooks as rows, and the log of what was sent to them.

A server claims a webhook for a minute before it sends anything, so that of several servers one
sends at a time, and holds no transaction open meanwhile. It writes only as long as the claim is
still its own. A claim that its server did not survive runs out, and another goes on from the last
event that is known to have arrived: what arrived without being noted is sent again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from earmark.core.webhooks import Attempt, Webhook
from earmark.database import schema
from earmark.database.engine import Session
from earmark.database.history import from_micros, to_micros
from earmark.database.statements import Row, Statement

CLAIMED_FOR = timedelta(seconds=60)
_HOOK, _TRIED = schema.webhook, schema.webhook_attempt
_COLUMNS = (
    "webhook_id",
    "url",
    "secret",
    "types",
    "is_active",
    "inactive_because",
    "reached",
    "created",
    "failures",
    "failing_since",
    "next_try",
)
_SELECT = sa.select(*(_HOOK.c[name] for name in _COLUMNS))
_ALL = Statement(_SELECT.order_by(_HOOK.c.created, _HOOK.c.webhook_id))
_ONE = Statement(_SELECT.where(_HOOK.c.webhook_id == sa.bindparam("webhook_id")))
_now = sa.bindparam("now", type_=sa.BigInteger)
_DUE = Statement(
    sa.select(_HOOK.c.webhook_id)
    .where(
        _HOOK.c.is_active.is_(sa.true()),
        _HOOK.c.next_try <= _now,
        _HOOK.c.claimed_until <= _now,
        _HOOK.c.webhook_id == sa.bindparam("webhook_id"),
    )
    .with_for_update(skip_locked=True)
)
_CLAIM = Statement(
    sa.update(_HOOK)
    .where(_HOOK.c.webhook_id == sa.bindparam("v_id"))
    .values(
        claimed_by=sa.bindparam("v_by"),
        claimed_until=sa.bindparam("v_until", type_=sa.BigInteger),
    )
)
_PROGRESS = ("is_active", "inactive_because", "reached", "failures", "failing_since", "next_try")
_MOVE_ON = Statement(
    sa.update(_HOOK)
    .where(_HOOK.c.webhook_id == sa.bindparam("v_id"), _HOOK.c.claimed_by == sa.bindparam("v_by"))
    .values(
        {name: sa.bindparam(f"v_{name}", type_=_HOOK.c[name].type) for name in _PROGRESS}
        | {"claimed_until": sa.bindparam("v_until", type_=sa.BigInteger)}
    )
)
_REMOVE = Statement(sa.delete(_HOOK).where(_HOOK.c.webhook_id == sa.bindparam("webhook_id")))
_SWITCH = Statement(
    sa.update(_HOOK)
    .where(_HOOK.c.webhook_id == sa.bindparam("v_id"))
    .values(
        is_active=sa.bindparam("v_is_active", type_=sa.Boolean),
        inactive_because=sa.bindparam("v_because"),
        failures=0,
        failing_since=0,
        next_try=0,
    )
)
_LAST_NO = Statement(
    sa.select(sa.func.coalesce(sa.func.max(_TRIED.c.attempt_no), 0)).where(
        _TRIED.c.webhook_id == sa.bindparam("webhook_id")
    )
)
_TRIED_COLUMNS = (
    "webhook_id",
    "attempt_no",
    "event_id",
    "event_type",
    "at",
    "duration_ms",
    "status",
    "answer",
    "error",
    "next_try",
)
_ATTEMPTS = Statement(
    sa.select(*(_TRIED.c[name] for name in _TRIED_COLUMNS))
    .where(_TRIED.c.webhook_id == sa.bindparam("webhook_id"))
    .order_by(_TRIED.c.attempt_no.desc())
    .limit(sa.bindparam("limit"))
)


def everything(session: Session) -> list[Webhook]:
    """Every webhook, the oldest first."""
    return [_webhook(row) for row in session.rows(_ALL)]


def one(session: Session, webhook_id: str) -> Webhook | None:
    """A webhook, if there is one of this id."""
    rows = session.rows(_ONE, webhook_id=webhook_id)
    return _webhook(rows[0]) if rows else None


def _webhook(row: Row) -> Webhook:
    kept = dict(zip(_COLUMNS, row, strict=True))
    for name in ("created", "failing_since", "next_try"):
        kept[name] = from_micros(kept[name])
    kept["types"] = tuple(kept["types"].split())
    return Webhook(**kept)


def insert(session: Session, webhook: Webhook) -> None:
    """Enter a webhook."""
    row = (
        webhook.webhook_id,
        webhook.url,
        webhook.secret,
        " ".join(webhook.types),
        webhook.is_active,
        webhook.reached,
        to_micros(webhook.created),
    )
    columns = ("webhook_id", "url", "secret", "types", "is_active", "reached", "created")
    session.insert(_HOOK, columns, [row])


def remove(session: Session, webhook_id: str) -> None:
    """Forget a webhook; the log of what was sent to it stays."""
    session.run(_REMOVE, webhook_id=webhook_id)


def switch(session: Session, webhook_id: str, because: str, *, is_active: bool) -> None:
    """Switch a webhook on or off; what has failed before counts no more."""
    session.run(_SWITCH, v_id=webhook_id, v_is_active=is_active, v_because=because)


# -- Delivering --------------------------------------------------------------------------------


def claim(session: Session, webhook_id: str, by: str, now: datetime) -> Webhook | None:
    """A webhook, ours for a minute from now on; none where it is not due, or another's."""
    if not session.rows(_DUE, webhook_id=webhook_id, now=to_micros(now)):
        return None
    session.run(_CLAIM, v_id=webhook_id, v_by=by, v_until=to_micros(now + CLAIMED_FOR))
    return one(session, webhook_id)


def move_on(session: Session, webhook: Webhook, by: str, claimed_until: datetime | None) -> bool:
    """Write how far a webhook has come; says whether it was still ours."""
    values = {
        "v_is_active": webhook.is_active,
        "v_inactive_because": webhook.inactive_because,
        "v_reached": webhook.reached,
        "v_failures": webhook.failures,
        "v_failing_since": to_micros(webhook.failing_since),
        "v_next_try": to_micros(webhook.next_try),
        "v_until": to_micros(claimed_until),
    }
    return session.run(_MOVE_ON, v_id=webhook.webhook_id, v_by=by, **values) == 1


def note(session: Session, attempt: Attempt) -> Attempt:
    """Write an attempt into the log; gives it with its number."""
    last: int = session.rows(_LAST_NO, webhook_id=attempt.webhook_id)[0][0]
    row = (
        attempt.webhook_id,
        last + 1,
        attempt.event_id,
        attempt.event_type,
        to_micros(attempt.at),
        attempt.duration_ms,
        attempt.status,
        attempt.answer,
        attempt.error,
        to_micros(attempt.next_try),
    )
    session.insert(_TRIED, _TRIED_COLUMNS, [row])
    return attempts(session, attempt.webhook_id, 1)[0]


def attempts(session: Session, webhook_id: str, limit: int) -> list[Attempt]:
    """The last attempts, newest first."""
    rows = session.rows(_ATTEMPTS, webhook_id=webhook_id, limit=limit)
    return [_attempt(row) for row in rows]


def _attempt(row: Row) -> Attempt:
    kept = dict(zip(_TRIED_COLUMNS, row, strict=True))
    return Attempt(
        **{**kept, "at": from_micros(kept["at"]), "next_try": from_micros(kept["next_try"])}
    )
