"""Importing and exporting sheets: master data, stock, orders and item tracking lines.

An import is all or nothing: every row is checked, every row that is wrong is named with its number,
and only where none is does one command enter them all. What an export writes, an import reads.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from earmark.core.commands import Command
from earmark.core.outcome import Outcome
from earmark.database.engine import Database
from earmark.errors import (
    CustomerUnknown,
    EarmarkError,
    ImportRefused,
    InvalidRequest,
    ItemUnknown,
    LocationUnknown,
    NotFound,
    Refused,
    TrackingCodeUnknown,
)
from earmark.sheets import Sheet, numbered
from earmark.usecases import catalog
from earmark.usecases.exchange_catalog import CUSTOMERS, GTINS, ITEMS, LOCATIONS, TRACKING_CODES
from earmark.usecases.exchange_layout import (
    Entry,
    Known,
    Layout,
    Progress,
    RowError,
    found_columns,
    read_rows,
    row_error,
)
from earmark.usecases.exchange_orders import ORDERS
from earmark.usecases.exchange_stock import STOCK
from earmark.usecases.exchange_tracking import TRACKING


class Subject(StrEnum):
    """What a sheet can be about."""

    ITEMS = "items"
    TRACKING_CODES = "tracking_codes"
    LOCATIONS = "locations"
    CUSTOMERS = "customers"
    GTINS = "gtins"
    STOCK = "stock"
    ORDERS = "orders"
    TRACKING = "tracking"


_LAYOUTS = {
    Subject.ITEMS: ITEMS,
    Subject.TRACKING_CODES: TRACKING_CODES,
    Subject.LOCATIONS: LOCATIONS,
    Subject.CUSTOMERS: CUSTOMERS,
    Subject.GTINS: GTINS,
    Subject.STOCK: STOCK,
    Subject.ORDERS: ORDERS,
    Subject.TRACKING: TRACKING,
}
_OF_A_ROW = (InvalidRequest, NotFound, Refused)
"""What may be wrong with a row; a database that is busy or unusable is not the file's fault."""

_ROWS_TRIED = 50_000
"""How many rows may be tried again to find what else is wrong, once something is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """What was imported: how many rows of which file, as how many records, and what it did."""

    what: Subject
    file: str
    rows: int
    records: int
    outcome: Outcome


def columns(what: Subject) -> tuple[str, ...]:
    """The names of the columns that a sheet about this has, in the order of an export."""
    return tuple(column.name for column in _LAYOUTS[what].columns)


def export_sheet(database: Database, what: Subject) -> Sheet:
    """All there is of one subject, in the columns that an import reads."""
    return Sheet(columns=columns(what), rows=numbered(_LAYOUTS[what].records(database)))


def _quietly(_done: int, _total: int) -> None:
    """Tell nobody how far it is."""


def import_sheet(  # noqa: PLR0913 - who, whether and how it is told
    database: Database,
    what: Subject,
    sheet: Sheet,
    *,
    by: str = "",
    request_id: str = "",
    preview: bool = False,
    progress: Progress = _quietly,
) -> ImportResult:
    """Enter all rows of a sheet by one command, or none.

    Raises ``file-unusable`` where the columns are not those of the subject, and ``import-refused``
    with all :class:`RowError` under ``errors`` where rows are wrong; what a rule of the trade
    refuses of a row is told by its own code. ``progress`` is told how many rows have been read;
    what it raises, before anything is entered, ends the import.
    """
    layout = _LAYOUTS[what]
    entries, errors = _checked(database, layout, sheet, progress)
    progress(len(sheet.rows), len(sheet.rows))
    if errors:
        errors += _refused(database, layout, _untouched(entries, errors))
        raise _refusal(sheet, errors)
    outcome = Outcome(is_preview=preview)
    if entries:
        signed = Command(by=by, request_id=request_id, preview=preview)
        outcome = _entered(database, layout, sheet, entries, signed)
    return ImportResult(
        what=what, file=sheet.file, rows=len(sheet.rows), records=len(entries), outcome=outcome
    )


def _checked(
    database: Database, layout: Layout, sheet: Sheet, progress: Progress
) -> tuple[list[Entry], list[RowError]]:
    """The entries that a sheet makes, and what is wrong with its rows as far as they say it."""
    found = found_columns(layout, sheet)
    given, errors = read_rows(sheet, found, _known(database, layout), progress)
    entries, wrong = layout.compose(database, given)
    return entries, errors + wrong


def _known(database: Database, layout: Layout) -> Known:
    """The records that the layout's columns refer to."""
    named = {column.unknown for column in layout.columns}
    known: dict[type[EarmarkError], dict[str, Any]] = {}
    if ItemUnknown in named:
        known[ItemUnknown] = {item.item_no: item for item in catalog.items(database)}
    if LocationUnknown in named:
        known[LocationUnknown] = {x.location_code: x for x in catalog.locations(database)}
    if CustomerUnknown in named:
        known[CustomerUnknown] = {x.customer_no: x for x in catalog.customers(database)}
    if TrackingCodeUnknown in named:
        codes = catalog.tracking_codes(database)
        known[TrackingCodeUnknown] = {x.tracking_code: x for x in codes}
    return known


def _entered(
    database: Database, layout: Layout, sheet: Sheet, entries: Sequence[Entry], signed: Command
) -> Outcome:
    """Enter everything; a refusal of some rows is told with those of all others."""
    try:
        return layout.enter(database, [entry.value for entry in entries], signed)
    except _OF_A_ROW as error:
        errors = _refused(database, layout, entries)
        if not errors:
            raise
        raise _refusal(sheet, errors) from error


# -- What is wrong -----------------------------------------------------------------------------


def _untouched(entries: Sequence[Entry], errors: Sequence[RowError]) -> list[Entry]:
    """The entries that have nothing to do with a row that is wrong."""
    wrong = {error.row for error in errors}
    groups = {entry.group for entry in entries if not wrong.isdisjoint(entry.rows)}
    return [entry for entry in entries if entry.group not in groups]


def _refused(database: Database, layout: Layout, entries: Sequence[Entry]) -> list[RowError]:
    """What the rules refuse of entries that are well formed, tried again without what they refuse.

    An import that is refused changes nothing, so neither does this. Of entries that may depend on
    each other only the first refusal is told; the others may follow from it.
    """
    errors: list[RowError] = []
    left, tried = list(entries), 0
    while left and tried < _ROWS_TRIED:
        tried += len(left)
        try:
            layout.enter(database, [entry.value for entry in left], Command(preview=True))
        except _OF_A_ROW as error:
            group, row = _place_of(layout, error, left)
            if not row:
                break
            errors.append(row_error(row, error))
            left = [entry for entry in left if entry.group != group]
        else:
            break
    return errors


def _place_of(
    layout: Layout, error: EarmarkError, entries: Sequence[Entry]
) -> tuple[Hashable, int]:
    """The group and the row that a refusal is about; row 0 where that can not be said.

    The refusal may say which entry it is about; within it, or without that, its row is the one
    with a name that the refusal mentions.
    """
    position = error.facts.get("row")
    about = list(entries)
    if isinstance(position, int):
        entry = entries[position]
        about = [entry, *(e for e in entries if e.group == entry.group)]
    mentioned = {f"{fact}" for fact in error.facts.values()}
    named = [(e.group, row) for e in about for name, row in layout.names(e) if name in mentioned]
    if named and len({group for group, _ in named}) == 1:
        return named[0]
    return (about[0].group, about[0].rows[0]) if isinstance(position, int) else (None, 0)


def _refusal(sheet: Sheet, errors: Sequence[RowError]) -> ImportRefused:
    """All that is wrong, by row; of several things wrong with one cell the first."""
    first_of_cell: dict[tuple[int, str], RowError] = {}
    for error in errors:
        first_of_cell.setdefault((error.row, error.column), error)
    told = tuple(sorted(first_of_cell.values(), key=lambda error: error.row))
    return ImportRefused(
        count=len({error.row for error in told}),
        total=len(sheet.rows),
        file=sheet.file,
        first=told[0],
        errors=told,
    )
