"""Sales orders: the list, and one order with its lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Depends, Request, Response

from earmark.core.documents import DocumentKind
from earmark.core.quantity import ZERO
from earmark.core.roles import Operation
from earmark.core.views import DocumentView
from earmark.database.engine import Database
from earmark.http.identity import Caller, may
from earmark.http.serving import database
from earmark.usecases import looking_up, reading
from earmark.web import bars
from earmark.web.rendering import page, pages

BALANCE_PIXELS = 105

router = pages()
Reader = Annotated[Caller, Depends(may(Operation.READ))]
Served = Annotated[Database, Depends(database)]


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
    customers = looking_up.customers(served)
    orders = [d for d in reading.documents(served) if d.kind == DocumentKind.SALES_ORDER]
    rows = [
        _row(order, customers[order.customer_no].name if order.customer_no in customers else "")
        for order in orders
    ]
    rows.sort(key=lambda row: (row.shipment_date is None, row.shipment_date, row.order.document_no))
    return page(request, asking, "sales_orders.html", rows=rows)


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
