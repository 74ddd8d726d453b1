"""References as people write them: ``SO1/1``, ``MO1/1/2``, ``SO/2026/0001/1``, ``X#12``, ``SO1``.

A document no. may hold what a reference is made of: slashes, hashes, quotes. What is written is
read by these rules, in this order:

1. A line is called by its document no. and its line no., a component by the line's and its own:
   ``SO/2026/0001/1``, ``MO1/1/2``. A name that a line has means that line, for it was written so.
2. Else the longest document no. that is known wins: ``A/1/2`` is document ``A/1/2``, else line 2 of
   ``A/1``, else component 2 of line 1 of ``A``.
3. In quotes a document no. is taken as it is, which settles it: ``"A/1"/2``, ``"A"/1/2``,
   ``"A/1/2"``. A quote within is doubled.

So a line gets its name without quotes, unless another line has that name already.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_LINE_NO = r"[1-9][0-9]*"
_AT_THE_END = re.compile(f"/({_LINE_NO}(?:/{_LINE_NO})?)$")
_ONE_AT_THE_END = re.compile(f"/({_LINE_NO})$")
_QUOTED = re.compile(f'"((?:[^"]|"")+)"(?:/({_LINE_NO}(?:/{_LINE_NO})?))?')
_ENTRY = re.compile(r"(.+)#([0-9]{1,18})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class EntryRef:
    """A ledger entry: its item and its number."""

    item_no: str
    entry_no: int

    def __str__(self) -> str:
        """As it is written."""
        return f"{self.item_no}#{self.entry_no}"


@dataclass(frozen=True, slots=True)
class Place:
    """A document, or one line of it: ``line_no`` is ``2``, of a component ``2/1``."""

    document_no: str
    line_no: str = ""


def entry_ref(reference: str) -> EntryRef | None:
    """The ledger entry that a reference names, if it is written as one: ``ITEM#12``."""
    found = None if _QUOTED.fullmatch(reference) else _ENTRY.fullmatch(reference)
    return EntryRef(found[1], int(found[2])) if found else None


def is_line(reference: str) -> bool:
    """Whether a reference is written as that of a document line (else of a document)."""
    return _ONE_AT_THE_END.search(reference) is not None


def places(reference: str) -> list[Place]:
    """What a reference may name, the longest document no. first; in quotes, the one thing.

    >>> [(place.document_no, place.line_no) for place in places("A/1/2")]
    [('A/1/2', ''), ('A/1', '2'), ('A', '1/2')]
    """
    quoted = _QUOTED.fullmatch(reference)
    if quoted:
        return [Place(quoted[1].replace('""', '"'), quoted[2] or "")]
    found = [Place(reference)]
    for pattern in (_ONE_AT_THE_END, _AT_THE_END):
        end = pattern.search(reference)
        place = Place(reference[: end.start()], end[1]) if end else None
        if place is not None and place.document_no and place not in found:
            found.append(place)
    return found


def document_in(line: str) -> str:
    """The document no. in the name of a line, taken by its last number."""
    return next((place.document_no for place in places(line) if place.line_no), line)


def quoted(document_no: str) -> str:
    """A document no. in quotes: it is taken as it is."""
    return '"' + document_no.replace('"', '""') + '"'


def document_reference(document_no: str) -> str:
    """How a document is written where a line might be meant: in quotes if it looks like one."""
    mistaken = is_line(document_no) or entry_ref(document_no) or document_no.startswith('"')
    return quoted(document_no) if mistaken else document_no


def line_names(place: Place) -> tuple[str, str]:
    """What a line may be called: plainly, and in quotes where another line has that name."""
    in_quotes = f"{quoted(place.document_no)}/{place.line_no}"
    if place.document_no.startswith('"'):
        return in_quotes, in_quotes
    return f"{place.document_no}/{place.line_no}", in_quotes
