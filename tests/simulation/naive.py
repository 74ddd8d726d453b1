"""What should be there, in plain numbers, told by what was asked for and answered.

The model decides nothing and shares no code with the engine. Every act that was not refused leaves
its effects here, which an undo takes back and an undo of the undo makes again: how much goods of
which numbers are where, and how much of which line there is and has been posted.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from earmark import Adjust, Numbers, Post, Reclassify
from earmark.core.commands import Command
from tests.simulation.shop import KINDS

Place = tuple[str, str, str, str, str, str]
"""Item, variant, location, and the numbers that are matched: lot, serial, package."""


Key = TypeVar("Key")


def add(totals: dict[Key, Decimal], key: Key, quantity: Decimal) -> None:
    """Count a quantity in."""
    totals[key] = totals.get(key, Decimal(0)) + quantity


def place_of(item_no: str, variant_code: str, location_code: str, numbers: Numbers) -> Place:
    """Where goods are, under the numbers that are matched."""
    kept = numbers.only(KINDS[item_no].specific)
    return (item_no, variant_code, location_code, kept.lot_no, kept.serial_no, kept.package_no)


@dataclass(slots=True)
class Effects:
    """What one act did: to goods, and to what lines have posted."""

    goods: dict[Place, Decimal] = field(default_factory=dict)
    posted: dict[str, Decimal] = field(default_factory=dict)

    def turned(self) -> "Effects":
        """The opposite."""
        return Effects(
            {place: -quantity for place, quantity in self.goods.items()},
            {line: -quantity for line, quantity in self.posted.items()},
        )


@dataclass(slots=True)
class Model:
    """All the goods there are, and what has been posted of each line."""

    goods: dict[Place, Decimal] = field(default_factory=dict)
    posted: dict[str, Decimal] = field(default_factory=dict)

    def happen(self, effects: Effects) -> None:
        """Something was done."""
        for place, quantity in effects.goods.items():
            add(self.goods, place, quantity)
        for line, quantity in effects.posted.items():
            add(self.posted, line, quantity)

    def there(self) -> dict[Place, Decimal]:
        """The goods that must be found."""
        return {place: quantity for place, quantity in self.goods.items() if quantity}


def effects_of(command: Command, before: Any) -> Effects:  # noqa: ANN401
    """What a command that was not refused has done; ``before`` is how its lines stood."""
    found = Effects()
    if isinstance(command, Adjust):
        for row in command.rows:
            per = KINDS[row.item_no].item.quantity_per(row.unit)
            place = place_of(row.item_no, row.variant_code, row.location_code, row.numbers)
            add(found.goods, place, row.quantity * per.numerator / per.denominator)
    elif isinstance(command, Reclassify):
        _reclassified(found, command)
    elif isinstance(command, Post):
        for line, tracking in before.items():
            _posted(found, command, line, tracking)
    return found


def _reclassified(found: Effects, command: Reclassify) -> None:
    old = command.numbers
    new = Numbers(
        old.lot_no if command.to_lot_no is None else command.to_lot_no,
        old.serial_no if command.to_serial_no is None else command.to_serial_no,
        old.package_no if command.to_package_no is None else command.to_package_no,
    )
    where = command.location_code
    there = where if command.to_location_code is None else command.to_location_code
    item, variant = command.item_no, command.variant_code
    add(found.goods, place_of(item, variant, where, old), -command.quantity)
    add(found.goods, place_of(item, variant, there, new), command.quantity)


def _posted(found: Effects, command: Post, line: Any, tracking: Any) -> None:  # noqa: ANN401
    """Without numbers what the tracking lines have to handle; of one lot only what is posted."""
    sign = -1 if line.is_demand else 1
    quantity = line.outstanding if command.quantity is None else command.quantity
    if command.numbers:
        parts = [(t.numbers, t.quantity) for t in command.numbers]
    else:
        parts = [(t.numbers, t.to_handle) for t in tracking if t.to_handle]
    if len(parts) == 1 and parts[0][1] > quantity and not parts[0][0].serial_no:
        parts = [(parts[0][0], quantity)]
    if not parts:
        parts = [(Numbers(), quantity)]
    for numbers, part in parts:
        place = place_of(line.item_no, line.variant_code, line.location_code, numbers)
        add(found.goods, place, sign * part)
    add(found.posted, line.line, quantity)
