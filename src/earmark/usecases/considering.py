"""The two sides of the split screen: demand lines with their balance, and the supply for one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from earmark.core import considering
from earmark.core.balance import RunningBalance
from earmark.core.considering import Entered, SupplyRow, WhoOf
from earmark.core.demand_views import DemandList, DemandRow
from earmark.core.items import ReservePolicy
from earmark.core.quantity import ZERO
from earmark.core.stock import Line, ReservationEntry, TrackedQuantity, demand_of
from earmark.database import lines
from earmark.database.engine import Database
from earmark.database.history import to_micros
from earmark.database.views import View, view
from earmark.errors import DocumentUnknown
from earmark.usecases.door import asks_about, looks_up
from earmark.usecases.reading import AsOf, demand_line

AT_MOST = 200
"""Demand lines, and supplies, that are listed; the others are counted."""


@looks_up("document_no")
def demand_of_document(database: Database, document_no: str, *, as_of: AsOf = None) -> DemandList:
    """The demand lines of a document, in their order; refused where it has none and is none."""
    with view(database, as_of) as seen:
        found = seen.of_documents([document_no])
        if not found:
            raise DocumentUnknown(document_no=document_no)
        return _listed(seen, [line for line in found if line.kind.is_demand])


@looks_up("item_no")
def demand_of_item(database: Database, item_no: str, *, as_of: AsOf = None) -> DemandList:
    """Every line of an item that still takes stock, the earliest first."""
    with view(database, as_of) as seen:
        if seen.past is None:
            found = lines.outstanding_of_item(seen.session, item_no)
        else:
            then = lines.item_as_of(seen.session, item_no, seen.past)
            found = [x for x in then if x.kind.is_demand and x.takes_part and x.outstanding > ZERO]
        return _listed(seen, sorted(found, key=_earliest))


def open_demand(database: Database) -> DemandList:
    """The lines that have something open now, the earliest first, as far as ``AT_MOST``."""
    with view(database) as seen:
        found, count = lines.unreserved(seen.session, AT_MOST, to_micros(seen.now))
        listed = _listed(seen, found)
        still_open = tuple(row for row in listed.rows if row.open > ZERO)
        return DemandList(rows=still_open, count=count - len(listed.rows) + len(still_open))


@asks_about("line")
def demand_row(database: Database, line: str, *, as_of: AsOf = None) -> DemandRow:
    """One demand line with its balance."""
    with view(database, as_of) as seen:
        return _listed(seen, [demand_line(seen, line)]).rows[0]


@asks_about("line")
def supply_rows(
    database: Database, line: str, *, at_most: int = AT_MOST, as_of: AsOf = None
) -> tuple[SupplyRow, ...]:
    """Every supply considered for a demand line: who has it, what can be had, who would move.

    Usable ones first, each in the order of choice, other locations last; what can not serve is
    there with its reason.
    """
    with view(database, as_of) as seen:
        found = demand_line(seen, line)
        shelf, elsewhere = seen.shelf_to_look_at(found)
        balance, demand = RunningBalance(shelf), demand_of(found)
        shown = considering.considered(balance, demand, elsewhere, at_most=at_most)
        who = entered_by(seen, shelf.entries)
        return tuple(considering.rows_of(balance, demand, shown, who))


def _earliest(line: Line) -> tuple[bool, str, str]:
    return (line.date is None, str(line.date), line.line)


def entered_by(seen: View, entries: Iterable[ReservationEntry]) -> WhoOf:
    """Who made each of these reservations, when, and for whom."""
    made = list(entries)
    times = seen.times(entry.since for entry in made)
    holding = seen.lines({entry.slot.line for entry in made})
    return {
        entry.slot: Entered(
            customer=demand_of(holding[entry.slot.line]).customer,
            by=entry.by,
            since=times.get(entry.since),
        )
        for entry in made
    }


def _listed(seen: View, found: list[Line]) -> DemandList:
    rows = demand_rows(seen, found)
    return DemandList(rows=tuple(rows), count=len(rows))


def demand_rows(seen: View, found: list[Line]) -> list[DemandRow]:
    """Demand lines with their balance."""
    tracking = seen.tracking(found)
    held: dict[str, tuple[Decimal, Decimal]] = {}
    for entry in seen.entries_of(found):
        specific, reserved = held.get(entry.slot.line, (ZERO, ZERO))
        named = entry.quantity if entry.slot.asked else ZERO
        held[entry.slot.line] = (specific + named, reserved + entry.quantity)
    return [
        _row(line, *held.get(line.line, (ZERO, ZERO)), tracking.get(line.line, []))
        for line in found
    ]


def _row(
    line: Line, specific: Decimal, reserved: Decimal, tracking: Sequence[TrackedQuantity]
) -> DemandRow:
    demand = demand_of(line)
    is_never = demand.reserve is ReservePolicy.NEVER
    return DemandRow(
        line=line.line,
        line_no=line.line_no,
        document_no=line.document_no,
        kind=line.kind.value,
        item_no=line.key.item_no,
        variant_code=line.key.variant_code,
        location_code=line.key.location_code,
        description=line.item.description,
        customer=demand.customer,
        unit=line.item.base_unit,
        rounding_precision=line.item.rounding_precision,
        date=line.date,
        arrives_on=demand.arrives_on,
        good_until=demand.good_until,
        minimum_shelf_life_days=demand.minimum_shelf_life_days,
        needed=demand.outstanding,
        specific=specific,
        reserved=reserved,
        tracked=sum((tracked.left for tracked in tracking), ZERO),
        tracked_numbers=tuple(tracked.numbers for tracked in tracking if tracked.left > ZERO),
        picking_order=line.picking_order.value,
        can_be_specific=bool(demand.specific),
        never_because=demand.never_because if is_never else "",
    )
