"""Who holds something of some supplies: their lines, for whom, since when and how firmly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from earmark.core.views import ReservationView
from earmark.database.engine import Database
from earmark.database.views import view
from earmark.usecases.reading import AsOf, demand_line, reservation_view


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderView:
    """A reservation entry with the customer it is for."""

    reservation: ReservationView
    customer: str


def holders_on(
    database: Database, line: str, supplies: Iterable[str], *, as_of: AsOf = None
) -> tuple[HolderView, ...]:
    """The reservation entries on these supplies of a demand line's item, the oldest first."""
    wanted = set(supplies)
    with view(database, as_of) as seen:
        found = demand_line(seen, line)
        shelf, _ = seen.shelf(found)
        there = {s.supply_no: s for s in shelf.everything() if s.name in wanted}
        entries = seen.entries_on(found.key.item_no, there)
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
