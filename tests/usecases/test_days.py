"""A day that nobody can reckon with is refused where it is entered, and stops nobody's reading."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

import earmark
from earmark import (
    AddLines,
    Adjust,
    ChangeNumber,
    Customer,
    DocumentEntry,
    DocumentKind,
    EditLine,
    EnterDocuments,
    LineEntry,
    NumberRecord,
    Numbers,
    SetUp,
    StockRow,
    Track,
    TrackingLine,
)
from earmark.core.commands import SplitLine
from earmark.errors import ValueInvalid
from tests import stories

OUTSIDE = (date(1, 1, 1), date(1899, 12, 31), date(3000, 1, 1), date.max)
LOT = Numbers(lot_no="A")


@pytest.fixture
def shop(database: earmark.Database) -> earmark.Database:
    """Ten of lot A, for a customer to whom goods are under way for two days and keep for sixty."""
    stories.open_shop(database)
    stories.stock(database, stories.row("A", 10))
    anna = Customer(customer_no="C1", transit_days=2, minimum_shelf_life_days=60)
    earmark.set_up(database, SetUp(customers=(anna,)))
    line = stories.line(4, on=date(2026, 12, 1))
    order = DocumentEntry(
        kind=DocumentKind.SALES_ORDER, document_no="SO1", customer_no="C1", lines=(line,)
    )
    earmark.enter_documents(database, EnterDocuments(documents=(order,)))
    stories.orders(database, DocumentKind.PURCHASE_ORDER, [("PO1", stories.line(5))])
    return database


def _dated(day: date) -> dict[str, tuple[Callable[..., object], Any]]:
    """Every command that a day comes in with."""
    line = LineEntry(item_no="X", quantity=Decimal(1), location_code=stories.PLACE, date=day)
    order = DocumentEntry(kind=DocumentKind.SALES_ORDER, document_no="SO9", lines=(line,))
    more = DocumentEntry(kind=DocumentKind.SALES_ORDER, document_no="SO1", lines=(line,))
    numbers = (TrackingLine(lot_no="B", quantity=Decimal(1), expiration_date=day),)
    row = StockRow(
        item_no="X",
        location_code=stories.PLACE,
        quantity=Decimal(1),
        numbers=Numbers(lot_no="B"),
        expiration_date=day,
    )
    record = NumberRecord(item_no="X", numbers=LOT, expiration_date=day)
    return {
        "enter": (earmark.enter_documents, EnterDocuments(documents=(order,))),
        "add lines": (earmark.add_lines, AddLines(document=more)),
        "edit": (earmark.edit_line, EditLine(line="SO1/1", date=day, release=True)),
        "split": (earmark.split_line, SplitLine(line="SO1/1", quantity=Decimal(1), date=day)),
        "track": (earmark.track, Track(line="PO1/1", numbers=numbers)),
        "adjust": (earmark.adjust, Adjust(rows=(row,))),
        "number": (
            earmark.change_number,
            ChangeNumber(item_no="X", numbers=LOT, expiration_date=day),
        ),
        "set up": (earmark.set_up, SetUp(numbers=(record,))),
    }


@pytest.mark.parametrize("name", _dated(date.max))
def test_a_year_that_was_typed_wrong_is_refused(shop: earmark.Database, name: str) -> None:
    before = earmark.history(shop)
    for day in OUTSIDE:
        carry_out, command = _dated(day)[name]
        with pytest.raises(ValueInvalid, match="it is a day from 1900-01-01 to 2999-12-31"):
            carry_out(shop, command)
    assert earmark.history(shop) == before


@pytest.mark.parametrize("day", [date(1900, 1, 1), date(2999, 12, 31)])
def test_the_last_days_that_are_taken_can_be_reckoned_with(
    shop: earmark.Database, day: date
) -> None:
    longest = Customer(customer_no="C1", transit_days=36_500, minimum_shelf_life_days=36_500)
    earmark.set_up(shop, SetUp(customers=(longest,)))
    earmark.edit_line(shop, EditLine(line="SO1/1", date=day, release=True))
    earmark.change_number(shop, ChangeNumber(item_no="X", numbers=LOT, expiration_date=day))
    assert earmark.candidates(shop, "SO1/1")
    assert earmark.why(shop, "SO1/1").line == "SO1/1"
    assert earmark.item_overview(shop, "X", location_code=stories.PLACE).inventory == 10
    assert earmark.needing_attention(shop).reservations == 0


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (Customer(customer_no="C1", transit_days=36_501), "Transit"),
        (Customer(customer_no="C1", transit_days=-1), "Transit"),
        (Customer(customer_no="C1", minimum_shelf_life_days=10**7), "Minimum shelf life"),
        (Customer(customer_no="C1", minimum_shelf_life_days=-1), "Minimum shelf life"),
        (Customer(customer_no="C1", priority=10**12), "Priority"),
    ],
)
def test_what_nobody_can_ask_for_is_refused(
    shop: earmark.Database, wrong: Customer, field: str
) -> None:
    customers = (Customer(customer_no="C2"), wrong)
    with pytest.raises(ValueInvalid) as refused:
        earmark.set_up(shop, SetUp(customers=customers))
    assert (refused.value.facts["field"], refused.value.facts["row"]) == (field, 1)
