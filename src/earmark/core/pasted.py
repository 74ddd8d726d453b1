"""What somebody types, pastes or scans into one field, read row by row as numbers and quantities.

    A001..A120, B7                  numbers and ranges of them
    SN1⇥L1⇥⇥1⇥2027-06-30           columns out of a spreadsheet, with or without their heads

Without heads the columns are those of the item's numbers in the order serial, lot, package, then
quantity and expiration date. Each row keeps its own reading and its own error, so that a face can
show both in place; nothing is added or left out silently.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from earmark.core.number_ranges import NUMBERS_AT_MOST, range_of
from earmark.core.quantity import ONE, positive
from earmark.core.tracking import NO_NUMBERS, Dimension, Numbers, TrackingLine, tracking_line
from earmark.errors import DateInvalid, EarmarkError, NumberDuplicate, ValueInvalid

_SERIAL, _LOT, _PACKAGE = "serial_no", "lot_no", "package_no"
_QUANTITY, _EXPIRATION = "quantity", "expiration_date"
_COLUMN_OF = {Dimension.SERIAL: _SERIAL, Dimension.LOT: _LOT, Dimension.PACKAGE: _PACKAGE}
_HEADS = {
    _SERIAL: ("serial", "serial no", "serial number"),
    _LOT: ("lot", "lot no", "lot number", "batch", "batch no"),
    _PACKAGE: ("package", "package no", "package number", "sscc"),
    _QUANTITY: ("quantity", "qty"),
    _EXPIRATION: ("expiration date", "expiration", "expires", "expiry", "expiry date"),
}
_COLUMN_OF_HEAD = {head: column for column, heads in _HEADS.items() for head in heads}
_CODE = re.compile(r"\(\d{2,4}\)|\][A-Za-z]\d|https?://|[^\t\n]*\x1d", re.IGNORECASE)
"""How a code from a scanner begins that says what it is (see ``scanning.py``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRow:
    """One row as it was read: ``at`` is its place, ``text`` how it stood there.

    ``error`` says why it can not be added as it is; ``duplicate_of`` is the row that has the same
    number already (0: the line itself has it). ``code`` is a scanner's code, still to be read.
    """

    at: int
    text: str
    numbers: Numbers = NO_NUMBERS
    quantity: Decimal = ONE
    expiration_date: date | None = None
    code: str = ""
    error: EarmarkError | None = None
    duplicate_of: int | None = None

    @property
    def tracking_line(self) -> TrackingLine:
        """The item tracking line that the row is."""
        return tracking_line(self.numbers, self.quantity, expiration_date=self.expiration_date)


def read_numbers(
    text: str,
    *,
    dimensions: Sequence[Dimension] = tuple(Dimension),
    known: Iterable[Numbers] = (),
    line: str = "the line",
) -> tuple[NumberRow, ...]:
    """Read ranges, lists and pasted columns; every row says itself what is wrong with it.

    ``dimensions`` are those the item has; a number by itself is of the first of them. ``known``
    are the numbers that the line has already.
    """
    rows: list[NumberRow] = []
    for row in _rows(text, dimensions or tuple(Dimension)):
        if len(rows) == NUMBERS_AT_MOST:
            why = f"at most {NUMBERS_AT_MOST} numbers are read at a time"
            rows.append(_wrong(row, ValueInvalid(field="Numbers", value=row.text, why=why), rows))
            break
        rows.append(replace(row, at=len(rows) + 1))
    return tuple(_with_duplicates(rows, known, line))


def _wrong(row: NumberRow, error: EarmarkError, before: Sequence[NumberRow]) -> NumberRow:
    return replace(row, at=len(before) + 1, error=error)


def _rows(text: str, dimensions: Sequence[Dimension]) -> Iterator[NumberRow]:
    lines = [line.strip(" \r") for line in text.split("\n")]
    columns: Sequence[str] = (*(_COLUMN_OF[d] for d in dimensions), _QUANTITY, _EXPIRATION)
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        heads = _heads(line) if number == 0 else ()
        if heads:
            columns = heads
        elif _CODE.match(line):
            yield NumberRow(at=0, text=line, code=line)
        elif "\t" in line:
            yield from _of_columns(line, columns)
        else:
            for part in filter(None, (part.strip() for part in re.split("[,;]", line))):
                yield from _of_columns(part, columns[:1])


def _heads(line: str) -> Sequence[str]:
    """The columns that a first row names; nothing where it is a row like the others."""
    words = [cell.strip().lower().replace("_", " ").rstrip(".") for cell in line.split("\t")]
    named = [_COLUMN_OF_HEAD.get(word, "") for word in words]
    return named if len(words) > 1 and any(named) and len(set(named)) == len(named) else ()


def _of_columns(line: str, columns: Sequence[str]) -> Iterator[NumberRow]:
    """The row that a line of columns is; a range in the first of them is many rows."""
    cells = [cell.strip() for cell in line.split("\t")]
    given = {column: cell for column, cell in zip(columns, cells, strict=False) if column and cell}
    row = NumberRow(at=0, text=line)
    try:
        if len(cells) > len(columns) and any(cells[len(columns) :]):
            why = f"it has {len(cells)} columns; there are {len(columns)}"
            raise ValueInvalid(field="Row", value=line.replace("\t", " "), why=why)
        read = {column: _READERS[column](cell) for column, cell in given.items()}
        yield from _counted(row, given, read)
    except EarmarkError as error:
        yield replace(row, numbers=_numbers(given), error=error)


def _counted(
    row: NumberRow, given: Mapping[str, str], read: Mapping[str, object]
) -> Iterator[NumberRow]:
    """The row with what was read; one for each number where a range of them was given."""
    quantity = read.get(_QUANTITY, ONE)
    expiration_date = read.get(_EXPIRATION)
    assert isinstance(quantity, Decimal)
    assert expiration_date is None or isinstance(expiration_date, date)
    ranged = next((c for c in (_SERIAL, _LOT, _PACKAGE) if ".." in given.get(c, "")), _SERIAL)
    each = range_of(given[ranged], "Numbers") if given.get(ranged) else [""]
    if given.get(_SERIAL) and quantity != ONE:
        why = "a serial no. stands for one unit"
        raise ValueInvalid(field="Quantity", value=f"{quantity:f}", why=why)
    if not _numbers(given):
        raise ValueInvalid(field="Row", value=row.text.strip(), why="it has no number")
    for number in each:
        numbers = _numbers({**given, ranged: number})
        text = row.text if len(each) == 1 else number
        yield replace(
            row,
            text=text,
            numbers=numbers,
            quantity=quantity,
            expiration_date=expiration_date,
        )


def _numbers(given: Mapping[str, str]) -> Numbers:
    return Numbers(given.get(_LOT, ""), given.get(_SERIAL, ""), given.get(_PACKAGE, ""))


def day_of(text: str) -> date:
    """A date written ``2026-12-31`` or ``31.12.2026``."""
    day_first = re.fullmatch(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", text)
    try:
        if day_first:
            return date(int(day_first[3]), int(day_first[2]), int(day_first[1]))
        return date.fromisoformat(text)
    except ValueError:
        raise DateInvalid(value=text) from None


def _as_it_is(text: str) -> str:
    return text


_READERS: Mapping[str, Callable[[str], object]] = {
    _SERIAL: _as_it_is,
    _LOT: _as_it_is,
    _PACKAGE: _as_it_is,
    _QUANTITY: positive,
    _EXPIRATION: day_of,
}


def _with_duplicates(
    rows: Iterable[NumberRow], known: Iterable[Numbers], line: str
) -> Iterator[NumberRow]:
    """Each row; one whose number another has already says so."""
    seen = {_identity(numbers): 0 for numbers in known if numbers}
    for row in rows:
        if row.error or row.code:
            yield row
            continue
        first = seen.setdefault(_identity(row.numbers), row.at)
        if first == row.at:
            yield row
        else:
            error = NumberDuplicate(number=str(row.numbers), line=line)
            yield replace(row, error=error, duplicate_of=first)


def _identity(numbers: Numbers) -> object:
    """What may stand on a line once: a serial no., or a lot no. with a package no."""
    return numbers.serial_no or (numbers.lot_no, numbers.package_no)
