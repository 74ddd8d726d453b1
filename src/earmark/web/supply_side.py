"""A line that brings stock: who is promised what of it, and reserving it from its own side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from fastapi import Request, Response

from earmark.core.quantity import ZERO
from earmark.core.views import ReservationView
from earmark.database.engine import Database
from earmark.http.identity import Caller
from earmark.usecases import looking_up, reading
from earmark.usecases.supplied import DemandServed, demands_for
from earmark.web import bars
from earmark.web.order_page import SUPPLY_PIXELS, LineRow, line_row
from earmark.web.rendering import dialog

DEMANDS = {
    "sales": "Sales Line, Order",
    "component": "Production Order Component",
    "demand": "Demand of another system",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyPanel:
    """The chosen line's promises, and the demand it could serve."""

    row: LineRow
    unit: str
    entries: Sequence[ReservationView]
    demands: Sequence[DemandServed]
    bar: bars.Bar

    @property
    def specific(self) -> Decimal:
        """Promised to somebody who named the number."""
        return sum((e.quantity for e in self.entries if e.is_specific), ZERO)

    @property
    def bound(self) -> Decimal:
        """Made for somebody."""
        return sum((e.quantity for e in self.entries if e.binding), ZERO)

    @property
    def loose(self) -> Decimal:
        """Promised to somebody to whom any will do."""
        return self.row.line.reserved - self.specific - self.bound

    @property
    def could_take(self) -> bool:
        """Whether anybody could be served now."""
        return any(demand.could_take for demand in self.demands)


def supply_panel(served: Database, row: LineRow) -> SupplyPanel:
    """What is promised of a line, and who could have more."""
    entries = reading.reservations(served, row.line.line)
    return SupplyPanel(
        row=row,
        unit=looking_up.some_items(served, [row.line.item_no])[row.line.item_no].base_unit,
        entries=entries,
        demands=demands_for(served, row.line.line),
        bar=bars.of_promises(row.line, entries, pixels=SUPPLY_PIXELS),
    )


def reservation_for(
    request: Request, asking: Caller, served: Database, line: str, current: str
) -> Response:
    """The *Reservation* window of a line that brings stock: the demand it may be reserved for."""
    panel = supply_panel(served, line_row(served, line))
    lines = [demand.line for demand in panel.demands]
    current = current if current in lines else next(iter(lines), "")
    return dialog(
        request,
        asking,
        "reservation_for.html",
        panel=panel,
        row=panel.row,
        current=current,
        demand_kinds=DEMANDS,
        signed_in=asking.is_signed_in,
    )
