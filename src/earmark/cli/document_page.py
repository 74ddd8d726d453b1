"""A document, a line and their reservation entries as pages."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from earmark.cli.page import (
    Bar,
    Cell,
    Column,
    Fact,
    Facts,
    Hint,
    Hold,
    Note,
    Page,
    Pen,
    Table,
    Title,
    columns,
    facts,
    in_words,
)
from earmark.core.views import DocumentView, LineView, ReservationView


def documents_page(views: Sequence[DocumentView]) -> Page:
    """All documents, one row each."""
    if not views:
        command = "earmark order new sales SO1 --line item=X,quantity=1,location=EAST"
        return [Note("There is no document yet."), Hint("Enter one", command)]
    heads = columns(
        Column("Document", Pen.NAME),
        "Kind",
        Column("Status", yields=2),
        Column("Customer", yields=3),
        Column("Description", yields=1, wraps=True),
        "Lines",
        Column("Open", Pen.ALARM),
        "From stock",
    )
    return [Table(heads, [_document_row(view) for view in views])]


def _document_row(view: DocumentView) -> tuple[Cell, ...]:
    open_lines = sum(1 for line in view.lines if line.is_demand and line.unreserved)
    has_demand = any(line.is_demand for line in view.lines)
    return (
        view.document_no,
        view.kind.replace("_", " "),
        view.status.replace("_", " "),
        view.customer_no,
        view.description,
        len(view.lines),
        Decimal(open_lines) if has_demand else None,
        view.reserved_from_stock if has_demand else "",
    )


def document_page(view: DocumentView) -> Page:
    """A document with its lines and the balance of each."""
    detail = " · ".join(
        filter(None, (view.kind.replace("_", " "), view.customer_no, view.description))
    )
    heads = columns(
        Column("Line", Pen.NAME),
        "Item",
        Column("Description", yields=2, wraps=True),
        Column("Location", yields=3),
        Column("Date", yields=1),
        "Quantity",
        Column("Unit", Pen.QUIET),
        Column("Balance", yields=4),
        Column("Reserved", Pen.YOURS),
        Column("Open", Pen.ALARM),
        "From stock",
    )
    page: Page = [
        Title(f"{view.document_no} {view.status.replace('_', ' ')}", detail),
        Table(heads, [_balance_row(line) for line in view.lines]),
    ]
    short = [line for line in view.lines if line.is_demand and line.unreserved]
    if short:
        most = max(short, key=lambda line: line.unreserved)
        lines = "the open line" if len(short) == 1 else f"the {len(short)} open lines"
        page.append(Hint(f"Reserve {lines}", f"earmark reserve {shlex.quote(view.document_no)}"))
        page.append(Hint("Why not reserved", f"earmark why {shlex.quote(most.line)}"))
    return page


def _balance_row(line: LineView) -> tuple[Cell, ...]:
    return (
        line.line,
        line.item_no,
        line.description,
        line.location_code,
        line.date,
        line.quantity_in_unit,
        line.unit,
        Bar(((Hold.YOURS, line.reserved), (Hold.FREE, line.unreserved))),
        line.reserved_in_unit,
        line.unreserved_in_unit if line.is_demand else None,
        line.reserved_from_stock if line.is_demand else "",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldView:
    """A line, where a line was asked for, and the reservation entries on either side of it."""

    reference: str
    line: LineView | None
    reservations: tuple[ReservationView, ...]


def line_page(found: HeldView) -> Page:
    """A line with its figures and its reservation entries, or the entries on a supply."""
    page = _figures(found.line) if found.line else []
    held = found.reservations
    if not held:
        return [*page, Note("No reservation entries.")]
    heads = columns(
        Column("Demand", Pen.NAME),
        Column("Supply", Pen.NAME),
        "Quantity",
        "Number",
        "Reserved as",
        Column("Date", yields=3),
        Column("By", yields=1),
        Column("Since", yields=2),
    )
    total = ("", "All", sum((r.quantity for r in held), Decimal(0)), "", "", "", "", "")
    rows = [
        (r.demand, r.supply, r.quantity, r.numbers, held_as(r), r.date, r.by, r.since) for r in held
    ]
    return [*page, Table(heads, rows, total, title=f"Reservation Entries of {found.reference}")]


def _figures(line: LineView) -> Page:
    about = (
        f"item {line.item_no} {line.description}".strip(),
        line.location_code,
        f"{line.date or ''}",
    )
    return [
        Title(line.line, " · ".join(filter(None, about))),
        facts(
            ("Quantity", line.quantity),
            ("Posted", line.posted),
            ("Outstanding", line.outstanding),
            ("Tracked", line.tracked),
        ),
        Facts(
            (
                Fact("Reserved", line.reserved, Pen.YOURS),
                Fact("Unreserved", line.unreserved, Pen.ALARM if line.is_demand else Pen.INK),
            )
        ),
    ]


def held_as(entry: ReservationView) -> str:
    """How firmly a reservation is held, in words."""
    if entry.binding:
        return entry.binding
    named = "" if entry.asked == entry.numbers else f" {in_words(entry.asked)}"
    word = f"specific{named}" if entry.is_specific else "nonspecific"
    return f"{word}, held until {in_words(entry.hold_until)}" if entry.hold_until else word
