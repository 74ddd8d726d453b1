"""Sheets in and out: what is right comes in whole, what is wrong is named and nothing comes in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

import earmark
from earmark.core.commands import EnterDocuments, SetUp, Track
from earmark.core.documents import DocumentEntry, DocumentKind, LineEntry, LineKind, Posting
from earmark.core.items import Customer, Item, Location, PickingOrder, ReservePolicy
from earmark.core.tracking import Dimension, TrackingCode, TrackingLine
from earmark.errors import EarmarkError, FileUnusable, ImportRefused
from earmark.sheets import Cell, Dialect, Sheet, numbered, read, write
from earmark.usecases import catalog, reading
from earmark.usecases.demonstration import fill
from earmark.usecases.documents import enter_documents
from earmark.usecases.exchange import Subject, columns, export_sheet, import_sheet
from earmark.usecases.tracking import track
from earmark.usecases.verifying import verify

NOW = datetime(2026, 11, 24, 10, 45, tzinfo=UTC)
EVERY_SUBJECT = list(Subject)


@pytest.fixture
def database() -> Iterator[earmark.Database]:
    opened = empty()
    yield opened
    opened.close()


def empty() -> earmark.Database:
    return earmark.open("sqlite:///:memory:", clock=lambda: NOW)


@pytest.fixture
def shop(database: earmark.Database) -> earmark.Database:
    """Two locations, a lot item X, a serial item S, an untracked item U, a customer."""
    specific = {"LOT": {Dimension.LOT}, "SN": {Dimension.SERIAL}}
    catalog.set_up(
        database,
        SetUp(
            tracking_codes=tuple(TrackingCode(c, frozenset(d)) for c, d in specific.items()),
            locations=(Location(location_code="EAST"), Location(location_code="WEST")),
            customers=(Customer(customer_no="C1"),),
            items=(
                Item(
                    item_no="X",
                    tracking_code="LOT",
                    units={"BOX": Decimal(12)},
                    variants=("RED",),
                ),
                Item(item_no="S", tracking_code="SN"),
                Item(item_no="U"),
            ),
        ),
    )
    return database


def sheet_of(text: str) -> Sheet:
    """Rows with bars between: headings, then cells."""
    headings, *rows = [
        [cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()
    ]
    return Sheet(columns=tuple(headings), rows=numbered(rows), file="rows.csv")


def refused(database: earmark.Database, what: Subject, sheet: Sheet) -> list[str]:
    """All that is wrong, as the user reads it; and nothing is imported."""
    before = everything(database)
    with pytest.raises(ImportRefused) as error:
        import_sheet(database, what, sheet)
    assert everything(database) == before
    errors = error.value.facts["errors"]
    assert isinstance(errors, tuple)
    assert error.value.facts["count"] == len({e.row for e in errors})
    assert error.value.facts["first"] == errors[0]
    return [f"{e.row} {e.column} {e.code}" for e in errors]


def everything(database: earmark.Database) -> list[Sequence[Sequence[Cell]]]:
    return [[row.cells for row in export_sheet(database, what).rows] for what in EVERY_SUBJECT]


# -- There and back ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.tsv"])
@pytest.mark.parametrize("dialect", [Dialect(), Dialect(";"), Dialect("\t", ",")])
def test_a_whole_company_exported_and_imported_is_the_same_company(
    database: earmark.Database, database_url: str, tmp_path: Path, name: str, dialect: Dialect
) -> None:
    fill(database)
    copy = earmark.open(database_url, clock=database.clock)
    for what in (Subject.TRACKING_CODES, *EVERY_SUBJECT):
        sheet = export_sheet(database, what)
        write(tmp_path / name, Sheet(columns=sheet.columns, rows=sheet.rows, dialect=dialect))
        back = read(tmp_path / name, Dialect(decimal_mark=dialect.decimal_mark))
        result = import_sheet(copy, what, back, by="Ana")
        assert result.rows == len(sheet.rows) > 0
    assert everything(copy) == everything(database)
    assert reading.inventory(copy) == reading.inventory(database)
    assert catalog.items(copy) == catalog.items(database)
    assert not verify(copy)
    copy.close()


def test_every_field_of_the_catalog_survives_a_round_trip(database: earmark.Database) -> None:
    item = Item(
        item_no='=A;"1"',
        description=" two\nlines, 'quoted' ",
        base_unit="KG",
        units={"A=B;C": Decimal("2.205"), "PAL": Decimal("0.125")},
        rounding_precision=Decimal("0.001"),
        variants=("R;ED", "BLUE"),
        tracking_code="ALL",
        reserve=ReservePolicy.ALWAYS,
        picking_order=PickingOrder.LIFO,
        location_picking_orders={"EAST": PickingOrder.FEFO},
        serial_series="SN0001",
        lot_series="0001",
    )
    code = TrackingCode(
        "ALL",
        specific=frozenset({Dimension.LOT, Dimension.SERIAL}),
        required=frozenset({Dimension.PACKAGE}),
        expiration_used=True,
        expiration_required=True,
        expiration_strict=True,
    )
    east = Location(location_code="EAST", description="-1", is_in_transit=True, bins=("A1", "A2"))
    customer = Customer(
        customer_no="007",
        name="@home",
        priority=-3,
        reserve=ReservePolicy.NEVER,
        minimum_shelf_life_days=60,
        transit_days=2,
    )
    catalog.set_up(
        database,
        SetUp(tracking_codes=(code,), items=(item,), locations=(east,), customers=(customer,)),
    )
    copy = empty()
    for what in (Subject.TRACKING_CODES, Subject.ITEMS, Subject.LOCATIONS, Subject.CUSTOMERS):
        import_sheet(copy, what, export_sheet(database, what))
    assert catalog.items(copy) == (item,)
    assert catalog.tracking_codes(copy) == (code,)
    assert catalog.locations(copy) == (east,)
    assert catalog.customers(copy) == (customer,)
    copy.close()


@pytest.mark.parametrize("what", EVERY_SUBJECT)
def test_an_export_of_nothing_has_the_headings_and_imports_as_nothing(
    database: earmark.Database, what: Subject
) -> None:
    sheet = export_sheet(database, what)
    assert sheet.columns == columns(what)
    assert import_sheet(database, what, sheet).records == 0
    assert not reading.history(database)


def test_the_columns_and_their_order_are_these_for_ever() -> None:
    assert columns(Subject.STOCK) == (
        "item_no", "variant_code", "location_code", "lot_no", "serial_no", "package_no", "quantity",
        "unit", "posting_date", "expiration_date", "bin_code",
    )  # fmt: skip
    assert columns(Subject.ORDERS) == (
        "document_kind", "document_no", "customer_no", "status", "description", "line_no",
        "component_of", "item_no", "variant_code", "location_code", "quantity", "unit", "date",
        "bin_code", "reserve", "made_for",
    )  # fmt: skip
    assert columns(Subject.TRACKING) == (
        "line", "lot_no", "serial_no", "package_no", "quantity", "to_handle", "expiration_date",
        "item_no",
    )  # fmt: skip


# -- Columns -----------------------------------------------------------------------------------


def test_headings_are_matched_as_they_are_spoken(shop: earmark.Database) -> None:
    sheet = sheet_of("Item No.|LOCATION-CODE|lot no|Quantity |\nX|EAST|L1|5|")
    assert import_sheet(shop, Subject.STOCK, sheet).records == 1
    assert reading.inventory(shop)[0].quantity == 5


@pytest.mark.parametrize(
    ("headings", "why"),
    [
        (
            "item_no|location_code|quantity|lott_no",
            "column lott_no is not known; the nearest is lot_no",
        ),
        ("item_no|location_code|menge|lot_no", "column menge is not known; the nearest is"),
        ("item_no|location_code|quantity|", "column 4 has values and no heading"),
        (
            "item_no|location_code|quantity|Item No.",
            "column item_no stands twice, as column 1 and 4",
        ),
        ("item_no|lot_no|bin_code|unit", "it has no column location_code, quantity; row 1 must"),
    ],
)
def test_columns_that_do_not_fit_refuse_the_file(
    shop: earmark.Database, headings: str, why: str
) -> None:
    with pytest.raises(FileUnusable) as error:
        import_sheet(shop, Subject.STOCK, sheet_of(f"{headings}\nX|EAST|1|L1"))
    assert why in error.value.message


# -- Master data -------------------------------------------------------------------------------


def test_a_column_that_is_not_in_the_file_leaves_what_is_on_record(shop: earmark.Database) -> None:
    import_sheet(shop, Subject.ITEMS, sheet_of("item_no|description\nX|Cheese\nNEW|Bread"))
    found = {item.item_no: item for item in catalog.items(shop)}
    assert (found["X"].description, found["X"].tracking_code) == ("Cheese", "LOT")
    assert found["X"].units == {"BOX": Decimal(12)}
    assert found["NEW"] == Item(item_no="NEW", description="Bread")


def test_an_empty_cell_sets_a_record_back_to_the_default(shop: earmark.Database) -> None:
    import_sheet(shop, Subject.ITEMS, sheet_of("item_no|units|variants|reserve\nX|||"))
    (item,) = [item for item in catalog.items(shop) if item.item_no == "X"]
    assert (item.units, item.variants, item.reserve) == ({}, (), ReservePolicy.OPTIONAL)


def test_units_are_read_with_either_decimal_mark(shop: earmark.Database) -> None:
    import_sheet(shop, Subject.ITEMS, sheet_of("item_no|units\nX| BOX = 12 ; LB=0,45359;;"))
    (item,) = [item for item in catalog.items(shop) if item.item_no == "X"]
    assert item.units == {"BOX": Decimal(12), "LB": Decimal("0.45359")}


def test_everything_wrong_with_master_data_is_told_at_once(shop: earmark.Database) -> None:
    sheet = sheet_of("""
        item_no|units|reserve|tracking_code|rounding_precision
        A|BOX|always|LOT|1
        B|BOX=0|sometimes|NOPE|x
        |||LOT|
        A|"BOX=1|||
        C#1||||
        D|=3||LOT|1
    """)
    assert refused(shop, Subject.ITEMS, sheet) == [
        "2 units value-invalid",
        "3 units quantity-invalid",
        "3 reserve value-invalid",
        "3 tracking_code tracking-code-unknown",
        "3 rounding_precision quantity-invalid",
        "4 item_no value-invalid",
        "5 units value-invalid",
        "5 item_no value-invalid",
        "6  value-invalid",
        "7 units value-invalid",
    ]


def test_what_a_code_may_not_say_is_told_with_its_row(shop: earmark.Database) -> None:
    sheet = sheet_of("tracking_code|specific|expiration_used\nA|lot;colour|yes\nB|LOT|perhaps")
    assert refused(shop, Subject.TRACKING_CODES, sheet) == [
        "2 specific value-invalid",
        "3 expiration_used value-invalid",
    ]


def test_a_customers_numbers_are_whole(shop: earmark.Database) -> None:
    sheet = sheet_of("customer_no|priority|transit_days\nC2|1,5|2\nC3|2.0|x")
    assert refused(shop, Subject.CUSTOMERS, sheet) == [
        "2 priority quantity-invalid",
        "3 transit_days quantity-invalid",
    ]


# -- Stock -------------------------------------------------------------------------------------


def test_stock_comes_in_and_goes_out_in_units_on_its_dates(shop: earmark.Database) -> None:
    import_sheet(shop, Subject.STOCK, sheet_of("item_no|location_code|quantity\nU|EAST|7"))
    sheet = Sheet(
        columns=("item_no", "location_code", "lot_no", "quantity", "unit", "posting_date"),
        rows=numbered(
            [
                ("X", "EAST", "L1", "2,5", "BOX", "01.11.2026"),
                ("U", "EAST", "", Decimal(-6), "", date(2026, 11, 2)),
                ("U", "", "", "1", "", ""),
            ]
        ),
        dialect=Dialect(";"),
    )
    result = import_sheet(shop, Subject.STOCK, sheet, by="Ana")
    assert [(row.item_no, row.quantity) for row in reading.inventory(shop)] == [
        ("U", Decimal(1)),
        ("U", Decimal(1)),
        ("X", Decimal(30)),
    ]
    assert (result.rows, result.records, result.outcome.entries) == (3, 3, ("X#1", "U#2", "U#3"))
    assert reading.history(shop)[0].by == "Ana"


def test_stock_is_exported_in_the_order_in_which_it_came(shop: earmark.Database) -> None:
    sheet = sheet_of("""
        item_no|location_code|lot_no|quantity|posting_date
        X|EAST|L1|1|2026-11-03
        X|EAST|L2|1|2026-11-01
        X|EAST|L1|1|2026-11-02
        X|EAST|L1|1|2026-11-02
    """)
    import_sheet(shop, Subject.STOCK, sheet)
    assert exported(shop, Subject.STOCK, "lot_no", "quantity", "posting_date") == [
        ("L2", "1", "2026-11-01"),
        ("L1", "2", "2026-11-02"),
        ("L1", "1", "2026-11-03"),
    ]


def test_every_wrong_row_of_stock_is_told_with_its_number_and_nothing_comes_in(
    shop: earmark.Database,
) -> None:
    sheet = sheet_of("""
        item_no|variant_code|location_code|lot_no|serial_no|quantity|unit|posting_date
        X||EAST|L1||5||
        NOPE||EAST|||5||
        X|BLUE|NOWHERE|L1||abc|CRATE|12/31/2026
        U||EAST|||0||
        U||EAST|L1||1||
        S||EAST||S1|1||
        S||EAST||S2|2||
        ||EAST|||||
    """)
    assert refused(shop, Subject.STOCK, sheet) == [
        "3 item_no item-unknown",
        "4 location_code location-unknown",
        "4 quantity quantity-invalid",
        "4 posting_date date-invalid",
        "4 variant_code variant-unknown",
        "4 unit unit-unknown",
        "5 quantity quantity-invalid",
        "8  serial-quantity",
        "9 item_no value-invalid",
        "9 quantity value-invalid",
    ]


def test_the_sentence_of_a_row_says_where_what_and_why(shop: earmark.Database) -> None:
    sheet = sheet_of("item_no|location_code|quantity\nU|EAST|1\nNOPE|EAST|1,2,3")
    with pytest.raises(ImportRefused) as error:
        import_sheet(shop, Subject.STOCK, sheet)
    assert error.value.message == (
        "1 of 2 rows of rows.csv are wrong; nothing was imported. "
        "Row 3, item_no: There is no item NOPE."
    )
    assert error.value.exit_code == 2
    told = error.value.facts["errors"][1]  # type: ignore[index]
    assert (told.value, str(told)) == (
        "1,2,3", "Row 3, quantity: Quantity 1,2,3: it is not a number.",
    )  # fmt: skip


def test_a_serial_no_in_stock_already_is_told_with_its_own_row(shop: earmark.Database) -> None:
    rows = "item_no|location_code|serial_no|quantity"
    import_sheet(shop, Subject.STOCK, sheet_of(f"{rows}\nS|EAST|S2|1"))
    sheet = sheet_of(f"{rows}\nS|EAST|S1|1\nS|EAST|S2|1\nU|EAST||-2\nU|EAST||1\nX|EAST||1")
    assert refused(shop, Subject.STOCK, sheet) == [
        "3  serial-in-stock",
        "4  not-in-stock",
        "6  number-missing",
    ]


def test_rows_that_depend_on_a_wrong_row_are_not_blamed(shop: earmark.Database) -> None:
    sheet = sheet_of("item_no|location_code|quantity\nU|EAST|five\nU|EAST|-5\nU|WEST|-1")
    assert refused(shop, Subject.STOCK, sheet) == ["2 quantity quantity-invalid"]


def test_a_lot_no_that_became_a_date_or_lost_digits_is_told(shop: earmark.Database) -> None:
    one = Decimal(1)
    rows: list[list[Cell]] = [
        ["X", "EAST", date(2026, 12, 3), one],
        ["X", "EAST", Decimal(10**17), one],
    ]
    sheet = Sheet(columns=("item_no", "location_code", "lot_no", "quantity"), rows=numbered(rows))
    assert refused(shop, Subject.STOCK, sheet) == [
        "2 lot_no value-invalid",
        "3 lot_no value-invalid",
    ]


def test_a_dry_run_answers_and_saves_nothing(shop: earmark.Database) -> None:
    sheet = sheet_of("item_no|location_code|quantity\nU|EAST|5")
    before = everything(shop)
    result = import_sheet(shop, Subject.STOCK, sheet, preview=True)
    assert result.outcome.is_preview
    assert everything(shop) == before


def test_the_same_request_imports_once(shop: earmark.Database) -> None:
    sheet = sheet_of("item_no|location_code|quantity\nU|EAST|5")
    for _ in range(2):
        result = import_sheet(shop, Subject.STOCK, sheet, request_id="r1")
    assert result.outcome.is_repeated
    assert [row.quantity for row in reading.inventory(shop)] == [5]


def test_progress_is_told_from_nothing_to_all(shop: earmark.Database) -> None:
    told: list[tuple[int, int]] = []
    rows = numbered([("U", "EAST", "1")] * 2500)
    sheet = Sheet(columns=("item_no", "location_code", "quantity"), rows=rows)
    import_sheet(
        shop, Subject.STOCK, sheet, progress=lambda done, total: told.append((done, total))
    )
    assert told == [(0, 2500), (1000, 2500), (2000, 2500), (2500, 2500)]


# -- Orders ------------------------------------------------------------------------------------


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


# -- What is nobody's row ----------------------------------------------------------------------


def test_a_refusal_that_is_about_no_row_stays_what_it_is(shop: earmark.Database) -> None:
    sheet = sheet_of("item_no|location_code|quantity\nU|EAST|5")
    import_sheet(shop, Subject.STOCK, sheet, request_id="r1")
    other = sheet_of("item_no|location_code|quantity\nU|EAST|6")
    with pytest.raises(EarmarkError) as error:
        import_sheet(shop, Subject.STOCK, other, request_id="r1")
    assert error.value.code == "request-reused"


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


def enter(database: earmark.Database, *documents: DocumentEntry) -> None:
    enter_documents(database, EnterDocuments(documents=documents))


def sales(document_no: str, *lines: LineEntry) -> DocumentEntry:
    return DocumentEntry(kind=DocumentKind.SALES_ORDER, document_no=document_no, lines=lines)


def exported(database: earmark.Database, what: Subject, *names: str) -> list[tuple[str, ...]]:
    """Some columns of an export, as text."""
    sheet = export_sheet(database, what)
    rows: list[Mapping[str, Cell]] = [
        dict(zip(sheet.columns, row.cells, strict=True)) for row in sheet.rows
    ]
    return [tuple(f"{row[name]}" for name in names) for row in rows]
