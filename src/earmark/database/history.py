"""The append-only history: every command that changed something, and what it reported."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from earmark.core.commands import Command
from earmark.core.outcome import Outcome
from earmark.core.views import HistoryRow
from earmark.database import schema
from earmark.database.engine import Answer, Session
from earmark.database.statements import MemberOf, Row, Statement
from earmark.database.wire import (
    answers_from_text,
    answers_to_text,
    content_of,
    fingerprint_of,
    outcomes_from_text,
)
from earmark.errors import EarmarkError, RequestReused

_COMMAND = schema.command
_COLUMNS = (
    "request_id",
    "moment",
    "at",
    "by",
    "reason",
    "verb",
    "reference",
    "fingerprint",
    "content",
    "outcome",
)


def _in_order() -> str:
    """An insert on SQLite that gives a moment which is not after all others as none: refused.

    Moments are the order of commits there (see ``events.py``); a clock that is set back between
    two programs must not change that. A trigger that says the same takes ten times as long.
    """
    places = {name: f"?{at}" for at, name in enumerate(_COLUMNS, 1)}
    moment = places["moment"]
    places["moment"] = (
        f"CASE WHEN {moment} <= (SELECT max(moment) FROM command) THEN NULL ELSE {moment} END"
    )
    names = ", ".join(f'"{name}"' for name in _COLUMNS)
    return f"INSERT INTO command ({names}) VALUES ({', '.join(places.values())})"


_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_BELONGS = "\x1f"
"""Between a user and a request id; no name and no id has a control character."""
_NO_ID = "~"
_IN_ORDER = _in_order()
_FIRST = Statement(
    sa.select(_COMMAND.c.fingerprint, _COMMAND.c.outcome, _COMMAND.c.at, _COMMAND.c.verb).where(
        _COMMAND.c.request_id == sa.bindparam("request_id")
    )
)
_NEWEST = Statement(sa.select(sa.func.coalesce(sa.func.max(_COMMAND.c.moment), 0)))
_KNOWN = Statement(
    sa.select(_COMMAND.c.request_id).where(MemberOf(_COMMAND.c.request_id, "request_ids"))
)


def to_micros(at: datetime | None) -> int:
    """A time as it is stored: microseconds since 1970, zero for none."""
    return 0 if at is None else (at - _BEGINNING) // timedelta(microseconds=1)


def from_micros(micros: int) -> datetime | None:
    """A stored time, aware."""
    return done_at(micros) if micros else None


def done_at(micros: int) -> datetime:
    """The time of a command as it is stored: every command has one."""
    return _BEGINNING + timedelta(microseconds=micros)


def own_id(command: Command) -> str:
    """The id of a request as it is kept: it belongs to its user, who alone is answered by it."""
    if not command.request_id or not command.by:
        return command.request_id
    return f"{command.by}{_BELONGS}{command.request_id}"


def _stored_id(command: Command, moment: int) -> str:
    """Where none was given, one that no request has: the key needs one."""
    return own_id(command) or f"{_NO_ID}{moment}"


def given_id(stored: str) -> str:
    """The request id that was given; empty where none was."""
    return "" if stored.startswith(_NO_ID) else stored.rpartition(_BELONGS)[2]


def ask_newest(session: Session) -> Answer:
    """Ask for the newest moment there is: what happens now comes after it."""
    return session.ask(_NEWEST)


def ask_first(session: Session, commands: Sequence[Command]) -> Answer | None:
    """Ask whether the same request was answered before; a request without an id was not."""
    request_id = own_id(commands[0])
    return session.ask(_FIRST, request_id=request_id) if request_id else None


def known_requests(session: Session, commands: Iterable[Command]) -> set[str]:
    """Which of these requests were answered before, by the ids as they are kept."""
    wanted = [request_id for command in commands if (request_id := own_id(command))]
    return {row[0] for row in session.rows(_KNOWN, request_ids=wanted)} if wanted else set()


def first_answers(
    commands: Sequence[Command], first: Answer | None
) -> list[Outcome | EarmarkError]:
    """What the same request reported the first time, line by line; nothing if it is new."""
    rows = first.rows() if first else []
    if not rows:
        return []
    request_id = commands[0].request_id
    fingerprint, outcome, at, verb = rows[0]
    if fingerprint != fingerprint_of(commands, content_of(commands)):
        raise RequestReused(request_id=request_id, at=from_micros(at), verb=verb)
    return answers_from_text(outcome)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRecord:
    """One request as history keeps it: what was asked for, and what came of it."""

    moment: int
    commands: Sequence[Command]
    verb: str
    reference: str
    answers: Sequence[Outcome | EarmarkError]


def record(session: Session, at: datetime, *requests: RequestRecord) -> None:
    """Write what was asked for and what came of it, in the order of the moments."""
    rows = [_row(at, request) for request in requests]
    if session.database.is_sqlite:
        for row in rows:
            session.channel.tell(_IN_ORDER, row)
    else:
        session.insert(_COMMAND, _COLUMNS, rows)


def _row(at: datetime, request: RequestRecord) -> Row:
    """The values of ``_COLUMNS``."""
    commands, first = request.commands, request.commands[0]
    content = content_of(commands)
    return (
        _stored_id(first, request.moment),
        request.moment,
        to_micros(at),
        first.by,
        first.reason,
        request.verb,
        request.reference,
        fingerprint_of(commands, content) if first.request_id else "",
        content,
        answers_to_text(request.answers),
    )


# -- Reading -----------------------------------------------------------------------------------

_LISTED = ("moment", "at", "by", "reason", "verb", "reference", "request_id", "outcome")
_LATEST = Statement(
    sa.select(*(_COMMAND.c[c] for c in _LISTED))
    .where(_COMMAND.c.moment <= sa.bindparam("until"))
    .order_by(_COMMAND.c.moment.desc())
    .limit(sa.bindparam("limit"))
)
_AT_MOMENTS = Statement(
    sa.select(*(_COMMAND.c[c] for c in _LISTED))
    .where(MemberOf(_COMMAND.c.moment, "moments"))
    .order_by(_COMMAND.c.moment.desc())
)
_MOMENT_AT = Statement(
    sa.select(sa.func.max(_COMMAND.c.moment)).where(_COMMAND.c.at <= sa.bindparam("at"))
)


_EARLIEST = Statement(sa.select(sa.func.min(_COMMAND.c.moment)))
_BEFORE = Statement(
    sa.select(sa.func.max(_COMMAND.c.moment)).where(_COMMAND.c.moment <= sa.bindparam("moment"))
)


def latest(session: Session, limit: int, until: int) -> list[HistoryRow]:
    """The latest commands up to a moment, newest first."""
    return [_listed(row) for row in session.rows(_LATEST, limit=limit, until=until)]


def at_moments(
    session: Session, moments: Iterable[int], limit: int, until: int
) -> list[HistoryRow]:
    """The latest of the commands at these moments, up to one of them, newest first."""
    wanted = sorted((m for m in moments if m <= until), reverse=True)[:limit]
    return [_listed(row) for row in session.rows(_AT_MOMENTS, moments=wanted)]


def moment_at(session: Session, at: datetime) -> int:
    """The moment of the last command up to a time; zero before all of them."""
    rows = session.rows(_MOMENT_AT, at=to_micros(at))
    return rows[0][0] or 0


def first_moment(session: Session) -> int:
    """The moment of the first command; zero where there is none."""
    return session.rows(_EARLIEST)[0][0] or 0


def moment_before(session: Session, moment: int) -> int:
    """The moment of the last command up to one; zero before all of them."""
    return session.rows(_BEFORE, moment=moment)[0][0] or 0


def _listed(row: Row) -> HistoryRow:
    moment, at, by, reason, verb, reference, request_id, outcome = row
    return HistoryRow(
        moment=moment,
        at=done_at(at),
        by=by,
        reason=reason,
        verb=verb,
        reference=reference,
        request_id=given_id(request_id),
        summary="; ".join(filter(None, map(summary_of, outcomes_from_text(outcome)[:3]))),
    )


def summary_of(outcome: Outcome) -> str:
    """What came of a command, in a few words."""
    parts = [
        f"{word} {quantity.normalize():f}"
        for word, quantity in (
            ("reserved", outcome.reserved),
            ("short", outcome.shortfall),
            ("released", outcome.released),
        )
        if quantity
    ]
    if outcome.moved:
        parts.append(f"moved {', '.join(outcome.moved)}")
    return ", ".join(parts)
