"""Where a unit does not divide, the rounding is settled as the goods are reserved.

One piece of an item that is kept in dozens is 0.08333 of one: twelve of them would leave a crumb
of 0.00004 that nobody can use, and seven sevenths, each 0.14286, would be more than there is. So
what a line reserves is chosen so that what remains is as near as can be to a whole number of its
pieces; at the end nothing remains. The line's quantity in the base unit follows, by less than a
hundredth of a piece and a hundred steps; in its own unit it is what was ordered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from earmark.core.quantity import ZERO
from earmark.core.stock import Line
from earmark.core.tracking import TrackingLine
from earmark.core.units import kept, meant

CRUMB = Fraction(1, 100)
"""Of a piece: what is less may be rounding, and is no goods."""
STEPS = 100
"""Of the rounding precision: more is no rounding, even of many lines together."""


def divides(line: Line) -> bool:
    """Whether the line's quantity is kept exactly, so that nothing is to be settled."""
    if line.quantity_per_unit == 1:
        return True
    exact = meant(line.quantity_in_unit) * line.quantity_per_unit
    return kept(exact, line.item.rounding_precision) == exact


def _piece(line: Line) -> Fraction:
    """The part of the base unit of which the line is a whole number."""
    return line.quantity_per_unit / meant(line.quantity_in_unit).denominator


def settled(line: Line, wanted: Decimal, there: Decimal) -> Decimal:
    """What a line takes of what is there for it, instead of all that it has open.

    ``wanted`` itself, where what would remain is no whole number of pieces but for a crumb.
    """
    piece = _piece(line)
    pieces = max(round(Fraction(there - wanted) / piece), 0)
    takes = there - kept(pieces * piece, line.item.rounding_precision)
    return takes if _is_crumb(line, takes - wanted) and takes > ZERO else wanted


def _is_crumb(line: Line, difference: Decimal) -> bool:
    """Whether a difference is no goods: it is the rounding of many lines, or of one."""
    most = min(_piece(line) * CRUMB, STEPS * Fraction(line.item.rounding_precision))
    return abs(Fraction(difference)) <= most


def meant_as(line: Line, quantity: Decimal, whole: Decimal) -> Decimal:
    """The whole, where a quantity in the base unit is it but for the rounding of one line."""
    is_whole = abs(whole - quantity) <= 2 * line.item.rounding_precision
    is_rounding = is_whole and _is_crumb(line, whole - quantity)
    return whole if is_rounding and not divides(line) else quantity


def fitted(line: Line, numbers: Sequence[TrackingLine], whole: Decimal) -> tuple[TrackingLine, ...]:
    """Numbers that add up to the whole, where they do so but for the rounding of the unit."""
    total = sum((entry.quantity for entry in numbers), ZERO)
    change = meant_as(line, total, whole) - total if total else ZERO
    if not change:
        return tuple(numbers)
    most = max(range(len(numbers)), key=lambda at: numbers[at].quantity)
    return tuple(
        replace(entry, quantity=entry.quantity + change) if at == most else entry
        for at, entry in enumerate(numbers)
    )
