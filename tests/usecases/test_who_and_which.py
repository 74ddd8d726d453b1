"""Refusals name who, which and how much, on both databases and in their facts."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest

import earmark
from earmark import (
    Cancel,
    DocumentEntry,
    DocumentKind,
    EnterDocuments,
    LineEntry,
    Numbers,
    Post,
    Posting,
    Reserve,
    Track,
    TrackingLine,
)
from earmark.errors import (
    EarmarkError,
    ItemUnknown,
    NumberDuplicate,
    NumberMissing,
    NumberUnavailable,
    SerialInStock,
    every_error,
)
from tests import stories
from tests.stories import PLACE, SERIAL


def serial_line(serial_no: str = "") -> LineEntry:
    numbers = (TrackingLine(serial_no=serial_no),) if serial_no else ()
    return LineEntry(item_no=SERIAL, quantity=Decimal(1), location_code=PLACE, numbers=numbers)


@pytest.fixture
def shop(database: earmark.Database) -> earmark.Database:
    """Two serial numbers, one of them held by SOA; two lots, one of them held by three orders."""
    stories.open_shop(database)
    rows = [stories.row(no, 1, SERIAL) for no in ("SN1", "SN2")]
    stories.stock(database, *rows, stories.row("L1", 9), stories.row("L2", 1))
    sales = DocumentKind.SALES_ORDER
    stories.orders(database, sales, [("SOA", serial_line("SN1")), ("SOB", serial_line())])
    held = [(no, stories.line(3, tracked={"L1": 3})) for no in ("H1", "H2", "H3")]
    stories.orders(database, sales, held)
    stories.sales(database, SO2=3)
    earmark.reserve(database, Reserve(line="SOA/1", numbers=Numbers(serial_no="SN1")))
    for no, _ in held:
        earmark.reserve(database, Reserve(line=f"{no}/1", numbers=Numbers(lot_no="L1")))
    return database


def test_shipping_a_serial_number_that_another_order_holds_says_which(
    shop: earmark.Database,
) -> None:
    picked = Post(posting=Posting.SHIP, line="SOB/1", numbers=(TrackingLine(serial_no="sn1"),))
    with pytest.raises(NumberUnavailable) as refused:
        earmark.post(shop, picked)
    assert refused.value.message == (
        "Serial SN1 of item S has 0 for SOB/1 at EAST, not 1: SOA/1 holds 1."
    )
    assert "SOA/1" in str(refused.value.facts["because"])


def test_everybody_who_holds_a_lot_is_told_and_how_much(shop: earmark.Database) -> None:
    picked = Post(posting=Posting.SHIP, line="SO2/1", numbers=stories.lots({"L1": 3}))
    with pytest.raises(NumberUnavailable, match="H1/1 holds 3, H2/1 holds 3, H3/1 holds 3"):
        earmark.post(shop, picked)


def test_where_nobody_holds_it_what_there_is_is_told(shop: earmark.Database) -> None:
    picked = Post(posting=Posting.SHIP, line="SO2/1", numbers=stories.lots({"L2": 3}))
    with pytest.raises(NumberUnavailable, match="not 3; 1 in stock"):
        earmark.post(shop, picked)


@pytest.mark.parametrize("line_no", [1, 2])
def test_a_whole_orders_refusal_names_the_line(shop: earmark.Database, line_no: int) -> None:
    lines = [serial_line("SN2"), serial_line()]
    entry = DocumentEntry(
        kind=DocumentKind.SALES_ORDER,
        document_no="BIG",
        lines=tuple(lines if line_no == 2 else reversed(lines)),
    )
    earmark.enter_documents(shop, EnterDocuments(documents=(entry,)))
    with pytest.raises(NumberMissing) as refused:
        earmark.post(shop, Post(posting=Posting.SHIP, line="BIG"))
    assert refused.value.facts["line"] == f"BIG/{line_no}"
    assert refused.value.message.startswith(f"BIG/{line_no}: Item S needs a serial no.")
    with pytest.raises(NumberMissing) as alone:
        earmark.post(shop, Post(posting=Posting.SHIP, line=f"BIG/{line_no}"))
    assert alone.value.message.startswith("Item S needs")


def test_a_document_that_is_refused_names_the_line_and_its_row(shop: earmark.Database) -> None:
    entry = DocumentEntry(
        kind=DocumentKind.SALES_ORDER,
        document_no="N1",
        lines=(stories.line(1), replace(stories.line(1), item_no="NO")),
    )
    with pytest.raises(ItemUnknown, match="N1/2: There is no item NO") as refused:
        earmark.enter_documents(shop, EnterDocuments(documents=(entry,)))
    assert (refused.value.facts["row"], refused.value.facts["line"]) == (0, "N1/2")


def test_a_number_that_stands_twice_is_told_with_its_line(shop: earmark.Database) -> None:
    twice = (TrackingLine(lot_no="A"), TrackingLine(lot_no="a"))
    with pytest.raises(NumberDuplicate, match="Lot A stands twice on line SO2/1"):
        earmark.track(shop, Track(line="so2/1", numbers=twice))


def test_a_serial_number_in_stock_is_told_with_its_place(shop: earmark.Database) -> None:
    with pytest.raises(SerialInStock, match="SN1 of item S is in stock already at EAST"):
        stories.stock(shop, stories.row("sn1", 1, SERIAL))


def test_a_refusal_of_one_line_is_not_told_twice(shop: earmark.Database) -> None:
    with pytest.raises(EarmarkError) as refused:
        earmark.cancel(shop, Cancel(line="SO2/1"))
    assert refused.value.message.count("SO2/1") == 1
    assert refused.value.on_line("OTHER/1") is refused.value


def test_a_line_is_told_where_a_longer_one_is() -> None:
    told = ItemUnknown(item_no="SO1/10").on_line("SO1/1").message
    assert told == "SO1/1: There is no item SO1/10."


@pytest.mark.parametrize("error", every_error(), ids=lambda e: e.code)
def test_a_refusal_on_a_line_keeps_its_code_and_its_facts(error: type[EarmarkError]) -> None:
    names = set(re.findall(r"{(\w+)}", error.sentence)) - {"line"}
    facts: dict[str, object] = dict.fromkeys(names, "x")
    if "{line}" in error.sentence:
        facts["line"] = "SO1/1"
    said = error(**facts).on_line("SO1/1")
    assert said.code == error.code
    assert said.facts["line"] == "SO1/1"
    assert "SO1/1" in said.message
