"""What is open or in stock and depends on set-up: the first line, or the first goods, of a kind."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from earmark.database import schema
from earmark.database.engine import Session
from earmark.database.statements import Statement

_LINE, _SUPPLY = schema.document_line, schema.supply


def _open(*conditions: sa.ColumnElement[bool]) -> Statement:
    """The first open line of an item; each condition narrows it."""
    return Statement(
        sa.select(_LINE.c.line, _LINE.c.quantity)
        .where(
            _LINE.c.item_no == sa.bindparam("item_no"),
            _LINE.c.is_deleted.is_(sa.false()),
            _LINE.c.quantity > _LINE.c.posted,
            _LINE.c.status != "finished",
            *conditions,
        )
        .order_by(_LINE.c.document_no, _LINE.c.position, _LINE.c.component)
        .limit(1)
    )


def _in_stock(*conditions: sa.ColumnElement[bool]) -> Statement:
    """The first goods of an item in stock; each condition narrows them."""
    return Statement(
        sa.select(_SUPPLY.c.supply_no, _SUPPLY.c.location_code, _SUPPLY.c.quantity)
        .where(
            _SUPPLY.c.item_no == sa.bindparam("item_no"),
            _SUPPLY.c.kind == "stock",
            _SUPPLY.c.quantity > sa.literal(Decimal(0), schema.Quantity),
            *conditions,
        )
        .order_by(_SUPPLY.c.supply_no)
        .limit(1)
    )


def _is(column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    return column == sa.bindparam(column.key, type_=column.type)


def _off(column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Whether a quantity is no whole number of steps."""
    number = sa.type_coerce(column, sa.BigInteger)
    return number % sa.bindparam("step", type_=sa.BigInteger) != 0


_LINES = {
    "": _open(),
    "unit": _open(_is(_LINE.c.unit)),
    "variant_code": _open(_is(_LINE.c.variant_code)),
    "step": _open(sa.or_(_off(_LINE.c.quantity), _off(_LINE.c.posted), _off(_LINE.c.reserved))),
}
_GOODS = {
    "": _in_stock(),
    "variant_code": _in_stock(_is(_SUPPLY.c.variant_code)),
    "step": _in_stock(sa.or_(_off(_SUPPLY.c.quantity), _off(_SUPPLY.c.reserved))),
}


def line_of(session: Session, item_no: str, **which: str | int) -> tuple[str, Decimal] | None:
    """The first open line of an item in a unit, of a variant or off a step, with its quantity."""
    rows = session.rows(_LINES[next(iter(which), "")], item_no=item_no, **which)
    return (rows[0][0], rows[0][1]) if rows else None


def goods_of(session: Session, item_no: str, **which: str | int) -> tuple[str, str, Decimal] | None:
    """The first goods of an item in stock, of a variant or off a step: name, place, quantity."""
    rows = session.rows(_GOODS[next(iter(which), "")], item_no=item_no, **which)
    return (f"{item_no}#{rows[0][0]}", rows[0][1], rows[0][2]) if rows else None
