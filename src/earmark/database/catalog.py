"""Set-up and master data as rows: items, item tracking codes, locations, customers, numbers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from earmark.core.items import (
    Customer,
    Item,
    Location,
    NumberRecord,
    PickingOrder,
    ReservePolicy,
)
from earmark.core.tracking import Dimension, Numbers, TrackingCode
from earmark.core.units import factor_in_words
from earmark.database import schema
from earmark.database.engine import Session
from earmark.database.statements import MemberOf, Row, Statement

ITEM_COLUMNS = tuple(c.name for c in schema.item.c if c.name != "last_supply_no")
CODE_COLUMNS = tuple(c.name for c in schema.tracking_code.c)
LOCATION_COLUMNS = tuple(c.name for c in schema.location.c)
CUSTOMER_COLUMNS = tuple(c.name for c in schema.customer.c)


def _all(table: sa.Table, columns: tuple[str, ...]) -> Statement:
    key = next(iter(table.primary_key))
    return Statement(sa.select(*(table.c[c] for c in columns)).order_by(key))


_ITEMS = _all(schema.item, ITEM_COLUMNS)
_CODES = _all(schema.tracking_code, CODE_COLUMNS)
_LOCATIONS = _all(schema.location, LOCATION_COLUMNS)
_CUSTOMERS = _all(schema.customer, CUSTOMER_COLUMNS)
_SOME_ITEMS = Statement(
    sa.select(*(schema.item.c[c] for c in ITEM_COLUMNS)).where(
        MemberOf(schema.item.c.item_no, "item_nos")
    )
)


@lru_cache(maxsize=10_000)
def item_from(row: Row) -> Item:
    """An item from its columns; the same columns give the same value."""
    kept = dict(zip(ITEM_COLUMNS, row, strict=True))
    kept["units"] = dict(_mapping(kept["units"]))
    kept["variants"] = tuple(json.loads(kept["variants"])) if kept["variants"] else ()
    kept["reserve"] = ReservePolicy(kept["reserve"])
    kept["picking_order"] = PickingOrder(kept["picking_order"]) if kept["picking_order"] else None
    orders = _mapping(kept["location_picking_orders"])
    kept["location_picking_orders"] = {at: PickingOrder(order) for at, order in orders}
    return Item(**kept)


def _mapping(text: str) -> Iterable[tuple[str, str]]:
    """The pairs of a mapping kept as JSON; most items have none, which is the empty text."""
    return json.loads(text).items() if text else ()


@lru_cache(maxsize=1_000)
def code_from(row: Row) -> TrackingCode | None:
    """An item tracking code from its columns; none from the columns of no row."""
    if row[0] is None:
        return None
    kept = dict(zip(CODE_COLUMNS, row, strict=True))
    for name in ("specific", "required"):
        kept[name] = frozenset(Dimension(d) for d in kept[name].split() if d)
    return TrackingCode(**kept)


@lru_cache(maxsize=10_000)
def customer_from(row: Row) -> Customer | None:
    """A customer from its columns; none from the columns of no row."""
    if row[0] is None:
        return None
    kept = dict(zip(CUSTOMER_COLUMNS, row, strict=True))
    kept["reserve"] = ReservePolicy(kept["reserve"]) if kept["reserve"] else None
    return Customer(**kept)


_LOCK_ITEM = Statement(
    sa.select(*(schema.item.c[c] for c in ITEM_COLUMNS))
    .where(schema.item.c.item_no == sa.bindparam("item_no"))
    .with_for_update()
)


def lock_item(session: Session, item_no: str) -> Item:
    """An item that exists, held until the end of the transaction: its series are counted up."""
    return item_from(session.rows(_LOCK_ITEM, item_no=item_no)[0])


def items(session: Session) -> list[Item]:
    """All items."""
    return [item_from(row) for row in session.rows(_ITEMS)]


def some_items(session: Session, item_nos: Iterable[str]) -> dict[str, Item]:
    """These items, as far as they exist."""
    rows = session.rows(_SOME_ITEMS, item_nos=sorted(set(item_nos)))
    return {item.item_no: item for item in map(item_from, rows)}


def tracking_codes(session: Session) -> dict[str, TrackingCode]:
    """All item tracking codes."""
    codes = (code_from(row) for row in session.rows(_CODES))
    return {code.tracking_code: code for code in codes if code}


def locations(session: Session) -> dict[str, Location]:
    """All locations."""
    found = map(location_from, session.rows(_LOCATIONS))
    return {location.location_code: location for location in found}


def location_from(row: Row) -> Location:
    """A location from its columns."""
    kept = dict(zip(LOCATION_COLUMNS, row, strict=True))
    kept["bins"] = tuple(json.loads(kept["bins"] or "[]"))
    return Location(**kept)


def customers(session: Session) -> dict[str, Customer]:
    """All customers."""
    found = (customer_from(row) for row in session.rows(_CUSTOMERS))
    return {customer.customer_no: customer for customer in found if customer}


# -- Saving ------------------------------------------------------------------------------------


def _replace(session: Session, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    """Insert records, or change those that exist."""
    key = next(iter(table.primary_key)).name
    columns = tuple(rows[0]) if rows else ()
    existing = {r[0] for r in session.rows(_keys_of(table))} if rows else set()
    new = [row for row in rows if row[key] not in existing]
    old = [row for row in rows if row[key] in existing]
    session.insert(table, columns, [tuple(row.values()) for row in new])
    session.run_each(_update_of(table, columns), [{f"v_{n}": v for n, v in r.items()} for r in old])


@lru_cache(maxsize=20)
def _keys_of(table: sa.Table) -> Statement:
    return Statement(sa.select(next(iter(table.primary_key))))


@lru_cache(maxsize=20)
def _update_of(table: sa.Table, columns: tuple[str, ...]) -> Statement:
    key = next(iter(table.primary_key))
    values = {c: sa.bindparam(f"v_{c}", type_=table.c[c].type) for c in columns if c != key.name}
    return Statement(sa.update(table).where(key == sa.bindparam(f"v_{key.name}")).values(values))


def save_items(session: Session, changed: Iterable[Item]) -> None:
    """Enter items, or replace those that exist."""
    rows = [{c: _kept(getattr(item, c)) for c in ITEM_COLUMNS} for item in changed]
    _replace(session, schema.item, list({r["item_no"]: r for r in rows}.values()))


def save_tracking_codes(session: Session, changed: Iterable[TrackingCode]) -> None:
    """Enter item tracking codes, or replace those that exist."""
    rows = [{c: _kept(getattr(code, c)) for c in CODE_COLUMNS} for code in changed]
    _replace(session, schema.tracking_code, rows)


def save_locations(session: Session, changed: Iterable[Location]) -> None:
    """Enter locations, or replace those that exist."""
    rows = [{c: _kept(getattr(place, c)) for c in LOCATION_COLUMNS} for place in changed]
    _replace(session, schema.location, rows)


def save_customers(session: Session, changed: Iterable[Customer]) -> None:
    """Enter customers, or replace those that exist."""
    rows = [{c: _kept(getattr(whom, c)) for c in CUSTOMER_COLUMNS} for whom in changed]
    _replace(session, schema.customer, rows)


def _kept(value: Any) -> Any:  # noqa: ANN401
    if value is None:
        return ""
    if isinstance(value, frozenset):
        return " ".join(sorted(value))
    if isinstance(value, tuple):
        return json.dumps(list(value)) if value else ""
    if isinstance(value, dict):
        return json.dumps({k: _word(v) for k, v in value.items()}) if value else ""
    return value


def _word(value: object) -> str:
    return factor_in_words(value) if isinstance(value, Fraction) else str(value)


# -- Information records -----------------------------------------------------------------------

_RECORD = schema.number_record
_RECORD_COLUMNS = ("dimension", "number", "is_blocked", "expiration_date", "description")
_RECORDS_OF = Statement(
    sa.select(*(_RECORD.c[c] for c in _RECORD_COLUMNS)).where(
        _RECORD.c.item_no == sa.bindparam("item_no"),
        MemberOf(_RECORD.c.number, "numbers"),
        _RECORD.c.until.is_(None),
    )
)
_ALL_RECORDS = Statement(
    sa.select(_RECORD.c.item_no, *(_RECORD.c[c] for c in _RECORD_COLUMNS))
    .where(_RECORD.c.until.is_(None))
    .order_by(_RECORD.c.item_no, _RECORD.c.dimension, _RECORD.c.number)
)
_END_RECORD = Statement(
    sa.update(_RECORD)
    .where(
        _RECORD.c.item_no == sa.bindparam("v_item_no"),
        _RECORD.c.dimension == sa.bindparam("v_dimension"),
        _RECORD.c.number == sa.bindparam("v_number"),
        _RECORD.c.until.is_(None),
    )
    .values(until=sa.bindparam("v_moment", type_=sa.BigInteger))
)

_FORGET_RECORD = Statement(
    sa.delete(_RECORD).where(
        _RECORD.c.item_no == sa.bindparam("v_item_no"),
        _RECORD.c.dimension == sa.bindparam("v_dimension"),
        _RECORD.c.number == sa.bindparam("v_number"),
        _RECORD.c.since == sa.bindparam("v_moment"),
    )
)
"""What this very command wrote and now writes anew was never so for anybody."""

Records = dict[tuple[Dimension, str], NumberRecord]


def records(session: Session, item_no: str, numbers: Iterable[Numbers]) -> Records:
    """What is known of these numbers of an item, each dimension by itself."""
    wanted = {no for given in numbers for d in Dimension if (no := given.get(d))}
    if not wanted:
        return {}
    rows = session.rows(_RECORDS_OF, item_no=item_no, numbers=sorted(wanted))
    return {(Dimension(row[0]), row[1]): _record(item_no, row) for row in rows}


_SINCE = Statement(
    sa.select(*(_RECORD.c[c] for c in _RECORD_COLUMNS)).where(
        _RECORD.c.item_no == sa.bindparam("item_no"), _RECORD.c.since == sa.bindparam("moment")
    )
)
_AROUND = Statement(
    sa.select(
        _RECORD.c.since,
        sa.func.coalesce(_RECORD.c.until, 0),
        *(_RECORD.c[c] for c in _RECORD_COLUMNS),
    ).where(
        _RECORD.c.item_no == sa.bindparam("item_no"),
        sa.or_(MemberOf(_RECORD.c.since, "moments"), MemberOf(_RECORD.c.until, "moments")),
    )
)
_RECORDS_AS_OF = Statement(
    sa.select(*(_RECORD.c[c] for c in _RECORD_COLUMNS)).where(
        _RECORD.c.item_no == sa.bindparam("item_no"),
        MemberOf(_RECORD.c.number, "numbers"),
        _RECORD.c.since <= sa.bindparam("moment"),
        sa.or_(_RECORD.c.until.is_(None), _RECORD.c.until > sa.bindparam("moment")),
    )
)


_BEGAN = Statement(
    sa.select(_RECORD.c.since).where(
        _RECORD.c.item_no == sa.bindparam("item_no"),
        MemberOf(_RECORD.c.number, "numbers"),
        _RECORD.c.until.is_(None),
    )
)


def record_moments(session: Session, item_no: str, numbers: Iterable[Numbers]) -> list[int]:
    """Since which moments what is known of these numbers is so."""
    wanted = sorted({no for given in numbers for d in Dimension if (no := given.get(d))})
    return [row[0] for row in session.rows(_BEGAN, item_no=item_no, numbers=wanted)]


def records_since(session: Session, item_no: str, moment: int) -> list[NumberRecord]:
    """The records of an item that began at a moment."""
    return [_record(item_no, r) for r in session.rows(_SINCE, item_no=item_no, moment=moment)]


def records_around(
    session: Session, item_no: str, moments: Iterable[int]
) -> list[tuple[int, int, NumberRecord]]:
    """The records of an item that began or ended at these moments, each with both."""
    rows = session.rows(_AROUND, item_no=item_no, moments=list(moments))
    return [(row[0], row[1], _record(item_no, row[2:])) for row in rows]


def records_as_of(
    session: Session, item_no: str, numbers: Iterable[Numbers], moment: int
) -> Records:
    """What was known of these numbers of an item at a moment."""
    wanted = sorted({no for given in numbers for d in Dimension if (no := given.get(d))})
    if not wanted:
        return {}
    rows = session.rows(_RECORDS_AS_OF, item_no=item_no, numbers=wanted, moment=moment)
    return {(Dimension(row[0]), row[1]): _record(item_no, row) for row in rows}


def all_records(session: Session) -> list[NumberRecord]:
    """Every information record."""
    return [_record(row[0], row[1:]) for row in session.rows(_ALL_RECORDS)]


def record_from(row: Row) -> NumberRecord:
    """An information record from its item and its columns."""
    return _record(row[0], row[1:])


def _record(item_no: str, row: Row) -> NumberRecord:
    dimension, number, is_blocked, expiration_date, description = row
    return NumberRecord(
        item_no=item_no,
        numbers=one_number(Dimension(dimension), number),
        is_blocked=is_blocked,
        expiration_date=expiration_date,
        description=description,
    )


def one_number(dimension: Dimension, number: str) -> Numbers:
    """Numbers with one dimension only."""
    if dimension is Dimension.LOT:
        return Numbers(lot_no=number)
    return (
        Numbers(serial_no=number) if dimension is Dimension.SERIAL else Numbers(package_no=number)
    )


def save_records(
    session: Session, moment: int, changed: Iterable[NumberRecord], known: Iterable[NumberRecord]
) -> None:
    """Write information records; those that were known before end at this moment."""
    before = {(r.item_no, r.numbers) for r in known}
    changed = list(changed)
    ended = [
        {"v_item_no": r.item_no, "v_dimension": d, "v_number": n, "v_moment": moment}
        for r in changed
        if (r.item_no, r.numbers) in before
        for d, n in [_dimension_of(r.numbers)]
    ]
    session.run_each(_FORGET_RECORD, ended)
    session.run_each(_END_RECORD, ended)
    columns = (
        "item_no",
        "dimension",
        "number",
        "since",
        "is_blocked",
        "expiration_date",
        "description",
    )
    session.insert(
        _RECORD,
        columns,
        [
            (
                r.item_no,
                *_dimension_of(r.numbers),
                moment,
                r.is_blocked,
                r.expiration_date,
                r.description,
            )
            for r in changed
        ],
    )


def _dimension_of(numbers: Numbers) -> tuple[Dimension, str]:
    return next((d, no) for d in Dimension if (no := numbers.get(d)))


def judged(known: Records, numbers: Numbers) -> tuple[bool, date | None]:
    """Whether units with these numbers are blocked, and the earliest of their expiration dates."""
    own = [known[d, no] for d in Dimension if (no := numbers.get(d)) and (d, no) in known]
    dates = [record.expiration_date for record in own if record.expiration_date]
    return any(record.is_blocked for record in own), min(dates, default=None)
