"""Very many serial numbers are shown as few supplies, and every figure is that of the many."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest

import earmark
from earmark import (
    Adjust,
    ChangeNumber,
    Choice,
    Customer,
    Dimension,
    DocumentEntry,
    DocumentKind,
    EnterDocuments,
    Hold,
    LineEntry,
    Numbers,
    Reserve,
    SetUp,
    StockRow,
    TrackingCode,
    TrackingLine,
)
from earmark.core.views import CandidateView
from earmark.database.alike import MANY
from earmark.usecases import overview, reading
from earmark.usecases.split_screen import split_screen
from earmark.usecases.supply_shown import holders_on, supply_to_look_at
from earmark.usecases.why import can_be_reserved, why
from tests import stories

COUNT = MANY + 150
LOTS = ("A", "B", "C")
EXPIRY = {"A": date(2026, 12, 1), "B": date(2027, 6, 1), "C": None}
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def serial(no: int) -> str:
    """The name of a serial number."""
    return f"S{no:04}"


def lot(no: int) -> str:
    """The lot it is of."""
    return LOTS[no % len(LOTS)]


@pytest.fixture
def shop(database: earmark.Database) -> earmark.Database:
    """An item with more serial numbers than are told one by one, and orders for some."""
    database.clock = lambda: NOW
    stories.open_shop(database)
    rows = [
        StockRow(
            item_no=stories.SERIAL,
            location_code=stories.PLACE if no % 50 else "WEST",
            quantity=Decimal(1),
            numbers=Numbers(serial_no=serial(no), lot_no=lot(no)),
            expiration_date=EXPIRY[lot(no)],
        )
        for no in range(1, COUNT + 1)
    ]
    earmark.adjust(database, Adjust(rows=tuple(rows)))
    return database


def order(shop: earmark.Database, name: str, quantity: int, serials: Sequence[int] = ()) -> None:
    """A sales order with one line, and the serial numbers on it."""
    tracked = tuple(
        TrackingLine(serial_no=serial(no), lot_no=lot(no), quantity=Decimal(1)) for no in serials
    )
    line = LineEntry(
        item_no=stories.SERIAL,
        quantity=Decimal(quantity),
        location_code=stories.PLACE,
        date=NOW.date() + timedelta(days=5),
        numbers=tracked,
    )
    entry = DocumentEntry(kind=DocumentKind.SALES_ORDER, document_no=name, lines=(line,))
    earmark.enter_documents(shop, EnterDocuments(documents=(entry,)))


def in_trouble(shop: earmark.Database, seed: int) -> None:
    """Reservations of every manner, holds and blocked numbers, by chance."""
    random = Random(seed)  # noqa: S311 - a test that can be repeated
    free = [no for no in range(1, COUNT + 1) if no % 50]
    random.shuffle(free)
    order(shop, "LOOSE", random.randint(1, 200))
    earmark.reserve(shop, Reserve(line="LOOSE/1"))
    order(shop, "FIRM", 8, free[:8])
    earmark.reserve(shop, Reserve(line="FIRM/1", numbers=Choice.ALL))
    order(shop, "HELD", 20)
    earmark.reserve(shop, Reserve(line="HELD/1", hold_until=NOW + timedelta(hours=3)))
    for no in free[8:14]:
        blocked = ChangeNumber(
            item_no=stories.SERIAL, numbers=Numbers(serial_no=serial(no)), is_blocked=True
        )
        earmark.change_number(shop, blocked)
    order(shop, "MINE", random.randint(6, 700), free[14:18])
    earmark.reserve(shop, Reserve(line="MINE/1", quantity=Decimal(2)))


Figure = Callable[[CandidateView], Decimal]
FIGURES: dict[str, Figure] = {
    "quantity": lambda c: c.quantity,
    "reserved": lambda c: c.reserved,
    "available": lambda c: c.available,
    "movable": lambda c: c.movable,
    "current": lambda c: c.current,
    "held": lambda c: sum((h.quantity for h in c.holders), Decimal(0)),
    "count": lambda c: Decimal(max(1, c.serials)),
}


def totals(found: Sequence[CandidateView]) -> dict[object, Decimal]:
    """Every figure of what is considered, by lot, place and obstacle."""
    sums: dict[object, Decimal] = {}
    for supply in found:
        obstacle = [reason for reason in supply.reasons if reason != "reserved"]
        for name, figure in FIGURES.items():
            key = (supply.numbers.lot_no, supply.location_code, *obstacle, name)
            sums[key] = sums.get(key, Decimal(0)) + figure(supply)
    return sums


@pytest.mark.parametrize("seed", range(4))
def test_the_figures_of_few_are_those_of_many(shop: earmark.Database, seed: int) -> None:
    in_trouble(shop, seed)
    for line in ("MINE/1", "LOOSE/1", "FIRM/1"):
        few, many = supply_to_look_at(shop, line), reading.candidates(shop, line)
        assert len(many) == COUNT
        assert len(few) < COUNT
        assert totals(few) == totals(many)


@pytest.mark.parametrize("seed", range(4))
def test_what_can_be_reserved_is_what_reserving_then_gives(
    shop: earmark.Database, seed: int
) -> None:
    in_trouble(shop, seed)
    said = can_be_reserved(shop, "MINE/1")
    told = why(shop, "MINE/1")
    assert told.can_be_reserved == said
    usable = [s for s in reading.candidates(shop, "MINE/1") if "number-blocked" not in s.reasons]
    on_hold = [h.quantity for s in usable for h in s.holders if h.hold_until is not None]
    taken_off = {step.reason: step.quantity for step in told.steps}
    assert taken_off["On hold"] == sum(on_hold) > 0
    for numbers in (Choice.ALL, Choice.ANY):
        earmark.reserve(shop, Reserve(line="MINE/1", numbers=numbers))
        if reading.line(shop, "MINE/1").reserved == said:
            break
    assert reading.line(shop, "MINE/1").reserved == said


def test_what_is_named_is_told_by_itself(shop: earmark.Database) -> None:
    in_trouble(shop, seed=1)
    few = supply_to_look_at(shop, "MINE/1")
    told = {supply.numbers.serial_no for supply in few}
    tracked = {t.numbers.serial_no for t in reading.tracking_lines(shop, "MINE/1")}
    firm = {t.numbers.serial_no for t in reading.tracking_lines(shop, "FIRM/1")}
    blocked = [supply for supply in few if "number-blocked" in supply.reasons]
    assert tracked | firm <= told
    assert len(blocked) == 6
    assert all(supply.serials == 0 for supply in blocked)


def test_who_holds_something_of_many_is_told(shop: earmark.Database) -> None:
    in_trouble(shop, seed=2)
    few = supply_to_look_at(shop, "MINE/1")
    held = holders_on(shop, "MINE/1", [supply.supply for supply in few])
    quantities: dict[str, Decimal] = {}
    for holder in held:
        line, quantity = holder.reservation.demand, holder.reservation.quantity
        quantities[line] = quantities.get(line, Decimal(0)) + quantity
    assert quantities == {
        name: reading.line(shop, name).reserved
        for name in ("LOOSE/1", "FIRM/1", "HELD/1", "MINE/1")
    }


def test_the_item_counts_the_same(shop: earmark.Database) -> None:
    in_trouble(shop, seed=3)
    seen = overview.item_overview(shop, stories.SERIAL, location_code=stories.PLACE)
    many = [s for s in reading.candidates(shop, "LOOSE/1") if s.location_code == stories.PLACE]
    assert seen.inventory == len(many)
    assert seen.blocked == 6
    assert sum(r.quantity for r in seen.ribbons) == len(many)
    good = [s for s in many if "number-blocked" not in s.reasons]
    assert seen.reserved_in_stock == sum(s.reserved for s in good)
    assert {r.numbers.lot_no for r in seen.ribbons} == set(LOTS)


def test_one_of_very_many_is_found_by_a_part_of_its_number(shop: earmark.Database) -> None:
    order(shop, "MINE", 1)
    last = serial(COUNT)
    rows = split_screen(shop, "MINE/1").rows
    assert last not in {row.numbers.serial_no for row in rows}
    assert sum(row.serials for row in rows) > 0
    found = split_screen(shop, "MINE/1", words=last.lower()).rows
    assert [row.numbers.serial_no for row in found] == [last]


def test_all_that_can_be_had_of_very_many_is_counted_and_not_listed(
    shop: earmark.Database,
) -> None:
    order(shop, "MINE", COUNT)
    screen = split_screen(shop, "MINE/1")
    assert screen.proposal == ()
    assert screen.proposed >= can_be_reserved(shop, "MINE/1")


def test_many_on_order_are_known_by_their_numbers(shop: earmark.Database) -> None:
    customer = Customer(customer_no="CLINIC", minimum_shelf_life_days=10)
    dated = TrackingCode("SERIALS", specific=frozenset({Dimension.SERIAL}), expiration_used=True)
    earmark.set_up(shop, SetUp(customers=(customer,), tracking_codes=(dated,)))
    tracked = [
        TrackingLine(serial_no=f"N{no:04}", quantity=Decimal(1)) for no in range(1, COUNT + 1)
    ]
    bought = LineEntry(
        item_no=stories.SERIAL,
        quantity=Decimal(COUNT),
        location_code=stories.PLACE,
        date=NOW.date(),
        numbers=tuple(tracked),
    )
    sold = replace(bought, quantity=Decimal(1), numbers=(), date=NOW.date() + timedelta(days=9))
    documents = (
        DocumentEntry(kind=DocumentKind.PURCHASE_ORDER, document_no="PO", lines=(bought,)),
        DocumentEntry(
            kind=DocumentKind.SALES_ORDER, document_no="SO", customer_no="CLINIC", lines=(sold,)
        ),
    )
    earmark.enter_documents(shop, EnterDocuments(documents=documents))
    few, many = supply_to_look_at(shop, "SO/1"), reading.candidates(shop, "SO/1")
    assert [s.reasons for s in few if s.supply == "PO/1"] == [("shelf-life",)]
    assert totals(few) == totals(many)


def test_a_hold_that_runs_out_is_not_counted(shop: earmark.Database) -> None:
    order(shop, "HELD", 30)
    order(shop, "MINE", COUNT)
    earmark.reserve(shop, Reserve(line="HELD/1"))
    earmark.hold(shop, Hold(line="HELD/1", until=NOW + timedelta(minutes=1)))
    before = can_be_reserved(shop, "MINE/1")
    shop.clock = lambda: NOW + timedelta(minutes=2)
    assert can_be_reserved(shop, "MINE/1") == before + 30
