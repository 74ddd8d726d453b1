"""Why a line is not fully reserved: every supply, the reason against each, and what would help."""

from __future__ import annotations

from decimal import Decimal

from earmark.core import explaining
from earmark.core.quantity import ZERO
from earmark.core.stock import demand_of
from earmark.core.views import ReservationView, WhyView
from earmark.database.engine import Database
from earmark.database.views import View, view
from earmark.errors import LineUnknown
from earmark.usecases.reading import AsOf, demand_line, reservation_view


def why(database: Database, line: str, *, as_of: AsOf = None) -> WhyView:
    """Count all supply of a demand line down to what it can reserve, and try the ways out.

    ``can_be_reserved`` includes what is reserved already, what is free, and what late binding
    would free; ``missing`` is what is needed beyond it.
    """
    with view(database, as_of) as seen:
        found = seen.lines([line])
        if line not in found or not found[line].kind.is_demand:
            raise LineUnknown(line=f"{line} that takes stock")
        shelf, elsewhere = seen.shelf(found[line])
        tracking = seen.tracking([found[line]])[line]
        demand = demand_of(found[line])
        case = explaining.Case(demand, tracking, shelf, elsewhere)
        possible, _ = case.reserved_when_tried()
        missing = max(demand.outstanding - possible, ZERO)
        total, steps = explaining.counted_down(
            case, _holders(seen, found[line].key.item_no), possible
        )
        return WhyView(
            line=line,
            item_no=demand.key.item_no,
            needed=demand.outstanding,
            reserved=demand.reserved,
            can_be_reserved=possible,
            missing=missing,
            total_supply=total,
            steps=tuple(steps),
            ways_out=tuple(explaining.ways_out(case, possible, missing)) if missing else (),
        )


def can_be_reserved(database: Database, line: str, *, as_of: AsOf = None) -> Decimal:
    """What a line would have reserved after trying its numbers and then any: as *why* says it."""
    with view(database, as_of) as seen:
        found = demand_line(seen, line)
        shelf, elsewhere = seen.shelf(found)
        tracking = seen.tracking([found])[line]
        possible, _ = explaining.Case(
            demand_of(found), tracking, shelf, elsewhere
        ).reserved_when_tried()
        return possible


def _holders(seen: View, item_no: str) -> dict[int, list[ReservationView]]:
    """Who holds what of each supply."""
    entries = seen.entries(item_no)
    supplies = {s.supply_no: s for s in seen.supplies(item_no)}
    dated = seen.lines({e.slot.line for e in entries})
    times = seen.times(e.since for e in entries)
    holders: dict[int, list[ReservationView]] = {}
    for entry in entries:
        supply, demand = supplies[entry.slot.supply_no], dated[entry.slot.line]
        shown = reservation_view(entry, supply, demand, times.get(entry.since))
        holders.setdefault(entry.slot.supply_no, []).append(shown)
    return holders
