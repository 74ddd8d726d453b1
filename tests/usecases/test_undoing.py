"""Undoing a command: what comes back, what can not, and what is refused."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

import earmark
from earmark import (
    AddLines,
    Cancel,
    Change,
    ChangeNumber,
    ChangeStatus,
    Delete,
    DocumentEntry,
    DocumentKind,
    DocumentStatus,
    EditLine,
    EnterDocuments,
    Hold,
    Numbers,
    Outcome,
    Post,
    Posting,
    Reserve,
    SetUp,
    Track,
    Undo,
)
from earmark.core.roles import Operation
from earmark.errors import DateConflict, NotAllowed, PostingUnknown, ReasonMissing
from earmark.errors.undoing import AlreadyUndone, NotUndoable, Superseded
from tests import stories
from tests.stories import lots

LOT_A = Numbers(lot_no="A")
CART_ENDS = datetime(2099, 1, 1, tzinfo=UTC)


@pytest.fixture
def shop(database: earmark.Database) -> earmark.Database:
    """Ten of lot A and ten of lot B; two orders."""
    stories.open_shop(database)
    stories.stock(database, stories.row("A", 10), stories.row("B", 10))
    stories.sales(database, SO1=6, SO2=8)
    return database


def undone(database: earmark.Database, done: Outcome, **more: object) -> Outcome:
    """A command is undone by its moment."""
    return earmark.undo(database, Undo(posting=str(done.moment), **more))  # type: ignore[arg-type]


def held(database: earmark.Database, line: str) -> dict[str, str]:
    """What a line holds, by lot."""
    found = earmark.reservations(database, line)
    return {r.numbers.lot_no: f"{r.quantity:f}" for r in found}


def test_who_stepped_aside_goes_back_when_the_request_is_undone(shop: earmark.Database) -> None:
    earmark.reserve(shop, Reserve(line="SO1/1"))
    earmark.track(shop, Track(line="SO2/1", numbers=lots({"A": 8})))
    done = earmark.reserve(shop, Reserve(line="SO2/1", numbers=LOT_A))
    assert held(shop, "SO1/1") == {"A": "2", "B": "4"}
    answer = undone(shop, done)
    assert held(shop, "SO1/1") == {"A": "6"}
    assert (f"{answer.released:f}", answer.moved) == ("8", ("SO1/1",))
    assert earmark.verify(shop) == ()


def test_what_was_cancelled_and_taken_by_others_since_is_said_to_be_short(
    shop: earmark.Database,
) -> None:
    earmark.reserve(shop, Reserve(line="SO1/1"))
    done = earmark.cancel(shop, Cancel(line="SO1/1"))
    earmark.reserve(shop, Reserve(line="SO2/1"))
    answer = undone(shop, done)
    assert (f"{answer.reserved:f}", f"{answer.shortfall:f}") == ("2", "4")
    assert answer.warns("short")
    assert held(shop, "SO1/1") == {"A": "2"}


def test_goods_blocked_since_are_not_promised_again(shop: earmark.Database) -> None:
    earmark.reserve(shop, Reserve(line="SO1/1"))
    done = earmark.cancel(shop, Cancel(line="SO1/1"))
    earmark.change_number(shop, ChangeNumber(item_no="X", numbers=LOT_A, is_blocked=True))
    assert undone(shop, done).reserved == 0


def test_what_was_blocked_then_already_is_promised_again_as_it_was(shop: earmark.Database) -> None:
    earmark.reserve(shop, Reserve(line="SO1/1"))
    blocked = ChangeNumber(item_no="X", numbers=LOT_A, is_blocked=True, description="seal")
    done = earmark.change_number(shop, blocked)
    cancelled = earmark.cancel(shop, Cancel(line="SO1/1"))
    assert f"{undone(shop, cancelled).reserved:f}" == "6"
    undone(shop, done)
    assert not earmark.number(shop, "X", stories.PLACE, LOT_A).is_blocked


def test_a_reservation_that_was_shipped_since_is_not_undone(shop: earmark.Database) -> None:
    done = earmark.reserve(shop, Reserve(line="SO1/1"))
    earmark.post(
        shop,
        Post(posting=Posting.SHIP, line="SO1/1", quantity=Decimal(2), numbers=lots({"A": 2})),
    )
    with pytest.raises(Superseded, match="has 4 left of the 6"):
        undone(shop, done)


def test_a_line_changed_again_since_is_not_changed_back(shop: earmark.Database) -> None:
    first = earmark.edit_line(shop, EditLine(line="SO1/1", quantity=Decimal(5)))
    earmark.edit_line(shop, EditLine(line="SO1/1", quantity=Decimal(4)))
    with pytest.raises(Superseded, match="SO1/1 has been changed again"):
        undone(shop, first)


def test_a_document_goes_and_comes_back_with_all_it_had(shop: earmark.Database) -> None:
    earmark.reserve(shop, Reserve(line="SO1/1", hold_until=CART_ENDS))
    gone = earmark.delete(shop, Delete(reference="SO1"))
    assert not earmark.exists(shop, "SO1")
    undone(shop, gone)
    assert held(shop, "SO1/1") == {"A": "6"}
    entered = stories.sales(shop, SO3=1)
    undone(shop, entered)
    assert not earmark.exists(shop, "SO3")
    assert earmark.verify(shop) == ()


def test_a_document_that_grew_or_was_reserved_since_stays(shop: earmark.Database) -> None:
    entered = stories.sales(shop, SO3=1)
    earmark.reserve(shop, Reserve(line="SO3/1"))
    with pytest.raises(Superseded, match="SO3/1 has reserved 1"):
        undone(shop, entered)
    earmark.cancel(shop, Cancel(line="SO3/1"))
    more = DocumentEntry(kind=DocumentKind.SALES_ORDER, document_no="SO3", lines=(stories.line(2),))
    added = earmark.add_lines(shop, AddLines(document=more))
    with pytest.raises(Superseded, match="SO3/2 has been added"):
        undone(shop, entered)
    undone(shop, added)
    assert not earmark.exists(shop, "SO3/2")


def test_a_supply_that_others_have_reserved_since_is_not_cut_under_them(
    shop: earmark.Database,
) -> None:
    purchase = [("PO1", stories.line(2, on=date(2026, 1, 1)))]
    stories.orders(shop, DocumentKind.PURCHASE_ORDER, purchase)
    grown = earmark.edit_line(shop, EditLine(line="PO1/1", quantity=Decimal(9)))
    earmark.reserve(shop, Reserve(line="SO2/1", supply="PO1/1"))
    stories.sales(shop, SO9=20)
    earmark.reserve(shop, Reserve(line="SO9/1", supply="stock"))
    with pytest.raises(Superseded, match="PO1/1 would be too little"):
        undone(shop, grown)


def test_who_has_given_up_a_part_since_stays_where_he_stepped_aside_to(
    shop: earmark.Database,
) -> None:
    earmark.reserve(shop, Reserve(line="SO1/1"))
    earmark.track(shop, Track(line="SO2/1", numbers=lots({"A": 8})))
    done = earmark.reserve(shop, Reserve(line="SO2/1", numbers=LOT_A))
    earmark.change(shop, Change(line="SO1/1", quantity=Decimal(3)))
    answer = undone(shop, done)
    assert (held(shop, "SO2/1"), answer.moved) == ({}, ())
    assert sum(map(int, held(shop, "SO1/1").values())) == len(held(shop, "SO1/1")) + 1
    assert earmark.verify(shop) == ()


def test_a_line_that_has_gone_or_moved_since_gets_nothing_back(shop: earmark.Database) -> None:
    earmark.reserve(shop, Reserve(line="SO1/1"))
    cancelled = earmark.cancel(shop, Cancel(line="SO1/1"))
    earmark.edit_line(shop, EditLine(line="SO1/1", location_code="WEST"))
    assert f"{undone(shop, cancelled).shortfall:f}" == "6"
    earmark.reserve(shop, Reserve(line="SO2/1"))
    again = earmark.cancel(shop, Cancel(line="SO2/1"))
    earmark.delete(shop, Delete(reference="SO2"))
    with pytest.raises(Superseded, match="SO2/1 is gone"):
        undone(shop, again)


def test_a_date_does_not_go_back_over_a_reservation_made_since(shop: earmark.Database) -> None:
    early, late = date(2026, 3, 1), date(2026, 3, 20)
    sales = [("SO5", stories.line(4, on=early))]
    stories.orders(shop, DocumentKind.SALES_ORDER, sales)
    stories.orders(shop, DocumentKind.PURCHASE_ORDER, [("PO5", stories.line(4, on=late))])
    later = earmark.edit_line(shop, EditLine(line="SO5/1", date=late))
    earmark.reserve(shop, Reserve(line="SO5/1", supply="PO5/1"))
    stories.sales(shop, SO9=20)
    full = earmark.reserve(shop, Reserve(line="SO9/1", supply="stock"))
    with pytest.raises(DateConflict):
        undone(shop, later)
    undone(shop, full)
    assert undone(shop, later).moved == ("SO5/1",)
    assert earmark.line(shop, "SO5/1").date == early
    sooner = earmark.edit_line(shop, EditLine(line="PO5/1", date=early))
    earmark.reserve(shop, Reserve(line="SO9/1", supply="PO5/1"))
    undone(shop, sooner)
    assert earmark.line(shop, "PO5/1").date == late


def test_goods_on_order_do_not_go_back_to_another_place_from_under_a_promise(
    shop: earmark.Database,
) -> None:
    stories.orders(shop, DocumentKind.PURCHASE_ORDER, [("PO5", stories.line(4))])
    moved = earmark.edit_line(shop, EditLine(line="PO5/1", location_code="WEST"))
    west = replace(stories.line(4), location_code="WEST")
    stories.orders(shop, DocumentKind.SALES_ORDER, [("SO5", west)])
    earmark.reserve(shop, Reserve(line="SO5/1"))
    with pytest.raises(Superseded, match="SO5/1 has reserved from PO5/1"):
        undone(shop, moved)
    earmark.cancel(shop, Cancel(line="SO5/1"))
    undone(shop, moved)
    assert earmark.line(shop, "PO5/1").location_code == stories.PLACE


def test_a_document_with_numbers_nobody_knew_goes_again(shop: earmark.Database) -> None:
    numbered = [("PO5", stories.line(4, tracked={"NEW": 4}))]
    entered = stories.orders(shop, DocumentKind.PURCHASE_ORDER, numbered)
    undone(shop, entered)
    assert not earmark.exists(shop, "PO5")
    assert earmark.verify(shop) == ()


def test_an_undo_under_a_request_id_is_done_once(shop: earmark.Database) -> None:
    done = earmark.reserve(shop, Reserve(line="SO1/1"))
    first = undone(shop, done, request_id="once")
    assert undone(shop, done, request_id="once") == replace(first, is_repeated=True)


def test_the_status_of_an_order_without_lines_is_not_known_any_more(
    shop: earmark.Database,
) -> None:
    empty = DocumentEntry(kind=DocumentKind.PRODUCTION_ORDER, document_no="MO9")
    earmark.enter_documents(shop, EnterDocuments(documents=(empty,)))
    simulated = ChangeStatus(document_no="MO9", status=DocumentStatus.SIMULATED)
    done = earmark.change_status(shop, simulated)
    with pytest.raises(NotUndoable):
        undone(shop, done)


def test_a_status_goes_back(shop: earmark.Database) -> None:
    made = [("MO1", stories.line(3))]
    stories.orders(shop, DocumentKind.PRODUCTION_ORDER, made)
    done = earmark.change_status(
        shop, ChangeStatus(document_no="MO1", status=DocumentStatus.SIMULATED)
    )
    undone(shop, done)
    assert earmark.document(shop, "MO1").status == "released"
    assert earmark.verify(shop) == ()


def test_undo_is_undone_but_nothing_is_undone_twice(shop: earmark.Database) -> None:
    done = earmark.reserve(shop, Reserve(line="SO1/1"))
    first = undone(shop, done, by="Ana")
    with pytest.raises(AlreadyUndone, match="by Ana"):
        undone(shop, done)
    undone(shop, first)
    assert held(shop, "SO1/1") == {"A": "6"}
    undone(shop, done)
    assert held(shop, "SO1/1") == {}


def test_a_hold_is_lifted_again(shop: earmark.Database) -> None:
    earmark.reserve(shop, Reserve(line="SO1/1"))
    done = earmark.hold(shop, Hold(line="SO1/1", until=CART_ENDS))
    undone(shop, done)
    assert [r.hold_until for r in earmark.reservations(shop, "SO1/1")] == [None]


def test_some_things_are_not_undone(shop: earmark.Database) -> None:
    with pytest.raises(NotUndoable, match="set-up"):
        undone(shop, earmark.set_up(shop, SetUp()))
    shipped = earmark.post(shop, Post(posting=Posting.SHIP, line="SO1/1", numbers=lots({"A": 6})))
    back = undone(shop, shipped)
    with pytest.raises(NotUndoable, match="post it anew"):
        undone(shop, back)
    with pytest.raises(PostingUnknown):
        undone(shop, shipped)
    with pytest.raises(PostingUnknown):
        earmark.undo(shop, Undo(posting="yesterday"))


def test_what_another_did_is_undone_with_the_permission_and_a_reason(
    shop: earmark.Database,
) -> None:
    done = earmark.reserve(shop, Reserve(line="SO1/1", by="Ben"))
    few = frozenset({Operation.READ, Operation.RESERVE})
    with pytest.raises(NotAllowed):
        undone(shop, done, by="Ana", allowed=frozenset({Operation.READ}))
    with pytest.raises(NotAllowed, match="Ben"):
        undone(shop, done, by="Ana", allowed=few)
    with pytest.raises(ReasonMissing):
        undone(shop, done, by="Ana", allowed=few | {Operation.TAKE_OVER})
    undone(shop, done, by="Ben", allowed=few)
