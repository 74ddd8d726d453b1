"""Where a unit does not divide, the rounding is settled as the goods are reserved.

One piece of an item that is kept in dozens is 0.08333 of one: twelve of them would leave a crumb
of 0.00004 that nobody can use, and seven sevenths, each 0.14286, would be more than there is. So
what a line reserves is chosen so that what remains is as near as can be to a whole number of its
pieces; at the end nothing remains. The line's quantity in the base unit follows, by less than a
hundredth of a piece; in its own unit it is what was ordered.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from earmark.core.quantity import ZERO
from earmark.core.stock import Line
from earmark.core.units import kept, meant

CRUMB = Fraction(1, 100)
"""Of a piece: what is less is rounding, and no goods."""


def divides(line: Line) -> bool:
    """Whether the line's quantity is kept exactly, so that nothing is to be settled."""
    if line.quantity_per_unit == 1:
        return True
    exact = meant(line.quantity_in_unit) * line.quantity_per_unit
    return kept(exact, line.item.rounding_precision) == exact


def settled(line: Line, wanted: Decimal, there: Decimal) -> Decimal:
    """What a line takes of what is there for it, instead of all that it has open.

    ``wanted`` itself, where what would remain is no whole number of pieces but for a crumb.
    """
    piece = line.quantity_per_unit / meant(line.quantity_in_unit).denominator
    pieces = max(round(Fraction(there - wanted) / piece), 0)
    takes = there - kept(pieces * piece, line.item.rounding_precision)
    is_rounding = abs(Fraction(takes - wanted)) <= piece * CRUMB
    return takes if is_rounding and takes > ZERO else wanted
