"""The shops in which the simulation acts: few items, every way of tracking, awkward units."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from random import Random

import earmark
from earmark import (
    Customer,
    Dimension,
    Item,
    Location,
    PickingOrder,
    ReservePolicy,
    SetUp,
    TrackingCode,
)

DAY = date(2026, 6, 1)
MORNING = datetime(2026, 6, 1, 8, tzinfo=UTC)
PLACES = ("EAST", "WEST")
CUSTOMERS = ("", "STRICT", "FIRST", "SURE", "LOOSE")
LOT, SERIAL, PACKAGE = Dimension.LOT, Dimension.SERIAL, Dimension.PACKAGE
UNITS = {"BOX": "12", "TWELFTH": "1/12", "SEVENTH": "1/7", "INCH": "2.54", "GRAM": "0.001"}
POOL = {
    LOT: ("L1", "L2", "L3"),
    SERIAL: ("S1", "S2", "S3", "S4", "S5"),
    PACKAGE: ("P1", "P2"),
}


@dataclass(slots=True)
class Clock:
    """A clock that is moved by hand."""

    now: datetime = MORNING

    def __call__(self) -> datetime:
        """The time now."""
        return self.now


def _code(
    name: str, specific: str, required: str = "", expiration: str = "", *, case: bool = False
) -> TrackingCode:
    of = {"l": LOT, "s": SERIAL, "p": PACKAGE}
    return TrackingCode(
        name,
        specific=frozenset(of[letter] for letter in specific),
        required=frozenset(of[letter] for letter in required),
        expiration_used=bool(expiration),
        expiration_required="required" in expiration,
        expiration_strict="strict" in expiration,
        case_matters=case,
    )


CODES = (
    _code("LOTS", "l"),
    _code("SERIALS", "s"),
    _code("PACKAGES", "p"),
    _code("LOT-SERIAL", "ls"),
    _code("LOT-PACKAGE", "lp"),
    _code("SERIAL-PACKAGE", "sp"),
    _code("ALL", "lsp"),
    _code("LOT-ASKED", "", "l"),
    _code("SERIAL-ASKED", "", "s"),
    _code("PACKAGE-ASKED", "", "p"),
    _code("LOT-SERIAL-ASKED", "l", "s"),
    _code("SERIAL-LOT-ASKED", "s", "l"),
    _code("DATED", "l", "", "used"),
    _code("DATED-STRICT", "l", "", "used strict"),
    _code("DATED-REQUIRED", "l", "", "used required strict"),
    _code("DATED-SERIALS", "s", "", "used strict"),
    _code("LETTERS", "l", case=True),
    _code("FREE", ""),
)
OF_CODE = {code.tracking_code: code for code in CODES}


@dataclass(slots=True)
class Shop:
    """What a shop is set up with; ``items`` change as the simulation changes them."""

    items: dict[str, Item] = field(default_factory=dict)

    def code(self, item_no: str) -> TrackingCode:
        """The rules for an item's numbers."""
        return OF_CODE.get(self.items[item_no].tracking_code, OF_CODE["FREE"])

    def matched(self, item_no: str, numbers: tuple[str, str, str]) -> tuple[str, str, str]:
        """Numbers as far as the item's goods are matched by them."""
        specific = self.code(item_no).specific
        lot, serial, package = (
            number if dimension in specific else ""
            for dimension, number in zip((LOT, SERIAL, PACKAGE), numbers, strict=True)
        )
        return lot, serial, package


def made(random: Random) -> Shop:
    """A shop with four items, no two alike."""
    codes = ["", *random.sample([code.tracking_code for code in CODES], 3)]
    return Shop({f"I{n}": _item(random, f"I{n}", code) for n, code in enumerate(codes, 1)})


def _item(random: Random, item_no: str, tracking_code: str) -> Item:
    by_serial = SERIAL in OF_CODE.get(tracking_code, OF_CODE["FREE"]).entered
    units = ["BOX"] if by_serial else random.sample(list(UNITS), 2)
    precision = "1" if by_serial else random.choice(("0.00001", "0.00001", "0.001", "1"))
    return Item(
        item_no=item_no,
        units={unit: Fraction(UNITS[unit]) for unit in units},
        rounding_precision=Decimal(precision),
        variants=random.choice(((), ("RED", "BLUE"))),
        tracking_code=tracking_code,
        reserve=random.choice((*ReservePolicy, ReservePolicy.OPTIONAL, ReservePolicy.OPTIONAL)),
        picking_order=random.choice((None, None, *PickingOrder)),
        serial_series=f"{item_no}-SN001",
        lot_series=f"{item_no}-LT001",
    )


def set_up(shop: Shop) -> SetUp:
    """The command that sets a shop up."""
    return SetUp(
        tracking_codes=CODES,
        items=tuple(shop.items.values()),
        locations=tuple(Location(location_code=place) for place in PLACES),
        customers=(
            Customer(customer_no="STRICT", minimum_shelf_life_days=5, transit_days=2),
            Customer(customer_no="FIRST", priority=10),
            Customer(customer_no="SURE", reserve=ReservePolicy.ALWAYS),
            Customer(customer_no="LOOSE", reserve=ReservePolicy.NEVER, priority=-1),
        ),
    )


def opened(url: str, shop: Shop, clock: Clock) -> earmark.Database:
    """A database with a shop in it."""
    database = earmark.open(url, clock)
    earmark.set_up(database, set_up(shop))
    return database
