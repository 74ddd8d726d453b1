"""The shop of the simulation: small, and with everything in it that rules can cross.

Items with variants, by lot, serial, package and pairs of them, with numbers that are required and
not matched, without numbers at all; units that do not divide; two locations; customers who want
shelf life, have a way to go, are always reserved for.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import earmark
from earmark import Customer, Dimension, Item, Location, PickingOrder, ReservePolicy, TrackingCode

START = datetime(2026, 6, 1, 8, tzinfo=UTC)
PLACES = ("EAST", "WEST")
LOT, SERIAL, PACKAGE = Dimension.LOT, Dimension.SERIAL, Dimension.PACKAGE


@dataclass(frozen=True, slots=True)
class Kind:
    """An item of the shop, and what of it its numbers are."""

    item: Item
    specific: frozenset[Dimension] = frozenset()
    required: frozenset[Dimension] = frozenset()
    dated: bool = False
    strict: bool = False

    @property
    def entered(self) -> frozenset[Dimension]:
        """The dimensions that a posting must name."""
        return self.specific | self.required

    @property
    def is_serial(self) -> bool:
        """Whether it comes in whole pieces."""
        return SERIAL in self.entered


def _kind(item_no: str, *, variants: tuple[str, ...] = (), **more: object) -> Kind:
    kinds = {k: more.pop(k) for k in ("specific", "required", "dated", "strict") if k in more}
    code = f"T-{item_no}" if kinds else ""
    item = Item(item_no=item_no, variants=variants, tracking_code=code, **more)  # type: ignore[arg-type]
    return Kind(item, **kinds)  # type: ignore[arg-type]


KINDS = {
    kind.item.item_no: kind
    for kind in (
        _kind(
            "LOTS",
            variants=("RED", "BLUE"),
            specific=frozenset({LOT}),
            dated=True,
            units={"BOX": Decimal(12)},
        ),
        _kind("SERIALS", variants=("RED",), specific=frozenset({SERIAL})),
        _kind("PALLETS", specific=frozenset({LOT, PACKAGE}), picking_order=PickingOrder.LIFO),
        _kind("PUMPS", specific=frozenset({SERIAL, LOT}), dated=True, strict=True),
        _kind("NOTED", required=frozenset({LOT}), units={"KIT": Decimal("2.5")}),
        _kind("BOLTS", variants=("RED",), units={"DOZ": Decimal(12)}, reserve=ReservePolicy.ALWAYS),
    )
}
CUSTOMERS = (
    Customer(customer_no="C1", minimum_shelf_life_days=5, transit_days=2, priority=2),
    Customer(customer_no="C2", reserve=ReservePolicy.ALWAYS),
)
USERS = ("ana", "ben", "")


def open_shop(database: earmark.Database) -> None:
    """Enter the set-up; nothing is in stock yet."""
    codes = tuple(
        TrackingCode(
            kind.item.tracking_code,
            specific=kind.specific,
            required=kind.required,
            expiration_used=kind.dated,
            expiration_strict=kind.strict,
        )
        for kind in KINDS.values()
        if kind.item.tracking_code
    )
    set_up = earmark.SetUp(
        tracking_codes=codes,
        items=tuple(kind.item for kind in KINDS.values()),
        locations=tuple(Location(location_code=place) for place in PLACES),
        customers=CUSTOMERS,
    )
    earmark.set_up(database, set_up)


class Clock:
    """A clock that the simulation sets."""

    def __init__(self) -> None:
        """It is the morning of the first day."""
        self.now = START

    def __call__(self) -> datetime:
        """The time now."""
        return self.now
