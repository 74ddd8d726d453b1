"""Late binding against every assignment there is: it grants the most and moves the least."""

from decimal import Decimal

from hypothesis import event, given, settings

from earmark.core.balance import ReservationChanges, RunningBalance
from earmark.core.commands import Choice
from earmark.core.eligibility import obstacle, unfit
from earmark.core.outcome import Outcome
from earmark.core.reserving import Request, reserve
from earmark.core.stock import Slot, TrackedQuantity
from earmark.core.tracking import NO_NUMBERS, Numbers
from tests.laws.assignments import Best, Cost, Unit, best
from tests.laws.pictures import LOTS, Picture, Promises, after, per_supply, pictures

LOT_A = LOTS[0]
THOROUGHLY = settings(max_examples=8 * settings().max_examples)
"""These examples are cheap, and the rare ones are the hard ones."""


def asked_for(picture: Picture, numbers: Numbers) -> tuple[Outcome, ReservationChanges]:
    """What the engine answers to the request of a picture, and what it changes."""
    own = sum(
        quantity for slot, quantity in picture.before.items() if _is_own(picture, slot, numbers)
    )
    tracked = TrackedQuantity(numbers, Decimal(own + picture.wanted), None, Decimal(0), None)
    balance = RunningBalance(picture.shelf)
    request = Request(
        demand=picture.demand,
        tracking=[tracked] if numbers else [],
        numbers=numbers or Choice.ANY,
        quantity=Decimal(picture.wanted),
    )
    return reserve(balance, request), balance.changes()


def _is_own(picture: Picture, slot: Slot, numbers: Numbers) -> bool:
    return bool(numbers) and slot.line == picture.demand.line and slot.asked == numbers


def at_best(picture: Picture, numbers: Numbers, *, out_of_stock: bool) -> Best:
    """What could be granted at best, by trying every assignment of the movable units."""
    supplies = picture.supplies
    known = {demand.line: demand for demand in picture.shelf.all_demands}
    stock = {place for place, supply in enumerate(supplies) if supply.is_stock}
    room = [int(supply.quantity) for supply in supplies]
    units: list[Unit] = []
    for slot, quantity in picture.before.items():
        home = slot.supply_no - 1
        if not slot.is_movable:
            room[home] -= quantity
            continue
        demand = known[slot.line]
        fit = {place for place, supply in enumerate(supplies) if unfit(supply, demand) is None}
        if home in stock and not out_of_stock:
            fit &= stock
        units += [Unit(home, frozenset(fit | {home}))] * quantity
    asked = [
        place
        for place, supply in enumerate(supplies)
        if obstacle(supply, picture.demand, numbers) is None
    ]
    return best(tuple(room), units, stock=stock, asked=asked, wanted=picture.wanted)


def cost_of(picture: Picture, promised: Promises) -> Cost:
    """How many movable units stand elsewhere than before, and how many of them left stock."""
    moved = sum(
        max(quantity - promised[slot], 0)
        for slot, quantity in picture.before.items()
        if slot.is_movable
    )
    before = per_line_in_stock(picture, picture.before)
    now = per_line_in_stock(picture, promised)
    return moved, sum(max(quantity - now[line], 0) for line, quantity in before.items())


def per_line_in_stock(picture: Picture, promised: Promises) -> dict[str, int]:
    """How many movable units of each line stand in stock."""
    is_stock = {supply.supply_no: supply.is_stock for supply in picture.supplies}
    lines = dict.fromkeys((slot.line for slot in picture.before if slot.is_movable), 0)
    for slot, quantity in promised.items():
        if slot.line in lines and slot.is_movable and is_stock[slot.supply_no]:
            lines[slot.line] += quantity
    return lines


def granted_to_asking(picture: Picture, promised: Promises, numbers: Numbers) -> int:
    """How much more the asking line holds under the numbers it named than before."""
    return sum(
        promised[slot] - picture.before[slot]
        for slot in promised
        if _is_own(picture, slot, numbers)
    )


@THOROUGHLY
@given(pictures())
def test_a_lot_asked_for_is_granted_exactly_as_far_as_every_promise_can_still_be_kept(
    picture: Picture,
) -> None:
    outcome, changes = asked_for(picture, LOT_A)
    expected = at_best(picture, LOT_A, out_of_stock=True)
    event(f"granted {expected.granted}, moved {expected.cost[0]}")
    assert outcome.reserved == expected.granted
    assert outcome.reserved + outcome.shortfall == picture.wanted
    assert granted_to_asking(picture, after(picture, changes), LOT_A) == expected.granted


@THOROUGHLY
@given(pictures())
def test_no_more_units_move_or_leave_stock_than_must(picture: Picture) -> None:
    _, changes = asked_for(picture, LOT_A)
    expected = at_best(picture, LOT_A, out_of_stock=True)
    event(f"moved {expected.cost[0]}, demoted {expected.cost[1]}")
    assert cost_of(picture, after(picture, changes)) == expected.cost
    assert sum(move.quantity for move in changes.moves) == expected.cost[0]


@given(pictures())
def test_nobody_loses_a_unit_and_no_supply_is_promised_beyond_what_it_has(
    picture: Picture,
) -> None:
    _, changes = asked_for(picture, LOT_A)
    promised = after(picture, changes)
    for supply in picture.supplies:
        assert per_supply(promised)[supply.supply_no] <= supply.quantity
    assert _of_holders(promised, picture) == _of_holders(picture.before, picture)
    assert not changes.releases


@given(pictures())
def test_only_nonspecific_reservations_move_and_only_to_goods_that_suit_them(
    picture: Picture,
) -> None:
    _, changes = asked_for(picture, LOT_A)
    promised = after(picture, changes)
    known = {demand.line: demand for demand in picture.shelf.all_demands}
    for slot, quantity in picture.before.items():
        if not slot.is_movable:
            assert promised[slot] >= quantity
    for slot, quantity in promised.items():
        if quantity > picture.before[slot]:
            supply = picture.supplies[slot.supply_no - 1]
            assert obstacle(supply, known[slot.line], slot.asked) is None


@given(pictures())
def test_a_request_for_any_goods_takes_stock_from_nobody(picture: Picture) -> None:
    outcome, changes = asked_for(picture, NO_NUMBERS)
    promised = after(picture, changes)
    assert outcome.reserved + outcome.shortfall == picture.wanted
    before = per_line_in_stock(picture, picture.before)
    now = per_line_in_stock(picture, promised)
    assert all(now[line] >= quantity for line, quantity in before.items())
    assert _of_others(promised, picture) == _of_others(picture.before, picture)


def _of_holders(promised: Promises, picture: Picture) -> dict[str, int]:
    """What each line holds, less what the asking line was granted."""
    total: dict[str, int] = {}
    for slot, quantity in promised.items():
        if not _is_own(picture, slot, LOT_A):
            total[slot.line] = total.get(slot.line, 0) + quantity
    return total


def _of_others(promised: Promises, picture: Picture) -> dict[str, int]:
    """What each line but the asking one holds."""
    total: dict[str, int] = {}
    for slot, quantity in promised.items():
        if slot.line != picture.demand.line:
            total[slot.line] = total.get(slot.line, 0) + quantity
    return total
