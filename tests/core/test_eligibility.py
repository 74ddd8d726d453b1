"""Whether a supply may serve a demand: every reason against it, its refusal and its words."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from earmark.core.documents import LineKind
from earmark.core.eligibility import Reason, in_words, obstacle, refusal
from earmark.core.items import PickingOrder, ReservePolicy, StockKey
from earmark.core.stock import STOCK, Demand, Supply
from earmark.core.tracking import NO_NUMBERS, Dimension, Numbers

EAST = StockKey("X", "", "EAST")
L1, L2 = Numbers(lot_no="L1"), Numbers(lot_no="L2")
DAY = date(2026, 6, 1)

GOODS = Supply(
    1, STOCK, EAST, "", L1, Decimal(5), Decimal(0), Decimal(0), None, DAY, None, is_blocked=False
)
NEED = Demand(
    line="SO1/1",
    kind=LineKind.SALES,
    key=EAST,
    needed_on=DAY,
    outstanding=Decimal(5),
    reserved=Decimal(0),
    reserve=ReservePolicy.OPTIONAL,
    never_because="",
    takes_part=True,
    customer="Anna",
    transit_days=2,
    minimum_shelf_life_days=0,
    specific=frozenset({Dimension.LOT}),
    picking_order=PickingOrder.FEFO,
)
STRICT = replace(NEED, minimum_shelf_life_days=60)
ON_ORDER = replace(GOODS, kind="purchase", source="PO1/1", numbers=NO_NUMBERS, posted_on=None)


@pytest.mark.parametrize(
    ("reason", "supply", "demand", "asked", "words"),
    [
        (Reason.OTHER_LOCATION, replace(GOODS, key=StockKey("X", "", "WEST")), NEED, L1, "At WEST"),
        (Reason.OTHER_VARIANT, replace(GOODS, key=StockKey("X", "RED", "EAST")), NEED, L1, "RED"),
        (Reason.OTHER_VARIANT, GOODS, replace(NEED, key=StockKey("X", "RED", "EAST")), L1, "blank"),
        (Reason.OTHER_NUMBER, GOODS, NEED, L2, "L1 is another number"),
        (Reason.NOT_SPECIFIC, ON_ORDER, NEED, L1, "not known yet"),
        (
            Reason.TOO_LATE,
            replace(ON_ORDER, available_on=date(2026, 6, 2)),
            NEED,
            NO_NUMBERS,
            "2026-06-02",
        ),
        (Reason.BLOCKED, replace(GOODS, is_blocked=True), NEED, L1, "blocked"),
        (Reason.EXPIRED, replace(GOODS, expiration_date=date(2026, 6, 2)), NEED, L1, "2026-06-02"),
        (
            Reason.SHELF_LIFE,
            replace(GOODS, expiration_date=date(2026, 8, 1)),
            STRICT,
            L1,
            "2026-08-01",
        ),
        (Reason.SHELF_LIFE, GOODS, STRICT, L1, "no known date"),
    ],
)
def test_a_supply_that_may_not_serve_says_why(
    reason: Reason, supply: Supply, demand: Demand, asked: Numbers, words: str
) -> None:
    assert obstacle(supply, demand, asked) is reason
    assert words in in_words(reason, supply, demand)


@pytest.mark.parametrize(
    ("supply", "demand"),
    [
        (GOODS, NEED),
        (replace(ON_ORDER, available_on=DAY), NEED),
        (replace(ON_ORDER, available_on=date(2099, 1, 1)), replace(NEED, needed_on=None)),
        (replace(GOODS, expiration_date=date(2026, 6, 3)), NEED),
        (replace(GOODS, expiration_date=date(2026, 8, 2)), STRICT),
        (ON_ORDER, STRICT),
    ],
)
def test_goods_in_time_and_good_on_the_very_day_may_serve(supply: Supply, demand: Demand) -> None:
    assert obstacle(supply, demand) is None


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        (Reason.TOO_LATE, "date-conflict"),
        (Reason.BLOCKED, "number-blocked"),
        (Reason.EXPIRED, "number-expired"),
        (Reason.SHELF_LIFE, "shelf-life"),
        (Reason.OTHER_NUMBER, "nothing-available"),
        (Reason.RESERVED, "nothing-available"),
    ],
)
def test_a_reason_has_its_refusal(reason: Reason, code: str) -> None:
    assert refusal(reason, GOODS, NEED).code == code


def test_what_others_hold_is_said_in_words() -> None:
    assert in_words(Reason.RESERVED, GOODS, NEED) == "All of it is held by others."
