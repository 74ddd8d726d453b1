"""A unit that has moved for the first asked for may have to go home again for the second."""

from datetime import timedelta
from decimal import Decimal

import pytest

from earmark.core.documents import LineKind
from earmark.core.items import PickingOrder, ReservePolicy
from earmark.core.shelf import MemoryShelf
from earmark.core.stock import Binding, Demand, ReservationEntry, Slot, Supply
from earmark.core.tracking import NO_NUMBERS, Dimension
from tests.laws.pictures import ASKING, DAY, KEY, LOTS, Picture, after
from tests.laws.test_late_binding_oracle import LOT_A, asked_for, at_best, cost_of

# Each supply is good on one day alone, and each holder can use what is good on his: so who may go
# where is written in two columns. Supply 1 is what is asked for; 3 and 6 are free.
#
#     H1 on 1 --> 2, held by H3 --> 3        H1 on 1 --> 5, held by H4 --> 6
#     H2 on 1 --> 4, held by H6 --> 3
#
# If H1 is the first to go, and goes by 2, then H3 must go home from 3 to make room for H6.
DAYS = {1: 9, 2: 0, 3: 3, 4: 2, 5: 0, 6: 1}
HOLDERS = {"H1/1": (1, 0), "H2/1": (1, 2), "H3/1": (2, 3), "H4/1": (5, 1), "H6/1": (4, 3)}


def supply(supply_no: int, day: int) -> Supply:
    """Goods on order that are good on one day; two of the lot asked for, one of any other."""
    on = DAY + timedelta(days=day)
    return Supply(
        supply_no=supply_no,
        kind=str(LineKind.PURCHASE),
        key=KEY,
        source=f"PO{supply_no}/1",
        numbers=LOTS[0] if supply_no == 1 else LOTS[1],
        quantity=Decimal(2 if supply_no == 1 else 1),
        reserved=Decimal(0),
        nonspecific=Decimal(0),
        available_on=on,
        posted_on=None,
        expiration_date=on,
        is_blocked=False,
    )


def demand(line: str, day: int, reserved: int, unreserved: int) -> Demand:
    """A sales line for one day."""
    return Demand(
        line=line,
        kind=LineKind.SALES,
        key=KEY,
        needed_on=DAY + timedelta(days=day),
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


def entry(line: str, supply_no: int, ordinal: int) -> ReservationEntry:
    """One unit, nonspecific."""
    return ReservationEntry(
        1, ordinal, Slot(line, supply_no, NO_NUMBERS, Binding.NONE, None), Decimal(1)
    )


@pytest.mark.parametrize("day", [0, 4], ids=["H2 goes first", "H1 goes first"])
@pytest.mark.parametrize("wanted", [1, 2])
def test_the_second_unit_finds_its_way_although_the_first_took_it(wanted: int, day: int) -> None:
    known = [supply(number, on or day) for number, on in DAYS.items()]
    lines = [demand(line, on or day, 1, 0) for line, (_, on) in HOLDERS.items()]
    lines.append(demand(ASKING, 9, 0, wanted))
    held = [entry(line, at, at) for line, (at, _) in HOLDERS.items()]
    picture = Picture(MemoryShelf(KEY, PickingOrder.FEFO, known, held, lines), wanted)
    outcome, changes = asked_for(picture, LOT_A)
    expected = at_best(picture, LOT_A, out_of_stock=True)
    assert (expected.granted, expected.cost) == (wanted, (2 * wanted, 0))
    assert outcome.reserved == wanted
    assert cost_of(picture, after(picture, changes)) == expected.cost
