"""What the cells of our columns mean, and how the same values are written into cells.

Lists stand in one cell with semicolons between, ``A;B``, and pairs with an equals sign,
``BOX=12;PALLET=600``; a code that holds a semicolon is quoted as in a text file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from earmark.core.items import PickingOrder
from earmark.core.quantity import ZERO, positive
from earmark.core.tracking import Dimension
from earmark.core.units import SENTENCE, factor_in_words, factor_of
from earmark.errors import QuantityInvalid, ValueInvalid
from earmark.sheets import Cell, Dialect, date_of, number_of, text_of
from earmark.sheets.cells import written_number
from earmark.usecases.exchange_layout import Meaning

_YES = ("yes", "true", "1", "x", "y")
_NO = ("no", "false", "0", "n")


# -- One value a cell --------------------------------------------------------------------------


def text(cell: Cell, _dialect: Dialect, what: str) -> str:
    """A text, to the letter."""
    return cell if isinstance(cell, str) else text_of(cell, what)


def quantity(cell: Cell, dialect: Dialect, what: str) -> Decimal:
    """A number with at most five decimals."""
    return number_of(cell, dialect, what)


def positive_quantity(cell: Cell, dialect: Dialect, what: str) -> Decimal:
    """A number greater than zero."""
    return positive(number_of(cell, dialect, what), what)


def quantity_moved(cell: Cell, dialect: Dialect, what: str) -> Decimal:
    """A number that is not zero: what comes in, or goes out where it is negative."""
    number = number_of(cell, dialect, what)
    if number == ZERO:
        raise QuantityInvalid(what=what, quantity=number, why="it must not be zero")
    return number


def whole(cell: Cell, dialect: Dialect, what: str) -> int:
    """A whole number."""
    number = number_of(cell, dialect, what)
    if number != int(number):
        raise QuantityInvalid(what=what, quantity=f"{cell}", why="it is not a whole number")
    return int(number)


def day(cell: Cell, _dialect: Dialect, _what: str) -> object:
    """A date."""
    return date_of(cell)


def yes_no(cell: Cell, _dialect: Dialect, what: str) -> bool:
    """Yes or no, as people and programs write it."""
    said = text_of(cell, what).lower()
    if said in _YES:
        return True
    if said in _NO:
        return False
    raise ValueInvalid(field=what, value=f"{cell}", why="it is yes or no")


def word_of(words: type[StrEnum]) -> Meaning:
    """The reading of a cell that holds one of a few words."""

    def read(cell: Cell, _dialect: Dialect, what: str) -> StrEnum:
        said = text_of(cell, what)
        try:
            return words(said.lower().replace(" ", "_").replace("-", "_"))
        except ValueError:
            why = f"it is one of {', '.join(words)}"
            raise ValueInvalid(field=what, value=said, why=why) from None

    return read


# -- Several values a cell ---------------------------------------------------------------------


def texts(cell: Cell, _dialect: Dialect, what: str) -> tuple[str, ...]:
    """Codes with semicolons between."""
    return tuple(_parts(cell, what))


def dimensions(cell: Cell, dialect: Dialect, what: str) -> frozenset[Dimension]:
    """Some of serial, lot and package."""
    read = word_of(Dimension)
    return frozenset(read(part, dialect, what) for part in _parts(cell, what))


def units(cell: Cell, dialect: Dialect, what: str) -> tuple[str, ...]:
    """Units as they are said: ``BOX=12``, ``PCS=1/12`` or ``12 PCS = 1 DOZ``."""
    return tuple(_unit(part, dialect, what) for part in _parts(cell, what))


def _unit(part: str, dialect: Dialect, what: str) -> str:
    """A unit as the core reads it: with decimal points, whatever the file's mark is."""
    sentence = SENTENCE.fullmatch(part)
    if sentence is not None:
        one, unit, other, of = sentence.groups()
        return f"{_factor(one, dialect, unit)} {unit} = {_factor(other, dialect, of)} {of}"
    unit, equals, holds = (side.strip() for side in part.rpartition("="))
    if not equals or not unit:
        why = "it is written CODE=VALUE or 1 BOX = 12 PCS, with semicolons between"
        raise ValueInvalid(field=what, value=part, why=why)
    return f"{unit}={_factor(holds, dialect, unit)}"


def _factor(said: str, dialect: Dialect, unit: str) -> str:
    if "/" in said:
        return factor_in_words(factor_of(said, f"Unit {unit}"))
    return f"{positive_quantity(said, dialect, f'Unit {unit}'):f}"


def picking_orders(cell: Cell, dialect: Dialect, what: str) -> dict[str, PickingOrder]:
    """Locations with their picking orders: ``EAST=fefo``."""
    read = word_of(PickingOrder)
    return {at: PickingOrder(read(order, dialect, what)) for at, order in _pairs(cell, what)}


def _parts(cell: Cell, what: str) -> list[str]:
    lines = io.StringIO(text_of(cell, what), newline="")
    try:
        rows = list(csv.reader(lines, delimiter=";", strict=True, skipinitialspace=True))
    except csv.Error:
        why = "a quotation mark in it is not closed"
        raise ValueInvalid(field=what, value=f"{cell}", why=why) from None
    return [part for row in rows for part in map(str.strip, row) if part]


def _pairs(cell: Cell, what: str) -> list[tuple[str, str]]:
    pairs = []
    for part in _parts(cell, what):
        name, equals, value = part.rpartition("=")
        if not equals or not name.strip():
            why = "it is written CODE=VALUE, with semicolons between"
            raise ValueInvalid(field=what, value=f"{cell}", why=why)
        pairs.append((name.strip(), value.strip()))
    return pairs


# -- Writing -----------------------------------------------------------------------------------


def joined(parts: Iterable[str]) -> str:
    """Codes in one cell."""
    line = io.StringIO()
    csv.writer(line, delimiter=";", lineterminator="").writerow(list(parts))
    return line.getvalue()


def joined_pairs(pairs: Mapping[str, Fraction | PickingOrder]) -> str:
    """Codes with their values in one cell."""
    return joined(f"{code}={_value(value)}" for code, value in pairs.items())


def _value(value: Fraction | PickingOrder) -> str:
    if isinstance(value, PickingOrder):
        return value.value
    said = factor_in_words(value)
    return said if "/" in said else written_number(Decimal(said), ".")
