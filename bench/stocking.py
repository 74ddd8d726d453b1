"""Stock and demand lines by the hundred thousand, written straight into the product's tables.

What is written here is what commands would have written, so that ``verify`` finds nothing; it is
only written faster. Quantities are whole numbers of 1/100,000, as the tables keep them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from bench.driver import Driver
from earmark.core.quantity import SCALE

MOMENT = 1
LOCATION = "EAST"
POSTED_ON = "2026-01-05"

_STOCK = ("item_no", "supply_no", "kind", "location_code", "posted_on", "lot_no", "serial_no")
_SUPPLY = (*_STOCK, "specific_serial_no", "quantity", "is_free")
_LEDGER = (
    *("item_no", "entry_no", "moment", "verb", "location_code", "posted_on"),
    *("lot_no", "serial_no", "quantity"),
)
_APPLICATION = ("item_no", "out_entry_no", "in_entry_no", "moment", "quantity")
_LINE = (
    *("item_no", "line", "document_no", "line_no", "position", "kind", "location_code", "unit"),
    *("quantity_in_unit", "quantity", "status", "is_demand", "takes_part"),
)
_TRACKING = ("item_no", "line", "since", "ordinal", "lot_no", "serial_no", "quantity")
_ITEM = ("item_no", "base_unit", "rounding_precision", "tracking_code", "reserve", "last_supply_no")
_HELD = ("item_no", "since", "ordinal", "line", "supply_no", "quantity", "binding", "by")

Rows = Iterator[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Unit:
    """One lot or one serial number of an item: an open ledger entry with a history.

    ``entries`` counts the ledger entries under its number: the one that is open, pairs of a
    receipt and the shipment that used it up, and a single shipment from it where it is even.
    """

    item_no: str
    supply_no: int
    quantity: int
    lot_no: str = ""
    serial_no: str = ""
    entries: int = 1

    def movements(self) -> Rows:
        """Entry no., quantity, and the entry it used (zero: none), oldest first."""
        yield self.supply_no, self.quantity, 0
        last = self.supply_no + self.entries - 1
        for no in range(self.supply_no + 1, last, 2):
            yield no, 1, 0
            yield no + 1, -1, no
        if self.entries % 2 == 0:
            yield last, -1, self.supply_no

    def supplies(self) -> Iterator[tuple[int, int]]:
        """What is left of each inbound entry: its number and the quantity."""
        left = {no: quantity for no, quantity, _ in self.movements() if quantity > 0}
        for _, quantity, used in self.movements():
            if used:
                left[used] += quantity
        yield from left.items()


@dataclass(frozen=True, slots=True)
class DemandLine:
    """A sales line with the numbers entered on it, one unit of each."""

    item_no: str
    line: str
    quantity: int
    lot_nos: tuple[str, ...] = ()
    serial_nos: tuple[str, ...] = ()


def stock_items(driver: Driver, items: Iterable[tuple[str, str, int]]) -> None:
    """Enter items: number, ``LOT`` or ``SERIAL``, and how many ledger entries they have."""
    codes = (("LOT", "lot"), ("SERIAL", "serial"))
    wanted = list(items)
    driver.fill("tracking_code", ("tracking_code", "specific"), codes)
    driver.fill("location", ("location_code",), [(LOCATION,)])
    driver.fill(
        "item", _ITEM, ((no, "PCS", 1, code, "optional", last) for no, code, last in wanted)
    )
    keys = ((no, "", LOCATION) for no, _, _ in wanted)
    driver.fill("stock_key", ("item_no", "variant_code", "location_code"), keys)
    command = ("request_id", "moment", "at", "verb", "content", "outcome")
    driver.fill("command", command, [("~1", MOMENT, 0, "adjust", "[]", "[{}]")])


def put_units(driver: Driver, units: Iterable[Unit]) -> None:
    """Put lots and serial numbers in stock, each with its ledger entries and applications."""
    wanted = list(units)
    driver.fill("ledger_entry", _LEDGER, chain.from_iterable(map(_ledger, wanted)))
    driver.fill("supply", _SUPPLY, chain.from_iterable(map(_supplies, wanted)))
    driver.fill("application", _APPLICATION, chain.from_iterable(map(_applications, wanted)))


def _ledger(unit: Unit) -> Rows:
    for no, quantity, _ in unit.movements():
        yield (
            *(unit.item_no, no, MOMENT, "adjust", LOCATION, POSTED_ON),
            *(unit.lot_no, unit.serial_no, quantity * SCALE),
        )


def _supplies(unit: Unit) -> Rows:
    for no, left in unit.supplies():
        yield (
            *(unit.item_no, no, "stock", LOCATION, POSTED_ON, unit.lot_no),
            *(unit.serial_no, unit.serial_no, left * SCALE, left > 0),
        )


def _applications(unit: Unit) -> Rows:
    for no, quantity, used in unit.movements():
        if used:
            yield unit.item_no, no, used, MOMENT, -quantity * SCALE


def enter_lines(driver: Driver, lines: Iterable[DemandLine]) -> None:
    """Enter sales lines with their item tracking lines, each in an order of its own."""
    wanted = list(lines)
    orders = ((_document(line), "sales_order", "open", 1) for line in wanted)
    driver.fill("document", ("document_no", "kind", "status", "last_position"), orders)
    driver.fill("document_line", _LINE, map(_line, wanted))
    versions = ((*_line(line), MOMENT) for line in wanted)
    driver.fill("document_line_version", (*_LINE, "since"), versions)
    driver.fill("tracking_line", _TRACKING, chain.from_iterable(map(_tracking, wanted)))


def _document(line: DemandLine) -> str:
    return line.line.partition("/")[0]


def _line(line: DemandLine) -> tuple[Any, ...]:
    quantity = line.quantity * SCALE
    return (
        *(line.item_no, line.line, _document(line), "1", 1, "sales", LOCATION, "PCS"),
        *(quantity, quantity, "open", True, True),
    )


def _tracking(line: DemandLine) -> Rows:
    numbers = [*((no, "") for no in line.lot_nos), *(("", no) for no in line.serial_nos)]
    for ordinal, (lot_no, serial_no) in enumerate(numbers):
        yield line.item_no, line.line, MOMENT, ordinal, lot_no, serial_no, SCALE


def hold_nonspecifically(driver: Driver, held: Iterable[tuple[DemandLine, int]]) -> None:
    """Reserve one unit of a supply for each line; the database's triggers reckon the totals."""
    rows = (
        (line.item_no, MOMENT, ordinal, line.line, supply_no, SCALE, "", "bench")
        for ordinal, (line, supply_no) in enumerate(held)
    )
    driver.fill("reservation_entry", _HELD, rows)
