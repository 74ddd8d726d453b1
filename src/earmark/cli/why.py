"""`earmark why`: why a line is not fully reserved, and what would change it."""

from collections.abc import Sequence

import earmark
from earmark.cli.invocation import READING_AS_OF, ReadingAsOf
from earmark.cli.options import Line
from earmark.cli.page import (
    Cell,
    Column,
    Fact,
    Facts,
    Note,
    Page,
    Pen,
    Table,
    Title,
    columns,
    few,
    in_words,
)
from earmark.core.stock import STOCK
from earmark.core.views import CandidateView, ReservationView
from earmark.core.why_views import CountedDown, WayOut, WhyView


def why(line: Line, /, *, reading: ReadingAsOf = READING_AS_OF) -> None:
    """Say why a line is not fully reserved, and what would help.

    All supply is counted down, reason by reason, to what can be reserved; then come the ways out.

    earmark why SO4711/2
    """
    with reading.opened() as database:
        view = earmark.why(database, line, as_of=reading.as_of)
    reading.answer(view, why_page)


def why_page(view: WhyView) -> Page:
    """All supply counted down, reason by reason, to what can be reserved; then the ways out."""
    page: Page = [
        Title(_headline(view), f"item {view.item_no}"),
        Facts(
            (
                Fact("Needed", view.needed),
                Fact("Reserved", view.reserved, Pen.YOURS),
                Fact("Can be reserved", view.can_be_reserved, Pen.YOURS),
                Fact("Missing", view.missing, Pen.ALARM),
            )
        ),
        _count_down(view),
    ]
    if view.ways_out:
        page.append(_ways_out(view.ways_out))
    elif view.missing:
        page.append(Note("No change by itself would help."))
    return page


def _headline(view: WhyView) -> str:
    if not view.missing:
        return f"All {in_words(view.needed)} of {view.line} can be had"
    return (
        f"{in_words(view.missing)} of {in_words(view.needed)} can not be reserved for {view.line}"
    )


def _count_down(view: WhyView) -> Table:
    heads = columns(
        Column("Counted down from all supply", Pen.NAME),
        "Less",
        "Left",
        Column("Which", wraps=True),
    )
    rows: list[Sequence[Cell]] = [("All supply", None, view.total_supply, "")]
    rows += [(_reason(step), step.quantity, step.left, _which(step)) for step in view.steps]
    return Table(heads, rows, ("Can be reserved", None, view.can_be_reserved, ""))


_REASONS = {
    "too-late": "Expected too late",
    "number-blocked": "Blocked",
    "number-expired": "Expired",
    "shelf-life": "Too little shelf life",
}


def _reason(step: CountedDown) -> str:
    return _REASONS.get(step.reason, step.reason.replace("-", " ").capitalize())


def _which(step: CountedDown) -> str:
    """Who holds it, or where nobody does, which supply it is and why not."""
    if step.holders:
        return few(f"{h.demand} {in_words(h.quantity)} of {_named(h)}" for h in step.holders)
    return few(f"{in_words(s.quantity)} of {_named(s)}" for s in step.supplies)


def _named(found: CandidateView | ReservationView) -> str:
    """Stock by its number, goods on order by their line and number."""
    number = in_words(found.numbers)
    if found.supply_kind == STOCK:
        return number or found.supply
    return f"{found.supply} {number}".strip()


def _ways_out(ways: Sequence[WayOut]) -> Table:
    heads = columns(
        Column("What would help, the smallest change first", Pen.NAME, wraps=True),
        Column("Gains", Pen.YOURS),
        Column("Moved", yields=1, wraps=True),
        Column("Decides", yields=2),
        Column("Then", wraps=True),
    )
    rows = [(w.what, w.gains, few(w.moved) or "nobody", w.decides, w.detail) for w in ways]
    return Table(heads, rows)
