"""A hold that has ended counts nowhere: all figures are those of a shop that cancelled it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

import earmark
from earmark import Cancel, DocumentKind, Numbers, Reserve
from earmark.core.filters import DocumentFilter, ItemFilter, LineFilter
from earmark.database.listing import Place
from earmark.usecases import listing
from tests import stories

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
ENDS = NOW + timedelta(hours=1)
DUE = date(2026, 6, 3)


def shop_of(database: earmark.Database) -> None:
    """Six of lot A and four on order; two orders hold some of each for an hour."""
    database.clock = lambda: NOW
    stories.open_shop(database)
    stories.stock(database, stories.row("A", 6))
    stories.orders(database, DocumentKind.PURCHASE_ORDER, [("PO", stories.line(4, on=DUE))])
    entered = [(name, stories.line(5, on=DUE)) for name in ("HELD", "KEPT")]
    stories.orders(database, DocumentKind.SALES_ORDER, entered)
    earmark.reserve(database, Reserve(line="HELD/1", hold_until=ENDS))
    on_order = Reserve(line="KEPT/1", supply="PO/1", quantity=Decimal(2), hold_until=ENDS)
    earmark.reserve(database, on_order)


READINGS: dict[str, Callable[[earmark.Database], Any]] = {
    "items": earmark.item_figures,
    "item": lambda d: earmark.item_overview(d, stories.LOT),
    "first page": earmark.needing_attention,
    "documents": earmark.documents,
    "document": lambda d: earmark.document(d, "HELD"),
    "line": lambda d: earmark.line(d, "KEPT/1"),
    "window": lambda d: earmark.window(d, "HELD/1"),
    "candidates": lambda d: earmark.candidates(d, "HELD/1"),
    "why": lambda d: earmark.why(d, "HELD/1"),
    "number": lambda d: earmark.number(d, stories.LOT, stories.PLACE, Numbers("A")),
    "reservations": lambda d: earmark.reservations(d, "KEPT/1"),
    "open demand": earmark.open_demand,
    "supply rows": lambda d: earmark.supply_rows(d, "HELD/1"),
    "alerts": earmark.alerts,
    "search": lambda d: earmark.search(d, "HELD"),
    "list of documents": lambda d: listing.list_documents(
        d, DocumentFilter(), Place(order="document_no")
    ),
    "list of lines": lambda d: listing.list_lines(d, LineFilter(), Place(order="line")),
    "list of items": lambda d: listing.list_items(d, ItemFilter(), Place(order="item_no")),
}


@pytest.mark.parametrize("reading", READINGS)
def test_an_ended_hold_counts_nowhere(
    new_database: Callable[[], earmark.Database], reading: str
) -> None:
    ended, cancelled = new_database(), new_database()
    for database in (ended, cancelled):
        shop_of(database)
    read = READINGS[reading]
    before = repr(read(ended))
    earmark.cancel(cancelled, Cancel(line="HELD/1"))
    earmark.cancel(cancelled, Cancel(line="KEPT/1"))
    for database in (ended, cancelled):
        database.clock = lambda: ENDS
    assert repr(read(ended)) == repr(read(cancelled))
    if reading not in ("alerts", "search", "number", "list of items"):
        assert repr(read(ended)) != before
    ended.close()
    cancelled.close()
