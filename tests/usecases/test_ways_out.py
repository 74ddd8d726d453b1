"""Ways out of a shortage: each is what then happens, or is only advice and says so."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

import earmark
from earmark import Cancel, Numbers, Reserve, SupplyTake, Take, TakeWayOut
from earmark.core.roles import Role, allowed_to
from earmark.core.why_views import WayKind, WayOut
from earmark.errors import LineUnknown, NotAllowed, ReasonMissing, RequestReused
from earmark.errors.shortages import AdviceOnly, WayOutDiffers, WayOutUnknown
from earmark.usecases import demonstration

LINE = "SO4711/2"
SPLIT = "split:2026-12-15:60"


def ways(database: earmark.Database) -> dict[WayKind, WayOut]:
    """The ways out of the line that is short, by kind."""
    return {way.kind: way for way in earmark.why(database, LINE).ways_out}


def test_the_smallest_change_comes_first(story: earmark.Database) -> None:
    found = earmark.why(story, LINE).ways_out
    assert [(w.what, int(w.gains), int(w.then), len(w.moved), w.decides) for w in found] == [
        ("Ship 2 days earlier, 2026-11-30", 60, 240, 1, "you"),
        ("Split: 60 on 2026-12-15", 60, 240, 1, "you"),
        ("Release Lot L2417", 60, 240, 1, "quality"),
        ("Accept 58 days for this line", 60, 240, 1, "the customer"),
        ("Ship all later, 2026-12-15", 60, 240, 1, "you"),
        ("Transfer 54 of L2430 from WEST", 54, 234, 1, "you"),
        ("Ask Vester Clinic for 24 of L2503", 24, 204, 2, "the holder"),
        ("Wait for the hold on L2503", 12, 192, 1, "nobody"),
    ]


def test_what_stays_free_is_of_use_to_others(story: earmark.Database) -> None:
    view = earmark.why(story, LINE)
    assert view.left_over == Decimal(96)
    assert [(d.line, d.unreserved) for d in view.useful_to] == [
        ("SO4716/1", Decimal(30)),
        ("SO4718/3", Decimal(48)),
    ]
    assert [(m.line, m.quantity) for m in view.moves] == [("SO4698/1", Decimal(40))]
    (blocking,) = view.blockings
    assert (blocking.why, blocking.by) == ("QN118, cap torque", "Eva")


def test_why_is_answered_as_it_was(story: earmark.Database) -> None:
    then = earmark.history(story, limit=1)[0].moment
    earmark.take_way_out(story, TakeWayOut(line=LINE, way=SPLIT))
    before = earmark.why(story, LINE, as_of=then)
    assert [way.way for way in before.ways_out][1] == SPLIT
    assert before.useful_to
    assert earmark.why(story, LINE).missing == Decimal(0)


@pytest.mark.parametrize(
    "kind",
    [WayKind.SHIP_EARLIER, WayKind.SPLIT, WayKind.RELEASE, WayKind.SHIP_LATER, WayKind.ASK],
)
def test_a_way_out_gains_what_it_says_and_its_preview_is_what_then_happens(
    story: earmark.Database, kind: WayKind
) -> None:
    way = ways(story)[kind]
    command = TakeWayOut(line=LINE, way=way.way, expects=way.then)
    before = earmark.history(story, limit=1)
    tried = earmark.take_way_out(story, TakeWayOut(line=LINE, way=way.way, preview=True))
    assert earmark.history(story, limit=1) == before
    assert tried.is_preview
    done = earmark.take_way_out(story, command)
    assert (done.reserved, done.effects) == (tried.reserved, tried.effects)
    assert (done.reserved, done.moved, done.lost) == (way.then, way.moved, Decimal(0))
    assert not earmark.verify(story)


def test_a_split_says_what_every_line_has_before_and_after(story: earmark.Database) -> None:
    done = earmark.take_way_out(story, TakeWayOut(line=LINE, way=SPLIT))
    assert [(e.line, int(e.before), int(e.after), e.is_new, e.is_moved) for e in done.effects] == [
        ("SO4711/2", 0, 180, False, False),
        ("SO4711/11", 0, 60, True, False),
        ("SO4698/1", 40, 40, False, True),
    ]
    assert (done.added, done.unchanged, done.unchanged_reserved) == (
        ("SO4711/11",),
        5,
        Decimal(128),
    )
    (stands,) = done.effects[2].stands_on
    assert (stands.numbers.lot_no, stands.days_left) == ("L2411", 65)
    assert earmark.line(story, "SO4711/11").date == date(2026, 12, 15)


def test_without_a_way_what_can_be_had_is_reserved(story: earmark.Database) -> None:
    done = earmark.take_way_out(story, TakeWayOut(line=LINE, expects=Decimal(180)))
    assert (done.reserved, done.added, done.moved) == (Decimal(180), (), ("SO4698/1",))


def test_asking_a_holder_takes_his_number_and_leaves_him_his_goods(
    story: earmark.Database,
) -> None:
    earmark.take_way_out(story, TakeWayOut(line=LINE, way=ways(story)[WayKind.ASK].way))
    (held,) = earmark.reservations(story, "SO4702/1")
    assert (held.quantity, held.is_specific, held.numbers.lot_no) == (Decimal(24), False, "L2406")
    assert earmark.tracking_lines(story, "SO4702/1") == ()


def test_a_holder_of_somebody_else_is_asked_with_the_permission_and_a_reason(
    story: earmark.Database,
) -> None:
    command = TakeWayOut(line=LINE, way=ways(story)[WayKind.ASK].way, by="Ben")
    with pytest.raises(NotAllowed):
        earmark.take_way_out(story, replace(command, allowed=allowed_to(Role.ORDER_PROCESSOR)))
    planner = replace(command, allowed=allowed_to(Role.PLANNER))
    with pytest.raises(ReasonMissing):
        earmark.take_way_out(story, planner)
    done = earmark.take_way_out(story, replace(planner, reason="Vester agreed by telephone"))
    assert done.reserved == Decimal(204)


@pytest.mark.parametrize("kind", [WayKind.ACCEPT, WayKind.BRING, WayKind.WAIT])
def test_what_is_only_advice_is_not_done(story: earmark.Database, kind: WayKind) -> None:
    with pytest.raises(AdviceOnly):
        earmark.take_way_out(story, TakeWayOut(line=LINE, way=ways(story)[kind].way))
    assert earmark.line(story, LINE).reserved == Decimal(0)


def test_what_has_changed_since_is_no_way_out_any_more(story: earmark.Database) -> None:
    earmark.edit_line(story, earmark.EditLine(line=LINE, quantity=Decimal(230)))
    with pytest.raises(WayOutUnknown):
        earmark.take_way_out(story, TakeWayOut(line=LINE, way=SPLIT))


def test_another_quantity_than_was_shown_is_refused_and_nothing_is_changed(
    story: earmark.Database,
) -> None:
    twelve = SupplyTake(
        supply="PO1208/1", quantity=Decimal(12), numbers=Numbers("L2521"), is_specific=True
    )
    earmark.take(story, Take(line="SO4718/3", takes=(twelve,)))
    with pytest.raises(WayOutDiffers) as refused:
        earmark.take_way_out(story, TakeWayOut(line=LINE, expects=Decimal(180)))
    assert refused.value.facts["now"] == Decimal(168)
    assert earmark.line(story, LINE).reserved == Decimal(0)


def test_the_same_request_is_carried_out_once(story: earmark.Database) -> None:
    command = TakeWayOut(line=LINE, way=SPLIT, request_id="r1")
    earmark.take_way_out(story, command)
    again = earmark.take_way_out(story, command)
    assert (again.is_repeated, again.reserved) == (True, Decimal(180))
    assert not earmark.exists(story, "SO4711/12")
    with pytest.raises(RequestReused):
        earmark.take_way_out(story, TakeWayOut(line=LINE, request_id="r1"))


def test_a_way_out_is_of_a_demand_line(story: earmark.Database) -> None:
    with pytest.raises(LineUnknown):
        earmark.take_way_out(story, TakeWayOut(line="PO1214/1"))


def test_a_hold_that_ends_leaves_nothing_to_wait_for(story: earmark.Database) -> None:
    story.clock = lambda: demonstration.NOW + timedelta(hours=4)
    assert WayKind.WAIT not in ways(story)


def test_a_refusal_in_the_middle_takes_everything_back(story: earmark.Database) -> None:
    earmark.reserve(story, Reserve(line=LINE))
    day = next(w for w in earmark.why(story, LINE).ways_out if w.kind is WayKind.SHIP_EARLIER)
    before = earmark.reservations(story, LINE)
    earmark.cancel(story, Cancel(line=LINE, supply="PO1208/1"))
    with pytest.raises(WayOutDiffers):
        earmark.take_way_out(story, TakeWayOut(line=LINE, way=day.way, expects=Decimal(1)))
    assert earmark.line(story, LINE).date == date(2026, 12, 2)
    assert len(earmark.reservations(story, LINE)) == len(before) - 1


def test_a_way_out_needs_the_permission_for_its_change(story: earmark.Database) -> None:
    release = ways(story)[WayKind.RELEASE]
    allowed = allowed_to(Role.ORDER_PROCESSOR)
    command = TakeWayOut(line=LINE, way=release.way, by="Ben", allowed=allowed)
    for tried in (command, replace(command, preview=True)):
        with pytest.raises(NotAllowed, match="rate"):
            earmark.take_way_out(story, tried)
