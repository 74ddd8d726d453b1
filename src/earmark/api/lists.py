"""All that is read page by page through the API, one row each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from earmark.api.operations import Listing
from earmark.core.filters import (
    DocumentFilter,
    ItemFilter,
    LineFilter,
    NumberFilter,
    RecordFilter,
    StockFilter,
)
from earmark.core.items import Customer, Item, Location, NumberRecord
from earmark.core.tracking import TrackingCode
from earmark.core.views import (
    DocumentView,
    HistoryRow,
    InventoryRow,
    LineView,
    ReservationView,
)
from earmark.database import listing as orders
from earmark.database.listing import Listed
from earmark.usecases import listing
from earmark.usecases.reading import AsOf

MOMENT_BITS = 63


@dataclass(frozen=True, slots=True, kw_only=True)
class StockThen(StockFilter):
    """Which stock, now or as of a moment."""

    as_of: AsOf = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationsOf:
    """Whose reservations: a line's, a document's, a supply's, a ledger entry's, or of a kind."""

    ref: str
    as_of: AsOf = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryOf:
    """Whose history: of a document or a line; all of it without one."""

    ref: str = ""
    as_of: AsOf = None


def _moment(_order: str, told: list[Any]) -> tuple[Any, ...]:
    (moment,) = map(int, told)
    if not 0 < moment < 2**MOMENT_BITS:
        raise ValueError(moment)
    return (moment,)


def _orders(listed: Listed) -> tuple[str, ...]:
    return tuple(listed.orders)


LISTS = (
    Listing(
        name="list_documents",
        path="/documents",
        asks=DocumentFilter,
        tells=DocumentView,
        reads=listing.list_documents,
        orders=_orders(orders.DOCUMENTS),
        values=orders.DOCUMENTS.values_from,
        tag="Documents",
    ),
    Listing(
        name="list_lines",
        path="/lines",
        asks=LineFilter,
        tells=LineView,
        reads=listing.list_lines,
        orders=_orders(orders.LINES),
        values=orders.LINES.values_from,
        tag="Documents",
    ),
    Listing(
        name="list_reservations",
        says="The reservation entries of a line, a document, a supply, a ledger entry or a kind.",
        path="/reservations",
        asks=ReservationsOf,
        tells=ReservationView,
        reads=lambda served, of, place: listing.list_reservations(
            served, of.ref, place, as_of=of.as_of
        ),
        orders=listing.RESERVATION_ORDERS,
        tag="Reservations",
    ),
    Listing(
        name="list_inventory",
        says="What is in stock by item, variant, location and numbers.",
        path="/inventory",
        asks=StockThen,
        tells=InventoryRow,
        reads=lambda served, of, place: listing.list_inventory(served, of, place, as_of=of.as_of),
        orders=_orders(orders.INVENTORY),
        values=orders.INVENTORY.values_from,
        tag="Availability",
    ),
    Listing(
        name="list_history",
        says="What was done, by whom and when, newest first; of a document or line where named.",
        path="/history",
        asks=HistoryOf,
        tells=HistoryRow,
        reads=lambda served, of, place: listing.list_history(served, of.ref, place, as_of=of.as_of),
        orders=("newest",),
        values=_moment,
        tag="History",
    ),
    Listing(
        name="list_items",
        path="/items",
        asks=ItemFilter,
        tells=Item,
        reads=listing.list_items,
        orders=_orders(orders.ITEMS),
        values=orders.ITEMS.values_from,
        tag="Set-up",
    ),
    Listing(
        name="list_numbers",
        path="/items/{item_no}/numbers",
        asks=NumberFilter,
        tells=NumberRecord,
        reads=listing.list_numbers,
        orders=_orders(orders.NUMBERS),
        values=orders.NUMBERS.values_from,
        tag="Set-up",
    ),
    Listing(
        name="list_tracking_codes",
        path="/tracking-codes",
        asks=RecordFilter,
        tells=TrackingCode,
        reads=listing.list_tracking_codes,
        orders=_orders(orders.TRACKING_CODES),
        values=orders.TRACKING_CODES.values_from,
        tag="Set-up",
    ),
    Listing(
        name="list_locations",
        path="/locations",
        asks=RecordFilter,
        tells=Location,
        reads=listing.list_locations,
        orders=_orders(orders.LOCATIONS),
        values=orders.LOCATIONS.values_from,
        tag="Set-up",
    ),
    Listing(
        name="list_customers",
        path="/customers",
        asks=RecordFilter,
        tells=Customer,
        reads=listing.list_customers,
        orders=_orders(orders.CUSTOMERS),
        values=orders.CUSTOMERS.values_from,
        tag="Set-up",
    ),
)
