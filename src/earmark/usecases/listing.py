"""Lists of documents, lines, stock, set-up, reservations and history, page by page.

Everything that is read here could be read whole (``reading``, ``looking_up``); a list that may have
a million rows is read in pages, each of which says where the next one begins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Generic, TypeVar

from earmark.core.filters import (
    DocumentFilter,
    ItemFilter,
    LineFilter,
    NumberFilter,
    RecordFilter,
    StockFilter,
)
from earmark.core.items import Customer, Item, Location, NumberRecord
from earmark.core.tracking import Numbers, TrackingCode
from earmark.core.views import (
    DocumentView,
    HistoryRow,
    InventoryRow,
    LineView,
    ReservationView,
)
from earmark.database import catalog, listing
from earmark.database.engine import Database
from earmark.database.listing import Listed, Place
from earmark.database.schema import FAR
from earmark.database.unit_of_work import reading as reading_of
from earmark.database.views import view
from earmark.usecases import reading
from earmark.usecases.naming import filter_as_known
from earmark.usecases.reading import AsOf

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[Row]):
    """Some rows of a list; ``next_after`` is where the next page begins, ``None`` on the last."""

    rows: tuple[Row, ...]
    next_after: tuple[Any, ...] | None = None


def list_documents(database: Database, chosen: DocumentFilter, place: Place) -> Page[DocumentView]:
    """Documents with their lines, in pages."""
    with view(database) as seen:
        page = _read(seen.session, listing.DOCUMENTS, chosen, place)
        views = reading.document_views(seen, [row[0] for row in page.rows])
        return Page(rows=tuple(views), next_after=page.next_after)


def list_lines(database: Database, chosen: LineFilter, place: Place) -> Page[LineView]:
    """Document lines with their figures, in pages."""
    with view(database) as seen:
        page = _read(seen.session, listing.LINES, chosen, place)
        found = seen.lines([row[0] for row in page.rows])
        wanted = [found[row[0]] for row in page.rows]
        return Page(rows=tuple(reading.line_views(seen, wanted)), next_after=page.next_after)


def _read(session: Any, listed: Listed, chosen: Any, place: Place) -> Page[Any]:  # noqa: ANN401
    """A page of rows as the database has them."""
    rows = listed.read(session, place, _chosen(listed, filter_as_known(session, chosen)))
    if len(rows) <= place.limit:
        return Page(rows=tuple(rows))
    rows = rows[: place.limit]
    return Page(rows=tuple(rows), next_after=listed.place_of(rows[-1], place.order))


def _chosen(listed: Listed, chosen: Any) -> dict[str, Any]:  # noqa: ANN401 - one of the filters
    """What a list is filtered by."""
    names = [name for f in fields(chosen) if (name := f.name) in listed.filters]
    return {name: getattr(chosen, name) for name in names}


def _records(
    database: Database,
    listed: Listed,
    chosen: Any,  # noqa: ANN401 - one of the filters
    place: Place,
    made: Callable[[Any], Any],
) -> Page[Any]:
    with reading_of(database) as session:
        page = _read(session, listed, chosen, place)
    width = len(listed.columns(place.order))
    return Page(rows=tuple(made(row[:-width]) for row in page.rows), next_after=page.next_after)


def list_items(database: Database, chosen: ItemFilter, place: Place) -> Page[Item]:
    """Items, in pages."""
    return _records(database, listing.ITEMS, chosen, place, catalog.item_from)


def list_tracking_codes(
    database: Database, chosen: RecordFilter, place: Place
) -> Page[TrackingCode]:
    """Item tracking codes, in pages."""
    return _records(database, listing.TRACKING_CODES, chosen, place, catalog.code_from)


def list_locations(database: Database, chosen: RecordFilter, place: Place) -> Page[Location]:
    """Locations, in pages."""
    return _records(database, listing.LOCATIONS, chosen, place, catalog.location_from)


def list_customers(database: Database, chosen: RecordFilter, place: Place) -> Page[Customer]:
    """Customers, in pages."""
    return _records(database, listing.CUSTOMERS, chosen, place, catalog.customer_from)


def list_numbers(database: Database, chosen: NumberFilter, place: Place) -> Page[NumberRecord]:
    """The information records of an item's lots, serials and packages, in pages."""
    return _records(database, listing.NUMBERS, chosen, place, catalog.record_from)


def list_inventory(
    database: Database, chosen: StockFilter, place: Place, *, as_of: AsOf = None
) -> Page[InventoryRow]:
    """What is in stock by item, variant, location and numbers, in pages."""
    if as_of is None:
        return _records(database, listing.INVENTORY, chosen, place, _inventory_row)
    found = reading.inventory(
        database,
        item_no=chosen.item_no,
        location_code=chosen.location_code,
        variant_code=chosen.variant_code or None,
        numbers=Numbers(chosen.lot_no, chosen.serial_no, chosen.package_no),
        as_of=as_of,
    )

    def key(row: InventoryRow) -> tuple[Any, ...]:
        first = (row.location_code,) if place.order == "location_code" else ()
        numbers = (row.numbers.lot_no, row.numbers.serial_no, row.numbers.package_no)
        return (*first, row.item_no, row.variant_code, row.location_code, *numbers)

    return _sliced(found, key, place)


def _inventory_row(row: Sequence[Any]) -> InventoryRow:
    item_no, variant_code, location_code, lot_no, serial_no, package_no, quantity, expires = row
    return InventoryRow(
        item_no=item_no,
        variant_code=variant_code,
        location_code=location_code,
        numbers=Numbers(lot_no, serial_no, package_no),
        quantity=quantity,
        expiration_date=None if expires == FAR else expires,
    )


RESERVATION_ORDERS = ("since", "demand")


def list_reservations(
    database: Database, ref: str, place: Place, *, as_of: AsOf = None
) -> Page[ReservationView]:
    """The reservation entries of a line, a supply, a ledger entry, a document or a kind."""
    found = reading.reservations(database, ref, as_of=as_of)
    return _sliced(found, lambda row: _reservation_key(row, place.order), place)


def _reservation_key(row: ReservationView, order: str) -> tuple[str, ...]:
    since = _sortable(row.since)
    first = (row.demand, since) if order == "demand" else (since, row.demand)
    return (*first, row.supply, str(row.asked), row.binding, _sortable(row.hold_until))


def _sortable(time: datetime | None) -> str:
    return time.isoformat() if time else ""


def list_history(
    database: Database, ref: str, place: Place, *, as_of: AsOf = None
) -> Page[HistoryRow]:
    """What was done, newest first, in pages; of one document or line where it is named."""
    until = place.after[0] - 1 if place.after else as_of
    rows = reading.history(database, ref, place.limit + 1, as_of=until)
    if len(rows) <= place.limit:
        return Page(rows=rows)
    rows = rows[: place.limit]
    return Page(rows=rows, next_after=(rows[-1].moment,))


def _sliced(found: Iterable[Row], key: Callable[[Row], tuple[Any, ...]], place: Place) -> Page[Row]:
    """A page of rows that were read whole."""
    rows = sorted(found, key=key, reverse=place.is_descending)
    if place.after:
        rows = [
            row
            for row in rows
            if (key(row) < place.after if place.is_descending else key(row) > place.after)
        ]
    if len(rows) <= place.limit:
        return Page(rows=tuple(rows))
    rows = rows[: place.limit]
    return Page(rows=tuple(rows), next_after=key(rows[-1]))
