"""Sheets of orders: a row a line, documents of every kind, components below the line they are for.

What is known of the whole document (kind, customer, status, description) stands in its first row
and may be repeated. Lines stand in the order of their line nos., or of the rows where they have
none, and are numbered from one: an order numbered 10000, 20000 gets the lines 1 and 2.
``component_of`` is the line no. (else the place) of the production order line a component is for.

What is exported is what is open: lines with their outstanding quantity, not what has been posted
nor orders that are finished. With the stock that is there now, that is the same state again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from earmark.core.commands import Command, EnterDocuments
from earmark.core.documents import DocumentEntry, DocumentKind, DocumentStatus, LineEntry
from earmark.core.items import ReservePolicy
from earmark.core.outcome import Outcome
from earmark.core.quantity import ZERO, plain
from earmark.core.stock import Line
from earmark.database.documents import Document
from earmark.database.documents import everything as all_headers
from earmark.database.engine import Database
from earmark.database.views import View, view
from earmark.errors import (
    CustomerUnknown,
    ItemUnknown,
    LocationUnknown,
    ValueInvalid,
)
from earmark.sheets import Cell, Dialect
from earmark.usecases.documents import enter_documents
from earmark.usecases.exchange_cells import day, positive_quantity, quantity, text, whole, word_of
from earmark.usecases.exchange_layout import (
    Column,
    Entry,
    Given,
    GivenRows,
    Layout,
    RowError,
    empty,
    row_error,
)
from earmark.usecases.exchange_stock import check_item


def _kind(cell: Cell, dialect: Dialect, what: str) -> DocumentKind:
    """A kind of document, with or without the word *order*."""
    said = text(cell, dialect, what).lower().replace(" ", "_").replace("-", "_")
    for kind in DocumentKind:
        if said in (kind.value, kind.value.removesuffix("_order")):
            return kind
    why = f"it is one of {', '.join(DocumentKind)}"
    raise ValueInvalid(field=what, value=f"{cell}", why=why)


_HEADER = (
    Column("document_kind", _kind, is_required=True),
    Column("document_no", text, is_required=True, is_filled=True),
    Column("customer_no", text, unknown=CustomerUnknown),
    Column("status", word_of(DocumentStatus)),
    Column("description", text),
)
_PLACE = (Column("line_no", whole), Column("component_of", whole))
_LINE = (
    Column("item_no", text, is_required=True, unknown=ItemUnknown),
    Column("variant_code", text),
    Column("location_code", text, unknown=LocationUnknown),
    Column("quantity", positive_quantity, is_required=True),
    Column("unit", text),
    Column("date", day),
    Column("bin_code", text),
    Column("reserve", word_of(ReservePolicy)),
    Column("made_for", text),
    Column("over_receipt_percentage", quantity),
)
_LINE_FIELDS = tuple(column.name for column in _LINE)


# -- In ----------------------------------------------------------------------------------------


def _compose(_database: Database, given: GivenRows) -> tuple[list[Entry], list[RowError]]:
    errors: list[RowError] = []
    documents: dict[str, list[Given]] = {}
    for row in given.rows:
        if "document_no" in row.values:
            documents.setdefault(row.values["document_no"], []).append(row)
            item = given.known[ItemUnknown].get(row.values.get("item_no", ""))
            errors += check_item(item, row) if item is not None else ()
    entries = [_document(document_no, rows, errors) for document_no, rows in documents.items()]
    return entries, errors


def _document(document_no: str, rows: Sequence[Given], errors: list[RowError]) -> Entry:
    """One document of its rows; what is wrong with them goes to ``errors``."""
    header = _header(rows, errors)
    if "document_kind" not in header:
        errors.append(empty(rows[0].row, "document_kind"))
    lines = _in_order([row for row in rows if _is_line(row) and not _is_component(row)], errors)
    components = _components(document_no, rows, lines, errors)
    numbers, entered = [rows[0].row], []
    for place, line in lines.items():
        below = _in_order(components.get(place, []), errors).values()
        numbers += [line.row, *(row.row for row in below)]
        entry = _line(line, errors)
        entered.append(replace(entry, components=tuple(_line(row, errors) for row in below)))
    document = DocumentEntry(
        kind=header.get("document_kind", DocumentKind.DEMAND),
        document_no=document_no,
        customer_no=header.get("customer_no", ""),
        status=header.get("status"),
        description=header.get("description", ""),
        lines=tuple(entered),
    )
    return Entry(document, numbers, document_no)


def _header(rows: Sequence[Given], errors: list[RowError]) -> dict[str, Any]:
    """What the rows say of the whole document, which must be the same wherever it is said."""
    header: dict[str, Any] = {}
    said_in: dict[str, int] = {}
    for row, values in rows:
        for column in _HEADER:
            value = values.get(column.name)
            if value is None:
                continue
            if header.setdefault(column.name, value) != value:
                why = f"row {said_in[column.name]} says {header[column.name]} for the same document"
                error = ValueInvalid(field=column.title, value=value, why=why)
                errors.append(row_error(row, error, column.name, value))
            said_in.setdefault(column.name, row)
    return header


def _is_line(row: Given) -> bool:
    return any(name in row.values for name in (*_LINE_FIELDS, "line_no", "component_of"))


def _is_component(row: Given) -> bool:
    return "component_of" in row.values


def _in_order(rows: Sequence[Given], errors: list[RowError]) -> dict[int, Given]:
    """Rows by their line no., in its order; by their place where one has none."""
    if not all("line_no" in row.values for row in rows):
        return dict(enumerate(rows, start=1))
    numbered: dict[int, Given] = {}
    for row in rows:
        line_no = row.values["line_no"]
        if line_no in numbered:
            why = f"it stands in row {numbered[line_no].row} already"
            error = ValueInvalid(field="Line no", value=line_no, why=why)
            errors.append(row_error(row.row, error, "line_no", f"{line_no}"))
        numbered.setdefault(line_no, row)
    return dict(sorted(numbered.items()))


def _components(
    document_no: str, rows: Sequence[Given], lines: Mapping[int, Given], errors: list[RowError]
) -> dict[int, list[Given]]:
    """The rows that are components, by the line they are for."""
    components: dict[int, list[Given]] = {}
    for row in filter(_is_component, rows):
        line_no = row.values["component_of"]
        if line_no not in lines:
            why = f"document {document_no} has no such line in this file"
            error = ValueInvalid(field="Component of", value=line_no, why=why)
            errors.append(row_error(row.row, error, "component_of", f"{line_no}"))
        components.setdefault(line_no, []).append(row)
    return components


def _line(row: Given, errors: list[RowError]) -> LineEntry:
    values = {name: row.values[name] for name in _LINE_FIELDS if name in row.values}
    for name, nothing in (("item_no", ""), ("quantity", ZERO)):
        if name not in values:
            errors.append(empty(row.row, name))
            values[name] = nothing
    return LineEntry(**values)


def _enter(database: Database, entries: Sequence[DocumentEntry], signed: Command) -> Outcome:
    command = EnterDocuments(
        documents=tuple(entries),
        by=signed.by,
        reason=signed.reason,
        request_id=signed.request_id,
        preview=signed.preview,
    )
    return enter_documents(database, command)


def _names(entry: Entry) -> Iterator[tuple[str, int]]:
    """Its document no., its lines, and the lines that its lines were made for."""
    document: DocumentEntry = entry.value
    numbers = iter(entry.rows)
    yield document.document_no, next(numbers)
    for place, line in enumerate(document.lines, start=1):
        row = next(numbers)
        yield f"{document.document_no}/{place}", row
        yield line.made_for, row
        for component, _ in enumerate(line.components, start=1):
            yield f"{document.document_no}/{place}/{component}", next(numbers)


# -- Out ---------------------------------------------------------------------------------------


def open_documents(seen: View) -> list[tuple[Document, list[Line]]]:
    """The documents that are not finished, with the lines that have something outstanding.

    A document whose lines are all posted is left out, a component whose line is too.
    """
    headers = [h for h in all_headers(seen.session) if h.status is not DocumentStatus.FINISHED]
    lines: dict[str, list[Line]] = {header.document_no: [] for header in headers}
    for line in seen.of_documents(lines):
        lines[line.document_no].append(line)
    found = []
    for header in headers:
        every = lines[header.document_no]
        places = {x.position for x in every if x.outstanding > ZERO and not x.component}
        kept = [x for x in every if x.outstanding > ZERO and x.position in places]
        if kept or not every:
            found.append((header, kept))
    return found


def _records(database: Database) -> list[Sequence[Cell]]:
    with view(database) as seen:
        documents = open_documents(seen)
    names = {line.line for _, lines in documents for line in lines}
    rows: list[Sequence[Cell]] = []
    for header, lines in documents:
        common = (
            header.kind.value, header.document_no, header.customer_no, header.status.value,
            header.description,
        )  # fmt: skip
        rows += [(*common, *_line_cells(line, names)) for line in lines]
        if not lines:
            rows.append((*common, *([""] * len((*_PLACE, *_LINE)))))
    return rows


def _line_cells(line: Line, names: set[str]) -> Sequence[Cell]:
    number = line.component or line.position
    outstanding, unit = _outstanding(line)
    return (
        Decimal(number),
        Decimal(line.position) if line.component else "",
        *line.key[:2],
        line.key.location_code,
        outstanding,
        unit,
        line.date or "",
        line.bin_code,
        line.reserve.value if line.reserve else "",
        line.made_for if line.made_for in names else "",
        "" if line.over_receipt_percentage is None else line.over_receipt_percentage,
    )


def _outstanding(line: Line) -> tuple[Decimal, str]:
    """What is outstanding, in the line's unit; in the base unit where that alone is exact."""
    if not line.posted:
        return plain(line.quantity_in_unit), line.unit
    outstanding = line.in_unit(line.outstanding)
    if Fraction(outstanding) * line.quantity_per_unit == Fraction(line.outstanding):
        return outstanding, line.unit
    return plain(line.outstanding), line.item.base_unit


ORDERS = Layout(
    columns=(*_HEADER, *_PLACE, *_LINE),
    compose=_compose,
    enter=_enter,
    records=_records,
    names=_names,
)
