"""Every supply considered for one demand, row by row: who has it, what can be had, what would move.

A row is what a planner points at: a lot, serial or package in stock, a part of a document line, or
the same at another location. What late binding could free is found by taking it in memory, so that
a row promises what reserving then does. Nothing is left out because it is of no use here: it stays,
with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from earmark.core import reserving
from earmark.core.balance import RunningBalance, settled
from earmark.core.eligibility import Reason, days_left, in_words, obstacle
from earmark.core.outcome import Move
from earmark.core.quantity import ZERO
from earmark.core.stock import STOCK, Binding, Demand, Slot, Supply
from earmark.core.tracking import Numbers


class Firmness(StrEnum):
    """How firmly a reservation stands where it is."""

    SPECIFIC = "specific"
    BOUND = "order-to-order"
    HOLD = "hold"
    NONSPECIFIC = "nonspecific"


def firmness(slot: Slot) -> Firmness:
    """What keeps a reservation where it is; only a nonspecific one moves."""
    if slot.binding is not Binding.NONE:
        return Firmness.BOUND
    if slot.hold_until is not None:
        return Firmness.HOLD
    return Firmness.SPECIFIC if slot.asked else Firmness.NONSPECIFIC


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where a holder would stand if he moved."""

    quantity: Decimal
    supply: str
    numbers: Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """One reservation on a supply; ``moves_to`` says where it would go if all could be taken."""

    line: str
    customer: str
    quantity: Decimal
    firmness: Firmness
    asked: Numbers
    hold_until: datetime | None
    by: str
    since: datetime | None
    is_own: bool
    moves_to: tuple[Destination, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyRow:
    """One supply considered, with who has it.

    ``supply`` is ``stock`` or the document line; with ``numbers`` it is what a take points at.
    ``names`` are those of the ledger entries, or of the line, that it is.
    ``available`` can be had without moving anybody, ``freeable`` beyond it by naming the number.
    ``reason`` is empty where it can serve. ``serials`` counts the serial numbers that are told as
    one here: nothing can be taken of such a row, for it names none of them.
    """

    supply: str
    names: tuple[str, ...]
    kind: str
    location_code: str
    numbers: Numbers
    available_on: date | None
    expiration_date: date | None
    days_left: int | None
    quantity: Decimal
    available: Decimal
    freeable: Decimal
    unreserved: Decimal
    is_here: bool
    is_blocked: bool
    reason: str
    message: str
    holders: tuple[Holder, ...]
    serials: int = 0

    def held(self, how: Firmness) -> Decimal:
        """What others hold as firmly as that."""
        return sum((h.quantity for h in self.holders if h.firmness is how and not h.is_own), ZERO)

    @property
    def own(self) -> Decimal:
        """What the line itself has reserved of it."""
        return sum((h.quantity for h in self.holders if h.is_own), ZERO)

    @property
    def is_usable(self) -> bool:
        """Whether something of it can be had, or is had already."""
        return self.available + self.freeable > ZERO or self.own > ZERO


@dataclass(frozen=True, slots=True)
class Entered:
    """Who made a reservation, when, and for whom."""

    customer: str
    by: str
    since: datetime | None


WhoOf = dict[Slot, Entered]


@dataclass(frozen=True, slots=True, kw_only=True)
class Considered:
    """The supplies of each row that is shown, and how many rows there are in all.

    ``usable`` counts those of which something can be had, is had, or may be freed.
    """

    rows: tuple[tuple[Supply, ...], ...]
    everything: int
    usable: int
    found: int


def considered(
    balance: RunningBalance,
    demand: Demand,
    elsewhere: Iterable[Supply],
    words: Iterable[str] = (),
    *,
    at_most: int,
) -> Considered:
    """Every supply of a demand's item as rows: usable ones first, other locations last.

    Where ``words`` are given only rows that have all of them count as ``found``; of these at most
    so many are shown. Within each part the order of choice stays; what is told one by one comes
    before what is told as one.
    """
    here = list(_rows(s for s in balance.everything() if s.quantity > ZERO))
    away = list(_rows(s for s in elsewhere if s.quantity > ZERO))
    usable: list[list[Supply]] = []
    others: list[list[Supply]] = []
    for row in here:
        (usable if _is_of_use(balance, demand, row) else others).append(row)
    usable.sort(key=lambda row: row[0].serials > 0)
    wanted = [word.lower() for word in words]
    found = [
        row
        for row in (*usable, *others, *away)
        if not wanted or all(word in _words(row[0]) for word in wanted)
    ]
    return Considered(
        rows=tuple(tuple(row) for row in found[:at_most]),
        everything=_count(here) + _count(away),
        usable=_count(usable),
        found=_count(found),
    )


def _count(rows: Iterable[Sequence[Supply]]) -> int:
    """How many rows there are, every serial number counted."""
    return sum(row[0].count for row in rows)


def _words(supply: Supply) -> str:
    """What a row can be found by."""
    numbers = supply.numbers
    parts = (
        supply.source,
        numbers.lot_no,
        numbers.serial_no,
        numbers.package_no,
        supply.key.location_code,
        str(supply.expiration_date or ""),
    )
    return " ".join(parts).lower()


def _is_of_use(balance: RunningBalance, demand: Demand, supplies: Sequence[Supply]) -> bool:
    """Whether something of a row can be had, is had, or is held by somebody who may move."""
    slots = balance.slots_on(s.supply_no for s in supplies)
    if any(slot.line == demand.line for slot in slots):
        return True
    if obstacle(supplies[0], demand) is not None:
        return False
    is_named = bool(supplies[0].numbers.only(demand.specific))
    return any(balance.available(s.supply_no) > ZERO for s in supplies) or (
        is_named and any(slot.is_movable for slot in slots)
    )


def rows_of(
    balance: RunningBalance, demand: Demand, shown: Considered, who: WhoOf
) -> list[SupplyRow]:
    """What is to be known of each row that is shown."""
    return [
        _row_here(balance, demand, row, who) if row[0].key == demand.key else _row_away(demand, row)
        for row in shown.rows
    ]


def _rows(supplies: Iterable[Supply]) -> Iterator[list[Supply]]:
    """Supplies that are one row: ledger entries under the same numbers, parts of one line."""
    rows: dict[object, list[Supply]] = {}
    for supply in supplies:
        # A blocked entry beside an open one of the same number can not be; dates may differ.
        name = (supply.key, supply.kind, supply.source, supply.numbers, supply.expiration_date)
        rows.setdefault(name, []).append(supply)
    yield from rows.values()


def _row_here(
    balance: RunningBalance, demand: Demand, supplies: Sequence[Supply], who: WhoOf
) -> SupplyRow:
    first = supplies[0]
    left = sum((max(balance.available(s.supply_no), ZERO) for s in supplies), ZERO)
    slots = balance.slots_on(s.supply_no for s in supplies)
    reason = obstacle(first, demand)
    available = ZERO if reason else left
    freeable, moves = _freeable(balance, demand, supplies, available) if not reason else (ZERO, [])
    if reason is None and available + freeable == ZERO:
        reason = Reason.RESERVED
    return _row(
        demand,
        supplies,
        reason,
        available=available,
        freeable=freeable,
        unreserved=left,
        holders=_holders(balance, demand, slots, moves, who),
    )


def _row_away(demand: Demand, supplies: Sequence[Supply]) -> SupplyRow:
    left = sum((s.quantity - s.reserved for s in supplies), ZERO)
    reason = obstacle(supplies[0], demand)
    return _row(
        demand, supplies, reason, available=ZERO, freeable=ZERO, unreserved=left, holders=()
    )


def _row(  # noqa: PLR0913 - what differs between here and elsewhere
    demand: Demand,
    supplies: Sequence[Supply],
    reason: Reason | None,
    *,
    available: Decimal,
    freeable: Decimal,
    unreserved: Decimal,
    holders: tuple[Holder, ...],
) -> SupplyRow:
    first = supplies[0]
    return SupplyRow(
        supply=first.source or STOCK,
        names=tuple(supply.name for supply in supplies),
        kind=first.kind,
        location_code=first.key.location_code,
        numbers=first.numbers,
        available_on=first.available_on,
        expiration_date=first.expiration_date,
        days_left=days_left(first, demand),
        quantity=sum((s.quantity for s in supplies), ZERO),
        available=available,
        freeable=freeable,
        unreserved=unreserved,
        is_here=first.key == demand.key,
        is_blocked=first.is_blocked,
        reason=str(reason or ""),
        message=in_words(reason, first, demand) if reason else "",
        holders=holders,
        serials=first.serials,
    )


def _freeable(
    balance: RunningBalance, demand: Demand, supplies: Sequence[Supply], available: Decimal
) -> tuple[Decimal, list[Move]]:
    """What more could be had of a row by naming its number, and who would go where for it."""
    asked = supplies[0].numbers.only(demand.specific)
    slots = balance.slots_on(s.supply_no for s in supplies)
    if (
        supplies[0].serials
        or not asked
        or not any(s.is_movable and s.line != demand.line for s in slots)
    ):
        return ZERO, []
    take_back = balance.remember()
    first_move = len(balance.moves)
    like = Slot(demand.line, 0, asked, Binding.NONE, None)
    everything = sum((s.quantity for s in supplies), ZERO)
    scope = scope_of(supplies[0].source, supplies[0].numbers)
    taken = reserving.take(balance, demand, like, everything, scope)
    moves = settled(balance.moves[first_move:])
    take_back()
    return max(taken - available, ZERO), moves


def scope_of(source: str, numbers: Numbers) -> reserving.Scope:
    """What *Reserve from Current Line* points at where it points at a row."""
    if source in ("", STOCK):
        return reserving.Scope(kind=STOCK, part=numbers)
    return reserving.Scope(source=source, part=numbers)


def _holders(
    balance: RunningBalance,
    demand: Demand,
    slots: Sequence[Slot],
    moves: Sequence[Move],
    who: WhoOf,
) -> tuple[Holder, ...]:
    holders = []
    for slot in slots:
        entered = who.get(slot, Entered("", "", None))
        is_own = slot.line == demand.line
        name = balance.supply(slot.supply_no).name
        goes = [m for m in moves if m.line == slot.line and m.from_supply == name]
        holders.append(
            Holder(
                line=slot.line,
                customer=entered.customer,
                quantity=balance.held[slot],
                firmness=firmness(slot),
                asked=slot.asked,
                hold_until=slot.hold_until,
                by=entered.by,
                since=entered.since,
                is_own=is_own,
                moves_to=_destinations(goes) if slot.is_movable and not is_own else (),
            )
        )
    return tuple(sorted(holders, key=lambda h: (not h.is_own, _ORDER[h.firmness], h.line)))


_ORDER = {
    how: place
    for place, how in enumerate(
        (Firmness.NONSPECIFIC, Firmness.SPECIFIC, Firmness.BOUND, Firmness.HOLD)
    )
}
"""Holders that may move come first: they are what a planner looks for."""


def _destinations(moves: Iterable[Move]) -> tuple[Destination, ...]:
    return tuple(
        Destination(quantity=m.quantity, supply=m.to_supply, numbers=m.to_numbers) for m in moves
    )
