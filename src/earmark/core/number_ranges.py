"""Ranges of numbers, as people write them: ``A001..A120, B7``.

A range counts in the digits at the end, keeps their leading zeros, and has one prefix.
"""

from __future__ import annotations

from collections.abc import Sequence

from earmark.errors import ValueInvalid

NUMBERS_AT_MOST = 100_000
"""So many numbers are read at a time; more are a slip of the finger, or a file to import."""


def serial_nos_of(text: str, field: str = "Serial numbers") -> tuple[str, ...]:
    """Numbers written as ranges and single numbers: ``A001..A120,B7``."""
    numbers: list[str] = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        numbers.extend(range_of(part, field))
    return tuple(numbers)


def range_of(part: str, field: str = "Serial numbers") -> Sequence[str]:
    """The numbers of a range, or the single number that it is."""
    first, dots, last = (piece.strip() for piece in part.partition(".."))
    return _counted(first, last, field) if dots else [part]


def _counted(first: str, last: str, field: str) -> Sequence[str]:
    """All numbers from the first to the last: one prefix, counted in the digits at the end."""
    prefix = first.rstrip("0123456789")
    low, high = first[len(prefix) :], last[len(prefix) :]
    written = f"{first}..{last}"
    if not last.startswith(prefix) or not _is_count(low) or not _is_count(high):
        why = "a range counts in the digits at the end"
        raise ValueInvalid(field=field, value=written, why=why)
    count = int(high) - int(low) + 1
    if not 0 < count <= NUMBERS_AT_MOST:
        why = f"these are {max(count, 0)} numbers; at least 1 and at most {NUMBERS_AT_MOST}"
        raise ValueInvalid(field=field, value=written, why=why)
    return [f"{prefix}{number:0{len(low)}d}" for number in range(int(low), int(high) + 1)]


_DIGITS_AT_MOST = 100


def _is_count(digits: str) -> bool:
    """Whether these are digits to count in; plain ones, and not a page of them."""
    return digits.isascii() and digits.isdecimal() and len(digits) <= _DIGITS_AT_MOST
