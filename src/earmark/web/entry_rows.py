"""*Reservation Entries*: a row for whatever can be changed or cancelled by itself.

That is what stands on one supply, or on a supply line for one demand, under the same numbers asked
for. It may be several entries: of other lots of an order, or held until another time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from earmark.core.quantity import ZERO
from earmark.core.tracking import Numbers
from earmark.core.views import LineView, ReservationView
from earmark.web.reservation_page import KINDS, Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """Entries of a line together; ``other`` is where they stand, or for whom."""

    other: str
    kind: str
    asked: Numbers
    entries: Sequence[ReservationView]

    @property
    def key(self) -> str:
        """What makes it the same row when the page is read again."""
        return f"{self.other} {self.asked}"

    @property
    def fields(self) -> dict[str, str]:
        """What names it in an address or a form."""
        return Asked(numbers=self.asked).fields(self.other)

    @property
    def quantity(self) -> Decimal:
        """All of it."""
        return sum((entry.quantity for entry in self.entries), ZERO)

    @property
    def numbers(self) -> str:
        """The numbers it stands on, each once."""
        found = (e.numbers for e in self.entries)
        named = (n.serial_no or n.lot_no or n.package_no for n in found)
        return ", ".join(dict.fromkeys(filter(None, named)))

    @property
    def manners(self) -> Iterable[ReservationView]:
        """An entry for each way in which some of it is held."""
        return {(entry.binding, entry.hold_until): entry for entry in self.entries}.values()

    @property
    def by(self) -> str:
        """Who reserved it."""
        return ", ".join(dict.fromkeys(entry.by for entry in self.entries))


def entry_rows(line: LineView, entries: Iterable[ReservationView]) -> list[EntryRow]:
    """The rows of a line's entries, in their order."""
    together: dict[tuple[str, Numbers], list[ReservationView]] = {}
    for entry in entries:
        other = entry.supply if line.is_demand else entry.demand
        together.setdefault((other, entry.asked), []).append(entry)
    return [
        EntryRow(
            other=other,
            kind=KINDS[found[0].supply_kind] if line.is_demand else "",
            asked=asked,
            entries=found,
        )
        for (other, asked), found in together.items()
    ]
