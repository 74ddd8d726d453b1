"""A table of rows, as a spreadsheet shows it: headings in row 1, a number to every row below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from earmark.errors import FileUnusable

Cell = str | Decimal | date
"""What a cell holds; the empty text where it holds nothing. Text files hold texts only."""

FIRST_ROW = 2
"""The row below the headings."""


class Row(NamedTuple):
    """One row, with the number that the user sees beside it in his spreadsheet."""

    number: int
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a text file is written; what is empty is found out, or is as usual.

    A decimal mark that is given here is the only one; the other mark then groups thousands.
    Without it every number speaks for itself, see :func:`earmark.sheets.cells.number_of`.
    """

    delimiter: str = ""
    decimal_mark: str = ""

    @property
    def usual_mark(self) -> str:
        """The decimal mark that goes with the delimiter: a comma where semicolons separate."""
        return {",": ".", ";": ","}.get(self.delimiter, "")


UNKNOWN = Dialect()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Headings and rows. ``file`` is where they come from, for the sentences of a refusal."""

    columns: tuple[str, ...]
    rows: Sequence[Row]
    dialect: Dialect = UNKNOWN
    file: str = field(default="", compare=False)


def numbered(rows: Iterable[Sequence[Cell]]) -> list[Row]:
    """Rows that follow each other below the headings."""
    return [Row(number, cells) for number, cells in enumerate(rows, start=FIRST_ROW)]


def under_headings(rows: Iterable[Row], file: str) -> tuple[tuple[str, ...], list[Row]]:
    """The headings in row 1, and the rows below that are not empty, cut to the same width."""
    filled = (row for row in rows if any(cell != "" for cell in row.cells))
    first = next(filled, None)
    if first is None:
        raise FileUnusable(file=file, why="it is empty")
    if first.number != 1:
        raise FileUnusable(file=file, why="row 1 is empty; the headings belong there")
    width = max(i for i, heading in enumerate(first.cells, start=1) if heading != "")
    headings = tuple(f"{heading}" for heading in first.cells[:width])
    return headings, [_cut(row, width, file) for row in filled]


def _cut(row: Row, width: int, file: str) -> Row:
    number, cells = row
    if len(cells) < width:
        why = (
            f"row {number} has {len(cells)} cells and row 1 has {width}; "
            "the file is damaged or cut off"
        )
        raise FileUnusable(file=file, why=why)
    if any(cell != "" for cell in cells[width:]):
        why = f"row {number} has more cells than row 1 has headings ({width})"
        raise FileUnusable(file=file, why=why)
    return Row(number, tuple(cells[:width]))
