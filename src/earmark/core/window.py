"""The Reservation window, candidates and the availability of a number: the core's answers as rows.

The same ``obstacle`` and the same balance that reserving uses; nothing is computed a second time.
*Total* counts matching supply in time, usable or not; *available* is what is usable and free
without moving anybody; *nonspecific* is what others hold nonspecifically and may be moved.

The window adds up, so it takes supply in pools: what is alike in everything that decides is one
row of the database, and a hundred thousand open serial numbers are shown as fast as ten lots.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from earmark.core.balance import RunningBalance
from earmark.core.eligibility import Reason, days_left, in_brief, in_words, is_too_late, obstacle
from earmark.core.quantity import ZERO
from earmark.core.stock import (
    KINDS_OF_SUPPLY,
    Demand,
    ReservationEntry,
    Supply,
    TrackedQuantity,
)
from earmark.core.tracking import NO_NUMBERS, Numbers
from earmark.core.views import CandidateView, Holding, WindowRow, WindowView


@dataclass(frozen=True, slots=True)
class Pool:
    """``count`` supplies alike in place, kind, dates and fitness, as one with the totals of all."""

    supply: Supply
    count: int = 1

    @property
    def names(self) -> tuple[str, ...]:
        """What it is called, where that is one name."""
        return (self.supply.name,) if self.supply.source or self.count == 1 else ()


Own = Sequence[tuple[ReservationEntry, Supply]]
"""What a demand has reserved, each with the supply that it stands on."""


def window(
    demand: Demand,
    tracking: Iterable[TrackedQuantity],
    pools: Iterable[Pool],
    own: Own,
    numbers: Numbers = NO_NUMBERS,
) -> WindowView:
    """The Reservation window of a demand line, for the whole line or for one of its numbers."""
    asked = numbers.only(demand.specific)
    shown = [pool for pool in pools if _is_shown(pool.supply, demand, asked)]
    held = [(entry, supply) for entry, supply in own if _is_shown(supply, demand, asked)]
    rows = [
        _row(
            demand,
            asked,
            str(kind),
            [pool for pool in shown if pool.supply.kind == kind],
            [entry for entry, supply in held if supply.kind == kind],
        )
        for kind in KINDS_OF_SUPPLY
    ]
    to_reserve, reserved = demand.outstanding, sum((e.quantity for e, _ in own), ZERO)
    if asked:
        to_reserve = sum((t.left for t in tracking if t.numbers.serves(numbers)), ZERO)
        reserved = sum((row.current for row in rows), ZERO)
    return WindowView(
        line=demand.line,
        item_no=demand.key.item_no,
        location_code=demand.key.location_code,
        date=demand.needed_on,
        numbers=numbers,
        quantity_to_reserve=to_reserve,
        reserved=reserved,
        unreserved=to_reserve - reserved,
        rows=tuple(row for row in rows if row.total),
    )


def _is_shown(supply: Supply, demand: Demand, asked: Numbers) -> bool:
    return (
        supply.quantity > ZERO
        and supply.key == demand.key
        and supply.numbers.serves(asked)
        and not is_too_late(supply.available_on, demand.needed_on)
    )


def _row(
    demand: Demand,
    asked: Numbers,
    kind: str,
    pools: Sequence[Pool],
    held: Sequence[ReservationEntry],
) -> WindowRow:
    usable = [pool.supply for pool in pools if obstacle(pool.supply, demand, asked) is None]
    loose = sum((pool.supply.nonspecific for pool in pools), ZERO)
    own_loose = sum((entry.quantity for entry in held if entry.slot.is_movable), ZERO)
    current = (e.quantity for e in held if not asked or e.slot.asked.serves(asked))
    return WindowRow(
        supply=kind,
        total=sum((pool.supply.quantity for pool in pools), ZERO),
        reserved=sum((pool.supply.reserved for pool in pools), ZERO),
        nonspecific=loose - own_loose,
        available=sum((s.quantity - s.reserved for s in usable), ZERO),
        current=sum(current, ZERO),
        supplies=tuple(dict.fromkeys(name for pool in pools for name in pool.names)),
        count=sum(pool.count for pool in pools),
    )


def movable(balance: RunningBalance, demand: Demand, supply: Supply) -> Decimal:
    """What others hold nonspecifically of a supply, and may be moved."""
    slots = balance.slots_on([supply.supply_no])
    return sum((balance.held[s] for s in slots if s.is_movable and s.line != demand.line), ZERO)


def held_by(
    balance: RunningBalance, demand: Demand, supply: Supply, asked: Numbers = NO_NUMBERS
) -> Decimal:
    """What a demand itself has reserved of a supply; for a number, what names that number."""
    slots = balance.slots_on([supply.supply_no])
    return sum(
        (
            balance.held[slot]
            for slot in slots
            if slot.line == demand.line and (not asked or slot.asked.serves(asked))
        ),
        ZERO,
    )


def candidates(
    balance: RunningBalance,
    demand: Demand,
    elsewhere: Iterable[Supply],
    asked: Sequence[Numbers] = (NO_NUMBERS,),
) -> list[CandidateView]:
    """Every supply considered for a demand, here and elsewhere, with why it can not serve."""
    supplies = [s for s in balance.everything() if s.quantity > ZERO]
    exact = frozenset(asked)
    loose = [a for a in asked if not _is_whole(a, demand)]
    found = []
    for supply in (*supplies, *balance.know(elsewhere)):
        own = supply.numbers.only(demand.specific)
        named = own if own in exact else None
        named = named or next((a for a in loose if supply.numbers.serves(a)), asked[0])
        found.append(_candidate(balance, demand, supply, named))
    return found


def _is_whole(asked: Numbers, demand: Demand) -> bool:
    """Whether a number is named in every dimension that is matched: then it fits just itself."""
    return all(asked.get(dimension) for dimension in demand.specific)


def _candidate(
    balance: RunningBalance, demand: Demand, supply: Supply, named: Numbers
) -> CandidateView:
    reason = obstacle(supply, demand, named)
    left = ZERO if reason else max(balance.available(supply.supply_no), ZERO)
    if reason is None and left == ZERO:
        reason = Reason.RESERVED
    current = held_by(balance, demand, supply)
    message = in_words(reason, supply, demand) if reason else ""
    if reason is Reason.RESERVED and current == supply.quantity:
        message = "The line itself holds all of it."
    return CandidateView(
        supply=supply.name,
        supply_kind=supply.kind,
        numbers=supply.numbers,
        location_code=supply.key.location_code,
        date=supply.available_on or supply.posted_on,
        expiration_date=supply.expiration_date,
        quantity=supply.quantity,
        reserved=supply.quantity - balance.available(supply.supply_no),
        movable=movable(balance, demand, supply),
        current=current,
        available=left,
        reasons=(str(reason),) if reason else (),
        message=message,
        brief=in_brief(reason, supply, demand) if reason else "",
        days_left=days_left(supply, demand),
        serials=supply.serials,
        holders=holders(balance, demand, supply),
    )


def holders(balance: RunningBalance, demand: Demand, supply: Supply) -> tuple[Holding, ...]:
    """Who holds something of a supply, the demand itself first."""
    slots = balance.slots_on([supply.supply_no])
    found = [
        Holding(
            line=slot.line,
            quantity=balance.held[slot],
            is_own=slot.line == demand.line,
            is_specific=bool(slot.asked),
            binding=slot.binding.value,
            hold_until=slot.hold_until,
        )
        for slot in slots
    ]
    return tuple(sorted(found, key=lambda h: (not h.is_own, h.line)))
