"""Lists read page by page are the lists read whole: nothing twice, nothing left out."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

import earmark
from earmark import ChangeStatus, Customer, DocumentKind, DocumentStatus, Reserve, SetUp
from earmark.core.documents import LineKind
from earmark.core.filters import (
    DocumentFilter,
    ItemFilter,
    LineFilter,
    NumberFilter,
    RecordFilter,
    StockFilter,
)
from earmark.database.listing import Place
from earmark.usecases import listing
from tests import stories

DAYS = (date(2026, 12, 3), None, date(2026, 12, 1), date(2026, 12, 3), None)


@pytest.fixture
def shop(database: earmark.Database) -> earmark.Database:
    """Five orders, two with the same date and two without one; stock under seven numbers."""
    stories.open_shop(database)
    customers = tuple(Customer(customer_no=f"C{n}") for n in range(3))
    earmark.set_up(database, SetUp(customers=customers))
    stories.stock(database, *(stories.row(f"L{n}", n) for n in (1, 2, 3, 4)))
    stories.stock(database, *(stories.row(f"SN{n}", 1, stories.SERIAL) for n in (1, 2, 3)))
    entered = [(f"SO{n}", stories.line(1, on=day)) for n, day in enumerate(DAYS)]
    stories.orders(database, DocumentKind.SALES_ORDER, entered)
    stories.orders(database, DocumentKind.PURCHASE_ORDER, [("PO1", stories.line(5))])
    for n in range(3):
        earmark.reserve(database, Reserve(line=f"SO{n}/1"))
    return database


def pages(read: Callable[[Place], listing.Page[Any]], place: Place) -> list[Any]:
    """Every row of a list, read two at a time."""
    rows: list[Any] = []
    after: tuple[Any, ...] | None = ()
    while after is not None:
        page = read(replace(place, limit=2, after=after))
        assert len(page.rows) <= 2
        rows += page.rows
        after = page.next_after
    return rows


Reader = Callable[[earmark.Database, Place], listing.Page[Any]]
LISTS: dict[str, tuple[Reader, tuple[str, ...], int]] = {
    "documents": (
        lambda db, place: listing.list_documents(db, DocumentFilter(), place),
        ("document_no", "customer_no", "status"),
        6,
    ),
    "lines": (
        lambda db, place: listing.list_lines(db, LineFilter(), place),
        ("line", "date", "item_no"),
        6,
    ),
    "items": (
        lambda db, place: listing.list_items(db, ItemFilter(), place),
        ("item_no", "tracking_code"),
        2,
    ),
    "tracking codes": (
        lambda db, place: listing.list_tracking_codes(db, RecordFilter(), place),
        ("tracking_code",),
        2,
    ),
    "locations": (
        lambda db, place: listing.list_locations(db, RecordFilter(), place),
        ("location_code",),
        2,
    ),
    "customers": (
        lambda db, place: listing.list_customers(db, RecordFilter(), place),
        ("customer_no",),
        3,
    ),
    "numbers": (
        lambda db, place: listing.list_numbers(db, NumberFilter(item_no=stories.LOT), place),
        ("number", "expiration_date"),
        4,
    ),
    "inventory": (
        lambda db, place: listing.list_inventory(db, StockFilter(), place),
        ("item_no", "location_code"),
        7,
    ),
    "reservations": (
        lambda db, place: listing.list_reservations(db, "stock", place),
        ("since", "demand"),
        3,
    ),
}
CASES = [(name, order) for name, (_, orders, _) in LISTS.items() for order in orders]


@pytest.mark.parametrize(("name", "order"), CASES)
def test_the_pages_of_a_list_are_the_list(shop: earmark.Database, name: str, order: str) -> None:
    read, _, count = LISTS[name]
    whole = read(shop, Place(order=order)).rows
    assert len(whole) == count
    assert pages(lambda place: read(shop, place), Place(order=order)) == list(whole)
    backwards = pages(lambda p: read(shop, p), Place(order=order, is_descending=True))
    assert backwards == list(reversed(whole))


def test_lines_by_date_come_in_the_order_of_their_dates_the_dateless_last(
    shop: earmark.Database,
) -> None:
    found = pages(lambda p: listing.list_lines(shop, LineFilter(), p), Place(order="date"))
    dates = [row.date for row in found]
    assert dates == [date(2026, 12, 1), date(2026, 12, 3), date(2026, 12, 3), None, None, None]


def test_history_is_read_back_to_its_beginning(shop: earmark.Database) -> None:
    read = pages(lambda p: listing.list_history(shop, "", p), Place(order="newest"))
    assert read == list(earmark.history(shop, limit=1000))
    assert len(read) >= 8


def test_a_list_holds_what_fits_its_filters(shop: earmark.Database) -> None:
    first = Place(order="line")

    def lines(chosen: LineFilter) -> list[str]:
        return [row.line for row in listing.list_lines(shop, chosen, first).rows]

    assert lines(LineFilter(document_no="SO1")) == ["SO1/1"]
    assert lines(LineFilter(kind=LineKind.PURCHASE)) == ["PO1/1"]
    assert lines(LineFilter(is_demand=False)) == ["PO1/1"]
    assert lines(LineFilter(date_latest=date(2026, 12, 2))) == ["SO2/1"]
    assert lines(LineFilter(date_earliest=date(2026, 12, 2))) == ["SO0/1", "SO3/1"]
    assert lines(LineFilter(is_open=False)) == []
    assert lines(LineFilter(item_no="%")) == []


def test_stock_is_listed_as_it_was(shop: earmark.Database) -> None:
    begun = earmark.history(shop, limit=1000)[-2].moment
    place = Place(order="location_code")
    now = listing.list_inventory(shop, StockFilter(item_no=stories.LOT), place)
    then = listing.list_inventory(shop, StockFilter(), place, as_of=begun)
    lots = ["L1", "L2", "L3", "L4"]
    assert [row.numbers.lot_no for row in now.rows] == lots
    assert len(then.rows) < 7
    late = pages(
        lambda p: listing.list_inventory(shop, StockFilter(), p, as_of=2**62),
        Place(order="item_no"),
    )
    assert sum(row.quantity for row in late) == Decimal(13)


def test_a_document_of_the_past_has_the_status_that_it_had(database: earmark.Database) -> None:
    stories.open_shop(database)
    entered = stories.orders(
        database, DocumentKind.PRODUCTION_ORDER, [("MO1", stories.line(5))]
    ).moment
    finished = ChangeStatus(document_no="MO1", status=DocumentStatus.FINISHED)
    earmark.change_status(database, finished)
    assert earmark.document(database, "MO1").status == "finished"
    assert earmark.document(database, "MO1", as_of=entered).status == "released"
    (then,) = earmark.documents(database, as_of=entered)
    assert then.status == "released"
