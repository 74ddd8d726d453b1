"""What a change of a line does to its reservations: kept, moved, released or refused.

Promises are kept by moving nonspecific reservations where some assignment allows; only what can
not be kept is released or refused. A demand that shrinks gives up supply on order first, then the
last in picking order. A supply that shrinks takes from the demand that ships last.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from earmark.core import late_binding, reserving
from earmark.core.balance import RunningBalance
from earmark.core.eligibility import Reason, refusal, unfit
from earmark.core.picking_order import place_of
from earmark.core.quantity import ZERO
from earmark.core.stock import Demand, Slot, Supply

_IN_CONFLICT = (Reason.TOO_LATE, Reason.EXPIRED, Reason.SHELF_LIFE)


def release_all(balance: RunningBalance, line: str, why: str) -> None:
    """Give up everything a demand line has reserved."""
    for slot in balance.slots_of(line):
        balance.release(slot, balance.held[slot], why)


def shrink(balance: RunningBalance, demand: Demand, why: str) -> None:
    """Give up what a demand line has reserved beyond its outstanding quantity."""
    excess = balance.reserved_of(demand.line) - demand.outstanding
    for slot in _given_up_first(balance, demand):
        if excess <= ZERO:
            return
        quantity = min(excess, balance.held[slot])
        balance.release(slot, quantity, why)
        excess -= quantity


def _given_up_first(balance: RunningBalance, demand: Demand) -> list[Slot]:
    """Supply on order first, then the last in picking order; of one supply the nonspecific."""
    slots = balance.slots_of(demand.line)
    balance.supplies(slot.supply_no for slot in slots)

    def place(slot: Slot) -> tuple[object, ...]:
        supply = balance.supply(slot.supply_no)
        return (place_of(supply, demand.picking_order), not slot.is_movable)

    slots.sort(key=lambda slot: not slot.is_movable)
    slots.sort(key=lambda slot: place(slot)[0], reverse=True)  # type: ignore[arg-type,return-value]
    return slots


def redate_demand(balance: RunningBalance, demand: Demand, *, release: bool) -> None:
    """Keep the reservations of a demand whose date has changed, as far as they still fit."""
    balance.replace_demand(demand)
    slots = balance.slots_of(demand.line)
    _refit(balance, [(slot, demand) for slot in slots], release=release)


def redate_supply(balance: RunningBalance, supplies: Iterable[Supply], *, release: bool) -> None:
    """Keep the reservations on a supply whose date has changed, as far as they still fit."""
    numbers = []
    for supply in supplies:
        balance.put(supply)
        numbers.append(supply.supply_no)
    slots = balance.slots_on(numbers)
    _refit(
        balance,
        [(s, balance.demand(s.line)) for s in _earliest_first(balance, slots)],
        release=release,
    )


def _refit(balance: RunningBalance, slots: Sequence[tuple[Slot, Demand]], *, release: bool) -> None:
    """Move what does not fit any more to supply that does; refuse or release the rest."""
    for slot, demand in slots:
        supply = balance.supply(slot.supply_no)
        reason = unfit(supply, demand)
        if reason not in _IN_CONFLICT:
            continue
        left = balance.held[slot]
        left -= rebind(balance, demand, slot, left)
        if left > ZERO and not release:
            raise refusal(Reason.TOO_LATE, supply, demand)
        if left > ZERO:
            balance.release(slot, left, "the dates conflict")


def rebind(balance: RunningBalance, demand: Demand, slot: Slot, most: Decimal) -> Decimal:
    """Move a nonspecific reservation, ``most`` of it, to supply that fits; says how much did."""
    if not slot.is_movable:
        return ZERO
    return reserving.exchange(balance, demand, slot, slot, most)


def resize_supply(balance: RunningBalance, supplies: Sequence[Supply], why: str) -> None:
    """Let the parts of a supply line be as they will be, and keep the promises made of them.

    What no longer fits in its part goes to another part of the same line, then to other supply,
    and only then is released, from the demand that ships last.
    """
    for supply in sorted(
        supplies, key=lambda part: part.quantity - _was(balance, part), reverse=True
    ):
        balance.put(supply)
    parts = [supply.supply_no for supply in supplies]
    for supply_no in parts:
        settle_within(balance, supply_no, parts)
    for supply_no in parts:
        shed(balance, supply_no, why)


def _was(balance: RunningBalance, part: Supply) -> Decimal:
    known = balance.shelf.supplies([part.supply_no])
    return known[0].quantity if known else ZERO


def settle_within(balance: RunningBalance, supply_no: int, parts: Iterable[int]) -> None:
    """Let what one part can not hold stand on other parts of the same line."""
    if balance.available(supply_no) >= ZERO:
        return
    for slot in _latest_first(balance, balance.slots_on([supply_no])):
        for other in parts:
            quantity = min(
                -balance.available(supply_no), balance.held[slot], balance.available(other)
            )
            if quantity > ZERO and balance.supply(other).numbers.serves(slot.asked):
                balance.give_back(slot, quantity)
                balance.take(slot._replace(supply_no=other), quantity)


def shed(balance: RunningBalance, supply_no: int, why: str) -> None:
    """Bring a supply back to what it can promise: by moving holders, then by releasing.

    Where everybody can be kept, as few units move as must. Where not, the demands that ship first
    look for another place first, and what is released is the last to ship.
    """
    if balance.available(supply_no) >= ZERO:
        return
    supply = balance.supply(supply_no)
    take_back = balance.remember()
    late_binding.free(balance, [supply], ZERO, out_of_stock=True)
    if balance.available(supply_no) >= ZERO:
        return
    take_back()
    for slot in _earliest_first(balance, balance.slots_on([supply_no])):
        excess = -balance.available(supply_no)
        if excess > ZERO:
            rebind(balance, balance.demand(slot.line), slot, excess)
    late_binding.free(balance, [supply], ZERO, out_of_stock=True)
    for slot in _latest_first(balance, balance.slots_on([supply_no])):
        excess = -balance.available(supply_no)
        if excess <= ZERO:
            return
        balance.release(slot, min(excess, balance.held[slot]), why)


def _latest_first(balance: RunningBalance, slots: Iterable[Slot]) -> list[Slot]:
    return sorted(slots, key=lambda slot: _needed(balance, slot), reverse=True)


def _earliest_first(balance: RunningBalance, slots: Iterable[Slot]) -> list[Slot]:
    return sorted(slots, key=lambda slot: _needed(balance, slot))


def _needed(balance: RunningBalance, slot: Slot) -> tuple[date, str]:
    return (balance.demand(slot.line).needed_on or date.max, slot.line)
