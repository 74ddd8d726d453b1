"""History as rows: which commands touched what, and the rows that they changed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from earmark.core.changes import ChangeKind, ChangeRow, Facts, HistoryFilter
from earmark.core.stock import Line
from earmark.database import catalog, concerning, ledger, lines, schema, shelf, stock
from earmark.database.engine import Session
from earmark.database.history import done_at, given_id, to_micros
from earmark.database.statements import MemberOf, Row, Statement
from earmark.database.traces import items_of, references_in, undoes

_COMMAND = schema.command
_RESERVED = schema.reservation_entry
_VERSION, _TRACKING = schema.document_line_version, schema.tracking_line
_LEDGER = schema.ledger_entry

POSTINGS = ("ship", "receive", "consume", "output", "adjust", "reclassify")
_LISTED = (
    "moment",
    "at",
    "by",
    "reason",
    "verb",
    "reference",
    "request_id",
    "content",
    "outcome",
)
_COLUMNS = [_COMMAND.c[c] for c in _LISTED]
_OF_KIND: dict[ChangeKind | None, tuple[sa.ColumnElement[bool], ...]] = {
    None: (),
    ChangeKind.MOVES: (
        sa.or_(_COMMAND.c.outcome.like('%"moves":[%'), _COMMAND.c.verb == "repair"),
    ),
    ChangeKind.RELEASES: (
        sa.or_(
            _COMMAND.c.outcome.like('%"releases":[%'),
            *(_COMMAND.c.verb == verb for verb in ("cancel", "change", "delete")),
        ),
    ),
    ChangeKind.POSTINGS: (sa.or_(*(_COMMAND.c.verb == verb for verb in POSTINGS)),),
}


def _page(*conditions: sa.ColumnElement[bool]) -> Statement:
    return Statement(
        sa.select(*_COLUMNS)
        .where(
            _COMMAND.c.moment < sa.bindparam("before"),
            sa.or_(sa.bindparam("by") == "", _COMMAND.c.by == sa.bindparam("by")),
            *conditions,
        )
        .order_by(_COMMAND.c.moment.desc())
        .limit(sa.bindparam("limit"))
    )


_LATEST = {kind: _page(*conditions) for kind, conditions in _OF_KIND.items()}
_AMONG = {
    kind: _page(MemberOf(_COMMAND.c.moment, "moments"), *conditions)
    for kind, conditions in _OF_KIND.items()
}


def page(session: Session, chosen: HistoryFilter, before: int, limit: int) -> list[Row]:
    """The commands that fit, before a moment, newest first."""
    given = {"before": before, "by": chosen.by, "limit": limit}
    if not (chosen.item_no or chosen.reference):
        return session.rows(_LATEST[chosen.kind], **given)
    moments = sorted(_moments(session, chosen))
    return session.rows(_AMONG[chosen.kind], moments=moments, **given)


# -- Which moments -----------------------------------------------------------------------------


def _moments(session: Session, chosen: HistoryFilter) -> set[int]:
    found: set[int] | None = None
    if chosen.item_no and chosen.numbers:
        found = concerning.of_numbers(session, chosen.item_no, chosen.numbers)
    elif chosen.item_no:
        found = concerning.of_item(session, chosen.item_no)
    if chosen.reference:
        of_line = concerning.of_line(session, chosen.reference)
        found = of_line if found is None else found & of_line
    return found or set()


# -- What they changed -------------------------------------------------------------------------

_TOUCHED = Statement(
    sa.select(*(_RESERVED.c[c] for c in shelf.ENTRY_COLUMNS), _RESERVED.c.until).where(
        _RESERVED.c.item_no == sa.bindparam("item_no"),
        sa.or_(MemberOf(_RESERVED.c.since, "moments"), MemberOf(_RESERVED.c.until, "moments")),
    )
)
_EVER = Statement(
    sa.select(*(_RESERVED.c[c] for c in shelf.ENTRY_COLUMNS), _RESERVED.c.until).where(
        _RESERVED.c.item_no == sa.bindparam("item_no"), MemberOf(_RESERVED.c.line, "lines")
    )
)
_VERSIONS = Statement(
    sa.select(_VERSION.c.line)
    .where(_VERSION.c.item_no == sa.bindparam("item_no"), MemberOf(_VERSION.c.since, "moments"))
    .distinct()
)
_TRACKED = Statement(
    sa.select(_TRACKING.c.line)
    .where(
        _TRACKING.c.item_no == sa.bindparam("item_no"),
        sa.or_(MemberOf(_TRACKING.c.since, "moments"), MemberOf(_TRACKING.c.until, "moments")),
    )
    .distinct()
)
_TRACKING_EVER = Statement(
    sa.select(
        _TRACKING.c.line,
        _TRACKING.c.since,
        sa.func.coalesce(_TRACKING.c.until, 0),
        _TRACKING.c.quantity,
    ).where(_TRACKING.c.item_no == sa.bindparam("item_no"), MemberOf(_TRACKING.c.line, "lines"))
)
_LEDGER_AT = Statement(ledger.SELECT.where(MemberOf(_LEDGER.c.moment, "moments")))


def facts(session: Session, commands: Sequence[Row], item_no: str) -> Facts:
    """The rows that these commands changed; of one item alone where it is named."""
    moments = [row[0] for row in commands]
    found = Facts()
    found.posted = [ledger.entry_from(r) for r in session.rows(_LEDGER_AT, moments=moments)]
    if item_no:
        found.posted = [entry for entry in found.posted if entry.key.item_no == item_no]
    named = {name for row in commands for name in _references(row)}
    for of_item in (item_no,) if item_no else items_of(session, named, found.posted):
        _add_reservations(session, found, of_item, moments)
        _add_lines(session, found, of_item, moments)
        found.records += catalog.records_around(session, of_item, moments)
    return found


def _references(row: Row) -> Iterable[str]:
    yield row[5]
    yield from references_in(json.loads(row[7]))
    yield from references_in(json.loads(row[8]))


def _add_reservations(session: Session, found: Facts, item_no: str, moments: list[int]) -> None:
    touched = [
        (shelf.entry_from(row[:-1]), row[-1] or 0)
        for row in session.rows(_TOUCHED, item_no=item_no, moments=moments)
    ]
    found.entries += [(item_no, entry, until) for entry, until in touched]
    names = sorted({entry.slot.line for entry, _ in touched})
    for row in session.rows(_EVER, item_no=item_no, lines=names) if names else ():
        entry = shelf.entry_from(row[:-1])
        found.ever.setdefault(entry.slot.line, []).append((entry, row[-1] or 0))
    numbers = sorted({entry.slot.supply_no for entry, _ in touched})
    for supply in stock.some(session, item_no, numbers):
        found.supplies[item_no, supply.supply_no] = supply


def _add_lines(session: Session, found: Facts, item_no: str, moments: list[int]) -> None:
    changed = [r[0] for r in session.rows(_VERSIONS, item_no=item_no, moments=moments)]
    for since, line in lines.all_versions(session, item_no, changed):
        versions: list[tuple[int, Line]] = found.versions.setdefault(line.line, [])
        versions.append((since, line))
    tracked = [r[0] for r in session.rows(_TRACKED, item_no=item_no, moments=moments)]
    rows: list[Any] = session.rows(_TRACKING_EVER, item_no=item_no, lines=tracked)
    for line_no, since, until, quantity in rows:
        assert isinstance(quantity, Decimal), "a quantity is exact"
        found.tracked.setdefault(line_no, []).append((since, until, quantity))


def row_from(row: Row, undone: dict[int, int]) -> ChangeRow:
    """A command as its row says, without what it changed."""
    moment, at, by, reason, verb, reference, request_id, content, _ = row
    return ChangeRow(
        moment=moment,
        at=done_at(at),
        by=by,
        verb=verb,
        reference=reference,
        reason=reason,
        request_id=given_id(request_id),
        undone_by=undone.get(moment, 0),
        undoes=undoes(content) if verb == "undo" else 0,
    )


# -- How many, when ----------------------------------------------------------------------------

_SLOT_NO = (_COMMAND.c.at - sa.bindparam("start", type_=sa.BigInteger)) // sa.bindparam(
    "slot", type_=sa.BigInteger
)
_PER_SLOT = Statement(
    sa.select(sa.type_coerce(_SLOT_NO, sa.BigInteger), sa.func.count())
    .where(_COMMAND.c.at >= sa.bindparam("start"), _COMMAND.c.at < sa.bindparam("end"))
    .group_by(sa.text("1"))
)


def per_slot(session: Session, start: datetime, end: datetime, slot_seconds: int) -> dict[int, int]:
    """How many commands fell into each slot of time since ``start``, where there were any."""
    rows = session.rows(
        _PER_SLOT, start=to_micros(start), end=to_micros(end), slot=slot_seconds * 1_000_000
    )
    return {int(slot): count for slot, count in rows}
