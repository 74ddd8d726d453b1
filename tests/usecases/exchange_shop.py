"""A small shop, and sheets about it: what the tests of importing and exporting share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal

import pytest

import earmark
from earmark.core.commands import EnterDocuments, SetUp
from earmark.core.documents import DocumentEntry, DocumentKind, LineEntry
from earmark.core.items import Customer, Item, Location
from earmark.core.tracking import Dimension, TrackingCode
from earmark.errors import ImportRefused
from earmark.sheets import Cell, Sheet, numbered
from earmark.usecases import catalog
from earmark.usecases.documents import enter_documents
from earmark.usecases.exchange import Subject, export_sheet, import_sheet

NOW = datetime(2026, 11, 24, 10, 45, tzinfo=UTC)
EVERY_SUBJECT = list(Subject)


def empty() -> earmark.Database:
    return earmark.open("sqlite:///:memory:", clock=lambda: NOW)


def set_up_shop(database: earmark.Database) -> None:
    """Two locations, a lot item X, a serial item S, an untracked item U, a customer."""
    specific = {"LOT": {Dimension.LOT}, "SN": {Dimension.SERIAL}}
    catalog.set_up(
        database,
        SetUp(
            tracking_codes=tuple(TrackingCode(c, frozenset(d)) for c, d in specific.items()),
            locations=(Location(location_code="EAST"), Location(location_code="WEST")),
            customers=(Customer(customer_no="C1"),),
            items=(
                Item(
                    item_no="X",
                    tracking_code="LOT",
                    units={"BOX": Decimal(12)},
                    variants=("RED",),
                ),
                Item(item_no="S", tracking_code="SN"),
                Item(item_no="U"),
            ),
        ),
    )


def sheet_of(text: str) -> Sheet:
    """Rows with bars between: headings, then cells."""
    headings, *rows = [
        [cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()
    ]
    return Sheet(columns=tuple(headings), rows=numbered(rows), file="rows.csv")


def refused(database: earmark.Database, what: Subject, sheet: Sheet) -> list[str]:
    """All that is wrong, as the user reads it; and nothing is imported."""
    before = everything(database)
    with pytest.raises(ImportRefused) as error:
        import_sheet(database, what, sheet)
    assert everything(database) == before
    errors = error.value.facts["errors"]
    assert isinstance(errors, tuple)
    assert error.value.facts["count"] == len({e.row for e in errors})
    assert error.value.facts["first"] == errors[0]
    return [f"{e.row} {e.column} {e.code}" for e in errors]


def everything(database: earmark.Database) -> list[Sequence[Sequence[Cell]]]:
    return [[row.cells for row in export_sheet(database, what).rows] for what in EVERY_SUBJECT]


def enter(database: earmark.Database, *documents: DocumentEntry) -> None:
    enter_documents(database, EnterDocuments(documents=documents))


def sales(document_no: str, *lines: LineEntry) -> DocumentEntry:
    return DocumentEntry(kind=DocumentKind.SALES_ORDER, document_no=document_no, lines=lines)


def exported(database: earmark.Database, what: Subject, *names: str) -> list[tuple[str, ...]]:
    """Some columns of an export, as text."""
    sheet = export_sheet(database, what)
    rows: list[Mapping[str, Cell]] = [
        dict(zip(sheet.columns, row.cells, strict=True)) for row in sheet.rows
    ]
    return [tuple(f"{row[name]}" for name in names) for row in rows]
