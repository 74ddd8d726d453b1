"""Sheets of items, item tracking codes, locations and customers.

A column that the file does not have, and an empty cell in one that it has, leave what is on record
as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from earmark.core.commands import Command, SetUp
from earmark.core.gtins import ItemGtin
from earmark.core.items import Customer, Item, Location, PickingOrder, ReservePolicy
from earmark.core.outcome import Outcome
from earmark.core.tracking import TrackingCode
from earmark.database.engine import Database
from earmark.errors import EarmarkError, ItemUnknown, TrackingCodeUnknown, ValueInvalid
from earmark.sheets import Cell
from earmark.usecases import catalog
from earmark.usecases.exchange_cells import (
    dimensions,
    joined,
    joined_pairs,
    picking_orders,
    quantity,
    text,
    texts,
    units,
    whole,
    word_of,
    yes_no,
)
from earmark.usecases.exchange_layout import (
    Column,
    Entry,
    GivenRows,
    Layout,
    RowError,
    row_error,
)

_ITEMS = (
    Column("item_no", text, is_required=True, is_filled=True),
    Column("description", text),
    Column("base_unit", text),
    Column("units", units),
    Column("rounding_precision", quantity),
    Column("variants", texts),
    Column("tracking_code", text, unknown=TrackingCodeUnknown),
    Column("reserve", word_of(ReservePolicy)),
    Column("picking_order", word_of(PickingOrder)),
    Column("location_picking_orders", picking_orders),
    Column("serial_series", text),
    Column("lot_series", text),
    Column("over_receipt_percentage", quantity),
)
_TRACKING_CODES = (
    Column("tracking_code", text, is_required=True, is_filled=True),
    Column("specific", dimensions),
    Column("required", dimensions),
    Column("expiration_used", yes_no),
    Column("expiration_required", yes_no),
    Column("expiration_strict", yes_no),
    Column("case_matters", yes_no),
)
_LOCATIONS = (
    Column("location_code", text, is_required=True, is_filled=True),
    Column("description", text),
    Column("is_in_transit", yes_no),
    Column("bins", texts),
)
_CUSTOMERS = (
    Column("customer_no", text, is_required=True, is_filled=True),
    Column("name", text),
    Column("priority", whole),
    Column("reserve", word_of(ReservePolicy)),
    Column("minimum_shelf_life_days", whole),
    Column("transit_days", whole),
)
_GTINS = (
    Column("gtin", text, is_required=True, is_filled=True),
    Column("item_no", text, is_required=True, is_filled=True, unknown=ItemUnknown),
    Column("variant_code", text),
    Column("unit", text),
)


def _layout(
    columns: tuple[Column, ...],
    field: str,
    new: Callable[[str], Any],
    records: Callable[[Database], Iterable[Any]],
) -> Layout:
    """The layout of records whose key is the first column, and whose fields are all the columns.

    ``field`` is where such records stand in the command.
    """
    key = columns[0].name

    def compose(database: Database, given: GivenRows) -> tuple[list[Entry], list[RowError]]:
        existing = {getattr(record, key): record for record in records(database)}
        entries: dict[str, Entry] = {}
        errors = []
        for row, values in given.rows:
            no = values.get(key, "")
            if no in entries:
                why = f"it stands in row {entries[no].rows[0]} already"
                error = ValueInvalid(field=columns[0].title, value=no, why=why)
                errors.append(row_error(row, error, key, no))
            elif no:
                record = existing.get(no) or new(no)
                try:
                    entries[no] = Entry(replace(record, **values), (row,), no)
                except EarmarkError as error:
                    errors.append(row_error(row, error, "", no))
        return list(entries.values()), errors

    def enter(database: Database, values: Sequence[Any], signed: Command) -> Outcome:
        signature = {n: getattr(signed, n) for n in ("by", "reason", "request_id", "preview")}
        records_of: dict[str, Any] = {field: tuple(values), **signature}
        return catalog.set_up(database, SetUp(**records_of))

    return Layout(
        columns=columns,
        compose=compose,
        enter=enter,
        records=lambda database: (
            [_cell(getattr(record, column.name)) for column in columns]
            for record in records(database)
        ),
        names=lambda _: (),
    )


def _cell(value: Any) -> Cell:  # noqa: ANN401, PLR0911 - the value of any field, a line each
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, Mapping):
        return joined_pairs(value)
    if isinstance(value, frozenset):
        return joined(sorted(value))
    if isinstance(value, tuple):
        return joined(value)
    cell: Cell = value
    return cell


ITEMS = _layout(_ITEMS, "items", lambda no: Item(item_no=no), catalog.items)
TRACKING_CODES = _layout(_TRACKING_CODES, "tracking_codes", TrackingCode, catalog.tracking_codes)
LOCATIONS = _layout(
    _LOCATIONS, "locations", lambda code: Location(location_code=code), catalog.locations
)
CUSTOMERS = _layout(_CUSTOMERS, "customers", lambda no: Customer(customer_no=no), catalog.customers)
GTINS = _layout(_GTINS, "gtins", lambda gtin: ItemGtin(gtin=gtin, item_no=""), catalog.gtins)
