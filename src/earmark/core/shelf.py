"""A shelf held in memory: a stock key as it is read for a screen, as it was, or as a test says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from earmark.core.items import PickingOrder, StockKey
from earmark.core.picking_order import place_of
from earmark.core.quantity import ZERO
from earmark.core.stock import Demand, ReservationEntry, Supply
from earmark.core.tracking import Numbers


@dataclass(slots=True)
class MemoryShelf:
    """One stock key, complete; what is reserved of each supply follows from the entries.

    ``read_as`` names the supply that others alike were read as.
    """

    key: StockKey
    picking_order: PickingOrder
    all_supplies: Sequence[Supply] = ()
    entries: Sequence[ReservationEntry] = ()
    all_demands: Sequence[Demand] = ()
    read_as: Mapping[int, int] = field(default_factory=dict)
    _by_no: dict[int, Supply] = field(default_factory=dict)
    _by_number: dict[str, list[Supply]] = field(default_factory=dict)
    _on: dict[int, list[ReservationEntry]] = field(default_factory=dict)
    _of: dict[str, list[ReservationEntry]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Reckon what is reserved, and put the supplies in the order of choice."""
        reserved: dict[int, Decimal] = {}
        movable: dict[int, Decimal] = {}
        for entry in self.entries:
            number = entry.slot.supply_no
            reserved[number] = reserved.get(number, ZERO) + entry.quantity
            self._on.setdefault(number, []).append(entry)
            self._of.setdefault(entry.slot.line, []).append(entry)
            if entry.slot.is_movable:
                movable[number] = movable.get(number, ZERO) + entry.quantity
        known = [
            replace(
                s,
                reserved=reserved.get(s.supply_no, ZERO),
                nonspecific=movable.get(s.supply_no, ZERO),
            )
            for s in self.all_supplies
        ]
        known.sort(key=lambda s: place_of(s, self.picking_order))
        self._by_no = {supply.supply_no: supply for supply in known}
        for supply in known:
            own = supply.numbers
            for name in {own.lot_no, own.serial_no, own.package_no} - {""}:
                self._by_number.setdefault(name, []).append(supply)

    def free(self) -> Iterator[Supply]:
        """All supply with something unreserved, in the order of choice."""
        return (s for s in self._by_no.values() if s.quantity > s.reserved)

    def asked(self, asked: Numbers) -> list[Supply]:
        """All supply with these numbers, free or not, in the order of choice."""
        number = asked.serial_no or asked.package_no or asked.lot_no
        alike = self._by_number.get(number, []) if number else self._by_no.values()
        return [s for s in alike if s.quantity > ZERO and s.numbers.serves(asked)]

    def supplies(self, supply_nos: Iterable[int]) -> list[Supply]:
        """These supplies."""
        return [self._by_no[number] for number in supply_nos if number in self._by_no]

    def of_source(self, source: str) -> list[Supply]:
        """The supplies that one document line is."""
        return [supply for supply in self._by_no.values() if supply.source == source]

    def everything(self) -> list[Supply]:
        """All supply, free or not, in the order of choice."""
        return [supply for supply in self._by_no.values() if supply.quantity > ZERO]

    def entries_on(self, supply_nos: Iterable[int]) -> list[ReservationEntry]:
        """The reservation entries on these supplies."""
        wanted = dict.fromkeys(supply_nos)
        return [entry for number in wanted for entry in self._on.get(number, ())]

    def entries_of(self, lines: Iterable[str]) -> list[ReservationEntry]:
        """The reservation entries of these demand lines."""
        wanted = dict.fromkeys(lines)
        return [entry for line in wanted for entry in self._of.get(line, ())]

    def movable(self) -> list[ReservationEntry]:
        """Every reservation entry; the balance moves only what may be moved."""
        return list(self.entries)

    def demands(self, lines: Iterable[str]) -> list[Demand]:
        """These demand lines."""
        wanted = set(lines)
        return [demand for demand in self.all_demands if demand.line in wanted]
