"""The apostrophe before a cell: this is text, to the letter.

A text that begins like a formula would be computed by the spreadsheet that opens it, and what
somebody entered as a description may be written for just that. Blanks at the ends of a cell are
mostly padding, so reading drops them. Both are kept behind an apostrophe, and reading takes exactly
one away. Apostrophes before such a text get one more; others are left alone: 's-Hertogenbosch.
"""

from __future__ import annotations

FORMULA_STARTS = frozenset("=+-@\uff1d\uff0b\uff0d\uff20\t\r\n")
"""What a spreadsheet computes when it reads a text file, in narrow and in wide letters."""

NO_STARTS: frozenset[str] = frozenset()
"""A workbook says of every cell that it is text, so nothing is computed there."""


def guarded(text: str, starts: frozenset[str]) -> str:
    """A text as it is written."""
    return f"'{text}" if _needs_guard(text, starts) else text


def unguarded(text: str, starts: frozenset[str]) -> str:
    """A text as it is read; padding is dropped."""
    if text[:1] == "'" and _needs_guard(text[1:], starts):
        return text[1:]
    return text.strip()


def _needs_guard(text: str, starts: frozenset[str]) -> bool:
    bare = text.lstrip("'")
    return bare != "" and (bare[0] in starts or bare[0].isspace() or bare[-1].isspace())
