"""What is cancelled, changed or held is what was named, and nothing beside it."""

from decimal import Decimal

import pytest

import earmark
from earmark import Cancel, Change, Choice, DocumentKind, Hold, LineEntry, Numbers, Reserve
from earmark.core.documents import DocumentEntry
from earmark.errors import BindingFixed, NothingToCancel
from tests import stories

LINE, FIVE = "SO1/1", Numbers(lot_no="L1")


@pytest.fixture
def shop(database: earmark.Database) -> earmark.Database:
    """A line that holds five of lot L1 because it names them, and seven of it that are any."""
    stories.open_shop(database)
    stories.stock(database, stories.row("L1", 20))
    stories.orders(
        database, DocumentKind.SALES_ORDER, [("SO1", stories.line(12, tracked={"L1": 5}))]
    )
    earmark.reserve(database, Reserve(line=LINE, numbers=Choice.ALL))
    earmark.reserve(database, Reserve(line=LINE))
    return database


def held(shop: earmark.Database) -> list[tuple[bool, int]]:
    """Whether each entry is specific, and its quantity."""
    return sorted((e.is_specific, int(e.quantity)) for e in earmark.reservations(shop, LINE))


def test_what_names_no_number_is_changed_by_itself(shop: earmark.Database) -> None:
    assert held(shop) == [(False, 7), (True, 5)]
    outcome = earmark.change(shop, Change(line=LINE, numbers=Numbers(), quantity=Decimal(3)))
    assert [outcome.reserved, outcome.released] == [3, 4]
    assert held(shop) == [(False, 3), (True, 5)]


def test_what_names_a_number_is_changed_by_itself(shop: earmark.Database) -> None:
    earmark.change(shop, Change(line=LINE, numbers=FIVE, quantity=Decimal(2)))
    assert held(shop) == [(False, 7), (True, 2)]


def test_what_names_no_number_is_cancelled_by_itself_alone_and_among_many(
    shop: earmark.Database,
) -> None:
    unnamed = Cancel(line=LINE, numbers=Numbers())
    tried, _ = earmark.cancel_each(shop, [Cancel(line=LINE, numbers=Numbers(), preview=True)] * 2)
    assert isinstance(tried, earmark.Outcome)
    assert tried.released == earmark.cancel(shop, unnamed).released == 7
    assert held(shop) == [(True, 5)]
    with pytest.raises(NothingToCancel, match="that names no number"):
        earmark.cancel(shop, unnamed)


def test_what_names_no_number_is_held_by_itself(shop: earmark.Database) -> None:
    until = shop.clock().replace(year=2999)
    earmark.hold(shop, Hold(line=LINE, numbers=Numbers(), until=until))
    entries = earmark.reservations(shop, LINE)
    assert {e.is_specific: e.hold_until is not None for e in entries} == {True: False, False: True}


def test_a_fixed_binding_is_said_of_the_line_that_it_was_made_for(shop: earmark.Database) -> None:
    made = LineEntry(
        item_no="X", quantity=Decimal(9), location_code=stories.PLACE, made_for="SO2/1"
    )
    stories.sales(shop, SO2=9)
    purchase = DocumentEntry(kind=DocumentKind.PURCHASE_ORDER, document_no="PO1", lines=(made,))
    earmark.enter_documents(shop, earmark.EnterDocuments(documents=(purchase,)))
    said = "PO1/1 was made for line SO2/1"
    with pytest.raises(BindingFixed, match=said):
        earmark.cancel(shop, Cancel(line="PO1/1"))
    with pytest.raises(BindingFixed, match=said):
        earmark.change(shop, Change(line="PO1/1", quantity=Decimal(1)))
    with pytest.raises(BindingFixed, match=said):
        earmark.hold(shop, Hold(line="PO1/1", until=None))
