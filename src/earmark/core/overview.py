"""What can be read of one item at one place: its figures, its time line, its goods lot by lot.

Answers, not state; ``outlook`` reckons them. All quantities are in the base unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from earmark.core.items import Item, PickingOrder, StockKey
from earmark.core.tracking import Numbers


class Manner(StrEnum):
    """How firmly something is reserved; the names are those of the bars' patterns."""

    SPECIFIC = "specific"
    BOUND = "order-to-order"
    NONSPECIFIC = "nonspecific"
    HOLD = "hold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A demand line that holds a part of some goods: how much, how firmly, until when, since when.

    ``needed_on`` is the day on which it takes them away.
    """

    line: str
    customer: str
    quantity: Decimal
    manner: Manner
    needed_on: date | None
    hold_until: datetime | None
    supply: str
    numbers: Numbers
    supply_is_stock: bool = True
    by: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taker:
    """A line that could take goods which nobody is promised, and how much of them.

    ``moves_from`` names the supply that a line which has reserved already would give up for them;
    it is empty for a line that has nothing reserved yet.
    """

    line: str
    quantity: Decimal
    moves_from: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ribbon:
    """Goods under one number, from the day they are there until the day they are used or expire.

    ``expires_unused`` is what nobody is promised and what expires soon; ``last_day`` the last day
    on which the goods may arrive at a customer who requires ``shelf_life_days``.
    """

    supply: str
    supply_kind: str
    numbers: Numbers
    location_code: str
    quantity: Decimal
    available: Decimal
    there_on: date | None
    expiration_date: date | None
    is_blocked: bool
    why_blocked: str
    holders: tuple[Holder, ...]
    expires_unused: Decimal
    shelf_life_days: int
    last_day: date | None
    takers: tuple[Taker, ...] = ()

    def held(self, manner: Manner) -> Decimal:
        """How much of it is reserved this firmly."""
        return sum((h.quantity for h in self.holders if h.manner is manner), Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeStep:
    """From this day on: all supply that may be used and all demand so far, and of it reserved.

    ``arrived``, ``gone`` and ``due`` say what happens on the day: supply that comes, supply that
    has expired without a use, demand that takes its goods.
    """

    on: date
    supply: Decimal
    demand: Decimal
    reserved: Decimal
    arrived: tuple[tuple[str, Decimal], ...] = ()
    gone: tuple[tuple[str, Decimal], ...] = ()
    due: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """Days on which more is due than there is supply; ``until`` is none where it never ends."""

    since: date
    until: date | None
    quantity: Decimal

    @property
    def days(self) -> int | None:
        """How many days it lasts."""
        return None if self.until is None else (self.until - self.since).days


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDemand:
    """A line that has not reserved all it needs, and what it could have reserved in all."""

    line: str
    customer: str
    needed_on: date | None
    minimum_shelf_life_days: int
    outstanding: Decimal
    open: Decimal
    possible: Decimal

    @property
    def missing(self) -> Decimal:
        """What it needs and can not have, whatever moves."""
        return self.outstanding - self.possible


@dataclass(frozen=True, slots=True, kw_only=True)
class Waste:
    """What expires soon and is promised to nobody, and how much of it could still be used."""

    days: int
    quantity: Decimal
    by_number: tuple[tuple[str, Decimal], ...]
    saved_by_reserving: Decimal
    reserving: tuple[str, ...]
    saved_by_moving: Decimal
    moving: tuple[tuple[str, str], ...]
    """The lines that would move, each with the number it would move to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemOverview:
    """One item at one place, now and in the days to come.

    ``reserved_in_stock``, ``blocked`` and ``available`` are parts of ``inventory``; what is
    reserved of blocked goods counts among the blocked.
    """

    item: Item
    key: StockKey
    picking_order: PickingOrder
    places: tuple[StockKey, ...]
    work_date: date
    inventory: Decimal
    reserved_in_stock: Decimal
    blocked: Decimal
    expired: Decimal
    available: Decimal
    inbound: Decimal
    steps: tuple[TimeStep, ...]
    shortages: tuple[Shortage, ...]
    ribbons: tuple[Ribbon, ...]
    holders: tuple[Holder, ...]
    open_demands: tuple[OpenDemand, ...]
    waste: Waste

    @property
    def reserved(self) -> Decimal:
        """All that is reserved, of stock and on order."""
        return sum((holder.quantity for holder in self.holders), Decimal(0))

    @property
    def open(self) -> Decimal:
        """All that is needed and not reserved."""
        return sum((demand.open for demand in self.open_demands), Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One posted movement of goods under a number: what, when, by which line, how much."""

    entry: str
    verb: str
    posted_on: date
    at: datetime | None
    line: str
    location_code: str
    numbers: Numbers
    quantity: Decimal
    description: str
    is_undone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberOverview:
    """One lot, serial or package of an item: what its record says, where it is, who holds it."""

    item: Item
    numbers: Numbers
    work_date: date
    is_blocked: bool
    expiration_date: date | None
    description: str
    quantity: Decimal
    available: Decimal
    ribbons: tuple[Ribbon, ...]
    holders: tuple[Holder, ...]
    movements: tuple[Movement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFigures:
    """An item in the list of items: the figures of its overview, without what they are made of."""

    item: Item
    inventory: Decimal
    reserved_in_stock: Decimal
    blocked: Decimal
    available: Decimal
    inbound: Decimal
    open: Decimal
