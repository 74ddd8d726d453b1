"""Supply lines and the supplies that they are: one for each number entered, one for the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from earmark.core.eligibility import is_too_late
from earmark.core.entering import parts_of
from earmark.core.outcome import Notice
from earmark.core.quantity import ZERO
from earmark.core.stock import Binding, Demand, Line, Slot, Supply, TrackedQuantity, demand_of
from earmark.core.tracking import Numbers
from earmark.database import catalog, lines
from earmark.database.unit_of_work import Work
from earmark.errors import DateConflict, LineUnknown, NothingAvailable
from earmark.usecases.catalog import know_numbers


def reshape(work: Work, line: Line, tracking: Sequence[TrackedQuantity]) -> list[Supply]:
    """What the supplies of a line must be after it has changed; the new ones are to be written.

    The balance knows nothing of it yet: the caller decides what it means for reservations.
    """
    balance = work.balance(line)
    existing = {s.numbers: s for s in balance.know(balance.shelf.of_source(line.line))}
    wanted = parts_of(line, tracking)
    know_numbers(work, line.key.item_no, {numbers: None for numbers in wanted if numbers})
    records = catalog.records(work.session, line.key.item_no, wanted)
    fresh = [numbers for numbers in wanted if numbers not in existing]
    numbers_of_new = iter(work.new_numbers(line.key.item_no, len(fresh)) if fresh else ())
    after = []
    for numbers, part in wanted.items():
        is_blocked, own_date = catalog.judged(records, numbers)
        old = existing.pop(numbers, None) or _new(line, numbers, next(numbers_of_new))
        after.append(
            replace(
                old,
                key=line.key,
                quantity=part.left,
                available_on=line.date,
                expiration_date=own_date or part.expiration_date,
                is_blocked=is_blocked,
            )
        )
    gone = [replace(s, quantity=ZERO) for s in existing.values() if s.quantity > ZERO]
    work.pending.new += [part for part in after if part.numbers in fresh]
    work.pending.change(*(part for part in after if part.numbers not in fresh), *gone)
    return [*after, *gone]


def _new(line: Line, numbers: Numbers, supply_no: int) -> Supply:
    return Supply(
        supply_no,
        line.kind.value,
        line.key,
        line.line,
        numbers,
        ZERO,
        ZERO,
        ZERO,
        line.date,
        None,
        None,
        is_blocked=False,
    )


def bind(work: Work, supply_line: Line, demand_line: Line) -> Notice | None:
    """Reserve a supply line for the demand it was made for; the binding is order-to-order.

    Says why, where nothing of it could be bound.
    """
    balance = work.balance(supply_line)
    demand = demand_of(demand_line)
    balance.know_demands([demand])
    if demand_line.key != supply_line.key:
        raise NothingAvailable(supply=supply_line.line, line=demand_line.line)
    if is_too_late(supply_line.date, demand_line.date):
        raise DateConflict(
            supply=supply_line.line,
            supply_date=supply_line.date,
            line=demand_line.line,
            demand_date=demand_line.date,
        )
    for line in (supply_line, demand_line):
        if not line.takes_part:
            return not_bound(supply_line, _waiting(line))
    wanted = demand.outstanding - balance.reserved_of(demand.line)
    if wanted <= ZERO:
        return not_bound(supply_line, "nothing is left to reserve of that.")
    for part in balance.supplies(_parts_of(work, supply_line)):
        quantity = min(wanted, balance.available(part.supply_no))
        if quantity > ZERO:
            slot = Slot(demand.line, part.supply_no, Numbers(), Binding.ORDER_TO_ORDER, None)
            balance.take(slot, quantity)
            wanted -= quantity
    return None


def not_bound(supply_line: Line, why: str) -> Notice:
    """That a supply line is not bound to the demand it was made for."""
    said = f"{supply_line.line} is not bound to {supply_line.made_for}: {why}"
    return Notice("not-bound", said)


def _waiting(line: Line) -> str:
    """Why the line of an order that takes no part is bound to nothing yet (BC 9.1)."""
    number = line.document_no
    status = line.status.replace("_", " ")
    return f"{number} is {status}. It will be once {number} is firm planned or released."


def _parts_of(work: Work, line: Line) -> list[int]:
    """The supplies that a line is: those that were there, and those that are to be written."""
    balance = work.balance(line)
    parts = [s.supply_no for s in balance.know(balance.shelf.of_source(line.line))]
    parts += [part.supply_no for part in work.pending.new if part.source == line.line]
    return list(dict.fromkeys(parts))


def bound_demands(work: Work, line: Line) -> list[Demand]:
    """The demands that a supply line is bound to, order-to-order."""
    balance = work.balance(line)
    slots = balance.slots_on(_parts_of(work, line))
    slots = [slot for slot in slots if slot.binding is Binding.ORDER_TO_ORDER]
    return [balance.demand(line_no) for line_no in dict.fromkeys(slot.line for slot in slots)]


def demand_line_of(work: Work, reference: str) -> Line:
    """A demand line that a supply is made for."""
    found = lines.by_line(work.session, [reference])
    if reference not in found:
        raise LineUnknown(line=reference)
    return found[reference]
