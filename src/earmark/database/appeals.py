"""Appeals as rows: written when somebody asks, ended when he is answered.

A row begins with the command that asked and ends with the one that answered; who did it, when and
why stands in those commands.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa

from earmark.core.appeals import Appeal, AppealState
from earmark.core.quantity import ZERO
from earmark.core.tracking import Numbers
from earmark.database import schema
from earmark.database.engine import Session
from earmark.database.history import from_micros
from earmark.database.statements import MemberOf, Row, Statement
from earmark.database.wire import outcomes_from_text

MOST = 500
"""Appeals that a list shows; older ones are found with their line."""

_APPEAL, _COMMAND = schema.appeal, schema.command
_ASKED = (
    "since",
    "item_no",
    "line",
    "holder",
    "by",
    "asked_of",
    "supply",
    "lot_no",
    "serial_no",
    "package_no",
    "quantity",
    "note",
)
_SELECT = sa.select(*(_APPEAL.c[name] for name in (*_ASKED, "until", "answer")))
_NEWEST_FIRST = _APPEAL.c.since.desc()
_WAITS = _APPEAL.c.until.is_(None)


def _filtered(
    *conditions: sa.ColumnElement[bool], first: sa.ColumnElement[Any] = _NEWEST_FIRST
) -> Statement:
    """Appeals that fit, in order; what is empty chooses nothing away."""
    chosen = (
        sa.or_(sa.bindparam(name) == "", _APPEAL.c[name] == sa.bindparam(name))
        for name in ("by", "asked_of")
    )
    return Statement(
        _SELECT.where(*conditions, *chosen).order_by(first).limit(sa.bindparam("limit"))
    )


_ONE = Statement(_SELECT.where(_APPEAL.c.since == sa.bindparam("moment")))
_TOUCHED = Statement(
    _SELECT.where(
        sa.or_(_APPEAL.c.since == sa.bindparam("moment"), _APPEAL.c.until == sa.bindparam("moment"))
    )
)
_WAITING = _filtered(_WAITS)
_ANSWERED = _filtered(_APPEAL.c.until.is_not(None), first=_APPEAL.c.until.desc())
_OF_LINE = _filtered(_APPEAL.c.line == sa.bindparam("line"))
_OF_LINES = Statement(
    _SELECT.where(
        _WAITS,
        _APPEAL.c.item_no == sa.bindparam("item_no"),
        _APPEAL.c.line == sa.bindparam("line"),
        _APPEAL.c.holder == sa.bindparam("holder"),
    )
)
_END = Statement(
    sa.update(_APPEAL)
    .where(
        _APPEAL.c.item_no == sa.bindparam("v_item_no"), _APPEAL.c.since == sa.bindparam("v_since")
    )
    .values(
        until=sa.bindparam("v_until", type_=sa.BigInteger),
        answer=sa.bindparam("v_answer"),
    )
)
_TOLD = Statement(
    sa.select(*(_COMMAND.c[c] for c in ("moment", "at", "by", "reason", "outcome"))).where(
        MemberOf(_COMMAND.c.moment, "moments")
    )
)


# -- Writing -----------------------------------------------------------------------------------


def insert(session: Session, appeal: Appeal) -> None:
    """Somebody asks."""
    numbers = appeal.numbers
    row = (
        appeal.moment,
        appeal.item_no,
        appeal.line,
        appeal.holder,
        appeal.by,
        appeal.asked_of,
        appeal.supply,
        numbers.lot_no,
        numbers.serial_no,
        numbers.package_no,
        appeal.quantity,
        appeal.note,
    )
    session.insert(_APPEAL, _ASKED, [row])


def end(session: Session, appeal: Appeal, moment: int, answer: AppealState) -> None:
    """It is answered."""
    session.tell(
        _END,
        v_item_no=appeal.item_no,
        v_since=appeal.moment,
        v_until=moment,
        v_answer=answer.value,
    )


def reopen(session: Session, appeal: Appeal) -> None:
    """The answer is taken back: it waits again."""
    session.tell(_END, v_item_no=appeal.item_no, v_since=appeal.moment, v_until=None, v_answer="")


# -- Reading -----------------------------------------------------------------------------------


def one(session: Session, moment: int) -> Appeal | None:
    """The appeal that was made at a moment."""
    rows = session.rows(_ONE, moment=moment)
    return _appeal(rows[0]) if rows else None


def touched_at(session: Session, moment: int) -> list[Appeal]:
    """The appeals that were made or answered at a moment."""
    return [_appeal(row) for row in session.rows(_TOUCHED, moment=moment)]


def like(session: Session, appeal: Appeal) -> list[Appeal]:
    """What waits for an answer and asks for the same as this one."""
    of = {"item_no": appeal.item_no, "line": appeal.line, "holder": appeal.holder}
    waiting = (_appeal(row) for row in session.rows(_OF_LINES, **of))
    return [other for other in waiting if other.is_like(appeal)]


def of_line(session: Session, line: str, *, by: str, asked_of: str) -> list[Appeal]:
    """What was asked for a line, newest first."""
    rows = session.rows(_OF_LINE, line=line, by=by, asked_of=asked_of, limit=MOST)
    return [_appeal(row) for row in rows]


def waiting(session: Session, *, by: str, asked_of: str) -> list[Appeal]:
    """What waits for an answer, newest first."""
    rows = session.rows(_WAITING, by=by, asked_of=asked_of, limit=MOST)
    return [_appeal(row) for row in rows]


def answered(session: Session, *, by: str, asked_of: str) -> list[Appeal]:
    """What was answered, the newest answer first."""
    rows = session.rows(_ANSWERED, by=by, asked_of=asked_of, limit=MOST)
    return [_appeal(row) for row in rows]


class Told(NamedTuple):
    """When, by whom and why a command was given, and what was reserved by it."""

    at: datetime | None
    by: str
    reason: str
    reserved: Decimal


NOTHING_TOLD = Told(None, "", "", ZERO)


def told_of(session: Session, moments: Iterable[int]) -> dict[int, Told]:
    """What history says of the commands that asked and answered at these moments."""
    return {
        moment: Told(from_micros(at), by, reason, outcomes_from_text(outcome)[0].reserved)
        for moment, at, by, reason, outcome in session.rows(_TOLD, moments=sorted(set(moments)))
    }


def _appeal(row: Row) -> Appeal:
    since, item_no, line, holder, by, asked_of, supply, lot, serial, package, *rest = row
    quantity, note, until, answer = rest
    return Appeal(
        moment=since,
        item_no=item_no,
        line=line,
        holder=holder,
        by=by,
        asked_of=asked_of,
        supply=supply,
        numbers=Numbers(lot, serial, package),
        quantity=quantity,
        note=note,
        until=until or 0,
        answer=AppealState(answer or AppealState.WAITING),
    )
