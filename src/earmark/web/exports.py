"""What a table shows, as a file for a spreadsheet: all of its rows, also those not in view."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path

from fastapi import Request, Response

from earmark import sheets
from earmark.http.headers import attachment
from earmark.sheets import Cell, Sheet, numbered
from earmark.usecases.overview import item_figures
from earmark.web.asking import Reader, Served
from earmark.web.order_page import order_page
from earmark.web.orders import order_rows
from earmark.web.rendering import pages
from earmark.web.shell import location_code
from earmark.web.sorts import Asked, for_each

router = pages()


class Form(StrEnum):
    """The files there are."""

    CSV = "csv"
    XLSX = "xlsx"


_TYPES = {
    Form.CSV: "text/csv; charset=utf-8",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def exported(
    name: str, form: Form, columns: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> Response:
    """An answer that the browser keeps as a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"table.{form}"
        sheets.write(path, Sheet(columns=tuple(columns), rows=numbered(rows)))
        content = path.read_bytes()
    kept = {"Content-Disposition": attachment(f"{name}.{form}")}
    return Response(content, media_type=_TYPES[form], headers=kept)


@router.get("/items/export.{form}")
def export_items(request: Request, _asking: Reader, served: Served, form: Form) -> Response:
    """The list of items, with their figures at the location that is chosen."""
    columns = (
        *("Item No.", "Description", "Unit", "Inventory", "Reserved", "Blocked", "Available"),
        *("Inbound", "Open", "Tracking Code"),
    )
    rows = (
        (
            row.item.item_no,
            row.item.description,
            row.item.base_unit,
            row.inventory,
            row.reserved_in_stock,
            row.blocked,
            row.available,
            row.inbound,
            row.open,
            row.item.tracking_code,
        )
        for row in item_figures(served, location_code=location_code(request))
    )
    return exported("items", form, columns, rows)


@for_each(router.get, "/export.{form}")
def export_orders(
    _request: Request, _asking: Reader, served: Served, sort: Asked, form: Form
) -> Response:
    """The list of a sort of order."""
    columns = (
        "No.",
        "Customer No.",
        "Customer",
        sort.date,
        "Lines",
        "Full",
        "Open",
        "Reserved from stock",
        "Status",
    )
    rows = (
        (
            row.order.document_no,
            row.order.customer_no,
            row.customer,
            row.date or "",
            str(row.lines),
            str(row.lines_full),
            str(row.lines_open),
            row.order.reserved_from_stock,
            row.order.status,
        )
        for row in order_rows(served, sort)
    )
    return exported(sort.path[1:], form, columns, rows)


@for_each(router.get, "/{document_no}/export.{form}")
def export_lines(
    _request: Request, _asking: Reader, served: Served, sort: Asked, document_no: str, form: Form
) -> Response:
    """The lines of one order."""
    columns = (
        "Line",
        "No.",
        "Description",
        "Quantity",
        "Unit",
        "Reserved",
        "Open",
        "Reserved from stock",
        "Reserve as",
        sort.date,
        "Numbers",
    )
    rows = (
        (
            row.no,
            row.line.item_no,
            row.line.description,
            row.line.quantity_in_unit,
            row.line.unit,
            row.line.reserved_in_unit,
            row.open,
            row.from_stock,
            row.reserve_as,
            row.line.date or "",
            row.numbers,
        )
        for row in order_page(served, document_no, "").rows
    )
    return exported(document_no, form, columns, rows)
