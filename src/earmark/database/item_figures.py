"""The figures of all items at once, summed by the database: for the list of items."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from earmark.core.stock import STOCK
from earmark.database import schema
from earmark.database.ended_holds import RESERVED_OF_LINE, RESERVED_OF_SUPPLY, now
from earmark.database.engine import Session
from earmark.database.statements import Row, Statement

_SUPPLY, _LINE = schema.supply, schema.document_line
_IN_STOCK = _SUPPLY.c.kind == STOCK
_BLOCKED = _SUPPLY.c.is_blocked.is_(sa.true())
_EXPIRED = _SUPPLY.c.expiration_date < sa.bindparam("work_date")


def _sum(column: sa.ColumnElement[Any], when: sa.ColumnElement[bool]) -> sa.ColumnElement[object]:
    return sa.func.sum(sa.case((when, column), else_=0), type_=schema.Quantity)


def _here(column: sa.Column[str]) -> sa.ColumnElement[bool]:
    wanted: sa.BindParameter[str] = sa.bindparam("location_code")
    return sa.or_(wanted == "", column == wanted)


_USABLE = sa.and_(_IN_STOCK, ~_BLOCKED, ~_EXPIRED)
_SUPPLIES = Statement(
    sa.select(
        _SUPPLY.c.item_no,
        _sum(_SUPPLY.c.quantity, _IN_STOCK),
        _sum(RESERVED_OF_SUPPLY, _USABLE),
        _sum(_SUPPLY.c.quantity, sa.and_(_IN_STOCK, _BLOCKED)),
        _sum(_SUPPLY.c.quantity - RESERVED_OF_SUPPLY, _USABLE),
        _sum(_SUPPLY.c.quantity, ~_IN_STOCK),
    )
    .where(_SUPPLY.c.quantity > sa.literal_column("0"), _here(_SUPPLY.c.location_code))
    .group_by(_SUPPLY.c.item_no)
)
_OPEN = Statement(
    sa.select(
        _LINE.c.item_no,
        sa.func.sum(_LINE.c.quantity - _LINE.c.posted - RESERVED_OF_LINE, type_=schema.Quantity),
    )
    .where(
        _LINE.c.is_demand.is_(sa.true()),
        _LINE.c.is_deleted.is_(sa.false()),
        _LINE.c.takes_part.is_(sa.true()),
        _LINE.c.quantity > _LINE.c.posted,
        _here(_LINE.c.location_code),
    )
    .group_by(_LINE.c.item_no)
)


def supplies(session: Session, location_code: str, work_date: date) -> dict[str, Row]:
    """By item: inventory, of it reserved, blocked and available, and what is inbound."""
    rows = session.rows(
        _SUPPLIES, location_code=location_code, work_date=work_date, now=now(session)
    )
    return {row[0]: row[1:] for row in rows}


def open_quantities(session: Session, location_code: str) -> dict[str, Row]:
    """By item: what is needed and not reserved."""
    return {r[0]: r[1:] for r in session.rows(_OPEN, location_code=location_code, now=now(session))}
