"""Exact quantities: five decimals, in the item's base unit unless a name ends ``_in_unit``.

All sums are sums of ``Decimal``; nothing is ever rounded on the way. The only rounding is that of
a quantity in another unit, once, where it becomes one in the base unit: see ``units``.
"""

from __future__ import annotations

from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal, InvalidOperation

from earmark.errors import QuantityInvalid

ZERO = Decimal(0)
ONE = Decimal(1)
STEP = Decimal("0.00001")
LARGEST = Decimal(1_000_000_000_000)
_SHOWN = 40
"""Characters of a number in a refusal: one may be as long as a book."""
SCALE = 100_000
"""How many of the smallest part there are in one."""


def exact(value: object, what: str = "Quantity") -> Decimal:
    """Read a number of at most five decimals; refuse what is not one or is absurdly large."""
    try:
        number = Decimal(value if isinstance(value, Decimal | int) else str(value).strip())
    except InvalidOperation:
        raise QuantityInvalid(what=what, quantity=value, why="it is not a number") from None
    said = str(number)
    said = said if len(said) <= _SHOWN else f"{said[:_SHOWN]}…"
    if not number.is_finite():
        raise QuantityInvalid(what=what, quantity=said, why="it is not a number")
    if number.copy_abs() > LARGEST:
        raise QuantityInvalid(what=what, quantity=said, why=f"the most is {LARGEST:f}")
    if number != number.quantize(STEP, rounding=ROUND_HALF_EVEN):
        raise QuantityInvalid(what=what, quantity=said, why="at most five decimals are kept")
    return number if int(number.as_tuple().exponent) >= -_SHOWN else plain(number)


def positive(value: object, what: str = "Quantity") -> Decimal:
    """Read a quantity greater than zero."""
    number = exact(value, what)
    if number <= ZERO:
        raise QuantityInvalid(what=what, quantity=value, why="it must be greater than zero")
    return number


def not_negative(value: object, what: str = "Quantity") -> Decimal:
    """Read a quantity of zero or more."""
    number = exact(value, what)
    if number < ZERO:
        raise QuantityInvalid(what=what, quantity=value, why="it must not be negative")
    return number


def percentage(value: Decimal | None, what: str = "Over-receipt percentage") -> Decimal | None:
    """Read a percentage of zero or more; none where there is none."""
    return None if value is None else not_negative(value, what)


def percentage_of(percentage: Decimal, quantity: Decimal) -> Decimal:
    """That part of a quantity, rounded down to five decimals: never more than the percentage."""
    return plain((quantity * percentage / 100).quantize(STEP, rounding=ROUND_FLOOR))


def plain(quantity: Decimal) -> Decimal:
    """The same number without trailing zeros and without an exponent."""
    number = quantity.normalize()
    return number.quantize(ONE) if number == number.to_integral() else number


def scaled(quantity: Decimal) -> int:
    """The whole number of 1/100,000 that stands for a quantity in tables and columns."""
    number = quantity * SCALE
    whole = int(number)
    assert whole == number, f"{quantity} is finer than five decimals"
    return whole


def unscaled(number: int) -> Decimal:
    """The quantity that a whole number stands for."""
    whole, rest = divmod(number, SCALE)
    return Decimal(whole) if not rest else Decimal(number) / SCALE
