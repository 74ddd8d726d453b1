"""Units: how many base units one holds, as an exact fraction, and how a person says it.

A factor is said as a number (``12``), as a fraction (``1/12``) or as a sentence, ``1 BOX = 12 PCS``
or ``12 PCS = 1 DOZ``. A figure with all five decimals has been rounded to them by whoever wrote it:
it stands for the simplest fraction that rounds to it, if that has a denominator of at most a gross
(``0.08333`` is a twelfth, ``0.45359`` is itself). A shorter figure is meant exactly as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from earmark.core.quantity import LARGEST, STEP, exact, plain
from earmark.errors import QuantityInvalid, ValueInvalid

GROSS = 144
"""No figure is read as a fraction whose denominator is larger."""

Factor = Fraction | Decimal | int | str
"""How a factor may be given; a text is a number, a fraction or a sentence."""

SENTENCE = re.compile(r"\s*(\S+)\s+(.*\S)\s*=\s*(\S+)\s+(.*\S)\s*")
_FRACTION = re.compile(r"\s*(\d{1,18})\s*/\s*(\d{1,18})\s*")
_FINEST = STEP.as_tuple().exponent
_HALF_STEP = Fraction(STEP) / 2
_WAYS = 'write it "1 BOX = 12 PCS", "12 PCS = 1 DOZ", 12 or 1/12'


def factor_of(given: Factor, what: str = "Unit") -> Fraction:
    """The factor that a number or a fraction stands for."""
    if isinstance(given, Fraction):
        return _bounded(given, what)
    written = _FRACTION.fullmatch(given) if isinstance(given, str) else None
    if written is None:
        return meant(exact(given, what))
    above, below = map(int, written.groups())
    if not below:
        raise QuantityInvalid(what=what, quantity=given, why="nothing is divided by zero")
    return _bounded(Fraction(above, below), what)


def _bounded(factor: Fraction, what: str) -> Fraction:
    most = int(LARGEST)
    if max(abs(factor.numerator), factor.denominator) > most * most:
        raise QuantityInvalid(what=what, quantity=str(factor), why=f"the most is {most}")
    return factor


def meant(figure: Decimal) -> Fraction:
    """The fraction that a figure stands for: see above for the rule."""
    written = Fraction(figure)
    if plain(figure).as_tuple().exponent != _FINEST:
        return written
    simple = simplest(written - _HALF_STEP, written + _HALF_STEP)
    return simple if simple.denominator <= GROSS else written


def simplest(low: Fraction, high: Fraction) -> Fraction:
    """The fraction between two others that has the smallest denominator."""
    whole = -(-low.numerator // low.denominator)
    if whole <= high:
        return Fraction(whole)
    below = whole - 1
    return below + 1 / simplest(1 / (high - below), 1 / (low - below))


def factor_in_words(factor: Fraction) -> str:
    """A factor as it can be entered again: ``12``, ``0.45359`` or ``1/12``."""
    figure = Decimal(factor.numerator) / Decimal(factor.denominator)
    if factor.denominator == 1:
        return str(factor.numerator)
    if 100_000 % factor.denominator == 0 and meant(figure) == factor:
        return f"{plain(figure):f}"
    return str(factor)


def said(sentence: str, base_unit: str) -> tuple[str, Fraction]:
    """The unit and the factor of ``1 BOX = 12 PCS``: one side is in the base unit."""
    parts = SENTENCE.fullmatch(sentence)
    if parts is None:
        return _pair(sentence)
    left, one, right, other = parts.groups()
    how_many, of = factor_of(left, f"Unit {one}"), factor_of(right, f"Unit {other}")
    if (one == base_unit) == (other == base_unit):
        why = f"one of the two units is the base unit {base_unit}"
        raise ValueInvalid(field="Units", value=sentence, why=why)
    if not how_many or not of:
        raise QuantityInvalid(what="Unit", quantity=sentence, why="nothing is no unit")
    return (one, of / how_many) if other == base_unit else (other, how_many / of)


def _pair(text: str) -> tuple[str, Fraction]:
    """``BOX=12``: the unit, and how many base units it holds."""
    unit, equals, holds = text.rpartition("=")
    if not equals or not unit.strip():
        raise ValueInvalid(field="Units", value=text, why=_WAYS)
    return unit.strip(), factor_of(holds.strip(), f"Unit {unit.strip()}")


def units_of(given: Mapping[str, Factor] | Iterable[str], base_unit: str) -> dict[str, Fraction]:
    """Units with their factors, however they were given: by their names, or as sentences."""
    if isinstance(given, Mapping):
        return dict(_named(unit, factor, base_unit) for unit, factor in given.items())
    return dict(said(sentence, base_unit) for sentence in given)


def _named(unit: str, given: Factor, base_unit: str) -> tuple[str, Fraction]:
    if not isinstance(given, str) or "=" not in given:
        return unit, factor_of(given, f"Unit {unit}")
    named, factor = said(given, base_unit)
    if named != unit:
        raise ValueInvalid(field="Units", value=given, why=f"it says nothing of unit {unit}")
    return unit, factor


# -- Quantities in units -----------------------------------------------------------------------


def kept(amount: Fraction, step: Decimal = STEP) -> Decimal:
    """An exact amount rounded once to a whole number of steps, halves away from zero."""
    steps = abs(amount) / Fraction(step)
    whole = int(steps + Fraction(1, 2))
    number = Decimal(whole) * step
    return plain(-number if amount < 0 else number)


def in_base(
    quantity: Decimal, per_unit: Fraction, step: Decimal = STEP, what: str = "Quantity"
) -> Decimal:
    """A quantity in a unit as it is kept in the base unit: exact in the rule, rounded once.

    A quantity in the base unit itself must be a whole number of steps. A third of a case, which
    five decimals say as 0.33333, is a third if that makes a whole number of base units.
    """
    if per_unit == 1:
        check_step(quantity, step, what)
        return plain(quantity)
    amount = meant(quantity) * per_unit
    if amount.denominator != 1:
        amount = Fraction(quantity) * per_unit
    if abs(amount) > LARGEST:
        most = kept(Fraction(LARGEST) / per_unit - _HALF_STEP)
        raise QuantityInvalid(what=what, quantity=quantity, why=f"the most is {most:f}")
    return kept(amount, step)


def check_step(quantity: Decimal, step: Decimal, what: str = "Quantity") -> None:
    """Refuse a quantity in the base unit that is no whole number of the smallest part."""
    if step > STEP and quantity % step:
        why = f"it is a whole number of {plain(step):f}, the item's rounding precision"
        raise QuantityInvalid(what=what, quantity=quantity, why=why)


def in_unit(quantity: Decimal, per_unit: Fraction, step: Decimal = STEP) -> Decimal:
    """A quantity in the base unit as it is shown in a unit, to five decimals.

    What is a whole number of units but for the rounding with which it is kept is that number.
    """
    if per_unit == 1:
        return quantity
    amount = Fraction(quantity) / per_unit
    whole = int(abs(amount) + Fraction(1, 2)) * (-1 if amount < 0 else 1)
    off = abs(amount - whole)
    if whole and off <= Fraction(1, 100) and off * per_unit <= Fraction(step):
        return Decimal(whole)
    return kept(amount)
