"""What needs a person today: the lists of the first page. Answers, not state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from earmark.core.alerts import Alert
from earmark.core.appeals import AppealView
from earmark.core.overview import Ribbon

SHORT_DAYS = 14
"""How soon a line must be due for what it lacks to need a person today."""

ARRIVING_DAYS = 7
"""How far ahead arrivals are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortLine:
    """A line due soon that has not reserved all it needs."""

    line: str
    customer: str
    item_no: str
    description: str
    unit: str
    needed_on: date | None
    outstanding: Decimal
    open: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyOrder:
    """An order of which every open line is reserved from stock in full.

    ``may_move`` counts the lines whose goods late binding may still exchange for others.
    """

    document_no: str
    customer: str
    ships_on: date | None
    lines: int
    may_move: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Supply on order that comes soon: how much, how much of it is promised, and to whom."""

    document_no: str
    description: str
    item_no: str
    unit: str
    expected_on: date
    quantity: Decimal
    reserved: Decimal
    waiting: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndingHold:
    """A reservation that ends by itself today."""

    line: str
    customer: str
    item_no: str
    unit: str
    quantity: Decimal
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiring:
    """Goods that expire soon and that nobody is promised; ``ribbon`` says who could take them."""

    item_no: str
    description: str
    unit: str
    ribbon: Ribbon


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """All of it, with the totals that the lists are of.

    ``asked_of`` are the appeals that wait for an answer of the user, ``asked_by`` those that he
    made himself, with the answers; of everybody where no user is named.
    """

    work_date: date
    alerts: tuple[Alert, ...]
    reservations: int
    short_lines: tuple[ShortLine, ...]
    lines_due: int
    ready: tuple[ReadyOrder, ...]
    expiring: tuple[Expiring, ...]
    expiring_days: int
    arrivals: tuple[Arrival, ...]
    holds: tuple[EndingHold, ...]
    asked_of: tuple[AppealView, ...] = ()
    asked_by: tuple[AppealView, ...] = ()

    @property
    def leaving_now(self) -> int:
        """How many of the orders that are ready leave today, or should have left."""
        return sum(1 for r in self.ready if r.ships_on is None or r.ships_on <= self.work_date)

    @property
    def expiring_quantity(self) -> Decimal:
        """How much will expire unpromised, whatever it is."""
        return sum((e.ribbon.expires_unused for e in self.expiring), Decimal(0))
