"""Ways out beside those of the story: what is no way out is not proposed."""

from datetime import date
from decimal import Decimal

import pytest

import earmark
from earmark import (
    ChangeNumber,
    Choice,
    Customer,
    Dimension,
    DocumentKind,
    Item,
    Numbers,
    Reserve,
    SetUp,
    StockRow,
    TakeWayOut,
    TrackingCode,
)
from earmark.core import ways_out
from earmark.core.why_views import WayKind
from tests.stories import LOT, line, open_shop, orders, row, sales, stock

SHIPS = date(2026, 12, 10)


@pytest.fixture
def shop(database: earmark.Database) -> earmark.Database:
    """A shop with an item by lot, and one by lot that expires."""
    open_shop(database)
    dated = TrackingCode("DATED", specific=frozenset({Dimension.LOT}), expiration_used=True)
    picky = Customer(customer_no="C1", name="Picky", minimum_shelf_life_days=30)
    earmark.set_up(
        database,
        SetUp(
            tracking_codes=(dated,),
            items=(Item(item_no="E", tracking_code="DATED"),),
            customers=(picky,),
        ),
    )
    return database


def proposed(database: earmark.Database, of: str) -> list[str]:
    """The ways out of a line, by name."""
    return [way.way for way in earmark.why(database, of).ways_out]


def dated(lot_no: str, quantity: int, expires: date | None, place: str = "EAST") -> StockRow:
    """Goods that expire."""
    return StockRow(
        item_no="E",
        location_code=place,
        quantity=Decimal(quantity),
        numbers=Numbers(lot_no),
        expiration_date=expires,
    )


def order(database: earmark.Database, quantity: int, customer_no: str = "") -> None:
    """SO1 for goods that expire."""
    entry = earmark.LineEntry(
        item_no="E", quantity=Decimal(quantity), location_code="EAST", date=SHIPS
    )
    document = earmark.DocumentEntry(
        kind=DocumentKind.SALES_ORDER, document_no="SO1", customer_no=customer_no, lines=(entry,)
    )
    earmark.enter_documents(database, earmark.EnterDocuments(documents=(document,)))


def test_nothing_is_split_off_a_line_of_which_nothing_can_be_had(shop: earmark.Database) -> None:
    orders(shop, DocumentKind.PURCHASE_ORDER, [("PO1", line(5, on=date(2026, 12, 20)))])
    orders(shop, DocumentKind.SALES_ORDER, [("SO1", line(5, on=SHIPS))])
    assert proposed(shop, "SO1/1") == ["ship-later:2026-12-20"]


def test_what_has_its_numbers_is_not_split_off(shop: earmark.Database) -> None:
    stock(shop, row("L1", 2))
    orders(shop, DocumentKind.PURCHASE_ORDER, [("PO1", line(5, on=date(2026, 12, 20)))])
    orders(shop, DocumentKind.SALES_ORDER, [("SO1", line(5, tracked={"L1": 5}, on=SHIPS))])
    assert proposed(shop, "SO1/1") == ["ship-later:2026-12-20"]


def test_a_shipment_is_made_earlier_by_a_fortnight_at_most(shop: earmark.Database) -> None:
    stock(shop, dated("OLD", 5, date(2026, 11, 1)), dated("NEAR", 5, date(2026, 12, 5)))
    order(shop, 10)
    assert proposed(shop, "SO1/1") == ["ship-earlier:2026-12-05"]


def test_goods_without_a_date_prove_no_shelf_life_and_may_be_accepted(
    shop: earmark.Database,
) -> None:
    stock(shop, dated("UNDATED", 5, None))
    order(shop, 5, "C1")
    assert proposed(shop, "SO1/1") == ["accept:0"]


def test_goods_under_two_blocked_numbers_are_not_freed_by_one(shop: earmark.Database) -> None:
    earmark.set_up(
        shop,
        SetUp(
            items=(Item(item_no="P", tracking_code="PACKED"),),
            tracking_codes=(TrackingCode("PACKED", specific=frozenset(Dimension)),),
        ),
    )
    numbers = Numbers("L1", "S1", "P1")
    stock(shop, StockRow(item_no="P", location_code="EAST", quantity=Decimal(1), numbers=numbers))
    for blocked in (Numbers("L1"), Numbers(serial_no="S1")):
        earmark.change_number(shop, ChangeNumber(item_no="P", numbers=blocked, is_blocked=True))
    entry = earmark.LineEntry(item_no="P", quantity=Decimal(1), location_code="EAST")
    orders(shop, DocumentKind.SALES_ORDER, [("SO1", entry)])
    assert proposed(shop, "SO1/1") == []
    earmark.change_number(shop, ChangeNumber(item_no="P", numbers=Numbers("L1"), is_blocked=False))
    assert proposed(shop, "SO1/1") == ["release:S1"]
    taken = earmark.take_way_out(shop, TakeWayOut(line="SO1/1", way="release:S1"))
    assert taken.reserved == Decimal(1)


def test_a_blocked_number_of_another_place_is_no_way_out(shop: earmark.Database) -> None:
    stock(shop, dated("W1", 5, date(2027, 6, 1), "WEST"))
    earmark.change_number(shop, ChangeNumber(item_no="E", numbers=Numbers("W1"), is_blocked=True))
    order(shop, 5)
    assert proposed(shop, "SO1/1") == []


def test_goods_of_other_places_are_named_up_to_a_dozen(
    shop: earmark.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ways_out, "OF_A_KIND", 2)
    stock(shop, *(dated(f"W{n}", 5, date(2027, 6, n), "WEST") for n in range(1, 4)))
    order(shop, 5)
    assert [way.kind for way in earmark.why(shop, "SO1/1").ways_out] == [WayKind.BRING] * 2


def test_what_others_hold_and_can_not_exchange_is_a_step_of_its_own(
    shop: earmark.Database,
) -> None:
    stock(shop, row("L1", 6))
    sales(shop, SO1=6, SO2=4)
    earmark.reserve(shop, Reserve(line="SO1/1"))
    view = earmark.why(shop, "SO2/1")
    assert [(step.reason, step.quantity) for step in view.steps] == [
        ("Held by others who find nothing else", Decimal(6))
    ]
    assert [holder.demand for holder in view.steps[0].holders] == ["SO1/1"]


def test_what_can_be_had_already_needs_no_way_out(shop: earmark.Database) -> None:
    stock(shop, row("L1", 6))
    sales(shop, SO1=6)
    assert proposed(shop, "SO1/1") == []
    done = earmark.take_way_out(shop, TakeWayOut(line="SO1/1"))
    assert done.reserved == Decimal(6)


def test_a_holder_who_named_what_nobody_else_has_is_not_asked(shop: earmark.Database) -> None:
    stock(shop, row("L1", 6))
    orders(shop, DocumentKind.SALES_ORDER, [("SO1", line(6, tracked={"L1": 6})), ("SO2", line(4))])
    earmark.reserve(shop, Reserve(line="SO1/1", numbers=Choice.ALL))
    assert proposed(shop, "SO2/1") == []
    assert earmark.why(shop, "SO2/1").item_no == LOT
