"""The smallest changes that would give a line more than it can have, each with its command.

Every way out is tried by reserving for real in memory, with the change made: what it gains is what
would happen. A change of the same sort that is larger and gains no more is not shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from itertools import islice

from earmark.core.commands import ChangeNumber, Command, EditLine, SplitLine, Track
from earmark.core.eligibility import Reason, days_left, unfit
from earmark.core.explaining import Case, Tried
from earmark.core.quantity import ZERO, plain
from earmark.core.shelf import MemoryShelf
from earmark.core.stock import ReservationEntry, Slot, Supply
from earmark.core.tracking import NO_NUMBERS, Numbers, TrackingLine
from earmark.core.why_views import Blocking, WayKind, WayOut

A_FORTNIGHT = timedelta(days=14)
"""How much earlier a shipment is worth proposing."""

OF_A_KIND = 12
"""How many numbers, holders or holds are tried; more choice would help nobody."""

SMALLEST_FIRST = tuple(WayKind)
"""Of changes that gain the same, the one that asks least of others comes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Idea:
    """A change before it is tried: its words, its command, and the case with the change made."""

    kind: WayKind
    of: str
    what: str
    detail: str
    decides: str
    changed: Callable[[], Case]
    change: Command | None = None
    supply: str = ""
    numbers: Numbers = NO_NUMBERS
    holder: str = ""


def ways_out(case: Case, tried: Tried) -> list[WayOut]:
    """The changes that would help, each tried; the most gained and the smallest change first."""
    missing = case.demand.outstanding - tried.reserved
    ways: list[WayOut] = []
    for idea in _ideas(case, missing):
        after = idea.changed().tried()
        gains = min(after.reserved - tried.reserved, missing)
        smaller = (way.gains for way in ways if way.kind is idea.kind and _is_choice(way.kind))
        if gains > max(smaller, default=ZERO):
            ways.append(_way(idea, case, tried.reserved, gains, after.moved))
    ways += _elsewhere(case, tried, missing)
    return sorted(ways, key=lambda way: (-way.gains, SMALLEST_FIRST.index(way.kind)))


def _is_choice(kind: WayKind) -> bool:
    """Whether one change of the kind does for another: a date does, a lot or a holder does not."""
    return kind not in (WayKind.RELEASE, WayKind.ASK, WayKind.WAIT)


def _way(idea: Idea, case: Case, had: Decimal, gains: Decimal, moved: tuple[str, ...]) -> WayOut:
    return WayOut(
        what=idea.what,
        detail=idea.detail,
        gains=gains,
        moved=moved,
        decides=idea.decides,
        way=f"{idea.kind}:{idea.of}",
        kind=idea.kind,
        then=had + gains,
        change=idea.change,
        supply=idea.supply,
        numbers=idea.numbers,
        location_code=case.demand.key.location_code,
        holder=idea.holder,
    )


def _ideas(case: Case, missing: Decimal) -> Iterator[Idea]:
    supplies = list(case.shelf.everything())
    yield from _earlier(case, supplies)
    yield from _split(case, supplies, missing)
    yield from islice(_released(case, supplies), OF_A_KIND)
    yield from islice(_accepted(case, supplies), OF_A_KIND)
    yield from _later(case, supplies)
    yield from islice(_asked(case), OF_A_KIND)
    yield from islice(_waited_for(case), OF_A_KIND)


# -- Other dates ------------------------------------------------------------------------------


def _earlier(case: Case, supplies: Iterable[Supply]) -> Iterator[Idea]:
    """The days on which goods that are too old now would still keep long enough."""
    demand = case.demand
    found: dict[date, Supply] = {}
    for supply in supplies:
        if unfit(supply, demand) not in (Reason.SHELF_LIFE, Reason.EXPIRED):
            continue
        if supply.expiration_date is not None and demand.needed_on is not None:
            day = supply.expiration_date - demand.lead
            if day < demand.needed_on and demand.needed_on - day <= A_FORTNIGHT:
                found.setdefault(day, supply)
    for day in sorted(found, reverse=True)[:3]:
        assert demand.needed_on is not None, "only a dated line ships earlier"
        days = (demand.needed_on - day).days
        supply = found[day]
        keeps = days_left(supply, replace(demand, needed_on=day))
        yield Idea(
            kind=WayKind.SHIP_EARLIER,
            of=str(day),
            what=f"Ship {days} {_days(days)} earlier, {day}",
            detail=f"{_named(supply)} then has {keeps} {_days(keeps)} left on arrival",
            decides="you",
            changed=partial(_on_day, case, day),
            change=EditLine(line=demand.line, date=day),
            supply=supply.name,
            numbers=supply.numbers,
        )


def _too_late(case: Case, supplies: Iterable[Supply]) -> list[tuple[date, Supply]]:
    """The days on which goods come that come too late, the first day first."""
    found: dict[date, Supply] = {}
    for supply in supplies:
        if unfit(supply, case.demand) is Reason.TOO_LATE and supply.available_on is not None:
            found.setdefault(supply.available_on, supply)
    return sorted(found.items())[:OF_A_KIND]


def _later(case: Case, supplies: Iterable[Supply]) -> Iterator[Idea]:
    for day, supply in _too_late(case, supplies):
        yield Idea(
            kind=WayKind.SHIP_LATER,
            of=str(day),
            what=f"Ship all later, {day}",
            detail=f"{supply.name} is then in time; all in one delivery",
            decides="you",
            changed=partial(_on_day, case, day),
            change=EditLine(line=case.demand.line, date=day),
            supply=supply.name,
            numbers=supply.numbers,
        )


def _split(case: Case, supplies: Iterable[Supply], missing: Decimal) -> Iterator[Idea]:
    """What can not be had in time leaves later, as a line of its own."""
    demand = case.demand
    tracked = sum((t.left for t in case.tracking), ZERO)
    stays = demand.outstanding - missing
    if stays <= ZERO or stays < tracked:
        return
    for day, supply in _too_late(case, supplies):
        part = replace(
            demand, line=f"{demand.line}+", needed_on=day, outstanding=missing, reserved=ZERO
        )
        yield Idea(
            kind=WayKind.SPLIT,
            of=f"{day}:{plain(missing)}",
            what=f"Split: {plain(missing)} on {day}",
            detail=f"from {supply.name}; {plain(stays)} still leave on {demand.needed_on}",
            decides="you",
            changed=partial(replace, case, demand=replace(demand, outstanding=stays), part=part),
            change=SplitLine(line=demand.line, quantity=case.in_unit(missing), date=day),
            supply=supply.name,
            numbers=supply.numbers,
        )


def _on_day(case: Case, day: date) -> Case:
    return replace(case, demand=replace(case.demand, needed_on=day))


# -- Other goods ------------------------------------------------------------------------------


def _released(case: Case, supplies: Sequence[Supply]) -> Iterator[Idea]:
    """Each blocked number released; goods under two blocked numbers need both."""
    for blocking in case.blockings:
        under = [s for s in supplies if s.is_blocked and s.numbers.serves(blocking.numbers)]
        if not under:
            continue
        others = [b for b in case.blockings if b is not blocking]
        freed = [_judged(supply, others) for supply in under]
        yield Idea(
            kind=WayKind.RELEASE,
            of=_number(blocking.numbers),
            what=f"Release {blocking.numbers}",
            detail=_blocked_because(blocking),
            decides="quality",
            changed=partial(_with_supplies, case, freed),
            change=ChangeNumber(
                item_no=case.demand.key.item_no, numbers=blocking.numbers, is_blocked=False
            ),
            supply=under[0].name,
            numbers=under[0].numbers,
        )


def _judged(supply: Supply, blockings: Iterable[Blocking]) -> Supply:
    return replace(supply, is_blocked=any(supply.numbers.serves(b.numbers) for b in blockings))


def _blocked_because(blocking: Blocking) -> str:
    who = f" by {blocking.by}" if blocking.by else ""
    since = f" since {blocking.since:%Y-%m-%d}" if blocking.since else ""
    why = f": {blocking.why}" if blocking.why else ""
    return f"blocked{who}{since}{why}"


def _accepted(case: Case, supplies: Iterable[Supply]) -> Iterator[Idea]:
    """Less shelf life for this line, the most that some of the goods have left first."""
    demand = case.demand
    found: dict[int, Supply] = {}
    for supply in supplies:
        if unfit(supply, demand) is Reason.SHELF_LIFE:
            found.setdefault(max(days_left(supply, demand) or 0, 0), supply)
    for days in sorted(found, reverse=True):
        who = demand.customer or "the customer"
        yield Idea(
            kind=WayKind.ACCEPT,
            of=str(days),
            what=f"Accept {days} {_days(days)} for this line",
            detail=f"{who} requires {demand.minimum_shelf_life_days}, and must agree",
            decides="the customer",
            changed=partial(replace, case, demand=replace(demand, minimum_shelf_life_days=days)),
            supply=found[days].name,
            numbers=found[days].numbers,
        )


def _with_supplies(case: Case, changed: Iterable[Supply]) -> Case:
    now = {supply.supply_no: supply for supply in changed}
    supplies = [now.get(s.supply_no, s) for s in case.shelf.all_supplies]
    return replace(case, shelf=_shelf(case, supplies, case.shelf.entries))


def _elsewhere(case: Case, tried: Tried, missing: Decimal) -> list[WayOut]:
    """Goods at other locations that would be good enough if they were here."""
    ways: list[WayOut] = []
    for supply in case.elsewhere:
        here = replace(supply, key=case.demand.key)
        free = supply.quantity - supply.reserved
        same = supply.key.variant_code == case.demand.key.variant_code
        if not (same and supply.is_stock and free > ZERO and unfit(here, case.demand) is None):
            continue
        if len(ways) == OF_A_KIND:
            break
        gains = min(free, missing)
        where = supply.key.location_code
        of = f" of {_number(supply.numbers)}" if supply.numbers else ""
        ways.append(
            WayOut(
                what=f"Transfer {plain(gains)}{of} from {where}",
                detail=f"{plain(free)} are free there; {_by_when(case)}",
                gains=gains,
                moved=tried.moved,
                decides="you",
                way=f"{WayKind.BRING}:{supply.name}",
                kind=WayKind.BRING,
                then=tried.reserved + gains,
                supply=supply.name,
                numbers=supply.numbers,
                location_code=where,
            )
        )
    return ways


def _by_when(case: Case) -> str:
    where, day = case.demand.key.location_code, case.demand.needed_on
    return f"needed in {where} by {day}" if day else f"needed in {where}"


# -- Other holders ----------------------------------------------------------------------------


def _asked(case: Case) -> Iterator[Idea]:
    """Each line that named its number, asked to take any: late binding then finds it another."""
    held: dict[tuple[str, Numbers], list[ReservationEntry]] = {}
    for entry in case.shelf.entries:
        slot = entry.slot
        if slot.asked and not slot.binding and slot.hold_until is None:
            held.setdefault((slot.line, slot.asked), []).append(entry)
    names = {demand.line: demand.customer for demand in case.shelf.all_demands}
    for (line, asked), entries in held.items():
        if line == case.demand.line:
            continue
        quantity = sum((entry.quantity for entry in entries), ZERO)
        supply = case.shelf.supplies([entries[0].slot.supply_no])[0]
        yield Idea(
            kind=WayKind.ASK,
            of=f"{line}:{_number(asked)}:{plain(quantity)}",
            what=f"Ask {names.get(line) or line} for {plain(quantity)} of {_number(asked)}",
            detail=f"{line} would take another number",
            decides="the holder",
            changed=partial(_loosened, case, entries),
            change=Track(line=line, numbers=_without(case, line, asked)),
            supply=supply.name,
            numbers=supply.numbers,
            holder=line,
        )


def _without(case: Case, line: str, asked: Numbers) -> tuple[TrackingLine, ...]:
    """The numbers of a line less the one it is asked to give up; what is posted stays."""
    return tuple(
        t.as_entered for t in case.tracked.get(line, ()) if not t.numbers.serves(asked) or t.handled
    )


def _loosened(case: Case, entries: Sequence[ReservationEntry]) -> Case:
    loose = [
        replace(entry, slot=_loose(entry.slot)) if entry in entries else entry
        for entry in case.shelf.entries
    ]
    return _with_entries(case, loose)


def _loose(slot: Slot) -> Slot:
    return slot._replace(asked=NO_NUMBERS)


def _waited_for(case: Case) -> Iterator[Idea]:
    """Each hold, when its time is over and it was not made a reservation."""
    for entry in case.shelf.entries:
        slot = entry.slot
        if slot.line == case.demand.line or slot.hold_until is None:
            continue
        supply = case.shelf.supplies([slot.supply_no])[0]
        others = [e for e in case.shelf.entries if e is not entry]
        yield Idea(
            kind=WayKind.WAIT,
            of=f"{slot.line}:{supply.name}",
            what=f"Wait for the hold on {_named(supply)}",
            detail=f"{plain(entry.quantity)} are free at {slot.hold_until:%H:%M} "
            f"unless {slot.line} is made sure before",
            decides="nobody",
            changed=partial(_with_entries, case, others),
            supply=supply.name,
            numbers=supply.numbers,
            holder=slot.line,
        )


def _with_entries(case: Case, entries: Sequence[ReservationEntry]) -> Case:
    return replace(case, shelf=_shelf(case, case.shelf.all_supplies, entries))


def _shelf(
    case: Case, supplies: Sequence[Supply], entries: Sequence[ReservationEntry]
) -> MemoryShelf:
    return MemoryShelf(
        case.shelf.key, case.shelf.picking_order, supplies, entries, case.shelf.all_demands
    )


# -- Words ------------------------------------------------------------------------------------


def _named(supply: Supply) -> str:
    """Stock by its number, goods on order by their line."""
    return _number(supply.numbers) if supply.is_stock and supply.numbers else supply.name


def _number(numbers: Numbers) -> str:
    """A number without saying what kind it is: the most telling one."""
    return numbers.serial_no or numbers.lot_no or numbers.package_no


def _days(number: int | None) -> str:
    return "day" if number == 1 else "days"
