"""Every request that a rule forbids is refused by its code, and has then changed nothing."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import partial
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
    Post,
    Posting,
    Reclassify,
    Reserve,
    ReservePolicy,
    SelectEntries,
    SetUp,
    StockRow,
    Track,
    TrackingCode,
    TrackingLine,
    Undo,
)
from tests import stories
from tests.stories import PLACE, SERIAL, lots
from tests.usecases.rows import rows_of

PLAIN = "Y"
"""An item without numbers."""


def refused_commands() -> Iterator[tuple[str, Callable[..., object], Any]]:
    """A code, the use case and the command that it refuses."""
    yield from _of_set_up()
    yield from _of_documents()
    yield from _of_numbers()
    yield from _of_reservations()
    yield from _of_postings()


def _of_set_up() -> Iterator[tuple[str, Callable[..., object], Any]]:
    def records(**given: object) -> SetUp:
        return SetUp(**given)  # type: ignore[arg-type]

    set_up = earmark.set_up
    yield "value-invalid", set_up, records(tracking_codes=(TrackingCode(""),))
    yield "set-up-fixed", set_up, records(tracking_codes=(TrackingCode("LOTS", frozenset()),))
    yield "value-invalid", set_up, records(items=(Item(item_no=".."),))
    yield "value-invalid", set_up, records(items=(Item(item_no=""),))
    yield "tracking-code-unknown", set_up, records(items=(Item(item_no="Z", tracking_code="NO"),))
    zero = Item(item_no="Z", units={"BOX": Decimal(0)})
    yield "quantity-invalid", set_up, records(items=(zero,))
    yield "set-up-fixed", set_up, records(items=(Item(item_no="X", tracking_code="SERIALS"),))
    yield "set-up-fixed", set_up, records(items=(Item(item_no="Y", base_unit="KG"),))
    lot_a = Numbers(lot_no="A")
    nobody = NumberRecord(item_no="NOBODY", numbers=lot_a)
    yield "item-unknown", set_up, records(numbers=(nobody,))
    nameless = NumberRecord(item_no="X", numbers=Numbers())
    yield "value-invalid", set_up, records(numbers=(nameless,))
    change = earmark.change_number
    yield "item-unknown", change, ChangeNumber(item_no="NOBODY", numbers=lot_a, is_blocked=True)
    both = Numbers(lot_no="A", serial_no="S1")
    yield "value-invalid", change, ChangeNumber(item_no="X", numbers=both, is_blocked=True)
    never = Numbers(lot_no="NEVER")
    yield "number-unknown", change, ChangeNumber(item_no="X", numbers=never, is_blocked=True)


def _entry(kind: DocumentKind, document_no: str, *lines: LineEntry, **more: Any) -> DocumentEntry:  # noqa: ANN401
    return DocumentEntry(kind=kind, document_no=document_no, lines=lines, **more)


def _line(item_no: str = PLAIN, quantity: int = 1, **more: Any) -> LineEntry:  # noqa: ANN401
    given = {"location_code": PLACE, **more}
    return LineEntry(item_no=item_no, quantity=Decimal(quantity), **given)


def _of_documents() -> Iterator[tuple[str, Callable[..., object], Any]]:
    sales, purchase = DocumentKind.SALES_ORDER, DocumentKind.PURCHASE_ORDER
    making = DocumentKind.PRODUCTION_ORDER

    def enters(*entries: DocumentEntry) -> EnterDocuments:
        return EnterDocuments(documents=entries)

    enter = earmark.enter_documents
    yield "value-invalid", enter, enters(_entry(sales, "A\x07B", _line()))
    yield "reference-invalid", enter, enters(_entry(sales, "", _line()))
    yield "already-exists", enter, enters(_entry(sales, "SO1", _line()))
    yield "customer-unknown", enter, enters(_entry(sales, "N1", _line(), customer_no="NOBODY"))
    yield "customer-unknown", enter, enters(_entry(sales, "N1", customer_no="NOBODY"))
    yield "location-unknown", enter, enters(_entry(sales, "N1", _line(location_code="NOWHERE")))
    yield "variant-unknown", enter, enters(_entry(sales, "N1", _line(variant_code="RED")))
    yield "unit-unknown", enter, enters(_entry(sales, "N1", _line(unit="BOX")))
    tiny = LineEntry(item_no="T", quantity=Decimal("0.00001"), unit="GRAIN", location_code=PLACE)
    yield "quantity-invalid", enter, enters(_entry(sales, "N1", tiny))
    released = DocumentStatus.RELEASED
    yield "value-invalid", enter, enters(_entry(sales, "N1", _line(), status=released))
    finished = DocumentStatus.FINISHED
    yield "value-invalid", enter, enters(_entry(making, "N1", _line(), status=finished))
    composed = _line(components=(_line(),))
    yield "value-invalid", enter, enters(_entry(sales, "N1", composed))
    yield "line-unknown", enter, enters(_entry(purchase, "N1", _line(made_for="NO/1")))
    elsewhere = _line(made_for="SO3/1", location_code="WEST")
    yield "nothing-available", enter, enters(_entry(purchase, "N1", elsewhere))
    late = _line(made_for="SO3/1", date=date(2099, 1, 1))
    yield "date-conflict", enter, enters(_entry(purchase, "N1", late))
    yield "document-unknown", earmark.add_lines, AddLines(document=_entry(sales, "NO", _line()))
    status = earmark.change_status
    yield "document-unknown", status, ChangeStatus(document_no="NO", status=released)
    yield "value-invalid", status, ChangeStatus(document_no="SO1", status=released)
    yield "value-invalid", status, ChangeStatus(document_no="DONE", status=released)
    yield "document-unknown", earmark.delete, Delete(reference="NO")
    yield "line-unknown", earmark.delete, Delete(reference="NO/1")
    yield "already-handled", earmark.delete, Delete(reference="SENT/1")
    yield from _of_edits()


def _of_edits() -> Iterator[tuple[str, Callable[..., object], Any]]:
    def edits(line: str, **given: Any) -> EditLine:  # noqa: ANN401
        return EditLine(line=line, **given)

    edit = earmark.edit_line
    yield "line-unknown", edit, edits("NO/1", quantity=Decimal(2))
    yield "item-unknown", edit, edits("SO3/1", item_no="NOBODY")
    yield "location-unknown", edit, edits("SO3/1", location_code="NOWHERE")
    yield "already-handled", edit, edits("SENT/1", location_code="WEST")
    yield "already-handled", edit, edits("SENT/1", quantity=Decimal("0.5"))
    yield "tracking-exceeds-line", edit, edits("SO2/1", quantity=Decimal(1))
    yield "line-reserved", edit, edits("SO2/1", item_no=PLAIN)
    yield "line-reserved", edit, edits("SO1/1", location_code="WEST")
    yield "line-reserved", edit, edits("PO1/1", location_code="WEST")


def _of_numbers() -> Iterator[tuple[str, Callable[..., object], Any]]:
    track = earmark.track
    yield "line-unknown", track, Track(line="NO/1", numbers=())
    yield "not-tracked", track, Track(line="SO3/1", numbers=lots({"A": 1}))
    yield "value-invalid", track, Track(line="SO1/1", numbers=(TrackingLine(),))
    two = TrackingLine(serial_no="S1", quantity=Decimal(2))
    yield "serial-quantity", track, Track(line="SO4/1", numbers=(two,))
    below = TrackingLine(lot_no="A", quantity=Decimal(1), to_handle=Decimal(-1))
    yield "quantity-invalid", track, Track(line="SO1/1", numbers=(below,))
    yield "already-handled", track, Track(line="SENT/1", numbers=())
    again = lots({"A": 1})
    yield "number-duplicate", earmark.add_numbers, AddNumbers(line="SO2/1", numbers=again)
    assign = earmark.assign_numbers
    yield "not-tracked", assign, AssignNumbers(line="SO3/1", what=Dimension.LOT)
    yield "value-invalid", assign, AssignNumbers(line="SO1/1", what=Dimension.PACKAGE)
    yield "value-invalid", assign, AssignNumbers(line="SO1/1", what=Dimension.LOT)
    wordy = AssignNumbers(line="SO4/1", what=Dimension.SERIAL, first_no="NONE")
    yield "value-invalid", assign, wordy
    half = AssignNumbers(line="SO4/1", what=Dimension.SERIAL, quantity=Decimal("0.5"), first_no="1")
    yield "serial-quantity", assign, half
    select = earmark.select_entries
    yield "not-tracked", select, SelectEntries(line="SO3/1")
    yield "tracking-exceeds-line", select, SelectEntries(line="SO1/1", quantity=Decimal(99))


def _of_reservations() -> Iterator[tuple[str, Callable[..., object], Any]]:
    reserve = earmark.reserve
    yield "quantity-invalid", reserve, Reserve(line="SO3/1", quantity=Decimal(-1))
    yield "line-unknown", reserve, Reserve(line="NO/1")
    yield "line-unknown", reserve, Reserve(line="SO3/1", supply="PO1")
    yield "reference-invalid", reserve, Reserve(line="SO3/1", supply="Y#one")
    yield "reference-invalid", reserve, Reserve(line="SO3/1", supply="X#1")
    yield "reserve-never", reserve, Reserve(line="NEVER/1")
    yield "exceeds-outstanding", reserve, Reserve(line="PO1/1", quantity=Decimal(99))
    yield "nothing-available", reserve, Reserve(line="PO2/1", supply="SO2/1")
    yield "line-unknown", reserve, Reserve(line="PO1/1", supply="NO/1")
    lot_a = Numbers(lot_no="A")
    yield "nothing-to-cancel", earmark.cancel, Cancel(line="SO3/1", numbers=lot_a)
    yield "nothing-to-cancel", earmark.cancel, Cancel(line="PO2/1", supply="SO3/1")
    yield "binding-fixed", earmark.cancel, Cancel(line="BOUND/1")
    change = earmark.change
    yield "nothing-to-cancel", change, Change(line="SO3/1", quantity=Decimal(1))
    yield "increase-by-reserving", change, Change(line="SO1/1", quantity=Decimal(99))
    yield "binding-fixed", change, Change(line="BOUND/1", quantity=Decimal(1))
    yield "binding-fixed", earmark.hold, Hold(line="BOUND/1", until=None)
    foreign = lots({"OTHER": 2})
    yield "binding-fixed", earmark.track, Track(line="BOUND/1", numbers=foreign)


def _of_postings() -> Iterator[tuple[str, Callable[..., object], Any]]:
    def row(item_no: str, quantity: str, **more: Any) -> Adjust:  # noqa: ANN401
        given = {"location_code": PLACE, **more}
        rows = (StockRow(item_no=item_no, quantity=Decimal(quantity), **given),)
        return Adjust(rows=rows)

    adjust = earmark.adjust
    yield "item-unknown", adjust, row("NOBODY", "1")
    yield "location-unknown", adjust, row(PLAIN, "1", location_code="NOWHERE")
    yield "quantity-invalid", adjust, row(PLAIN, "0")
    yield "not-tracked", adjust, row(PLAIN, "1", numbers=Numbers(lot_no="A"))
    yield "serial-in-stock", adjust, row(SERIAL, "1", numbers=Numbers(serial_no="S1"))
    yield "not-in-stock", adjust, row(PLAIN, "-99")
    yield "number-unavailable", adjust, row("X", "-99", numbers=Numbers(lot_no="A"))
    post = earmark.post
    yield "document-unknown", post, Post(posting=Posting.SHIP, line="NO")
    yield "not-postable", post, Post(posting=Posting.RECEIVE, line="SO3/1")
    yield "not-postable", post, Post(posting=Posting.OUTPUT, line="PLAN/1")
    yield "exceeds-outstanding", post, Post(posting=Posting.SHIP, line="SO3/1", quantity=Decimal(9))
    named = Post(posting=Posting.SHIP, line="SO3/1", numbers=lots({"A": 1}))
    yield "not-tracked", post, named
    half = Post(posting=Posting.SHIP, line="HALF/1", quantity=Decimal("0.5"))
    yield "serial-quantity", post, half
    yield "posting-unknown", earmark.undo, Undo(posting="12")
    yield "posting-unknown", earmark.undo, Undo(posting="NONE")
    nothing = Reclassify(item_no=PLAIN, location_code=PLACE, quantity=Decimal(1))
    yield "value-invalid", earmark.reclassify, nothing


@pytest.fixture(scope="module")
def shop() -> Iterator[earmark.Database]:
    """A company with a little of everything, shared: what is refused changes nothing."""
    database = earmark.open("sqlite:///:memory:")
    grains = Item(item_no="T", units={"GRAIN": Decimal("0.00001")})
    never = Item(item_no="N", reserve=ReservePolicy.NEVER)
    stories.open_shop(database, Item(item_no=PLAIN), grains, never)
    plain = StockRow(item_no=PLAIN, location_code=PLACE, quantity=Decimal(4))
    serial = stories.row("S1", 1, SERIAL)
    stories.stock(database, stories.row("A", 10), serial, plain)
    _enter_orders(database)
    earmark.reserve(database, Reserve(line="SO1/1"))
    earmark.reserve(database, Reserve(line="SO2/1", numbers=Choice.ALL))
    earmark.reserve(database, Reserve(line="FROM/1", supply="PO1/1"))
    one, of_a = Decimal(1), lots({"A": 1})
    shipped = Post(posting=Posting.SHIP, line="SENT/1", quantity=one, numbers=of_a)
    earmark.post(database, shipped)
    done = ChangeStatus(document_no="DONE", status=DocumentStatus.FINISHED)
    earmark.change_status(database, done)
    yield database
    database.close()


def _enter_orders(database: earmark.Database) -> None:
    sales, purchase = DocumentKind.SALES_ORDER, DocumentKind.PURCHASE_ORDER
    making = DocumentKind.PRODUCTION_ORDER
    day = date(2026, 12, 1)
    half = TrackingLine(serial_no="S1")
    entries = (
        _entry(sales, "SO1", _line("X", 3)),
        _entry(sales, "SO2", _line("X", 2, numbers=lots({"A": 2}))),
        _entry(sales, "SO3", _line(date=day)),
        _entry(sales, "SO4", _line(SERIAL)),
        _entry(sales, "HALF", _line(SERIAL, numbers=(half,))),
        _entry(sales, "NEVER", _line("N")),
        _entry(sales, "SENT", _line("X", 2)),
        _entry(sales, "FROM", _line(quantity=2)),
        _entry(sales, "BOUND", _line("X", 2)),
        _entry(purchase, "PO1", _line(quantity=5)),
        _entry(purchase, "PO2", _line(quantity=1)),
        _entry(purchase, "PO3", _line("X", 2, made_for="BOUND/1")),
        _entry(making, "PLAN", _line("T"), status=DocumentStatus.PLANNED),
        _entry(making, "DONE", _line("T")),
    )
    earmark.enter_documents(database, EnterDocuments(documents=entries))


@pytest.mark.parametrize(("code", "use_case", "command"), list(refused_commands()))
def test_a_forbidden_request_is_refused_by_its_code_and_changes_nothing(
    shop: earmark.Database, code: str, use_case: Callable[..., object], command: object
) -> None:
    before = rows_of(shop)
    with pytest.raises(earmark.EarmarkError) as refused:
        use_case(shop, command)
    assert refused.value.code == code, refused.value.message
    assert rows_of(shop) == before


@pytest.mark.parametrize(
    ("code", "ask"),
    [
        ("line-unknown", partial(earmark.line, ref="NO/1")),
        ("document-unknown", partial(earmark.document, document_no="NO")),
        ("line-unknown", partial(earmark.reservations, ref="X#99")),
        ("line-unknown", partial(earmark.window, line="PO1/1")),
        ("line-unknown", partial(earmark.why, line="PO1/1")),
        ("numbers-not-on-line", partial(earmark.candidates, line="SO1/1", numbers=Numbers("A"))),
        (
            "item-unknown",
            partial(earmark.number, item_no="NO", location_code="", numbers=Numbers("A")),
        ),
    ],
)
def test_what_is_not_there_can_not_be_read(
    shop: earmark.Database, code: str, ask: Callable[..., object]
) -> None:
    with pytest.raises(earmark.EarmarkError) as refused:
        ask(shop)
    assert refused.value.code == code


def test_of_a_list_with_an_order_for_nobody_known_none_is_entered(
    database: earmark.Database,
) -> None:
    """Also where that order has no lines yet; the refusal says which of the list it is."""
    stories.open_shop(database, Item(item_no=PLAIN))
    before = rows_of(database)
    sales = DocumentKind.SALES_ORDER
    entries = (_entry(sales, "N1", _line()), _entry(sales, "N2", customer_no="NOBODY"))
    with pytest.raises(earmark.EarmarkError) as refused:
        earmark.enter_documents(database, EnterDocuments(documents=entries))
    assert refused.value.code == "customer-unknown"
    assert refused.value.facts["row"] == 1
    assert rows_of(database) == before
