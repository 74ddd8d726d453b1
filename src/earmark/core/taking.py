"""Taking from several supplies at once, as the split screen is filled in: all of it, or nothing.

What names a number is taken first, by late binding where it must be; then what takes any, where it
stands free. So the order in which rows were typed does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from earmark.core import reserving
from earmark.core.balance import RunningBalance
from earmark.core.commands import Choice, SupplyTake, Take
from earmark.core.considering import scope_of
from earmark.core.outcome import Move
from earmark.core.parts import part_of
from earmark.core.quantity import ZERO, plain
from earmark.core.stock import STOCK, Demand, Line, TrackedQuantity
from earmark.core.tracking import Numbers
from earmark.errors import EarmarkError, ExceedsOutstanding, ValueInvalid
from earmark.errors.shortages import TakesDiffer


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A row that gives less than was to be taken: what was asked, what it gives now, and why."""

    supply: str
    numbers: Numbers
    yours: Decimal
    now: Decimal
    why: str = ""

    def __str__(self) -> str:
        """In words: ``Lot L2503 of stock 60, now 40``."""
        of = f"{self.numbers} of {self.supply}" if self.numbers else self.supply
        return f"{of} {plain(self.yours)}, now {plain(self.now)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TakesTried:
    """What takes would do if they were saved now: who moves, what differs, why they can not be."""

    takes: tuple[SupplyTake, ...] = ()
    moves: tuple[Move, ...] = ()
    differences: tuple[Difference, ...] = ()
    refusal: EarmarkError | None = None

    @property
    def specific(self) -> Decimal:
        """What is taken by its number."""
        return sum((take.quantity for take in self.takes if take.is_specific), ZERO)

    @property
    def any(self) -> Decimal:
        """What is taken without naming it."""
        return sum((take.quantity for take in self.takes if not take.is_specific), ZERO)


def check(line: Line, demand: Demand, takes: Sequence[SupplyTake], reserved: Decimal) -> None:
    """Refuse takes that could never be, and more than the line has open."""
    if not takes:
        raise ValueInvalid(field="Takes", value="none", why="there is nothing to reserve")
    for take in takes:
        part_of(line, take.quantity)
        if take.is_specific and not take.numbers.only(demand.specific):
            why = f"{take.supply} has no number that could be named"
            raise ValueInvalid(field="Mode", value="specific", why=why)
    total = sum((take.quantity for take in takes), ZERO)
    unreserved = demand.outstanding - reserved
    if total > unreserved:
        raise ExceedsOutstanding(
            line=demand.line, unreserved=unreserved, of_number="", quantity=total
        )


def with_numbers(
    balance: RunningBalance,
    demand: Demand,
    tracking: Sequence[TrackedQuantity],
    takes: Iterable[SupplyTake],
) -> list[TrackedQuantity]:
    """The line's tracking with the numbers that are taken, as far as they are not entered."""
    after = list(tracking)
    by_asked: dict[Numbers, list[SupplyTake]] = {}
    for take in takes:
        if take.is_specific:
            by_asked.setdefault(take.numbers.only(demand.specific), []).append(take)
    for asked, named in by_asked.items():
        entered = sum((t.left for t in after if t.numbers.only(demand.specific) == asked), ZERO)
        missing = sum((t.quantity for t in named), _held(balance, demand, asked)) - entered
        if missing > ZERO:
            after = _entered(after, named[0].numbers, missing)
    return after


def _held(balance: RunningBalance, demand: Demand, asked: Numbers) -> Decimal:
    slots = balance.slots_of(demand.line)
    return sum((balance.held[slot] for slot in slots if slot.asked == asked), ZERO)


def _entered(
    tracking: Sequence[TrackedQuantity], numbers: Numbers, more: Decimal
) -> list[TrackedQuantity]:
    """Tracking with more of a number; a number that is new begins at the end."""
    if all(tracked.numbers != numbers for tracked in tracking):
        return [*tracking, TrackedQuantity(numbers, more, None, ZERO, None)]
    return [replace(t, quantity=t.quantity + more) if t.numbers == numbers else t for t in tracking]


def take_all(
    balance: RunningBalance,
    demand: Demand,
    tracking: Sequence[TrackedQuantity],
    takes: Sequence[SupplyTake],
) -> Decimal:
    """Reserve every take; where one gives less, refuse with yours and now for each that does."""
    reserved, differences = take_each(balance, demand, tracking, takes)
    if differences:
        said = "; ".join(str(difference) for difference in differences)
        raise TakesDiffer(line=demand.line, differences=said, rows=tuple(differences))
    return reserved


def take_each(
    balance: RunningBalance,
    demand: Demand,
    tracking: Sequence[TrackedQuantity],
    takes: Sequence[SupplyTake],
) -> tuple[Decimal, list[Difference]]:
    """Reserve every take as far as it goes; what is reserved, and the rows that give less."""
    differences = []
    reserved = ZERO
    for take in sorted(takes, key=lambda take: not take.is_specific):
        got, why = _take(balance, demand, tracking, take)
        reserved += got
        if got < take.quantity:
            differences.append(
                Difference(
                    supply=take.supply, numbers=take.numbers, yours=take.quantity, now=got, why=why
                )
            )
    return reserved, differences


def _take(
    balance: RunningBalance,
    demand: Demand,
    tracking: Sequence[TrackedQuantity],
    take: SupplyTake,
) -> tuple[Decimal, str]:
    request = reserving.Request(
        demand=demand,
        tracking=tracking,
        numbers=take.numbers if take.is_specific else Choice.ANY,
        scope=scope_of(take.supply, take.numbers),
        quantity=take.quantity,
    )
    try:
        return reserving.reserve(balance, request).reserved, ""
    except EarmarkError as refusal:
        return ZERO, refusal.message


def check_moves(command: Take, moved: Iterable[str]) -> None:
    """Refuse where others would move than those who were shown."""
    if command.may_move is None:
        return
    others = [line for line in moved if line not in (command.line, *command.may_move)]
    if others:
        said = f"{', '.join(others)} would move for it"
        raise TakesDiffer(line=command.line, differences=said, rows=(), moved=tuple(others))


def proposed(balance: RunningBalance, demand: Demand) -> tuple[list[SupplyTake], int]:
    """What a line has come to hold during a decision, as the takes that would give it the same.

    With it comes of how many rows they are. Where some of it is of serial numbers that are told as
    one there are no takes, for none could name them.
    """
    totals: dict[tuple[str, Numbers, bool], Decimal] = {}
    unnamed = ZERO
    for slot in balance.slots_of(demand.line):
        gained = balance.guests(slot)
        if gained > ZERO:
            supply = balance.supply(slot.supply_no)
            unnamed += gained if supply.serials else ZERO
            row = (supply.source or STOCK, supply.numbers, bool(slot.asked))
            totals[row] = totals.get(row, ZERO) + gained
    if unnamed:
        return [], len(totals) + int(unnamed)
    takes = [
        SupplyTake(supply=supply, numbers=numbers, is_specific=is_specific, quantity=quantity)
        for (supply, numbers, is_specific), quantity in totals.items()
    ]
    return takes, len(takes)
