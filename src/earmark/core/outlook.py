"""What becomes of an item's goods: supply and demand over time, and who lacks what.

One picture of a stock key, complete, is read cumulated over the days, holder by holder, and demand
by demand, each tried with late binding. ``ribbons`` reads the same picture lot by lot.

Time-limited holds are neither supply nor demand yet: what stands on one is not due to anybody, and
does not count as unused either, until the hold ends by itself or becomes a reservation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from earmark.core.explaining import Case
from earmark.core.overview import Holder, Manner, OpenDemand, Shortage, TimeStep
from earmark.core.quantity import ZERO
from earmark.core.shelf import MemoryShelf
from earmark.core.stock import Binding, Demand, ReservationEntry, Slot, Supply, TrackedQuantity
from earmark.core.tracking import Numbers

SOON_DAYS = 90
"""How near an expiration date must be for goods that nobody is promised to be called waste."""

A_DAY = timedelta(days=1)


@dataclass(slots=True)
class Picture:
    """One stock key, complete, with every demand on it, at the work date.

    ``told`` says of each reservation entry who made it and when; ``why_blocked`` of each number.
    """

    shelf: MemoryShelf
    demands: Mapping[str, Demand]
    tracking: Mapping[str, Sequence[TrackedQuantity]]
    work_date: date
    told: Mapping[int, datetime | None] = field(default_factory=dict)
    why_blocked: Mapping[Numbers, str] = field(default_factory=dict)

    @property
    def supplies(self) -> list[Supply]:
        """All supply there is, in the order of choice."""
        return self.shelf.everything()

    def is_expired(self, supply: Supply) -> bool:
        """Whether goods are past their expiration date on the work date."""
        return supply.expiration_date is not None and supply.expiration_date < self.work_date

    def is_usable(self, supply: Supply) -> bool:
        """Whether anybody at all could still use these goods."""
        return not supply.is_blocked and not self.is_expired(supply)

    def available(self, supply: Supply) -> Decimal:
        """What is available to reserve of a supply for a demand without further wishes."""
        return supply.quantity - supply.reserved if self.is_usable(supply) else ZERO

    def expires_soon(self, supply: Supply) -> bool:
        """Whether goods that nobody may be promised any more will soon be waste."""
        last = self.work_date + timedelta(days=SOON_DAYS)
        expires = supply.expiration_date
        return self.is_usable(supply) and expires is not None and expires <= last


# -- Who holds what ----------------------------------------------------------------------------


def manner_of(slot: Slot) -> Manner:
    """How firmly a reservation stands."""
    if slot.binding is Binding.ORDER_TO_ORDER:
        return Manner.BOUND
    if slot.hold_until is not None:
        return Manner.HOLD
    return Manner.SPECIFIC if slot.asked else Manner.NONSPECIFIC


def holders(picture: Picture) -> list[Holder]:
    """Everybody who holds something here, lot by lot, the first to take it away first."""
    named = {supply.supply_no: supply for supply in picture.shelf.all_supplies}
    found: dict[object, Holder] = {}
    for entry in picture.shelf.entries:
        supply = named[entry.slot.supply_no]
        holder = holder_of(picture, entry, supply)
        key = (holder.line, holder.manner, holder.hold_until, supply.source, supply.numbers.lot_no)
        same = found.get(key)
        found[key] = holder if same is None else _both(same, holder)
    return sorted(found.values(), key=lambda h: (h.needed_on or date.max, h.line, h.supply))


def _both(one: Holder, other: Holder) -> Holder:
    """One holder of goods of one lot: their serial numbers are not told one by one."""
    numbers = one.numbers if one.numbers == other.numbers else Numbers(one.numbers.lot_no)
    return replace(one, quantity=one.quantity + other.quantity, numbers=numbers)


def holder_of(picture: Picture, entry: ReservationEntry, supply: Supply) -> Holder:
    """Who one reservation entry is."""
    demand = picture.demands[entry.slot.line]
    return Holder(
        line=entry.slot.line,
        customer=demand.customer,
        quantity=entry.quantity,
        manner=manner_of(entry.slot),
        needed_on=demand.needed_on,
        hold_until=entry.slot.hold_until,
        supply=supply.name,
        numbers=supply.numbers,
        supply_is_stock=supply.is_stock,
        by=entry.by,
        since=picture.told.get(entry.since),
    )


# -- Over time ---------------------------------------------------------------------------------


@dataclass(slots=True)
class _Day:
    arrived: dict[str, Decimal] = field(default_factory=dict)
    gone: dict[str, Decimal] = field(default_factory=dict)
    due: dict[str, Decimal] = field(default_factory=dict)
    reserved: Decimal = ZERO


def time_line(picture: Picture) -> list[TimeStep]:
    """Supply that may be used and demand, cumulated day by day from the work date on.

    Supply counts from the day it is there, what is there already as one. It is taken off again
    where it expires and nobody is promised it; what is promised has gone to somebody by then.
    Blocked goods are not supply. What is overdue is due, or there, on the work date.
    """
    days = _days(picture)
    supply = demand = reserved = ZERO
    steps = []
    for on in sorted(days):
        day = days[on]
        supply += sum(day.arrived.values(), ZERO) - sum(day.gone.values(), ZERO)
        demand += sum(day.due.values(), ZERO)
        reserved += day.reserved
        steps.append(
            TimeStep(
                on=on,
                supply=supply,
                demand=demand,
                reserved=reserved,
                arrived=tuple(day.arrived.items()),
                gone=tuple(day.gone.items()),
                due=tuple(day.due.items()),
            )
        )
    return steps


def _days(picture: Picture) -> dict[date, _Day]:
    start = picture.work_date
    days: dict[date, _Day] = defaultdict(_Day)
    days[start] = _Day()
    for supply in picture.supplies:
        if not picture.is_usable(supply):
            continue
        _add(days[max(supply.available_on or start, start)].arrived, _called(supply), supply)
        unpromised = supply.quantity - supply.reserved
        if supply.expiration_date is not None and unpromised:
            gone = replace(supply, quantity=unpromised)
            _add(days[supply.expiration_date + A_DAY].gone, _named(supply), gone)
    on_hold = _held_for_a_time(picture.shelf.entries)
    for demand in picture.demands.values():
        held = on_hold.get(demand.line, ZERO)
        needed = demand.outstanding - held
        if needed > ZERO and demand.takes_part:
            day = days[max(demand.needed_on or start, start)]
            day.due[demand.line] = day.due.get(demand.line, ZERO) + needed
            day.reserved += demand.reserved - held
    return days


def _add(of_day: dict[str, Decimal], name: str, supply: Supply) -> None:
    of_day[name] = of_day.get(name, ZERO) + supply.quantity


def _called(supply: Supply) -> str:
    return "stock" if supply.is_stock else supply.name


def _named(supply: Supply) -> str:
    return supply.numbers.lot_no or str(supply.numbers) if supply.numbers else supply.name


def _held_for_a_time(entries: Iterable[ReservationEntry]) -> dict[str, Decimal]:
    held: dict[str, Decimal] = {}
    for entry in entries:
        if entry.slot.hold_until is not None:
            held[entry.slot.line] = held.get(entry.slot.line, ZERO) + entry.quantity
    return held


def shortages(steps: Sequence[TimeStep]) -> list[Shortage]:
    """The days on which more is due than there is supply, each stretch with the most it lacks.

    A stretch begins where something falls due: what expires later lacks nobody.
    """
    found: list[Shortage] = []
    for step in steps:
        lacking = step.demand - step.supply
        under_way = bool(found) and found[-1].until is None
        if under_way and lacking <= ZERO:
            found[-1] = replace(found[-1], until=step.on)
        elif under_way and step.due:
            found[-1] = replace(found[-1], quantity=max(found[-1].quantity, lacking))
        elif lacking > ZERO and step.due:
            found.append(Shortage(since=step.on, until=None, quantity=lacking))
    return found


# -- Not reserved yet --------------------------------------------------------------------------


def open_demands(picture: Picture) -> list[OpenDemand]:
    """The lines that have not reserved all they need, each tried by itself, the first due first."""
    found = []
    for demand in picture.demands.values():
        if demand.unreserved <= ZERO or not demand.takes_part:
            continue
        case = Case(demand, picture.tracking.get(demand.line, ()), picture.shelf, ())
        possible = case.tried().reserved
        found.append(
            OpenDemand(
                line=demand.line,
                customer=demand.customer,
                needed_on=demand.needed_on,
                minimum_shelf_life_days=demand.minimum_shelf_life_days,
                outstanding=demand.outstanding,
                open=demand.unreserved,
                possible=min(possible, demand.outstanding),
            )
        )
    return sorted(found, key=lambda d: (d.needed_on or date.max, d.line))
