"""Sheets of stock by lot, serial and package no.: every row is one adjustment.

Importing posts what the rows say on top of what there is: the same file twice is twice the stock.
What is exported is what there is, in the base unit, by the day on which it was posted; imported
into an empty database it is there again. Its bins and what is known of its numbers are not in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from earmark.core.commands import Adjust, Command, StockRow
from earmark.core.items import Item, StockKey
from earmark.core.outcome import Outcome
from earmark.core.quantity import ZERO, plain
from earmark.core.tracking import Numbers
from earmark.database import catalog
from earmark.database.engine import Database
from earmark.database.views import view
from earmark.errors import EarmarkError, ItemUnknown, LocationUnknown
from earmark.sheets import Cell
from earmark.usecases.adjusting import adjust
from earmark.usecases.exchange_cells import day, quantity_moved, text
from earmark.usecases.exchange_layout import (
    Column,
    Entry,
    Given,
    GivenRows,
    Layout,
    RowError,
    row_error,
)

_COLUMNS = (
    Column("item_no", text, is_required=True, is_filled=True, unknown=ItemUnknown),
    Column("variant_code", text),
    Column("location_code", text, is_required=True, unknown=LocationUnknown),
    Column("lot_no", text),
    Column("serial_no", text),
    Column("package_no", text),
    Column("quantity", quantity_moved, is_required=True, is_filled=True),
    Column("unit", text),
    Column("posting_date", day),
    Column("expiration_date", day),
    Column("bin_code", text),
)


def _compose(_database: Database, given: GivenRows) -> tuple[list[Entry], list[RowError]]:
    items = given.known[ItemUnknown]
    entries: list[Entry] = []
    errors: list[RowError] = []
    for row in given.rows:
        item = items.get(row.values.get("item_no", ""))
        if item is not None:
            errors += check_item(item, row)
            entries.append(Entry(_stock_row(row.values), (row.row,), item.item_no))
    return entries, errors


def check_item(item: Item, given: Given) -> Iterator[RowError]:
    """What the item refuses of a row: a variant or a unit that it does not have."""
    row, values = given
    for column, check in (("variant_code", item.check_variant), ("unit", item.quantity_per)):
        try:
            check(values.get(column, ""))
        except EarmarkError as error:
            yield row_error(row, error, column, values[column])


def _stock_row(values: dict[str, Any]) -> StockRow:
    known = values.get
    return StockRow(
        item_no=values["item_no"],
        location_code=known("location_code", ""),
        quantity=known("quantity", ZERO),
        variant_code=known("variant_code", ""),
        numbers=Numbers(known("lot_no", ""), known("serial_no", ""), known("package_no", "")),
        unit=known("unit", ""),
        bin_code=known("bin_code", ""),
        date=known("posting_date"),
        expiration_date=known("expiration_date"),
    )


def _enter(database: Database, rows: Sequence[StockRow], signed: Command) -> Outcome:
    command = Adjust(
        rows=tuple(rows),
        by=signed.by,
        reason=signed.reason,
        request_id=signed.request_id,
        preview=signed.preview,
    )
    return adjust(database, command)


def _records(database: Database) -> Iterator[Sequence[Cell]]:
    """What there is, and since when: the order in which it is picked may follow from it."""
    with view(database) as seen:
        for item in catalog.items(seen.session):
            quantities: dict[tuple[StockKey, Numbers, date | None, date | None], Decimal] = {}
            supplies = (x for x in seen.supplies(item.item_no) if x.is_stock and x.quantity > ZERO)
            for x in sorted(supplies, key=lambda x: (x.key, x.posted_on or date.min, x.supply_no)):
                kept = (x.key, x.numbers, x.posted_on, x.expiration_date)
                quantities[kept] = quantities.get(kept, ZERO) + x.quantity
            for (key, numbers, posted_on, expires), total in quantities.items():
                nos = (numbers.lot_no, numbers.serial_no, numbers.package_no)
                yield (*key, *nos, plain(total), "", posted_on or "", expires or "", "")


def _names(entry: Entry) -> Iterable[tuple[str, int]]:
    numbers: Numbers = entry.value.numbers
    yield f"{numbers}", entry.rows[0]
    yield numbers.serial_no, entry.rows[0]


STOCK = Layout(columns=_COLUMNS, compose=_compose, enter=_enter, records=_records, names=_names)
