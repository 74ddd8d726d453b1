"""What pages ask about numbers: what can be had of each, who holds it, what was pasted."""

from decimal import Decimal

import pytest

import earmark
from earmark import Choice, Dimension, Numbers, Reserve
from earmark.usecases import demonstration, looking_up
from earmark.usecases.numbers import (
    availability_of,
    numbers_of_document,
    read_for_line,
    remarks,
    rules_of,
)
from earmark.usecases.supply_shown import holders_on
from earmark.usecases.why import can_be_reserved

SERIALS = ["VP2-0417", "VP2-0422", "VP2-0425", "VP2-0403", "VP2-0430", "VP2-9999"]


def told(*facts: object) -> tuple[object, ...]:
    """Facts to compare: a quantity equals a whole number."""
    return facts


@pytest.fixture
def demo(database: earmark.Database) -> earmark.Database:
    """The company of the demonstration, on each kind of database."""
    demonstration.fill(database)
    database.clock = lambda: demonstration.NOW
    return database


def test_each_number_says_what_can_be_had_of_it(demo: earmark.Database) -> None:
    asked = [Numbers(serial_no=serial) for serial in SERIALS]
    own, loose, blocked, held, free, unknown = availability_of(demo, "SO4711/1", asked)
    assert told(own.own, own.available, own.completed.lot_no) == (1, 0, "P2609")
    assert told(loose.movable, loose.available) == (1, 0)
    assert loose.holders[0].line == "SO4720/1"
    assert told(blocked.reason, blocked.brief) == ("number-blocked", "blocked")
    assert told(held.available, held.movable, held.holders[0].is_specific) == (0, 0, True)
    assert told(free.available, free.in_stock, free.completed.package_no) == (1, 1, "PK-00874")
    assert told(unknown.total, unknown.supplies, unknown.completed) == (0, (), unknown.numbers)


def test_many_numbers_are_judged_as_each_by_itself(demo: earmark.Database) -> None:
    asked = [Numbers(serial_no=f"VP2-{n:04d}") for n in range(400, 470)]
    together = availability_of(demo, "SO4711/1", asked)
    assert together == [availability_of(demo, "SO4711/1", [one])[0] for one in asked]


def test_a_lot_is_had_from_stock_and_from_order_and_elsewhere_it_is_not(
    demo: earmark.Database,
) -> None:
    here, away, short = availability_of(
        demo, "SO4711/2", [Numbers("L2503"), Numbers("L2430"), Numbers("L2411")]
    )
    assert told(here.available, here.in_stock, here.movable) == (56, 20, 40)
    assert here.supplies[1] == "TO61/1"
    assert told(away.available, away.reason, away.total) == (0, "other-location", 54)
    assert short.brief == "58 days left on arrival, 60 required"
    (nothing,) = availability_of(demo, "SO4711/2", [Numbers()])
    assert nothing.total == 0


def test_the_numbers_of_a_document_stand_under_their_lines(demo: earmark.Database) -> None:
    numbers = numbers_of_document(demo, "SO4711")
    assert [t.numbers.lot_no for t in numbers["SO4711/2"]] == ["L2503", "L2521"]
    assert numbers["SO4711/4"] == ()
    assert numbers["SO4711/2"] == earmark.tracking_lines(demo, "SO4711/2")


def test_the_rules_of_a_line_are_those_of_its_items_tracking_code(demo: earmark.Database) -> None:
    rules = rules_of(demo, "SO4711/1")
    assert rules is not None
    assert rules.tracking_code == "SNLOTPK"
    assert rules.specific == frozenset(Dimension)
    assert rules.expiration_required
    earmark.set_up(demo, earmark.SetUp(items=(earmark.Item(item_no="BOLT"),)))
    line = earmark.LineEntry(item_no="BOLT", quantity=Decimal(1), location_code="EAST")
    order = earmark.DocumentEntry(
        kind=earmark.DocumentKind.SALES_ORDER, document_no="SO1", lines=(line,)
    )
    earmark.enter_documents(demo, earmark.EnterDocuments(documents=(order,)))
    assert rules_of(demo, "SO1/1") is None
    assert read_for_line(demo, "SO1/1", "A1", [])[0].numbers.serial_no == "A1"


def test_what_is_pasted_knows_the_numbers_that_are_there(demo: earmark.Database) -> None:
    known = [Numbers(serial_no="VP2-0431")]
    first, second = read_for_line(demo, "SO4711/1", "VP2-0431..VP2-0432", known)
    assert first.duplicate_of == 0
    assert second.error is None


def test_a_remark_says_why_a_number_is_blocked(demo: earmark.Database) -> None:
    asked = [Numbers("L2417"), Numbers("L2503")]
    assert remarks(demo, "1040", asked) == {Numbers("L2417"): "QN118, cap torque"}


def test_who_holds_a_supply_is_told_with_the_customer(demo: earmark.Database) -> None:
    (lot,) = [s for s in earmark.candidates(demo, "SO4711/2") if s.supply == "1040#1"]
    held = holders_on(demo, "SO4711/2", [lot.supply])
    assert [told(h.reservation.demand, h.customer, h.reservation.quantity) for h in held] == [
        ("SO4698/1", "Pharmacy Lindholm", 40),
        ("SO4702/1", "Vester Clinic", 24),
        ("CART88213/1", "Web shop", 12),
    ]
    assert sum(h.quantity for h in lot.holders) == 76
    assert lot.days_left == 178


def test_what_can_be_reserved_is_what_why_says(demo: earmark.Database) -> None:
    assert can_be_reserved(demo, "SO4711/2") == 180
    assert earmark.why(demo, "SO4711/2").can_be_reserved == 180


def test_a_line_says_what_of_it_is_specific_and_from_stock_and_when_it_arrives(
    demo: earmark.Database,
) -> None:
    line = earmark.line(demo, "SO4711/1")
    assert told(line.reserved_specific, line.reserved_in_stock) == (5, 5)
    assert str(line.arrives_on) == "2026-12-04"
    assert str(line.good_until) == "2027-02-02"
    assert earmark.line(demo, "PO1208/1").arrives_on is None


def test_master_data_is_there_to_choose_from(demo: earmark.Database) -> None:
    assert looking_up.items(demo)["1040"].description == "Enteral feed, standard 500 ml"
    assert set(looking_up.some_items(demo, ["1040", "none"])) == {"1040"}
    assert looking_up.customers(demo)["C0114"].transit_days == 2
    assert "EAST" in looking_up.locations(demo)
    assert "SNLOT" in looking_up.tracking_codes(demo)


def test_many_lines_at_once_say_whom_each_of_them_moved(demo: earmark.Database) -> None:
    commands = [
        Reserve(line="SO4711/1", numbers=Choice.ALL, preview=True),
        Reserve(line="SO4711/2", numbers=Choice.ALL, preview=True),
    ]
    first, second = earmark.reserve_each(demo, commands)
    assert isinstance(first, earmark.Outcome)
    assert isinstance(second, earmark.Outcome)
    assert first.moved == ("SO4720/1",)
    assert second.moved == ("SO4698/1",)
    assert second.warns("moved")
    alone = earmark.reserve(demo, commands[1])
    assert isinstance(alone, earmark.Outcome)
    assert second.moves == alone.moves


def test_documents_of_one_kind_are_those_of_all_that_are_of_it(demo: earmark.Database) -> None:
    everything = earmark.documents(demo)
    purchases = earmark.documents(demo, kind=earmark.DocumentKind.PURCHASE_ORDER)
    assert [d.document_no for d in purchases] == ["PO1183", "PO1208", "PO1214", "PO1216"]
    assert purchases == tuple(d for d in everything if d.kind == "purchase_order")
    assert all(d == earmark.document(demo, d.document_no) for d in everything)
