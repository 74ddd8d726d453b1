"""Undo of one thing after another has been built on it: refused, with what stands in its way."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

import earmark
from earmark import (
    ChangeNumber,
    Choice,
    EditLine,
    Numbers,
    Reserve,
    SelectEntries,
    Track,
    TrackingLine,
    Undo,
)
from earmark.errors.undoing import Superseded
from tests import stories


@pytest.fixture
def shop(database: earmark.Database) -> earmark.Database:
    """Nine of lot A, and an order for four."""
    stories.open_shop(database)
    stories.stock(database, stories.row("A", 9))
    stories.sales(database, SO1=4)
    return database


def refuses(database: earmark.Database, moment: int, why: str) -> None:
    """The undo is refused and changes nothing."""
    before = earmark.reservations(database, "SO1/1")
    with pytest.raises(Superseded, match=why):
        earmark.undo(database, Undo(posting=str(moment)))
    assert earmark.reservations(database, "SO1/1") == before
    assert earmark.verify(database) == ()


@pytest.mark.parametrize("entering", ["track", "select"])
def test_numbers_that_were_reserved_since_stay_entered(
    shop: earmark.Database, entering: str
) -> None:
    if entering == "track":
        done = earmark.track(shop, Track(line="SO1/1", numbers=stories.lots({"A": 3})))
    else:
        done = earmark.select_entries(shop, SelectEntries(line="SO1/1", quantity=Decimal(3)))
    earmark.reserve(shop, Reserve(line="SO1/1", numbers=Choice.ALL))
    refuses(shop, done.moment, "SO1/1 has 3 of Lot A reserved since")


def test_a_line_stays_where_it_has_reserved_since(shop: earmark.Database) -> None:
    earmark.edit_line(shop, EditLine(line="SO1/1", location_code="WEST"))
    moved = earmark.edit_line(shop, EditLine(line="SO1/1", location_code="EAST"))
    earmark.reserve(shop, Reserve(line="SO1/1"))
    refuses(shop, moved.moment, "SO1/1 has reserved 4 since")


def test_a_supply_line_that_was_of_another_item_leaves_none_of_it(shop: earmark.Database) -> None:
    stories.orders(shop, earmark.DocumentKind.PURCHASE_ORDER, [("PO1", stories.line(5))])
    changed = earmark.edit_line(shop, EditLine(line="PO1/1", item_no=stories.SERIAL))
    earmark.undo(shop, Undo(posting=str(changed.moment)))
    assert earmark.verify(shop) == ()
    assert earmark.reserve(shop, Reserve(line="SO1/1", supply="PO1/1")).reserved == 4


def test_a_number_on_order_keeps_its_date_when_that_of_its_record_goes(
    shop: earmark.Database,
) -> None:
    expires = date(2099, 6, 10)
    entered = (TrackingLine(lot_no="N", quantity=Decimal(5), expiration_date=expires),)
    line = replace(stories.line(5), numbers=entered)
    stories.orders(shop, earmark.DocumentKind.PURCHASE_ORDER, [("PO1", line)])
    done = stories.stock(shop, replace(stories.row("N", 1), expiration_date=expires))
    earmark.undo(shop, Undo(posting=done.posting))
    (shown,) = [c for c in earmark.candidates(shop, "SO1/1") if c.supply == "PO1/1"]
    assert shown.expiration_date == expires
    changed = ChangeNumber(item_no=stories.LOT, numbers=Numbers("N"), expiration_date=None)
    earmark.change_number(shop, changed)
    (shown,) = [c for c in earmark.candidates(shop, "SO1/1") if c.supply == "PO1/1"]
    assert shown.expiration_date == expires
    assert earmark.verify(shop) == ()
