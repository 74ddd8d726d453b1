"""Why a line is not fully reserved, and the smallest changes that would make it so.

All supply is counted down, reason by reason, to what can be reserved. Every way out is tried by
reserving for real in memory, with the change made, so that what it gains is what would happen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from earmark.core import reserving, window
from earmark.core.balance import RunningBalance
from earmark.core.commands import Choice
from earmark.core.eligibility import Reason, obstacle, unfit
from earmark.core.quantity import ZERO, plain
from earmark.core.shelf import MemoryShelf
from earmark.core.stock import Demand, ReservationEntry, Supply, TrackedQuantity
from earmark.core.views import CountedDown, ReservationView, WayOut
from earmark.errors import EarmarkError

A_FORTNIGHT = timedelta(days=14)
"""How much earlier a shipment is worth proposing."""


@dataclass(frozen=True, slots=True)
class Case:
    """A demand line, its numbers, and everything on its stock key and elsewhere."""

    demand: Demand
    tracking: Sequence[TrackedQuantity]
    shelf: MemoryShelf
    elsewhere: Sequence[Supply]

    def reserved_when_tried(self) -> tuple[Decimal, tuple[str, ...]]:
        """What the line would have reserved after trying its numbers and then any; who moves."""
        balance = RunningBalance(self.shelf)
        balance.replace_demand(self.demand)
        for numbers in (Choice.ALL, Choice.ANY):
            request = reserving.Request(demand=self.demand, tracking=self.tracking, numbers=numbers)
            try:
                reserving.reserve(balance, request)
            except EarmarkError:
                continue
        changes = balance.changes()
        moved = tuple(dict.fromkeys(m.line for m in changes.moves if m.line != self.demand.line))
        return balance.reserved_of(self.demand.line), moved


_TITLES = {
    Reason.TOO_LATE: "Expected too late",
    Reason.BLOCKED: "Blocked",
    Reason.EXPIRED: "Expired when it is needed",
    Reason.SHELF_LIFE: "Too little shelf life",
}


def counted_down(
    case: Case, holders: dict[int, list[ReservationView]], possible: Decimal
) -> tuple[Decimal, list[CountedDown]]:
    """All supply at the line's place, then what is taken off it, reason by reason."""
    balance = RunningBalance(case.shelf)
    views = {
        s.supply_no: v
        for s, v in zip(
            [s for s in balance.everything() if s.quantity > ZERO],
            window.candidates(balance, case.demand, ()),
            strict=True,
        )
    }
    supplies = [s for s in balance.everything() if s.quantity > ZERO]
    total = left = sum((s.quantity for s in supplies), ZERO)
    steps = []
    for reason, title in _TITLES.items():
        out = [s for s in supplies if obstacle(s, case.demand) is reason]
        taken = sum((s.quantity for s in out), ZERO)
        if taken:
            left -= taken
            found = tuple(views[s.supply_no] for s in out)
            steps.append(CountedDown(reason=title, quantity=taken, left=left, supplies=found))
    fit = [s for s in supplies if unfit(s, case.demand) is None]
    for title, chosen in _firmly_held(case, fit, holders).items():
        taken = sum((h.quantity for h in chosen), ZERO)
        if taken:
            left -= taken
            steps.append(
                CountedDown(
                    reason=title, quantity=taken, left=left, supplies=(), holders=tuple(chosen)
                )
            )
    return total, steps + _stuck(case, fit, holders, left, possible)


def _stuck(
    case: Case,
    fit: Iterable[Supply],
    holders: dict[int, list[ReservationView]],
    left: Decimal,
    possible: Decimal,
) -> list[CountedDown]:
    """What others hold nonspecifically and can not exchange for anything else."""
    if possible >= min(left, case.demand.outstanding):
        return []
    loose = [
        holder
        for supply in fit
        for holder in holders.get(supply.supply_no, ())
        if holder.demand != case.demand.line
        and not (holder.is_specific or holder.binding or holder.hold_until)
    ]
    title = "Held by others who find nothing else"
    return [
        CountedDown(
            reason=title, quantity=left - possible, left=possible, supplies=(), holders=tuple(loose)
        )
    ]


def _firmly_held(
    case: Case, fit: Iterable[Supply], holders: dict[int, list[ReservationView]]
) -> dict[str, list[ReservationView]]:
    held: dict[str, list[ReservationView]] = {
        "Held specifically": [],
        "On hold": [],
        "Order-to-order": [],
    }
    for supply in fit:
        for holder in holders.get(supply.supply_no, ()):
            if holder.demand == case.demand.line:
                continue
            if holder.binding:
                held["Order-to-order"].append(holder)
            elif holder.hold_until is not None:
                held["On hold"].append(holder)
            elif holder.is_specific:
                held["Held specifically"].append(holder)
    return held


def ways_out(case: Case, possible: Decimal, missing: Decimal) -> list[WayOut]:
    """The changes that would help, each tried; the most gained and the least moved first."""
    tried = [
        WayOut(what=what, detail=detail, gains=gains, moved=moved, decides=who)
        for what, detail, who, changed in _changes(case)
        for reserved, moved in [changed().reserved_when_tried()]
        for gains in [min(reserved - possible, missing)]
        if gains > ZERO
    ]
    tried += _elsewhere(case, missing)
    return sorted(tried, key=lambda way: (-way.gains, len(way.moved)))


Change = tuple[str, str, str, Callable[[], Case]]
"""What to do, the detail, who decides, and the case with the change made."""


def _changes(case: Case) -> Iterator[Change]:
    supplies = list(case.shelf.everything())
    for day in _earlier(case, supplies):
        yield (
            f"Ship earlier, {day}",
            "the goods keep long enough then",
            "you",
            partial(_on_day, case, day),
        )
    for supply in supplies:
        reason = unfit(supply, case.demand)
        if reason is Reason.TOO_LATE and supply.available_on is not None:
            day = supply.available_on
            yield (
                f"Ship later, {day}",
                f"{supply.name} is there then",
                "you",
                partial(_on_day, case, day),
            )
        elif reason is Reason.BLOCKED:
            free = replace(supply, is_blocked=False)
            yield (
                f"Release {supply.numbers}",
                f"{plain(supply.quantity)} are blocked",
                "quality",
                partial(_with_supply, case, free),
            )
    if any(unfit(s, case.demand) is Reason.SHELF_LIFE for s in supplies):
        yield (
            "Accept less shelf life for this line",
            _required(case.demand),
            "the customer",
            partial(_with_demand, case, replace(case.demand, minimum_shelf_life_days=0)),
        )
    yield from _without_holders(case)


def _required(demand: Demand) -> str:
    who = demand.customer or "the customer"
    return f"{who} requires {demand.minimum_shelf_life_days} days"


def _earlier(case: Case, supplies: Iterable[Supply]) -> list[date]:
    """The days on which goods that are too old now would still keep long enough."""
    demand = case.demand
    days = set()
    for supply in supplies:
        if unfit(supply, demand) not in (Reason.SHELF_LIFE, Reason.EXPIRED):
            continue
        if supply.expiration_date is not None and demand.needed_on is not None:
            lead = timedelta(days=demand.transit_days + demand.minimum_shelf_life_days)
            day = supply.expiration_date - lead
            if day < demand.needed_on and demand.needed_on - day <= A_FORTNIGHT:
                days.add(day)
    return sorted(days, reverse=True)[:3]


def _with_demand(case: Case, changed: Demand) -> Case:
    return replace(case, demand=changed)


def _on_day(case: Case, day: date) -> Case:
    return _with_demand(case, replace(case.demand, needed_on=day))


def _with_entries(case: Case, entries: Sequence[ReservationEntry]) -> Case:
    return replace(case, shelf=_shelf(case, case.shelf.all_supplies, entries))


def _with_supply(case: Case, changed: Supply) -> Case:
    supplies = [changed if s.supply_no == changed.supply_no else s for s in case.shelf.all_supplies]
    return replace(case, shelf=_shelf(case, supplies, case.shelf.entries))


def _shelf(
    case: Case, supplies: Sequence[Supply], entries: Sequence[ReservationEntry]
) -> MemoryShelf:
    return MemoryShelf(
        case.shelf.key, case.shelf.picking_order, supplies, entries, case.shelf.all_demands
    )


def _without_holders(case: Case) -> Iterator[Change]:
    """Asking those who hold goods firmly, or waiting for a hold to run out."""
    for entry in case.shelf.entries:
        slot = entry.slot
        if slot.line == case.demand.line or slot.is_movable:
            continue
        others = [e for e in case.shelf.entries if e is not entry]
        supply = case.shelf.supplies([slot.supply_no])[0]
        held = f"{plain(entry.quantity)} of {supply.name}"
        if slot.hold_until is not None:
            what, who = f"Wait for the hold of {slot.line}", "nobody"
            detail = f"{held} are free at {slot.hold_until:%Y-%m-%d %H:%M}"
        else:
            what, who = f"Ask {slot.line} for {plain(entry.quantity)}", "the holder"
            detail = f"{held} {supply.numbers or ''}".strip()
        yield (
            what,
            detail,
            who,
            partial(_with_entries, case, others),
        )


def _elsewhere(case: Case, missing: Decimal) -> list[WayOut]:
    """Goods at other locations that would be good enough if they were here."""
    ways = []
    for supply in case.elsewhere:
        here = replace(supply, key=case.demand.key)
        free = supply.quantity - supply.reserved
        same = supply.key.variant_code == case.demand.key.variant_code
        if same and supply.is_stock and free > ZERO and unfit(here, case.demand) is None:
            ways.append(
                WayOut(
                    what=f"Bring {plain(min(free, missing))} from {supply.key.location_code}",
                    detail=f"{supply.numbers} is free there",
                    gains=min(free, missing),
                    moved=(),
                    decides="you",
                )
            )
    return ways
