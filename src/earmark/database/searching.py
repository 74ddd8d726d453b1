"""Finding records by the beginning of their number, or by a part of it.

Beginnings are looked up in indexes, item by item for lots, serials and packages, so that a million
serial numbers are searched as fast as ten. A part of a number or of a name is looked for among the
last few thousand records only: what one looks for in the middle is nearly always recent.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from earmark.database import schema
from earmark.database.engine import Session
from earmark.database.shelf import OF_WHAT_STANDS
from earmark.database.statements import MemberOf, Row, Statement

_AMONG = 5_000
"""How many records are read at the most to find a part of a number."""

_HIGHEST = "\uffff"
"""After every letter that a number can go on with."""

_ITEM, _CODE, _RECORD = schema.item, schema.tracking_code, schema.number_record
_DOCUMENT, _LINE, _CUSTOMER = schema.document, schema.document_line, schema.customer


def _begins(column: sa.Column[str]) -> sa.ColumnElement[bool]:
    return sa.and_(column >= sa.bindparam("first"), column < sa.bindparam("last"))


_TRACKED_ITEMS = Statement(
    sa.select(_ITEM.c.item_no, _CODE.c.specific, _CODE.c.required).join(
        _CODE, _CODE.c.tracking_code == _ITEM.c.tracking_code
    )
)
_NUMBERS_BEGIN = Statement(
    sa.select(_RECORD.c.item_no, _RECORD.c.dimension, _RECORD.c.number)
    .where(
        MemberOf(_RECORD.c.item_no, "items"),
        _RECORD.c.dimension == sa.bindparam("dimension"),
        _begins(_RECORD.c.number),
        _RECORD.c.until.is_(None),
    )
    .limit(sa.bindparam("limit"))
)
_DOCUMENTS_BEGIN = Statement(
    sa.select(_DOCUMENT.c.document_no, _DOCUMENT.c.kind, _DOCUMENT.c.description)
    .where(_DOCUMENT.c.is_deleted.is_(sa.false()), _begins(_DOCUMENT.c.document_no))
    .order_by(_DOCUMENT.c.document_no)
    .limit(sa.bindparam("limit"))
)
_LINES_BEGIN = Statement(
    sa.select(_LINE.c.line, _LINE.c.item_no, _LINE.c.kind)
    .where(_LINE.c.is_deleted.is_(sa.false()), _begins(_LINE.c.line))
    .order_by(_LINE.c.line)
    .limit(sa.bindparam("limit"))
)


def _holds(
    table: sa.Table, columns: tuple[sa.Column[str], ...], *where: sa.ColumnElement[bool]
) -> Statement:
    """The newest records of a table, of these those of which a column holds a text somewhere."""
    key = next(iter(table.primary_key))
    some = sa.select(*columns).where(*where).order_by(key.desc()).limit(_AMONG).subquery()
    fits = [sa.func.lower(some.c[c.name]).like(sa.bindparam("part"), escape="\\") for c in columns]
    return Statement(sa.select(some).where(sa.or_(*fits)).limit(sa.bindparam("limit")))


_DOCUMENTS_HOLD = _holds(
    _DOCUMENT,
    (_DOCUMENT.c.document_no, _DOCUMENT.c.kind, _DOCUMENT.c.description),
    _DOCUMENT.c.is_deleted.is_(sa.false()),
)
_ITEMS_HOLD = _holds(_ITEM, (_ITEM.c.item_no, _ITEM.c.description))
_CUSTOMERS_HOLD = _holds(_CUSTOMER, (_CUSTOMER.c.customer_no, _CUSTOMER.c.name))
_NUMBERS_HOLD = _holds(
    _RECORD,
    (_RECORD.c.item_no, _RECORD.c.dimension, _RECORD.c.number),
    _RECORD.c.until.is_(None),
)


def _written(text: str) -> Iterator[dict[str, str]]:
    """A beginning in capitals, in which most numbers are, and as it was typed."""
    for first in dict.fromkeys((text.upper(), text)):
        yield {"first": first, "last": first + _HIGHEST}


def _part(text: str) -> str:
    escaped = text.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _found(session: Session, statement: Statement, text: str, limit: int) -> list[Row]:
    for given in _written(text):
        rows = session.rows(statement, limit=limit, **given)
        if rows:
            return rows
    return []


def documents(session: Session, text: str, limit: int) -> list[Row]:
    """Documents that begin with a text, then those that hold it: number, kind, description."""
    first = _found(session, _DOCUMENTS_BEGIN, text, limit)
    rest = session.rows(_DOCUMENTS_HOLD, part=_part(text), limit=limit)
    return list(dict.fromkeys([*first, *rest]))[:limit]


def lines(session: Session, text: str, limit: int) -> list[Row]:
    """Lines that begin with a text: reference, item, kind."""
    return _found(session, _LINES_BEGIN, text, limit)


def items(session: Session, text: str, limit: int) -> list[Row]:
    """Items of which number or description holds a text."""
    return session.rows(_ITEMS_HOLD, part=_part(text), limit=limit)


def customers(session: Session, text: str, limit: int) -> list[Row]:
    """Customers of whom number or name holds a text."""
    return session.rows(_CUSTOMERS_HOLD, part=_part(text), limit=limit)


def numbers(session: Session, text: str, limit: int) -> list[Row]:
    """Lots, serials and packages that begin with a text, else that hold it: item, sort, number."""
    tracked = session.rows(_TRACKED_ITEMS)
    found: list[Row] = []
    for given in _written(text):
        for dimension in ("lot", "package", "serial"):
            of = [row[0] for row in tracked if dimension in f"{row[1]} {row[2]}".split()]
            if of and len(found) < limit:
                found += session.rows(
                    _NUMBERS_BEGIN, items=of, dimension=dimension, limit=limit, **given
                )
        if found:
            break
    if len(found) < limit:
        held = session.rows(_NUMBERS_HOLD, part=_part(text), limit=4 * limit)
        found += [row for row in held if text.lower() in row[2].lower() and row not in found]
    return found[:limit]


_SUPPLY, _ENTRY = schema.supply, schema.reservation_entry
_UNDER = {
    dimension: Statement(
        sa.select(
            _SUPPLY.c.supply_no, _SUPPLY.c.quantity, _SUPPLY.c.location_code, _SUPPLY.c.source
        )
        .where(
            _SUPPLY.c.item_no == sa.bindparam("item_no"),
            _SUPPLY.c[f"{dimension}_no"] == sa.bindparam("number"),
            _SUPPLY.c[f"{dimension}_no"] != sa.literal_column("''"),
            _SUPPLY.c.quantity > sa.literal_column("0"),
        )
        .limit(100)
    )
    for dimension in ("lot", "serial", "package")
}
_HOLDERS = Statement(
    sa.select(_ENTRY.c.line)
    .with_hint(_ENTRY, OF_WHAT_STANDS, "sqlite")
    .where(
        _ENTRY.c.item_no == sa.bindparam("item_no"),
        MemberOf(_ENTRY.c.supply_no, "supply_nos"),
        _ENTRY.c.until.is_(None),
    )
    .distinct()
    .limit(4)
)


def under(session: Session, item_no: str, dimension: str, number: str) -> list[Row]:
    """The open supply under a number: its no., quantity, location and document line."""
    return session.rows(_UNDER[dimension], item_no=item_no, number=number)


def holders(session: Session, item_no: str, supply_nos: list[int]) -> tuple[str, ...]:
    """Who holds something of these supplies, a few of them."""
    if not supply_nos:
        return ()
    rows = session.rows(_HOLDERS, item_no=item_no, supply_nos=supply_nos)
    return tuple(sorted(row[0] for row in rows))
