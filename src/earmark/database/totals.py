"""What there is of one item in all stays within what the databases can add up."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from earmark.core.quantity import LARGEST, SCALE, ZERO
from earmark.core.stock import Line, Supply
from earmark.database import schema
from earmark.database.engine import Session
from earmark.database.statements import Statement
from earmark.errors import QuantityInvalid

_LINE, _SUPPLY = schema.document_line, schema.supply
NOTICED = LARGEST / 1_000_000
"""Smaller quantities are not added up: a hundred million rows of them would be within bounds."""


def _whole(column: sa.ColumnElement[object]) -> sa.ColumnElement[int]:
    """The sum of a quantity's whole units, which is small enough to be added up."""
    number = sa.type_coerce(column, sa.BigInteger)
    return sa.func.coalesce(sa.func.sum(number // SCALE, type_=sa.BigInteger), 0)


_IN_ALL = Statement(
    sa.select(
        sa.select(_whole(_SUPPLY.c.quantity))
        .where(_SUPPLY.c.item_no == sa.bindparam("item_no"))
        .scalar_subquery(),
        sa.select(_whole(_LINE.c.quantity - _LINE.c.posted))
        .where(
            _LINE.c.item_no == sa.bindparam("item_no"),
            _LINE.c.is_deleted.is_(sa.false()),
            _LINE.c.is_demand.is_(sa.true()),
        )
        .scalar_subquery(),
    )
)


def check(session: Session, supplies: Iterable[Supply], lines: Iterable[Line]) -> None:
    """Refuse what would be more of an item, in stock and on order or asked for, than is kept."""
    large = {s.key.item_no: s.quantity for s in supplies if s.quantity >= NOTICED}
    large |= {x.key.item_no: x.quantity for x in lines if x.outstanding >= NOTICED}
    for item_no, quantity in large.items():
        there = max(int(total) for total in session.rows(_IN_ALL, item_no=item_no)[0])
        if there > LARGEST:
            left = max(LARGEST - (there - quantity), ZERO)
            why = f"the most is {left:f}, for there can be {LARGEST:f} of item {item_no} in all"
            raise QuantityInvalid(what="Quantity", quantity=quantity, why=why)
