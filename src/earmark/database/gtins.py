"""What GTINs stand for, and the numbers that a scanned text may be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from earmark.core.gtins import ItemGtin
from earmark.core.tracking import Dimension
from earmark.database import schema
from earmark.database.engine import Session
from earmark.database.statements import MemberOf, Row, Statement

_GTIN = schema.item_gtin
_COLUMNS = ("gtin", "item_no", "variant_code", "unit")
_SELECT = sa.select(*(_GTIN.c[name] for name in _COLUMNS)).order_by(_GTIN.c.item_no, _GTIN.c.gtin)
_ALL = Statement(_SELECT)
_SOME = Statement(_SELECT.where(MemberOf(_GTIN.c.gtin, "gtins")))
_DELETE = Statement(sa.delete(_GTIN).where(MemberOf(_GTIN.c.gtin, "gtins")))
_RECORD = schema.number_record
_NUMBERED = Statement(
    sa.select(_RECORD.c.item_no, _RECORD.c.dimension)
    .where(_RECORD.c.number == sa.bindparam("number"), _RECORD.c.until.is_(None))
    .order_by(_RECORD.c.item_no, _RECORD.c.dimension)
    .limit(sa.bindparam("limit"))
)


def everything(session: Session) -> list[ItemGtin]:
    """Every GTIN, by item."""
    return [_gtin(row) for row in session.rows(_ALL)]


def some(session: Session, gtins: Iterable[str]) -> list[ItemGtin]:
    """These GTINs, as far as they are known."""
    wanted = sorted(set(gtins))
    return [_gtin(row) for row in session.rows(_SOME, gtins=wanted)] if wanted else []


def _gtin(row: Row) -> ItemGtin:
    gtin, item_no, variant_code, unit = row
    return ItemGtin(gtin=gtin, item_no=item_no, variant_code=variant_code, unit=unit)


def save(session: Session, gtins: Sequence[ItemGtin]) -> None:
    """Enter GTINs, or replace what they stood for."""
    named = {gtin.gtin: gtin for gtin in gtins}
    forget(session, named)
    rows = [tuple(getattr(gtin, name) for name in _COLUMNS) for gtin in named.values()]
    session.insert(_GTIN, _COLUMNS, rows)


def forget(session: Session, gtins: Iterable[str]) -> None:
    """GTINs stand for nothing any more."""
    wanted = sorted(set(gtins))
    if wanted:
        session.run(_DELETE, gtins=wanted)


def numbered(session: Session, number: str, limit: int) -> list[tuple[str, Dimension]]:
    """The items that have a lot, serial or package of this number."""
    rows = session.rows(_NUMBERED, number=number, limit=limit)
    return [(item_no, Dimension(dimension)) for item_no, dimension in rows]
