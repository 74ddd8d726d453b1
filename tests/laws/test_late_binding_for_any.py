"""Late binding for whoever would take any goods: holders change places, but keep their stock."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from earmark.core.balance import RunningBalance
from earmark.core.documents import LineKind
from earmark.core.items import PickingOrder, ReservePolicy
from earmark.core.reserving import Request, reserve
from earmark.core.shelf import MemoryShelf
from earmark.core.stock import STOCK, Binding, Demand, ReservationEntry, Slot, Supply
from earmark.core.tracking import NO_NUMBERS, Dimension
from tests.laws.pictures import ASKING, DAY, KEY, LOTS, Picture, after
from tests.laws.test_late_binding_oracle import asked_for, per_line_in_stock

SOON, LATE = DAY + timedelta(days=1), DAY + timedelta(days=3)


def supply(supply_no: int, kind: str, expiration_date: date | None) -> Supply:
    """One unit."""
    return Supply(
        supply_no=supply_no,
        kind=kind,
        key=KEY,
        source="" if kind == STOCK else f"PO{supply_no}/1",
        numbers=LOTS[0] if expiration_date is None else LOTS[1],
        quantity=Decimal(1),
        reserved=Decimal(0),
        nonspecific=Decimal(0),
        available_on=None,
        posted_on=DAY if kind == STOCK else None,
        expiration_date=expiration_date,
        is_blocked=False,
    )


def demand(line: str, needed_on: date, reserved: int, unreserved: int = 0) -> Demand:
    """A sales line."""
    return Demand(
        line=line,
        kind=LineKind.SALES,
        key=KEY,
        needed_on=needed_on,
        outstanding=Decimal(reserved + unreserved),
        reserved=Decimal(reserved),
        reserve=ReservePolicy.OPTIONAL,
        never_because="",
        takes_part=True,
        customer="",
        transit_days=0,
        minimum_shelf_life_days=0,
        specific=frozenset({Dimension.LOT}),
        picking_order=PickingOrder.FEFO,
    )


def holds(line: str, supply_no: int) -> ReservationEntry:
    """One unit promised to a line, any goods will do."""
    slot = Slot(line, supply_no, NO_NUMBERS, Binding.NONE, None)
    return ReservationEntry(1, supply_no, slot, Decimal(1))


@pytest.mark.parametrize(("first", "second"), [(SOON, DAY), (DAY, SOON)])
def test_who_needs_his_goods_first_does_not_change_how_much_is_granted(
    first: date, second: date
) -> None:
    """H1 holds an order and H2 stock that keep; goods that do not keep are free, stock and order.

    Whoever asks needs goods that keep. H2 can have the free stock and H1 the free order: two.
    """
    shelf = MemoryShelf(
        KEY,
        PickingOrder.FEFO,
        [
            supply(1, "purchase", None),
            supply(2, STOCK, None),
            supply(3, STOCK, SOON),
            supply(4, "purchase", SOON),
        ],
        [holds("H1/1", 1), holds("H2/1", 2)],
        [demand("H1/1", first, 1), demand("H2/1", second, 1), demand(ASKING, LATE, 0, 2)],
    )
    outcome = reserve(RunningBalance(shelf), Request(demand=shelf.demands([ASKING])[0]))
    assert outcome.reserved == 2


def test_nobody_leaves_stock_because_another_has_come_into_it() -> None:
    """H2 stands in stock on the lot asked for, H1 on two orders of it; 2 are free in stock."""
    known = [
        supply(1, "purchase", None),
        supply(2, "purchase", None),
        replace(supply(3, "purchase", None), numbers=LOTS[1], quantity=Decimal(2)),
        supply(4, STOCK, None),
        replace(supply(5, STOCK, None), numbers=LOTS[1], quantity=Decimal(3)),
    ]
    held = [*(holds("H1/1", number) for number in (1, 2, 3, 5)), holds("H2/1", 4)]
    lines = [demand("H1/1", SOON, 4), demand("H2/1", SOON, 1), demand(ASKING, SOON, 0, 3)]
    picture = Picture(MemoryShelf(KEY, PickingOrder.FEFO, known, held, lines), 3)
    outcome, changes = asked_for(picture, LOTS[0])
    assert outcome.reserved == 3
    now = after(picture, changes)
    assert per_line_in_stock(picture, now) == {"H1/1": 2, "H2/1": 1}
    assert sum(move.quantity for move in changes.moves) == 3
