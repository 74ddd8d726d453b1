"""What every command promises of previews and of repeated requests.

A preview saves nothing and is what then happens; the same request again reports the first outcome
and does nothing more. One story goes through every use case that changes something.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

import earmark
from earmark import (
    AddLines,
    AddNumbers,
    Adjust,
    AssignNumbers,
    Cancel,
    Change,
    ChangeNumber,
    ChangeStatus,
    Choice,
    Delete,
    Dimension,
    DocumentEntry,
    DocumentKind,
    DocumentStatus,
    EditLine,
    EnterDocuments,
    Hold,
    Item,
    LineEntry,
    NumberRecord,
    Numbers,
    Outcome,
    Post,
    Posting,
    Reclassify,
    Reserve,
    SelectEntries,
    SetUp,
    StockRow,
    Track,
    Undo,
)
from earmark.core.commands import Command
from earmark.errors import RequestReused
from tests import stories
from tests.stories import PLACE, SERIAL, lots
from tests.usecases.rows import rows_of

Step = tuple[Callable[[earmark.Database, Any], Outcome], Command]
NEXT_YEAR = date(2027, 6, 1)
LOT_A = Numbers(lot_no="A")


def one(item_no: str, quantity: int, **more: Any) -> LineEntry:  # noqa: ANN401
    """A line at the usual place."""
    return LineEntry(item_no=item_no, quantity=Decimal(quantity), location_code=PLACE, **more)


def entry(kind: DocumentKind, document_no: str, *lines: LineEntry) -> DocumentEntry:
    """A document."""
    return DocumentEntry(kind=kind, document_no=document_no, lines=lines)


def story() -> Iterator[Step]:
    """Every use case that changes something, in an order in which it can."""
    plain = Item(item_no="Y", lot_series="L001", serial_series="S001", tracking_code="LOTS")
    record = NumberRecord(item_no="X", numbers=Numbers(lot_no="OLD"), is_blocked=True)
    yield earmark.set_up, SetUp(items=(plain,), numbers=(record,))
    goods = [stories.row("A", 10), stories.row("B", 10), stories.row("C", 5)]
    goods.append(StockRow(item_no="Y", location_code=PLACE, quantity=Decimal(5), numbers=LOT_A))
    yield earmark.adjust, Adjust(rows=tuple(goods))
    sales, purchase = DocumentKind.SALES_ORDER, DocumentKind.PURCHASE_ORDER
    made = one("X", 4, components=(one("Y", 2),))
    orders = (
        entry(sales, "SO1", one("X", 6, date=NEXT_YEAR)),
        entry(sales, "SO2", one("X", 4)),
        entry(purchase, "PO1", one("Y", 3), one("X", 8)),
        entry(DocumentKind.PRODUCTION_ORDER, "MO1", made),
    )
    yield earmark.enter_documents, EnterDocuments(documents=orders)
    yield earmark.add_lines, AddLines(document=entry(sales, "SO2", one("X", 3), one("X", 1)))
    yield earmark.track, Track(line="SO1/1", numbers=lots({"A": 4}))
    yield earmark.add_numbers, AddNumbers(line="SO1/1", numbers=lots({"B": 1}))
    yield earmark.select_entries, SelectEntries(line="SO2/1", quantity=Decimal(2))
    lot = AssignNumbers(line="PO1/1", what=Dimension.LOT)
    yield earmark.assign_numbers, lot
    yield from _reserving()
    yield from _editing()
    yield from _posting()


def _reserving() -> Iterator[Step]:
    yield earmark.reserve, Reserve(line="SO1/1", numbers=Choice.ALL)
    yield earmark.reserve, Reserve(line="SO2/1")
    yield earmark.reserve, Reserve(line="PO1/2", supply="sales", quantity=Decimal(2))
    until = datetime(2099, 1, 1, tzinfo=UTC)
    yield earmark.hold, Hold(line="SO2/1", until=until)
    yield earmark.hold, Hold(line="SO2/1", until=None)
    yield earmark.change, Change(line="SO2/1", quantity=Decimal(3))
    yield earmark.cancel, Cancel(line="SO1/1", numbers=Numbers(lot_no="B"))
    blocked = ChangeNumber(item_no="X", numbers=LOT_A, is_blocked=True, description="seal")
    yield earmark.change_number, blocked
    yield earmark.change_number, replace(blocked, is_blocked=False)


def _editing() -> Iterator[Step]:
    yield earmark.edit_line, EditLine(line="SO2/1", quantity=Decimal(2))
    yield earmark.edit_line, EditLine(line="SO2/1", location_code="WEST", release=True)
    yield earmark.edit_line, EditLine(line="SO1/1", date=None)
    yield earmark.reserve, Reserve(line="SO2/2", supply="PO1/2")
    yield earmark.edit_line, EditLine(line="PO1/2", location_code="WEST", release=True)
    yield earmark.edit_line, EditLine(line="PO1/1", item_no="X", release=True)
    yield earmark.edit_line, EditLine(line="SO2/2", item_no="Y", unit="", release=True)
    firm = ChangeStatus(document_no="MO1", status=DocumentStatus.FIRM_PLANNED)
    yield earmark.change_status, firm
    yield earmark.change_status, replace(firm, status=DocumentStatus.RELEASED)
    yield earmark.delete, Delete(reference="SO2/3")


def _posting() -> Iterator[Step]:
    shipped = Post(posting=Posting.SHIP, line="SO1/1", quantity=Decimal(2), numbers=lots({"A": 2}))
    yield earmark.post, shipped
    arrived = Post(posting=Posting.RECEIVE, line="PO1/2", numbers=lots({"D": 8}))
    yield earmark.post, arrived
    used = Post(posting=Posting.CONSUME, line="MO1/1/1", numbers=lots({"A": 2}))
    yield earmark.post, used
    made = Post(posting=Posting.OUTPUT, line="MO1/1", numbers=lots({"E": 4}))
    yield earmark.post, made
    yield (
        earmark.reclassify,
        Reclassify(
            item_no="X",
            location_code=PLACE,
            quantity=Decimal(1),
            numbers=Numbers(lot_no="C"),
            to_location_code="WEST",
        ),
    )
    yield earmark.delete, Delete(reference="SO2")


def asked(command: Command, number: int) -> Command:
    """A command with a request id of its own."""
    return replace(command, request_id=f"request {number}", by="Ana")


def test_a_preview_saves_nothing_and_is_what_then_happens(database: earmark.Database) -> None:
    stories.open_shop(database)
    for use_case, command in story():
        before = rows_of(database)
        preview = use_case(database, replace(command, preview=True))
        assert rows_of(database) == before, command
        done = use_case(database, command)
        assert rows_of(database) != before, command
        assert told(preview) == told(done), command
    assert earmark.verify(database) == ()


def told(outcome: Outcome) -> Outcome:
    """An outcome without what no two have in common."""
    return replace(outcome, moment=0, posting="", is_preview=False)


def test_the_same_request_again_reports_the_first_outcome_and_does_nothing_more(
    database: earmark.Database,
) -> None:
    stories.open_shop(database)
    for number, (use_case, command) in enumerate(story()):
        wanted = asked(command, number)
        first = use_case(database, wanted)
        after = rows_of(database)
        again = use_case(database, wanted)
        assert again == replace(first, is_repeated=True), command
        assert rows_of(database) == after, command


def test_an_undo_asked_for_twice_undoes_once(database: earmark.Database) -> None:
    stories.open_shop(database)
    posting = stories.stock(database, stories.row("A", 10)).posting
    undo = Undo(posting=posting, request_id="once")
    first = earmark.undo(database, undo)
    assert earmark.undo(database, undo) == replace(first, is_repeated=True)
    assert not earmark.inventory(database)


@pytest.mark.parametrize("many", [earmark.reserve_each, earmark.cancel_each])
def test_many_in_one_request_are_repeated_together(
    database: earmark.Database, many: Callable[..., Sequence[object]]
) -> None:
    stories.open_shop(database)
    stories.stock(database, stories.row("A", 10))
    stories.sales(database, SO1=2, SO2=2)
    if many is earmark.cancel_each:
        earmark.reserve_each(database, [Reserve(line="SO1/1"), Reserve(line="SO2/1")])
    kind = Reserve if many is earmark.reserve_each else Cancel
    commands = [kind(line=f"SO{n}/1", request_id="both") for n in (1, 2)]
    first = many(database, commands)
    assert [getattr(answer, "is_repeated", None) for answer in first] == [False, False]
    assert [getattr(a, "is_repeated", None) for a in many(database, commands)] == [True, True]


def test_several_lines_tracked_in_one_request_are_tracked_once(
    database: earmark.Database,
) -> None:
    stories.open_shop(database)
    stories.sales(database, SO1=2, SO2=2)
    commands = [Track(line=f"SO{n}/1", numbers=lots({"A": n}), request_id="both") for n in (1, 2)]
    first = earmark.track_together(database, commands)
    assert earmark.track_together(database, commands) == replace(first, is_repeated=True)


def test_nothing_asked_of_many_is_nothing(database: earmark.Database) -> None:
    assert earmark.reserve_each(database, []) == []
    assert earmark.cancel_each(database, []) == []
    assert earmark.track_together(database, []) == Outcome(verb="track")


def test_the_same_id_for_another_request_is_refused(database: earmark.Database) -> None:
    stories.open_shop(database)
    stories.stock(database, stories.row("S1", 1, SERIAL))
    stories.sales(database, SO1=2)
    tracked = Track(line="SO1/1", numbers=lots({"A": 1}), request_id="one")
    earmark.track(database, tracked)
    with pytest.raises(RequestReused, match="one"):
        earmark.track(database, replace(tracked, numbers=lots({"A": 2})))
