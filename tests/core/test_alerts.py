"""Alerts and undoing on pictures held in memory: what no command leads to today, but may once."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from earmark.core.alerts import Mending, alert_of
from earmark.core.balance import RunningBalance
from earmark.core.eligibility import Reason
from earmark.core.items import PickingOrder
from earmark.core.outlook import Picture
from earmark.core.shelf import MemoryShelf
from earmark.core.stock import Binding, ReservationEntry, Slot, Supply
from earmark.core.tracking import NO_NUMBERS
from earmark.core.undoing import Difference, undo_reservations
from tests.core.test_eligibility import DAY, EAST, GOODS, NEED, ON_ORDER

FIVE = Decimal(5)


def picture(supply: Supply, *others: Supply) -> tuple[Picture, ReservationEntry]:
    """A demand that holds five of a supply, on its own day."""
    entry = ReservationEntry(1, 0, Slot(NEED.line, 1, NO_NUMBERS, Binding.NONE, None), FIVE)
    held = replace(NEED, reserved=FIVE)
    shelf = MemoryShelf(EAST, PickingOrder.FEFO, [supply, *others], [entry], [held])
    return Picture(shelf=shelf, demands={held.line: held}, tracking={}, work_date=DAY), entry


def test_goods_that_come_too_late_would_do_on_the_day_they_come() -> None:
    late = DAY + timedelta(days=3)
    seen, entry = picture(replace(ON_ORDER, available_on=late))
    alert = alert_of(seen, entry, "", None)
    assert alert is not None
    assert alert.reason == Reason.TOO_LATE
    assert [(way.mending, way.date) for way in alert.repairs] == [(Mending.REDATE, late)]


def test_nobody_is_asked_to_ship_in_the_past() -> None:
    seen, entry = picture(replace(GOODS, expiration_date=date(2026, 6, 1)))
    alert = alert_of(seen, entry, "", None)
    assert alert is not None
    assert alert.repairs == ()


def test_goods_that_are_good_are_no_alert() -> None:
    seen, entry = picture(GOODS)
    assert alert_of(seen, entry, "", None) is None


def test_who_stepped_aside_stays_where_his_old_place_is_too_small_by_now() -> None:
    small = replace(GOODS, supply_no=2, quantity=Decimal(3))
    seen, entry = picture(GOODS, small)
    balance = RunningBalance(seen.shelf)
    came = Difference(balance, entry.slot, FIVE)
    left = Difference(balance, entry.slot._replace(supply_no=2), -FIVE)
    undone = undo_reservations([came, left], frozenset(), lambda _: FIVE, lambda _s, _l: False)
    assert undone.released + undone.reserved == 0
    assert balance.reserved_of(NEED.line) == FIVE
    assert balance.changes().made == ()


def test_a_reservation_that_only_changed_its_kind_is_not_told_as_a_move() -> None:
    seen, entry = picture(GOODS)
    balance = RunningBalance(seen.shelf)
    named = entry.slot._replace(asked=GOODS.numbers)
    changes = [Difference(balance, entry.slot, FIVE), Difference(balance, named, -FIVE)]
    undo_reservations(changes, frozenset(), lambda _: FIVE, lambda _s, _l: False)
    assert balance.moves == []
    assert balance.held[named] == FIVE
