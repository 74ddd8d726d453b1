"""Items, locations, customers and information records: what stock is, where, and for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple, cast

from earmark.core.quantity import STEP, ZERO
from earmark.core.records import Record
from earmark.core.spelling import folded, spelled_like
from earmark.core.tracking import Numbers, TrackingCode
from earmark.core.units import Factor, units_of
from earmark.errors import UnitUnknown, ValueInvalid, VariantUnknown

PRIORITY_MOST = 1_000_000
"""No customer's priority is higher, or lower than its negative."""


class ReservePolicy(StrEnum):
    """Whether lines are reserved: never, when the user asks, or always on entry."""

    NEVER = "never"
    OPTIONAL = "optional"
    ALWAYS = "always"


class PickingOrder(StrEnum):
    """Which stock is taken first: first expired, first in, or last in."""

    FEFO = "fefo"
    FIFO = "fifo"
    LIFO = "lifo"


class StockKey(NamedTuple):
    """Item, variant and location: what is locked and pictured together."""

    item_no: str
    variant_code: str
    location_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Record):
    """What is stocked. ``units`` gives, for each other unit, how many base units it holds.

    A factor is a number, a fraction or a sentence, ``12 PCS = 1 DOZ``, and is kept as the exact
    fraction: ``factors``; a tuple of sentences will do as well. What is kept of the item is a whole
    number of ``rounding_precision``. ``over_receipt_percentage`` is how much more than a line says
    may be received on it.
    """

    item_no: str
    description: str = ""
    base_unit: str = "PCS"
    units: Mapping[str, Factor] = field(default_factory=dict)
    rounding_precision: Decimal = STEP
    over_receipt_percentage: Decimal = ZERO
    variants: tuple[str, ...] = ()
    tracking_code: str = ""
    reserve: ReservePolicy = ReservePolicy.OPTIONAL
    picking_order: PickingOrder | None = None
    location_picking_orders: Mapping[str, PickingOrder] = field(default_factory=dict)
    serial_series: str = ""
    lot_series: str = ""

    def __post_init__(self) -> None:
        """Keep every factor as the fraction it stands for, once the base unit is known."""
        given: object = self.units
        if not isinstance(given, Mapping) and "base_unit" not in self.named:
            return
        object.__setattr__(self, "units", units_of(self.units, self.base_unit))

    @property
    def factors(self) -> Mapping[str, Fraction]:
        """How many base units each other unit holds, exactly."""
        return cast("Mapping[str, Fraction]", self.units)

    def quantity_per(self, unit: str) -> Fraction:
        """How many base units one ``unit`` holds."""
        if unit in ("", self.base_unit):
            return Fraction(1)
        if unit not in self.units:
            known = ", ".join((self.base_unit, *self.units))
            raise UnitUnknown(item_no=self.item_no, unit=unit, units=known)
        return self.factors[unit]

    def check_variant(self, variant_code: str) -> None:
        """Refuse a variant that the item does not have."""
        if variant_code and variant_code not in self.variants:
            raise VariantUnknown(item_no=self.item_no, variant_code=variant_code)

    def spelled_after(self, old: Item) -> Item:
        """This item with its variants and units in the spelling that it had them in before."""
        return replace(
            self,
            base_unit=old.spelled_unit(self.base_unit),
            units={old.spelled_unit(unit): per for unit, per in self.factors.items()},
            variants=tuple(old.spelled_variant(variant) for variant in self.variants),
        )

    def check_parts_once(self) -> None:
        """Refuse a variant or a unit that stands twice, in whatever spelling."""
        for what, names in (
            ("Variant", self.variants),
            ("Unit", (self.base_unit, *self.units)),
        ):
            seen: set[str] = set()
            for name in names:
                if not name and what == "Variant":
                    raise ValueInvalid(field=what, value="", why="it is empty")
                if folded(name) in seen:
                    raise ValueInvalid(field=what, value=name, why="it stands there twice")
                seen.add(folded(name))

    def spelled_variant(self, variant_code: str) -> str:
        """A variant as the item has it, whatever the case it is given in."""
        return spelled_like(variant_code, self.variants)

    def spelled_unit(self, unit: str) -> str:
        """A unit as the item has it, whatever the case it is given in."""
        return spelled_like(unit, (self.base_unit, *self.units))

    def picking_order_at(self, location_code: str, code: TrackingCode | None) -> PickingOrder:
        """The picking order here: set for the location, for the item, else by expiration."""
        chosen = self.location_picking_orders.get(location_code, self.picking_order)
        if chosen is not None:
            return chosen
        dated = code is not None and code.expiration_used
        return PickingOrder.FEFO if dated else PickingOrder.FIFO


@dataclass(frozen=True, slots=True, kw_only=True)
class Location(Record):
    """A place that holds stock."""

    location_code: str
    description: str = ""
    is_in_transit: bool = False
    bins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer(Record):
    """Whom a demand is for, and what he requires of the goods when they arrive."""

    customer_no: str
    name: str = ""
    priority: int = 0
    reserve: ReservePolicy | None = None
    minimum_shelf_life_days: int = 0
    transit_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRecord(Record):
    """What is known of one lot no., serial no. or package no. of an item."""

    item_no: str
    numbers: Numbers
    is_blocked: bool = False
    expiration_date: date | None = None
    description: str = ""
