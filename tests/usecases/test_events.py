"""Every committed command is told as CloudEvents, in order, each once, with exact quantities."""

import ast
import json
from decimal import Decimal

import pytest

import earmark
from earmark import (
    Cancel,
    Choice,
    Chosen,
    Delete,
    DocumentEntry,
    DocumentKind,
    EditLine,
    EnterDocuments,
    Event,
    Item,
    LineEntry,
    Numbers,
    Post,
    Posting,
    Reserve,
)
from earmark.core.events import TYPES
from earmark.core.items import ReservePolicy
from earmark.errors import LineUnknown, ValueInvalid
from earmark.usecases import events as read
from tests import stories
from tests.house.source import PACKAGE, tree_of
from tests.settling import settled

LOT_A = Numbers(lot_no="A")


@pytest.fixture
def shop(database: earmark.Database) -> earmark.Database:
    """Ten of lot A and five of lot B, three orders; nothing told of it."""
    stories.open_shop(database)
    stories.stock(database, stories.row("A", 10), stories.row("B", 5))
    entered = [
        ("SO1", stories.line(4)),
        ("SO2", stories.line(8, tracked={"A": 8})),
        ("SO3", stories.line(50)),
    ]
    stories.orders(database, DocumentKind.SALES_ORDER, entered)
    return database


def told_by(database: earmark.Database, after: str) -> tuple[Event, ...]:
    """The events after one."""
    return earmark.events(settled(database), after=after).events


def words(events: tuple[Event, ...]) -> list[tuple[str, str]]:
    """Type and subject, without the prefix."""
    return [(event.type.removeprefix("io.earmark."), event.subject) for event in events]


def test_a_reservation_says_which_entries_began(shop: earmark.Database) -> None:
    after = read.newest(settled(shop))
    earmark.reserve(shop, Reserve(line="SO1/1", by="Ana", quantity=Decimal("2.50")))
    (event,) = told_by(shop, after)
    assert words((event,)) == [("reservation.made", "SO1/1")]
    assert event.data["by"] == "Ana"
    assert event.data["items"] == [stories.LOT]
    assert event.data["reserved"] == "2.5"
    assert event.data["entries"] == [
        {"supply": "X#1", "lot_no": "A", "serial_no": "", "package_no": "", "quantity": "2.5"}
    ]
    assert event.data["asked"] == {"line": "SO1/1", "quantity": "2.5"}


def test_who_is_moved_has_an_event_of_his_own(shop: earmark.Database) -> None:
    earmark.reserve(shop, Reserve(line="SO1/1"))
    after = read.newest(settled(shop))
    earmark.reserve(shop, Reserve(line="SO2/1", numbers=LOT_A))
    made, moved = told_by(shop, after)
    assert words((made, moved)) == [("reservation.made", "SO2/1"), ("reservation.moved", "SO1/1")]
    assert moved.data["because_of"] == "SO2/1"
    (move,) = moved.data["moves"]
    assert (move["quantity"], move["from_supply"], move["to_supply"]) == ("2", "X#1", "X#2")
    assert [entry["supply"] for entry in moved.data["entries"]] == ["X#1", "X#2"]


def test_of_many_lines_each_has_its_event_and_a_refused_one_has_none(
    shop: earmark.Database,
) -> None:
    after = read.newest(settled(shop))
    asked = [Reserve(line="SO9/1"), Reserve(line="SO1/1"), Reserve(line="SO3/1")]
    earmark.reserve_each(shop, asked)
    events = told_by(shop, after)
    assert words(events) == [("reservation.made", "SO1/1"), ("reservation.made", "SO3/1")]
    assert [event.data["reserved"] for event in events] == ["4", "11"]
    earmark.cancel_each(shop, [Cancel(line="SO9/1"), Cancel(line="SO3/1")])
    (cancelled,) = told_by(shop, events[-1].id)
    assert words((cancelled,)) == [("reservation.cancelled", "SO3/1")]
    assert cancelled.data["released"] == "11"


def test_of_many_lines_that_were_all_refused_nothing_is_told(shop: earmark.Database) -> None:
    before = read.newest(settled(shop))
    refused = earmark.reserve_each(shop, [Reserve(line="SO9/1", request_id="none")])
    assert [type(answer) for answer in refused] == [LineUnknown]
    assert told_by(shop, before) == ()


def test_nothing_to_be_had_is_told_as_such(shop: earmark.Database) -> None:
    earmark.reserve(shop, Reserve(line="SO3/1"))
    after = read.newest(settled(shop))
    earmark.reserve(shop, Reserve(line="SO1/1"))
    assert words(told_by(shop, after)) == [("reservation.short", "SO1/1")]


def test_a_reservation_from_the_supplys_side_tells_of_the_demand(shop: earmark.Database) -> None:
    stories.orders(shop, DocumentKind.PURCHASE_ORDER, [("PO1", stories.line(20))])
    after = read.newest(settled(shop))
    earmark.reserve(shop, Reserve(line="PO1/1", supply="SO3/1"))
    assert words(told_by(shop, after)) == [
        ("reservation.made", "PO1/1"),
        ("reservation.made", "SO3/1"),
    ]


def test_an_order_that_is_reserved_on_entry_tells_both(shop: earmark.Database) -> None:
    after = read.newest(settled(shop))
    lines = [
        LineEntry(
            item_no=stories.LOT,
            quantity=Decimal(1),
            location_code=stories.PLACE,
            reserve=ReservePolicy.ALWAYS,
        )
    ]
    documents = tuple(
        DocumentEntry(kind=DocumentKind.SALES_ORDER, document_no=number, lines=tuple(lines))
        for number in ("SO7", "SO8")
    )
    earmark.enter_documents(shop, EnterDocuments(documents=documents))
    events = told_by(shop, after)
    assert words(events) == [
        ("document.entered", "SO7"),
        ("document.entered", "SO8"),
        ("reservation.made", "SO7/1"),
        ("reservation.made", "SO8/1"),
    ]
    assert events[0].data["entries"][0]["quantity"] == "1"


def test_posting_and_deleting_are_told(shop: earmark.Database) -> None:
    earmark.track(shop, earmark.Track(line="SO1/1", numbers=stories.lots({"A": 4})))
    after = read.newest(settled(shop))
    earmark.post(shop, Post(posting=Posting.SHIP, line="SO1/1"))
    (posted,) = told_by(shop, after)
    assert words((posted,)) == [("goods.posted", "SO1/1")]
    assert posted.data["verb"] == "ship"
    assert posted.data["ledger_entries"] == ["X#3"]
    earmark.reserve(shop, Reserve(line="SO2/1", numbers=Choice.ALL))
    after = read.newest(settled(shop))
    earmark.delete(shop, Delete(reference="SO2"))
    assert words(told_by(shop, after)) == [
        ("document.deleted", "SO2"),
        ("reservation.released", "SO2/1"),
    ]


def test_who_loses_a_part_is_told_what_is_left_and_not_that_it_moved(
    database: earmark.Database,
) -> None:
    stories.open_shop(database)
    stories.orders(database, DocumentKind.PURCHASE_ORDER, [("PO1", stories.line(10))])
    stories.sales(database, SO1=6)
    earmark.reserve(database, Reserve(line="SO1/1"))
    after = read.newest(settled(database))
    earmark.edit_line(database, EditLine(line="PO1/1", quantity=Decimal(4), release=True))
    events = told_by(database, after)
    assert words(events) == [("line.changed", "PO1/1"), ("reservation.released", "SO1/1")]
    assert events[1].data["releases"][0]["quantity"] == "2"
    assert [entry["quantity"] for entry in events[1].data["entries"]] == ["4"]


def test_a_preview_and_a_repeated_request_tell_nothing_more(shop: earmark.Database) -> None:
    earmark.reserve(shop, Reserve(line="SO1/1", request_id="r1"))
    after = read.newest(settled(shop))
    earmark.reserve(shop, Reserve(line="SO1/1", request_id="r1"))
    earmark.cancel(shop, Cancel(line="SO1/1", preview=True))
    assert told_by(shop, after) == ()


def test_read_one_by_one_or_all_at_once_they_are_the_same(shop: earmark.Database) -> None:
    earmark.reserve_each(shop, [Reserve(line="SO1/1"), Reserve(line="SO3/1")])
    earmark.cancel(shop, Cancel(line="SO1/1"))
    whole = earmark.events(settled(shop))
    assert not whole.has_more
    one_by_one: list[Event] = []
    after = ""
    while (page := earmark.events(settled(shop), after=after, limit=1)).events:
        one_by_one += page.events
        assert page.has_more == (len(one_by_one) < len(whole.events))
        after = page.next
    assert tuple(one_by_one) == whole.events
    assert len({event.id for event in one_by_one}) == len(one_by_one)


def test_of_the_chosen_ones_next_goes_past_those_not_chosen(shop: earmark.Database) -> None:
    earmark.reserve(shop, Reserve(line="SO1/1"))
    page = earmark.events(settled(shop), chosen=Chosen(types=["reservation.*"]))
    assert words(page.events) == [("reservation.made", "SO1/1")]
    assert earmark.events(settled(shop), after=page.next).events == ()
    assert words(earmark.events(settled(shop), chosen=Chosen(subjects=["SO1"])).events) == [
        ("document.entered", "SO1"),
        ("reservation.made", "SO1/1"),
    ]
    assert earmark.events(settled(shop), chosen=Chosen(items=["NONE"])).events == ()
    assert len(earmark.events(settled(shop), chosen=Chosen(items=[stories.SERIAL])).events) == 1


def test_a_reader_is_never_kept_longer_than_some_thousand_commands(
    shop: earmark.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read, "COMMANDS_A_PAGE", 1)
    monkeypatch.setattr(read, "COMMANDS_AT_MOST", 2)
    nothing = Chosen(types=["no.such"])
    page = earmark.events(settled(shop), chosen=nothing)
    assert (page.events, page.has_more) == ((), True)
    assert not earmark.events(settled(shop), chosen=nothing, after=page.next).has_more


@pytest.mark.parametrize("text", ["abc", "1-2-3-4", "-1-2", "1", "9" * 40])
def test_what_is_no_id_of_an_event_is_refused(database: earmark.Database, text: str) -> None:
    with pytest.raises(ValueInvalid):
        earmark.events(database, after=text)


def test_an_event_is_a_cloud_event(shop: earmark.Database) -> None:
    event = earmark.events(settled(shop), limit=1, source="https://stock.example/earmark").events[0]
    written = json.loads(json.dumps(event.as_cloud_event()))
    assert written["specversion"] == "1.0"
    assert written["source"] == "https://stock.example/earmark"
    assert written["type"] == "io.earmark.setup.changed"
    assert set(written) == {
        "specversion",
        "id",
        "source",
        "type",
        "subject",
        "time",
        "datacontenttype",
        "data",
    }


def test_a_set_up_names_its_items(database: earmark.Database) -> None:
    earmark.set_up(database, earmark.SetUp(items=(Item(item_no="N"),)))
    assert earmark.events(settled(database)).events[0].data["items"] == ["N"]


def test_every_verb_of_history_has_a_type() -> None:
    """Said by the code itself: what is reported, and the four postings."""
    said = {
        node.args[0].value
        for path in (PACKAGE / "usecases").rglob("*.py")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("report", "report_each")
        and isinstance(node.args[0], ast.Constant)
    }
    assert said | set(Posting) == set(TYPES)
