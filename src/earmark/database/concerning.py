"""Which commands concern a line, an item or a number: their moments, found by the rows they wrote.

Every row says since when and until when it stood, and so names the commands that wrote and ended
it. An appeal alone has an answer that leaves no row: when it is undone the appeal waits again. Such
answers are found by the commands that undid them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from earmark.core.references import places
from earmark.core.tracking import Numbers
from earmark.database import schema, traces
from earmark.database.engine import Session
from earmark.database.statements import MemberOf, PairIn, Statement, pairs

_COMMAND, _APPEAL = schema.command, schema.appeal
_RESERVED, _SUPPLY = schema.reservation_entry, schema.supply
_VERSION, _TRACKING = schema.document_line_version, schema.tracking_line
_LEDGER, _RECORD = schema.ledger_entry, schema.number_record

_SAME_SUPPLY = sa.and_(
    _SUPPLY.c.item_no == _RESERVED.c.item_no, _SUPPLY.c.supply_no == _RESERVED.c.supply_no
)


def of_line(session: Session, line: str) -> set[int]:
    """The commands that touched a document or a line, or asked for what it holds."""
    found = _lines(session, line)
    moments: set[int] = set()
    if found:
        moments = {row[0] for row in session.rows(_OF_LINES, **pairs("of", list(found)))}
    supplying = [name for name, is_demand in found.items() if not is_demand]
    if supplying:
        moments |= {row[0] for row in session.rows(_OF_SOURCES, **pairs("of", supplying))}
    names = sorted({line, *(name for _, name in found)})
    return moments | _of_appeals(session, _APPEALS_OF_LINES, {"lines": names})


def _lines(session: Session, ref: str) -> dict[tuple[str, str], bool]:
    """Item and name of a line, of its components, or of all lines of a document; whether demand.

    A line is never deleted for good, so they are all there ever were.
    """
    named = session.rows(_PLACE, ref=ref)
    document_no = named[0][0] if named else places(ref)[0].document_no
    rows = session.rows(_OF_DOCUMENT, document_no=document_no)
    whole_line = {row[1] for row in named if not row[2]}
    return {
        (item_no, line): is_demand
        for item_no, line, is_demand, position in rows
        if not named or line == ref or position in whole_line
    }


def of_item(session: Session, item_no: str) -> set[int]:
    """The commands that touched an item."""
    return _found(session, _OF_ITEM, _APPEALS_OF_ITEM, {"item_no": item_no})


def of_numbers(session: Session, item_no: str, numbers: Numbers) -> set[int]:
    """The commands that touched goods of an item under these numbers, or asked for them."""
    named = (numbers.lot_no, numbers.serial_no, numbers.package_no)
    about = {
        "item_no": item_no,
        "lot_no": numbers.lot_no,
        "serial_no": numbers.serial_no,
        "package_no": numbers.package_no,
    }
    some = [number for number in named if number]
    return _found(session, _OF_NUMBERS, _APPEALS_OF_NUMBERS, about, numbers=some)


def _found(
    session: Session,
    written: Statement,
    asked: Statement,
    about: dict[str, str],
    **more: list[str],
) -> set[int]:
    rows = session.rows(written, **about, **more)
    return {row[0] for row in rows} | _of_appeals(session, asked, about)


# -- Of a line ---------------------------------------------------------------------------------


_LINE = schema.document_line
_PLACE = Statement(
    sa.select(_LINE.c.document_no, _LINE.c.position, _LINE.c.component).where(
        _LINE.c.line == sa.bindparam("ref")
    )
)
_OF_DOCUMENT = Statement(
    sa.select(_LINE.c.item_no, _LINE.c.line, _LINE.c.is_demand, _LINE.c.position).where(
        _LINE.c.document_no == sa.bindparam("document_no")
    )
)


def _touching(column: sa.Column[int], table: sa.Table) -> sa.Select[int]:
    of = PairIn(table.c.item_no, table.c.line, name="of")
    return sa.select(column).where(of, column.is_not(None))


def _touching_supply(column: sa.Column[int]) -> sa.Select[int]:
    of = PairIn(_SUPPLY.c.item_no, _SUPPLY.c.source, name="of")
    named = _SUPPLY.c.source != sa.literal_column("''")  # lets the partial index be used
    return (
        sa.select(column)
        .select_from(_RESERVED.join(_SUPPLY, _SAME_SUPPLY))
        .where(of, named, column.is_not(None))
    )


_OF_LINES = Statement(
    sa.union(
        _touching(_RESERVED.c.since, _RESERVED),
        _touching(_RESERVED.c.until, _RESERVED),
        _touching(_VERSION.c.since, _VERSION),
        _touching(_TRACKING.c.since, _TRACKING),
        _touching(_TRACKING.c.until, _TRACKING),
        _touching(_LEDGER.c.moment, _LEDGER),
    )
)
_OF_SOURCES = Statement(
    sa.union(_touching_supply(_RESERVED.c.since), _touching_supply(_RESERVED.c.until))
)


# -- Of an item, and of its numbers ------------------------------------------------------------


def _of_item(column: sa.Column[int], table: sa.Table) -> sa.Select[int]:
    return sa.select(column).where(table.c.item_no == sa.bindparam("item_no"), column.is_not(None))


_OF_ITEM = Statement(
    sa.union(
        _of_item(_RESERVED.c.since, _RESERVED),
        _of_item(_RESERVED.c.until, _RESERVED),
        _of_item(_VERSION.c.since, _VERSION),
        _of_item(_TRACKING.c.since, _TRACKING),
        _of_item(_TRACKING.c.until, _TRACKING),
        _of_item(_LEDGER.c.moment, _LEDGER),
        _of_item(_RECORD.c.since, _RECORD),
    )
)


def _named(table: sa.Table) -> sa.ColumnElement[bool]:
    return sa.and_(
        *(
            sa.or_(sa.bindparam(column) == "", table.c[column] == sa.bindparam(column))
            for column in ("lot_no", "serial_no", "package_no")
        )
    )


def _of_number(column: sa.Column[int], table: sa.Table) -> sa.Select[int]:
    return _of_item(column, table).where(_named(table))


def _on_number(column: sa.Column[int]) -> sa.Select[int]:
    held = sa.select(column).select_from(_SUPPLY.join(_RESERVED, _SAME_SUPPLY))
    of_item = _SUPPLY.c.item_no == sa.bindparam("item_no")
    return held.where(of_item, _named(_SUPPLY), column.is_not(None))


_OF_NUMBERS = Statement(
    sa.union(
        _on_number(_RESERVED.c.since),
        _on_number(_RESERVED.c.until),
        _of_number(_TRACKING.c.since, _TRACKING),
        _of_number(_TRACKING.c.until, _TRACKING),
        _of_number(_LEDGER.c.moment, _LEDGER),
        _of_item(_RECORD.c.since, _RECORD).where(MemberOf(_RECORD.c.number, "numbers")),
    )
)


# -- Of appeals --------------------------------------------------------------------------------

_ASKED = sa.select(_APPEAL.c.since, _APPEAL.c.until)
_IS_OF_ITEM = _APPEAL.c.item_no == sa.bindparam("item_no")
_APPEALS_OF_LINES = Statement(
    _ASKED.where(sa.or_(MemberOf(_APPEAL.c.line, "lines"), MemberOf(_APPEAL.c.holder, "lines")))
)
_APPEALS_OF_ITEM = Statement(_ASKED.where(_IS_OF_ITEM))
_APPEALS_OF_NUMBERS = Statement(_ASKED.where(_IS_OF_ITEM, _named(_APPEAL)))
_ANSWERS = Statement(
    sa.select(_COMMAND.c.moment, _COMMAND.c.content).where(
        MemberOf(_COMMAND.c.moment, "moments"),
        sa.or_(*(_COMMAND.c.verb == verb for verb in ("give", "keep", "withdraw"))),
    )
)


def _of_appeals(session: Session, asked: Statement, about: Mapping[str, object]) -> set[int]:
    """The commands that made and answered appeals, and those that took an answer back."""
    rows: list[Any] = session.rows(asked, **about)
    made = {since for since, _ in rows}
    found = made | {until for _, until in rows if until}
    if not made:
        return found
    undone = traces.undos_since(session, min(made))
    found |= _answers_of(session, made, undone.values())
    for undo in sorted(undone):
        if undone[undo] in found:
            found.add(undo)
    return found


def _answers_of(session: Session, made: set[int], moments: Iterable[int]) -> set[int]:
    """Those of these commands that answered one of these appeals."""
    rows = session.rows(_ANSWERS, moments=sorted(set(moments)))
    return {moment for moment, content in rows if int(json.loads(content)[0]["appeal"]) in made}
