"""Every name in a command is tidied, wherever it stands."""

from __future__ import annotations

from decimal import Decimal

import pytest

from earmark.core.commands import Adjust, EnterDocuments, Reserve, SetUp, StockRow, Track
from earmark.core.documents import DocumentEntry, DocumentKind, LineEntry
from earmark.core.items import Item, PickingOrder
from earmark.core.tidying import tidy
from earmark.core.tracking import Numbers, TrackingLine
from earmark.errors import ValueInvalid


def test_what_is_tidy_already_is_the_very_same() -> None:
    command = Reserve(line="SO1/1", numbers=Numbers(lot_no="L1"))
    assert tidy(command) is command


def test_names_are_trimmed_at_every_depth() -> None:
    line = LineEntry(
        item_no=" X\u00a0",
        quantity=Decimal(1),
        location_code="EAST\r\n",
        numbers=(TrackingLine(lot_no="\ufeffL1 "),),
        components=(LineEntry(item_no="\tY", quantity=Decimal(2)),),
    )
    entry = DocumentEntry(kind=DocumentKind.SALES_ORDER, document_no="SO1 ", lines=(line,))
    (done,) = tidy(EnterDocuments(documents=(entry,))).documents
    assert (done.document_no, done.lines[0].item_no) == ("SO1", "X")
    assert done.lines[0].location_code == "EAST"
    assert done.lines[0].numbers[0].lot_no == "L1"
    assert done.lines[0].components[0].item_no == "Y"


def test_the_keys_of_units_and_picking_orders_are_names() -> None:
    item = Item(
        item_no="X",
        units={"BOX ": Decimal(12)},
        variants=(" RED",),
        location_picking_orders={"EAST\u200b": PickingOrder.LIFO},
    )
    (done,) = tidy(SetUp(items=(item,))).items
    assert (dict(done.units), done.variants) == ({"BOX": Decimal(12)}, ("RED",))
    assert dict(done.location_picking_orders) == {"EAST": PickingOrder.LIFO}


def test_a_free_text_keeps_its_blanks() -> None:
    assert tidy(Reserve(line="SO1/1", reason=" why \n not ")).reason == " why \n not "


def test_the_row_that_is_wrong_is_told() -> None:
    rows = (
        StockRow(item_no="X", location_code="EAST", quantity=Decimal(1)),
        StockRow(item_no="X\x00Y", location_code="EAST", quantity=Decimal(1)),
    )
    with pytest.raises(ValueInvalid, match="U\\+0000") as refused:
        tidy(Adjust(rows=rows))
    assert refused.value.facts["row"] == 1


@pytest.mark.parametrize(
    ("given", "what"),
    [
        (TrackingLine(lot_no="A\uffffB"), "Lot no."),
        (TrackingLine(serial_no="A\uffffB"), "Serial no."),
        (TrackingLine(package_no="A\uffffB"), "Package no."),
    ],
)
def test_what_no_face_carries_is_refused_in_every_number(given: TrackingLine, what: str) -> None:
    with pytest.raises(ValueInvalid, match=what):
        tidy(Track(line="SO1/1", numbers=(given,)))


def test_two_units_of_one_name_are_refused() -> None:
    item = Item(item_no="X", units={"BOX ": Decimal(12), "BOX": Decimal(10)})
    with pytest.raises(ValueInvalid, match="the same"):
        tidy(SetUp(items=(item,)))
