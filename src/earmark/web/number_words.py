"""What stands beside a number in the Item Tracking Lines: whether it can be had, in words.

And what a scanner's code is read as.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from earmark.core.availability import NumberAvailability
from earmark.core.eligibility import Reason
from earmark.core.pasted import NumberRow
from earmark.core.references import entry_ref
from earmark.core.scans import ScanReading
from earmark.core.tracking import Numbers
from earmark.database.engine import Database
from earmark.usecases.scanning import scan
from earmark.web.words import quantity

Word = tuple[str, str, str]
"""A state that has a sign, the words of the column *Availability*, those of *Reservation*."""


def in_words(one: NumberAvailability, remark: str) -> dict[str, Any]:
    """A number with its words, for the script of the dialog."""
    state, words, reservation = _word(one, remark)
    return {
        "serial_no": one.completed.serial_no,
        "lot_no": one.completed.lot_no,
        "package_no": one.completed.package_no,
        "state": state,
        "words": words,
        "reservation": reservation,
        "available": str(one.available + one.own),
        "own": str(one.own),
        "expiration_date": one.expiration_date.isoformat() if one.expiration_date else "",
    }


def as_entered(numbers: Numbers) -> dict[str, Any]:
    """A number on a line that brings stock: it is what is entered."""
    return {
        "serial_no": numbers.serial_no,
        "lot_no": numbers.lot_no,
        "package_no": numbers.package_no,
        "state": "free",
        "words": "Comes with this line",
        "reservation": "",
        "available": "0",
        "own": "0",
        "expiration_date": "",
    }


def _word(one: NumberAvailability, remark: str) -> Word:
    if not one.numbers:
        return "new", "", ""
    if not one.total:
        return "unknown", "Nobody has this number yet", "not in stock, not on order"
    if one.reason:
        blocked = one.reason == Reason.BLOCKED and remark
        why = f"blocked: {remark}" if blocked else one.brief
        return "no", why[0].upper() + why[1:], "can not be reserved"
    return _usable(one)


def _usable(one: NumberAvailability) -> Word:
    if one.own:
        rest = one.available + one.movable
        return "own", "Available", f"{quantity(one.own)} reserved" if rest else "Reserved"
    if one.available:
        return "free", _free(one), "not yet"
    names = ", ".join(dict.fromkeys(holder.line for holder in one.holders))
    if one.movable:
        return "movable", f"Held nonspecifically: {names}", "may be freed"
    return "held", f"Held by {names}", "does not move"


def _free(one: NumberAvailability) -> str:
    parts = [f"{quantity(one.available)} of {quantity(one.total)} available"]
    if one.available == one.total:
        parts = ["Available"]
    if one.movable:
        parts.append(f"{quantity(one.movable)} held nonspecifically")
    on_order = [name for name in one.supplies if entry_ref(name) is None]
    if len(on_order) == len(one.supplies):
        parts[0] += f" from {on_order[0]}"
    return ", ".join(parts)


def scanned(served: Database, line: str, row: NumberRow) -> tuple[NumberRow, str, str]:
    """A scanner's code as the row it means for the line, in words, or why it can not be added."""
    found = scan(served, row.code, line=line)
    if not found.readings:
        return row, "", f"{row.code} can not be read."
    best = found.readings[0]
    if found.is_ambiguous:
        several = " or ".join(str(reading.numbers) for reading in found.readings[:2])
        return row, "", f"{row.code} can be read as {several}; type the number."
    tracked = best.tracking_line
    read = replace(
        row,
        numbers=best.numbers,
        quantity=tracked.quantity,
        expiration_date=tracked.expiration_date,
    )
    if not best.fits:
        why = "; ".join(notice.message for notice in best.notices)
        return read, "", why or f"{best.numbers} does not fit line {line}."
    return read, _read_as(best), ""


def _read_as(reading: ScanReading) -> str:
    numbers = reading.numbers
    parts = [f"GTIN of {reading.item_no}"] if reading.gtin else []
    parts += [f"expires {reading.expiration_date}"] if reading.expiration_date else []
    named = (
        ("lot", numbers.lot_no),
        ("serial", numbers.serial_no),
        ("package", numbers.package_no),
    )
    parts += [f"{word} {no}" for word, no in named if no]
    return " · ".join(parts)
