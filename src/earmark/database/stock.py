"""Stock as rows: writing supplies and reservation entries; looks that decide nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from earmark.core.balance import ReservationChanges
from earmark.core.items import StockKey
from earmark.core.stock import STOCK, ReservationEntry, Slot, Supply
from earmark.core.tracking import Dimension
from earmark.database import schema
from earmark.database.engine import Session
from earmark.database.history import to_micros
from earmark.database.schema import FAR
from earmark.database.shelf import (
    BY_NO,
    ENTRY_COLUMNS,
    IS_OF_KEY,
    OF_KEY,
    OPEN,
    SELECT,
    STOCKED,
    entry_from,
    supply_from,
)
from earmark.database.statements import MemberOf, PairIn, Row, Statement, pairs

_SUPPLY = schema.supply
_ENTRY = schema.reservation_entry
_LEDGER = schema.ledger_entry


# -- Saving ------------------------------------------------------------------------------------

_END = Statement(
    sa.update(_ENTRY)
    .where(
        PairIn(*_ENTRY.primary_key, name="ended"),
    )
    .values(until=sa.bindparam("moment", type_=sa.BigInteger))
)
_MADE_COLUMNS = (
    "item_no",
    "since",
    "ordinal",
    "line",
    "supply_no",
    "quantity",
    "lot_no",
    "serial_no",
    "package_no",
    "binding",
    "hold_until",
    "by",
)
_HOLD = Statement(
    sa.update(schema.stock_key)
    .where(
        schema.stock_key.c.item_no == sa.bindparam("v_item_no"),
        schema.stock_key.c.variant_code == sa.bindparam("v_variant_code"),
        schema.stock_key.c.location_code == sa.bindparam("v_location_code"),
        sa.or_(
            schema.stock_key.c.next_hold_end == 0,
            schema.stock_key.c.next_hold_end > sa.bindparam("v_end"),
        ),
    )
    .values(next_hold_end=sa.bindparam("v_end", type_=sa.BigInteger))
)


def end_entries(session: Session, moment: int, changes: Iterable[ReservationChanges]) -> None:
    """End the rows that are no more; must come before supplies and lines shrink.

    Whether they are still open need not be asked: the database refuses to end one twice.
    """
    ended = [
        (change.key.item_no, entry.slot.line, entry.since, entry.ordinal)
        for change in changes
        for entry in change.ended
    ]
    if ended:
        session.tell(_END, moment=moment, **pairs("ended", ended, width=4))


def make_entries(
    session: Session,
    moment: int,
    by: str,
    changes: Iterable[ReservationChanges],
    on_behalf: Mapping[str | Slot, str] = MappingProxyType({}),
) -> None:
    """Write the rows that begin; must come after supplies and lines have grown.

    Who reserved for a line stays who did, when another command moves or changes the reservation.
    ``on_behalf`` says of lines, and of reservations that are made again, whose they are, where not
    of whoever asks.
    """
    rows: list[tuple[Any, ...]] = []
    ends: dict[StockKey, int] = {}
    for change in changes:
        whose = {entry.slot.line: entry.by for entry in change.ended}
        again: dict[str | Slot, str] = {entry.slot: entry.by for entry in change.ended}
        holders = {**on_behalf, **again}
        for slot, quantity in change.made:
            hold = to_micros(slot.hold_until)
            holder = whose.get(slot.line, on_behalf.get(slot.line, by))
            if hold:
                ends[change.key] = min(hold, ends.get(change.key, hold))
            rows.append(
                (
                    change.key.item_no,
                    moment,
                    len(rows),
                    slot.line,
                    slot.supply_no,
                    quantity,
                    slot.asked.lot_no,
                    slot.asked.serial_no,
                    slot.asked.package_no,
                    slot.binding.value,
                    hold,
                    holders.get(slot, holder),
                )
            )
    session.insert(_ENTRY, _MADE_COLUMNS, rows)
    session.run_each(
        _HOLD,
        [{**{f"v_{n}": v for n, v in k._asdict().items()}, "v_end": e} for k, e in ends.items()],
    )


_IS_HOLD = _ENTRY.c.hold_until > sa.literal_column("0")  # lets the partial index be used
_EXPIRED = Statement(
    sa.update(_ENTRY)
    .where(
        _ENTRY.c.item_no == sa.bindparam("item_no"),
        _ENTRY.c.until.is_(None),
        _IS_HOLD,
        _ENTRY.c.hold_until <= sa.bindparam("now"),
        IS_OF_KEY,
    )
    .values(until=sa.bindparam("moment", type_=sa.BigInteger))
)
_NEXT_END = Statement(
    sa.select(sa.func.min(_ENTRY.c.hold_until)).where(
        _ENTRY.c.item_no == sa.bindparam("item_no"),
        _ENTRY.c.until.is_(None),
        _IS_HOLD,
        IS_OF_KEY,
    )
)
_SET_NEXT_END = Statement(
    sa.update(schema.stock_key)
    .where(
        schema.stock_key.c.item_no == sa.bindparam("v_item_no"),
        schema.stock_key.c.variant_code == sa.bindparam("v_variant_code"),
        schema.stock_key.c.location_code == sa.bindparam("v_location_code"),
    )
    .values(next_hold_end=sa.bindparam("v_end", type_=sa.BigInteger))
)


def end_expired_holds(session: Session, key: StockKey, now_micros: int, moment: int) -> None:
    """End the holds of a stock key whose time has run out; called under its lock."""
    session.tell(_EXPIRED, **key._asdict(), now=now_micros, moment=moment)
    end = session.rows(_NEXT_END, **key._asdict())[0][0] or 0
    values = {f"v_{name}": value for name, value in key._asdict().items()}
    session.tell(_SET_NEXT_END, **values, v_end=end)


_LAST_NO = Statement(
    sa.update(schema.item)
    .where(schema.item.c.item_no == sa.bindparam("v_item_no"))
    .values(
        last_supply_no=schema.item.c.last_supply_no + sa.bindparam("v_count", type_=sa.BigInteger)
    )
    .returning(schema.item.c.last_supply_no)
)


def new_numbers(session: Session, item_no: str, count: int) -> range:
    """The next ``count`` numbers for supplies and ledger entries of an item."""
    last = session.rows(_LAST_NO, v_item_no=item_no, v_count=count)[0][0]
    return range(last - count + 1, last + 1)


_INSERTED = (
    "item_no",
    "supply_no",
    "kind",
    "variant_code",
    "location_code",
    "source",
    "lot_no",
    "serial_no",
    "package_no",
    "specific_serial_no",
    "quantity",
    "is_free",
    "available_on",
    "posted_on",
    "expiration_date",
    "is_blocked",
)
_RESIZE = Statement(
    sa.update(_SUPPLY)
    .where(
        _SUPPLY.c.item_no == sa.bindparam("v_item_no"),
        _SUPPLY.c.supply_no == sa.bindparam("v_supply_no"),
    )
    .values(
        {
            name: sa.bindparam(f"v_{name}", type_=_SUPPLY.c[name].type)
            for name in (
                "variant_code",
                "location_code",
                "quantity",
                "available_on",
                "expiration_date",
                "is_blocked",
            )
        }
    )
    .values(
        is_free=sa.bindparam("v_quantity", type_=schema.Quantity) > _SUPPLY.c.reserved,
    )
)


def insert_supplies(
    session: Session, supplies: Iterable[Supply], *, specific_serials: bool
) -> None:
    """Write new supplies; a specific serial number is in stock once, wherever."""
    session.insert(
        _SUPPLY,
        _INSERTED,
        [
            (
                s.key.item_no,
                s.supply_no,
                s.kind,
                s.key.variant_code,
                s.key.location_code,
                s.source,
                s.numbers.lot_no,
                s.numbers.serial_no,
                s.numbers.package_no,
                s.numbers.serial_no if specific_serials and s.is_stock else "",
                s.quantity,
                s.quantity > 0,
                s.available_on,
                s.posted_on,
                s.expiration_date or FAR,
                s.is_blocked,
            )
            for s in supplies
        ],
    )


def update_supplies(session: Session, supplies: Iterable[Supply]) -> None:
    """Write supplies as they are now: quantity, place, date, and whether they are good.

    Those that are used up first: a serial number that comes back leaves where it was.
    """
    session.run_each(
        _RESIZE,
        [
            {
                "v_item_no": s.key.item_no,
                "v_supply_no": s.supply_no,
                "v_variant_code": s.key.variant_code,
                "v_location_code": s.key.location_code,
                "v_quantity": s.quantity,
                "v_available_on": s.available_on,
                "v_expiration_date": s.expiration_date or FAR,
                "v_is_blocked": s.is_blocked,
            }
            for s in sorted(supplies, key=lambda s: s.quantity > 0)
        ],
    )


_SERIALS = Statement(
    sa.select(_SUPPLY.c.serial_no, _SUPPLY.c.location_code).where(
        _SUPPLY.c.item_no == sa.bindparam("item_no"),
        _SUPPLY.c.variant_code == sa.bindparam("variant_code"),
        MemberOf(_SUPPLY.c.serial_no, "serials"),
        STOCKED,
        OPEN,
    )
)


def serials_in_stock(session: Session, key: StockKey, serials: Sequence[str]) -> dict[str, str]:
    """Which of these serials are in stock, and where each is."""
    wanted = [serial for serial in serials if serial]
    if not wanted:
        return {}
    rows = session.rows(
        _SERIALS, item_no=key.item_no, variant_code=key.variant_code, serials=wanted
    )
    return dict(rows)


_WITH_NUMBER = Statement(
    sa.select(_SUPPLY.c.supply_no).where(
        _SUPPLY.c.item_no == sa.bindparam("item_no"),
        sa.or_(
            _SUPPLY.c.lot_no == sa.bindparam("number"),
            _SUPPLY.c.serial_no == sa.bindparam("number"),
            _SUPPLY.c.package_no == sa.bindparam("number"),
        ),
    )
)


def supplies_with_number(session: Session, item_no: str, number: str) -> list[Supply]:
    """All supply of an item under a number in any dimension, open or not."""
    numbers = [row[0] for row in session.rows(_WITH_NUMBER, item_no=item_no, number=number)]
    rows = session.rows(BY_NO, item_no=item_no, supply_nos=numbers)
    return [supply_from(row) for row in rows]


_DATED_ON_ORDER = {
    dimension: Statement(
        sa.select(_SUPPLY.c.supply_no).where(
            _SUPPLY.c.item_no == sa.bindparam("item_no"),
            MemberOf(_SUPPLY.c[f"{dimension}_no"], "numbers"),
            _SUPPLY.c[f"{dimension}_no"] != sa.literal_column("''"),
            _SUPPLY.c.kind != STOCK,
            _SUPPLY.c.expiration_date != schema.FAR,
            OPEN,
        )
    )
    for dimension in Dimension
}


def dated_on_order(
    session: Session, item_no: str, numbers: Iterable[tuple[Dimension, str]]
) -> list[Supply]:
    """The supply on order under these numbers that has an expiration date, as it was entered."""
    found: list[int] = []
    wanted = set(numbers)
    for dimension in Dimension:
        of_it = sorted(number for at, number in wanted if at is dimension)
        if of_it:
            rows = session.rows(_DATED_ON_ORDER[dimension], item_no=item_no, numbers=of_it)
            found += [row[0] for row in rows]
    rows = session.rows(BY_NO, item_no=item_no, supply_nos=sorted(found)) if found else []
    return sorted(map(supply_from, rows), key=lambda supply: supply.supply_no)


# -- Totals that decide nothing ----------------------------------------------------------------

_INVENTORY = (
    "item_no",
    "variant_code",
    "location_code",
    "lot_no",
    "serial_no",
    "package_no",
)
_INVENTORY_ROWS = Statement(
    sa.select(
        *(_SUPPLY.c[c] for c in _INVENTORY),
        sa.func.sum(_SUPPLY.c.quantity, type_=schema.Quantity),
        sa.func.min(_SUPPLY.c.expiration_date),
    )
    .where(
        STOCKED,
        OPEN,
        sa.or_(sa.bindparam("item_no") == "", _SUPPLY.c.item_no == sa.bindparam("item_no")),
        sa.or_(
            sa.bindparam("location_code") == "",
            _SUPPLY.c.location_code == sa.bindparam("location_code"),
        ),
    )
    .group_by(*(_SUPPLY.c[c] for c in _INVENTORY))
    .order_by(*(_SUPPLY.c[c] for c in _INVENTORY))
)


def inventory(session: Session, item_no: str, location_code: str) -> list[Row]:
    """Stock by key and numbers: their six texts, the quantity, the expiration date."""
    rows = session.rows(_INVENTORY_ROWS, item_no=item_no, location_code=location_code)
    return [(*row[:7], None if row[7] == FAR else row[7]) for row in rows]


_POSTED = Statement(
    sa.select(schema.ledger_entry.c.entry_no)
    .where(schema.ledger_entry.c.item_no == sa.bindparam("item_no"))
    .limit(1)
)


def was_ever_posted(session: Session, item_no: str) -> bool:
    """Whether an item has item ledger entries."""
    return bool(session.rows(_POSTED, item_no=item_no))


_BY_SERIALS = Statement(
    SELECT.where(OF_KEY, MemberOf(_SUPPLY.c.serial_no, "serials"), STOCKED, OPEN)
)


def by_serials(session: Session, key: StockKey, serials: Sequence[str]) -> list[Supply]:
    """The stock of a key under these serial numbers."""
    rows = session.rows(_BY_SERIALS, **key._asdict(), serials=list(serials))
    return [supply_from(row) for row in rows]


def some(session: Session, item_no: str, supply_nos: Sequence[int]) -> list[Supply]:
    """These supplies of an item, open or not."""
    rows = session.rows(BY_NO, item_no=item_no, supply_nos=list(supply_nos))
    return [supply_from(row) for row in rows]


_OF_LINE_EVER = sa.select(*(_ENTRY.c[c] for c in ENTRY_COLUMNS)).where(
    _ENTRY.c.item_no == sa.bindparam("item_no"), _ENTRY.c.line == sa.bindparam("line")
)
_ENDED_AT = Statement(_OF_LINE_EVER.where(_ENTRY.c.until == sa.bindparam("moment")))
_MADE_AT = Statement(_OF_LINE_EVER.where(_ENTRY.c.since == sa.bindparam("moment")))


def entries_ended(session: Session, item_no: str, line: str, moment: int) -> list[ReservationEntry]:
    """The reservation entries of a line that ended at a moment."""
    rows = session.rows(_ENDED_AT, item_no=item_no, line=line, moment=moment)
    return [entry_from(row) for row in rows]


def entries_made(session: Session, item_no: str, line: str, moment: int) -> list[ReservationEntry]:
    """The reservation entries of a line that began at a moment."""
    rows = session.rows(_MADE_AT, item_no=item_no, line=line, moment=moment)
    return [entry_from(row) for row in rows]


_EVER = {
    dimension: Statement(
        sa.select(_LEDGER.c.entry_no)
        .where(
            _LEDGER.c.item_no == sa.bindparam("item_no"),
            _LEDGER.c[f"{dimension}_no"] == sa.bindparam("number"),
            _LEDGER.c[f"{dimension}_no"] != sa.literal_column("''"),  # for the partial index
            _LEDGER.c.quantity > sa.literal_column("0"),
            _LEDGER.c.undone == sa.literal_column("0"),
            _LEDGER.c.verb != "undo",
        )
        .limit(1)
    )
    for dimension in ("lot", "serial", "package")
}


def was_ever_in_stock(session: Session, item_no: str, dimension: str, number: str) -> bool:
    """Whether goods have ever come in under a number, and that was not undone."""
    return bool(session.rows(_EVER[str(dimension)], item_no=item_no, number=number))
