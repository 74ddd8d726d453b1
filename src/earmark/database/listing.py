"""Lists that are read page by page, filtered and in a chosen order, however long they are.

A page begins after the last row of the one before, by the values of the order's columns and of the
key that tells equals apart (keyset paging): it costs the same on the thousandth page as on the
first, and what is entered or deleted meanwhile shifts nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa

from earmark.core.quantity import ZERO
from earmark.database import catalog, schema
from earmark.database.engine import Session
from earmark.database.schema import FAR
from earmark.database.statements import Row, Statement

_DOCUMENT, _LINE, _SUPPLY = schema.document, schema.document_line, schema.supply
_RECORD = schema.number_record
_INTEGER = 2**31


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in a list a page stands: its order, the last row before it, and how many rows it has.

    ``after`` are the values of the order's columns in that row; empty for the first page.
    """

    order: str
    is_descending: bool = False
    after: tuple[Any, ...] = ()
    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Listed:
    """A list: its rows, what they may be filtered by, and the orders in which they can come.

    An order is columns; the key is added to it, so that no two rows are equal in it.
    """

    rows: sa.Select[Any]
    key: tuple[sa.ColumnElement[Any], ...]
    orders: Mapping[str, tuple[sa.ColumnElement[Any], ...]]
    filters: Mapping[str, sa.ColumnElement[bool]] = field(default_factory=dict)

    def columns(self, order: str) -> tuple[sa.ColumnElement[Any], ...]:
        """The columns of an order, with the key."""
        return (*self.orders[order], *self.key)

    def read(self, session: Session, place: Place, chosen: Mapping[str, Any]) -> list[Row]:
        """A page, and one row more where there is one; the order's values stand last in a row."""
        wanted = {name: value for name, value in chosen.items() if value not in (None, "")}
        comparing = _comparing(place)
        statement = _statement(self, frozenset(wanted), place.order, comparing)
        after = {f"after_{at}": value for at, value in enumerate(place.after)}
        return session.rows(statement, limit=place.limit + 1, **after, **wanted)

    def place_of(self, row: Row, order: str) -> tuple[Any, ...]:
        """The values by which a next page begins after a row."""
        return tuple(row[-len(self.columns(order)) :])

    def values_from(self, order: str, texts: Sequence[Any]) -> tuple[Any, ...]:
        """The values of an order as they were written into a cursor."""
        columns = self.columns(order)
        if len(columns) != len(texts):
            raise ValueError(order)
        return tuple(_value(c, text) for c, text in zip(columns, texts, strict=True))


def _value(column: sa.ColumnElement[Any], told: Any) -> Any:  # noqa: ANN401
    if isinstance(column.type, sa.Date):
        return date.fromisoformat(told)
    if isinstance(column.type, sa.Integer):
        return int(told) % _INTEGER
    if not isinstance(told, str) or "\0" in told:
        raise ValueError(told)
    return told


def _comparing(place: Place) -> str:
    """How the rows of a page compare with the last one before it; ``<`` and ``>`` alone sort."""
    sign = "<" if place.is_descending else ">"
    return f"{sign} after" if place.after else sign


@cache
def _statement(listed: Listed, filters: frozenset[str], order: str, comparing: str) -> Statement:
    """The statement of a list for some filters and an order: compiled once."""
    columns = listed.columns(order)
    select = listed.rows.add_columns(*columns).limit(sa.bindparam("limit"))
    for name in sorted(filters):
        select = select.where(listed.filters[name])
    if comparing.endswith("after"):
        last = (sa.bindparam(f"after_{at}", type_=c.type) for at, c in enumerate(columns))
        here = sa.tuple_(*columns)
        select = select.where(here.op(comparing[0])(sa.tuple_(*last)))
    return Statement(select.order_by(*(c.desc() if "<" in comparing else c for c in columns)))


def _is(column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    return column == sa.bindparam(column.key, type_=column.type)


def _are(*columns: sa.Column[Any]) -> dict[str, sa.ColumnElement[bool]]:
    return {column.name: _is(column) for column in columns}


def _begins(column: sa.Column[str]) -> sa.ColumnElement[bool]:
    """Whether a text begins so: in the order of the index, not by a pattern of its own."""
    begin = sa.bindparam("begins_with", type_=sa.Text)
    return sa.func.substr(column, 1, sa.func.length(begin)) == begin


DOCUMENTS = Listed(
    rows=sa.select(_DOCUMENT.c.document_no).where(_DOCUMENT.c.is_deleted.is_(sa.false())),
    key=(_DOCUMENT.c.document_no,),
    orders={
        "document_no": (),
        "customer_no": (_DOCUMENT.c.customer_no,),
        "status": (_DOCUMENT.c.status,),
    },
    filters={
        **_are(_DOCUMENT.c.kind, _DOCUMENT.c.status, _DOCUMENT.c.customer_no),
        "begins_with": _begins(_DOCUMENT.c.document_no),
    },
)
_DATE = sa.func.coalesce(_LINE.c.date, sa.literal(FAR, sa.Date), type_=sa.Date)
LINES = Listed(
    rows=sa.select(_LINE.c.line).where(_LINE.c.is_deleted.is_(sa.false())),
    key=(_LINE.c.document_no, _LINE.c.position, _LINE.c.component),
    orders={"line": (), "date": (_DATE,), "item_no": (_LINE.c.item_no,)},
    filters={
        **_are(
            *(_LINE.c[c] for c in ("document_no", "item_no", "variant_code", "location_code")),
            *(_LINE.c[c] for c in ("kind", "customer_no")),
        ),
        "is_demand": _LINE.c.is_demand == sa.bindparam("is_demand", type_=sa.Boolean),
        "is_open": (_LINE.c.quantity > _LINE.c.posted) == sa.bindparam("is_open", type_=sa.Boolean),
        "date_earliest": _LINE.c.date >= sa.bindparam("date_earliest", type_=sa.Date),
        "date_latest": _LINE.c.date <= sa.bindparam("date_latest", type_=sa.Date),
    },
)


def _records(table: sa.Table, columns: tuple[str, ...], *more: str) -> Listed:
    """A list of set-up, by its key or by another column."""
    key = next(iter(table.primary_key))
    return Listed(
        rows=sa.select(*(table.c[c] for c in columns)),
        key=(key,),
        orders={key.name: (), **{name: (table.c[name],) for name in more}},
        filters={"begins_with": _begins(key), **_are(*(table.c[c] for c in more))},
    )


ITEMS = _records(schema.item, catalog.ITEM_COLUMNS, "tracking_code")
TRACKING_CODES = _records(schema.tracking_code, catalog.CODE_COLUMNS)
LOCATIONS = _records(schema.location, catalog.LOCATION_COLUMNS)
CUSTOMERS = _records(schema.customer, catalog.CUSTOMER_COLUMNS)
NUMBERS = Listed(
    rows=sa.select(
        *(_RECORD.c[c] for c in ("item_no", "dimension", "number")),
        *(_RECORD.c[c] for c in ("is_blocked", "expiration_date", "description")),
    ).where(_RECORD.c.until.is_(None)),
    key=(_RECORD.c.dimension, _RECORD.c.number),
    orders={
        "number": (),
        "expiration_date": (
            sa.func.coalesce(_RECORD.c.expiration_date, sa.literal(FAR, sa.Date), type_=sa.Date),
        ),
    },
    filters={
        **_are(_RECORD.c.item_no, _RECORD.c.dimension),
        "is_blocked": _RECORD.c.is_blocked == sa.bindparam("is_blocked", type_=sa.Boolean),
        "begins_with": _begins(_RECORD.c.number),
    },
)
_STOCK = ("item_no", "variant_code", "location_code", "lot_no", "serial_no", "package_no")
INVENTORY = Listed(
    rows=sa.select(
        *(_SUPPLY.c[c] for c in _STOCK),
        sa.func.sum(_SUPPLY.c.quantity, type_=schema.Quantity),
        sa.func.min(_SUPPLY.c.expiration_date, type_=sa.Date),
    )
    .where(_SUPPLY.c.kind == "stock", _SUPPLY.c.quantity > ZERO)
    .group_by(*(_SUPPLY.c[c] for c in _STOCK)),
    key=tuple(_SUPPLY.c[c] for c in _STOCK),
    orders={"item_no": (), "location_code": (_SUPPLY.c.location_code,)},
    filters=_are(*(_SUPPLY.c[c] for c in _STOCK)),
)
