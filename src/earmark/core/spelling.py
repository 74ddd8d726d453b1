"""How a number and a code may be written, and which of them are the same.

A *name* here is whatever somebody types, scans or pastes to say which: a lot, serial or package
no., an item, a document, a location, a unit. People's files bring them with blanks that nobody
sees, in capitals or not, with accents in two encodings. One place says what becomes of that:

- Blanks at both ends are no part of a name: spaces of every width, no-break ones, zero-width
  ones, the byte-order mark, tabs and line ends. A name of blanks alone is none.
- A blank within is one plain space wide, whatever it was: nobody can tell them apart.
- Letters are composed (NFC).
- Characters that no face can carry or nobody can see are refused: control characters, halves of
  surrogate pairs, code points that are no characters, invisible marks.
- Letters' case makes no other name (:func:`folded`); the spelling known first is the one that is
  shown. Only an item tracking code may say that case matters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from earmark.errors import ValueInvalid

LENGTH_MOST = 100
"""Characters of a number or a code: several of them share an index of the database."""
REFERENCE_LENGTH_MOST = 120
"""Characters of a reference: a document no., quotes, a line and a component."""

_BLANK = (
    "\t\n\x0b\x0c\r\x85 \u00a0\u1680\u180e\u2000-\u200d\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
)
_AT_THE_ENDS = re.compile(f"^[{_BLANK}]+|[{_BLANK}]+$")
_WIDE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_CONTROL = "\x00-\x1f\x7f-\x9f\u2028\u2029"
_NO_CHARACTER = "\ud800-\udfff\ufdd0-\ufdef" + "".join(
    f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17)
)
_INVISIBLE = "\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_NOT_IN_A_NAME = re.compile(f"[{_CONTROL}{_NO_CHARACTER}{_INVISIBLE}]")
_NOT_IN_A_TEXT = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f{_NO_CHARACTER}]")
_NO_TEXT = re.compile(f"[\x00{_NO_CHARACTER}]")
_NO_ADDRESS = frozenset({".", ".."})
"""What an address of a page or of the API cannot name: it means a folder there."""


def cleaned(text: str, what: str = "Number", most: int = LENGTH_MOST) -> str:
    r"""A name as it is kept: trimmed and composed; refused where no face could carry it.

    >>> cleaned("\ufeffL1\u00a0\r\n")
    'L1'
    """
    if text.isascii() and text.isprintable():
        name = text.strip(" ")
    else:
        name = unicodedata.normalize("NFC", _WIDE.sub(" ", _AT_THE_ENDS.sub("", text)))
        strange = _NOT_IN_A_NAME.search(name)
        if strange:
            raise ValueInvalid(field=what, value=_visible(name), why=_cannot(strange.group()))
    if len(name) > most:
        why = f"it has {len(name)} characters; at most {most} are kept"
        raise ValueInvalid(field=what, value=f"{name[:20]}…", why=why)
    if name in _NO_ADDRESS:
        raise ValueInvalid(field=what, value=name, why="no address can carry it")
    return name


def keepable(text: str, what: str = "Text") -> str:
    """A free text as it was given; refused where it holds what no database and no face carries."""
    strange = _NOT_IN_A_TEXT.search(text)
    if strange:
        raise ValueInvalid(field=what, value=_visible(text), why=_cannot(strange.group()))
    return text


def readable(text: str, what: str = "Text") -> str:
    """What a scanner sent, with the control characters of its code; refused where it is no text."""
    strange = _NO_TEXT.search(text)
    if strange:
        raise ValueInvalid(field=what, value=_visible(text), why=_cannot(strange.group()))
    return text


def _cannot(character: str) -> str:
    return f"it holds the character U+{ord(character):04X}, which cannot be kept"


def _visible(text: str) -> str:
    """A text in which what cannot be kept is written as its code."""
    shown = text[:60]
    for strange in (_NOT_IN_A_NAME, _NOT_IN_A_TEXT):
        shown = strange.sub(lambda found: f"\\u{ord(found.group()):04x}", shown)
    return shown


def folded(name: str) -> str:
    """What two spellings of one name have in common: the letters, whatever their case.

    By Unicode's case folding, so that it is the same on every database and in every collation.

    >>> folded("Straße-Ä1") == folded("STRASSE-ä1")
    True
    """
    return name.lower() if name.isascii() else unicodedata.normalize("NFC", name.casefold())


def spelled_like(name: str, known: Collection[str]) -> str:
    """A name as one of those that are known, exactly so or in another case; else as it is."""
    if name in known:
        return name
    key = folded(name)
    return next((other for other in known if folded(other) == key), name)
