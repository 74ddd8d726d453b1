"""What the totals of the tables still count, though its time has run out: holds that have ended.

A hold ends by itself, without anybody writing it down; the next command for its stock key does.
Until then whoever reads a stored total takes these off.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from earmark.database import schema
from earmark.database.engine import Session
from earmark.database.history import to_micros

_ENTRY, _SUPPLY, _LINE = schema.reservation_entry, schema.supply, schema.document_line
_NOW: sa.BindParameter[int] = sa.bindparam("now", type_=sa.BigInteger)

STANDS = sa.and_(
    _ENTRY.c.until.is_(None),
    sa.or_(_ENTRY.c.hold_until == sa.literal_column("0"), _ENTRY.c.hold_until > _NOW),
)
"""A reservation entry that still stands at ``:now``."""

_HAS_ENDED = sa.and_(
    _ENTRY.c.until.is_(None),
    _ENTRY.c.hold_until > sa.literal_column("0"),  # lets the partial index be used
    _ENTRY.c.hold_until <= _NOW,
)


def _ended(of: sa.Table, *same: sa.ColumnElement[bool]) -> sa.ColumnElement[Any]:
    total = sa.func.coalesce(sa.func.sum(sa.type_coerce(_ENTRY.c.quantity, sa.BigInteger())), 0)
    found = sa.select(sa.cast(total, sa.BigInteger())).where(_HAS_ENDED, *same)
    return found.correlate(of).scalar_subquery()


_OF_SUPPLY = _ended(
    _SUPPLY, _ENTRY.c.item_no == _SUPPLY.c.item_no, _ENTRY.c.supply_no == _SUPPLY.c.supply_no
)
_OF_LINE = _ended(_LINE, _ENTRY.c.item_no == _LINE.c.item_no, _ENTRY.c.line == _LINE.c.line)

# What is held is not nonspecific, so most supplies need not be looked at.
_MAY_HOLD = _SUPPLY.c.reserved > _SUPPLY.c.nonspecific

RESERVED_OF_SUPPLY = sa.type_coerce(
    sa.type_coerce(_SUPPLY.c.reserved, sa.BigInteger()) - sa.case((_MAY_HOLD, _OF_SUPPLY), else_=0),
    schema.Quantity,
)
"""What is reserved of a supply at ``:now``."""

RESERVED_OF_LINE = sa.type_coerce(
    sa.type_coerce(_LINE.c.reserved, sa.BigInteger()) - _OF_LINE, schema.Quantity
)
"""What a line has reserved at ``:now``."""


def now(session: Session) -> int:
    """The value of ``:now``: the time at which a session looks."""
    return to_micros(session.at)
