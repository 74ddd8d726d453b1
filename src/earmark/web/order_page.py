"""What the page of an order shows: its head, its lines with their balance, the chosen line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from earmark.core.items import Customer, Item
from earmark.core.quantity import ZERO
from earmark.core.views import DocumentView, LineView, ReservationView, TrackingView
from earmark.database.engine import Database
from earmark.http.addresses import reference_path
from earmark.usecases import looking_up, reading
from earmark.usecases.numbers import numbers_of_document, remarks
from earmark.usecases.supply_shown import supply_to_look_at
from earmark.usecases.why import can_be_reserved
from earmark.web import bars
from earmark.web.supply_rows import SupplyRow, supply_rows
from earmark.web.words import clock, places_of, quantity

BALANCE_PIXELS = 105
SUPPLY_PIXELS = 181
NUMBERS_SHOWN = 3
ENTIRE = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """One line; figures in its own unit."""

    line: LineView
    no: str
    places: int
    open: Decimal
    balance: bars.Bar
    from_stock: Decimal
    is_missing: bool
    reserve_as: str
    numbers: str

    @property
    def href(self) -> str:
        """Where the line's dialogs are."""
        return f"/lines/{reference_path(self.line.line)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePanel:
    """The chosen line: its balance, and every supply considered for it."""

    row: LineRow
    unit: str
    tracked: str
    possible: Decimal
    supplies: Sequence[SupplyRow]

    @property
    def hold(self) -> str:
        """What *on hold* means here: until when, where one hold is all there is."""
        ends = {h.hold_until for s in self.supplies for h in s.holders if h.hold_until is not None}
        return f"on hold to {clock(ends.pop())}" if len(ends) == 1 else "on hold"

    @property
    def can_be(self) -> Decimal:
        """What could be reserved now, beyond what is."""
        return max(self.possible - self.row.line.reserved, ZERO)

    @property
    def can_not(self) -> Decimal:
        """What could not."""
        return max(self.row.line.unreserved - self.can_be, ZERO)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPage:
    """An order ready to be shown."""

    order: DocumentView
    customer: Customer | None
    rows: Sequence[LineRow]
    chosen: LineRow | None

    @property
    def title(self) -> str:
        """For whom it is."""
        if self.customer is not None:
            return self.customer.name or self.customer.customer_no
        return self.order.description

    @property
    def has_demand(self) -> bool:
        """Whether some line takes stock."""
        return any(row.line.is_demand for row in self.rows)

    @property
    def shipment_date(self) -> date | None:
        """The first day on which something of it leaves."""
        return min((r.line.date for r in self.rows if r.line.date is not None), default=None)

    @property
    def arrives_on(self) -> date | None:
        """The day what leaves first is at the customer."""
        arrivals = (r.line.arrives_on for r in self.rows if r.line.arrives_on is not None)
        return min(arrivals, default=None)

    @property
    def from_stock(self) -> str:
        """How many lines are reserved from stock, and how far."""
        states = [row.line.reserved_from_stock for row in self.rows if row.line.is_demand]
        said = ((ENTIRE, "full"), ("partial", "partial"), ("none", "none"))
        counted = [(states.count(state), word) for state, word in said]
        (full, _), *others = counted
        lines = "line" if full == 1 else "lines"
        return ", ".join([f"{full} {lines} full", *(f"{n} {word}" for n, word in others if n)])


def order_page(database: Database, document_no: str, line_no: str) -> OrderPage:
    """The page of an order with the line of this number chosen, or else its first."""
    order = reading.document(database, document_no)
    items = looking_up.some_items(database, {line.item_no for line in order.lines})
    numbers = numbers_of_document(database, document_no)
    promised = _promised(database, order)
    rows = [
        _line_row(line, items, numbers.get(line.line, ()), promised.get(line.line, ()))
        for line in order.lines
    ]
    chosen = next((row for row in rows if row.no == line_no), rows[0] if rows else None)
    customer = looking_up.customers(database).get(order.customer_no)
    return OrderPage(order=order, customer=customer, rows=rows, chosen=chosen)


def _promised(database: Database, order: DocumentView) -> Mapping[str, Sequence[ReservationView]]:
    """Who is promised what of the lines that bring stock."""
    if all(line.is_demand for line in order.lines):
        return {}
    promised: dict[str, list[ReservationView]] = {}
    for entry in reading.reservations(database, order.document_no):
        promised.setdefault(entry.supply, []).append(entry)
    return promised


def line_row(database: Database, reference: str) -> LineRow:
    """One line as its row."""
    line = reading.line(database, reference)
    tracking = reading.tracking_lines(database, reference)
    promised = () if line.is_demand else reading.reservations(database, reference)
    return _line_row(line, looking_up.some_items(database, [line.item_no]), tracking, promised)


def _line_row(
    line: LineView,
    items: Mapping[str, Item],
    tracking: Sequence[TrackingView],
    promised: Sequence[ReservationView],
) -> LineRow:
    item = items[line.item_no]
    is_specific = bool(tracking) or line.reserved_specific > ZERO
    return LineRow(
        line=line,
        no=line.line_no,
        places=places_of(item),
        open=line.unreserved_in_unit,
        balance=(
            bars.of_line(line, pixels=BALANCE_PIXELS)
            if line.is_demand
            else bars.of_promises(line, promised, pixels=BALANCE_PIXELS)
        ),
        from_stock=line.reserved_in_stock_in_unit,
        is_missing=line.is_demand and line.unreserved > ZERO and line.reserved == ZERO,
        reserve_as="Specific" if is_specific else "Any",
        numbers=numbers_in_words(tracking),
    )


def numbers_in_words(tracking: Sequence[TrackingView]) -> str:
    """The numbers on a line in few words: lots with their quantities, serials counted."""
    totals: dict[str, Decimal] = {}
    for tracked in tracking:
        name = tracked.numbers.lot_no or tracked.numbers.package_no or tracked.numbers.serial_no
        totals[name] = totals.get(name, ZERO) + tracked.quantity
    said = [f"{name} {quantity(held)}" for name, held in list(totals.items())[:NUMBERS_SHOWN]]
    more = len(totals) - NUMBERS_SHOWN
    return ", ".join(said) + (f" and {more} more" if more > 0 else "")


def line_panel(database: Database, row: LineRow) -> LinePanel:
    """The chosen line's balance and its supply."""
    line = row.line
    found = supply_to_look_at(database, line.line)
    blocked = remarks(database, line.item_no, (s.numbers for s in found if s.reasons))
    is_open = line.unreserved > ZERO
    return LinePanel(
        row=row,
        unit=looking_up.some_items(database, [line.item_no])[line.item_no].base_unit,
        tracked=numbers_in_words(reading.tracking_lines(database, line.line)),
        possible=can_be_reserved(database, line.line) if is_open else line.reserved,
        supplies=supply_rows(found, line.location_code, blocked, pixels=SUPPLY_PIXELS),
    )
