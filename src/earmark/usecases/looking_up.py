"""Master data to choose from: items, locations, customers, as they are set up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from earmark.core.items import Customer, Item, Location
from earmark.core.tracking import TrackingCode
from earmark.database import catalog
from earmark.database.engine import Database
from earmark.database.unit_of_work import reading


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
