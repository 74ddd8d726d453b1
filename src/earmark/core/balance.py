"""A stock key being spent during one decision.

The only mutable thing in the core. It reads supplies, entries and demands from the shelf as they
are needed, is taken from, given back to and moved about, and at the end says how the reservation
entries differ from what they were. It never leaves the core.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from earmark.core.items import StockKey
from earmark.core.outcome import Move, Release
from earmark.core.picking_order import Place, place_of
from earmark.core.quantity import ZERO
from earmark.core.stock import Demand, ReservationEntry, Shelf, Slot, Supply
from earmark.core.tracking import Numbers


@dataclass(frozen=True, slots=True)
class ReservationChanges:
    """How the reservation entries of one stock key change: rows that end, rows that begin."""

    key: StockKey
    ended: tuple[ReservationEntry, ...] = ()
    made: tuple[tuple[Slot, Decimal], ...] = ()
    moves: tuple[Move, ...] = ()
    releases: tuple[Release, ...] = ()


@dataclass(slots=True)
class RunningBalance:
    """What is left of each supply, and who holds what, while a decision is being made."""

    shelf: Shelf
    held: dict[Slot, Decimal] = field(default_factory=dict)
    before: dict[Slot, ReservationEntry] = field(default_factory=dict)
    moves: list[Move] = field(default_factory=list)
    releases: list[Release] = field(default_factory=list)
    _supplies: dict[int, Supply] = field(default_factory=dict)
    _available: dict[int, Decimal] = field(default_factory=dict)
    _slots_on: dict[int, dict[Slot, None]] = field(default_factory=dict)
    _slots_of: dict[str, dict[Slot, None]] = field(default_factory=dict)
    _entries_read: set[int] = field(default_factory=set)
    _lines_read: set[str] = field(default_factory=set)
    _demands: dict[str, Demand] = field(default_factory=dict)
    _free: list[Place] = field(default_factory=list)
    _unread: Iterator[Supply] | None = None
    _next: Supply | None = None
    _is_all_read: bool = False
    _added: dict[int, None] = field(default_factory=dict)
    _stood: dict[Slot, Decimal] = field(default_factory=dict)
    _spent: dict[Slot, None] = field(default_factory=dict)

    # -- reading ------------------------------------------------------------------------------

    def know(self, supplies: Iterable[Supply]) -> list[Supply]:
        """Take supplies in that were read, and give back those that still exist here."""
        known = []
        for supply in supplies:
            if supply.supply_no not in self._supplies:
                self._supplies[supply.supply_no] = supply
                self._available[supply.supply_no] = (
                    supply.quantity - supply.reserved + self._change_on(supply.supply_no)
                )
            known.append(self._supplies[supply.supply_no])
        return known

    def _change_on(self, supply_no: int) -> Decimal:
        """What was given back on a supply before the supply itself was read."""
        slots = self._slots_on.get(supply_no, ())
        return sum((self._was(slot) - self.held[slot] for slot in slots), ZERO)

    def supply(self, supply_no: int) -> Supply:
        """One supply, read if need be."""
        if supply_no not in self._supplies:
            self.know(self.shelf.supplies([supply_no]))
        return self._supplies[supply_no]

    def supplies(self, supply_nos: Iterable[int]) -> list[Supply]:
        """These supplies, those unknown read together."""
        wanted = list(dict.fromkeys(supply_nos))
        unknown = [no for no in wanted if no not in self._supplies]
        if unknown:
            self.know(self.shelf.supplies(unknown))
        return [self._supplies[no] for no in wanted]

    def demand(self, line: str) -> Demand:
        """One demand line, read if need be."""
        if line not in self._demands:
            self.know_demands(self.shelf.demands([line]))
        return self._demands[line]

    def know_demands(self, demands: Iterable[Demand]) -> None:
        """Take demands in that were read; what is known already stays."""
        for demand in demands:
            self._demands.setdefault(demand.line, demand)

    def replace_demand(self, demand: Demand) -> None:
        """Let a demand be what it will be after the change that is being decided."""
        self._demands[demand.line] = demand

    def slots_on(self, supply_nos: Iterable[int]) -> list[Slot]:
        """Who holds something of these supplies now."""
        wanted = list(supply_nos)
        unread = [no for no in wanted if no not in self._entries_read]
        if unread and not self._is_all_read:
            self._know_entries(self.shelf.entries_on(unread))
        self._entries_read.update(unread)
        return [s for no in wanted for s in self._slots_on.get(no, ()) if self.held[s] > ZERO]

    def slots_of(self, line: str) -> list[Slot]:
        """What a demand line holds now."""
        self._read_entries_of(line)
        return [slot for slot in self._slots_of.get(line, ()) if self.held[slot] > ZERO]

    def _read_entries_of(self, line: str) -> None:
        if line not in self._lines_read:
            self._know_entries(self.shelf.entries_of([line]))
            self._lines_read.add(line)

    def know_entries_of(self, line: str, entries: Iterable[ReservationEntry]) -> None:
        """Take in all the entries of a line, when they were read together with others."""
        self._know_entries(entries)
        self._lines_read.add(line)

    def _know_entries(self, entries: Iterable[ReservationEntry]) -> None:
        for entry in entries:
            if entry.slot not in self.before:
                self.before[entry.slot] = entry
                self._index(entry.slot)
                self.held[entry.slot] = self.held.get(entry.slot, ZERO) + entry.quantity

    def _index(self, slot: Slot) -> None:
        self._slots_on.setdefault(slot.supply_no, {})[slot] = None
        self._slots_of.setdefault(slot.line, {})[slot] = None

    def reserved_of(self, line: str) -> Decimal:
        """What a demand line has reserved now."""
        return sum((self.held[slot] for slot in self.slots_of(line)), ZERO)

    def available(self, supply_no: int) -> Decimal:
        """What is unreserved of a supply; negative while it is being cut below its promises."""
        self.supply(supply_no)
        return self._available[supply_no]

    def nonspecific(self, supply: Supply) -> Decimal:
        """How much of a supply is held nonspecifically now."""
        slots = self._slots_on.get(supply.supply_no, ())
        return supply.nonspecific + sum((self.guests(s) for s in slots if s.is_movable), ZERO)

    def free(self) -> Iterator[Supply]:
        """Supply with something available, in the order of choice, read as it is consumed."""
        last: Place = ()
        while True:
            at = bisect_right(self._free, last)
            unread = self._peek()
            if unread is not None and (
                at == len(self._free) or self._place(unread) < self._free[at]
            ):
                self._next = None
                self.know([unread])
                self._free_again(unread.supply_no)
            elif at == len(self._free):
                return
            elif self._available[_number(self._free[at])] <= ZERO:
                del self._free[at]
            else:
                last = self._free[at]
                yield self._supplies[_number(last)]

    def _peek(self) -> Supply | None:
        if self._unread is None:
            self._unread = iter(self.shelf.free())
        if self._next is None:
            self._next = next(self._unread, None)
        return self._next

    def _place(self, supply: Supply) -> Place:
        return place_of(supply, self.shelf.picking_order)

    def asked(self, asked: Numbers) -> list[Supply]:
        """Supply with these numbers, free or not, in the order of choice."""
        found = self.know(self.shelf.asked(asked))
        if not self._added:
            return found
        known = {supply.supply_no for supply in found}
        added = (self._supplies[no] for no in self._added if no not in known)
        return found + [supply for supply in added if supply.numbers.serves(asked)]

    def everything(self) -> list[Supply]:
        """All supply there is, with every entry that may be moved and its demand."""
        if not self._is_all_read:
            known = self.know(self.shelf.everything())
            self._know_entries(self.shelf.movable())
            lines = [slot.line for slot in self.held if slot.line not in self._demands]
            self.know_demands(self.shelf.demands(dict.fromkeys(lines)))
            self._entries_read.update(supply.supply_no for supply in known)
            self._is_all_read = True
        return sorted(self._supplies.values(), key=self._place)

    # -- spending -----------------------------------------------------------------------------

    def take(self, slot: Slot, quantity: Decimal) -> None:
        """Reserve; the row of the same line, supply and specificity grows, or a new one begins."""
        self.supply(slot.supply_no)
        self._read_entries_of(slot.line)
        self.held[slot] = self.held.get(slot, ZERO) + quantity
        self._spent[slot] = None
        self._index(slot)
        self._available[slot.supply_no] -= quantity

    def give_back(self, slot: Slot, quantity: Decimal) -> None:
        """Let go of a part of what is held."""
        self.held[slot] -= quantity
        self._spent[slot] = None
        if slot.supply_no in self._supplies:
            self._available[slot.supply_no] += quantity
            self._free_again(slot.supply_no)

    def _free_again(self, supply_no: int) -> None:
        if self._available[supply_no] > ZERO:
            place = self._place(self._supplies[supply_no])
            at = bisect_right(self._free, place)
            if at == 0 or self._free[at - 1] != place:
                self._free.insert(at, place)

    def release(self, slot: Slot, quantity: Decimal, why: str) -> None:
        """Give a part back for good, and say so."""
        self.give_back(slot, quantity)
        name = self.supply(slot.supply_no).name
        self.releases.append(Release(slot.line, quantity, name, why))

    def move(self, slot: Slot, to_supply_no: int, quantity: Decimal) -> None:
        """Let a nonspecific reservation stand on another supply, and say so."""
        self.give_back(slot, quantity)
        self.take(slot._replace(supply_no=to_supply_no), quantity)
        here, there = self.supply(slot.supply_no), self.supply(to_supply_no)
        self.moves.append(
            Move(slot.line, quantity, here.name, there.name, here.numbers, there.numbers)
        )

    def put(self, supply: Supply) -> None:
        """Add a supply, or let a known one be as it will be; what is held on it stays held."""
        old = self._supplies.get(supply.supply_no)
        self._supplies[supply.supply_no] = supply
        if old is None:
            self._added[supply.supply_no] = None
            self._available[supply.supply_no] = supply.quantity
        else:
            self._available[supply.supply_no] += supply.quantity - old.quantity
        self._free_again(supply.supply_no)

    def remember(self) -> Callable[[], None]:
        """Give back a way to take back everything that is spent from here on."""
        held, moves, releases = list(self.held.values()), len(self.moves), len(self.releases)

        def take_back() -> None:
            # No row is ever taken out, so what is new since stands after all that was there then;
            # and what was not spent is the very same number, which is quick to see.
            slots, now = list(self.held), list(self.held.values())
            before = {p: was for p, was in enumerate(held) if now[p] is not was}
            before |= {p: self._was(slots[p]) for p in range(len(held), len(now))}
            for place, was in before.items():
                slot, spent = slots[place], now[place] - was
                if spent:
                    self.held[slot] = was
                    self._available[slot.supply_no] += spent
                    self._free_again(slot.supply_no)
            del self.moves[moves:], self.releases[releases:]

        return take_back

    # -- the answer ---------------------------------------------------------------------------

    def _was(self, slot: Slot) -> Decimal:
        entry = self.before.get(slot)
        return entry.quantity if entry else ZERO

    def guests(self, slot: Slot) -> Decimal:
        """How much of what is held here came here during this decision; negative: has left."""
        return self.held.get(slot, ZERO) - self._was(slot)

    def begin(self) -> None:
        """A request of its own begins: who came or went before it stands where he stands now."""
        for slot in self._spent:
            self._stood[slot] = self.held[slot]
        self._spent.clear()

    def came(self, slot: Slot) -> Decimal:
        """How much of what is held here came here during this request; negative: has left."""
        stood = self._stood.get(slot)
        return self.held.get(slot, ZERO) - (self._was(slot) if stood is None else stood)

    def places_of(self, line: str) -> list[Slot]:
        """Where a line holds something, or has held it, as far as that was read."""
        return list(self._slots_of.get(line, ()))

    def gained_in_stock(self, line: str) -> Decimal:
        """How much more of what a line holds loosely stands in stock by now; negative: less."""
        changed = ((s, self.came(s)) for s in self.places_of(line) if s.is_movable)
        return sum((n for s, n in changed if n and self.supply(s.supply_no).is_stock), ZERO)

    def changes(self) -> ReservationChanges:
        """How the reservation entries differ from what they were when they were read."""
        changed = [slot for slot, quantity in self.held.items() if quantity != self._was(slot)]
        assert all(self.held[slot] >= ZERO for slot in changed), "less than nothing is held"
        return ReservationChanges(
            self.shelf.key,
            tuple(self.before[slot] for slot in changed if slot in self.before),
            tuple((slot, self.held[slot]) for slot in changed if self.held[slot] > ZERO),
            tuple(settled(self.moves)),
            tuple(self.releases),
        )


def _number(place: Place) -> int:
    """The supply that a place in the order of choice is of: its last part."""
    return abs(place[-1])


Standing = tuple[str, Numbers]


def settled(moves: Iterable[Move]) -> list[Move]:
    """Moves with their way-stations left out: from where a unit stood to where it stands."""
    standing: dict[tuple[str, Standing], dict[Standing, Decimal]] = {}
    for move in moves:
        here = (move.from_supply, move.from_numbers)
        there = (move.to_supply, move.to_numbers)
        arrived = standing.setdefault((move.line, there), {})
        for origin, quantity in _leave(standing.get((move.line, here), {}), here, move.quantity):
            arrived[origin] = arrived.get(origin, ZERO) + quantity
    return [
        Move(line, quantity, origin[0], place[0], origin[1], place[1])
        for (line, place), origins in standing.items()
        for origin, quantity in origins.items()
        if quantity and origin != place
    ]


def _leave(
    guests: dict[Standing, Decimal], here: Standing, quantity: Decimal
) -> Iterator[tuple[Standing, Decimal]]:
    """Where the next ``quantity`` units to leave ``here`` came from, guests first."""
    for origin in list(guests):
        passed = min(quantity, guests[origin])
        if passed:
            guests[origin] -= passed
            quantity -= passed
            yield origin, passed
    if quantity:
        yield here, quantity
