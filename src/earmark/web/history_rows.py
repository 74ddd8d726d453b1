"""What history says of a command, in the columns of its table: who, what, before and after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from earmark.core.changes import ChangeRow, Shift
from earmark.core.quantity import ZERO
from earmark.database.changes import POSTINGS
from earmark.web.words import clock, quantity

_SHORT = 100_000_000
"""Moments are long; their last digits tell the commands of a page apart."""

_WHAT = {
    "reserve": "Reserved",
    "cancel": "Cancelled",
    "change": "Changed",
    "hold": "Held",
    "repair": "Moved",
    "track": "Tracked",
    "assign": "Numbers assigned",
    "select": "Numbers selected",
    "enter": "Entered",
    "add lines": "Lines added",
    "edit": "Line changed",
    "delete": "Deleted",
    "status": "Status",
    "number": "Record changed",
    "ship": "Shipped",
    "receive": "Received",
    "consume": "Consumed",
    "output": "Put out",
    "adjust": "Adjusted",
    "reclassify": "Reclassified",
    "set up": "Set up",
    "undo": "Undone",
    "ask": "Asked",
    "give": "Given",
    "keep": "Kept",
    "withdraw": "Withdrawn",
}
_TRACKING = frozenset({"track", "assign", "select", "repair", "undo"})
"""The commands of which a change of tracking lines is worth a word: it is what they are for."""

_NEVER = frozenset({"set up", "add account", "change account", "set password", "revoke token"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownChange:
    """One line of the table; a line that was moved along has no number of its own."""

    row: ChangeRow
    no: str
    what: str
    demand: str
    supply: str
    quantity: str
    before: str
    after: str
    why: str
    is_first: bool
    state: str
    """``undo`` where it can be tried, else why not, in a word or two."""


def shown_changes(rows: Iterable[ChangeRow]) -> list[ShownChange]:
    """Every command as a line, followed by those that it moved along."""
    return [line for row in rows for line in _lines(row)]


def _lines(row: ChangeRow) -> Iterable[ShownChange]:
    first = row.shifts[0] if row.shifts else None
    yield ShownChange(
        row=row,
        no=f"{row.moment // 1024 % _SHORT:08d}",
        what=_what(row),
        demand=first.line if first else _demand(row),
        supply=_supply(first) if first else ", ".join(row.numbers[:3]) or _number(row),
        quantity=_quantity(row, first),
        before=quantity(first.before) if first else "",
        after=quantity(first.after) if first else "",
        why=_why(row),
        is_first=True,
        state=_state(row),
    )
    for shift in row.shifts[1:]:
        yield ShownChange(
            row=row,
            no="",
            what="Carried over" if row.verb in POSTINGS else _moved(shift),
            demand=shift.line,
            supply=_supply(shift),
            quantity=quantity(shift.quantity),
            before=quantity(shift.before),
            after=quantity(shift.after),
            why=f"with {_WHAT.get(row.verb, row.verb).lower()} {row.reference}",
            is_first=False,
            state="with the line above",
        )


def _what(row: ChangeRow) -> str:
    if row.verb == "reserve" and row.hold_until is not None:
        return f"Held to {clock(row.hold_until)}"
    if row.verb == "hold" and row.hold_until is not None:
        return f"Held to {clock(row.hold_until)}"
    changed = {name.partition(" ")[0]: after for name, _, after in row.fields}
    if row.verb == "number" and "blocked" in changed:
        return "Blocked" if changed["blocked"] == "true" else "Unblocked"
    if row.verb == "edit" and set(changed) == {"date"}:
        return "Date"
    return _WHAT.get(row.verb, row.verb.capitalize())


def _moved(shift: Shift) -> str:
    if shift.is_move:
        return "Moved"
    return "Released" if shift.after < shift.before else "Reserved"


def _demand(row: ChangeRow) -> str:
    return row.reference if row.verb not in ("number", "adjust", "set up") else ""


def _number(row: ChangeRow) -> str:
    return next((n.partition(" ")[2] for n, _, _ in row.fields if row.verb == "number"), "")


def _supply(shift: Shift) -> str:
    here, there = ", ".join(shift.from_supplies), ", ".join(shift.to_supplies)
    return f"{here} → {there}" if here and there else here or there


def _quantity(row: ChangeRow, first: Shift | None) -> str:
    if first is not None:
        return quantity(first.quantity)
    if row.posted:
        return quantity(abs(row.posted))
    tracked = [(b, a) for n, b, a in row.fields if n == f"tracking {row.reference}"]
    if tracked:
        return quantity(abs(Decimal(tracked[0][1]) - Decimal(tracked[0][0])) or ZERO)
    return ""


def _why(row: ChangeRow) -> str:
    parts = [row.reason] if row.reason else []
    for name, before, after in row.fields:
        word, _, of = name.partition(" ")
        if word == "blocked" or (word == "tracking" and row.verb not in _TRACKING):
            continue
        if word == "description":
            parts.append(after)
        elif word == "tracking":
            about = "" if of == row.reference else f" of {of}"
            parts.append(f"item tracking lines{about} {before} → {after}")
        else:
            parts.append(f"{before} → {after}" if word == "date" else f"{word} {before} → {after}")
    if row.request_id:
        parts.append(f"request {row.request_id}")
    once = list(dict.fromkeys(filter(None, parts)))  # each line of a document says the same
    return ", ".join(once[:3])


def _state(row: ChangeRow) -> str:
    if row.undone_by:
        return "undone"
    return "" if row.verb in _NEVER else "undo"
