"""`earmark window`, `reserve`, `hold`, `cancel`, `change`: reserving for a line, and undoing it."""

import shlex
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

import earmark
from earmark.cli.invocation import CHANGING, READING_AS_OF, Changing, ReadingAsOf, opened, show
from earmark.cli.options import (
    ANY_NUMBERS,
    NO_NUMBER_OPTIONS,
    ChosenNumbers,
    Line,
    NumberOptions,
    Quantity,
    Supply,
    Time,
    time_of,
)
from earmark.cli.page import (
    Cell,
    Column,
    Hint,
    Note,
    Page,
    Pen,
    Table,
    Title,
    columns,
    facts,
    few,
    in_words,
)
from earmark.core.commands import Cancel, Change, Hold, Reserve
from earmark.core.outcome import Outcome
from earmark.core.quantity import ZERO
from earmark.core.references import document_reference, is_line
from earmark.core.tracking import Numbers
from earmark.core.views import WindowRow, WindowView
from earmark.errors import EarmarkError, LineUnknown

if TYPE_CHECKING:
    from earmark.database.engine import Database

KINDS = {
    "stock": "Item Ledger Entry",
    "purchase": "Purchase Line, Order",
    "production": "Prod. Order Line",
    "supply": "External Supply Line",
    "sales": "Sales Line, Order",
    "component": "Prod. Order Component",
    "demand": "External Demand Line",
}
"""The kinds of supply and demand as the Reservation window names them."""


def window(
    line: Line,
    /,
    *,
    number: NumberOptions = NO_NUMBER_OPTIONS,
    reading: ReadingAsOf = READING_AS_OF,
) -> None:
    """Show the Reservation window of a line: what there is, who has it.

    With a number it shows only supply with that number.

        earmark window SO1/1
        earmark window SO1/1 --serial SN1 --lot LOT1
    """
    with reading.opened() as database:
        view = earmark.window(database, line, number.given or None, as_of=reading.as_of)
    reading.answer(view, window_page)


def reserve(
    line: Annotated[str, Parameter(help="The line, or a whole document: SO1/1, SO1.")],
    /,
    *more: Annotated[str, Parameter(help="More lines; each has its own answer.")],
    numbers: ChosenNumbers = ANY_NUMBERS,
    supply: Supply = "",
    quantity: Quantity | None = None,
    hold_until: Time | None = None,
    all_or_nothing: bool = False,
    changing: Changing = CHANGING,
) -> int | None:
    """Reserve for a line, from all supply or from what is named.

    It is Auto Reserve; with --from it is Reserve from Current Line. With a number, or --numbers
    all, the reservation is specific: exactly those. Without, it is nonspecific: any number good
    enough, and which one is settled late.

        earmark reserve SO1/1 --serial SN1 --lot LOT1
        earmark reserve SO4711/2 --numbers all
        earmark reserve SO4716/1 SO4718/3

    Args:
        quantity: At most this much.
        hold_until: Only until then (UTC); afterwards the units are free by themselves.
        all_or_nothing: Refuse rather than reserve a part.
    """
    command = Reserve(
        line=line,
        numbers=numbers.chosen,
        supply=supply,
        quantity=quantity,
        hold_until=hold_until,
        all_or_nothing=all_or_nothing,
    )
    if more or not is_line(line):
        return _reserve_each((line, *more), command, changing)
    try:
        changing.carry_out(earmark.reserve, command)
    except LineUnknown:
        if _is_document(line, changing):
            return _reserve_each((line,), command, changing)
        raise
    return None


def _is_document(reference: str, changing: Changing) -> bool:
    """Whether what is written like a line is a document: ``FN73239/40/41``."""
    with opened(changing.database) as database:
        return earmark.exists(database, document_reference(reference))


def hold(
    line: Line,
    /,
    *,
    until: Annotated[str, Parameter(metavar="TIME|none")],
    supply: Supply = "",
    numbers: ChosenNumbers = ANY_NUMBERS,
    changing: Changing = CHANGING,
) -> None:
    """Set or lift the time limit of a line's reservations.

        earmark hold CART1/1 --until 2026-11-24T14:20
        earmark hold CART1/1 --until none

    Args:
        until: Until when (UTC); none lifts the limit.
    """
    limit = None if until.lower() == "none" else time_of(until)
    command = Hold(line=line, until=limit, supply=supply, numbers=numbers.chosen)
    changing.carry_out(earmark.hold, command)


def cancel(
    line: Line,
    /,
    *,
    supply: Supply = "",
    numbers: ChosenNumbers = ANY_NUMBERS,
    changing: Changing = CHANGING,
) -> None:
    """Cancel a line's reservations: all, of one supply, of one number.

    earmark cancel SO1/1
    earmark cancel SO1/1 --from PO1/1
    """
    changing.carry_out(earmark.cancel, Cancel(line=line, supply=supply, numbers=numbers.chosen))


def change(
    line: Line,
    /,
    *,
    quantity: Quantity,
    supply: Supply = "",
    numbers: ChosenNumbers = ANY_NUMBERS,
    changing: Changing = CHANGING,
) -> None:
    """Lower one reservation entry; zero cancels it.

        earmark change SO1/1 --quantity 3 --from PO1/1

    Args:
        quantity: What it is to be: less than it is.
    """
    command = Change(line=line, quantity=quantity, supply=supply, numbers=numbers.chosen)
    changing.carry_out(earmark.change, command)


# -- Many lines --------------------------------------------------------------------------------


def _reserve_each(references: Sequence[str], command: Reserve, changing: Changing) -> int | None:
    """Reserve for many lines in one transaction; the exit code is that of the first refusal."""
    from earmark.cli.outcomes import outcomes_page

    with opened(changing.database) as database:
        lines = [line for named in references for line in _lines_of(database, named)]
        commands = [changing.signed(replace(command, line=line)) for line in lines]
        answers = list(zip(lines, earmark.reserve_each(database, commands), strict=True))
    show(
        [_answered(*answer) for answer in answers],
        lambda _: outcomes_page(answers),
        is_json=changing.json,
    )
    refused = [answer for _, answer in answers if isinstance(answer, EarmarkError)]
    return refused[0].exit_code if refused else None


def _lines_of(database: "Database", named: str) -> list[str]:
    """A line itself; of a document, the lines that take stock and have something open."""
    from earmark.usecases import looking_up

    place = looking_up.place(database, named)
    if place.line_no:
        return [named]
    lines = earmark.document(database, place.document_no).lines
    return [line.line for line in lines if line.is_demand and line.unreserved]


def _answered(line: str, answer: Outcome | EarmarkError) -> object:
    if isinstance(answer, Outcome):
        return {"line": line, "outcome": answer}
    return {"line": line, "refused": answer}


# -- The window --------------------------------------------------------------------------------


def window_page(view: WindowView) -> Page:
    """The Reservation window: three figures, a row for each kind of supply, what may be freed."""
    named = f", {view.numbers}" if view.numbers else ""
    where = " · ".join(filter(None, (view.location_code, f"{view.date or ''}")))
    page: Page = [
        Title(f"Reservation of {view.line}{named}", f"item {view.item_no} · {where}"),
        facts(
            ("Quantity to reserve", view.quantity_to_reserve),
            ("Reserved", view.reserved),
            ("Unreserved", view.unreserved),
        ),
    ]
    if not view.rows:
        return [*page, Note("There is no such supply in time."), _ask_why(view)]
    page.append(_kinds(view.rows))
    nonspecific = sum((row.nonspecific for row in view.rows), ZERO)
    if nonspecific and view.numbers:
        said = f"of the total reserved quantity {'is' if nonspecific == 1 else 'are'} nonspecific"
        page.append(Note(f"{in_words(nonspecific)} {said} and may be available."))
    if view.unreserved:
        page.append(_auto_reserve(view))
    return page


def _kinds(rows: Sequence[WindowRow]) -> Table:
    heads = columns(
        Column("Summary Type", Pen.NAME),
        "Total",
        "Reserved",
        "Nonspecific",
        Column("Available", Pen.NAME),
        Column("Current", Pen.YOURS),
        Column("Lines", Pen.QUIET, yields=1),
    )
    cells: list[Sequence[Cell]] = [(_kind(row), *_figures(row), _behind(row)) for row in rows]
    sums = (sum(figures, ZERO) for figures in zip(*map(_figures, rows), strict=True))
    total: Sequence[Cell] | None = ("All kinds", *sums, "") if len(rows) > 1 else None
    return Table(heads, cells, total)


def _figures(row: WindowRow) -> tuple[Decimal, ...]:
    return row.total, row.reserved, row.nonspecific, row.available, row.current


def _behind(row: WindowRow) -> str:
    """The lines of a kind by name; ledger entries that are alike are counted."""
    alike = row.count - len(row.supplies)
    return few([*row.supplies, f"{alike} entries"] if alike > 0 else row.supplies)


def _kind(row: WindowRow) -> str:
    return KINDS.get(row.supply, row.supply)


def _auto_reserve(view: WindowView) -> Hint:
    return Hint(
        "Auto Reserve", f"earmark reserve {shlex.quote(view.line)}{options_of(view.numbers)}"
    )


def options_of(numbers: Numbers) -> str:
    """Numbers as the options that name them."""
    named = (
        ("serial", numbers.serial_no),
        ("lot", numbers.lot_no),
        ("package", numbers.package_no),
    )
    return "".join(f" --{word} {shlex.quote(no)}" for word, no in named if no)


def _ask_why(view: WindowView) -> Hint:
    return Hint("Why", f"earmark why {shlex.quote(view.line)}")
