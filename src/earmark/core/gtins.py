"""GTINs, the numbers under which items go over scanners, and their check digit."""

from __future__ import annotations

from dataclasses import dataclass

from earmark.errors import ValueInvalid

LENGTHS = (8, 12, 13, 14)
WIDEST = 14
SSCC_LENGTH = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemGtin:
    """What a GTIN stands for: an item, perhaps a variant of it, and how much of it.

    ``unit`` is the unit that one of it is, the base unit where it is empty.
    """

    gtin: str
    item_no: str
    variant_code: str = ""
    unit: str = ""


def check_digit(digits: str) -> int:
    """The check digit that goes behind these digits of a GTIN or an SSCC."""
    weighted = (int(digit) * (3, 1)[at % 2] for at, digit in enumerate(reversed(digits)))
    return -sum(weighted) % 10


def is_checked(number: str, *lengths: int) -> bool:
    """Whether a number has one of these lengths and the right check digit."""
    is_number = number.isascii() and number.isdecimal() and len(number) in lengths
    return is_number and check_digit(number[:-1]) == int(number[-1])


def gtin_of(text: str) -> str:
    """A GTIN of any length, in fourteen digits; refused where its check digit is wrong."""
    digits = text.replace(" ", "").replace("-", "")
    if not (digits.isascii() and digits.isdecimal() and len(digits) in LENGTHS):
        raise ValueInvalid(field="GTIN", value=text, why="it has 8, 12, 13 or 14 digits")
    if not is_checked(digits, *LENGTHS):
        right = check_digit(digits[:-1])
        raise ValueInvalid(field="GTIN", value=text, why=f"its last digit should be {right}")
    return digits.zfill(WIDEST)
