"""A part of a line becomes a line of its own; nothing of either is lost."""

from datetime import date
from decimal import Decimal

import pytest

import earmark
from earmark import Item, Reserve, ReservePolicy, SplitLine
from earmark.errors import LineUnknown, TrackingExceedsLine
from earmark.errors.shortages import SplitTooLarge
from tests.stories import open_shop, row, stock

LATER = date(2026, 12, 15)


def split(line: str, quantity: int, on: date | None = LATER, **more: object) -> SplitLine:
    """So much of a line on a later day."""
    return SplitLine(line=line, quantity=Decimal(quantity), date=on, **more)  # type: ignore[arg-type]


def test_a_part_is_a_new_line_at_the_end_of_the_document(story: earmark.Database) -> None:
    outcome = earmark.split_line(story, split("SO4711/2", 60))
    new = earmark.line(story, outcome.reference)
    assert (outcome.reference, new.quantity, new.date) == ("SO4711/11", Decimal(60), LATER)
    old = earmark.line(story, "SO4711/2")
    assert (old.quantity, old.tracked, old.date) == (Decimal(180), Decimal(180), date(2026, 12, 2))
    more = earmark.DocumentEntry(
        kind=earmark.DocumentKind.SALES_ORDER,
        document_no="SO4711",
        lines=(earmark.LineEntry(item_no="1040", quantity=Decimal(1), location_code="EAST"),),
    )
    earmark.add_lines(story, earmark.AddLines(document=more))
    assert earmark.exists(story, "SO4711/12")


def test_a_line_in_boxes_is_split_in_boxes(story: earmark.Database) -> None:
    new = earmark.split_line(story, split("SO4711/7", 2)).reference
    views = [earmark.line(story, line) for line in ("SO4711/7", new)]
    assert [(v.unit, v.quantity_in_unit, v.quantity) for v in views] == [
        ("BOX", Decimal(4), Decimal(48)),
        ("BOX", Decimal(2), Decimal(24)),
    ]
    assert views[0].reserved == Decimal(48)


def test_what_no_longer_fits_the_line_is_released_and_said(story: earmark.Database) -> None:
    outcome = earmark.split_line(story, split("SO4711/4", 100))
    assert (outcome.released, earmark.line(story, "SO4711/4").reserved) == (
        Decimal(100),
        Decimal(200),
    )
    assert not earmark.verify(story)


def test_a_component_is_split_beside_its_kin(story: earmark.Database) -> None:
    assert earmark.split_line(story, split("MO308/1/1", 25)).reference == "MO308/1/4"
    rows = earmark.demand_of_document(story, "MO308").rows
    assert [row.line_no for row in rows] == ["1/1", "1/2", "1/3", "1/4"]


def test_a_line_that_is_always_reserved_is_so_in_both_parts(database: earmark.Database) -> None:
    open_shop(database, Item(item_no="A", reserve=ReservePolicy.ALWAYS))
    stock(database, row("", 10, "A"))
    line = earmark.LineEntry(item_no="A", quantity=Decimal(8), location_code="EAST")
    order = earmark.DocumentEntry(
        kind=earmark.DocumentKind.SALES_ORDER, document_no="SO1", lines=(line,)
    )
    earmark.enter_documents(database, earmark.EnterDocuments(documents=(order,)))
    outcome = earmark.split_line(database, split("SO1/1", 3))
    assert outcome.reserved == Decimal(3)
    assert [earmark.line(database, x).reserved for x in ("SO1/1", "SO1/2")] == [
        Decimal(5),
        Decimal(3),
    ]


def test_a_preview_splits_nothing_and_the_same_request_splits_once(
    story: earmark.Database,
) -> None:
    assert earmark.split_line(story, split("SO4711/2", 60, preview=True)).is_preview
    assert not earmark.exists(story, "SO4711/11")
    command = split("SO4711/2", 60, request_id="r1")
    first, again = earmark.split_line(story, command), earmark.split_line(story, command)
    assert (again.is_repeated, again.reference) == (True, first.reference)
    assert not earmark.exists(story, "SO4711/12")


@pytest.mark.parametrize(
    ("line", "quantity", "refusal"),
    [
        ("SO4711/2", 240, SplitTooLarge),
        ("SO4711/2", 61, TrackingExceedsLine),
        ("PO1214/1", 10, LineUnknown),
        ("SO1/1", 10, LineUnknown),
    ],
)
def test_what_can_not_be_split_off_is_refused(
    story: earmark.Database, line: str, quantity: int, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        earmark.split_line(story, split(line, quantity))


def test_a_split_keeps_the_history_of_both(story: earmark.Database) -> None:
    before = earmark.history(story, limit=1)[0].moment
    earmark.reserve(story, Reserve(line="SO4711/2"))
    earmark.split_line(story, split("SO4711/2", 60))
    assert earmark.line(story, "SO4711/2", as_of=before).quantity == Decimal(240)
    assert not earmark.exists(story, "SO4711/11", as_of=before)
