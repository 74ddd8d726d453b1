"""What a cell means: a text, a number or a date, whatever the program that wrote it made of it.

Numbers. Where both marks stand in a number the last one is the decimal mark: ``1.234,5`` and
``1,234.5`` are the same number. A mark that stands twice groups thousands: ``1.234.567``. A single
mark is the decimal mark, ``1,5`` and ``1.5``, unless the number could be a grouped one: one to
three digits, a mark, three digits. Such a ``1,234`` is read with the mark that goes with the
file's delimiter (comma in a semicolon file, point in a comma file): in a semicolon file it is
1.234. Where that does not settle it (``1.234`` in a semicolon file, ``"1,234"`` in a comma file,
either in a tab-separated file or in a text cell of a workbook) it is refused, for guessing wrong
would be wrong by a factor of a thousand; the user says which decimal mark his file has. Blanks and
apostrophes may group thousands too, and a minus may stand behind.

Dates are ``2026-12-31``, ``31.12.2026``, or a real date of a workbook. ``12/31/2026`` is refused:
``01/02/2026`` is two days.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from earmark.core.quantity import exact
from earmark.errors import DateInvalid, QuantityInvalid, ValueInvalid
from earmark.sheets.sheet import UNKNOWN, Cell, Dialect

_WHOLE = re.compile(r"-?[0-9]+")
_SIGNED = re.compile(r"(?P<before>[+-]?) ?(?P<body>[^+-]*?) ?(?P<after>-?)")
_GROUPED_BY_BLANKS = re.compile(r"[0-9]{1,3}(?:[ '\u2019\u00a0\u2009\u202f][0-9]{3})+(?![0-9])")
_MAY_BE_GROUPED = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
_NUMBERS = {
    ".": re.compile(
        r"(?=.*[0-9])(?P<whole>[0-9]*|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.(?P<part>[0-9]*))?"
    ),
    ",": re.compile(
        r"(?=.*[0-9])(?P<whole>[0-9]*|[0-9]{1,3}(?:\.[0-9]{3})+)(?:,(?P<part>[0-9]*))?"
    ),
}
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_NO_NUMBER = "it is not a number"
_DIGITS_KEPT = 15
"""How many digits of a number a spreadsheet keeps."""


def text_of(cell: Cell, what: str = "Text") -> str:
    """The text of a cell; a number typed into a spreadsheet is its digits.

    A date is refused where a text is wanted: it is what a spreadsheet makes of lot no. ``3-12``. So
    is a number with more digits than a spreadsheet keeps.
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, date):
        why = "it is a date, not a text; format the column as text and type it again"
        raise ValueInvalid(field=what, value=cell.isoformat(), why=why)
    if abs(cell) >= 10**_DIGITS_KEPT:
        why = f"a spreadsheet keeps {_DIGITS_KEPT} digits of a number; format the column as text"
        raise ValueInvalid(field=what, value=f"{cell:f}", why=why)
    return f"{cell:f}"


def number_of(cell: Cell, dialect: Dialect = UNKNOWN, what: str = "Quantity") -> Decimal:
    """The number in a cell, with at most five decimals; see above for the two decimal marks."""
    if isinstance(cell, Decimal):
        return exact(cell, what)
    if isinstance(cell, date):
        raise QuantityInvalid(
            what=what, quantity=cell.isoformat(), why="it is a date, not a number"
        )
    if _WHOLE.fullmatch(cell):
        return exact(Decimal(cell), what)
    return exact(_decimal(cell, dialect, what), what)


def date_of(cell: Cell) -> date:
    """The date in a cell."""
    if isinstance(cell, date):
        return cell
    text = str(cell)
    iso, day_first = _ISO.fullmatch(text), _DAY_FIRST.fullmatch(text)
    try:
        if iso:
            return date(*map(int, iso.groups()))
        if day_first:
            return date(*map(int, reversed(day_first.groups())))
    except ValueError:
        # A month 13, a 30th of February: of the right form and yet no date.
        pass
    raise DateInvalid(value=text)


def written_number(number: Decimal, decimal_mark: str) -> str:
    """A number as text, so that nobody takes its decimals for thousands: 1.2340, never 1.234."""
    text = f"{number:f}"
    if _MAY_BE_GROUPED.fullmatch(text.lstrip("-")):
        text += "0"
    return text.replace(".", decimal_mark)


def _decimal(text: str, dialect: Dialect, what: str) -> Decimal:
    signed = _SIGNED.fullmatch(text.replace("\u2212", "-"))
    if signed is None or (signed["before"] and signed["after"]):
        raise QuantityInvalid(what=what, quantity=text, why=_NO_NUMBER)
    body = _GROUPED_BY_BLANKS.sub(lambda m: re.sub("[^0-9]", "", m[0]), signed["body"], count=1)
    mark = _decimal_mark(body, dialect)
    if mark is None:
        plain = body.replace(",", ".")
        why = f"it may be {plain} or {plain.replace('.', '')}; say which decimal mark the file has"
        raise QuantityInvalid(what=what, quantity=text, why=why)
    number = _NUMBERS[mark].fullmatch(body)
    if number is None:
        raise QuantityInvalid(what=what, quantity=text, why=_NO_NUMBER)
    digits = re.sub("[.,]", "", number["whole"])
    return Decimal(f"{signed['before'] or signed['after']}{digits or 0}.{number['part'] or 0}")


def _decimal_mark(body: str, dialect: Dialect) -> str | None:
    """The decimal mark of a number, or nothing where it could be either."""
    marks = [character for character in body if character in ".,"]
    if dialect.decimal_mark or not marks:
        return dialect.decimal_mark or "."
    last = marks[-1]
    if len(marks) > 1 and len(set(marks)) == 1:
        return "." if last == "," else ","
    if _MAY_BE_GROUPED.fullmatch(body) and last != dialect.usual_mark:
        return None
    return last
