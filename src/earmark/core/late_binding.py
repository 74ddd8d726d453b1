"""Late binding: nonspecific reservations step aside for whoever names the goods.

A nonspecific reservation promises a quantity, not a lot; which lot it stands on is settled late. So
a request for lot L1 that is held nonspecifically is granted exactly if *some* assignment still
serves every promise. That is a transportation problem, and it is solved as one: from the present
assignment, one cheapest augmenting path after another, until enough is free or no path is left.

    SO1 names L1      L1 -- held by SO2, who can use --> L2 -- held by SO3 --> PO1, free

A path starts at a supply that is asked for and ends at one that has something free; each step takes
a holder from one supply to another that is as good for him. What a step costs, in this order:

1. one unit moved, unless the unit has moved already in this request (a unit that goes back to
   where it stood gives its cost back), so that no more units move than must;
2. one unit less of the holder's stands in stock than before, so that alternatives in stock come
   first. Whoever came into stock by this decision leaves it again for nothing, and nobody's coming
   into stock makes up for another's leaving it.

Cheapest paths one after another give the cheapest assignment for every quantity (the textbook's
successive shortest paths), so the answer is exact both in what is granted and in what moves.

What it reads: the holders of the goods asked for, and free supply in the order of choice until one
fits. A free lot in stock that suits a holder is the cheapest step there is, so nothing better need
be looked for; the ordinary request among ten thousand holders reads a few rows. Only when there is
no such lot is the whole stock key read. Then supplies alike for every holder (same date, same
expiration date) are one class, and the work is linear in supplies and holders.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from earmark.core.balance import RunningBalance
from earmark.core.eligibility import unfit
from earmark.core.quantity import ZERO
from earmark.core.stock import Slot, Supply


class Cost(NamedTuple):
    """What a path costs per unit: units moved, and units that leave stock for goods on order."""

    moved: int
    demoted: int

    def plus(self, other: Cost) -> Cost:
        """Both, one after the other."""
        return Cost(self.moved + other.moved, self.demoted + other.demoted)


NOTHING = Cost(0, 0)


class Step(NamedTuple):
    """A holder goes from his supply to another; at most ``limit`` units at this cost."""

    slot: Slot
    to_supply_no: int
    limit: Decimal


class Path(NamedTuple):
    """Steps from a supply asked for to one with something free, and what they cost per unit."""

    cost: Cost
    steps: tuple[Step, ...]


class Alike(NamedTuple):
    """What makes supplies interchangeable for every nonspecific holder."""

    is_stock: bool
    available_on: date | None
    expiration_date: date | None
    has_numbers: bool
    is_blocked: bool


def free(
    balance: RunningBalance, asked: Sequence[Supply], wanted: Decimal, *, out_of_stock: bool
) -> Decimal:
    """Move nonspecific reservations off the supplies asked for, until ``wanted`` is available.

    Gives back what is available on them then. No reservation is ever lost by it. A holder gives
    up goods in stock for goods on order only where ``out_of_stock`` allows: for somebody who names
    the number or has picked it, never for another who would take any.
    """
    search = _Search(balance, {supply.supply_no: None for supply in asked}, out_of_stock)
    found = search.available()
    while found < wanted:
        path = search.cheapest()
        if path is None:
            break
        found += _follow(balance, path, wanted - found)
    return found


def _follow(balance: RunningBalance, path: Path, wanted: Decimal) -> Decimal:
    """Move along a path, from its end, as much as every step of it allows."""
    end = balance.available(path.steps[-1].to_supply_no)
    quantity = min(wanted, end, *(step.limit for step in path.steps))
    for step in reversed(path.steps):
        balance.move(step.slot, step.to_supply_no, quantity)
    return quantity


@dataclass(slots=True)
class _Search:
    """One search: what was asked for, what may be done, and the cheapest cost left to hope for."""

    balance: RunningBalance
    asked: dict[int, None]
    out_of_stock: bool
    floor: Cost = NOTHING
    _spent: set[int] = field(default_factory=set)

    def available(self) -> Decimal:
        """What is available on the supplies asked for; what one lacks the others must make up."""
        return sum((self.balance.available(no) for no in self.asked), ZERO)

    def cheapest(self) -> Path | None:
        """The cheapest path left, or none."""
        slots = self._holders()
        if not slots or self._nothing_is_free():
            return None
        path = self._direct(slots)
        if path is None or path.cost > max(self.floor, self._least(slots)):
            path = self._through_all()
        if path is not None:
            self.floor = path.cost
        return path

    def _holders(self) -> list[Slot]:
        """The movable reservations on what is asked for, the latest demand first."""
        slots = [s for s in self.balance.slots_on(self.asked) if s.is_movable]
        if len(slots) > 1:
            unknown = {slot.line for slot in slots}
            self.balance.know_demands(self.balance.shelf.demands(unknown))
        return sorted(slots, key=self._lateness)

    def _lateness(self, slot: Slot) -> tuple[int, str]:
        needed_on = self.balance.demand(slot.line).needed_on
        return (-(needed_on or date.max).toordinal(), slot.line)

    def _nothing_is_free(self) -> bool:
        return next(self._destinations(), None) is None

    def _destinations(self) -> Iterator[Supply]:
        return (s for s in self.balance.free() if s.supply_no not in self.asked)

    def _least(self, slots: Iterable[Slot]) -> Cost:
        """No path can cost less than the first step of a unit that has not moved yet."""
        moved_before = any(self.balance.came(slot) > ZERO for slot in slots)
        return NOTHING if moved_before else Cost(1, 0)

    def _direct(self, slots: Iterable[Slot]) -> Path | None:
        """The cheapest single step to goods in stock that are free, the first in picking order."""
        found: Path | None = None
        for slot in slots:
            demand = self.balance.demand(slot.line)
            for supply in self._destinations():
                if not supply.is_stock:
                    break
                if unfit(supply, demand) is None:
                    cost, limit = self._leave(slot, self.balance.supply(slot.supply_no), supply)
                    path = Path(cost, (Step(slot, supply.supply_no, limit),))
                    if found is None or cost < found.cost:
                        found = path
                    break
            if found is not None and found.cost <= self._least(slots):
                break
        return found

    def _leave(self, slot: Slot, here: Supply, there: Supply) -> tuple[Cost, Decimal]:
        """What it costs a holder to go, and how much of him at that cost."""
        moved, limit = _leaving(self.balance, slot)
        demoted, most = _leaving_stock(self.balance, slot, here, stays=there.is_stock)
        return Cost(moved, demoted), min(limit, most)

    def _through_all(self) -> Path | None:
        """The cheapest path of any length, through everything there is (label correcting)."""
        return _Labels(self.balance, self.asked, out_of_stock=self.out_of_stock).cheapest()


class _Label(NamedTuple):
    """The cheapest way found to a supply: what it costs and the last step."""

    cost: Cost
    slot: Slot | None
    limit: Decimal


class _Labels:
    """Label correcting over supplies; holders reach all supplies of a class at one cost."""

    def __init__(
        self, balance: RunningBalance, asked: Iterable[int], *, out_of_stock: bool
    ) -> None:
        self.balance = balance
        self.asked = frozenset(asked)
        self.out_of_stock = out_of_stock
        self.places: dict[Alike, list[Supply]] = {}
        for supply in balance.everything():
            if supply.supply_no not in self.asked and not supply.is_blocked:
                self.places.setdefault(_alike(supply), []).append(supply)
        self.labels = {no: _Label(NOTHING, None, ZERO) for no in self.asked}
        self.class_costs: dict[Alike, Cost] = {}
        self.waiting = deque(self.labels)
        self.is_waiting = set(self.labels)

    def cheapest(self) -> Path | None:
        """The cheapest path to a supply with something free; the first in order among equals."""
        while self.waiting:
            supply_no = self.waiting.popleft()
            self.is_waiting.discard(supply_no)
            self._spread(supply_no)
        ends = [
            (label.cost, supply_no)
            for supply_no, label in self.labels.items()
            if supply_no not in self.asked and self.balance.available(supply_no) > ZERO
        ]
        if not ends:
            return None
        best = min(cost for cost, _ in ends)
        open_ends = {supply_no for cost, supply_no in ends if cost == best}
        first = next(s.supply_no for s in self.balance.free() if s.supply_no in open_ends)
        return Path(best, self._steps(first))

    def _spread(self, supply_no: int) -> None:
        """Let every holder of a supply reach whatever suits him."""
        here = self.balance.supply(supply_no)
        for slot in self.balance.slots_on([supply_no]):
            if slot.is_movable:
                self._send(slot, here)
                self._send_home(slot, here)

    def _send(self, slot: Slot, here: Supply) -> None:
        demand = self.balance.demand(slot.line)
        cost, limit = _leaving(self.balance, slot)
        label = self.labels[here.supply_no]
        for alike, supplies in self.places.items():
            if unfit(supplies[0], demand) is not None:
                continue
            demoted, most = _leaving_stock(self.balance, slot, here, stays=alike.is_stock)
            if demoted > 0 and not self.out_of_stock:
                continue
            there = label.cost.plus(Cost(cost, demoted))
            if alike not in self.class_costs or there < self.class_costs[alike]:
                self.class_costs[alike] = there
                for supply in supplies:
                    self._reach(supply, _Label(there, slot, min(limit, most)))

    def _send_home(self, slot: Slot, here: Supply) -> None:
        """A unit that came here during this decision may go back, and costs nothing then."""
        if self.balance.came(slot) <= ZERO:
            return
        for home in self.balance.places_of(slot.line):
            away = -self.balance.came(home)
            if not home.is_movable or away <= ZERO:
                continue
            there = self.balance.supply(home.supply_no)
            demoted, most = _leaving_stock(self.balance, slot, here, stays=there.is_stock)
            if there.supply_no in self.asked or (demoted > 0 and not self.out_of_stock):
                continue
            cost = self.labels[here.supply_no].cost.plus(Cost(-1, demoted))
            limit = min(away, self.balance.came(slot), most)
            self._reach(there, _Label(cost, slot, limit))

    def _reach(self, supply: Supply, label: _Label) -> None:
        number = supply.supply_no
        if number in self.labels and self.labels[number].cost <= label.cost:
            return
        if label.slot is not None and label.slot.supply_no == number:
            return
        self.labels[number] = label
        if number not in self.is_waiting:
            self.is_waiting.add(number)
            self.waiting.append(number)

    def _steps(self, end: int) -> tuple[Step, ...]:
        steps: list[Step] = []
        number = end
        while True:
            label = self.labels[number]
            if label.slot is None:
                return tuple(reversed(steps))
            steps.append(Step(label.slot, number, label.limit))
            number = label.slot.supply_no


def _alike(supply: Supply) -> Alike:
    return Alike(
        supply.is_stock,
        supply.available_on,
        supply.expiration_date,
        supply.is_numbered,
        supply.is_blocked,
    )


def _leaving(balance: RunningBalance, slot: Slot) -> tuple[int, Decimal]:
    """How many units the next one to leave counts as moved, and for how many that holds."""
    came = balance.came(slot)
    return (0, came) if came > ZERO else (1, balance.held[slot])


def _leaving_stock(
    balance: RunningBalance, slot: Slot, here: Supply, *, stays: bool
) -> tuple[int, Decimal]:
    """What the next one to go costs in units that leave stock, and for how many that holds.

    ``stays`` says that he goes to goods in stock. It is reckoned for the holder as a whole: his
    units are all the same to him, and those of another are not his.
    """
    held = balance.held[slot]
    if here.is_stock == stays:
        return 0, held
    gained = balance.gained_in_stock(slot.line)
    if stays:
        return (-1, min(held, -gained)) if gained < ZERO else (0, held)
    return (0, min(held, gained)) if gained > ZERO else (1, held)
