"""Many lines in a few set statements: locked, read as narrow rows, and written as rows are given.

What :mod:`earmark.core.many` decides in columns comes from here and goes back here. A row has what
differs from line to line; what decides whether a supply suits a line comes as one text of *facts*,
the same for all lines that are alike, and is read once for all of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from earmark.core.documents import LineKind
from earmark.core.items import Customer, Item, ReservePolicy, StockKey
from earmark.core.many import Apart, Holding, Offer, Taking, Wanted
from earmark.core.quantity import ONE, ZERO
from earmark.core.stock import Demand, Line, Supply, demand_of
from earmark.core.tracking import Dimension, Numbers, TrackingCode
from earmark.database import schema
from earmark.database.engine import Session
from earmark.database.given import Facts, Given
from earmark.database.shelf import OPEN
from earmark.database.statements import MemberOf, Statement
from earmark.errors import Conflict

_LINE, _TRACKING, _SUPPLY = schema.document_line, schema.tracking_line, schema.supply
_ITEM, _CODE, _CUSTOMER = schema.item, schema.tracking_code, schema.customer
_ENTRY, _STOCK_KEY = schema.reservation_entry, schema.stock_key
_UNITS = sa.BigInteger()
_KEY = StockKey("", "", "")


def _units(column: sa.ColumnElement[Decimal]) -> sa.ColumnElement[int]:
    """A quantity as the whole number it is stored as."""
    return sa.type_coerce(column, _UNITS)


# -- Reserving ---------------------------------------------------------------------------------

_FACTS = (
    _LINE.c.kind,
    _LINE.c.reserve,
    _LINE.c.status,
    _LINE.c.takes_part,
    _LINE.c.date,
    _units(_LINE.c.reserved) > 0,
    _ITEM.c.reserve,
    _CODE.c.specific,
    _CUSTOMER.c.reserve,
    _CUSTOMER.c.minimum_shelf_life_days,
    _CUSTOMER.c.transit_days,
    _SUPPLY.c.kind,
    _SUPPLY.c.available_on,
    _SUPPLY.c.expiration_date,
    _SUPPLY.c.is_blocked,
    _units(_SUPPLY.c.nonspecific) > 0,
    _CODE.c.expiration_used,
    _LINE.c.location_code,
)


def _offers(dimension: Dimension) -> Statement:
    """The supply under the numbers of lines; without one where another number stands beside it."""
    column = f"{dimension}_no"
    others = [_TRACKING.c[f"{other}_no"] for other in Dimension if other is not dimension]
    tracked = sa.and_(
        _TRACKING.c.item_no == _LINE.c.item_no,
        _TRACKING.c.line == _LINE.c.line,
        _TRACKING.c.until.is_(None),
    )
    # Looked up by its number: SQLite would rather read all there is of the stock key, were the
    # key's columns not hidden from it.
    carried = sa.and_(
        _SUPPLY.c.item_no == _LINE.c.item_no,
        _SUPPLY.c.variant_code + "" == _LINE.c.variant_code,
        _SUPPLY.c.location_code + "" == _LINE.c.location_code,
        _SUPPLY.c[column] == _TRACKING.c[column],
        _SUPPLY.c[column] != sa.literal_column("''"),
        OPEN,
        *(other == sa.literal_column("''") for other in others),
    )
    return Statement(
        sa.select(
            _LINE.c.item_no,
            _LINE.c.line,
            _TRACKING.c[column],
            _units(_TRACKING.c.quantity) - _units(_TRACKING.c.handled),
            _units(_LINE.c.quantity) - _units(_LINE.c.posted),
            _SUPPLY.c.supply_no,
            sa.func.coalesce(_units(_SUPPLY.c.quantity) - _units(_SUPPLY.c.reserved), 0),
            Facts(*_FACTS),
        )
        .select_from(
            _LINE.join(_ITEM, _ITEM.c.item_no == _LINE.c.item_no)
            .join(_TRACKING, tracked)
            .outerjoin(_SUPPLY, carried)
            .outerjoin(_CODE, _CODE.c.tracking_code == _ITEM.c.tracking_code)
            .outerjoin(_CUSTOMER, _CUSTOMER.c.customer_no == _LINE.c.customer_no)
        )
        .where(MemberOf(_LINE.c.line, "lines"), _LINE.c.is_deleted.is_(sa.false()))
    )


_OFFERS = {dimension: _offers(dimension) for dimension in Dimension}


def offers(session: Session, dimension: Dimension, wanted: Iterable[Wanted]) -> list[Offer]:
    """The supply that lines name by one number, with what is available of it."""
    found: list[Any] = session.rows(_OFFERS[dimension], lines=[line for line, *_ in wanted])
    return found


def reader_of_facts(
    session: Session, dimension: Dimension
) -> Callable[[str], tuple[Demand, Supply]]:
    """What facts are of: the demand and the supply, with all that can decide but quantities."""
    asked = Numbers(**{f"{dimension}_no": "?"})

    def read(facts: str) -> tuple[Demand, Supply]:
        *told, uses_dates, location_code = json.loads(facts)
        demand = _demand(
            *told[:11], uses_dates=uses_dates, work_date=session.work_date_at(location_code)
        )
        return demand, _supply(asked, *told[11:])

    return read


def _demand(  # noqa: PLR0913, PLR0917 - one argument a fact
    kind: str,
    reserve: str,
    status: str,
    takes_part: bool,  # noqa: FBT001
    needed_on: str | None,
    is_reserved: bool,  # noqa: FBT001
    policy_of_item: str,
    specific: str | None,
    policy_of_customer: str | None,
    minimum_shelf_life_days: int | None,
    transit_days: int | None,
    *,
    uses_dates: bool | None,
    work_date: date,
) -> Demand:
    line = Line(
        line="",
        document_no="",
        line_no="",
        kind=LineKind(kind),
        key=_KEY,
        item=Item(item_no="", reserve=ReservePolicy(policy_of_item)),
        tracking_code=TrackingCode(
            "",
            frozenset(map(Dimension, (specific or "").split())),
            expiration_used=bool(uses_dates),
        ),
        customer=Customer(
            customer_no="",
            reserve=ReservePolicy(policy_of_customer) if policy_of_customer else None,
            minimum_shelf_life_days=minimum_shelf_life_days or 0,
            transit_days=transit_days or 0,
        ),
        quantity_in_unit=ONE,
        unit="",
        quantity=ONE + ONE,
        posted=ZERO,
        reserved=ONE if is_reserved else ZERO,
        date=_day(needed_on),
        bin_code="",
        reserve=ReservePolicy(reserve) if reserve else None,
        status=status,
        takes_part=bool(takes_part),
        made_for="",
        work_date=work_date,
    )
    return demand_of(line)


def _supply(  # noqa: PLR0913, PLR0917 - one argument a fact
    numbers: Numbers,
    kind: str,
    available_on: str | None,
    expiration_date: str,
    is_blocked: bool,  # noqa: FBT001
    is_held_loosely: bool,  # noqa: FBT001
) -> Supply:
    expires = _day(expiration_date)
    return Supply(
        supply_no=0,
        kind=kind,
        key=_KEY,
        source="",
        numbers=numbers,
        quantity=ONE,
        reserved=ZERO,
        nonspecific=ONE if is_held_loosely else ZERO,
        available_on=_day(available_on),
        posted_on=None,
        expiration_date=None if expires == schema.FAR else expires,
        is_blocked=bool(is_blocked),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _insert(dimension: Dimension) -> Statement:
    rows = Given("rows", sa.Text(), sa.Text(), _UNITS, _UNITS, sa.Text(), _UNITS, sa.Text())
    item_no, line, supply_no, quantity, number, since, by = rows.values
    values = {
        "item_no": item_no,
        "since": sa.func.coalesce(since, sa.bindparam("moment", type_=_UNITS)),
        "ordinal": rows.place + sa.bindparam("first", type_=_UNITS),
        "line": line,
        "supply_no": supply_no,
        "quantity": quantity,
        f"{dimension}_no": number,
        "by": sa.func.coalesce(by, sa.bindparam("by", type_=sa.Text())),
    }
    chosen = sa.select(*values.values()).select_from(rows.table)
    return Statement(sa.insert(_ENTRY).from_select(list(values), chosen, include_defaults=False))


_INSERT = {dimension: _insert(dimension) for dimension in Dimension}


def make_entries(
    session: Session, moment: int, by: str, taken: Mapping[Dimension, Mapping[int, Taking | Apart]]
) -> None:
    """Write what was taken by numbers of each dimension: a reservation entry each.

    Of this moment and this user, where a row does not say its own.
    """
    first = 0
    for dimension, takings in taken.items():
        rows = json.dumps(list(takings.values()))
        count = session.run(_INSERT[dimension], moment=moment, first=first, by=by, rows=rows)
        assert count == len(takings), "not every reservation entry was written"
        first += count


# -- Cancelling --------------------------------------------------------------------------------

_HELD = Statement(
    sa.select(
        _ENTRY.c.item_no,
        _ENTRY.c.line,
        sa.literal_column("1"),
        _units(_ENTRY.c.quantity),
        _ENTRY.c.binding,
        _ENTRY.c.by,
    )
    .select_from(
        _LINE.join(
            _ENTRY, sa.and_(_ENTRY.c.item_no == _LINE.c.item_no, _ENTRY.c.line == _LINE.c.line)
        )
    )
    .where(
        MemberOf(_LINE.c.line, "lines"),
        _LINE.c.is_deleted.is_(sa.false()),
        _ENTRY.c.until.is_(None),
    )
)
_ENDING = Given("ending", sa.Text(), sa.Text())
_END = Statement(
    sa.update(_ENTRY)
    .where(
        sa.tuple_(_ENTRY.c.item_no, _ENTRY.c.line).in_(
            sa.select(*_ENDING.values).select_from(_ENDING.table)
        ),
        _ENTRY.c.until.is_(None),
    )
    .values(until=sa.bindparam("moment", type_=_UNITS))
)


def holdings(session: Session, lines: Iterable[str]) -> list[Holding]:
    """What lines hold, an entry each."""
    found: list[Any] = session.rows(_HELD, lines=list(lines))
    return found


def end_entries(session: Session, moment: int, ending: Collection[Holding]) -> None:
    """End all that lines hold."""
    if ending:
        of_lines = json.dumps([holding[:2] for holding in ending])
        count = session.run(_END, moment=moment, ending=of_lines)
        assert count == sum(holding[2] for holding in ending), "an entry to be ended was not there"


# -- Locking -----------------------------------------------------------------------------------

_SAME_KEY = sa.and_(*(_STOCK_KEY.c[each] == _LINE.c[each] for each in StockKey._fields))
_LOCKED = (
    sa.select(_LINE.c.line)
    .select_from(_LINE.join(_STOCK_KEY, _SAME_KEY))
    .where(MemberOf(_LINE.c.line, "lines"), _LINE.c.is_deleted.is_(sa.false()))
    .order_by(*(_STOCK_KEY.c[each] for each in StockKey._fields), _LINE.c.line)
)
_LOCK = Statement(_LOCKED.with_for_update(of=(_STOCK_KEY, _LINE)))
_LOCK_NOW = Statement(_LOCKED.with_for_update(of=(_STOCK_KEY, _LINE), skip_locked=True))
_EXIST = Statement(
    sa.select(_LINE.c.line).where(
        MemberOf(_LINE.c.line, "lines"), _LINE.c.is_deleted.is_(sa.false())
    )
)
_HAS_RUN_OUT = sa.and_(
    _STOCK_KEY.c.next_hold_end > sa.literal_column("0"),
    _STOCK_KEY.c.next_hold_end <= sa.bindparam("now", type_=_UNITS),
)
_ANY_RAN_OUT = Statement(sa.select(_STOCK_KEY.c.item_no).where(_HAS_RUN_OUT).limit(1))
_RAN_OUT = Statement(
    sa.select(*(_STOCK_KEY.c[each] for each in StockKey._fields)).where(
        _HAS_RUN_OUT, sa.exists().where(_SAME_KEY, MemberOf(_LINE.c.line, "lines"))
    )
)


def lock(session: Session, lines: Iterable[str]) -> None:
    """Lock the stock keys of lines, in order, and the lines, without reading them.

    Nothing to do on SQLite: a transaction that writes is the only one there.
    """
    if session.database.is_sqlite:
        return
    wanted = list(dict.fromkeys(lines))
    locked = {row[0] for row in session.rows(_LOCK, lines=wanted)}
    missed = [line for line in wanted if line not in locked]
    if missed and session.rows(_EXIST, lines=missed):
        raise Conflict(what="the lines")  # they went to another stock key while we waited


def lock_now(session: Session, lines: Iterable[str]) -> set[str]:
    """Lock the stock keys of lines and the lines, as far as nobody has them locked; which ones.

    On SQLite all of them: see :func:`lock`.
    """
    wanted = list(dict.fromkeys(lines))
    if session.database.is_sqlite:
        return set(wanted)
    return {row[0] for row in session.rows(_LOCK_NOW, lines=wanted)}


def keys_with_ended_holds(session: Session, lines: Iterable[str], now: int) -> list[StockKey]:
    """The stock keys of lines on which the time of a hold has run out."""
    if not session.rows(_ANY_RAN_OUT, now=now):
        return []
    return [StockKey(*row) for row in session.rows(_RAN_OUT, lines=list(lines), now=now)]
