"""Reserving, holding, changing and cancelling: open, load, decide, save."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from earmark.core import reserving
from earmark.core.balance import RunningBalance
from earmark.core.commands import Cancel, Change, Choice, Hold, Reserve
from earmark.core.days import end_of_hold
from earmark.core.eligibility import is_too_late, obstacle, refusal, unfit
from earmark.core.items import ReservePolicy
from earmark.core.outcome import Outcome
from earmark.core.parts import part_of, part_or_nothing
from earmark.core.quantity import ZERO
from earmark.core.roles import check_take_over
from earmark.core.settling import divides, settled
from earmark.core.stock import Binding, Demand, Line, Slot, Supply, TrackedQuantity, demand_of
from earmark.core.tracking import NO_NUMBERS, Numbers
from earmark.database import catalog, lines, shelf, tracking_lines
from earmark.database.engine import Database
from earmark.database.unit_of_work import Locking, Work, told, unit_of_work
from earmark.errors import (
    BindingFixed,
    EarmarkError,
    ExceedsOutstanding,
    FullyReserved,
    IncreaseByReserving,
    LineUnknown,
    NothingAvailable,
    NothingToCancel,
    NumberUnknown,
)
from earmark.usecases.door import at_the_door
from earmark.usecases.naming import demand_kind, supply_scope


@at_the_door
def reserve(database: Database, command: Reserve) -> Outcome:
    """Reserve for a line: *Auto Reserve*, or *Reserve from Current Line* where a supply is named.

    Where the line is a supply line, the demands that ``supply`` names are served, the earliest
    first. A shortfall is an outcome; see :func:`earmark.core.reserving.reserve` for refusals.
    """
    locking = Locking(lines=[command.line], asked=command.numbers)
    with unit_of_work(database, command, locking=locking) as work:
        if work.repeated:
            return work.repeated[0]
        line = work.line(command.line)
        if command.quantity is not None:
            part_of(line, command.quantity)
        if line.kind.is_demand:
            tracking = work.tracking(line)
            if command.numbers is Choice.ALL:
                read_ahead(work, [command], {line.line: tracking})
            outcome = for_demand(work, command, line, tracking)
        else:
            outcome = _for_supply(work, command, line)
        return work.report("reserve", command.line, _with(outcome, told(work.save())))


def read_ahead(
    work: Work, commands: Iterable[Reserve], tracking: dict[str, list[TrackedQuantity]]
) -> None:
    """Read what many requests need in a few statements, instead of a few for each."""
    known = list(work.lines.values())
    holding = [line for line in known if line.reserved]
    by_line = shelf.entries_of_lines(work.session, holding) if holding else {}
    asked: dict[Numbers, list[Line]] = {}
    for line in known:
        balance = work.balance(line)
        balance.know_entries_of(line.line, by_line.get(line.line, ()))
        balance.know_demands([demand_of(line)])
    for command in commands:
        found = work.lines.get(command.line)
        if found is None or command.numbers is Choice.ANY:
            continue
        for tracked in tracking[found.line]:
            numbers = tracked.numbers.only(found.specific)
            if command.numbers is Choice.ALL or tracked.numbers.serves(command.numbers):
                asked.setdefault(numbers, []).append(found)
    shelf.read_asked(work.session, [(n, work.balance(x)) for n, f in asked.items() for x in f])


def tracking_of(work: Work, of: Iterable[Line]) -> dict[str, list[TrackedQuantity]]:
    """The item tracking lines of lines."""
    return tracking_lines.tracking_of(work.session, of)


def for_demand(
    work: Work, command: Reserve, line: Line, tracking: Sequence[TrackedQuantity]
) -> Outcome:
    """Reserve for a demand line, as its command says."""
    end_of_hold(command.hold_until, work.at)
    balance = work.balance(line)
    balance.know_demands([demand_of(line)])
    if not line.reserved:
        balance.know_entries_of(line.line, ())  # the locked line says that there are none
    if command.quantity is None and command.numbers is Choice.ANY:
        line = settle(work, line, tracking, supply_scope(command.supply, line.key.item_no))
    demand = demand_of(line)
    numbers = _spelled(line, command.numbers, (tracked.numbers for tracked in tracking))
    request = reserving.Request(
        demand=demand,
        tracking=tracking,
        numbers=numbers,
        scope=supply_scope(command.supply, line.key.item_no),
        quantity=command.quantity,
        hold_until=command.hold_until,
        all_or_nothing=command.all_or_nothing,
    )
    outcome = reserving.reserve(balance, request)
    if outcome.shortfall and isinstance(numbers, Numbers):
        _check_known(work, line, numbers)
    return outcome


def settle(
    work: Work,
    line: Line,
    tracking: Sequence[TrackedQuantity] | None = None,
    scope: reserving.Scope = reserving.EVERYWHERE,
) -> Line:
    """The line with the rounding of its unit settled by what is there: mostly the line itself.

    It does not fall below its numbers; where these are not known it does not fall at all.
    """
    if divides(line) or not line.takes_part:
        return line
    balance, demand = work.balance(line), demand_of(line)
    there = sum(
        (
            balance.available(supply.supply_no)
            for supply in balance.free()
            if scope.holds(supply) and obstacle(supply, demand, NO_NUMBERS) is None
        ),
        ZERO,
    )
    wanted = line.outstanding - balance.reserved_of(line.line)
    change = settled(line, wanted, there) - wanted if wanted > ZERO else ZERO
    if tracking is None:
        tracked = line.quantity if line.tracking_code else ZERO
    else:
        tracked = sum((entry.quantity for entry in tracking), ZERO)
    if not change or tracked > line.quantity + change:
        return line
    line = replace(line, quantity=line.quantity + change)
    work.pending.replace_lines(line)
    balance.replace_demand(demand_of(line))
    return line


def _spelled(line: Line, asked: Numbers | Choice, known: Iterable[Numbers]) -> Numbers | Choice:
    """The number that is asked for, in the spelling of those that the line has."""
    if isinstance(asked, Choice) or line.tracking_code is None:
        return asked
    return line.tracking_code.spelled(asked, known)


def _check_known(work: Work, line: Line, numbers: Numbers) -> None:
    """Refuse a number that was never in stock nor on a supply line."""
    item_no = line.key.item_no
    if not catalog.records(work.session, item_no, [numbers]):
        raise NumberUnknown(item_no=item_no, number=str(numbers))


def _for_supply(work: Work, command: Reserve, line: Line) -> Outcome:
    """Serve demands from a supply line, the earliest demand first."""
    end_of_hold(command.hold_until, work.at)
    outstanding, asked_for = line.outstanding, command.quantity
    balance = work.balance(line)
    free = sum((balance.available(s.supply_no) for s in _parts(balance, line)), ZERO)
    if asked_for is not None and asked_for > free:
        raise ExceedsOutstanding(line=line.line, unreserved=free, of_number="", quantity=asked_for)
    left = free if asked_for is None else asked_for
    served: dict[str, Decimal] = {}
    for demand_line in _demands_for(work, command, line):
        if left > ZERO:
            got = _serve(work, command, line, demand_line, left)
            left -= got
            served |= {demand_line.line: got} if got else {}
    if command.supply and not served:
        raise _why_nobody(work, command, line)
    reserved = sum(served.values(), ZERO)
    return Outcome(reserved=reserved, shortfall=min(left, outstanding), served=tuple(served))


def _parts(balance: RunningBalance, line: Line) -> list[Supply]:
    return balance.know(balance.shelf.of_source(line.line))


def _serve(work: Work, command: Reserve, line: Line, demand_line: Line, left: Decimal) -> Decimal:
    """Reserve for one demand from one supply line, as the demand itself would ask for it."""
    balance, demand = work.balance(line), demand_of(demand_line)
    balance.know_demands([demand])
    tracking = tracking_of(work, [demand_line])[demand_line.line]
    wanted = min(left, demand.outstanding - balance.reserved_of(demand.line))
    if wanted <= ZERO:
        return ZERO
    request = reserving.Request(
        demand=demand,
        tracking=tracking,
        numbers=_spelled(line, command.numbers, (tracked.numbers for tracked in tracking)),
        scope=reserving.Scope(source=line.line),
        hold_until=command.hold_until,
    )
    try:
        wants = reserving.wanted_numbers(balance, request)
    except EarmarkError:
        return ZERO
    return reserving.take_numbers(balance, request, wants, wanted)


def _demands_for(work: Work, command: Reserve, line: Line) -> list[Line]:
    """The demands that a supply may look for, the earliest first."""
    fitting = [
        demand
        for demand in _demands_named(work, command, line)
        if demand.key == line.key
        and demand.takes_part
        and demand.policy[0] is not ReservePolicy.NEVER
        and not is_too_late(line.date, demand.date)
    ]
    return sorted(fitting, key=lambda d: (d.date is None, d.date or line.date, d.line))


def _demands_named(work: Work, command: Reserve, line: Line) -> list[Line]:
    """The demands that a command for a supply line names: one line, a kind, or all of the key."""
    kind = demand_kind(command.supply)
    if command.supply and kind is None:
        found = lines.by_line(work.session, [command.supply])
        if command.supply not in found:
            raise LineUnknown(line=command.supply)
        return list(found.values())
    demands = lines.of_key(work.session, line.key, is_demand=True)
    return [demand for demand in demands if kind is None or demand.kind is kind]


def _why_nobody(work: Work, command: Reserve, line: Line) -> EarmarkError:
    """Why a supply line serves none of the demands named: as it is said from their side."""
    balance = work.balance(line)
    reasons: dict[str, EarmarkError | None] = {}
    parts = [part for part in _parts(balance, line) if part.quantity > ZERO]
    for demand in map(demand_of, _demands_named(work, command, line)):
        if not demand.kind.is_demand or demand.key != line.key:
            continue
        reserved = balance.reserved_of(demand.line)
        if reserved >= demand.outstanding:
            full = FullyReserved(
                line=demand.line, reserved=reserved, outstanding=demand.outstanding
            )
            reasons.setdefault(full.code, full)
            continue
        for part in parts:
            reason = unfit(part, demand)
            why = refusal(reason, part, demand) if reason else None
            reasons.setdefault(why.code if why else "", why)
    if len(reasons) == 1 and (why := next(iter(reasons.values()))) is not None:
        return why
    return NothingAvailable(supply=line.line, line=command.supply)


def _with(outcome: Outcome, said: Outcome) -> Outcome:
    """An outcome with what the changes of reservations have to say."""
    if not said.warnings:
        return outcome
    return replace(
        outcome,
        released=said.released,
        moves=said.moves,
        releases=said.releases,
        warnings=outcome.warnings + said.warnings,
    )


# -- Cancelling, changing, holding -------------------------------------------------------------


@at_the_door
def cancel(database: Database, command: Cancel) -> Outcome:
    """Cancel a line's reservations: all, those from one supply, those for one number.

    Order-to-order reservations stay; ``nothing-to-cancel`` where there is nothing that fits, and
    ``binding-fixed`` where all that fits is bound.
    """
    with unit_of_work(database, command, locking=_with_held(command)) as work:
        if work.repeated:
            return work.repeated[0]
        released = give_back(work, command)
        work.save()
        return work.report("cancel", command.line, Outcome(released=released))


def give_back(work: Work, command: Cancel) -> Decimal:
    """Give back what a command to cancel means, and say how much it was."""
    line = work.line(command.line)
    slots = _chosen(work, line, command)
    free_to_go = [slot for slot in slots if slot.binding is Binding.NONE]
    if not free_to_go:
        raise BindingFixed(supply=_name(work, line, slots[0]), line=slots[0].line)
    balance = work.balance(line)
    released = ZERO
    for slot in free_to_go:
        released += balance.held[slot]
        balance.give_back(slot, balance.held[slot])
    return released


def _name(work: Work, line: Line, slot: Slot) -> str:
    return work.balance(line).supply(slot.supply_no).name


@at_the_door
def change(database: Database, command: Change) -> Outcome:
    """Set the quantity of a line's reservation from one supply to less than it is."""
    with unit_of_work(database, command, locking=_with_held(command)) as work:
        if work.repeated:
            return work.repeated[0]
        line = work.line(command.line)
        slots = _chosen(work, line, command)
        balance = work.balance(line)
        reserved = sum((balance.held[slot] for slot in slots), ZERO)
        if command.quantity < ZERO or command.quantity > reserved:
            raise IncreaseByReserving(line=line.line, reserved=reserved, quantity=command.quantity)
        part_or_nothing(line, command.quantity)
        bound = next((slot for slot in slots if slot.binding), None)
        if bound is not None:
            raise BindingFixed(supply=_name(work, line, bound), line=bound.line)
        excess = reserved - command.quantity
        for slot in reversed(slots):
            given = min(excess, balance.held[slot])
            excess -= given
            balance.give_back(slot, given)
        work.save()
        outcome = Outcome(reserved=command.quantity, released=reserved - command.quantity)
        return work.report("change", command.line, outcome)


@at_the_door
def hold(database: Database, command: Hold) -> Outcome:
    """Set or lift the time limit of a line's reservations; lifted, they are ordinary ones."""
    with unit_of_work(database, command, locking=_with_held(command)) as work:
        if work.repeated:
            return work.repeated[0]
        end_of_hold(command.until, work.at)
        line = work.line(command.line)
        slots = _chosen(work, line, command)
        balance = work.balance(line)
        held = ZERO
        for slot in slots:
            if slot.binding:
                raise BindingFixed(supply=_name(work, line, slot), line=slot.line)
            quantity = balance.held[slot]
            held += quantity
            balance.give_back(slot, quantity)
            balance.take(slot._replace(hold_until=command.until), quantity)
        work.save()
        return work.report("hold", command.line, Outcome(reserved=held))


def _with_held(command: Cancel | Change | Hold) -> Locking:
    return Locking(lines=[command.line], held_by=command.line)


def _chosen(work: Work, line: Line, command: Cancel | Change | Hold) -> list[Slot]:
    """The line's reservations that a command means; refused where there are none."""
    work.know_held(line)
    balance = work.balance(line)
    found = _of_demand if line.kind.is_demand else _on_supply
    held = found(balance, line, command)
    numbers = _spelled(line, command.numbers, (slot.asked for slot in held))
    slots = [slot for slot in held if _means(numbers, slot)]
    if not slots:
        raise NothingToCancel(line=line.line, which=_which(command))
    holders = (balance.before[slot].by for slot in slots if slot in balance.before)
    check_take_over(
        line.line, holders, by=command.by, allowed=command.allowed, reason=command.reason
    )
    return slots


def _of_demand(balance: RunningBalance, line: Line, command: Cancel | Change | Hold) -> list[Slot]:
    """The reservations of a demand line, from the supply that a command names."""
    scope = supply_scope(command.supply, line.key.item_no)
    return [
        slot
        for slot in balance.slots_of(line.line)
        if not scope or scope.holds(balance.supply(slot.supply_no))
    ]


def _on_supply(balance: RunningBalance, line: Line, command: Cancel | Change | Hold) -> list[Slot]:
    """The reservations on a supply line, of the demand that a command names."""
    parts = [supply.supply_no for supply in _parts(balance, line)]
    return [slot for slot in balance.slots_on(parts) if command.supply in ("", slot.line)]


def _means(numbers: Numbers | Choice, slot: Slot) -> bool:
    if numbers is Choice.ANY:
        return True
    if numbers == NO_NUMBERS:
        return not slot.asked
    return bool(slot.asked) and (numbers is Choice.ALL or slot.asked.serves(numbers))


def _which(command: Cancel | Change | Hold) -> str:
    parts = [f" from {command.supply}"] if command.supply else []
    if command.numbers == NO_NUMBERS:
        parts.append(" that names no number")
    elif isinstance(command.numbers, Numbers):
        parts.append(f" for {command.numbers}")
    return "".join(parts)


def auto_reserve(work: Work, line: Line) -> Outcome:
    """Reserve a line whose policy is *always*, as far as there is supply (BC 5.4.4)."""
    balance = work.balance(line)
    balance.replace_demand(demand_of(line))
    line = settle(work, line)
    demand: Demand = demand_of(line)
    unreserved = demand.outstanding - balance.reserved_of(line.line)
    if not demand.takes_part or unreserved <= ZERO:
        return Outcome()
    return reserving.reserve(balance, reserving.Request(demand=demand))
