"""Sheets: tables of rows in files that a spreadsheet opens, CSV and XLSX.

A room of its own: what stands in the file and what a cell means is said here, what the rows are
about is not. Reading gives all of a file or refuses it, writing leaves a whole file or none.
"""

from __future__ import annotations

import re
from pathlib import Path

from earmark.errors import FileUnusable, ValueInvalid
from earmark.sheets import text_file, workbook
from earmark.sheets.cells import date_of, number_of, text_of
from earmark.sheets.sheet import UNKNOWN, Cell, Dialect, Row, Sheet, numbered

__all__ = [
    "UNKNOWN",
    "Cell",
    "Dialect",
    "Row",
    "Sheet",
    "date_of",
    "number_of",
    "numbered",
    "parse",
    "read",
    "text_of",
    "write",
]

_WORKBOOKS = (".xlsx", ".xlsm")
_TEXTS = (".csv", ".tsv", ".txt")
_NO_CHARACTER = re.compile("[\0\ud800-\udfff\ufffe\uffff]")


def read(path: Path | str, dialect: Dialect = UNKNOWN) -> Sheet:
    """The sheet in a file: a workbook's first visible worksheet, or a text file.

    What kind of file it is, its delimiter and its encoding are found out; ``dialect`` overrules.
    Raises ``file-unusable`` where the file is missing, damaged, cut off or something else.
    """
    path = Path(path)
    try:
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        raise _refusal(path, error) from None
    return parse(content, str(path), dialect)


def parse(content: bytes, name: str, dialect: Dialect = UNKNOWN) -> Sheet:
    """The sheet in a file's bytes; its name says what they are where they do not say it."""
    _check(dialect)
    if not content.strip():
        raise FileUnusable(file=name, why="it is empty")
    is_workbook = name.lower().endswith(_WORKBOOKS)
    if is_workbook or content.startswith((workbook.ZIP, workbook.OLE)):
        return workbook.parse(content, dialect, name)
    return text_file.parse(content, dialect, name)


def write(path: Path | str, sheet: Sheet) -> None:
    """Write a sheet to a file, as its name ends: ``.xlsx``, or ``.csv``, ``.tsv``, ``.txt``.

    A file that exists is replaced in one step, when all of the new one is there.
    """
    path = Path(path)
    _check(sheet.dialect)
    _check_texts(path, sheet)
    if path.suffix.lower() in _WORKBOOKS[:1]:
        content = workbook.written(sheet, str(path))
    elif path.suffix.lower() in _TEXTS:
        content = text_file.written(sheet)
    else:
        raise FileUnusable(file=path, why="its name must end in .csv, .tsv, .txt or .xlsx")
    try:
        _replace(path, content)
    except (OSError, ValueError) as error:
        raise _refusal(path, error) from None


def _check(dialect: Dialect) -> None:
    if dialect.delimiter not in ("", *text_file.DELIMITERS):
        why = "a delimiter is a comma, a semicolon or a tab"
        raise ValueInvalid(field="Delimiter", value=dialect.delimiter, why=why)
    if dialect.decimal_mark not in ("", ".", ","):
        why = "a decimal mark is a comma or a point"
        raise ValueInvalid(field="Decimal mark", value=dialect.decimal_mark, why=why)


def _check_texts(path: Path, sheet: Sheet) -> None:
    """Refuse code points that are no characters: no spreadsheet would read them again."""
    for number, cells in (Row(1, sheet.columns), *sheet.rows):
        for cell in cells:
            if isinstance(cell, str) and _NO_CHARACTER.search(cell):
                why = f"row {number} holds a code point that is no character"
                raise FileUnusable(file=path, why=why)


def _replace(path: Path, content: bytes) -> None:
    target = path.resolve()
    if target.is_dir():
        raise IsADirectoryError
    if target.exists() and not target.is_file():
        # A pipe or a terminal is written to; there is nothing to replace.
        target.write_bytes(content)
        return
    part = target.with_name(f".{target.name}.part")
    try:
        part.write_bytes(content)
        part.replace(target)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def _refusal(path: Path, error: OSError | ValueError) -> FileUnusable:
    """Why the machine does not give or take a file, in a few words."""
    if isinstance(error, FileNotFoundError):
        return FileUnusable(file=path, why="there is no such file or folder")
    if isinstance(error, IsADirectoryError):
        return FileUnusable(file=path, why="it is a folder, not a file")
    why = (getattr(error, "strerror", None) or str(error)).lower()
    return FileUnusable(file=path, why=why)
