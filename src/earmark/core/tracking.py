"""Numbers (lot, serial, package) and the item tracking code that says what they must do.

A dimension that a code names *specific* is matched: goods leave under the very number they came
under. A *required* one must be entered but is not matched. Any other may be written down.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from earmark.core.quantity import ONE
from earmark.core.records import Record
from earmark.core.spelling import spelled_like
from earmark.errors import NumberDuplicate, SerialQuantity


class Dimension(StrEnum):
    """One kind of number."""

    SERIAL = "serial"
    LOT = "lot"
    PACKAGE = "package"


@dataclass(frozen=True, slots=True)
class Numbers:
    """The lot no., serial no. and package no. of some units; the empty text where there is none."""

    lot_no: str = ""
    serial_no: str = ""
    package_no: str = ""

    def __bool__(self) -> bool:
        """Whether any number is given."""
        return bool(self.lot_no or self.serial_no or self.package_no)

    def __str__(self) -> str:
        """The numbers in words: ``Lot L1``, ``Serial SN1, Lot L1``."""
        named = (("Serial", self.serial_no), ("Lot", self.lot_no), ("Package", self.package_no))
        return ", ".join(f"{word} {no}" for word, no in named if no) or "no number"

    @property
    def only_dimension(self) -> Dimension | None:
        """The one dimension in which there is a number; none where there are several or no."""
        if self.lot_no:
            return None if self.serial_no or self.package_no else Dimension.LOT
        if self.serial_no:
            return None if self.package_no else Dimension.SERIAL
        return Dimension.PACKAGE if self.package_no else None

    @property
    def telling(self) -> str:
        """The field of the number that says most: there is least under it."""
        if self.serial_no:
            return "serial_no"
        return "lot_no" if self.lot_no else "package_no"

    def get(self, dimension: Dimension) -> str:
        """The number of one dimension."""
        if dimension is Dimension.LOT:
            return self.lot_no
        return self.serial_no if dimension is Dimension.SERIAL else self.package_no

    def only(self, dimensions: Iterable[Dimension]) -> Numbers:
        """These numbers in these dimensions alone."""
        kept = frozenset(dimensions)
        return Numbers(
            self.lot_no if Dimension.LOT in kept else "",
            self.serial_no if Dimension.SERIAL in kept else "",
            self.package_no if Dimension.PACKAGE in kept else "",
        )

    def spelled_like(self, known: Iterable[Numbers]) -> Numbers:
        """These numbers as they are known, exactly so or in another case; else as they are."""
        others = list(known)
        if any(other.serves(self) for other in others):
            return self
        return Numbers(
            spelled_like(self.lot_no, [other.lot_no for other in others]),
            spelled_like(self.serial_no, [other.serial_no for other in others]),
            spelled_like(self.package_no, [other.package_no for other in others]),
        )

    def serves(self, asked: Numbers) -> bool:
        """Whether goods with these numbers are what ``asked`` names; no name, no condition."""
        return (
            (not asked.lot_no or asked.lot_no == self.lot_no)
            and (not asked.serial_no or asked.serial_no == self.serial_no)
            and (not asked.package_no or asked.package_no == self.package_no)
        )


NO_NUMBERS = Numbers()


@dataclass(frozen=True, slots=True)
class TrackingCode(Record):
    """An item's rules for lot, serial and package numbers and for expiration dates.

    ``case_matters`` says that ``ab12`` and ``AB12`` are two numbers; else they are one.
    """

    tracking_code: str
    specific: frozenset[Dimension] = frozenset()
    required: frozenset[Dimension] = frozenset()
    expiration_used: bool = False
    expiration_required: bool = False
    expiration_strict: bool = False
    case_matters: bool = False

    def spelled(self, asked: Numbers, known: Iterable[Numbers]) -> Numbers:
        """Numbers that are asked for as one of those known, where case does not matter."""
        return asked if self.case_matters else asked.spelled_like(known)

    @property
    def entered(self) -> tuple[Dimension, ...]:
        """The dimensions that every posting of a document line must name."""
        return tuple(d for d in Dimension if d in self.specific or d in self.required)

    @property
    def matched(self) -> tuple[Dimension, ...]:
        """The dimensions that all stock must have a number of."""
        return tuple(d for d in Dimension if d in self.specific)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingLine:
    """Numbers and their quantity on a document line, in the base unit.

    ``to_handle`` is how much of it the next posting takes; ``None`` means all that is left.
    """

    lot_no: str = ""
    serial_no: str = ""
    package_no: str = ""
    quantity: Decimal = ONE
    to_handle: Decimal | None = None
    expiration_date: date | None = None

    @property
    def numbers(self) -> Numbers:
        """The line's numbers."""
        return Numbers(self.lot_no, self.serial_no, self.package_no)


def tracking_line(
    numbers: Numbers,
    quantity: Decimal = ONE,
    *,
    to_handle: Decimal | None = None,
    expiration_date: date | None = None,
) -> TrackingLine:
    """The item tracking line of these numbers; one unit where no quantity is said."""
    return TrackingLine(
        lot_no=numbers.lot_no,
        serial_no=numbers.serial_no,
        package_no=numbers.package_no,
        quantity=quantity,
        to_handle=to_handle,
        expiration_date=expiration_date,
    )


def check_numbers_once(line: str, tracking: Iterable[TrackingLine]) -> None:
    """Refuse a serial no. twice, the same lot and package twice, and a serial that is not one."""
    seen: set[object] = set()
    for entry in tracking:
        key: object = entry.serial_no or (entry.lot_no, entry.package_no)
        if key in seen:
            raise NumberDuplicate(number=str(entry.numbers), line=line)
        seen.add(key)


def check_serial_quantity(item_no: str, serial_no: str, quantity: Decimal) -> None:
    """Refuse a serial number that stands for more or less than one unit."""
    if serial_no and abs(quantity) != ONE:
        raise SerialQuantity(serial_no=serial_no, item_no=item_no, quantity=quantity)
