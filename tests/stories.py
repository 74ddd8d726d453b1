"""The few sentences that most tests of the database begin with: goods, orders, reservations."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

import earmark
from earmark import (
    Adjust,
    Dimension,
    DocumentEntry,
    DocumentKind,
    EnterDocuments,
    Item,
    LineEntry,
    Location,
    Numbers,
    Outcome,
    SetUp,
    StockRow,
    TrackingCode,
    TrackingLine,
)

PLACE = "EAST"
LOT = "X"
"""An item tracked by lot."""
SERIAL = "S"
"""An item tracked by serial number."""


def open_shop(database: earmark.Database, *more: Item) -> None:
    """An item by lot, one by serial number, and a place to keep them."""
    codes = (
        TrackingCode("LOTS", specific=frozenset({Dimension.LOT})),
        TrackingCode("SERIALS", specific=frozenset({Dimension.SERIAL})),
    )
    items = (Item(item_no=LOT, tracking_code="LOTS"), Item(item_no=SERIAL, tracking_code="SERIALS"))
    places = (Location(location_code=PLACE), Location(location_code="WEST"))
    set_up = SetUp(tracking_codes=codes, items=(*items, *more), locations=places)
    earmark.set_up(database, set_up)


def plain_item(item_no: str) -> Item:
    """An item without numbers."""
    return Item(item_no=item_no)


def row(number: str, quantity: int, item_no: str = LOT) -> StockRow:
    """Some stock under a lot no. or a serial no."""
    numbers = Numbers(serial_no=number) if item_no == SERIAL else Numbers(lot_no=number)
    return StockRow(
        item_no=item_no, location_code=PLACE, quantity=Decimal(quantity), numbers=numbers
    )


def stock(database: earmark.Database, *rows: StockRow) -> Outcome:
    """Goods come in."""
    return earmark.adjust(database, Adjust(rows=rows))


def lots(named: dict[str, int]) -> tuple[TrackingLine, ...]:
    """Item tracking lines, by lot."""
    return tuple(TrackingLine(lot_no=lot, quantity=Decimal(q)) for lot, q in named.items())


def line(
    quantity: int, *, tracked: dict[str, int] | None = None, on: date | None = None
) -> LineEntry:
    """A line for the item tracked by lot."""
    return LineEntry(
        item_no=LOT,
        quantity=Decimal(quantity),
        location_code=PLACE,
        date=on,
        numbers=lots(tracked or {}),
    )


def orders(
    database: earmark.Database,
    kind: DocumentKind,
    entered: Iterable[tuple[str, LineEntry]],
) -> Outcome:
    """Documents of one kind with a line each, all at once."""
    documents = tuple(
        DocumentEntry(kind=kind, document_no=document_no, lines=(entry,))
        for document_no, entry in entered
    )
    return earmark.enter_documents(database, EnterDocuments(documents=documents))


def sales(database: earmark.Database, **quantities: int) -> Outcome:
    """Sales orders with one line for the item tracked by lot."""
    entered = [(document_no, line(quantity)) for document_no, quantity in quantities.items()]
    return orders(database, DocumentKind.SALES_ORDER, entered)
