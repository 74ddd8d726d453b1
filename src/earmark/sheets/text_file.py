"""Sheets in text files: cells separated by comma, semicolon or tab, quoted where they must be.

A file is read whole or refused: cut off in a quoted cell, in a row or in a character, it is not
half read. UTF-8 is tried first, then what older Windows programs write in Western Europe (cp1252).

A row with fewer cells than there are headings is refused wherever it stands: a line break that
was not quoted leaves two such rows, and neither says what was meant.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from earmark.errors import FileUnusable
from earmark.sheets.cells import written_number
from earmark.sheets.guard import FORMULA_STARTS, guarded, unguarded
from earmark.sheets.sheet import Cell, Dialect, Row, Sheet, under_headings

DELIMITERS = (";", "\t", ",")
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_SAID_FIRST = re.compile(r'"?sep=([;,\t])"?\r?\n', re.IGNORECASE)
_CONFUSABLE = re.compile(r'["\r\n]')
_HEADINGS_WITHIN = 10_000


# -- Reading -----------------------------------------------------------------------------------


def parse(content: bytes, dialect: Dialect, file: str) -> Sheet:
    """The sheet in a text file's bytes."""
    text = _decoded(content, file)
    said = _SAID_FIRST.match(text)
    if said:
        # Excel's own first line, which it does not count as a row.
        text = text[said.end() :]
    delimiter = dialect.delimiter or (said[1] if said else _delimiter(text))
    headings, rows = under_headings(_records(text, delimiter, file), file)
    return Sheet(
        columns=headings, rows=rows, dialect=Dialect(delimiter, dialect.decimal_mark), file=file
    )


def _decoded(content: bytes, file: str) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            try:
                return content[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                raise FileUnusable(file=file, why=_broken_at(content, error.start)) from None
    if b"\0" in content:
        raise FileUnusable(file=file, why="it is not text, for it holds NUL bytes")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        return _western(content, error.start, file)


def _western(content: bytes, broken_at: int, file: str) -> str:
    """Text that is not UTF-8, as Windows' Western European, unless it is damaged UTF-8."""
    if not content[:broken_at].isascii():
        raise FileUnusable(file=file, why=_broken_at(content, broken_at))
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        why = "it is neither UTF-8 nor Windows (cp1252) text"
        raise FileUnusable(file=file, why=why) from None


def _broken_at(content: bytes, position: int) -> str:
    line = content.count(b"\n", 0, position) + 1
    return f"a character in text line {line} is broken; the file is damaged or cut off"


def _delimiter(text: str) -> str:
    """The delimiter that stands most often in the headings; a comma where there is none."""
    headings = _QUOTED.sub("", text.lstrip("\r\n")[:_HEADINGS_WITHIN]).partition("\n")[0]
    return max(
        DELIMITERS, key=lambda delimiter: headings.count(delimiter) or (delimiter == ",") / 2
    )


def _records(text: str, delimiter: str, file: str) -> Iterator[Row]:
    """The rows, numbered as in a spreadsheet: a quoted cell may have several lines."""
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True
    )
    number = 0
    try:
        for number, record in enumerate(reader, start=1):
            yield Row(number, [unguarded(cell, FORMULA_STARTS) for cell in record])
    except csv.Error as error:
        raise FileUnusable(file=file, why=_complaint(number + 1, str(error))) from None


def _complaint(number: int, what: str) -> str:
    """What the parser complains of, in our words."""
    if "unexpected end" in what:
        return f"a quotation mark in row {number} is not closed; the file is damaged or cut off"
    if "field limit" in what:
        longest = csv.field_size_limit()
        return (
            f"a cell in row {number} has more than {longest} characters; "
            "a quotation mark may not be closed"
        )
    return f"text follows a closed quotation mark in row {number}"


# -- Writing -----------------------------------------------------------------------------------


def written(sheet: Sheet) -> bytes:
    """A sheet as a text file's bytes, in its dialect: comma and point where it has none."""
    delimiter = sheet.dialect.delimiter or ","
    mark = sheet.dialect.decimal_mark or Dialect(delimiter).usual_mark or "."
    lines = [_line(sheet.columns, delimiter, mark)]
    lines += [_line(row.cells, delimiter, mark) for row in sheet.rows]
    text = "".join(lines)
    # Excel takes a text for UTF-8 only if it begins so; plain ASCII needs no mark.
    return text.encode("utf-8" if text.isascii() else "utf-8-sig")


def _line(cells: Iterable[Cell], delimiter: str, mark: str) -> str:
    return delimiter.join(_field(cell, delimiter, mark) for cell in cells) + "\r\n"


def _field(cell: Cell, delimiter: str, mark: str) -> str:
    if isinstance(cell, Decimal):
        text = written_number(cell, mark)
    elif isinstance(cell, date):
        return cell.isoformat()
    else:
        text = guarded(cell, FORMULA_STARTS)
    if delimiter in text or _CONFUSABLE.search(text):
        return '"' + text.replace('"', '""') + '"'
    return text
