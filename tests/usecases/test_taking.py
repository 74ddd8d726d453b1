"""Taking from several supplies: all of it, or nothing, and what differs is said row by row."""

from decimal import Decimal

import pytest

import earmark
from earmark import Change, Choice, Numbers, Outcome, Reserve, SupplyTake, Take
from earmark.errors import (
    ExceedsOutstanding,
    LineUnknown,
    QuantityInvalid,
    ReserveNever,
    TrackingExceedsLine,
    ValueInvalid,
)
from earmark.errors.shortages import TakesDiffer
from tests.stories import open_shop, row, stock

LINE = "SO4711/2"


def taken(supply: str, quantity: int, lot_no: str = "", *, specific: bool = True) -> SupplyTake:
    """So much of a supply, by its number or any."""
    return SupplyTake(
        supply=supply, quantity=Decimal(quantity), numbers=Numbers(lot_no), is_specific=specific
    )


ALL_THAT_CAN_BE_HAD = (
    taken("stock", 60, "L2503"),
    taken("TO61/1", 36, "L2503"),
    taken("PO1208/1", 84, "L2521", specific=False),
)


def where(database: earmark.Database, line: str) -> list[tuple[str, str, int, bool]]:
    """Where a line's reservations stand."""
    return sorted(
        (r.supply_kind, r.numbers.lot_no, int(r.quantity), r.is_specific)
        for r in earmark.reservations(database, line)
    )


def test_180_are_reserved_from_three_supplies_and_one_holder_moves(story: earmark.Database) -> None:
    outcome = earmark.take(story, Take(line=LINE, takes=ALL_THAT_CAN_BE_HAD, by="Ana"))
    assert outcome.reserved == Decimal(180)
    assert [(m.line, int(m.quantity), m.to_numbers.lot_no) for m in outcome.moves] == [
        ("SO4698/1", 40, "L2411")
    ]
    assert where(story, LINE) == [
        ("purchase", "L2521", 84, False),
        ("stock", "L2503", 60, True),
        ("supply", "L2503", 36, True),
    ]
    assert not earmark.verify(story)


def test_a_preview_is_what_then_happens_and_saves_nothing(story: earmark.Database) -> None:
    tried = earmark.take(story, Take(line=LINE, takes=ALL_THAT_CAN_BE_HAD, preview=True))
    assert tried.is_preview
    assert earmark.line(story, LINE).reserved == Decimal(0)
    done = earmark.take(story, Take(line=LINE, takes=ALL_THAT_CAN_BE_HAD))
    assert (done.reserved, done.moves) == (tried.reserved, tried.moves)


def test_the_same_request_twice_is_done_once(story: earmark.Database) -> None:
    command = Take(line=LINE, takes=ALL_THAT_CAN_BE_HAD, request_id="r1")
    first, again = earmark.take(story, command), earmark.take(story, command)
    assert (again.is_repeated, again.moves) == (True, first.moves)
    assert earmark.line(story, LINE).reserved == Decimal(180)


def test_what_gives_less_is_said_with_yours_and_now_and_nothing_is_reserved(
    story: earmark.Database,
) -> None:
    earmark.reserve(story, Reserve(line="SO4718/3", supply="PO1208/1", quantity=Decimal(12)))
    takes = (*ALL_THAT_CAN_BE_HAD, taken("stock", 5, "L2417"))
    with pytest.raises(TakesDiffer) as refused:
        earmark.take(story, Take(line=LINE, takes=takes))
    rows = refused.value.facts["rows"]
    assert isinstance(rows, tuple)
    assert [(r.supply, r.numbers.lot_no, int(r.yours), int(r.now)) for r in rows] == [
        ("stock", "L2417", 5, 0),
        ("PO1208/1", "L2521", 84, 72),
    ]
    assert rows[0].why == "Lot L2417 of item 1040 is blocked."
    assert "Lot L2521 of PO1208/1 84, now 72" in refused.value.message
    assert earmark.line(story, LINE).reserved == Decimal(0)
    assert [t.quantity for t in earmark.tracking_lines(story, LINE)] == [Decimal(96), Decimal(84)]


def test_nobody_moves_who_was_not_shown(story: earmark.Database) -> None:
    takes = (taken("stock", 60, "L2503"),)
    with pytest.raises(TakesDiffer, match="SO4698/1 would move") as refused:
        earmark.take(story, Take(line=LINE, takes=takes, may_move=()))
    assert refused.value.facts["moved"] == ("SO4698/1",)
    outcome = earmark.take(story, Take(line=LINE, takes=takes, may_move=("SO4698/1",)))
    assert outcome.moved == ("SO4698/1",)


def test_a_number_that_is_taken_enters_the_item_tracking_lines(story: earmark.Database) -> None:
    takes = (taken("PO1208/1", 12, "L2521"), taken("TO61/1", 30, "L2503"))
    earmark.take(story, Take(line="SO4716/1", takes=(taken("stock", 10, "L2406"),)))
    assert [
        (t.numbers.lot_no, int(t.quantity)) for t in earmark.tracking_lines(story, "SO4716/1")
    ] == [("L2406", 10)]
    earmark.take(story, Take(line="SO4718/3", takes=takes))
    assert [
        (t.numbers.lot_no, int(t.quantity)) for t in earmark.tracking_lines(story, "SO4718/3")
    ] == [("L2521", 12), ("L2503", 30)]
    earmark.take(story, Take(line="SO4718/3", takes=(taken("PO1208/1", 6, "L2521"),)))
    entered = {t.numbers.lot_no: t.quantity for t in earmark.tracking_lines(story, "SO4718/3")}
    assert entered == {"L2521": Decimal(18), "L2503": Decimal(30)}
    assert earmark.line(story, "SO4718/3").reserved == Decimal(48)


def test_a_number_for_which_the_line_has_no_room_is_refused(story: earmark.Database) -> None:
    earmark.track(
        story,
        earmark.Track(
            line="SO4716/1",
            numbers=(earmark.TrackingLine(lot_no="L2411", quantity=Decimal(25)),),
        ),
    )
    with pytest.raises(TrackingExceedsLine):
        earmark.take(story, Take(line="SO4716/1", takes=(taken("stock", 6, "L2406"),)))


def test_any_of_a_row_stands_on_that_row_alone(story: earmark.Database) -> None:
    any_of = (taken("stock", 30, "L2411", specific=False),)
    earmark.take(story, Take(line="SO4716/1", takes=any_of))
    assert where(story, "SO4716/1") == [("stock", "L2411", 30, False)]
    with pytest.raises(TakesDiffer):
        earmark.take(
            story, Take(line="SO4718/3", takes=(taken("stock", 48, "L2503", specific=False),))
        )


@pytest.mark.parametrize(
    ("takes", "refusal"),
    [
        ((), ValueInvalid),
        ((taken("stock", 0, "L2503"),), QuantityInvalid),
        ((taken("stock", 5),), ValueInvalid),
        ((taken("stock", 241, "L2503"),), ExceedsOutstanding),
    ],
)
def test_takes_that_can_not_be_are_refused(
    story: earmark.Database, takes: tuple[SupplyTake, ...], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        earmark.take(story, Take(line=LINE, takes=takes))


def test_only_demand_takes(story: earmark.Database) -> None:
    with pytest.raises(LineUnknown):
        earmark.take(story, Take(line="PO1214/1", takes=ALL_THAT_CAN_BE_HAD))


def test_a_line_that_is_never_reserved_takes_nothing(database: earmark.Database) -> None:
    open_shop(database, earmark.Item(item_no="N", reserve=earmark.ReservePolicy.NEVER))
    stock(database, row("", 5, "N"))
    line = earmark.LineEntry(item_no="N", quantity=Decimal(2), location_code="EAST")
    order = earmark.DocumentEntry(
        kind=earmark.DocumentKind.SALES_ORDER, document_no="SO1", lines=(line,)
    )
    earmark.enter_documents(database, earmark.EnterDocuments(documents=(order,)))
    with pytest.raises(ReserveNever):
        earmark.take(database, Take(line="SO1/1", takes=(taken("stock", 1, specific=False),)))


def test_a_take_equals_reserving_row_by_row(story: earmark.Database) -> None:
    together = earmark.take(story, Take(line=LINE, takes=ALL_THAT_CAN_BE_HAD, preview=True))
    singles = [
        earmark.reserve(
            story,
            Reserve(line=LINE, numbers=Numbers("L2503"), supply=of, quantity=Decimal(quantity)),
        )
        for of, quantity in (("stock", 60), ("TO61/1", 36))
    ]
    singles.append(earmark.reserve(story, Reserve(line=LINE, supply="PO1208/1")))
    assert together.reserved == sum(one.reserved for one in singles)
    assert together.moves == tuple(move for one in singles for move in one.moves)


def test_a_take_is_one_command_of_the_history(story: earmark.Database) -> None:
    earmark.take(story, Take(line=LINE, takes=ALL_THAT_CAN_BE_HAD, by="Ana"))
    newest = earmark.history(story, limit=1)[0]
    assert (newest.verb, newest.by, newest.summary) == (
        "reserve",
        "Ana",
        "reserved 180, moved SO4698/1",
    )


def test_a_line_that_has_some_takes_the_rest(story: earmark.Database) -> None:
    done: Outcome = earmark.reserve(story, Reserve(line=LINE, numbers=Choice.ALL))
    assert done.reserved == Decimal(180)
    earmark.change(
        story, Change(line=LINE, quantity=Decimal(40), supply="PO1208/1", numbers=Choice.ALL)
    )
    earmark.take(story, Take(line=LINE, takes=(taken("PO1208/1", 44, "L2521"),)))
    assert earmark.line(story, LINE).reserved == Decimal(180)
