"""Who holds goods, in the words of a refusal."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from earmark.core.balance import RunningBalance
from earmark.core.quantity import ZERO, plain
from earmark.core.stock import Supply

HOLDERS_TOLD = 5
"""How many of those who hold goods a refusal names."""


def because(balance: RunningBalance, goods: Iterable[Supply], line: str) -> str:
    """Why a line cannot have goods: who else holds how much of them, or how much there is.

    At most a few are told by name.
    """
    there = list(goods)
    held: dict[str, Decimal] = {}
    for slot in balance.slots_on(supply.supply_no for supply in there):
        if slot.line != line:
            held[slot.line] = held.get(slot.line, ZERO) + balance.held[slot]
    told = [f"{other} holds {plain(quantity)}" for other, quantity in held.items() if quantity]
    if not told:
        return f"; {plain(sum((supply.quantity for supply in there), ZERO))} in stock"
    rest = len(told) - HOLDERS_TOLD
    return f": {', '.join(told[:HOLDERS_TOLD])}" + (f" and {rest} more" if rest > 0 else "")
