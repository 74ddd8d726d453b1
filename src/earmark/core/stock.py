"""Supply, demand and the reservation entries between them: what a decision looks at.

A :class:`Supply` is some units that are, or will be, in one place under one set of numbers: an open
ledger entry, or the part of a document line that carries those numbers. A :class:`Demand` is a
document line that takes stock. A reservation entry promises a quantity of one to the other.

A decision reads them from a :class:`Shelf`, which holds one stock key. It is asked for what the
decision may touch, in the order of choice, and no more: reserving one lot of an item with a
million open serial numbers reads one row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple, Protocol

from earmark.core.documents import SUPPLY_KINDS, DocumentStatus, LineKind
from earmark.core.items import Customer, Item, PickingOrder, ReservePolicy, StockKey
from earmark.core.quantity import ZERO, percentage_of
from earmark.core.tracking import Dimension, Numbers, TrackingCode, TrackingLine, tracking_line
from earmark.core.units import in_base, in_unit
from earmark.errors import LineUnknown

Day = date
"""A date, where a field of that name stands in the way."""

STOCK = "stock"
"""The kind of supply that is there; all other kinds are the kinds of supply lines."""

KINDS_OF_SUPPLY = (STOCK, *SUPPLY_KINDS)
"""Each kind is taken to its end before the next."""


class Binding(StrEnum):
    """How a reservation is tied: not at all, or to the supply that was made for it."""

    NONE = ""
    ORDER_TO_ORDER = "order-to-order"


@dataclass(frozen=True, slots=True)
class Supply:
    """Units under one set of numbers, with what is promised of them.

    ``nonspecific`` is the part of ``reserved`` that may be moved. ``available_on`` is the expected
    receipt date (``None``: there now, or any time); ``posted_on`` the posting date of stock.
    ``serials`` counts the serial numbers it stands for where very many that are alike are read as
    one; its numbers then name none of them.
    """

    supply_no: int
    kind: str
    key: StockKey
    source: str
    numbers: Numbers
    quantity: Decimal
    reserved: Decimal
    nonspecific: Decimal
    available_on: date | None
    posted_on: date | None
    expiration_date: date | None
    is_blocked: bool
    serials: int = 0

    @property
    def name(self) -> str:
        """What the supply is called: its document line, or ``ITEM#12`` for a ledger entry.

        ``ITEM#12+99`` are that entry and 99 like it.
        """
        more = f"+{self.serials - 1}" if self.serials else ""
        return self.source or f"{self.key.item_no}#{self.supply_no}{more}"

    @property
    def count(self) -> int:
        """How many supplies it stands for."""
        return self.serials or 1

    @property
    def is_numbered(self) -> bool:
        """Whether its goods have numbers."""
        return bool(self.numbers) or self.serials > 0

    @property
    def is_stock(self) -> bool:
        """Whether the goods are there (else they are on order)."""
        return self.kind == STOCK


@dataclass(frozen=True, slots=True)
class Demand:
    """A document line that takes stock, with what its customer requires of the goods."""

    line: str
    kind: LineKind
    key: StockKey
    needed_on: date | None
    outstanding: Decimal
    reserved: Decimal
    reserve: ReservePolicy
    never_because: str
    takes_part: bool
    customer: str
    transit_days: int
    minimum_shelf_life_days: int
    specific: frozenset[Dimension]
    picking_order: PickingOrder
    work_date: date | None = None

    @property
    def arrives_on(self) -> date | None:
        """The day the goods reach the customer: an overdue line ships today at the earliest."""
        return None if self.needed_on is None else self.used_on

    @property
    def used_on(self) -> date | None:
        """The day on which the goods are judged: their arrival, if the line shipped as planned.

        An overdue line and one without a date are judged as if they shipped today.
        """
        ships = max(
            (day for day in (self.needed_on, self.work_date) if day is not None), default=None
        )
        if ships is None or not self.transit_days:
            return ships
        return ships + timedelta(days=self.transit_days)

    @property
    def good_until(self) -> date | None:
        """The day the goods must keep to: their arrival and the shelf life required after it."""
        used = self.used_on
        if used is None or not self.minimum_shelf_life_days:
            return used
        return used + timedelta(days=self.minimum_shelf_life_days)

    @property
    def lead(self) -> timedelta:
        """How long before their last good day the goods must be shipped."""
        return timedelta(days=self.transit_days + self.minimum_shelf_life_days)

    @property
    def unreserved(self) -> Decimal:
        """What is still to be reserved."""
        return self.outstanding - self.reserved


class Slot(NamedTuple):
    """What makes two reservations of one line the same row: supply, specificity, binding, hold."""

    line: str
    supply_no: int
    asked: Numbers
    binding: Binding
    hold_until: datetime | None

    @property
    def is_movable(self) -> bool:
        """Whether late binding may move it: nonspecific, not bound, not held for a time."""
        return not self.asked and not self.binding and self.hold_until is None


@dataclass(frozen=True, slots=True)
class ReservationEntry:
    """A quantity of one supply promised to one demand; ``since`` and ``ordinal`` identify it."""

    since: int
    ordinal: int
    slot: Slot
    quantity: Decimal
    by: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A document line as it stands, with all that a decision about it needs to know.

    ``work_date`` is the day it is there, by which a line that is overdue or has no date is judged.
    ``quantity_per_unit`` is how many base units its unit held when it was entered: a line keeps it,
    whatever becomes of the item.
    """

    line: str
    document_no: str
    line_no: str
    kind: LineKind
    key: StockKey
    item: Item
    tracking_code: TrackingCode | None
    customer: Customer | None
    quantity_in_unit: Decimal
    unit: str
    quantity: Decimal
    posted: Decimal
    reserved: Decimal
    date: date | None
    bin_code: str
    reserve: ReservePolicy | None
    status: str
    takes_part: bool
    made_for: str
    position: int = 0
    component: int = 0
    is_deleted: bool = False
    work_date: Day | None = None
    quantity_per_unit: Fraction = Fraction(1)
    over_receipt_percentage: Decimal | None = None

    def in_unit(self, quantity: Decimal) -> Decimal:
        """A part of the line's quantity as it is shown in the line's unit."""
        if quantity == self.quantity:
            return self.quantity_in_unit
        return in_unit(quantity, self.quantity_per_unit, self.item.rounding_precision)

    def in_base(self, quantity_in_unit: Decimal) -> Decimal:
        """A quantity in the line's unit as it is kept in the base unit."""
        if quantity_in_unit == self.quantity_in_unit:
            return self.quantity
        return in_base(quantity_in_unit, self.quantity_per_unit, self.item.rounding_precision)

    @property
    def over_receipt(self) -> Decimal:
        """How much more than its quantity may be received on the line, in the base unit."""
        own = self.over_receipt_percentage
        percentage = self.item.over_receipt_percentage if own is None else own
        return percentage_of(percentage, self.quantity)

    @property
    def outstanding(self) -> Decimal:
        """Not yet posted; a line of a finished document has nothing outstanding."""
        return ZERO if self.status == DocumentStatus.FINISHED else self.quantity - self.posted

    def check_takes_stock(self) -> None:
        """Refuse a line of supply where one that takes stock is asked for."""
        if not self.kind.is_demand:
            raise LineUnknown(line=f"{self.line} that takes stock")

    @property
    def picking_order(self) -> PickingOrder:
        """The picking order of its stock."""
        return self.item.picking_order_at(self.key.location_code, self.tracking_code)

    @property
    def policy(self) -> tuple[ReservePolicy, str]:
        """The reserve policy and whose it is: the line's, the item's, or the customer's."""
        if self.reserve is not None:
            return self.reserve, f"line {self.line}"
        if self.item.reserve is not ReservePolicy.OPTIONAL or self.customer is None:
            return self.item.reserve, f"item {self.item.item_no}"
        whose = f"customer {self.customer.customer_no}"
        return self.customer.reserve or ReservePolicy.OPTIONAL, whose

    @property
    def specific(self) -> frozenset[Dimension]:
        """The dimensions in which numbers are matched."""
        return self.tracking_code.specific if self.tracking_code else frozenset()


def demand_of(line: Line) -> Demand:
    """The demand that a line is; no shelf life is asked of goods that have no expiration dates."""
    policy, whose = line.policy
    customer = line.customer
    dated = line.tracking_code is not None and line.tracking_code.expiration_used
    return Demand(
        line=line.line,
        kind=line.kind,
        key=line.key,
        needed_on=line.date,
        outstanding=line.outstanding,
        reserved=line.reserved,
        reserve=policy,
        never_because=whose,
        takes_part=line.takes_part,
        customer=(customer.name or customer.customer_no) if customer else "",
        transit_days=customer.transit_days if customer else 0,
        minimum_shelf_life_days=customer.minimum_shelf_life_days if customer and dated else 0,
        specific=line.specific,
        picking_order=line.picking_order,
        work_date=line.work_date,
    )


@dataclass(frozen=True, slots=True)
class TrackedQuantity:
    """An item tracking line as it stands: ``quantity`` includes what is ``handled``."""

    numbers: Numbers
    quantity: Decimal
    to_handle: Decimal | None
    handled: Decimal
    expiration_date: date | None

    @property
    def left(self) -> Decimal:
        """Not yet posted."""
        return self.quantity - self.handled

    @property
    def as_entered(self) -> TrackingLine:
        """The item tracking line as it would be entered again."""
        return tracking_line(
            self.numbers,
            self.quantity,
            to_handle=self.to_handle,
            expiration_date=self.expiration_date,
        )

    @property
    def handles(self) -> Decimal:
        """What the next posting takes: what was entered, or all that is left."""
        return self.left if self.to_handle is None else min(self.to_handle, self.left)


class Shelf(Protocol):
    """Where a decision reads one stock key from; every answer is of this moment, under its lock."""

    key: StockKey
    picking_order: PickingOrder

    def free(self) -> Iterator[Supply]:
        """All supply with something unreserved, in the order of choice, read as it is consumed."""

    def asked(self, asked: Numbers) -> list[Supply]:
        """All supply with these numbers, free or not, in the order of choice."""

    def supplies(self, supply_nos: Iterable[int]) -> list[Supply]:
        """These supplies."""

    def of_source(self, source: str) -> list[Supply]:
        """The supplies that one document line is."""

    def everything(self) -> list[Supply]:
        """All supply, free or not, in the order of choice."""

    def entries_on(self, supply_nos: Iterable[int]) -> list[ReservationEntry]:
        """The reservation entries on these supplies."""

    def entries_of(self, lines: Iterable[str]) -> list[ReservationEntry]:
        """The reservation entries of these demand lines."""

    def movable(self) -> list[ReservationEntry]:
        """Every reservation entry that late binding may move."""

    def demands(self, lines: Iterable[str]) -> list[Demand]:
        """These demand lines."""
