"""How an answer leaves the program: a page on the terminal, or JSON for another program.

In JSON a decimal is a text (``"0.10"`` stays exact), a date is ISO, and a moment is a text too, for
it is larger than what JavaScript counts exactly. On the terminal figures stand right-aligned with
the decimals of their column, and a table that is too wide loses the columns that yield most: never
a quantity that decides, never the reason.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from earmark.cli.page import (
    HELD_HOW,
    Bar,
    Cell,
    Facts,
    Hint,
    Hold,
    Note,
    Page,
    Part,
    Pen,
    Table,
    Title,
    decimals_of,
    in_words,
)
from earmark.core.units import factor_in_words
from earmark.errors import EarmarkError

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table as RichTable
    from rich.text import Text

WIDTH_WITHOUT_TERMINAL = 160
PROSE_WIDTH = 100
WRAPPED_WIDTH = 32
BAR_WIDTH = 16


# -- JSON --------------------------------------------------------------------------------------


def as_json(value: object) -> str:
    """A value as JSON text, nothing rounded."""
    return json.dumps(plain(value), ensure_ascii=False, indent=2)


def plain(value: Any) -> Any:  # noqa: ANN401, PLR0911 - one line a type
    """A value made of what JSON knows."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return f"{value:.{decimals_of(value)}f}"
    if isinstance(value, Fraction):
        return factor_in_words(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if is_dataclass(value):
        return {f.name: _field(f.name, getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(plain(inner) for inner in value)
    if isinstance(value, tuple | list):
        return [plain(inner) for inner in value]
    if isinstance(value, EarmarkError):
        return refused(value)
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def refused(refusal: EarmarkError) -> dict[str, Any]:
    """A refusal for a program: its code, its sentence and the facts compared."""
    return {"code": refusal.code, "message": refusal.message, "facts": plain(refusal.facts)}


def _field(name: str, value: object) -> object:
    return str(value) if name == "moment" else plain(value)


# -- The terminal ------------------------------------------------------------------------------


def write(page: Page) -> None:
    """Print a page on standard output."""
    console = _console()
    with console.capture() as captured:
        for number, part in enumerate(page):
            if number and (isinstance(part, Table) or isinstance(page[number - 1], Table)):
                console.print()
            for renderable in _rendered(part, console.width):
                console.print(renderable)
    sys.stdout.write(re.sub(r" +$", "", captured.get(), flags=re.MULTILINE))


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show on the terminal that something takes a while; nothing is shown in a pipe."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(what):
        yield


def _console() -> Console:
    from rich.console import Console

    piped = not sys.stdout.isatty() and "COLUMNS" not in os.environ
    width = WIDTH_WITHOUT_TERMINAL if piped else None
    return Console(width=width, highlight=False, markup=False, emoji=False)


def _rendered(part: Part, width: int) -> Iterator[RenderableType]:
    from rich.padding import Padding
    from rich.text import Text

    prose = max(0, width - PROSE_WIDTH)
    if isinstance(part, Title):
        detail = f"  {part.detail}" if part.detail else ""
        yield Text.assemble((part.text, Pen.NAME), (detail, Pen.QUIET))
    elif isinstance(part, Note):
        yield Padding(Text(part.text, style=part.pen), (0, prose, 0, 0))
    elif isinstance(part, Hint):
        yield Text.assemble((f"{part.why}: ", Pen.QUIET), (part.command, Pen.YOURS))
    elif isinstance(part, Facts):
        yield _strip(part)
    else:
        yield from _table(part, width)


def _strip(part: Facts) -> RenderableType:
    from rich.text import Text

    strip = Text()
    for fact in part.facts:
        strip.append(f"{fact.label} ", Pen.QUIET)
        pen = _pen(fact.pen, fact.value)
        strip.append(in_words(fact.value), f"{pen} bold" if pen else "bold")
        strip.append("   ")
    strip.rstrip()
    return strip


def _table(table: Table, width: int) -> Iterator[RenderableType]:
    from rich.box import Box
    from rich.table import Table as RichTable
    from rich.text import Text

    lines = Box("    \n    \n ── \n    \n    \n ── \n    \n    \n")
    shown = RichTable(
        box=lines,
        padding=(0, 1, 0, 0),
        show_edge=False,
        pad_edge=False,
        border_style=Pen.QUIET,
        header_style="",
        footer_style="",
        show_footer=bool(table.total),
    )
    if table.title:
        yield Text(table.title, style=Pen.NAME)
    kept = _kept(table, width)
    _add_columns(shown, table, kept, width)
    drawn = {index: _drawn(table, index) for index in kept}
    for row in range(len(table.rows)):
        shown.add_row(*(drawn[index][row] for index in kept))
    yield shown
    yield from _legend(table, kept)


def _add_columns(shown: RichTable, table: Table, kept: Sequence[int], width: int) -> None:
    """The heads; where the room does not suffice even so, texts are folded and figures never."""
    from rich.text import Text

    is_tight = _needed(table, kept) > width
    for index in kept:
        column, is_figure = table.columns[index], _is_figure(table, index)
        total = in_words(table.total[index], _decimals(table, index)) if table.total else ""
        margin = _width(table, index) if is_figure else 0
        shown.add_column(
            Text(column.head.rjust(margin), Pen.QUIET),
            Text(total.rjust(margin), Pen.NAME),
            no_wrap=is_figure or not (column.wraps or is_tight),
            min_width=margin or None,
            overflow="fold",
        )


def _kept(table: Table, width: int) -> list[int]:
    """The columns that say anything and that there is room for; who yields most goes first."""
    kept = [index for index in range(len(table.columns)) if _says_anything(table, index)]
    while _needed(table, kept) > width:
        most = max(kept, key=lambda index: table.columns[index].yields)
        if not table.columns[most].yields:
            break
        kept.remove(most)
    return kept


def _needed(table: Table, kept: Sequence[int]) -> int:
    return sum(_width(table, index) + 2 for index in kept) - 2


def _says_anything(table: Table, index: int) -> bool:
    return not table.rows or any(in_words(row[index]) for row in table.rows)


def _width(table: Table, index: int) -> int:
    column = table.columns[index]
    cells = [*(row[index] for row in table.rows), table.total[index] if table.total else None]
    if any(isinstance(cell, Bar) for cell in cells):
        return BAR_WIDTH
    decimals = _decimals(table, index)
    natural = max(len(column.head), *(len(in_words(cell, decimals)) for cell in cells))
    return min(natural, WRAPPED_WIDTH) if column.wraps else natural


def _decimals(table: Table, index: int) -> int:
    figures = (row[index] for row in table.rows)
    return max((decimals_of(f) for f in figures if isinstance(f, Decimal)), default=0)


def _is_figure(table: Table, index: int) -> bool:
    cells = [row[index] for row in table.rows]
    return any(isinstance(cell, Decimal | int) for cell in cells)


def _drawn(table: Table, index: int) -> list[Text]:
    """The cells of a column; figures fill its width, so that their decimal points align."""
    from rich.text import Text

    column, decimals = table.columns[index], _decimals(table, index)
    margin = _width(table, index) if _is_figure(table, index) else 0
    bars = [row[index] for row in table.rows if isinstance(row[index], Bar)]
    longest = max((bar.length for bar in bars if isinstance(bar, Bar)), default=Decimal(0))
    drawn = []
    for number, row in enumerate(table.rows):
        cell = row[index]
        pen = _pen(Pen.QUIET if number in table.quiet else column.pen, cell)
        if isinstance(cell, Bar):
            drawn.append(_bar(cell, longest))
        else:
            drawn.append(Text(in_words(cell, decimals).rjust(margin), pen))
    return drawn


def _pen(pen: Pen, cell: Cell) -> str:
    """The pen for a value: nothing missing is not red, and a zero is quiet."""
    if isinstance(cell, Decimal) and not cell:
        return Pen.QUIET
    if isinstance(cell, Decimal) and cell < 0:
        return f"{Pen.ALARM} bold"
    return f"{pen} bold" if pen is Pen.ALARM and isinstance(cell, Decimal) else pen


_BAR_PENS = {Hold.YOURS: Pen.YOURS, Hold.BLOCKED: Pen.ALARM, Hold.UNUSABLE: Pen.QUIET}


def _bar(bar: Bar, longest: Decimal) -> Text:
    """A bar in characters; what is more than nothing is at least one."""
    from rich.text import Text

    text = Text()
    for hold, quantity in bar.parts:
        if quantity > 0 and longest:
            cells = max(1, round(quantity * BAR_WIDTH / longest))
            text.append(hold * cells, _BAR_PENS.get(hold, Pen.INK))
    text.truncate(BAR_WIDTH)
    return text


def _legend(table: Table, kept: Sequence[int]) -> Iterator[RenderableType]:
    from rich.text import Text

    cells = [row[index] for row in table.rows for index in kept]
    used = {hold for cell in cells if isinstance(cell, Bar) for hold, q in cell.parts if q}
    legend = [f"{hold} {words}" for hold, words in HELD_HOW.items() if hold in used]
    if legend:
        yield Text("   ".join(legend), Pen.QUIET)
