"""Reservations whose goods are no longer good for them, and what would mend them.

A block, a new date or a later receipt breaks no invariant and releases nothing: the reservation
goes on standing, and is listed here until somebody repairs it. Every repair is tried in memory,
with late binding, so that what it promises is what it then does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from earmark.core import reserving
from earmark.core.balance import RunningBalance
from earmark.core.eligibility import Reason, in_brief, in_words, obstacle, unfit
from earmark.core.outlook import Picture, manner_of
from earmark.core.overview import Manner
from earmark.core.quantity import ZERO
from earmark.core.stock import Demand, ReservationEntry, Slot, Supply
from earmark.core.tracking import NO_NUMBERS, Numbers

MOST_CHOICES = 3
"""How many other supplies are named as a repair, the first in the order of choice."""


class Mending(StrEnum):
    """What a repair does: the reservation goes elsewhere, or the line ships on another day."""

    MOVE = "move"
    REDATE = "redate"


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairChoice:
    """One repair: to which supply, or to which day; how much it mends, and who else moves.

    ``to_supply`` is empty where the reservation goes to several supplies, in the order of choice.
    """

    mending: Mending
    quantity: Decimal
    to_supply: str = ""
    numbers: Numbers = NO_NUMBERS
    available: Decimal = ZERO
    date: date | None = None
    moved: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A reservation that stands on goods which are not good for it any more.

    ``reason`` is the code of the rule, ``message`` says it in a sentence and ``brief`` in few
    words; ``noted`` is what the number's record says, ``since`` when it said so.
    """

    line: str
    customer: str
    needed_on: date | None
    item_no: str
    supply: str
    numbers: Numbers
    quantity: Decimal
    manner: Manner
    reason: str
    message: str
    brief: str
    noted: str
    since: datetime | None
    repairs: tuple[RepairChoice, ...]


def alert_of(
    picture: Picture, entry: ReservationEntry, noted: str, since: datetime | None
) -> Alert | None:
    """The alert that a reservation is; none where its goods are good for it."""
    demand = picture.demands[entry.slot.line]
    supply = picture.shelf.supplies([entry.slot.supply_no])[0]
    reason = unfit(supply, demand)
    if reason is None:
        return None
    return Alert(
        line=demand.line,
        customer=demand.customer,
        needed_on=demand.needed_on,
        item_no=supply.key.item_no,
        supply=supply.name,
        numbers=supply.numbers,
        quantity=entry.quantity,
        manner=manner_of(entry.slot),
        reason=reason,
        message=in_words(reason, supply, demand),
        brief=in_brief(reason, supply, demand),
        noted=noted,
        since=since,
        repairs=(
            *_moves(picture, demand, entry.slot, entry.quantity),
            *_dates(picture, demand, supply, reason, entry.quantity),
        ),
    )


def _moves(picture: Picture, demand: Demand, slot: Slot, wanted: Decimal) -> Iterator[RepairChoice]:
    """Other supply that has all of it; else, for who takes any, all that late binding finds."""
    if slot.binding:
        return
    able = [
        supply
        for supply in picture.supplies
        if supply.supply_no != slot.supply_no
        and supply.quantity - supply.reserved >= wanted
        and obstacle(supply, demand) is None
    ]
    for supply in able[:MOST_CHOICES]:
        yield RepairChoice(
            mending=Mending.MOVE,
            quantity=wanted,
            to_supply=supply.name,
            numbers=supply.numbers,
            available=supply.quantity - supply.reserved,
        )
    if able or slot.asked:
        return
    balance = RunningBalance(picture.shelf)
    balance.know_demands([demand])
    balance.slots_of(demand.line)
    found = reserving.exchange(balance, demand, slot, slot, wanted)
    if found:
        moved = dict.fromkeys(m.line for m in balance.changes().moves if m.line != demand.line)
        yield RepairChoice(mending=Mending.MOVE, quantity=found, moved=tuple(moved))


def _dates(
    picture: Picture, demand: Demand, supply: Supply, reason: Reason, quantity: Decimal
) -> Iterator[RepairChoice]:
    """The day nearest to the demand's on which these very goods would be good for it."""
    day: date | None = None
    if reason is Reason.TOO_LATE:
        day = supply.available_on
    elif reason in (Reason.EXPIRED, Reason.SHELF_LIFE) and supply.expiration_date is not None:
        day = supply.expiration_date - demand.lead
    if day is not None and day >= picture.work_date:
        yield RepairChoice(mending=Mending.REDATE, quantity=quantity, date=day)
