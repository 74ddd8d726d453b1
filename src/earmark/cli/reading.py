"""`earmark stock`, `candidates`, `history`: what there is, what was considered, what happened."""

from collections.abc import Sequence
from datetime import UTC
from decimal import Decimal

import earmark
from earmark.cli.invocation import READING_AS_OF, ReadingAsOf
from earmark.cli.options import (
    ANY_NUMBERS,
    NO_NUMBER_OPTIONS,
    ChosenNumbers,
    Line,
    NumberOptions,
    Whole,
)
from earmark.cli.page import Bar, Cell, Column, Hold, Note, Page, Pen, Table, Title, columns
from earmark.core.quantity import ZERO
from earmark.core.views import CandidateView, HistoryRow, InventoryRow


def stock(
    *,
    item: str = "",
    location: str = "",
    variant: str | None = None,
    number: NumberOptions = NO_NUMBER_OPTIONS,
    reading: ReadingAsOf = READING_AS_OF,
) -> None:
    """Show what is in stock, by item, location and number.

        earmark stock --item 1040
        earmark stock --item 1040 --location EAST --lot L2503

    Args:
        item: Item no.
        location: Location code.
        variant: Variant code.
    """
    with reading.opened() as database:
        rows = earmark.inventory(
            database,
            item_no=item,
            location_code=location,
            variant_code=variant,
            numbers=number.given,
            as_of=reading.as_of,
        )
    reading.answer(rows, _stock_page)


def candidates(
    line: Line, /, *, numbers: ChosenNumbers = ANY_NUMBERS, reading: ReadingAsOf = READING_AS_OF
) -> None:
    """List every supply considered for a line, and why not.

    earmark candidates SO1/1
    earmark candidates SO1/1 --lot LOT1
    """
    with reading.opened() as database:
        views = earmark.candidates(database, line, numbers.chosen, as_of=reading.as_of)
    reading.answer(views, lambda found: candidates_page(line, found))


def history(
    reference: str = "", /, *, limit: Whole = 50, reading: ReadingAsOf = READING_AS_OF
) -> None:
    """Show who changed what, and when: newest first, never rewritten.

    The moment at the end of a row is what --as-of takes: the book right after that change.

        earmark history
        earmark history SO4711 --limit 10

    Args:
        reference: Only what touched this document, line or supply, or asked for what it holds.
        limit: At most so many.
    """
    with reading.opened() as database:
        rows = earmark.history(database, reference, limit, as_of=reading.as_of)
    reading.answer(rows, history_page)


def _stock_page(rows: Sequence[InventoryRow]) -> Page:
    if not rows:
        return [Note("Nothing is in stock.")]
    heads = columns(
        Column("Item", Pen.NAME),
        Column("Variant", yields=2),
        "Location",
        "Serial No.",
        "Lot No.",
        Column("Package No.", yields=1),
        "Expiration Date",
        "Quantity",
    )
    return [Table(heads, [_stock_row(row) for row in rows])]


def _stock_row(row: InventoryRow) -> tuple[Cell, ...]:
    return (
        row.item_no,
        row.variant_code,
        row.location_code,
        row.numbers.serial_no,
        row.numbers.lot_no,
        row.numbers.package_no,
        row.expiration_date,
        row.quantity,
    )


def candidates_page(line: str, views: Sequence[CandidateView]) -> Page:
    """Every supply considered, the unusable greyed with their reason."""
    if not views:
        return [Note(f"There is no supply at all for {line}.")]
    heads = columns(
        Column("Supply", Pen.NAME),
        "Number",
        Column("Location", yields=4),
        Column("Expiration Date", yields=2),
        Column("Date", yields=3),
        "Quantity",
        Column("Who has it", yields=1),
        Column("Available", Pen.NAME),
        Column("Why not", wraps=True),
    )
    quiet = frozenset(row for row, view in enumerate(views) if view.reasons)
    table = Table(heads, [_candidate_row(view) for view in views], quiet=quiet)
    return [Title(f"Supply considered for {line}"), table]


def _candidate_row(view: CandidateView) -> tuple[Cell, ...]:
    return (
        view.supply,
        view.numbers,
        view.location_code,
        view.expiration_date,
        view.date,
        view.quantity,
        bar_of(view),
        view.available,
        view.message,
    )


def bar_of(view: CandidateView) -> Bar:
    """Who has a supply: this line, others firmly, others loosely, nobody."""
    left = max(view.quantity - view.reserved, ZERO)
    if "number-blocked" in view.reasons:
        rest = Hold.BLOCKED
    else:
        rest = Hold.UNUSABLE if view.reasons and left else Hold.FREE
    fixed: Decimal = max(view.reserved - view.current - view.movable, ZERO)
    return Bar(
        (
            (Hold.YOURS, view.current),
            (Hold.FIXED, fixed),
            (Hold.MOVABLE, view.movable),
            (rest, left),
        )
    )


def history_page(rows: Sequence[HistoryRow]) -> Page:
    """What happened, newest first."""
    if not rows:
        return [Note("Nothing has happened yet.")]
    heads = columns(
        Column("Time (UTC)", Pen.NAME),
        "Who",
        "What",
        "About",
        Column("Result", wraps=True),
        Column("Why", wraps=True),
        Column("Request", yields=2),
        Column("Moment", Pen.QUIET, yields=1),
    )
    return [Table(heads, [_history_row(row) for row in rows])]


def _history_row(row: HistoryRow) -> tuple[Cell, ...]:
    verb = row.verb.replace("_", " ")
    at = f"{row.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    said = (row.summary, row.reason, row.request_id)
    return (at, row.by, verb, row.reference, *said, str(row.moment))
