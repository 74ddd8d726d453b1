"""The records of the company in the demonstration: its items and customers, its goods, its orders.

Values only; what happens to them, and when, stands in ``demonstration``. The figures of item 1040
and of order SO4711 are those that every page of the story shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from earmark.core.commands import StockRow
from earmark.core.documents import DocumentEntry, DocumentKind, LineEntry
from earmark.core.gtins import ItemGtin
from earmark.core.items import Customer, Item, Location
from earmark.core.tracking import Dimension, Numbers, TrackingCode, TrackingLine

# -- The company -------------------------------------------------------------------------------

_ALL = frozenset(Dimension)
TRACKING_CODES = (
    TrackingCode(
        "LOTEXP",
        specific=frozenset({Dimension.LOT}),
        expiration_used=True,
        expiration_required=True,
    ),
    TrackingCode("SNLOT", specific=frozenset({Dimension.SERIAL, Dimension.LOT})),
    TrackingCode("SNLOTPK", specific=_ALL, expiration_used=True, expiration_required=True),
)
GTINS = (
    ItemGtin(gtin="05712345000427", item_no="2230"),
    ItemGtin(gtin="05712345001042", item_no="1040"),
)
LOCATIONS = (
    Location(location_code="EAST", description="East warehouse", bins=("A-03-2", "A-04-1")),
    Location(location_code="WEST", description="West warehouse"),
)
CUSTOMERS = (
    Customer(
        customer_no="C0114",
        name="St. Anna Hospital",
        priority=3,
        minimum_shelf_life_days=60,
        transit_days=2,
    ),
    Customer(customer_no="C0098", name="Pharmacy Lindholm", priority=2, minimum_shelf_life_days=30),
    Customer(customer_no="C0102", name="Vester Clinic", priority=3),
    Customer(customer_no="C0107", name="Kirkeby Care Home", priority=1),
    Customer(customer_no="C0110", name="Care Group North", priority=2),
    Customer(customer_no="C0121", name="Sund Wholesale", priority=2),
    Customer(customer_no="C0125", name="Home Care South", priority=1),
    Customer(customer_no="C0130", name="Dialysis West", priority=2),
    Customer(customer_no="C0300", name="Web shop", minimum_shelf_life_days=90),
)
ITEMS = tuple(
    Item(
        item_no=item_no,
        description=description,
        base_unit=unit,
        units={"BOX": Decimal(12)} if item_no == "1048" else {},
        tracking_code=code,
        rounding_precision=Decimal("0.01") if unit == "KG" else Decimal(1),
    )
    for item_no, description, unit, code in (
        ("1040", "Enteral feed, standard 500 ml", "PCS", "LOTEXP"),
        ("1048", "Fibre feed 1000 ml", "PCS", "LOTEXP"),
        ("1055", "Infant formula, low-lactose 400 g", "PCS", "LOTEXP"),
        ("1062", "Peptide feed, vanilla 200 ml", "PCS", "LOTEXP"),
        ("1064", "Peptide feed, cocoa 200 ml", "PCS", "LOTEXP"),
        ("1071", "Oral rehydration salts, sachet", "PCS", "LOTEXP"),
        ("1080", "Protein pudding, hazelnut 125 g", "PCS", "LOTEXP"),
        ("2215", "Giving set 180 cm", "PCS", "LOTEXP"),
        ("2230", "Feeding pump kit VP-2", "PCS", "SNLOTPK"),
        ("2240", "Connector, ENFit", "PCS", "LOTEXP"),
        ("3005", "Thickener, tin 225 g", "PCS", "LOTEXP"),
        ("3100", "Whey protein", "KG", "LOTEXP"),
        ("3140", "Vitamin premix", "KG", "LOTEXP"),
        ("3210", "Cocoa powder", "KG", "LOTEXP"),
        ("4100", "Infusion pump IP-1", "PCS", "SNLOT"),
    )
)


# -- Goods ---------------------------------------------------------------------------------------


def goods(
    item_no: str, lot_no: str, quantity: str, expires: str, location_code: str = "EAST"
) -> StockRow:
    """Goods of one lot that came in."""
    return StockRow(
        item_no=item_no,
        location_code=location_code,
        quantity=Decimal(quantity),
        numbers=Numbers(lot_no),
        expiration_date=date.fromisoformat(expires),
    )


GOODS_OF_OLD = (
    goods("1040", "L2503", "96", "2027-05-31"),
    goods("1040", "L2430", "54", "2027-07-31", "WEST"),
    goods("1048", "B12", "264", "2027-06-30"),
    goods("1055", "F114", "18", "2026-11-30"),
    goods("1055", "F116", "20", "2027-03-31"),
    goods("1055", "F121", "200", "2027-08-31"),
    goods("1062", "P55", "24", "2027-06-30"),
    goods("1071", "R09", "120", "2028-02-29"),
    goods("1080", "H75", "60", "2026-12-31"),
    goods("1080", "H77", "84", "2027-05-15"),
    goods("2215", "G201", "600", "2029-04-30"),
    goods("2240", "E50", "1500", "2030-01-31"),
    goods("3005", "T31", "12", "2027-09-30"),
    goods("3100", "W31", "161.25", "2027-02-28"),
    goods("3100", "W32", "57.50", "2027-06-30"),
    goods("3140", "V8", "15.00", "2027-03-31"),
    goods("3140", "V9", "36.50", "2027-05-31"),
    goods("3210", "K6", "80.00", "2027-04-30"),
    goods("3210", "K7", "60.00", "2027-09-30"),
)
GOODS_OF_LATE = (
    goods("1040", "L2406", "48", "2026-12-18"),
    goods("1040", "L2417", "60", "2027-03-15"),
)


def pumps() -> Iterable[StockRow]:
    """Fifty-eight feeding pump kits, each with its serial no., and three infusion pumps."""
    for numbers, expires in (
        *((_kit(n, "P2609", 871), "2028-09-30") for n in (422, *range(443, 449))),
        *((_kit(n, "P2609", 871), "2028-09-30") for n in range(403, 422)),
        *((_kit(n, "P2609", 872), "2028-09-30") for n in (*range(426, 430), *range(440, 443))),
        *((_kit(n, "P2609", 872), "2028-09-30") for n in range(449, 456)),
        *((_kit(n, "P2614", 874), "2028-12-31") for n in range(430, 436)),
        *((_kit(n, "P2611", 873), "2028-06-30") for n in (*range(423, 426), *range(456, 465))),
    ):
        kit = goods("2230", numbers.lot_no, "1", expires)
        yield replace(kit, numbers=numbers)
    for serial_no in ("SN1", "SN2", "SN3"):
        yield StockRow(
            item_no="4100",
            location_code="EAST",
            quantity=Decimal(1),
            numbers=Numbers("LOT1", serial_no),
        )


def _kit(number: int, lot_no: str, package: int) -> Numbers:
    return Numbers(lot_no, f"VP2-{number:04d}", f"PK-{package:05d}")


def kit_of(number: int, lot_no: str, package: int) -> TrackingLine:
    """One feeding pump kit on a line, by its numbers."""
    numbers = _kit(number, lot_no, package)
    return TrackingLine(
        lot_no=numbers.lot_no, serial_no=numbers.serial_no, package_no=numbers.package_no
    )


# -- Documents ---------------------------------------------------------------------------------


def line(
    item_no: str, quantity: str, on: str, *numbers: TrackingLine, made_for: str = "", unit: str = ""
) -> LineEntry:
    """A line at EAST."""
    return LineEntry(
        item_no=item_no,
        quantity=Decimal(quantity),
        date=date.fromisoformat(on),
        location_code="EAST",
        unit=unit,
        numbers=numbers,
        made_for=made_for,
    )


def number(lot_no: str, quantity: str, expires: str = "") -> TrackingLine:
    """A lot on a line."""
    expiration_date = date.fromisoformat(expires) if expires else None
    return TrackingLine(lot_no=lot_no, quantity=Decimal(quantity), expiration_date=expiration_date)


def order(
    document_no: str,
    customer_no: str,
    *lines: LineEntry,
    kind: DocumentKind = DocumentKind.SALES_ORDER,
    description: str = "",
) -> DocumentEntry:
    """A document, a sales order unless it says otherwise, described by whom it is for."""
    names = {customer.customer_no: customer.name for customer in CUSTOMERS}
    return DocumentEntry(
        kind=kind,
        document_no=document_no,
        customer_no=customer_no,
        description=description or names.get(customer_no, ""),
        lines=lines,
    )


_SHIPS = "2026-12-02"
ST_ANNA = order(
    "SO4711",
    "C0114",
    line("2230", "12", _SHIPS),
    line("1040", "240", _SHIPS),
    line("1055", "96", _SHIPS, number("F121", "96")),
    line("2215", "300", _SHIPS),
    line("1062", "144", _SHIPS),
    line("3005", "24", _SHIPS),
    line("1048", "6", _SHIPS, unit="BOX"),
    line("1071", "200", _SHIPS),
    line("1080", "48", _SHIPS, number("H77", "48")),
    line("2240", "500", _SHIPS),
)
LINDHOLM = order("SO4698", "C0098", line("1040", "40", "2026-11-27"))
ORDERS = (
    order("SO4695", "C0107", line("1040", "12", "2026-11-25")),
    order("SO4699", "C0121", line("1040", "12", "2026-12-03")),
    order("SO4702", "C0102", line("1040", "24", "2026-11-26")),
    order("SO4703", "C0130", line("2230", "17", "2026-12-01")),
    order("SO4705", "C0110", line("1040", "20", "2026-12-01")),
    order("SO4706", "C0110", line("2215", "40", "2026-12-01"), line("1055", "20", "2026-12-01")),
    order("SO4708", "C0102", line("1062", "48", "2026-12-03")),
    order("SO4709", "C0121", line("1040", "60", "2026-12-04")),
    order("SO4714", "C0125", line("2230", "5", "2026-12-08")),
    order("SO4716", "C0107", line("1040", "30", "2026-12-09")),
    order(
        "SO4718",
        "C0098",
        line("2215", "50", "2026-12-11"),
        line("2240", "100", "2026-12-11"),
        line("1040", "48", "2026-12-11"),
    ),
    order("SO4720", "C0130", line("2230", "6", "2026-12-02")),
    order("SO4729", "C0125", line("4100", "1", "2026-12-08")),
)
_COCOA = replace(
    line("1064", "3000", "2026-12-04"),
    components=(
        line("3100", "75", "2026-12-01"),
        line("3140", "15", "2026-12-01", number("V8", "15")),
        line("3210", "42.5", "2026-12-01", number("K7", "42.5")),
    ),
)
ON_ORDER = (
    order(
        "PO1183", "", line("1040", "120", "2026-11-24"),
        kind=DocumentKind.PURCHASE_ORDER, description="Nordmilk",
    ),
    order(
        "PO1214", "", line("1040", "240", "2026-12-15", number("L2533", "240", "2027-11-30")),
        kind=DocumentKind.PURCHASE_ORDER, description="Nordmilk",
    ),
    order(
        "PO1216", "", line("1071", "280", "2026-11-30"),
        kind=DocumentKind.PURCHASE_ORDER, description="Salina",
    ),
    order(
        "TO61", "", line("1040", "36", "2026-11-27", number("L2503", "36", "2027-05-31")),
        kind=DocumentKind.SUPPLY, description="Transfer from WEST",
    ),
    order(
        "MO308", "", _COCOA,
        kind=DocumentKind.PRODUCTION_ORDER, description="Cocoa from the lot of earlier batches",
    ),
    order(
        "MO309", "", line("1062", "4752", "2026-12-01"),
        kind=DocumentKind.PRODUCTION_ORDER, description="Peptide feed",
    ),
)  # fmt: skip
FOR_SUND = order(
    "PO1208",
    "",
    line("1040", "144", "2026-11-30", number("L2521", "144", "2027-09-30"), made_for="SO4709/1"),
    kind=DocumentKind.PURCHASE_ORDER,
    description="Nordmilk, 60 of it for SO4709",
)
CART = order("CART88213", "C0300", line("1040", "12", "2026-11-24"), kind=DocumentKind.DEMAND)
