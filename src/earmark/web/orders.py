"""Orders of every sort: the list, and one order with its lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fastapi import Request, Response

from earmark.core.quantity import ZERO
from earmark.core.views import DocumentView
from earmark.database.engine import Database
from earmark.usecases import looking_up, reading
from earmark.web import bars
from earmark.web.asking import Reader, Served
from earmark.web.order_page import BALANCE_PIXELS, line_panel, order_page
from earmark.web.rendering import page, pages
from earmark.web.sorts import Asked, Sort, for_each
from earmark.web.supply_side import supply_panel

router = pages()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """An order in the list; of lines that bring stock, those are *full* that are all promised."""

    order: DocumentView
    customer: str
    date: date | None
    lines: int
    lines_full: int
    lines_open: int
    balance: bars.Bar | None


@for_each(router.get)
def orders(request: Request, asking: Reader, served: Served, sort: Asked) -> Response:
    """All orders of a sort, the next first."""
    return page(request, asking, "orders.html", sort=sort, rows=order_rows(served, sort))


def order_rows(served: Database, sort: Sort) -> list[OrderRow]:
    """The rows of the list."""
    customers = looking_up.customers(served)
    found = reading.documents(served, kind=sort.kind)
    rows = [
        _row(order, customers[order.customer_no].name if order.customer_no in customers else "")
        for order in found
    ]
    return sorted(rows, key=lambda r: (r.date is None, r.date, r.order.document_no))


def _row(order: DocumentView, customer: str) -> OrderRow:
    demands = [line for line in order.lines if line.is_demand]
    lines = demands or [line for line in order.lines if line.outstanding > ZERO]
    full = sum(1 for line in lines if line.unreserved <= ZERO)
    dates = [line.date for line in lines if line.date is not None]
    return OrderRow(
        order=order,
        customer=customer or order.description,
        date=min(dates, default=None),
        lines=len(lines),
        lines_full=full,
        lines_open=len(lines) - full,
        balance=bars.of_lines(demands, pixels=BALANCE_PIXELS) if demands else None,
    )


@for_each(router.get, "/{document_no}")
def order(
    request: Request, asking: Reader, served: Served, sort: Asked, document_no: str, line: str = ""
) -> Response:
    """One order, with the chosen line's balance and supply, or whom it supplies, below."""
    shown = order_page(served, document_no, line)
    panel = supplied = None
    if shown.chosen is not None:
        if shown.chosen.line.is_demand:
            panel = line_panel(served, shown.chosen)
        else:
            supplied = supply_panel(served, shown.chosen)
    return page(
        request, asking, "order.html", sort=sort, shown=shown, panel=panel, supplied=supplied
    )
