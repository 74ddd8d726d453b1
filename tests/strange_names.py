"""Names as other systems have them, and a shop in which everything is called so."""

from decimal import Decimal

import earmark
from earmark import (
    Customer,
    Dimension,
    DocumentEntry,
    DocumentKind,
    EnterDocuments,
    Item,
    LineEntry,
    Location,
    Numbers,
    SetUp,
    StockRow,
    TrackingCode,
)
from tests import stories

NAMES = [
    "SO/2026/0001",
    "WH/OUT/00012",
    "#1001",
    "FN73239/40/41",
    "A#12",
    'say "so"',
    '"',
    "50% ?&=+;",
    "注文/二",
    "a/b\\c",
    "lines/1",
    "'; DROP TABLE item; --",
]


def shop_of(database: earmark.Database, name: str) -> None:
    """An item, a place, a customer, a code, a lot and an order, all of one name."""
    code = TrackingCode(name, specific=frozenset({Dimension.LOT}))
    item = Item(item_no=name, tracking_code=name, variants=(name,), units={name: Decimal(2)})
    place = Location(location_code=name, bins=(name,))
    set_up = SetUp(
        tracking_codes=(code,),
        items=(item,),
        locations=(place,),
        customers=(Customer(customer_no=name),),
    )
    earmark.set_up(database, set_up)
    row = StockRow(
        item_no=name,
        location_code=name,
        variant_code=name,
        quantity=Decimal(10),
        numbers=Numbers(lot_no=name),
    )
    stories.stock(database, row)
    order_of(database, name)


def order_of(database: earmark.Database, document_no: str, name: str = "") -> earmark.Outcome:
    name = name or document_no
    line = LineEntry(
        item_no=name,
        location_code=name,
        variant_code=name,
        unit=name,
        quantity=Decimal(2),
        bin_code=name,
    )
    document = DocumentEntry(
        kind=DocumentKind.SALES_ORDER, document_no=document_no, customer_no=name, lines=(line,)
    )
    return earmark.enter_documents(database, EnterDocuments(documents=(document,)))
