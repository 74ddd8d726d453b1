"""What a sheet is about: its columns, and how its rows become records and records become rows.

A layout is all there is to say of one subject; finding the columns, checking the rows, naming what
is wrong and carrying out the command is the same for every subject.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, NamedTuple

from earmark.core.commands import Command
from earmark.core.outcome import Outcome
from earmark.database.engine import Database
from earmark.errors import EarmarkError, FileUnusable, ValueInvalid
from earmark.sheets import Cell, Dialect, Row, Sheet

Progress = Callable[[int, int], None]
"""Is told now and then how many rows are done, and of how many."""

Meaning = Callable[[Cell, Dialect, str], Any]
"""Reads a cell that is not empty; the text names the column in a refusal."""

_TOLD_EVERY = 1000


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with one row, in the number that the user's spreadsheet shows."""

    row: int
    column: str
    value: str
    code: str
    message: str

    def __str__(self) -> str:
        """As one sentence."""
        where = f"Row {self.row}, {self.column}" if self.column else f"Row {self.row}"
        return f"{where}: {self.message}"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what its cells mean, and whether they must be there.

    ``is_required`` wants the column in the file, ``is_filled`` a value in every row of it.
    ``unknown`` is the refusal of a record that is named and does not exist; it takes its fact from
    the column's name.
    """

    name: str
    meaning: Meaning
    is_required: bool = False
    is_filled: bool = False
    unknown: type[EarmarkError] | None = None

    @property
    def title(self) -> str:
        """Its name in a sentence."""
        return self.name.replace("_", " ").capitalize()


class Found(NamedTuple):
    """A column found in a file: its place there, and its name in a sentence."""

    place: int
    column: Column
    title: str


class Given(NamedTuple):
    """One row that was given: its number, and the values of the cells that are not empty."""

    row: int
    values: dict[str, Any]


class Entry(NamedTuple):
    """A record to be entered, with the numbers of its rows; the first is the record's own.

    Entries of one ``group`` may depend on each other: if one is refused, nothing can be said of the
    others.
    """

    value: Any
    rows: Sequence[int]
    group: Hashable


Known = Mapping[type[EarmarkError], Mapping[str, Any]]
"""The records that columns refer to, by the refusal of one that is not there."""


class GivenRows(NamedTuple):
    """All rows that were given, the names of the columns in the file, the records referred to."""

    rows: Sequence[Given]
    columns: Sequence[str]
    known: Known


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One subject: its columns, and its records in and out.

    ``compose`` makes entries of rows and says what is wrong with them together; ``enter`` carries
    out one command for all of them, as signed; ``records`` are the rows of all records there are.
    ``names`` are what a refusal may call the parts of an entry, each with its row.
    """

    columns: tuple[Column, ...]
    compose: Callable[[Database, GivenRows], tuple[list[Entry], list[RowError]]]
    enter: Callable[[Database, Sequence[Any], Command], Outcome]
    records: Callable[[Database], Iterable[Sequence[Cell]]]
    names: Callable[[Entry], Iterable[tuple[str, int]]]


# -- Saying what is wrong ----------------------------------------------------------------------


def row_error(row: int, error: EarmarkError, column: str = "", cell: Cell = "") -> RowError:
    """What a refusal says of a row."""
    return RowError(row, column, f"{cell}", error.code, error.message)


def empty(row: int, column: str) -> RowError:
    """A cell that must have a value and has none."""
    title = column.replace("_", " ").capitalize()
    return RowError(row, column, "", ValueInvalid.code, f"{title} is empty.")


# -- Finding the columns -----------------------------------------------------------------------


def found_columns(layout: Layout, sheet: Sheet) -> list[Found]:
    """The layout's columns in the sheet, by their place in it.

    Headings are matched as they are spoken: ``Item No.``, ``item-no`` and ``ITEM_NO`` are the same.
    Raises ``file-unusable`` where a column is unknown, stands twice or is missing.
    """
    known = {column.name: column for column in layout.columns}
    places: dict[str, int] = {}
    for place, heading in enumerate(sheet.columns):
        name = _spoken(heading)
        if not name and not any(cells[place] != "" for _, cells in sheet.rows):
            continue
        if name not in known:
            raise FileUnusable(file=sheet.file, why=_unknown_column(place, heading, list(known)))
        if name in places:
            why = f"column {name} stands twice, as column {places[name] + 1} and {place + 1}"
            raise FileUnusable(file=sheet.file, why=why)
        places[name] = place
    missing = [c.name for c in layout.columns if c.is_required and c.name not in places]
    if missing:
        why = f"it has no column {', '.join(missing)}; row 1 must name the columns"
        raise FileUnusable(file=sheet.file, why=why)
    return [Found(place, known[name], known[name].title) for name, place in places.items()]


def _spoken(heading: str) -> str:
    return re.sub(r"[\W_]+", "_", heading.strip().lower()).strip("_")


def _unknown_column(place: int, heading: str, known: list[str]) -> str:
    if not _spoken(heading):
        return f"column {place + 1} has values and no heading"
    nearest = get_close_matches(_spoken(heading), known, n=1, cutoff=0)[0]
    return f"column {heading} is not known; the nearest is {nearest}"


# -- Reading the rows --------------------------------------------------------------------------


def read_rows(
    sheet: Sheet, columns: Sequence[Found], known: Known, progress: Progress
) -> tuple[GivenRows, list[RowError]]:
    """The values of every row, and everything that is wrong with its cells by themselves."""
    given: list[Given] = []
    errors: list[RowError] = []
    for done, row in enumerate(sheet.rows):
        if not done % _TOLD_EVERY:
            progress(done, len(sheet.rows))
        values: dict[str, Any] = {}
        errors += _read_row(row, columns, sheet.dialect, known, values)
        given.append(Given(row.number, values))
    return GivenRows(given, [found.column.name for found in columns], known), errors


def _read_row(
    row: Row,
    columns: Sequence[Found],
    dialect: Dialect,
    known: Known,
    values: dict[str, Any],
) -> Iterator[RowError]:
    """Fill in the values of one row, and tell what is wrong with it."""
    for place, column, title in columns:
        cell = row.cells[place]
        if cell == "":
            if column.is_filled:
                yield empty(row.number, column.name)
            continue
        try:
            value = column.meaning(cell, dialect, title)
            if column.unknown and value not in known[column.unknown]:
                raise column.unknown(**{column.name: value})
        except EarmarkError as error:
            yield row_error(row.number, error, column.name, cell)
        else:
            values[column.name] = value
