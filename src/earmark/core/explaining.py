"""Why a line is not fully reserved: all supply counted down, reason by reason, to what can be had.

What can be had is found by reserving for real in memory, so that *why* says what reserving does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal

from earmark.core import reserving, window
from earmark.core.balance import RunningBalance
from earmark.core.commands import Choice
from earmark.core.eligibility import Reason, obstacle, unfit
from earmark.core.outcome import Move
from earmark.core.quantity import ZERO, plain
from earmark.core.shelf import MemoryShelf
from earmark.core.stock import Demand, Supply, TrackedQuantity
from earmark.core.views import ReservationView
from earmark.core.why_views import Blocking, CountedDown, OtherDemand
from earmark.errors import EarmarkError


@dataclass(frozen=True, slots=True)
class Tried:
    """What a line, and the line split off it, would have reserved, and who would move where."""

    reserved: Decimal
    moves: tuple[Move, ...]
    balance: RunningBalance

    @property
    def moved(self) -> tuple[str, ...]:
        """The lines that would move, each once."""
        return tuple(dict.fromkeys(move.line for move in self.moves))


@dataclass(frozen=True, slots=True)
class Case:
    """A demand line, its numbers, and everything on its stock key and elsewhere.

    ``tracked`` are the numbers entered on lines that hold some of it, ``blockings`` the item's
    blocked numbers, ``part`` a line that is split off the demand; ``in_unit`` says a quantity in
    the line's own unit.
    """

    demand: Demand
    tracking: Sequence[TrackedQuantity]
    shelf: MemoryShelf
    elsewhere: Sequence[Supply]
    tracked: Mapping[str, Sequence[TrackedQuantity]] = field(default_factory=dict)
    blockings: Sequence[Blocking] = ()
    part: Demand | None = None
    in_unit: Callable[[Decimal], Decimal] = plain

    def tried(self) -> Tried:
        """Reserve the line's numbers and then any, and any for its part; nothing is saved."""
        balance = RunningBalance(self.shelf)
        balance.replace_demand(self.demand)
        for numbers in (Choice.ALL, Choice.ANY):
            _try(
                balance,
                reserving.Request(demand=self.demand, tracking=self.tracking, numbers=numbers),
            )
        reserved = balance.reserved_of(self.demand.line)
        if self.part is not None:
            balance.replace_demand(self.part)
            _try(balance, reserving.Request(demand=self.part))
            reserved += balance.reserved_of(self.part.line)
        moves = tuple(m for m in balance.changes().moves if m.line != self.demand.line)
        return Tried(reserved, moves, balance)


def _try(balance: RunningBalance, request: reserving.Request) -> None:
    """Reserve what can be had; a line that has all it needs, or no numbers, just has no more."""
    with suppress(EarmarkError):
        reserving.reserve(balance, request)


_TITLES = {
    Reason.TOO_LATE: "Expected too late",
    Reason.BLOCKED: "Blocked",
    Reason.EXPIRED: "Expired when it is needed",
    Reason.SHELF_LIFE: "Too little shelf life",
}


def counted_down(
    case: Case, holders: dict[int, list[ReservationView]], possible: Decimal
) -> tuple[Decimal, list[CountedDown]]:
    """All supply at the line's place, then what is taken off it, reason by reason."""
    balance = RunningBalance(case.shelf)
    views = {
        s.supply_no: v
        for s, v in zip(
            [s for s in balance.everything() if s.quantity > ZERO],
            window.candidates(balance, case.demand, ()),
            strict=True,
        )
    }
    supplies = [s for s in balance.everything() if s.quantity > ZERO]
    total = left = sum((s.quantity for s in supplies), ZERO)
    steps = []
    for reason, title in _TITLES.items():
        out = [s for s in supplies if obstacle(s, case.demand) is reason]
        taken = sum((s.quantity for s in out), ZERO)
        if taken:
            left -= taken
            found = tuple(views[s.supply_no] for s in out)
            steps.append(CountedDown(reason=title, quantity=taken, left=left, supplies=found))
    fit = [s for s in supplies if unfit(s, case.demand) is None]
    for title, chosen in _firmly_held(case, fit, holders).items():
        taken = sum((h.quantity for h in chosen), ZERO)
        if taken:
            left -= taken
            steps.append(
                CountedDown(
                    reason=title, quantity=taken, left=left, supplies=(), holders=tuple(chosen)
                )
            )
    return total, steps + _stuck(case, fit, holders, left, possible)


def _stuck(
    case: Case,
    fit: Iterable[Supply],
    holders: dict[int, list[ReservationView]],
    left: Decimal,
    possible: Decimal,
) -> list[CountedDown]:
    """What others hold nonspecifically and can not exchange for anything else."""
    if possible >= min(left, case.demand.outstanding):
        return []
    loose = [
        holder
        for supply in fit
        for holder in holders.get(supply.supply_no, ())
        if holder.demand != case.demand.line
        and not (holder.is_specific or holder.binding or holder.hold_until)
    ]
    title = "Held by others who find nothing else"
    return [
        CountedDown(
            reason=title, quantity=left - possible, left=possible, supplies=(), holders=tuple(loose)
        )
    ]


def _firmly_held(
    case: Case, fit: Iterable[Supply], holders: dict[int, list[ReservationView]]
) -> dict[str, list[ReservationView]]:
    held: dict[str, list[ReservationView]] = {
        "Held specifically": [],
        "On hold": [],
        "Order-to-order": [],
    }
    for supply in fit:
        for holder in holders.get(supply.supply_no, ()):
            if holder.demand == case.demand.line:
                continue
            if holder.binding:
                held["Order-to-order"].append(holder)
            elif holder.hold_until is not None:
                held["On hold"].append(holder)
            elif holder.is_specific:
                held["Held specifically"].append(holder)
    return held


def left_over(case: Case, tried: Tried) -> tuple[Decimal, list[Supply]]:
    """What stays free though it keeps too short for this line, after everything that can be had."""
    short = [s for s in tried.balance.everything() if obstacle(s, case.demand) is Reason.SHELF_LIFE]
    left = [s for s in short if tried.balance.available(s.supply_no) > ZERO]
    return sum((tried.balance.available(s.supply_no) for s in left), ZERO), left


def useful_to(
    case: Case, left: Sequence[Supply], others: Iterable[Demand]
) -> Iterator[OtherDemand]:
    """The open demands of others that some of what is left over would serve, and by which."""
    for demand in others:
        serving = tuple(s.name for s in left if obstacle(s, demand) is None)
        if serving and demand.unreserved > ZERO and demand.line != case.demand.line:
            yield OtherDemand(
                line=demand.line,
                customer=demand.customer,
                date=demand.needed_on,
                unreserved=demand.unreserved,
                supplies=serving,
            )
