"""Sheets of item tracking lines: a row a number, and all the rows of a line are its tracking.

Importing replaces the tracking of every line that the file names. ``item_no`` may be left out;
where it stands it must be the line's item, which finds out a file made for other line numbers.
What is exported is what is open, as with orders: numbers and quantities not yet posted; of a supply
made for a demand only the supply's numbers, for the demand takes them over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from earmark.core.commands import Command, Track
from earmark.core.outcome import Outcome
from earmark.core.quantity import ONE, ZERO, plain
from earmark.core.stock import Line, TrackedQuantity
from earmark.core.tracking import TrackingLine
from earmark.database.engine import Database
from earmark.database.views import view
from earmark.errors import ItemUnknown, LineUnknown, ValueInvalid
from earmark.sheets import Cell
from earmark.usecases.exchange_cells import day, positive_quantity, quantity, text
from earmark.usecases.exchange_layout import (
    Column,
    Entry,
    Given,
    GivenRows,
    Layout,
    RowError,
    row_error,
)
from earmark.usecases.exchange_orders import open_documents
from earmark.usecases.tracking import track_together

_COLUMNS = (
    Column("line", text, is_required=True, is_filled=True),
    Column("lot_no", text),
    Column("serial_no", text),
    Column("package_no", text),
    Column("quantity", positive_quantity, is_required=True, is_filled=True),
    Column("to_handle", quantity),
    Column("expiration_date", day),
    Column("item_no", text, unknown=ItemUnknown),
)


# -- In ----------------------------------------------------------------------------------------


def _compose(database: Database, given: GivenRows) -> tuple[list[Entry], list[RowError]]:
    lines: dict[str, list[Given]] = {}
    for row in given.rows:
        if "line" in row.values:
            lines.setdefault(row.values["line"], []).append(row)
    with view(database) as seen:
        known = seen.lines(lines)
    errors: list[RowError] = []
    for name, rows in lines.items():
        errors += _checked(name, known.get(name), rows)
    return [_entry(name, rows) for name, rows in lines.items()], errors


def _checked(name: str, line: Line | None, rows: Sequence[Given]) -> Iterator[RowError]:
    """The line must be there, and be of the item that the file names."""
    if line is None:
        yield row_error(rows[0].row, LineUnknown(line=name), "line", name)
        return
    for row, values in rows:
        item_no = values.get("item_no", line.key.item_no)
        if item_no != line.key.item_no:
            why = f"line {name} is of item {line.key.item_no}"
            error = ValueInvalid(field="Item no", value=item_no, why=why)
            yield row_error(row, error, "item_no", item_no)


def _entry(name: str, rows: Sequence[Given]) -> Entry:
    numbers = tuple(
        TrackingLine(
            lot_no=row.values.get("lot_no", ""),
            serial_no=row.values.get("serial_no", ""),
            package_no=row.values.get("package_no", ""),
            quantity=row.values.get("quantity", ONE),
            to_handle=row.values.get("to_handle"),
            expiration_date=row.values.get("expiration_date"),
        )
        for row in rows
    )
    return Entry(Track(line=name, numbers=numbers), [row.row for row in rows], name)


def _enter(database: Database, entries: Sequence[Track], signed: Command) -> Outcome:
    commands = [
        replace(
            entry,
            by=signed.by,
            reason=signed.reason,
            request_id=signed.request_id,
            preview=signed.preview,
        )
        for entry in entries
    ]
    return track_together(database, commands)


def _names(entry: Entry) -> Iterator[tuple[str, int]]:
    command: Track = entry.value
    for tracking, row in zip(command.numbers, entry.rows, strict=True):
        yield f"{tracking.numbers}", row
        yield tracking.serial_no, row


# -- Out ---------------------------------------------------------------------------------------


def _records(database: Database) -> Iterator[Sequence[Cell]]:
    with view(database) as seen:
        lines = [line for _, found in open_documents(seen) for line in found]
        tracking = seen.tracking(lines)
    # A demand takes its numbers over from the supply that was made for it, here and on import.
    bound = [line for line in lines if line.takes_part]
    taken_over = {line.made_for for line in bound if tracking[line.line]}
    taken_over &= {line.line for line in bound}
    for line in lines:
        if line.line not in taken_over:
            yield from (_cells(line, part) for part in tracking[line.line] if part.left > ZERO)


def _cells(line: Line, tracked: TrackedQuantity) -> Sequence[Cell]:
    numbers = tracked.numbers
    return (
        line.line,
        numbers.lot_no,
        numbers.serial_no,
        numbers.package_no,
        plain(tracked.left),
        "" if tracked.to_handle is None else plain(tracked.to_handle),
        tracked.expiration_date or "",
        line.key.item_no,
    )


TRACKING = Layout(columns=_COLUMNS, compose=_compose, enter=_enter, records=_records, names=_names)
