"""Sales orders: the list, and one order with its lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fastapi import Request, Response

from earmark.core.documents import DocumentKind
from earmark.core.quantity import ZERO
from earmark.core.views import DocumentView
from earmark.database.engine import Database
from earmark.usecases import looking_up, reading
from earmark.web import bars
from earmark.web.asking import Reader, Served
from earmark.web.order_page import BALANCE_PIXELS, line_panel, order_page
from earmark.web.rendering import page, pages

router = pages()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """An order in the list."""

    order: DocumentView
    customer: str
    shipment_date: date | None
    lines: int
    lines_full: int
    lines_open: int
    balance: bars.Bar


@router.get("/sales-orders")
def sales_orders(request: Request, asking: Reader, served: Served) -> Response:
    """All sales orders, the next to ship first."""
    return page(request, asking, "sales_orders.html", rows=order_rows(served))


def order_rows(served: Database) -> list[OrderRow]:
    """The rows of the list."""
    customers = looking_up.customers(served)
    orders = [d for d in reading.documents(served) if d.kind == DocumentKind.SALES_ORDER]
    rows = [
        _row(order, customers[order.customer_no].name if order.customer_no in customers else "")
        for order in orders
    ]
    return sorted(
        rows, key=lambda r: (r.shipment_date is None, r.shipment_date, r.order.document_no)
    )


def _row(order: DocumentView, customer: str) -> OrderRow:
    lines = [line for line in order.lines if line.is_demand]
    full = sum(1 for line in lines if line.unreserved <= ZERO)
    dates = [line.date for line in lines if line.date is not None]
    return OrderRow(
        order=order,
        customer=customer or order.description,
        shipment_date=min(dates, default=None),
        lines=len(lines),
        lines_full=full,
        lines_open=len(lines) - full,
        balance=bars.of_lines(lines, pixels=BALANCE_PIXELS),
    )


@router.get("/sales-orders/{document_no}")
def sales_order(
    request: Request, asking: Reader, served: Served, document_no: str, line: str = ""
) -> Response:
    """One order, with the chosen line's balance and supply below."""
    shown = order_page(served, document_no, line)
    panel = line_panel(served, shown.chosen) if shown.chosen else None
    return page(request, asking, "sales_order.html", shown=shown, panel=panel)
