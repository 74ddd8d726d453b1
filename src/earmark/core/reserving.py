"""Reserving: which supply serves which demand.

*Auto Reserve* takes free supply in the order of choice and then asks late binding for the rest;
*Reserve from Current Line* does the same within one supply or one kind. Specific is the same walk
over the supply that carries the number. Many requests are one balance, one after the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from earmark.core import late_binding
from earmark.core.balance import RunningBalance
from earmark.core.commands import Choice
from earmark.core.eligibility import Reason, obstacle, refusal
from earmark.core.items import ReservePolicy
from earmark.core.outcome import Move, Notice, Outcome
from earmark.core.quantity import ZERO, plain
from earmark.core.stock import STOCK, Binding, Demand, Slot, Supply, TrackedQuantity
from earmark.core.tracking import NO_NUMBERS, Numbers
from earmark.errors import (
    EarmarkError,
    ExceedsAvailable,
    ExceedsOutstanding,
    FullyReserved,
    NothingAvailable,
    NumbersNotOnLine,
    ReserveNever,
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to reserve from: everywhere, a kind of supply, a document line, a ledger entry.

    ``part`` narrows a kind or a line to what carries exactly these numbers.
    """

    kind: str = ""
    source: str = ""
    supply_no: int = 0
    part: Numbers | None = None

    def __bool__(self) -> bool:
        """Whether the user pointed at something (*Reserve from Current Line*)."""
        return bool(self.kind or self.source or self.supply_no)

    def __str__(self) -> str:
        """What was pointed at, in words."""
        if self.part:
            return f"{self.part} of {self.source or self.kind}"
        return self.source or (f"ledger entry {self.supply_no}" if self.supply_no else self.kind)

    def holds(self, supply: Supply) -> bool:
        """Whether a supply is in the scope."""
        return (
            (not self.kind or supply.kind == self.kind)
            and (not self.source or supply.source == self.source)
            and (not self.supply_no or (supply.is_stock and supply.supply_no == self.supply_no))
            and (self.part is None or supply.numbers == self.part)
        )


EVERYWHERE = Scope()


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request to reserve, with names resolved."""

    demand: Demand
    tracking: Sequence[TrackedQuantity] = ()
    numbers: Numbers | Choice = Choice.ANY
    scope: Scope = EVERYWHERE
    quantity: Decimal | None = None
    hold_until: datetime | None = None
    all_or_nothing: bool = False


def reserve(balance: RunningBalance, request: Request) -> Outcome:
    """Reserve supply for one demand, and say what could not be reserved.

    A shortage is an answer, not an error. A supply that was pointed at and can give nothing is a
    refusal: the reason that keeps all of it out, or ``nothing-available``.
    """
    demand = request.demand
    check_policy(demand)
    if not demand.takes_part:
        return Outcome(shortfall=demand.unreserved)
    wants = wanted_numbers(balance, request)
    unreserved = demand.outstanding - balance.reserved_of(demand.line)
    _check_quantity(request, unreserved, wants)
    asked_for = request.quantity or min(sum(wants.values(), ZERO), unreserved)
    held_before = _nonspecifically_held(balance, demand, wants)
    reserved = take_numbers(balance, request, wants, asked_for)
    _check_result(balance, request, reserved, asked_for)
    return Outcome(
        reserved=reserved,
        shortfall=asked_for - reserved,
        warnings=_warnings(demand, reserved, asked_for, held_before),
    )


def check_policy(demand: Demand) -> None:
    """Refuse a line that is never reserved."""
    if demand.reserve is ReservePolicy.NEVER:
        raise ReserveNever(line=demand.line, whose=demand.never_because)


def wanted_numbers(balance: RunningBalance, request: Request) -> dict[Numbers, Decimal]:
    """How much of which number is still to be reserved; any number is the empty one."""
    demand = request.demand
    if request.numbers is Choice.ANY:
        return {NO_NUMBERS: demand.outstanding - balance.reserved_of(demand.line)}
    lines = [
        tracked
        for tracked in request.tracking
        if request.numbers is Choice.ALL or tracked.numbers.serves(request.numbers)
    ]
    if not lines:
        number = "A number" if request.numbers is Choice.ALL else str(request.numbers)
        raise NumbersNotOnLine(number=number, line=demand.line)
    wants: dict[Numbers, Decimal] = {}
    for tracked in lines:
        asked = tracked.numbers.only(demand.specific)
        wants[asked] = wants.get(asked, ZERO) + tracked.left
    for slot in balance.slots_of(demand.line):
        if slot.asked and slot.asked in wants:
            wants[slot.asked] -= balance.held[slot]
    return wants


def _check_quantity(request: Request, unreserved: Decimal, wants: dict[Numbers, Decimal]) -> None:
    demand, left = request.demand, sum(wants.values(), ZERO)
    if unreserved <= ZERO or left <= ZERO:
        raise FullyReserved(
            line=demand.line,
            reserved=demand.outstanding - unreserved,
            outstanding=demand.outstanding,
        )
    most = min(unreserved, left)
    if request.quantity is not None and request.quantity > most:
        of_number = "" if request.numbers is Choice.ANY else f" of {_named(request)}"
        raise ExceedsOutstanding(
            line=demand.line, unreserved=most, of_number=of_number, quantity=request.quantity
        )


def _named(request: Request) -> str:
    return "its numbers" if request.numbers is Choice.ALL else str(request.numbers)


def take_numbers(
    balance: RunningBalance,
    request: Request,
    wants: dict[Numbers, Decimal],
    asked_for: Decimal,
) -> Decimal:
    """Reserve number after number, up to what was asked for."""
    reserved = ZERO
    for asked, wanted in wants.items():
        slot = Slot(request.demand.line, 0, asked, Binding.NONE, request.hold_until)
        wanted_here = min(wanted, asked_for - reserved)
        if wanted_here > ZERO:
            reserved += take(balance, request.demand, slot, wanted_here, request.scope)
    return reserved


def take(
    balance: RunningBalance,
    demand: Demand,
    like: Slot,
    wanted: Decimal,
    scope: Scope = EVERYWHERE,
) -> Decimal:
    """Reserve up to ``wanted`` in rows like ``like``: what is free first, then by late binding.

    Whoever names a number may let others give up stock for goods on order. Whoever takes any may
    only let them change places within stock, and not where he points at one supply himself.
    """
    reserved = _take_free(balance, demand, like, wanted, scope)
    if reserved == wanted or (scope and not like.asked):
        return reserved
    holders = _occupied(balance, demand, like.asked, scope)
    late_binding.free(balance, holders, wanted - reserved, out_of_stock=bool(like.asked))
    for supply in holders:
        reserved += _take_from(balance, like, supply, wanted - reserved)
    return reserved


def exchange(  # noqa: PLR0913, PLR0917 - what is given, what is wanted for it, and from where
    balance: RunningBalance,
    demand: Demand,
    slot: Slot,
    like: Slot,
    most: Decimal,
    scope: Scope = EVERYWHERE,
) -> Decimal:
    """Give up what is held in one row, ``most`` of it, for as much as can be had like another.

    What finds no other place stays where it is; what does is told as a move.
    """
    wanted = min(balance.held[slot], most)
    here = balance.supply(slot.supply_no)
    balance.give_back(slot, wanted)
    before = {held: balance.held[held] for held in balance.slots_of(demand.line)}
    told = len(balance.moves)
    take(balance, demand, like, wanted, scope)
    # What late binding did to the line's own units on the way is told below, as it ends.
    balance.moves[told:] = [m for m in balance.moves[told:] if m.line != demand.line]
    after = {held: balance.held[held] for held in balance.slots_of(demand.line)}
    gains = {h: after.get(h, ZERO) - before.get(h, ZERO) for h in {**before, **after}}
    stays = gains.pop(slot, ZERO)  # what late binding sent back to where it stood
    for held, gained in gains.items():
        if held.asked == like.asked and gained > ZERO:
            there = balance.supply(held.supply_no)
            balance.moves.append(
                Move(demand.line, gained, here.name, there.name, here.numbers, there.numbers)
            )
    found = sum(gains.values(), ZERO)
    if wanted > found + stays:
        balance.take(slot, wanted - found - stays)
    return found


def _take_free(
    balance: RunningBalance, demand: Demand, like: Slot, wanted: Decimal, scope: Scope
) -> Decimal:
    reserved = ZERO
    supplies: Iterable[Supply] = balance.asked(like.asked) if like.asked else balance.free()
    for supply in supplies:
        if scope.holds(supply) and obstacle(supply, demand, like.asked) is None:
            reserved += _take_from(balance, like, supply, wanted - reserved)
            if reserved == wanted:
                break
    return reserved


def _take_from(balance: RunningBalance, like: Slot, supply: Supply, wanted: Decimal) -> Decimal:
    quantity = min(wanted, balance.available(supply.supply_no))
    if quantity <= ZERO:
        return ZERO
    balance.take(like._replace(supply_no=supply.supply_no), quantity)
    return quantity


def _occupied(
    balance: RunningBalance, demand: Demand, asked: Numbers, scope: Scope
) -> list[Supply]:
    """The supply that would serve if its holders moved; none where there is no room for them."""
    if asked:
        supplies = balance.asked(asked)
    elif next(balance.free(), None) is None:
        return []
    else:
        supplies = balance.everything()
    return [s for s in supplies if scope.holds(s) and obstacle(s, demand, asked) is None]


def _nonspecifically_held(
    balance: RunningBalance, demand: Demand, wants: dict[Numbers, Decimal]
) -> Decimal:
    """What others hold nonspecifically of the numbers asked for, before anything is done."""
    own = {
        slot.supply_no: balance.held[slot]
        for slot in balance.slots_of(demand.line)
        if slot.is_movable
    }
    return sum(
        (
            max(balance.nonspecific(supply) - own.get(supply.supply_no, ZERO), ZERO)
            for asked in wants
            if asked
            for supply in balance.asked(asked)
            if supply.key == demand.key
        ),
        ZERO,
    )


def _check_result(
    balance: RunningBalance, request: Request, reserved: Decimal, asked_for: Decimal
) -> None:
    """Refuse a part where all was asked for, and nothing where a supply was pointed at."""
    if request.all_or_nothing and reserved < asked_for:
        raise ExceedsAvailable(line=request.demand.line, available=reserved, quantity=asked_for)
    if request.scope and reserved == ZERO:
        raise _nothing(balance, request)


def _nothing(balance: RunningBalance, request: Request) -> EarmarkError:
    demand, scope = request.demand, request.scope
    reasons: dict[Reason | None, Supply] = {}
    for supply in _pointed_at(balance, scope):
        if request.numbers is Choice.ANY or request.numbers is Choice.ALL:
            asked = NO_NUMBERS
        else:
            asked = request.numbers
        if supply.numbers.serves(asked.only(demand.specific)):
            reasons.setdefault(obstacle(supply, demand), supply)
    if len(reasons) == 1:
        reason, supply = next(iter(reasons.items()))
        if reason is not None:
            return refusal(reason, supply, demand)
    return NothingAvailable(supply=_capital(str(scope)), line=demand.line)


def _pointed_at(balance: RunningBalance, scope: Scope) -> list[Supply]:
    if scope.supply_no:
        return balance.know(balance.shelf.supplies([scope.supply_no]))
    if scope.source:
        parts = balance.know(balance.shelf.of_source(scope.source))
        return [supply for supply in parts if scope.holds(supply)]
    return [supply for supply in balance.everything() if scope.holds(supply)]


def _capital(text: str) -> str:
    return "Stock" if text == STOCK else text[:1].upper() + text[1:]


def _warnings(
    demand: Demand, reserved: Decimal, asked_for: Decimal, held_before: Decimal
) -> tuple[Notice, ...]:
    warnings = []
    if reserved < asked_for:
        short = f"{plain(reserved)} of {plain(asked_for)} could be reserved for {demand.line}."
        warnings.append(Notice("short", short))
    if held_before:
        held = (
            f"{plain(held_before)} of the total reserved quantity are nonspecific "
            "and may be available."
        )
        warnings.append(Notice("nonspecific-held", held))
    return tuple(warnings)
