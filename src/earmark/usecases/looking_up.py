"""Master data to choose from: items, locations, customers, as they are set up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from earmark.core.items import Customer, Item, Location
from earmark.core.references import Place
from earmark.core.tracking import TrackingCode
from earmark.database import catalog, lines
from earmark.database.engine import Database
from earmark.database.unit_of_work import reading
from earmark.errors import (
    CustomerUnknown,
    ItemUnknown,
    LineUnknown,
    LocationUnknown,
    TrackingCodeUnknown,
)
from earmark.usecases.door import asks_about
from earmark.usecases.naming import document_named, is_line, names_as_known


def items(database: Database) -> Mapping[str, Item]:
    """Every item, by its number."""
    with reading(database) as session:
        return {item.item_no: item for item in catalog.items(session)}


def locations(database: Database) -> Mapping[str, Location]:
    """Every location, by its code."""
    with reading(database) as session:
        return catalog.locations(session)


def customers(database: Database) -> Mapping[str, Customer]:
    """Every customer, by his number."""
    with reading(database) as session:
        return catalog.customers(session)


def tracking_codes(database: Database) -> Mapping[str, TrackingCode]:
    """Every item tracking code."""
    with reading(database) as session:
        return catalog.tracking_codes(session)


def some_items(database: Database, item_nos: Iterable[str]) -> Mapping[str, Item]:
    """These items, as far as they exist, by number."""
    with reading(database) as session:
        return catalog.some_items(session, item_nos)


@asks_about("item_no")
def item(database: Database, item_no: str) -> Item:
    """An item; ``item-unknown`` where there is none."""
    with reading(database) as session:
        found = catalog.some_items(session, [item_no])
    if item_no not in found:
        raise ItemUnknown(item_no=item_no)
    return found[item_no]


@asks_about("location_code")
def location(database: Database, location_code: str) -> Location:
    """A location; ``location-unknown`` where there is none."""
    found = locations(database).get(location_code)
    if found is None:
        raise LocationUnknown(location_code=location_code)
    return found


@asks_about("customer_no")
def customer(database: Database, customer_no: str) -> Customer:
    """A customer; ``customer-unknown`` where there is none."""
    found = customers(database).get(customer_no)
    if found is None:
        raise CustomerUnknown(customer_no=customer_no)
    return found


def place(database: Database, ref: str) -> Place:
    """The document, or the line of it, that a reference names; refused where there is neither."""
    with reading(database) as session:
        known = names_as_known(session, {"ref": ref})["ref"]
        line = lines.by_line(session, [known]).get(known)
    if line is not None:
        return Place(line.document_no, line.line_no)
    if is_line(known):
        raise LineUnknown(line=ref)
    return Place(document_named(known))


@asks_about("tracking_code")
def tracking_code(database: Database, tracking_code: str) -> TrackingCode:
    """An item tracking code; ``tracking-code-unknown`` where there is none."""
    found = tracking_codes(database).get(tracking_code)
    if found is None:
        raise TrackingCodeUnknown(tracking_code=tracking_code)
    return found
