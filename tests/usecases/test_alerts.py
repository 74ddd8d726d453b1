"""Alerts: reservations whose goods are no longer good for them, and their repairs."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

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
    EditLine,
    EnterDocuments,
    LineEntry,
    Numbers,
    Outcome,
    Repair,
    Reserve,
    SetUp,
    StockRow,
    TrackingCode,
)
from earmark.core.alerts import Mending
from earmark.core.overview import Manner
from earmark.errors import (
    BindingFixed,
    LineUnknown,
    NothingAvailable,
    NothingToCancel,
    NumberBlocked,
)
from tests import stories
from tests.stories import PLACE, lots

SHIPS = date(2027, 3, 1)


@pytest.fixture
def shop(database: earmark.Database) -> earmark.Database:
    """Ten of lot A and ten of lot B, good for long; a clinic that wants 30 days."""
    stories.open_shop(database)
    clinic = Customer(customer_no="C1", name="Clinic", minimum_shelf_life_days=30, transit_days=2)
    dated = TrackingCode("LOTS", specific=frozenset({Dimension.LOT}), expiration_used=True)
    earmark.set_up(database, SetUp(customers=(clinic,), tracking_codes=(dated,)))
    rows = [
        StockRow(
            item_no="X",
            location_code=PLACE,
            quantity=Decimal(10),
            numbers=Numbers(lot_no=lot),
            expiration_date=date(2028, 1, 1),
        )
        for lot in ("A", "B")
    ]
    earmark.adjust(database, Adjust(rows=tuple(rows)))
    return database


def order(database: earmark.Database, document_no: str, quantity: int, **more: object) -> None:
    """A sales order of the clinic."""
    entry = LineEntry(
        item_no="X",
        quantity=Decimal(quantity),
        location_code=PLACE,
        date=SHIPS,
        **more,  # type: ignore[arg-type]
    )
    document = DocumentEntry(
        kind=DocumentKind.SALES_ORDER, document_no=document_no, customer_no="C1", lines=(entry,)
    )
    earmark.enter_documents(database, EnterDocuments(documents=(document,)))


def change_lot(database: earmark.Database, lot_no: str, **change: object) -> Outcome:
    """A lot is blocked, or dated."""
    command = ChangeNumber(item_no="X", numbers=Numbers(lot_no=lot_no), **change)  # type: ignore[arg-type]
    return earmark.change_number(database, command)


def told(database: earmark.Database) -> list[tuple[str, str, str]]:
    """Alerts for short."""
    return [(a.line, a.numbers.lot_no, a.reason) for a in earmark.alerts(database)]


def test_the_story_has_one_promise_that_breaks(story: earmark.Database) -> None:
    (alert,) = earmark.alerts(story)
    assert (alert.line, alert.customer, alert.reason) == (
        "SO4706/2", "Care Group North", "number-blocked",
    )  # fmt: skip
    assert (alert.noted, f"{alert.since:%H:%M}") == ("QN119, seal", "09:41")
    (way,) = alert.repairs
    assert (way.mending, way.numbers.lot_no, f"{way.available:f}") == (Mending.MOVE, "F121", "104")
    move = Repair(line=alert.line, supply=alert.supply, to_supply=way.to_supply)
    assert earmark.repair(story, move).moved == ("SO4706/2",)
    assert earmark.alerts(story) == ()
    assert earmark.verify(story) == ()


def test_a_blocked_lot_and_an_earlier_expiry_are_alerts_until_they_are_taken_back(
    shop: earmark.Database,
) -> None:
    order(shop, "SO1", 6)
    earmark.reserve(shop, Reserve(line="SO1/1"))
    assert told(shop) == []
    change_lot(shop, "A", is_blocked=True)
    assert told(shop) == [("SO1/1", "A", "number-blocked")]
    change_lot(shop, "A", is_blocked=False, expiration_date=SHIPS)
    assert told(shop) == [("SO1/1", "A", "number-expired")]
    change_lot(shop, "A", expiration_date=SHIPS + timedelta(days=20))
    assert told(shop) == [("SO1/1", "A", "shelf-life")]
    earlier = [w.date for w in earmark.alerts(shop)[0].repairs if w.mending is Mending.REDATE]
    assert earlier == [SHIPS - timedelta(days=12)]
    earmark.edit_line(shop, EditLine(line="SO1/1", date=earlier[0]))
    assert told(shop) == []


def test_what_names_a_number_is_repaired_with_its_tracking_lines(shop: earmark.Database) -> None:
    order(shop, "SO1", 6, numbers=lots({"A": 4, "B": 1}))
    earmark.reserve(shop, Reserve(line="SO1/1", numbers=Choice.ALL))
    change_lot(shop, "A", is_blocked=True)
    (alert,) = earmark.alerts(shop, item_no="X", location_code=PLACE)
    earmark.repair(
        shop, Repair(line="SO1/1", supply=alert.supply, to_supply=alert.repairs[0].to_supply)
    )
    (tracked,) = earmark.tracking_lines(shop, "SO1/1")
    assert (tracked.numbers.lot_no, f"{tracked.quantity:f}") == ("B", "5")
    assert told(shop) == []
    assert earmark.verify(shop) == ()


def test_where_no_lot_has_all_of_it_it_goes_to_several_and_others_change_places(
    shop: earmark.Database,
) -> None:
    stories.stock(shop, stories.row("C", 2), stories.row("D", 3))
    for lot in ("C", "D"):
        change_lot(shop, lot, expiration_date=date(2028, 2, 1))
    order(shop, "SO1", 4)
    earmark.reserve(shop, Reserve(line="SO1/1", supply="stock"))
    order(shop, "SO2", 16)
    earmark.reserve(shop, Reserve(line="SO2/1"))
    change_lot(shop, "A", is_blocked=True)
    first = next(a for a in earmark.alerts(shop) if a.line == "SO1/1")
    (way,) = first.repairs
    assert (way.to_supply, f"{way.quantity:f}") == ("", "4")
    preview = earmark.repair(shop, Repair(line="SO1/1", supply=first.supply, preview=True))
    done = earmark.repair(shop, Repair(line="SO1/1", supply=first.supply))
    assert (preview.moves, f"{done.reserved:f}") == (done.moves, "4")
    assert [a.line for a in earmark.alerts(shop)] == ["SO2/1"]
    (short,) = [a for a in earmark.alerts(shop) if a.line == "SO2/1"]
    partly = earmark.repair(shop, Repair(line="SO2/1", supply=short.supply))
    assert f"{partly.reserved:f} {partly.shortfall:f}" == "1 5"
    assert partly.warns("short")
    (move,) = partly.moves
    assert (move.from_supply, move.to_supply, f"{move.quantity:f}") == (short.supply, "X#4", "1")


def test_goods_on_order_that_come_too_late_are_an_alert(shop: earmark.Database) -> None:
    order(shop, "SO1", 15)
    late = [("PO1", stories.line(20, on=SHIPS))]
    stories.orders(shop, DocumentKind.PURCHASE_ORDER, late)
    earmark.reserve(shop, Reserve(line="SO1/1", supply="PO1/1"))
    change_lot(shop, "A", is_blocked=True)
    change_lot(shop, "B", is_blocked=True)
    assert told(shop) == []
    earmark.edit_line(shop, EditLine(line="SO1/1", date=SHIPS + timedelta(days=3)))
    assert told(shop) == []


def test_a_repair_asked_for_twice_is_done_once(shop: earmark.Database) -> None:
    order(shop, "SO1", 6)
    earmark.reserve(shop, Reserve(line="SO1/1"))
    move = Repair(line="SO1/1", supply="X#1", to_supply="X#2", request_id="once")
    first = earmark.repair(shop, move)
    assert earmark.repair(shop, move) == replace(first, is_repeated=True)


def test_a_good_lot_that_is_full_takes_nobody(shop: earmark.Database) -> None:
    order(shop, "SO1", 6)
    earmark.reserve(shop, Reserve(line="SO1/1"))
    order(shop, "SO2", 10, numbers=lots({"B": 10}))
    earmark.reserve(shop, Reserve(line="SO2/1", numbers=Choice.ALL))
    with pytest.raises(NothingAvailable):
        earmark.repair(shop, Repair(line="SO1/1", supply="X#1", to_supply="X#2"))


def test_a_named_number_goes_to_several_others_where_none_has_all_of_it(
    shop: earmark.Database,
) -> None:
    order(shop, "SO1", 8, numbers=lots({"A": 8}))
    earmark.reserve(shop, Reserve(line="SO1/1", numbers=Choice.ALL))
    order(shop, "SO2", 5, numbers=lots({"B": 5}))
    earmark.reserve(shop, Reserve(line="SO2/1", numbers=Choice.ALL))
    stories.stock(shop, stories.row("C", 2))
    change_lot(shop, "C", expiration_date=date(2028, 2, 1))
    change_lot(shop, "A", is_blocked=True)
    assert [a.repairs for a in earmark.alerts(shop)] == [()]
    done = earmark.repair(shop, Repair(line="SO1/1", supply="X#1"))
    assert (f"{done.reserved:f}", f"{done.shortfall:f}") == ("7", "1")
    left = {t.numbers.lot_no: f"{t.quantity:f}" for t in earmark.tracking_lines(shop, "SO1/1")}
    assert left == {"A": "1", "B": "5", "C": "2"}
    assert earmark.verify(shop) == ()


def test_alerts_of_every_place_are_listed_and_those_without_a_way_out_say_so(
    shop: earmark.Database,
) -> None:
    west = stories.row("A", 3)
    stories.stock(shop, replace(west, location_code="WEST", expiration_date=date(2028, 1, 1)))
    order(shop, "SO1", 4)
    elsewhere = LineEntry(item_no="X", quantity=Decimal(3), location_code="WEST", date=SHIPS)
    document = DocumentEntry(
        kind=DocumentKind.SALES_ORDER, document_no="SO2", customer_no="C1", lines=(elsewhere,)
    )
    earmark.enter_documents(shop, EnterDocuments(documents=(document,)))
    for line in ("SO1/1", "SO2/1"):
        earmark.reserve(shop, Reserve(line=line))
    change_lot(shop, "A", is_blocked=True)
    found = {a.line: a.repairs for a in earmark.alerts(shop)}
    assert set(found) == {"SO1/1", "SO2/1"}
    assert found["SO2/1"] == ()
    assert [a.line for a in earmark.alerts(shop, location_code="WEST")] == ["SO2/1"]


def test_what_was_made_for_somebody_is_an_alert_that_nothing_moves(
    shop: earmark.Database,
) -> None:
    order(shop, "SO2", 3)
    made = LineEntry(
        item_no="X",
        quantity=Decimal(3),
        location_code=PLACE,
        made_for="SO2/1",
        numbers=lots({"D": 3}),
    )
    bought = DocumentEntry(kind=DocumentKind.PURCHASE_ORDER, document_no="PO2", lines=(made,))
    earmark.enter_documents(shop, EnterDocuments(documents=(bought,)))
    change_lot(shop, "D", is_blocked=True)
    assert [(a.line, a.manner, a.repairs) for a in earmark.alerts(shop)] == [
        ("SO2/1", Manner.BOUND, ())
    ]


def test_a_repair_that_can_not_be_is_refused(shop: earmark.Database) -> None:
    order(shop, "SO1", 6)
    with pytest.raises(NothingToCancel):
        earmark.repair(shop, Repair(line="SO1/1", supply="X#1"))
    earmark.reserve(shop, Reserve(line="SO1/1"))
    change_lot(shop, "A", is_blocked=True)
    change_lot(shop, "B", is_blocked=True)
    with pytest.raises(NumberBlocked):
        earmark.repair(shop, Repair(line="SO1/1", supply="X#1", to_supply="X#2"))
    with pytest.raises(NothingAvailable):
        earmark.repair(shop, Repair(line="SO1/1", supply="X#1"))
    made = LineEntry(item_no="X", quantity=Decimal(3), location_code=PLACE, made_for="SO2/1")
    order(shop, "SO2", 3)
    bought = DocumentEntry(kind=DocumentKind.PURCHASE_ORDER, document_no="PO2", lines=(made,))
    earmark.enter_documents(shop, EnterDocuments(documents=(bought,)))
    with pytest.raises(BindingFixed):
        earmark.repair(shop, Repair(line="SO2/1", supply="PO2/1"))
    with pytest.raises(LineUnknown):
        earmark.repair(shop, Repair(line="PO2/1", supply="X#1"))
