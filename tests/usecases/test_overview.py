"""An item and its numbers at a glance: the figures of the story, on both databases."""

from datetime import date
from decimal import Decimal

import pytest

import earmark
from earmark import Numbers
from earmark.core.overview import ItemOverview, Manner, Ribbon
from earmark.core.ribbons import called
from earmark.errors import ItemUnknown, NumberUnknown
from earmark.usecases import demonstration


def said(*quantities: Decimal) -> str:
    """Quantities as one reads them."""
    return " ".join(f"{quantity:f}" for quantity in quantities)


def ribbon(seen: ItemOverview, name: str) -> Ribbon:
    """The goods with this lot no., in stock, or of this line."""
    return next(r for r in seen.ribbons if name in (r.supply, called(r)))


def test_the_figures_of_1040_are_those_of_the_story(story: earmark.Database) -> None:
    seen = earmark.item_overview(story, "1040", location_code="EAST")
    in_stock = (seen.inventory, seen.reserved_in_stock, seen.blocked, seen.available)
    assert said(*in_stock, seen.inbound) == "324 108 60 156 420"
    assert said(seen.reserved, seen.open) == "168 318"
    assert [place.location_code for place in seen.places] == ["EAST", "WEST"]
    supply = [f"{s.on:%m-%d} {s.supply}" for s in seen.steps if s.arrived or s.gone]
    assert supply[:5] == ["11-24 264", "11-27 300", "11-30 444", "12-15 684", "12-19 648"]
    assert supply[5:7] == ["02-01 548", "06-01 492"]
    assert said(seen.steps[-1].demand, seen.steps[-1].reserved) == "474 156"
    (shortage,) = seen.shortages
    assert (shortage.since, str(shortage.quantity), shortage.days) == (date(2026, 12, 11), "30", 4)


def test_240_are_needed_of_which_180_are_good_enough(story: earmark.Database) -> None:
    seen = earmark.item_overview(story, "1040", location_code="EAST")
    tried = {d.line: said(d.open, d.possible, d.missing) for d in seen.open_demands}
    assert tried == {"SO4711/2": "240 180 60", "SO4716/1": "30 30 0", "SO4718/3": "48 48 0"}


def test_136_expire_unused_and_118_of_them_could_be_saved(story: earmark.Database) -> None:
    seen = earmark.item_overview(story, "1040", location_code="EAST")
    assert seen.waste.by_number == (("L2406", Decimal(36)), ("L2411", Decimal(100)))
    assert said(seen.waste.quantity, seen.waste.saved_by_reserving) == "136 78"
    assert seen.waste.reserving == ("SO4716/1", "SO4718/3")
    assert said(seen.waste.saved_by_moving) == "40"
    assert seen.waste.moving == (("SO4698/1", "L2411"),)


def test_a_lot_says_who_takes_it_when_and_how_firmly(story: earmark.Database) -> None:
    seen = earmark.item_overview(story, "1040", location_code="EAST")
    lot = ribbon(seen, "L2503")
    assert (said(lot.quantity, lot.available), lot.last_day) == ("96 20", date(2027, 4, 1))
    assert [(h.line, said(h.quantity), h.manner) for h in lot.holders] == [
        ("CART88213/1", "12", Manner.HOLD),
        ("SO4702/1", "24", Manner.SPECIFIC),
        ("SO4698/1", "40", Manner.NONSPECIFIC),
    ]
    assert said(ribbon(seen, "PO1208/1").held(Manner.BOUND)) == "60"
    blocked = ribbon(seen, "L2417")
    assert (blocked.is_blocked, said(blocked.available)) == (True, "0")
    assert blocked.why_blocked == "QN118, cap torque"


def test_serial_numbers_of_one_lot_are_one_ribbon(story: earmark.Database) -> None:
    seen = earmark.item_overview(story, "2230")
    lots = {called(r): said(r.quantity, r.available) for r in seen.ribbons}
    assert lots == {"P2609": "40 11", "P2611": "12 0", "P2614": "6 6"}
    held = [(h.line, said(h.quantity), h.numbers.serial_no) for h in seen.holders]
    assert ("SO4703/1", "17", "") in held


def test_a_lot_knows_where_it_came_from_and_where_it_is(story: earmark.Database) -> None:
    seen = earmark.number_overview(story, "1040", Numbers(lot_no="L2411"))
    assert said(seen.quantity, seen.available) == "120 100"
    came = [(m.verb, m.line, said(m.quantity)) for m in seen.movements]
    assert came == [("receive", "PO1183/1", "120")]
    assert [h.line for h in seen.holders] == ["SO4705/1"]
    both = earmark.number_overview(story, "1040", Numbers(lot_no="L2503"))
    there = [(r.supply_kind, said(r.quantity)) for r in both.ribbons]
    assert there == [("stock", "96"), ("supply", "36")]


def test_a_serial_number_says_who_holds_it(story: earmark.Database) -> None:
    seen = earmark.number_overview(story, "2230", Numbers(serial_no="VP2-0403"))
    assert [h.line for h in seen.holders] == ["SO4703/1"]
    assert seen.ribbons[0].numbers.package_no == "PK-00871"


def test_the_past_is_seen_as_it_was(story: earmark.Database) -> None:
    early = demonstration.NOW.replace(hour=7, minute=0)
    seen = earmark.item_overview(story, "1040", location_code="EAST", as_of=early)
    assert said(seen.inventory, seen.available) == "204 80"


def test_an_item_that_is_nowhere_is_seen_as_empty(story: earmark.Database) -> None:
    seen = earmark.item_overview(story, "1064", location_code="NORTH")
    assert said(seen.inventory) == "0"
    assert (seen.ribbons, seen.shortages, seen.open_demands) == ((), (), ())


def test_what_does_not_exist_is_refused(story: earmark.Database) -> None:
    with pytest.raises(ItemUnknown):
        earmark.item_overview(story, "9999")
    with pytest.raises(NumberUnknown):
        earmark.number_overview(story, "1040", Numbers(lot_no="L9"))


def test_the_list_of_items_has_the_figures_of_each_item_s_page(story: earmark.Database) -> None:
    for row in earmark.item_figures(story, location_code="EAST"):
        seen = earmark.item_overview(story, row.item.item_no, location_code="EAST")
        listed = (row.inventory, row.reserved_in_stock, row.blocked, row.available, row.inbound)
        own = (seen.inventory, seen.reserved_in_stock, seen.blocked, seen.available, seen.inbound)
        assert (listed, row.open) == (own, seen.open), row.item.item_no
