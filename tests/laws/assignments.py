"""Every way to stand units on supplies, tried: what late binding could have done at best.

Deliberately nothing like the engine: no paths, no classes, no order of choice. One unit after the
other is put on every supply it may stand on, and of all fillings that come out the best is named.
Exponential, and exact.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

Room = tuple[int, ...]
"""What is left of each supply."""

Cost = tuple[int, int]
"""Units that moved; those among them that left stock for goods on order."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit promised: where it stands, and where it may stand."""

    home: int
    places: frozenset[int]


@dataclass(frozen=True, slots=True)
class Best:
    """The most that can be made room for, and the least that it costs."""

    granted: int
    cost: Cost


def fillings(room: Room, units: Sequence[Unit], stock: Collection[int]) -> Mapping[Room, Cost]:
    """Every room that may be left once every unit stands somewhere, at its least cost."""
    found: dict[Room, Cost] = {room: (0, 0)}
    for unit in units:
        after: dict[Room, Cost] = {}
        for left, (moved, demoted) in found.items():
            for place in unit.places:
                if not left[place]:
                    continue
                filled = (*left[:place], left[place] - 1, *left[place + 1 :])
                leaves = int(unit.home in stock and place not in stock)
                cost = (moved + (place != unit.home), demoted + leaves)
                after[filled] = min(cost, after.get(filled, cost))
        found = after
    return found


def best(
    room: Room,
    units: Sequence[Unit],
    *,
    stock: Collection[int],
    asked: Collection[int],
    wanted: int,
) -> Best:
    """The most of ``wanted`` that the supplies asked for can have room for, at its least cost."""
    found = {
        left: (min(wanted, sum(left[place] for place in asked)), cost)
        for left, cost in fillings(room, units, stock).items()
    }
    granted = max(granted for granted, _ in found.values())
    return Best(granted, min(cost for enough, cost in found.values() if enough == granted))
