"""Saving what was decided, in the one order in which no guard of the database stands in the way.

Reservations that are no more end first; then supplies and lines take their new quantities; then
new supplies and ledger entries come; last the reservations that begin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from earmark.core.balance import ReservationChanges
from earmark.core.ledger import AppliedQuantity, LedgerEntry
from earmark.core.stock import Line, Slot, Supply, TrackedQuantity
from earmark.database import ledger, lines, stock, totals, tracking_lines
from earmark.database.engine import Session


@dataclass(slots=True)
class Pending:
    """What a command has decided to write, besides reservations."""

    lines: dict[str, Line] = field(default_factory=dict)
    tracking: list[tuple[Line, Sequence[TrackedQuantity], Sequence[TrackedQuantity]]] = field(
        default_factory=list
    )
    changed: dict[tuple[str, int], Supply] = field(default_factory=dict)
    new: list[Supply] = field(default_factory=list)
    new_serials: list[Supply] = field(default_factory=list)
    entries: list[LedgerEntry] = field(default_factory=list)
    applied: list[AppliedQuantity] = field(default_factory=list)
    on_behalf: dict[str | Slot, str] = field(default_factory=dict)
    """Whose new reservations are, by line, or one that is made again, where not of whoever asks."""
    reversed: list[AppliedQuantity] = field(default_factory=list)
    """Applications that are taken back."""

    def change(self, *supplies: Supply) -> None:
        """Supplies that exist take these quantities, places and dates."""
        for supply in supplies:
            self.changed[supply.key.item_no, supply.supply_no] = supply

    def take_new(self, supplies: Sequence[Supply]) -> list[Supply]:
        """New supplies as they are in the end, where the same command has changed them since."""
        return [self.changed.pop((s.key.item_no, s.supply_no), s) for s in supplies]

    def replace_lines(self, *changed: Line) -> None:
        """Lines are as they are here."""
        for line in changed:
            self.lines[f"{line.key.item_no}|{line.line}"] = line


def save(
    session: Session,
    moment: int,
    by: str,
    pending: Pending,
    changes: Sequence[ReservationChanges],
) -> None:
    """Write everything that one command has decided."""
    new, new_serials = pending.take_new(pending.new), pending.take_new(pending.new_serials)
    stock.end_entries(session, moment, changes)
    stock.update_supplies(session, pending.changed.values())
    stock.insert_supplies(session, new, specific_serials=False)
    stock.insert_supplies(session, new_serials, specific_serials=True)
    ledger.insert(session, moment, pending.entries)
    ledger.end_applied(session, moment, pending.reversed)
    ledger.insert_applied(session, moment, pending.applied)
    lines.save(session, moment, pending.lines.values())
    for line, before, after in pending.tracking:
        tracking_lines.save_tracking(session, moment, line, before, after)
    stock.make_entries(session, moment, by, changes, pending.on_behalf)
    totals.check(session, (*pending.changed.values(), *new, *new_serials), pending.lines.values())
