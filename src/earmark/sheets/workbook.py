"""Sheets in XLSX workbooks: the first visible worksheet, its values as a spreadsheet shows them.

Numbers are kept by spreadsheets in binary, to fifteen digits: a cell 0.1 is read as the decimal 0.1
and never as what binary makes of it, and a number that needs more digits is written as text. Dates
are real dates. Texts stay texts, leading zeros and all.

The archive's checksums are verified before anything is believed; the reader by itself would give
other data for some damaged files, as it stops where it has what it wants. Cells that hold an error,
or a formula never computed, are refused: the reader shows them empty, and an expiration date that
is silently none is worse than a refusal.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

from earmark.errors import FileUnusable
from earmark.sheets.cells import written_number
from earmark.sheets.guard import NO_STARTS, guarded, unguarded
from earmark.sheets.sheet import Cell, Dialect, Row, Sheet, under_headings

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0"
"""How old workbooks begin, and new ones behind a password."""

_UNPACKED_AT_MOST = 1 << 30
_ROWS_AT_MOST = 1_048_576
_CHARACTERS_AT_MOST = 32_767
_FIRST_YEAR = 1901
_DIGITS_KEPT = ".15g"
_DAMAGED = "it is not a workbook, or it is damaged or cut off"
_BEYOND_CZ = re.compile(rb'<c [^>]*?r="(?:[A-Z]{3}|[D-Z][A-Z])[0-9]')
"""A stray cell far out makes the reader fill all the cells before it, which may be billions."""
_WITHOUT_VALUE = re.compile(
    rb'<c r="(?P<cell>[A-Z]+[0-9]+)"(?![^>]*\bt="str")(?:[^>]*\bt="(?P<error>e)"'
    rb"|[^>]*><f\b(?:[^>]*/>|[^>]*>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>)"
)


# -- Reading -----------------------------------------------------------------------------------


def parse(content: bytes, dialect: Dialect, file: str) -> Sheet:
    """The sheet in a workbook's bytes."""
    if not content.startswith(ZIP):
        why = "it has a password or is of the old kind; save it as XLSX, without a password"
        raise FileUnusable(file=file, why=why if content.startswith(OLE) else _DAMAGED)
    try:
        return _sheet(content, dialect, file)
    except _complaints() as error:
        raise FileUnusable(file=file, why=_DAMAGED) from error


def _complaints() -> tuple[type[Exception], ...]:
    """What the libraries say of an archive, a document or a worksheet that is broken."""
    from python_calamine import CalamineError  # noqa: PLC0415 - loads only where it is needed

    broken_archive = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
    broken_parts = (ET.ParseError, KeyError, IndexError, StopIteration, UnicodeError)
    return (CalamineError, OSError, ValueError, *broken_archive, *broken_parts)


def _sheet(content: bytes, dialect: Dialect, file: str) -> Sheet:
    from python_calamine import CalamineWorkbook, SheetVisibleEnum  # noqa: PLC0415 - as above

    parts = _verified(content, file)
    workbook = CalamineWorkbook.from_object(io.BytesIO(content))
    visible = [
        position
        for position, worksheet in enumerate(workbook.sheets_metadata)
        if worksheet.visible is SheetVisibleEnum.Visible
    ]
    first = visible[0]
    _check_cells(_worksheet(parts, first), file)
    rows = workbook.get_sheet_by_index(first).to_python(skip_empty_area=False)
    headings, below = under_headings(_rows(rows), file)
    return Sheet(columns=headings, rows=below, dialect=Dialect("", dialect.decimal_mark), file=file)


def _verified(content: bytes, file: str) -> zipfile.ZipFile:
    """The archive, after all its checksums have been verified."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    if sum(part.file_size for part in archive.infolist()) > _UNPACKED_AT_MOST:
        raise FileUnusable(file=file, why=f"it unpacks to more than {_UNPACKED_AT_MOST >> 30} GiB")
    if archive.testzip() is not None:
        raise FileUnusable(file=file, why=_DAMAGED)
    return archive


def _worksheet(archive: zipfile.ZipFile, position: int) -> bytes:
    """The part of the archive that holds a worksheet."""
    book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - expat stops bombs
    worksheet = book.findall("{*}sheets/{*}sheet")[position]
    wanted = next(value for name, value in worksheet.attrib.items() if name.endswith("}id"))
    relations = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    target = next(
        relation.attrib["Target"] for relation in relations if relation.attrib["Id"] == wanted
    )
    return archive.read(posixpath.join("/xl", target).lstrip("/"))


def _check_cells(worksheet: bytes, file: str) -> None:
    """Refuse cells that have a value which the reader does not show."""
    if _BEYOND_CZ.search(worksheet):
        raise FileUnusable(file=file, why="it has cells to the right of column CZ; delete them")
    bad = _WITHOUT_VALUE.search(worksheet)
    if bad:
        what = "an error such as #N/A" if bad["error"] else "a formula that was never computed"
        raise FileUnusable(file=file, why=f"cell {bad['cell'].decode()} holds {what}")


def _rows(rows: Iterable[Iterable[Any]]) -> Iterator[Row]:
    for number, values in enumerate(rows, start=1):
        yield Row(number, [_cell(value) for value in values])


def _cell(value: Any) -> Cell:  # noqa: ANN401 - whatever a spreadsheet holds
    if isinstance(value, str):
        return unguarded(value, NO_STARTS)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float | int):
        return Decimal(f"{Decimal(format(value, _DIGITS_KEPT)):f}")
    is_day = isinstance(value, date) and not isinstance(value, datetime)
    return value if is_day else str(value)


# -- Writing -----------------------------------------------------------------------------------


def written(sheet: Sheet, file: str) -> bytes:
    """A sheet as a workbook's bytes."""
    # It has no types.
    from xlsxwriter import Workbook  # type: ignore[import-untyped]  # noqa: PLC0415 - as above

    if len(sheet.rows) >= _ROWS_AT_MOST:
        why = f"a worksheet has {_ROWS_AT_MOST} rows at most; write a CSV file"
        raise FileUnusable(file=file, why=why)
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True}) as workbook:
        worksheet = workbook.add_worksheet()
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        put = _Pen(worksheet, day, sheet.dialect.decimal_mark or ".", file).put
        for column, heading in enumerate(sheet.columns):
            put(0, column, heading)
        for row, (_, cells) in enumerate(sheet.rows, start=1):
            for column, cell in enumerate(cells):
                put(row, column, cell)
        _lay_out(workbook, worksheet, sheet)
    return content.getvalue()


class _Pen:
    """Writes cells as what they are."""

    def __init__(self, worksheet: Any, day: Any, mark: str, file: str) -> None:  # noqa: ANN401
        self.worksheet, self.day, self.mark, self.file = worksheet, day, mark, file

    def put(self, row: int, column: int, cell: Cell) -> None:
        """Write one cell; a number or a date that a spreadsheet can not hold is written as text."""
        if isinstance(cell, Decimal):
            if Decimal(format(float(cell), _DIGITS_KEPT)) == cell:
                self.worksheet.write_number(row, column, float(cell))
            else:
                self.worksheet.write_string(row, column, written_number(cell, self.mark))
        elif isinstance(cell, date):
            if cell.year < _FIRST_YEAR:
                self.worksheet.write_string(row, column, cell.isoformat())
            else:
                self.worksheet.write_datetime(row, column, cell, self.day)
        elif cell:
            self._put_text(row, column, guarded(cell, NO_STARTS))

    def _put_text(self, row: int, column: int, text: str) -> None:
        if len(text) > _CHARACTERS_AT_MOST:
            why = (
                f"row {row + 1} has a text of more than {_CHARACTERS_AT_MOST} characters, "
                "the most a workbook can hold; write a CSV file"
            )
            raise FileUnusable(file=self.file, why=why)
        self.worksheet.write_string(row, column, text)


def _lay_out(workbook: Any, worksheet: Any, sheet: Sheet) -> None:  # noqa: ANN401 - untyped library
    """Headings that stay in sight; columns of text stay text when somebody types ``007`` there."""
    worksheet.freeze_panes(1, 0)
    worksheet.set_row(0, None, workbook.add_format({"bold": True}))
    text = workbook.add_format({"num_format": "@"})
    for column, heading in enumerate(sheet.columns):
        cells = {type(row.cells[column]) for row in sheet.rows if row.cells[column] != ""}
        worksheet.set_column(column, column, len(heading) + 4, text if cells == {str} else None)
