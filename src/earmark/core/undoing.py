"""Undoing what a command did to reservations: what it made goes, what it ended is made again.

    reserve SO1: L1 10                cancel it again
    SO2 stepped aside, L1 4 to L2     SO2 goes back to L1, now that it is free

Exact where nothing has happened since. Where something has, three rules: what the command itself
made must still be there, else the undo is refused; what it ended is reserved again as far as the
same supply is still free and as good as it was; and those who only stepped aside go back together
or stay together where they are, because either way they lose nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from earmark.core.balance import RunningBalance
from earmark.core.outcome import Move, Release
from earmark.core.quantity import ZERO, plain
from earmark.core.roles import Operation
from earmark.core.stock import Slot, Supply
from earmark.errors.undoing import Superseded

OPERATION_OF = {
    "number": Operation.RATE,
    **dict.fromkeys(("track", "assign", "select"), Operation.TRACK),
    **dict.fromkeys(("reserve", "cancel", "change", "hold", "repair", "undo"), Operation.RESERVE),
    **dict.fromkeys(("ask", "give", "keep", "withdraw"), Operation.RESERVE),
    **dict.fromkeys(("enter", "add lines", "edit", "delete", "status"), Operation.ENTER),
}
"""What one must be allowed to do to undo a command of a sort; every other is a posting."""


class Difference(NamedTuple):
    """By how much a command changed one reservation: more is positive, less is negative."""

    balance: RunningBalance
    slot: Slot
    quantity: Decimal


class Undone(NamedTuple):
    """What an undo gave back and of whom, what it reserved again, and what could not be had."""

    released: Decimal
    releases: tuple[Release, ...]
    reserved: Decimal
    shortfall: Decimal


IsSpoilt = Callable[[Supply, str], bool]
"""Whether goods have become unfit for a line since; what was unfit already was so then, too."""


def undo_reservations(
    differences: Sequence[Difference],
    named: frozenset[str],
    outstanding: Callable[[str], Decimal],
    is_spoilt: IsSpoilt,
) -> Undone:
    """Take back the differences that a command made; ``named`` are the lines it was about."""
    aside = _stepped_aside(differences, named)
    own = [d for d in differences if d.slot.line not in aside]
    releases = tuple(_give_back(d) for d in own if d.quantity > ZERO)
    released = sum((release.quantity for release in releases), ZERO)
    _go_back([d for d in differences if d.slot.line in aside])
    reserved = shortfall = ZERO
    for balance, slot, quantity in own:
        if quantity < ZERO:
            got = _reserve_again(balance, slot, -quantity, outstanding(slot.line), is_spoilt)
            reserved, shortfall = reserved + got, shortfall - quantity - got
    return Undone(released, releases, reserved, shortfall)


def _stepped_aside(differences: Iterable[Difference], named: frozenset[str]) -> frozenset[str]:
    """The lines that were only moved: nothing was asked about them, and they lost nothing."""
    totals: dict[str, Decimal] = {}
    for _, slot, quantity in differences:
        totals[slot.line] = totals.get(slot.line, ZERO) + quantity
    return frozenset(line for line, total in totals.items() if not total and line not in named)


def _give_back(made: Difference) -> Release:
    balance, slot, quantity = made
    held, name = _held(balance, slot), balance.supply(slot.supply_no).name
    if held < quantity:
        why = (
            f"{slot.line} has {plain(held)} left of the {plain(quantity)} that it reserved "
            f"from {name} then"
        )
        raise Superseded(why=why)
    balance.give_back(slot, quantity)
    return Release(slot.line, quantity, name, "what reserved it was undone")


def _held(balance: RunningBalance, slot: Slot) -> Decimal:
    return balance.held.get(slot, ZERO) if slot in balance.slots_of(slot.line) else ZERO


def _go_back(aside: Sequence[Difference]) -> None:
    """Let everybody who stepped aside go back, or nobody: half a chain has nowhere to go."""
    for balance, slot, _ in aside:
        balance.supply(slot.supply_no)
    restore = [balance.remember() for balance in {id(d.balance): d.balance for d in aside}.values()]
    came = [d for d in aside if d.quantity > ZERO]
    left = [d for d in aside if d.quantity < ZERO]
    possible = all(_held(d.balance, d.slot) >= d.quantity for d in came)
    if possible:
        for balance, slot, quantity in came:
            balance.give_back(slot, quantity)
        possible = all(_take(balance, slot, -quantity) for balance, slot, quantity in left)
    if not possible:
        for take_back in restore:
            take_back()
        return
    _say_moved(came, left)


def _take(balance: RunningBalance, slot: Slot, quantity: Decimal) -> bool:
    if balance.available(slot.supply_no) < quantity:
        return False
    balance.take(slot, quantity)
    return True


def _say_moved(came: Sequence[Difference], left: Sequence[Difference]) -> None:
    for balance, slot, quantity in came:
        here = balance.supply(slot.supply_no)
        for _, home, away in left:
            if home.line == slot.line and home.supply_no != here.supply_no:
                there = balance.supply(home.supply_no)
                moved = min(quantity, -away)
                balance.moves.append(
                    Move(slot.line, moved, here.name, there.name, here.numbers, there.numbers)
                )


def _reserve_again(
    balance: RunningBalance,
    slot: Slot,
    wanted: Decimal,
    outstanding: Decimal,
    is_spoilt: IsSpoilt,
) -> Decimal:
    supply = balance.supply(slot.supply_no)
    room = outstanding - balance.reserved_of(slot.line)
    quantity = min(wanted, room, balance.available(slot.supply_no))
    if quantity <= ZERO or is_spoilt(supply, slot.line):
        return ZERO
    balance.take(slot, quantity)
    return quantity
