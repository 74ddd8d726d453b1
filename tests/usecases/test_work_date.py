"""What is judged by the day it is, and which times can be meant."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

import earmark
from earmark import Dimension, Hold, Item, Numbers, Reserve, SetUp, StockRow, TrackingCode
from earmark.errors import ValueInvalid
from earmark.errors.holds import HoldEnded
from tests import stories
from tests.office import Clock

LAST_DAY = date(2026, 1, 10)


@pytest.fixture
def shop(database: earmark.Database) -> earmark.Database:
    """Ten of a lot that is good until the tenth of January, four for an order of the fifth."""
    database.clock = lambda: datetime(2026, 1, 1, 9, tzinfo=UTC)
    stories.open_shop(database)
    dated = TrackingCode("LOTS", specific=frozenset({Dimension.LOT}), expiration_used=True)
    earmark.set_up(database, SetUp(tracking_codes=(dated,)))
    row = StockRow(
        item_no=stories.LOT, location_code=stories.PLACE, quantity=Decimal(10),
        numbers=Numbers("L1"), expiration_date=LAST_DAY,
    )  # fmt: skip
    stories.stock(database, row)
    stories.sales(database, UNDATED=2)
    entered = [("DUE", stories.line(4, on=date(2026, 1, 5)))]
    stories.orders(database, earmark.DocumentKind.SALES_ORDER, entered)
    earmark.reserve(database, Reserve(line="DUE/1"))
    earmark.reserve(database, Reserve(line="UNDATED/1"))
    return database


def test_a_promise_of_goods_that_expired_after_its_line_was_due_is_an_alert(
    shop: earmark.Database,
) -> None:
    shop.clock = lambda: datetime(2026, 1, 10, 23, tzinfo=UTC)
    assert earmark.alerts(shop) == ()
    shop.clock = lambda: datetime(2026, 1, 11, tzinfo=UTC)
    told = {(alert.line, alert.reason, int(alert.quantity)) for alert in earmark.alerts(shop)}
    assert told == {("DUE/1", "number-expired", 4), ("UNDATED/1", "number-expired", 2)}
    assert earmark.verify(shop) == ()


def test_as_of_a_day_lines_are_judged_by_that_day(shop: earmark.Database) -> None:
    stories.sales(shop, NEXT=1)
    then = shop.clock()
    shop.clock = lambda: datetime(2026, 2, 1, tzinfo=UTC)
    assert [c.available for c in earmark.candidates(shop, "NEXT/1")] == [0]
    assert [c.available for c in earmark.candidates(shop, "NEXT/1", as_of=then)] == [4]


@pytest.mark.parametrize(
    "until",
    [
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(1960, 1, 1, tzinfo=UTC),
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(2026, 1, 1, 9, tzinfo=UTC),
    ],
)
def test_a_hold_until_a_time_that_is_past_is_refused(
    shop: earmark.Database, until: datetime
) -> None:
    stories.sales(shop, NEXT=1)
    with pytest.raises(HoldEnded):
        earmark.reserve(shop, Reserve(line="NEXT/1", hold_until=until))
    with pytest.raises(HoldEnded):
        earmark.hold(shop, Hold(line="DUE/1", until=until))
    (answer,) = earmark.reserve_each(shop, [Reserve(line="NEXT/1", hold_until=until)])
    assert isinstance(answer, HoldEnded)
    assert earmark.line(shop, "NEXT/1").reserved == 0


@pytest.mark.parametrize(
    "until",
    [
        datetime.max.replace(tzinfo=UTC),
        datetime(3000, 1, 1, tzinfo=UTC),
        datetime(2027, 1, 1),  # noqa: DTZ001 - a time without a zone is what is tried
    ],
)
def test_a_time_that_nobody_can_mean_is_refused(shop: earmark.Database, until: datetime) -> None:
    with pytest.raises(ValueInvalid):
        earmark.hold(shop, Hold(line="DUE/1", until=until))
    stories.sales(shop, NEXT=1)
    with pytest.raises(ValueInvalid):
        earmark.reserve(shop, Reserve(line="NEXT/1", hold_until=until))
    assert earmark.line(shop, "NEXT/1").reserved == 0


def test_a_hold_ends_to_the_microsecond(shop: earmark.Database) -> None:
    clock = Clock()
    clock.now, shop.clock = shop.clock(), clock
    stories.sales(shop, NEXT=1)
    instant = timedelta(microseconds=1)
    earmark.reserve(shop, Reserve(line="NEXT/1", hold_until=clock.now + 2 * instant))
    clock.now += instant
    assert earmark.line(shop, "NEXT/1").reserved == 1
    clock.now += instant
    assert earmark.line(shop, "NEXT/1").reserved == 0
    assert earmark.verify(shop) == ()


def test_an_item_without_expiration_dates_has_no_shelf_life(shop: earmark.Database) -> None:
    clinic = earmark.Customer(customer_no="C1", minimum_shelf_life_days=60)
    earmark.set_up(shop, SetUp(items=(Item(item_no="BRACKET"),), customers=(clinic,)))
    row = StockRow(item_no="BRACKET", location_code=stories.PLACE, quantity=Decimal(1))
    stories.stock(shop, row)
    line = earmark.LineEntry(
        item_no="BRACKET", quantity=Decimal(1), location_code=stories.PLACE, date=LAST_DAY
    )
    order = earmark.DocumentEntry(
        kind=earmark.DocumentKind.SALES_ORDER, document_no="SO", customer_no="C1", lines=(line,)
    )
    earmark.enter_documents(shop, earmark.EnterDocuments(documents=(order,)))
    assert earmark.reserve(shop, Reserve(line="SO/1")).reserved == 1
