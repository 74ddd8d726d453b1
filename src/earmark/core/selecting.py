"""Select entries: filling a line's tracking lines from what is available, in picking order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import chain

from earmark.core.balance import RunningBalance
from earmark.core.eligibility import obstacle
from earmark.core.quantity import ZERO
from earmark.core.stock import Demand, Supply, TrackedQuantity
from earmark.core.tracking import Numbers


def select_entries(
    balance: RunningBalance,
    demand: Demand,
    tracking: Sequence[TrackedQuantity],
    requested: Iterable[tuple[Numbers, Decimal]],
    wanted: Decimal,
) -> dict[Numbers, Decimal]:
    """Choose numbers in stock for ``wanted`` units: free, or held nonspecifically by this line.

    ``requested`` is what other lines have entered and not reserved; it is left to them.
    """
    left_to_others = _by_number(requested)
    entered = _by_number((t.numbers, t.left) for t in tracking)
    chosen: dict[Numbers, Decimal] = {}
    seen: set[int] = set()
    for supply in chain(_held(balance, demand), balance.free()):
        if wanted <= ZERO:
            break
        if not supply.is_stock or not supply.numbers or obstacle(supply, demand) is not None:
            continue
        if supply.supply_no in seen:
            continue
        seen.add(supply.supply_no)
        offer = balance.available(supply.supply_no) + _own(balance, demand, supply.supply_no)
        offer -= _spend(left_to_others, supply.numbers, offer)
        offer -= _spend(entered, supply.numbers, offer)
        quantity = min(offer, wanted)
        if quantity > ZERO:
            chosen[supply.numbers] = chosen.get(supply.numbers, ZERO) + quantity
            wanted -= quantity
    return chosen


def _held(balance: RunningBalance, demand: Demand) -> list[Supply]:
    """What the line holds already comes first, so that naming it moves nothing."""
    return balance.supplies(slot.supply_no for slot in balance.slots_of(demand.line))


def _by_number(pairs: Iterable[tuple[Numbers, Decimal]]) -> dict[Numbers, Decimal]:
    totals: dict[Numbers, Decimal] = {}
    for numbers, quantity in pairs:
        totals[numbers] = totals.get(numbers, ZERO) + quantity
    return totals


def _own(balance: RunningBalance, demand: Demand, supply_no: int) -> Decimal:
    """What the line itself holds of a supply, named or not: it is there for its own numbers."""
    slots = balance.slots_of(demand.line)
    return sum((balance.held[slot] for slot in slots if slot.supply_no == supply_no), ZERO)


def _spend(claims: dict[Numbers, Decimal], numbers: Numbers, offer: Decimal) -> Decimal:
    """How much of an offer is claimed under its numbers; the claim is used up by it."""
    spent = ZERO
    for claimed, left in claims.items():
        if numbers.serves(claimed) and offer > spent:
            part = min(left, offer - spent)
            claims[claimed] -= part
            spent += part
    return spent
