"""What can be read: the Reservation window, candidates, figures of a line, history.

These are answers, not state. Every figure called *available* is computed by the core.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from earmark.core.tracking import Numbers
from earmark.core.units import Factor


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """A document line with its figures, in the base unit unless ``_in_unit``.

    ``quantity_per_unit`` is how many base units the unit held when the line was entered.
    ``arrives_on`` is the day a demand's goods reach the customer, ``good_until`` the day they must
    keep to.
    """

    line: str
    document_no: str
    line_no: str
    kind: str
    item_no: str
    description: str
    variant_code: str
    location_code: str
    bin_code: str
    customer_no: str
    unit: str
    quantity_per_unit: Factor
    arrives_on: date | None
    good_until: date | None
    date: date | None
    quantity: Decimal
    quantity_in_unit: Decimal
    outstanding: Decimal
    posted: Decimal
    reserved: Decimal
    reserved_in_unit: Decimal
    reserved_in_stock_in_unit: Decimal
    unreserved_in_unit: Decimal
    reserved_specific: Decimal
    reserved_in_stock: Decimal
    unreserved: Decimal
    tracked: Decimal
    untracked: Decimal
    to_handle: Decimal
    over_receipt_percentage: Decimal | None
    reserve: str
    reserved_from_stock: str
    is_demand: bool
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationView:
    """One reservation entry, seen from either side.

    ``demand`` is the demand line, ``supply`` the supply line or ledger entry. ``numbers`` are those
    of the supply the entry stands on; ``asked`` those that make it specific.
    """

    demand: str
    supply: str
    supply_kind: str
    quantity: Decimal
    is_specific: bool
    numbers: Numbers
    asked: Numbers
    binding: str
    hold_until: datetime | None
    date: date | None
    by: str
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingView:
    """One item tracking line: ``quantity`` includes what is ``handled``."""

    numbers: Numbers
    quantity: Decimal
    to_handle: Decimal
    handled: Decimal
    expiration_date: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowRow:
    """One kind of supply in the Reservation window.

    ``count`` supplies are behind it; ``supplies`` names them, as far as they are document lines or
    a single ledger entry.
    """

    supply: str
    total: Decimal
    reserved: Decimal
    nonspecific: Decimal
    available: Decimal
    current: Decimal
    supplies: tuple[str, ...] = ()
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowView:
    """The Reservation window of a line, for the whole line or for one of its numbers."""

    line: str
    item_no: str
    location_code: str
    date: date | None
    numbers: Numbers
    quantity_to_reserve: Decimal
    reserved: Decimal
    unreserved: Decimal
    rows: tuple[WindowRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What one line holds of a supply, and how firmly; ``is_own``: the line that asks."""

    line: str
    quantity: Decimal
    is_own: bool
    is_specific: bool
    binding: str
    hold_until: datetime | None

    def with_quantity(self, quantity: Decimal) -> Holding:
        """The same with another quantity."""
        return replace(self, quantity=quantity)


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateView:
    """One supply considered for a line: what is available to it, or the reason why nothing is.

    ``movable`` is what others hold nonspecifically on it. ``message`` says the reason in words,
    ``brief`` in fewer, for a row of a table. ``days_left`` are those between the arrival at the
    customer and the expiration date. ``holders`` are those who hold something of it. ``serials``
    counts the serial numbers it stands for where very many that are alike are told as one.
    """

    supply: str
    supply_kind: str
    numbers: Numbers
    location_code: str
    expiration_date: date | None
    date: date | None
    quantity: Decimal
    reserved: Decimal
    movable: Decimal
    current: Decimal
    available: Decimal
    reasons: tuple[str, ...]
    message: str
    brief: str = ""
    days_left: int | None = None
    holders: tuple[Holding, ...] = ()
    serials: int = 0

    @property
    def count(self) -> int:
        """How many supplies it stands for."""
        return self.serials or 1


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberView:
    """Availability of a number at a location, as *select entries* shows it."""

    numbers: Numbers
    total: Decimal
    requested: Decimal
    available: Decimal
    nonspecific: Decimal
    is_blocked: bool
    expiration_date: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryRow:
    """Stock of an item at a location under one set of numbers."""

    item_no: str
    variant_code: str
    location_code: str
    numbers: Numbers
    quantity: Decimal
    expiration_date: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """A document, its status and how far it is reserved from stock."""

    document_no: str
    kind: str
    status: str
    customer_no: str
    description: str
    reserved_from_stock: str
    lines: tuple[LineView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """One command that changed something: who did what, when, and what came of it."""

    moment: int
    at: datetime
    by: str
    verb: str
    reference: str
    request_id: str
    summary: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that the integrity check found wrong; there should be none."""

    check: str
    record: str
    message: str
