"""Sheets of orders and of item tracking lines, in and out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

import earmark
from earmark.core.commands import Track
from earmark.core.documents import DocumentEntry, DocumentKind, LineEntry, LineKind, Posting
from earmark.core.tracking import TrackingLine
from earmark.errors import EarmarkError
from earmark.usecases import reading
from earmark.usecases.exchange import Subject, import_sheet
from earmark.usecases.tracking import track
from tests.usecases.exchange_shop import (
    empty,
    enter,
    everything,
    exported,
    refused,
    sales,
    set_up_shop,
    sheet_of,
)


@pytest.fixture
def database() -> Iterator[earmark.Database]:
    opened = empty()
    yield opened
    opened.close()


@pytest.fixture
def shop(database: earmark.Database) -> earmark.Database:
    set_up_shop(database)
    return database


# -- Orders ------------------------------------------------------------------------------------


def test_how_much_more_may_be_received_survives_a_round_trip(shop: earmark.Database) -> None:
    sheet = sheet_of("""
        document_kind|document_no|item_no|quantity|over_receipt_percentage
        purchase|PO7|U|10|2,5
        purchase|PO7|U|10|0
        purchase|PO7|U|10|
    """)
    import_sheet(shop, Subject.ORDERS, sheet)
    lines = reading.document(shop, "PO7").lines
    assert [x.over_receipt_percentage for x in lines] == [Decimal("2.5"), Decimal(0), None]
    kept = exported(shop, Subject.ORDERS, "document_no", "over_receipt_percentage")
    assert kept == [("PO7", "2.5"), ("PO7", "0"), ("PO7", "")]


def test_orders_of_every_kind_come_in_with_lines_in_order_and_components(
    shop: earmark.Database,
) -> None:
    sheet = sheet_of(
        """
        Kind|Document No.|Customer No.|Status|Line No.|Component of|Item|Quantity|Unit|Date|Made for
        sales|SO1|C1||20000||X|2|BOX|2026-12-01|
        Sales Order|SO1||open|10000||U|1||31.12.2026|
        production|MO1||firm planned|||X|24|||SO1/2
        production|MO1||||1|U|3|||
        production|MO1||||1|S|4|||
        demand|D1|||||||||
    """.replace("Kind", "Document Kind").replace("Item", "Item No.")
    )
    assert import_sheet(shop, Subject.ORDERS, sheet).records == 3
    lines = {x.line: x for d in reading.documents(shop) for x in d.lines}
    assert list(lines) == ["MO1/1", "MO1/1/1", "MO1/1/2", "SO1/1", "SO1/2"]
    assert (lines["SO1/1"].item_no, lines["SO1/1"].date) == ("U", date(2026, 12, 31))
    assert (lines["SO1/2"].quantity, lines["SO1/2"].unit) == (Decimal(24), "BOX")
    assert (lines["MO1/1/2"].kind, lines["MO1/1/2"].item_no) == (LineKind.COMPONENT, "S")
    assert [r.binding for r in reading.reservations(shop, "SO1/2")] == ["order-to-order"]
    assert reading.document(shop, "MO1").status == "firm_planned"
    assert not reading.document(shop, "D1").lines


def test_everything_wrong_with_orders_is_told_at_once(shop: earmark.Database) -> None:
    enter(shop, DocumentEntry(kind=DocumentKind.DEMAND, document_no="D1"))
    sheet = sheet_of("""
        document_kind|document_no|customer_no|line_no|component_of|item_no|quantity|unit|made_for
        sales|SO1|C1|1||X|1||
        sales|SO1|C2|2||X|1||
        purchase|SO1||2||X|0||
        sales|SO2||1||NOPE|1|CRATE|
        sales|SO2||2||X|1|CRATE|
        |SO3||||X|1||
        sales||||||1||
        sales|SO4||1|||1||
        sales|SO5||1||X|||
        sales|SO6||1|9|X|1||
        demand|D1||||X|1||
        supply|S1||1||X|1||
        supply|S1||2||X|1||SO9/1
        sales|SO7||1||X|1||
        sales|SO7||1|1|X|1||
        invoice|SO8||1||X|1||
    """)
    assert refused(shop, Subject.ORDERS, sheet) == [
        "3 customer_no customer-unknown",
        "4 quantity quantity-invalid",
        "4 document_kind value-invalid",
        "4 line_no value-invalid",
        "5 item_no item-unknown",
        "6 unit unit-unknown",
        "7 document_kind value-invalid",
        "8 document_no value-invalid",
        "9 item_no value-invalid",
        "10 quantity value-invalid",
        "11 component_of value-invalid",
        "12  already-exists",
        "14  line-unknown",
        "15  value-invalid",
        "17 document_kind value-invalid",
    ]


def test_a_refused_line_is_told_with_its_row_and_not_its_documents(shop: earmark.Database) -> None:
    sheet = sheet_of("""
        document_kind|document_no|line_no|item_no|quantity|reserve
        sales|SO1|1|X|1|
        sales|SO1|2|X|1|
        sales|SO1|3|X|0,00000|
    """)
    assert refused(shop, Subject.ORDERS, sheet) == ["4 quantity quantity-invalid"]


def test_what_is_open_is_exported_not_what_is_posted(shop: earmark.Database) -> None:
    import_sheet(shop, Subject.STOCK, sheet_of("item_no|location_code|quantity\nU|EAST|100"))
    lines = [LineEntry(item_no="U", quantity=Decimal(q), location_code="EAST") for q in (10, 5)]
    enter(shop, sales("SO1", *lines), sales("SO2", lines[0]))
    for line, quantity in (("SO1/1", 4), ("SO2/1", 10)):
        earmark.post(
            shop, earmark.Post(posting=Posting.SHIP, line=line, quantity=Decimal(quantity))
        )
    assert exported(shop, Subject.ORDERS, "document_no", "line_no", "quantity") == [
        ("SO1", "1", "6"),
        ("SO1", "2", "5"),
    ]


def test_a_part_of_a_unit_that_is_not_exact_is_exported_in_the_base_unit(
    shop: earmark.Database,
) -> None:
    stock = "item_no|location_code|lot_no|quantity\nX|EAST|L1|100"
    import_sheet(shop, Subject.STOCK, sheet_of(stock))
    boxes = [
        LineEntry(item_no="X", quantity=Decimal(2), unit="BOX", location_code="EAST", numbers=lot)
        for lot in [(TrackingLine(lot_no="L1", quantity=Decimal(24)),)] * 2
    ]
    enter(shop, sales("SO1", *boxes))
    for line, quantity in (("SO1/1", 5), ("SO1/2", 6)):
        handled = (TrackingLine(lot_no="L1", quantity=Decimal(quantity)),)
        earmark.post(
            shop,
            earmark.Post(
                posting=Posting.SHIP, line=line, quantity=Decimal(quantity), numbers=handled
            ),
        )
    assert exported(shop, Subject.ORDERS, "quantity", "unit") == [
        ("19", "PCS"),
        ("1.5", "BOX"),
    ]
    assert exported(shop, Subject.TRACKING, "line", "quantity") == [
        ("SO1/1", "19"),
        ("SO1/2", "18"),
    ]


def test_a_finished_order_is_not_exported(shop: earmark.Database) -> None:
    line = LineEntry(item_no="U", quantity=Decimal(1), location_code="EAST")
    enter(
        shop,
        DocumentEntry(kind=DocumentKind.PRODUCTION_ORDER, document_no="MO1", lines=(line,)),
        DocumentEntry(kind=DocumentKind.PRODUCTION_ORDER, document_no="MO2", lines=(line,)),
        DocumentEntry(kind=DocumentKind.PRODUCTION_ORDER, document_no="MO3"),
        DocumentEntry(kind=DocumentKind.PRODUCTION_ORDER, document_no="MO4"),
    )
    for document_no in ("MO1", "MO3"):
        finished = earmark.DocumentStatus.FINISHED
        earmark.change_status(shop, earmark.ChangeStatus(document_no=document_no, status=finished))
    assert exported(shop, Subject.ORDERS, "document_no") == [("MO2",), ("MO4",)]


def test_a_component_of_a_line_that_is_made_is_not_exported(shop: earmark.Database) -> None:
    component = LineEntry(item_no="U", quantity=Decimal(2), location_code="EAST")
    made = replace(component, components=(component,))
    order = DocumentEntry(kind=DocumentKind.PRODUCTION_ORDER, document_no="MO1", lines=(made, made))
    enter(shop, order)
    earmark.post(shop, earmark.Post(posting=Posting.OUTPUT, line="MO1/1"))
    assert exported(shop, Subject.ORDERS, "line_no", "component_of") == [("2", ""), ("1", "2")]


def test_a_supply_made_for_a_demand_that_is_not_open_is_exported_without_it(
    shop: earmark.Database,
) -> None:
    import_sheet(shop, Subject.STOCK, sheet_of("item_no|location_code|quantity\nU|EAST|2"))
    line = LineEntry(item_no="U", quantity=Decimal(2), location_code="EAST")
    bound = replace(line, quantity=Decimal(3), made_for="SO1/1")
    enter(
        shop,
        sales("SO1", line),
        DocumentEntry(kind=DocumentKind.PURCHASE_ORDER, document_no="PO1", lines=(bound,)),
    )
    assert exported(shop, Subject.ORDERS, "made_for") == [("SO1/1",), ("",)]
    two = Decimal(2)
    earmark.post(shop, earmark.Post(posting=Posting.RECEIVE, line="PO1/1", quantity=two))
    earmark.post(shop, earmark.Post(posting=Posting.SHIP, line="SO1/1"))
    assert exported(shop, Subject.ORDERS, "document_no", "made_for") == [("PO1", "")]


# -- Tracking ----------------------------------------------------------------------------------


def test_tracking_replaces_that_of_the_lines_named_and_of_no_other(shop: earmark.Database) -> None:
    enter(shop, sales("SO1", *[LineEntry(item_no="X", quantity=Decimal(9))] * 2))
    for line in ("SO1/1", "SO1/2"):
        track(shop, Track(line=line, numbers=(TrackingLine(lot_no="OLD"),)))
    sheet = sheet_of("line|lot_no|quantity|to_handle|item_no\nSO1/1|L1|4|1|X\nSO1/1|0012|5||")
    assert import_sheet(shop, Subject.TRACKING, sheet).records == 1
    assert exported(shop, Subject.TRACKING, "line", "lot_no", "quantity", "to_handle") == [
        ("SO1/1", "L1", "4", "1"),
        ("SO1/1", "0012", "5", ""),
        ("SO1/2", "OLD", "1", ""),
    ]


def test_everything_wrong_with_tracking_is_told_at_once(shop: earmark.Database) -> None:
    line = LineEntry(item_no="X", quantity=Decimal(9))
    serial = LineEntry(item_no="S", quantity=Decimal(9))
    enter(
        shop, sales("SO1", line, line, serial, serial, LineEntry(item_no="U", quantity=Decimal(1)))
    )
    sheet = sheet_of("""
        line|lot_no|serial_no|quantity|item_no
        SO1/1|L1||4|U
        SO1/9|L1||4|
        SO1/2|L1||4|
        SO1/2|L2||6|
        SO1/3||S1|1|
        SO1/3||S1|1|
        SO1/4||S1|1|
        SO1/4||S2|2|
        SO1/5|L1||1|
        |L1||1|
    """)
    assert refused(shop, Subject.TRACKING, sheet) == [
        "2 item_no value-invalid",
        "3 line line-unknown",
        "4  tracking-exceeds-line",
        "6  number-duplicate",
        "9  serial-quantity",
        "10  not-tracked",
        "11 line value-invalid",
    ]


def test_a_refusal_that_may_be_about_several_rows_blames_none(shop: earmark.Database) -> None:
    sheet = sheet_of("""
        document_kind|document_no|item_no|quantity|made_for
        supply|S1|X|1|SO9/1
        supply|S2|X|1|SO9/1
    """)
    before = everything(shop)
    with pytest.raises(EarmarkError, match="There is no line SO9/1") as error:
        import_sheet(shop, Subject.ORDERS, sheet)
    assert error.value.code == "line-unknown"
    assert everything(shop) == before
