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
from earmark.usecases.door import asks_about
from earmark.usecases.reading import demand_line
from earmark.usecases.why import case_of, explained

AT_MOST = 200
"""Supply rows that are shown at once; among more, ways out are looked for by *why* alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitScreen:
    """One demand line, the supply considered for it, and what the takes would do.

    Of ``everything`` that is considered ``found`` rows have the words looked for, and ``rows`` are
    the first of them. ``proposal`` is what reserving all that can be had would take, of so many
    rows as ``proposed`` counts; it is empty where takes can not name them all. ``why`` is
    what *why* answers, where the supplies are few.
    """

    demand: DemandRow
    rows: tuple[SupplyRow, ...]
    everything: int
    usable: int
    found: int
    tried: TakesTried
    proposal: tuple[SupplyTake, ...]
    proposed: int
    why: WhyView | None


@asks_about("line")
def split_screen(
    database: Database, line: str, takes: Sequence[SupplyTake] = (), words: str = ""
) -> SplitScreen:
    """The split screen of a demand line, with takes that are typed and not saved.

    ``words`` are looked for in numbers, lines, places and dates.
    """
    with view(database) as seen:
        found = demand_line(seen, line)
        case = case_of(seen, found, words.split())
        balance = RunningBalance(case.shelf)
        shown = considering.considered(
            balance, case.demand, case.elsewhere, words.split(), at_most=AT_MOST
        )
        numbers = {supply.supply_no for row in shown.rows for supply in row}
        who = entered_by(seen, (e for e in case.shelf.entries if e.slot.supply_no in numbers))
        proposal, proposed = taking.proposed(case.tried().balance, case.demand)
        return SplitScreen(
            demand=demand_rows(seen, [found])[0],
            rows=tuple(considering.rows_of(balance, case.demand, shown, who)),
            everything=shown.everything,
            usable=shown.usable,
            found=shown.found,
            tried=_tried(case, found, takes),
            proposal=tuple(proposal),
            proposed=proposed,
            why=explained(seen, found, case) if shown.everything <= AT_MOST else None,
        )


def _tried(case: Case, line: Line, takes: Sequence[SupplyTake]) -> TakesTried:
    """What the takes would do; where they can not be, why, and they stay as they were typed."""
    typed = tuple(takes)
    if not typed:
        return TakesTried()
    balance, demand = RunningBalance(case.shelf), case.demand
    balance.know_demands([demand])
    try:
        taking.check(line, demand, typed, balance.reserved_of(demand.line))
        tracking = taking.with_numbers(balance, demand, case.tracking, typed)
        entering.check_tracking(line, [tracked.as_entered for tracked in tracking])
        if tracking != list(case.tracking):
            entering.settle(balance, demand, tracking)
    except EarmarkError as refusal:
        return TakesTried(takes=typed, refusal=refusal)
    _, differences = taking.take_each(balance, demand, tracking, typed)
    return TakesTried(takes=typed, moves=balance.changes().moves, differences=tuple(differences))
