"""What comes beyond what was planned or ordered: it is stock, and nobody's.

One number is one ledger entry, whether it was planned in whole, in part or not at all; on the line
and its item tracking lines counts only what was planned.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from earmark.core.posting import Handled, check_numbers_complete, picked, to_handle
from earmark.core.quantity import ZERO
from earmark.core.stock import Line, TrackedQuantity
from earmark.core.tracking import NO_NUMBERS, Numbers, TrackingLine
from earmark.errors import TrackingDiffers


def planned(
    line: Line,
    tracking: Iterable[TrackedQuantity],
    numbers: Sequence[TrackingLine],
    quantity: Decimal,
) -> tuple[list[TrackedQuantity], tuple[Handled, ...]]:
    """The line's tracking for one posting, and what is handled of what was planned."""
    most = min(quantity, line.outstanding)
    within, _ = _split(numbers, most) if quantity > most else (numbers, ())
    marked = picked(line, tracking, within)
    return marked, to_handle(line, marked, most) if most else ()


def beyond_plan(
    line: Line, numbers: Sequence[TrackingLine], quantity: Decimal
) -> tuple[Handled, ...]:
    """What comes beyond what was planned, under which numbers; refused where they do not add up."""
    over = quantity - line.outstanding
    if over <= ZERO:
        return ()
    _, beyond = _split(numbers, line.outstanding)
    total = sum((entry.quantity for entry in numbers), ZERO)
    if numbers and total != quantity:
        raise TrackingDiffers(line=line.line, to_handle=total, quantity=quantity)
    parts = tuple(Handled(e.numbers, e.quantity, e.expiration_date) for e in beyond)
    handled = parts or (Handled(NO_NUMBERS, over),)
    code = line.tracking_code
    check_numbers_complete(line.item.item_no, code.entered if code else (), handled)
    return handled


def _split(
    numbers: Iterable[TrackingLine], most: Decimal
) -> tuple[list[TrackingLine], list[TrackingLine]]:
    """The numbers up to a quantity, and those beyond it."""
    within, beyond, left = [], [], most
    for entry in numbers:
        part = min(entry.quantity, left)
        left -= part
        if part:
            within.append(replace(entry, quantity=part))
        if entry.quantity > part:
            beyond.append(replace(entry, quantity=entry.quantity - part))
    return within, beyond


def together(handled: Iterable[Handled], beyond: Iterable[Handled]) -> list[Handled]:
    """What arrives, planned or not: one part for each number, in the order they were named."""
    parts: dict[Numbers, Handled] = {}
    for part in (*handled, *beyond):
        known = parts.get(part.numbers)
        parts[part.numbers] = (
            replace(known, quantity=known.quantity + part.quantity) if known else part
        )
    return list(parts.values())
