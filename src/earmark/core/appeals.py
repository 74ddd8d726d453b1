"""Appeals: whoever needs units asks the user who holds them to give them up.

    SO4702/1 holds 24 of L2503, reserved by Ana; SO4718/3 needs 48
    Ben asks Ana for 12 of them    Ana gives: SO4702/1 keeps 12, SO4718/3 has 12, in one step
                                   or keeps: nothing changes, and Ben reads why

An appeal holds nothing and promises nothing. What of it is open is reckoned from the reservations
whenever somebody looks, so that it ends by itself: when the line that is asked holds no such units
any more, or the line that asks needs none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from earmark.core.balance import RunningBalance
from earmark.core.commands import Choice, Command
from earmark.core.eligibility import obstacle, refusal
from earmark.core.quantity import ZERO, positive
from earmark.core.reserving import Request, Scope, check_policy, wanted_numbers
from earmark.core.roles import Operation, check_take_over
from earmark.core.stock import Binding, Demand, Slot, Supply, TrackedQuantity
from earmark.core.tracking import NO_NUMBERS, Numbers
from earmark.errors import (
    BindingFixed,
    ExceedsOutstanding,
    FullyReserved,
    NotAllowed,
    ReferenceInvalid,
)
from earmark.errors.appeals import AppealEnded, NobodyToAsk, NotHeld

ANSWERS_KEPT = timedelta(days=2)
"""How long an answer is shown to who asked; with its line it stays for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskHolder(Command):
    """Ask the user whose reservation holds units that a line needs to give them up.

    ``holder`` is the line that holds them; ``supply`` and ``numbers`` say which of its units, any
    that would serve where they are left out. Without ``quantity`` it is all that is held there and
    needed here.
    """

    line: str
    holder: str
    quantity: Decimal | None = None
    supply: str = ""
    numbers: Numbers = NO_NUMBERS
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Give(Command):
    """Give up what an appeal asks for: the line that asks has it in the same step."""

    appeal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepUnits(Command):
    """Keep what an appeal asks for; ``reason`` tells who asked why."""

    appeal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw(Command):
    """Take back one's own appeal."""

    appeal: str


class AppealState(StrEnum):
    """How an appeal stands; ``over``: it has ended by itself."""

    WAITING = "waiting"
    GIVEN = "given"
    KEPT = "kept"
    WITHDRAWN = "withdrawn"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """An appeal as it was made, and how it was answered; ``moment`` is its name."""

    moment: int
    item_no: str
    line: str
    holder: str
    by: str
    asked_of: str
    supply: str
    numbers: Numbers
    quantity: Decimal
    note: str
    until: int = 0
    answer: AppealState = AppealState.WAITING

    @property
    def units(self) -> str:
        """Which units, in words."""
        named = [str(self.numbers)] if self.numbers else []
        return " of ".join([*named, *([self.supply] if self.supply else [])])

    def is_like(self, other: Appeal) -> bool:
        """Whether both ask for the same units of the same line."""
        return (self.supply, self.numbers) == (other.supply, other.numbers)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealView:
    """An appeal to be read: ``open`` is what would be given of it now.

    ``line`` needs the units, ``holder`` is the line that holds them. ``given`` and ``reason`` are
    those of the answer; ``answered_by`` and ``answered_at`` are empty as long as there is none.
    """

    appeal: str
    at: datetime | None
    by: str
    line: str
    customer: str
    needed_on: date | None
    item_no: str
    unit: str
    quantity: Decimal
    numbers: Numbers
    supply: str
    holder: str
    holder_customer: str
    asked_of: str
    note: str
    state: AppealState
    open: Decimal
    given: Decimal
    answered_by: str
    answered_at: datetime | None
    reason: str


class Held(NamedTuple):
    """So much of a supply that a line holds, and whose reservation it is."""

    slot: Slot
    supply: Supply
    quantity: Decimal
    by: str


def held_by(balance: RunningBalance, line: str) -> list[Held]:
    """What a line holds now, row by row."""
    slots = balance.slots_of(line)
    balance.supplies(slot.supply_no for slot in slots)
    return [
        Held(slot, balance.supply(slot.supply_no), balance.held[slot], balance.before[slot].by)
        for slot in slots
    ]


# -- Asking ------------------------------------------------------------------------------------


def ask(
    command: AskHolder, scope: Scope, demand: Demand, held: Iterable[Held]
) -> tuple[str, Decimal]:
    """Whom to ask, and for how much.

    Refused, in this order: a line that asks itself; one that is never reserved or needs nothing
    more; units that the other line does not hold, that are bound to it, or that would not serve; a
    reservation that is one's own or nobody's; more than is needed or held.
    """
    if command.holder == command.line:
        raise ReferenceInvalid(reference=command.holder, why="a line does not ask itself")
    check_policy(demand)
    if demand.unreserved <= ZERO or not demand.takes_part:
        raise FullyReserved(
            line=demand.line, reserved=demand.reserved, outstanding=demand.outstanding
        )
    able = _able(command, scope, demand, list(held))
    user = _whom(command, able)
    there = sum((h.quantity for h in able if h.by == user), ZERO)
    wanted = command.quantity
    if wanted is None:
        return user, min(there, demand.unreserved)
    if positive(wanted) > demand.unreserved:
        raise ExceedsOutstanding(
            line=demand.line, unreserved=demand.unreserved, of_number="", quantity=wanted
        )
    if wanted > there:
        raise _not_held(command, there)
    return user, wanted


def _able(command: AskHolder, scope: Scope, demand: Demand, held: Sequence[Held]) -> list[Held]:
    named = [h for h in held if _is_meant(h, scope, command.numbers)]
    if not named:
        raise _not_held(command, ZERO)
    loose = [h for h in named if not h.slot.binding]
    if not loose:
        raise BindingFixed(supply=named[0].supply.name, line=command.holder)
    able = [h for h in loose if obstacle(h.supply, demand) is None]
    if not able:
        reason = obstacle(loose[0].supply, demand)
        assert reason is not None, "what is not able has a reason"
        raise refusal(reason, loose[0].supply, demand)
    return able


def _is_meant(held: Held, scope: Scope, numbers: Numbers) -> bool:
    return scope.holds(held.supply) and held.supply.numbers.serves(numbers)


def _not_held(command: AskHolder, there: Decimal) -> NotHeld:
    which = f" of {command.numbers}" if command.numbers else ""
    from_supply = f" from {command.supply}" if command.supply else ""
    asked = "any" if command.quantity is None else command.quantity
    return NotHeld(holder=command.holder, held=there, which=which + from_supply, asked=asked)


def _whom(command: AskHolder, able: Iterable[Held]) -> str:
    """Who holds the most of it, of those whom one can ask."""
    totals: dict[str, Decimal] = {}
    for held in able:
        totals[held.by] = totals.get(held.by, ZERO) + held.quantity
    others = [user for user in totals if user not in ("", command.by)]
    if not others:
        whose = "you" if command.by in totals and command.by else "nobody who is known"
        raise NobodyToAsk(holder=command.holder, whose=whose)
    return max(sorted(others), key=lambda user: totals[user])


# -- What of it is open ------------------------------------------------------------------------


def open_units(
    appeal: Appeal, scope: Scope, demand: Demand, held: Iterable[Held]
) -> list[tuple[Held, Decimal]]:
    """What would be given of an appeal now, row by row: what binds the holder least goes first."""
    left = min(appeal.quantity, demand.unreserved) if demand.takes_part else ZERO
    able = [
        h
        for h in held
        if h.by == appeal.asked_of
        and _is_meant(h, scope, appeal.numbers)
        and not h.slot.binding
        and obstacle(h.supply, demand) is None
    ]
    units = []
    for one in sorted(able, key=lambda h: (bool(h.slot.asked), h.slot.hold_until is not None)):
        taken = min(left, one.quantity)
        left -= taken
        if taken > ZERO:
            units.append((one, taken))
    return units


# -- Answering ---------------------------------------------------------------------------------


def check_answers(appeal: Appeal, command: Command) -> None:
    """Refuse whoever is not asked; an administrator may answer for another, and says why."""
    _check_is(appeal.asked_of, command)
    holders = [appeal.asked_of]
    check_take_over(
        appeal.holder, holders, by=command.by, allowed=command.allowed, reason=command.reason
    )


def check_takes_back(user: str, command: Command) -> None:
    """Refuse to take back what another has asked or answered, unless by an administrator."""
    _check_is(user, command)


def may_act_for(user: str, by: str, allowed: AbstractSet[Operation] | None) -> bool:
    """Whether somebody is this user or an administrator; ``None``: where nobody signs in."""
    return allowed is None or by == user or Operation.ADMINISTER in allowed


def _check_is(user: str, command: Command) -> None:
    if may_act_for(user, command.by, command.allowed):
        return
    raise NotAllowed(user=command.by, operation=Operation.ADMINISTER, of_whom=f" (or to be {user})")


def check_waits(appeal: Appeal) -> None:
    """Refuse an appeal that was answered or withdrawn already."""
    if appeal.answer is not AppealState.WAITING:
        raise AppealEnded(line=appeal.line, holder=appeal.holder, why=f"it was {appeal.answer}")


def give(
    balance: RunningBalance,
    appeal: Appeal,
    scope: Scope,
    demand: Demand,
    tracking: Sequence[TrackedQuantity],
) -> Decimal:
    """Let the line that asks have what the other gives up; refused where nothing is open any more.

    As far as the line names such a number it has it specifically, else as any that will do.
    """
    units = open_units(appeal, scope, demand, held_by(balance, appeal.holder))
    if not units:
        raise _over(appeal, demand)
    wants = _named(balance, demand, tracking)
    for held, quantity in units:
        balance.release(held.slot, quantity, f"given to {demand.line}")
        for asked, part in _parts(held.supply, quantity, wants):
            slot = Slot(demand.line, held.slot.supply_no, asked, Binding.NONE, None)
            balance.take(slot, part)
    return sum((quantity for _, quantity in units), ZERO)


def _over(appeal: Appeal, demand: Demand) -> AppealEnded:
    why = f"{appeal.line} needs nothing more"
    if demand.unreserved > ZERO and demand.takes_part:
        units = f" of {appeal.units}" if appeal.units else ""
        why = f"{appeal.holder} holds nothing{units} that {appeal.line} could use"
    return AppealEnded(line=appeal.line, holder=appeal.holder, why=why)


def _named(
    balance: RunningBalance, demand: Demand, tracking: Sequence[TrackedQuantity]
) -> dict[Numbers, Decimal]:
    """How much of which number the line names and has not reserved yet."""
    if not tracking:
        return {}
    wants = wanted_numbers(balance, Request(demand=demand, tracking=tracking, numbers=Choice.ALL))
    return {asked: wanted for asked, wanted in wants.items() if asked and wanted > ZERO}


def _parts(
    supply: Supply, quantity: Decimal, wants: dict[Numbers, Decimal]
) -> list[tuple[Numbers, Decimal]]:
    """A quantity of a supply as the line will hold it: under its own numbers first, then as any."""
    parts = []
    for asked in [numbers for numbers in wants if supply.numbers.serves(numbers)]:
        part = min(quantity, wants[asked])
        wants[asked] -= part
        quantity -= part
        parts.append((asked, part))
    parts.append((NO_NUMBERS, quantity))
    return [(asked, part) for asked, part in parts if part > ZERO]
