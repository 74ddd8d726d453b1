"""The supply of a demand line as a page shows it, and who holds something of it.

Very many serial numbers are few supplies here; ``reading`` has every one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from earmark.core.commands import Choice
from earmark.core.tracking import Numbers
from earmark.core.views import CandidateView, ReservationView
from earmark.database.engine import Database
from earmark.database.views import view
from earmark.usecases.door import asks_about
from earmark.usecases.reading import (
    AsOf,
    candidates_on,
    demand_line,
    reservation_view,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderView:
    """A reservation entry with the customer it is for."""

    reservation: ReservationView
    customer: str


@asks_about("line", "numbers")
def supply_to_look_at(
    database: Database,
    line: str,
    numbers: Numbers | Choice = Choice.ANY,
    *,
    as_of: AsOf = None,
) -> tuple[CandidateView, ...]:
    """Every supply considered for a demand line; very many serial numbers alike are one."""
    with view(database, as_of) as seen:
        return candidates_on(seen, line, numbers, seen.shelf_to_look_at)


@asks_about("line")
def holders_on(
    database: Database, line: str, supplies: Iterable[str], *, as_of: AsOf = None
) -> tuple[HolderView, ...]:
    """The reservation entries on these supplies of a demand line's item, the oldest first."""
    wanted = set(supplies)
    with view(database, as_of) as seen:
        found = demand_line(seen, line)
        shelf, _ = seen.shelf_to_look_at(found)
        there = {s.supply_no: s for s in shelf.everything() if s.name in wanted}
        entries = shelf.entries_on(there)
        lines = seen.lines({entry.slot.line for entry in entries})
        times = seen.times(entry.since for entry in entries)
        return tuple(
            HolderView(
                reservation=reservation_view(
                    entry,
                    there[entry.slot.supply_no],
                    lines[entry.slot.line],
                    times.get(entry.since),
                ),
                customer=customer.name if (customer := lines[entry.slot.line].customer) else "",
            )
            for entry in sorted(entries, key=lambda e: (e.since, e.ordinal))
        )
