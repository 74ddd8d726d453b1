"""Names with slashes, hashes and quotes: every command and every reading, on both databases."""

from __future__ import annotations

from decimal import Decimal

import pytest

import earmark
from earmark import (
    AddLines,
    Cancel,
    ChangeStatus,
    Chosen,
    Delete,
    DocumentEntry,
    DocumentKind,
    DocumentStatus,
    EditLine,
    EnterDocuments,
    Hold,
    LineEntry,
    Numbers,
    Post,
    Posting,
    Reserve,
    SelectEntries,
    SplitLine,
    Track,
    Undo,
)
from earmark.core.references import document_reference
from earmark.errors import AlreadyExists, DocumentUnknown, LineUnknown
from earmark.usecases import looking_up
from tests import stories
from tests.settling import settled
from tests.strange_names import NAMES, order_of, shop_of

EVERY_NAME = pytest.mark.parametrize("name", NAMES)


@EVERY_NAME
def test_every_command_takes_any_name(database: earmark.Database, name: str) -> None:
    shop_of(database, name)
    line, lot = f"{name}/1", Numbers(lot_no=name)
    earmark.track(database, Track(line=line, numbers=stories.lots({name: 4})))
    assert earmark.reserve(database, Reserve(line=line, numbers=lot)).reserved == 4
    assert earmark.cancel(database, Cancel(line=line, numbers=lot)).released == 4
    assert earmark.reserve(database, Reserve(line=line, supply=f"{name}#1")).reserved == 4
    earmark.hold(database, Hold(line=line, until=None))
    earmark.edit_line(database, EditLine(line=line, quantity=Decimal(3)))
    new = LineEntry(item_no=name, location_code=name, variant_code=name, quantity=Decimal(1))
    added = DocumentEntry(kind=DocumentKind.SALES_ORDER, document_no=name, lines=(new,))
    earmark.add_lines(database, AddLines(document=added))
    earmark.select_entries(database, SelectEntries(line=f"{name}/2"))
    earmark.split_line(database, SplitLine(line=line, quantity=Decimal(1), date=None))
    earmark.delete(database, Delete(reference=f"{name}/2"))
    lines = [view.line for view in earmark.document(database, name).lines]
    assert [places.rpartition("/")[2] for places in lines] == ["1", "3"]
    with pytest.raises(AlreadyExists):
        order_of(database, name.upper())
    shipped = earmark.post(database, Post(posting=Posting.SHIP, line=line))
    assert earmark.line(database, line).outstanding == 0
    earmark.undo(database, Undo(posting=shipped.posting))
    assert earmark.line(database, line).outstanding == 4
    assert not earmark.verify(database)


@EVERY_NAME
def test_a_whole_document_of_any_name_is_posted_deleted_and_undone(
    database: earmark.Database, name: str
) -> None:
    shop_of(database, name)
    earmark.track(database, Track(line=f"{name}/1", numbers=stories.lots({name: 4})))
    shipped = earmark.post(database, Post(posting=Posting.SHIP, line=name))
    assert earmark.line(database, f"{name}/1").outstanding == 0
    earmark.undo(database, Undo(posting=shipped.posting))
    deleted = earmark.delete(database, Delete(reference=name))
    assert not earmark.exists(database, name)
    earmark.undo(database, Undo(posting=str(deleted.moment)))
    assert earmark.exists(database, name)
    entered = order_of(database, f"{name}-2", name)
    earmark.undo(database, Undo(posting=str(entered.moment)))
    assert not earmark.exists(database, f"{name}-2")
    assert not earmark.verify(database)


@EVERY_NAME
def test_every_reading_takes_any_name(database: earmark.Database, name: str) -> None:
    shop_of(database, name)
    line = f"{name}/1"
    earmark.track(database, Track(line=line, numbers=stories.lots({name: 4})))
    done = earmark.reserve(database, Reserve(line=line))
    view = earmark.line(database, line)
    assert (view.document_no, view.line_no) == (name, "1")
    assert view.line == (line if not name.startswith('"') else f"{document_reference(name)}/1")
    assert earmark.line(database, line, as_of=done.moment).reserved == 4
    assert earmark.exists(database, line)
    assert earmark.exists(database, name)
    assert earmark.window(database, line).reserved == 4
    assert earmark.candidates(database, line)
    assert earmark.why(database, line).line == view.line
    assert earmark.reservations(database, line) == earmark.reservations(database, name)
    assert earmark.reservations(database, f"{name}#1")
    assert [row.verb for row in earmark.history(database, line)] == ["reserve", "track", "enter"]
    assert len(earmark.history(database, name)) == 3
    assert earmark.version(database, line)
    assert earmark.version(database, document_reference(name))
    assert earmark.item_overview(database, name, location_code=name).holders[0].line == view.line
    assert earmark.number_overview(database, name, Numbers(lot_no=name)).holders
    assert earmark.inventory(database, item_no=name, location_code=name)
    assert earmark.number(database, name, name, Numbers(name), variant_code=name).total == 10
    assert {hit.reference for hit in earmark.search(database, name)} >= {name}
    assert looking_up.item(database, name).item_no == name
    assert looking_up.location(database, name).location_code == name
    assert looking_up.customer(database, name).customer_no == name
    assert looking_up.place(database, line).document_no == name
    for subject in (view.line, name):
        chosen = Chosen(subjects=(subject,))
        found = earmark.events(settled(database), chosen=chosen, limit=50).events
        assert {event.type.removeprefix("io.earmark.") for event in found} >= {
            "reservation.made",
        }
    assert earmark.events(database, chosen=Chosen(items=(name,)), limit=50).events


def test_a_name_that_two_lines_could_have_is_the_first_ones_and_quotes_settle_it(
    database: earmark.Database,
) -> None:
    stories.open_shop(database)
    made = LineEntry(item_no="X", quantity=Decimal(1), location_code="EAST")
    order = DocumentEntry(
        kind=DocumentKind.PRODUCTION_ORDER,
        document_no="A",
        lines=(
            LineEntry(
                item_no="S", quantity=Decimal(1), location_code="EAST", components=(made, made)
            ),
        ),
    )
    other = DocumentEntry(
        kind=DocumentKind.SALES_ORDER, document_no="A/1", lines=(stories.line(1), stories.line(2))
    )
    earmark.enter_documents(database, EnterDocuments(documents=(order, other)))
    assert earmark.line(database, "A/1/2").kind == "component"
    assert earmark.line(database, '"A"/1/2').line == "A/1/2"
    assert earmark.line(database, '"a/1"/2').line == '"A/1"/2'
    assert earmark.line(database, '"A/1"/2').quantity == 2
    assert earmark.document(database, "A/1").lines[1].line == '"A/1"/2'
    third = DocumentEntry(kind=DocumentKind.SALES_ORDER, document_no="A/1", lines=(made,))
    earmark.add_lines(database, AddLines(document=third))
    assert earmark.line(database, "A/1/3").document_no == "A/1"
    earmark.delete(database, Delete(reference='"A/1"'))
    assert not earmark.exists(database, '"A/1"')
    assert earmark.exists(database, "A/1"), "line 1 of A"
    earmark.change_status(database, ChangeStatus(document_no="a", status=DocumentStatus.FINISHED))
    assert not earmark.verify(database)


def test_the_longest_document_no_that_is_known_wins(database: earmark.Database) -> None:
    stories.open_shop(database)
    entered = [(no, stories.line(1)) for no in ("S/7", "S")]
    stories.orders(database, DocumentKind.SALES_ORDER, entered)
    assert looking_up.place(database, "s/7").line_no == ""
    assert earmark.line(database, "S/7/1").document_no == "S/7"
    for missing in ("S/7/2", "T/1", "S/2"):
        with pytest.raises(LineUnknown):
            earmark.line(database, missing)
    with pytest.raises(DocumentUnknown):
        earmark.document(database, "T")
