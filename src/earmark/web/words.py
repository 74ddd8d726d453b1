"""Figures and dates as people read them: the filters of every template."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

from earmark.core.items import Item
from earmark.core.quantity import STEP, plain
from earmark.core.references import document_in, document_reference
from earmark.http.addresses import reference_path

THIN_SPACE = "\u2009"
MINUS = "\u2212"


def quantity(value: Decimal | int, places: int | None = None) -> str:
    """A quantity with thin spaces between thousands, a real minus, and the item's decimals.

    Without ``places`` it has the decimals it needs; more than ``places`` are never cut away.
    """
    shown = plain(Decimal(value))
    exponent = shown.as_tuple().exponent
    needed = max(-exponent, 0) if isinstance(exponent, int) else 0
    text = f"{abs(shown):,.{max(needed, places or 0)}f}".replace(",", THIN_SPACE)
    return f"{MINUS}{text}" if shown < 0 else text


def serials_in_words(count: int) -> str:
    """How many serial numbers stand here as one."""
    return "1 serial" if count == 1 else f"{quantity(count)} serials"


def places_of(item: Item) -> int:
    """How many decimals the item's quantities are shown with: those of its rounding."""
    if item.rounding_precision == STEP:
        return 0
    exponent = plain(item.rounding_precision).as_tuple().exponent
    kept = item.rounding_precision.as_tuple().exponent
    return max(-min(int(exponent), int(kept)), 0)


def iso(value: date | None) -> str:
    """A date as 2026-12-02; nothing where there is none."""
    return "" if value is None else f"{value:%Y-%m-%d}"


def short(value: date | None) -> str:
    """A date as 12-02, for columns whose head says the year."""
    return "" if value is None else f"{value:%m-%d}"


def clock(value: datetime | None) -> str:
    """A time of day as 14:20."""
    return "" if value is None else f"{value:%H:%M}"


def initials(name: str) -> str:
    """Up to two letters that stand for a person."""
    words = name.replace(".", " ").replace("_", " ").split()
    if len(words) > 1:
        return (words[0][0] + words[-1][0]).upper()
    return name[:2].upper()


_BROWSERS = {
    "Edg": "Edge",
    "OPR": "Opera",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
_SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Mac OS", "Linux")


def device(agent: str) -> str:
    """A browser and its system, out of what it says of itself; all it says, where that is else."""
    browser = next((name for sign, name in _BROWSERS.items() if f"{sign}/" in agent), "")
    system = next((name for name in _SYSTEMS if name in agent), "")
    return " on ".join(filter(None, (browser, system))) or agent or "unknown"


def narrowed(name: str, word: str) -> str:
    """A word that narrows history to what is called so, in quotes where it has blanks."""
    plain = name and not re.search(r'[\s"]', name)
    return f"{word}:{name}" if plain else f'{word}:"{name.replace(chr(34), chr(34) * 2)}"'


FILTERS = {
    "quantity": quantity,
    "serials": serials_in_words,
    "iso": iso,
    "short": short,
    "clock": clock,
    "device": device,
    "document_in": document_in,
    "document_ref": document_reference,
    "in_address": reference_path,
    "narrowed": narrowed,
}
