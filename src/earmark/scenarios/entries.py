"""What a scenario file writes, as the core's values: numbers, stock rows, documents, set-up."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from earmark.core.commands import Choice, StockRow
from earmark.core.documents import DocumentEntry, DocumentKind, DocumentStatus, LineEntry
from earmark.core.items import (
    Customer,
    Item,
    Location,
    NumberRecord,
    PickingOrder,
    ReservePolicy,
)
from earmark.core.quantity import ONE, STEP, ZERO
from earmark.core.tracking import Dimension, Numbers, TrackingCode, TrackingLine
from earmark.scenarios.forms import NOTHING, Fields
from earmark.scenarios.grammar import DOCUMENT_KINDS

Resolve = Callable[[str], str]
"""Turns what is written where a line or a supply is meant into a reference."""


# -- Numbers -----------------------------------------------------------------------------------


def numbers_of(fields: Fields) -> Numbers:
    """The numbers that a mapping names."""
    return Numbers(fields.get("lot", ""), fields.get("serial", ""), fields.get("package", ""))


def choice_of(written: Fields | Choice | None) -> Numbers | Choice:
    """One number, all of the line's, or any."""
    if written is None:
        return Choice.ANY
    return written if isinstance(written, Choice) else numbers_of(written)


def tracking_lines_of(rows: Iterable[Fields]) -> tuple[TrackingLine, ...]:
    """Item tracking lines; one unit where no quantity is written, as for a serial no."""
    return tuple(
        TrackingLine(
            lot_no=row.get("lot", ""),
            serial_no=row.get("serial", ""),
            package_no=row.get("package", ""),
            quantity=row.get("quantity", ONE),
            to_handle=row.get("to_handle"),
            expiration_date=row.get("expiration_date"),
        )
        for row in rows
    )


# -- Stock and documents -----------------------------------------------------------------------


def stock_row_of(row: Fields) -> StockRow:
    """One adjustment."""
    return StockRow(
        item_no=row["item"],
        location_code=row.get("location", ""),
        quantity=row["quantity"],
        variant_code=row.get("variant", ""),
        numbers=numbers_of(row),
        unit=row.get("unit", ""),
        bin_code=row.get("bin", ""),
        date=row.get("date"),
        expiration_date=row.get("expiration_date"),
    )


def kind_of(document: Fields) -> str:
    """The kind of a document, which is the key under which its number stands."""
    return next(key for key in document if key in DOCUMENT_KINDS)


def document_of(document: Fields, resolve: Resolve) -> DocumentEntry:
    """A document with its lines."""
    kind = kind_of(document)
    status = document.get("status")
    return DocumentEntry(
        kind=DocumentKind(kind),
        document_no=document[kind],
        customer_no=document.get("customer", ""),
        status=DocumentStatus(status) if status else None,
        lines=tuple(_line_of(line, resolve) for line in document.get("lines", ())),
    )


def _line_of(line: Fields, resolve: Resolve) -> LineEntry:
    return LineEntry(
        item_no=line["item"],
        quantity=line["quantity"],
        date=line.get("date"),
        location_code=line.get("location", ""),
        variant_code=line.get("variant", ""),
        unit=line.get("unit", ""),
        bin_code=line.get("bin", ""),
        reserve=_policy_of(line),
        numbers=tracking_lines_of(line.get("numbers", ())),
        made_for=resolve(line["for"]) if "for" in line else "",
        over_receipt_percentage=line.get("over_receipt_percentage"),
        components=tuple(_line_of(inner, resolve) for inner in line.get("components", ())),
    )


def _policy_of(fields: Fields) -> ReservePolicy | None:
    return ReservePolicy(fields["reserve"]) if "reserve" in fields else None


# -- Set-up ------------------------------------------------------------------------------------


def tracking_code_of(code: str, fields: Fields) -> TrackingCode:
    """An item tracking code."""
    expiration = fields.get("expiration", NOTHING)
    return TrackingCode(
        tracking_code=code,
        specific=frozenset(map(Dimension, fields.get("specific", ()))),
        required=frozenset(map(Dimension, fields.get("required", ()))),
        expiration_used=expiration.get("used", False),
        expiration_required=expiration.get("required", False),
        expiration_strict=expiration.get("strict", False),
        case_matters=fields.get("case_matters", False),
    )


def item_of(item_no: str, fields: Fields) -> Item:
    """An item."""
    order = fields.get("picking_order")
    return Item(
        item_no=item_no,
        base_unit=fields.get("unit", "PCS"),
        units=dict(fields.get("units", NOTHING)),
        rounding_precision=fields.get("rounding_precision", STEP),
        over_receipt_percentage=fields.get("over_receipt_percentage", ZERO),
        variants=fields.get("variants", ()),
        tracking_code=fields.get("tracking_code", ""),
        reserve=_policy_of(fields) or ReservePolicy.OPTIONAL,
        picking_order=PickingOrder(order) if order else None,
        serial_series=fields.get("serial_series", ""),
        lot_series=fields.get("lot_series", ""),
    )


def location_of(location_code: str, fields: Fields) -> Location:
    """A location."""
    return Location(
        location_code=location_code,
        is_in_transit=fields.get("in_transit", False),
        bins=fields.get("bins", ()),
    )


def customer_of(customer_no: str, fields: Fields) -> Customer:
    """A customer."""
    return Customer(
        customer_no=customer_no,
        priority=fields.get("priority", 0),
        reserve=_policy_of(fields),
        minimum_shelf_life_days=fields.get("minimum_shelf_life_days", 0),
        transit_days=fields.get("transit_days", 0),
    )


def record_of(row: Fields) -> NumberRecord:
    """An information record of a number."""
    return NumberRecord(
        item_no=row["item"],
        numbers=numbers_of(row),
        is_blocked=row.get("blocked", False),
        expiration_date=row.get("expiration_date"),
    )
