"""The plain cases of long lists, example by example: what columns decide, and what they leave."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from earmark.core.commands import Cancel, Choice, Reserve
from earmark.core.documents import LineKind
from earmark.core.items import PickingOrder, ReservePolicy, StockKey
from earmark.core.many import (
    Holding,
    Offer,
    Suits,
    give_back_in_turn,
    is_plain,
    named,
    take_in_turn,
)
from earmark.core.quantity import SCALE
from earmark.core.roles import Operation
from earmark.core.stock import STOCK, Demand, Supply
from earmark.core.tracking import Dimension, Numbers

KEY = StockKey("X", "", "EAST")
A = Numbers(lot_no="A")
DAY = date(2026, 6, 1)
GOODS = Supply(
    1, STOCK, KEY, "", A, Decimal(5), Decimal(0), Decimal(0), None, DAY, None, is_blocked=False
)
NEED = Demand(
    line="SO1/1",
    kind=LineKind.SALES,
    key=KEY,
    needed_on=DAY,
    outstanding=Decimal(5),
    reserved=Decimal(0),
    reserve=ReservePolicy.OPTIONAL,
    never_because="",
    takes_part=True,
    customer="",
    transit_days=0,
    minimum_shelf_life_days=0,
    specific=frozenset({Dimension.LOT}),
    picking_order=PickingOrder.FEFO,
)
SUITS = {"good": True, "bad": False}


def offer(line: str, *, supply_no: int = 1, available: int = 5, facts: str = "good") -> Offer:
    """A line of two that names lot A, and what is offered to it."""
    return ("X", line, "A", 2 * SCALE, 2 * SCALE, supply_no, available * SCALE, facts)


def held(line: str, quantity: int = 1, binding: str = "", by: str = "") -> Holding:
    """What a line holds in one entry."""
    return ("X", line, 1, quantity * SCALE, binding, by)


def taken(requests: list[Reserve], offers: list[Offer]) -> list[tuple[int, int]]:
    """Which requests take something, and how much."""
    asked = named(requests).get(Dimension.LOT, [])
    return [(at, row[3] // SCALE) for at, row in sorted(take_in_turn(asked, offers, SUITS).items())]


@pytest.mark.parametrize(
    ("demand", "supply"),
    [
        (replace(NEED, kind=LineKind.PURCHASE), GOODS),
        (replace(NEED, takes_part=False), GOODS),
        (replace(NEED, reserve=ReservePolicy.NEVER), GOODS),
        (replace(NEED, outstanding=Decimal(0)), GOODS),
        (replace(NEED, reserved=Decimal(1)), GOODS),
        (replace(NEED, specific=frozenset()), GOODS),
        (NEED, replace(GOODS, nonspecific=Decimal(1))),
        (NEED, replace(GOODS, is_blocked=True)),
        (NEED, replace(GOODS, expiration_date=date(2026, 5, 31))),
    ],
)
def test_what_has_to_be_weighed_or_refused_is_not_plain(demand: Demand, supply: Supply) -> None:
    assert is_plain(NEED, GOODS)
    assert not is_plain(demand, supply)


def test_facts_are_read_and_judged_once_however_many_lines_share_them() -> None:
    read: list[str] = []

    def reading(facts: str) -> tuple[Demand, Supply]:
        read.append(facts)
        return NEED, GOODS

    suits = Suits(reading)
    assert [suits["a"], suits["a"], suits["b"]] == [True, True, True]
    assert read == ["a", "b"]


def test_only_requests_that_name_one_number_and_point_at_nothing_are_asked_in_columns() -> None:
    noon = datetime(2026, 6, 1, 12, tzinfo=UTC)
    plain = Reserve(line="SO1/1", numbers=A)
    others = [
        Reserve(line="SO1/1"),
        Reserve(line="SO1/1", numbers=Choice.ALL),
        Reserve(line="SO1/1", numbers=Numbers(lot_no="A", serial_no="S")),
        replace(plain, supply="stock"),
        replace(plain, hold_until=noon),
    ]
    assert named([*others, plain]) == {Dimension.LOT: [("SO1/1", "A", len(others), None)]}


def test_each_line_sees_what_the_lines_before_it_took() -> None:
    lines = ["SO1/1", "SO2/1", "SO3/1"]
    requests = [Reserve(line=line, numbers=A) for line in lines]
    assert taken(requests, [offer(line) for line in lines]) == [(0, 2), (1, 2)]


def test_a_quantity_is_taken_where_it_is_one_and_no_more_than_the_line_needs() -> None:
    asked = Reserve(line="SO1/1", numbers=A)
    for quantity, found in ((1, [(0, 1)]), (2, [(0, 2)]), (3, []), (0, []), (-1, [])):
        assert taken([replace(asked, quantity=Decimal(quantity))], [offer("SO1/1")]) == found


def test_a_line_with_two_offers_a_bad_one_or_none_is_left_to_the_core() -> None:
    asked = [Reserve(line="SO1/1", numbers=A)]
    assert taken(asked, [offer("SO1/1"), offer("SO1/1", supply_no=2)]) == []
    assert taken(asked, [offer("SO1/1", facts="bad")]) == []
    assert taken(asked, []) == []


def test_a_line_that_is_asked_for_again_is_left_to_the_core_the_second_time() -> None:
    again = [Reserve(line="SO1/1", numbers=A, quantity=Decimal(1))] * 2
    assert taken(again, [offer("SO1/1")]) == [(0, 1)]


def test_all_that_a_line_holds_is_given_back_once() -> None:
    all_of_it = Cancel(line="SO1/1")
    entries = [held("SO1/1", 1), held("SO1/1", 2), held("SO2/1")]
    given = give_back_in_turn([all_of_it, all_of_it, Cancel(line="SO3/1")], entries)
    assert given == {0: ("X", "SO1/1", 2, 3 * SCALE, "", "")}


@pytest.mark.parametrize(
    ("command", "entries"),
    [
        (Cancel(line="SO1/1", supply="stock"), [held("SO1/1")]),
        (Cancel(line="SO1/1", numbers=A), [held("SO1/1")]),
        (Cancel(line="SO1/1"), [held("SO1/1", binding="order-to-order")]),
        (Cancel(line="SO1/1"), [held("SO1/1"), held("SO1/1", by="Ben")]),
        (Cancel(line="SO1/1", by="Ada", allowed=frozenset()), [held("SO1/1", by="Ben")]),
    ],
)
def test_a_part_what_is_bound_and_what_another_holds_is_for_the_core(
    command: Cancel, entries: list[Holding]
) -> None:
    assert give_back_in_turn([command], entries) == {}


def test_whoever_has_a_role_gives_back_his_own_in_columns() -> None:
    command = Cancel(line="SO1/1", by="Ben", allowed=frozenset({Operation.RESERVE}))
    assert 0 in give_back_in_turn([command], [held("SO1/1", by="Ben")])
