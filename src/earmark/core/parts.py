"""What may be entered of an item: whole steps of its rounding precision, and whole serial units."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from earmark.core.items import Item
from earmark.core.quantity import ONE, ZERO, not_negative, positive
from earmark.core.stock import Line
from earmark.core.tracking import Dimension, TrackingCode
from earmark.core.units import check_step, in_base
from earmark.errors import QuantityInvalid, SerialQuantity


def is_counted(code: TrackingCode | None) -> bool:
    """Whether the goods have serial numbers, so that there are whole units of them alone."""
    return code is not None and Dimension.SERIAL in code.entered


def check_part(item: Item, code: TrackingCode | None, quantity: Decimal) -> None:
    """Refuse a quantity in the base unit of which there can be none."""
    _check_whole(item, code, quantity, quantity)
    check_step(quantity, item.rounding_precision)


def part_of(line: Line, quantity: Decimal, what: str = "Quantity") -> Decimal:
    """Read a part of a line's quantity: greater than zero, and such as there can be."""
    read = positive(quantity, what)
    check_part(line.item, line.tracking_code, read)
    return read


def part_or_nothing(line: Line, quantity: Decimal, what: str = "Quantity") -> Decimal:
    """The same where nothing will do as well."""
    read = not_negative(quantity, what)
    check_part(line.item, line.tracking_code, read)
    return read


def in_base_unit(
    item: Item, code: TrackingCode | None, per_unit: Fraction, quantity: Decimal
) -> Decimal:
    """A quantity in a unit as it is kept of an item; nothing, and half a pump, are refused."""
    _check_whole(item, code, in_base(quantity, per_unit), quantity)
    base = in_base(quantity, per_unit, item.rounding_precision)
    if base == ZERO:
        why = "it is nothing in the base unit"
        raise QuantityInvalid(what="Quantity", quantity=quantity, why=why)
    return base


def _check_whole(
    item: Item, code: TrackingCode | None, quantity: Decimal, entered: Decimal
) -> None:
    if is_counted(code) and quantity % ONE:
        raise SerialQuantity(serial_no="(any)", item_no=item.item_no, quantity=entered)
