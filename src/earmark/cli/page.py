"""What an answer looks like, said without a screen: titles, figures, tables, notes.

A page is built from values as the use cases give them (decimals, dates, numbers); how wide the
screen is and what ink it has are the printer's business. Three pens write: ink for what stands in
the book, blue for what is yours, red for what is missing, blocked or broken.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

from earmark.core.tracking import Numbers


class Hold(StrEnum):
    """How firmly a part of a supply is held, and its pattern: readable without colour."""

    YOURS = "█"
    FIXED = "▓"
    MOVABLE = "▒"
    FREE = "·"
    UNUSABLE = "-"
    BLOCKED = "x"


HELD_HOW = {
    Hold.YOURS: "reserved for this line",
    Hold.FIXED: "held, does not move",
    Hold.MOVABLE: "held nonspecifically, may move",
    Hold.FREE: "free",
    Hold.UNUSABLE: "free, not usable here",
    Hold.BLOCKED: "blocked",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """A quantity in its parts, drawn to one scale in all the rows of its table."""

    parts: tuple[tuple[Hold, Decimal], ...]

    @property
    def length(self) -> Decimal:
        """All the parts together."""
        return sum((quantity for _, quantity in self.parts), Decimal(0))


Cell = str | Decimal | int | date | datetime | Numbers | Bar | None


class Pen(StrEnum):
    """What a text is written with; ``ALARM`` on a figure is red only when it is not zero."""

    INK = ""
    NAME = "bold"
    QUIET = "dim"
    YOURS = "color(33)"
    ALARM = "red"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table. On a narrow screen the columns that ``yields`` most go first."""

    head: str
    pen: Pen = Pen.INK
    yields: int = 0
    wraps: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under heads, with a total below where there is one."""

    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]
    total: Sequence[Cell] | None = None
    title: str = ""
    quiet: frozenset[int] = frozenset()
    """The rows, counted from zero, that are greyed: shown, but not usable."""


@dataclass(frozen=True, slots=True)
class Title:
    """What the page is about, in bold, and a detail beside it."""

    text: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure under its label."""

    label: str
    value: Cell
    pen: Pen = Pen.INK


@dataclass(frozen=True, slots=True)
class Facts:
    """A strip of figures."""

    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence."""

    text: str
    pen: Pen = Pen.INK


@dataclass(frozen=True, slots=True)
class Hint:
    """A command that would come next, and why."""

    why: str
    command: str


Part = Title | Facts | Table | Note | Hint
Page = list[Part]


def facts(*pairs: tuple[str, Cell]) -> Facts:
    """A strip of figures in ink."""
    return Facts(tuple(Fact(label, value) for label, value in pairs))


def columns(*heads: str | Column) -> tuple[Column, ...]:
    """Columns, those that are only a head in plain ink."""
    return tuple(Column(head) if isinstance(head, str) else head for head in heads)


def few(names: Iterable[str], most: int = 3) -> str:
    """The first of many names, and how many more there are."""
    known = list(names)
    rest = len(known) - most
    return ", ".join(known[:most]) + (f" and {rest} more" if rest > 0 else "")


def in_words(cell: Cell, decimals: int = 0) -> str:
    """A value as it is read: plain decimals, ISO dates, UTC times; 0 is shown, nothing is blank."""
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        own = decimals_of(cell)
        # The places of decimals that others in the column have stay blank: the points align.
        blank = " " * (decimals - own + (own == 0)) if decimals > own else ""
        return f"{cell:.{own}f}{blank}"
    if isinstance(cell, datetime):
        return f"{cell.astimezone(UTC):%Y-%m-%d %H:%M:%S}".removesuffix(":00")
    if isinstance(cell, Numbers):
        return " ".join(no for no in (cell.serial_no, cell.lot_no, cell.package_no) if no)
    if isinstance(cell, Bar):
        return "".join(hold * int(quantity) for hold, quantity in cell.parts)
    return str(cell)


def decimals_of(number: Decimal) -> int:
    """How many decimals a number needs."""
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
