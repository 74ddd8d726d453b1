"""Repairing a reservation: it stands on other supply, and loses nothing by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from earmark.core import reserving
from earmark.core.balance import RunningBalance
from earmark.core.commands import Repair
from earmark.core.eligibility import obstacle, refusal, unfit
from earmark.core.outcome import Notice, Outcome
from earmark.core.quantity import ZERO, plain
from earmark.core.reserving import Scope
from earmark.core.roles import check_take_over
from earmark.core.stock import Demand, Line, Slot, TrackedQuantity, demand_of
from earmark.core.tracking import NO_NUMBERS, Numbers
from earmark.database import tracking_lines
from earmark.database.engine import Database
from earmark.database.unit_of_work import Locking, Work, told, unit_of_work
from earmark.errors import BindingFixed, NothingAvailable, NothingToCancel
from earmark.usecases.door import at_the_door
from earmark.usecases.naming import supply_scope


@at_the_door
def repair(database: Database, command: Repair) -> Outcome:
    """Let a line's reservation from one supply stand on other supply that is good for it.

    Of what the line holds there, that which is not good any more goes; where all of it is good, all
    goes. It goes to the supply named, else wherever it finds a place, with late binding. A
    specific reservation takes the new number over: its tracking lines name it instead of the old.
    What finds no place stays where it is and is the shortfall.
    """
    with unit_of_work(database, command, locking=Locking(lines=[command.line])) as work:
        if work.repeated:
            return work.repeated[0]
        line = work.demand_line(command.line)
        balance, demand = work.balance(line), demand_of(line)
        balance.know_demands([demand])
        slots = _to_move(balance, demand, command)
        scope = supply_scope(command.to_supply, line.key.item_no)
        wanted = sum((balance.held[slot] for slot in slots), ZERO)
        found = sum((_move(work, line, slot, scope) for slot in slots), ZERO)
        if not found:
            raise _nowhere(balance, demand, scope, command)
        said = told(work.save())
        outcome = replace(
            said,
            reserved=found,
            shortfall=wanted - found,
            warnings=(*said.warnings, *_short(line, found, wanted)),
        )
        return work.report("repair", command.line, outcome)


def _to_move(balance: RunningBalance, demand: Demand, command: Repair) -> list[Slot]:
    scope = supply_scope(command.supply, demand.key.item_no)
    held = [s for s in balance.slots_of(demand.line) if scope.holds(balance.supply(s.supply_no))]
    if not held:
        raise NothingToCancel(line=demand.line, which=f" from {command.supply}")
    bad = [s for s in held if unfit(balance.supply(s.supply_no), demand) is not None] or held
    if all(slot.binding for slot in bad):
        raise BindingFixed(supply=balance.supply(bad[0].supply_no).name, line=demand.line)
    chosen = [slot for slot in bad if not slot.binding]
    holders = (balance.before[slot].by for slot in chosen)
    check_take_over(
        demand.line, holders, by=command.by, allowed=command.allowed, reason=command.reason
    )
    return chosen


def _move(work: Work, line: Line, slot: Slot, scope: Scope) -> Decimal:
    balance, demand = work.balance(line), demand_of(line)
    if not slot.asked:
        return reserving.exchange(balance, demand, slot, slot, balance.held[slot], scope)
    found = ZERO
    for supply in [s for s in balance.free() if scope.holds(s)]:
        free = min(balance.held[slot], balance.available(supply.supply_no))
        is_other = supply.supply_no != slot.supply_no
        if free > ZERO and is_other and obstacle(supply, demand) is None:
            named = supply.numbers.only(demand.specific)
            like = slot._replace(asked=named)
            only = Scope(source=supply.source, supply_no=0 if supply.source else supply.supply_no)
            moved = reserving.exchange(balance, demand, slot, like, free, only)
            _rename(work, line, slot.asked, supply.numbers, moved)
            found += moved
    return found


def _rename(work: Work, line: Line, old: Numbers, new: Numbers, quantity: Decimal) -> None:
    """The line's tracking names the new number instead of the old, for so much."""
    pending = [t for t in work.pending.tracking if t[0].line == line.line]
    first = tracking_lines.tracking_of(work.session, [line])[line.line]
    before = pending[0][1] if pending else first
    now = list(pending[0][2]) if pending else list(before)
    work.pending.tracking = [t for t in work.pending.tracking if t[0].line != line.line]
    work.pending.tracking.append((line, before, _renamed(now, old, new, quantity)))


def _renamed(
    tracking: Sequence[TrackedQuantity], old: Numbers, new: Numbers, quantity: Decimal
) -> list[TrackedQuantity]:
    left, after = quantity, []
    for tracked in tracking:
        taken = min(left, tracked.left) if tracked.numbers.serves(old) else ZERO
        left -= taken
        if tracked.quantity > taken:
            after.append(replace(tracked, quantity=tracked.quantity - taken, to_handle=None))
    known = next((t for t in after if t.numbers == new), None)
    if known is not None:
        after.remove(known)
    base = known or TrackedQuantity(new, ZERO, None, ZERO, None)
    return [*after, replace(base, quantity=base.quantity + quantity, to_handle=None)]


def _nowhere(balance: RunningBalance, demand: Demand, scope: Scope, command: Repair) -> Exception:
    """Why the supply that was named can not take it, or that nothing can."""
    if scope:
        for supply in [s for s in balance.everything() if scope.holds(s)]:
            reason = obstacle(supply, demand, NO_NUMBERS)
            if reason is not None:
                return refusal(reason, supply, demand)
    return NothingAvailable(supply=command.to_supply or "Other supply", line=demand.line)


def _short(line: Line, found: Decimal, wanted: Decimal) -> tuple[Notice, ...]:
    if found == wanted:
        return ()
    said = f"{plain(found)} of {plain(wanted)} found another place for {line.line}."
    return (Notice("short", said),)
