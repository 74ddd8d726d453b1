"""What a list can be narrowed to: all that fits every field that is given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from earmark.core.documents import DocumentKind, DocumentStatus, LineKind
from earmark.core.tracking import Dimension


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFilter:
    """Which documents: all that fit every field that is given."""

    kind: DocumentKind | None = None
    status: DocumentStatus | None = None
    customer_no: str = ""
    begins_with: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFilter:
    """Which document lines; ``is_open`` are those with something outstanding."""

    document_no: str = ""
    item_no: str = ""
    variant_code: str = ""
    location_code: str = ""
    customer_no: str = ""
    kind: LineKind | None = None
    is_demand: bool | None = None
    is_open: bool | None = None
    date_earliest: date | None = None
    date_latest: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFilter:
    """Which records of set-up: those whose key begins so."""

    begins_with: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFilter(RecordFilter):
    """Which items."""

    tracking_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberFilter(RecordFilter):
    """Which lots, serials and packages of an item."""

    item_no: str
    dimension: Dimension | None = None
    is_blocked: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StockFilter:
    """Which stock."""

    item_no: str = ""
    variant_code: str = ""
    location_code: str = ""
    lot_no: str = ""
    serial_no: str = ""
    package_no: str = ""
