"""The split screen of a demand line: its balance, every supply, and what is typed but not saved.

Read in one consistent view and without a lock. What is typed is decided by the functions that
save it, on a shelf in memory; saving decides again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from earmark.core import considering, entering, taking
from earmark.core.balance import RunningBalance
from earmark.core.commands import SupplyTake
from earmark.core.considering import SupplyRow
from earmark.core.demand_views import DemandRow
from earmark.core.explaining import Case
from earmark.core.stock import Line
from earmark.core.taking import TakesTried
from earmark.core.why_views import WhyView
from earmark.database.engine import Database
from earmark.database.views import view
from earmark.errors import EarmarkError
from earmark.usecases.considering import demand_rows, entered_by
from earmark.usecases.reading import demand_line
from earmark.usecases.why import case_of, explained

FEW = 300
"""Supplies among which ways out are looked for on this screen; beyond it *why* is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitScreen:
    """One demand line, every supply considered for it, and what the takes would do.

    ``proposal`` is what reserving all that can be had would take. ``why`` is what *why* answers,
    where the supplies are few.
    """

    demand: DemandRow
    rows: tuple[SupplyRow, ...]
    tried: TakesTried
    proposal: tuple[SupplyTake, ...]
    why: WhyView | None


def split_screen(database: Database, line: str, takes: Sequence[SupplyTake] = ()) -> SplitScreen:
    """The split screen of a demand line, with takes that are typed and not saved."""
    with view(database) as seen:
        found = demand_line(seen, line)
        case = case_of(seen, found)
        rows = considering.considered(
            RunningBalance(case.shelf),
            case.demand,
            case.elsewhere,
            entered_by(seen, case.shelf.entries),
        )
        return SplitScreen(
            demand=demand_rows(seen, [found])[0],
            rows=tuple(rows),
            tried=_tried(case, found, takes),
            proposal=tuple(taking.proposed(case.tried().balance, case.demand)),
            why=explained(seen, found) if len(rows) <= FEW else None,
        )


def _tried(case: Case, line: Line, takes: Sequence[SupplyTake]) -> TakesTried:
    """What the takes would do; where they can not be, why, and they stay as they were typed."""
    typed = tuple(takes)
    if not typed:
        return TakesTried()
    balance, demand = RunningBalance(case.shelf), case.demand
    balance.know_demands([demand])
    try:
        taking.check(demand, typed, balance.reserved_of(demand.line))
        tracking = taking.with_numbers(balance, demand, case.tracking, typed)
        entering.check_tracking(line, [tracked.as_entered for tracked in tracking])
        if tracking != list(case.tracking):
            entering.settle(balance, demand, tracking)
    except EarmarkError as refusal:
        return TakesTried(takes=typed, refusal=refusal)
    _, differences = taking.take_each(balance, demand, tracking, typed)
    return TakesTried(takes=typed, moves=balance.changes().moves, differences=tuple(differences))
