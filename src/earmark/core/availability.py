"""What is to be said of each number entered on a line: to be had, held by whom, or why not.

The answer of ``eligibility.obstacle`` and of the balance, for one number after the other. A serial
number brings the lot and the package that it is in stock with.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from earmark.core import window
from earmark.core.balance import RunningBalance
from earmark.core.eligibility import in_brief, obstacle
from earmark.core.picking_order import place_of
from earmark.core.quantity import ZERO
from earmark.core.stock import Demand, Supply
from earmark.core.tracking import Numbers
from earmark.core.views import Holding


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberAvailability:
    """A number as it was entered, and what of it this demand can have.

    ``completed`` has what its stock knows besides. ``available`` needs nobody to move, and
    ``in_stock`` is the part of it that is there; ``movable`` is held nonspecifically by others,
    ``own`` is reserved for the line by this very number. ``brief`` says in few words what keeps all
    of it out.
    """

    numbers: Numbers
    completed: Numbers
    total: Decimal
    available: Decimal
    in_stock: Decimal
    movable: Decimal
    own: Decimal
    brief: str
    reason: str
    expiration_date: date | None
    supplies: tuple[str, ...]
    holders: tuple[Holding, ...]


def availability(
    balance: RunningBalance,
    demand: Demand,
    supplies: Sequence[Supply],
    numbers: Iterable[Numbers],
) -> list[NumberAvailability]:
    """Each number with what the demand can have of it, out of all ``supplies`` of the item.

    What serves it is named in the order of choice.
    """
    by_serial: dict[str, list[Supply]] = {}
    in_order = sorted(supplies, key=lambda s: place_of(s, demand.picking_order))
    for supply in balance.know(s for s in in_order if s.quantity > ZERO):
        by_serial.setdefault(supply.numbers.serial_no, []).append(supply)
    everything = [supply for found in by_serial.values() for supply in found]
    return [
        _of(
            balance,
            demand,
            given,
            by_serial.get(given.serial_no, []) if given.serial_no else everything,
        )
        for given in numbers
    ]


def _of(
    balance: RunningBalance, demand: Demand, given: Numbers, among: Iterable[Supply]
) -> NumberAvailability:
    asked = given.only(demand.specific)
    found = [s for s in among if s.numbers.serves(asked)] if asked else []
    here = [s for s in found if s.key == demand.key]
    usable = [s for s in here if obstacle(s, demand, asked) is None]
    first = next(iter(usable or here or found), None)
    reason = obstacle(first, demand, asked) if first is not None and not usable else None
    return NumberAvailability(
        numbers=given,
        completed=_completed(given, here, demand),
        total=sum((s.quantity for s in found), ZERO),
        available=_free(balance, usable),
        in_stock=_free(balance, [s for s in usable if s.is_stock]),
        movable=sum((window.movable(balance, demand, s) for s in usable), ZERO),
        own=sum((window.held_by(balance, demand, s, asked) for s in here), ZERO),
        brief=in_brief(reason, first, demand) if reason and first is not None else "",
        reason=str(reason or ""),
        expiration_date=first.expiration_date if first is not None else None,
        supplies=tuple(dict.fromkeys(s.name for s in usable)),
        holders=tuple(h for s in here for h in window.holders(balance, demand, s)),
    )


def _free(balance: RunningBalance, usable: Iterable[Supply]) -> Decimal:
    return sum((max(balance.available(s.supply_no), ZERO) for s in usable), ZERO)


def _completed(given: Numbers, here: Sequence[Supply], demand: Demand) -> Numbers:
    known = {supply.numbers.only(demand.specific) for supply in here} if given.serial_no else set()
    return known.pop() if len(known) == 1 else given
