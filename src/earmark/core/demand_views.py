"""Demand lines beside each other: what each needs, has specifically, has of any, and has open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from earmark.core.tracking import Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandRow:
    """A demand line with its balance; quantities are in the item's base unit."""

    line: str
    line_no: str
    document_no: str
    kind: str
    item_no: str
    variant_code: str
    location_code: str
    description: str
    customer: str
    unit: str
    rounding_precision: Decimal
    arrives_on: date | None
    good_until: date | None
    date: date | None
    minimum_shelf_life_days: int
    needed: Decimal
    specific: Decimal
    reserved: Decimal
    tracked: Decimal
    tracked_numbers: tuple[Numbers, ...]
    picking_order: str
    can_be_specific: bool
    never_because: str

    @property
    def any(self) -> Decimal:
        """What it has reserved without naming a number."""
        return self.reserved - self.specific

    @property
    def open(self) -> Decimal:
        """What is still to be reserved."""
        return self.needed - self.reserved


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandList:
    """Some demand lines, and how many there are where not all are given."""

    rows: tuple[DemandRow, ...]
    count: int
