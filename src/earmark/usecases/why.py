"""Why a line is not fully reserved: every supply, the reason against each, and what would help."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from earmark.core import explaining
from earmark.core.explaining import Case
from earmark.core.quantity import ZERO
from earmark.core.stock import Demand, Line, demand_of
from earmark.core.views import ReservationView
from earmark.core.ways_out import ways_out
from earmark.core.why_views import WhyView
from earmark.database import blockings, lines
from earmark.database.engine import Database
from earmark.database.views import View, view
from earmark.usecases.door import asks_about
from earmark.usecases.reading import AsOf, demand_line, reservation_view


@asks_about("line")
def why(database: Database, line: str, *, as_of: AsOf = None) -> WhyView:
    """Count all supply of a demand line down to what it can reserve, and try the ways out.

    ``can_be_reserved`` includes what is reserved already, what is free, and what late binding
    would free; ``missing`` is what is needed beyond it.
    """
    with view(database, as_of) as seen:
        found = demand_line(seen, line)
        return explained(seen, found, case_of(seen, found))


def explained(seen: View, found: Line, case: Case) -> WhyView:
    """What *why* answers of a demand line at the moment that is seen."""
    tried = case.tried()
    demand, possible = case.demand, tried.reserved
    missing = max(demand.outstanding - possible, ZERO)
    holders = _holders(seen, case)
    total, steps = explaining.counted_down(case, holders, possible)
    over, left = explaining.left_over(case, tried)
    return WhyView(
        line=found.line,
        item_no=demand.key.item_no,
        needed=demand.outstanding,
        reserved=demand.reserved,
        can_be_reserved=possible,
        missing=missing,
        total_supply=total,
        steps=tuple(steps),
        ways_out=tuple(ways_out(case, tried)) if missing else (),
        moves=tried.moves,
        blockings=tuple(case.blockings),
        left_over=over,
        useful_to=tuple(explaining.useful_to(case, left, _others(seen, found)) if left else ()),
    )


def case_of(seen: View, found: Line, words: Iterable[str] = ()) -> Case:
    """A demand line with everything that *why* looks at.

    Of very many serial numbers those are told one by one in which one of the ``words`` stands.
    """
    shelf, elsewhere = seen.shelf_to_look_at(found, words)
    holding = {entry.slot.line for entry in shelf.entries} | {found.line}
    tracked = seen.tracking(seen.lines(holding).values())
    return Case(
        demand=demand_of(found),
        tracking=tracked[found.line],
        shelf=shelf,
        elsewhere=elsewhere,
        tracked=tracked,
        blockings=blockings.of_item(seen.session, found.key.item_no, seen.past),
        in_unit=found.in_unit,
    )


def _others(seen: View, found: Line) -> list[Demand]:
    """The demand lines of the stock key, as they stand."""
    if seen.past is None:
        there = lines.of_key(seen.session, found.key, is_demand=True)
    else:
        there = lines.item_as_of(seen.session, found.key.item_no, seen.past)
    demands = [x.line for x in there if x.kind.is_demand and x.key == found.key and x.takes_part]
    return [demand_of(line) for line in seen.lines(demands).values()]


@asks_about("line")
def can_be_reserved(database: Database, line: str, *, as_of: AsOf = None) -> Decimal:
    """What a line would have reserved after trying its numbers and then any: as *why* says it."""
    with view(database, as_of) as seen:
        return case_of(seen, demand_line(seen, line)).tried().reserved


def _holders(seen: View, case: Case) -> dict[int, list[ReservationView]]:
    """Who holds what of each supply."""
    item_no, read_as = case.demand.key.item_no, case.shelf.read_as
    entries = seen.entries(item_no)
    supplies = {s.supply_no: s for s in seen.some(item_no, (e.slot.supply_no for e in entries))}
    dated = seen.lines({e.slot.line for e in entries})
    times = seen.times(e.since for e in entries)
    holders: dict[int, list[ReservationView]] = {}
    for entry in entries:
        number = entry.slot.supply_no
        supply, demand = supplies[number], dated[entry.slot.line]
        shown = reservation_view(entry, supply, demand, times.get(entry.since))
        holders.setdefault(read_as.get(number, number), []).append(shown)
    return holders
