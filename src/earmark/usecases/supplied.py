"""A supply line seen from its own side: the demand it could serve, and what it serves already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from earmark.core.balance import RunningBalance
from earmark.core.eligibility import in_brief, obstacle
from earmark.core.items import ReservePolicy
from earmark.core.quantity import ZERO
from earmark.core.stock import Line, Supply, demand_of
from earmark.database import lines
from earmark.database.engine import Database
from earmark.database.views import view
from earmark.errors import LineUnknown
from earmark.usecases.door import asks_about
from earmark.usecases.reading import AsOf


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandServed:
    """One demand line at a supply line's place: what it holds of it, or could, or why it can not.

    ``could_take`` is what is available to reserve on the supply line and open on the demand;
    ``reason`` says in words why it is nothing, where a rule stands against it.
    """

    line: str
    kind: str
    customer: str
    date: date | None
    open: Decimal
    current: Decimal
    could_take: Decimal
    reason: str


@asks_about("line")
def demands_for(database: Database, line: str, *, as_of: AsOf = None) -> tuple[DemandServed, ...]:
    """The open demand at a supply line's place, the earliest first, as the line would serve it."""
    with view(database, as_of) as seen:
        found = seen.lines([line]).get(line)
        if found is None or found.kind.is_demand:
            raise LineUnknown(line=f"{line} that brings stock")
        open_ones = lines.outstanding_of_item(seen.session, found.key.item_no)
        here = [demand for demand in open_ones if demand.key == found.key]
        here = list(seen.lines([demand.line for demand in here]).values())
        parts = seen.parts(found.key.item_no, [line])
        shelf, _ = seen.shelf(found)
        balance = RunningBalance(shelf)
        balance.know(parts)
        return tuple(
            _served(balance, parts, demand)
            for demand in sorted(here, key=lambda d: (d.date is None, d.date, d.line))
        )


def _served(balance: RunningBalance, parts: list[Supply], line: Line) -> DemandServed:
    demand = demand_of(line)
    held = {slot.supply_no: balance.held[slot] for slot in balance.slots_of(line.line)}
    usable = [part for part in parts if obstacle(part, demand) is None]
    free = sum((max(balance.available(part.supply_no), ZERO) for part in usable), ZERO)
    reasons = [reason for part in parts if (reason := obstacle(part, demand)) is not None]
    said = in_brief(reasons[0], parts[0], demand) if reasons and not usable else ""
    if line.policy[0] is ReservePolicy.NEVER:
        said, free = f"{line.policy[1]} is never reserved", ZERO
    return DemandServed(
        line=line.line,
        kind=line.kind.value,
        customer=(line.customer.name or line.customer.customer_no) if line.customer else "",
        date=line.date,
        open=demand.unreserved,
        current=sum((held.get(part.supply_no, ZERO) for part in parts), ZERO),
        could_take=min(free, demand.unreserved),
        reason=said,
    )
