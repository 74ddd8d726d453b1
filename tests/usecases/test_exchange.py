"""Sheets in and out: what is right comes in whole, what is wrong is named and nothing comes in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

import earmark
from earmark.core.commands import SetUp
from earmark.core.items import Customer, Item, Location, PickingOrder, ReservePolicy
from earmark.core.tracking import Dimension, TrackingCode
from earmark.errors import EarmarkError, FileUnusable, ImportRefused
from earmark.sheets import Cell, Dialect, Sheet, numbered, read, write
from earmark.usecases import catalog, reading
from earmark.usecases.demonstration import fill
from earmark.usecases.exchange import Subject, columns, export_sheet, import_sheet
from earmark.usecases.verifying import verify
from tests.usecases.exchange_shop import (
    EVERY_SUBJECT,
    empty,
    everything,
    exported,
    refused,
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
        units={
            "A=B;C": Decimal("2.205"),
            "PAL": Decimal("0.125"),
            "PCS": "12 PCS = 1 KG",
            "T": Fraction(10, 3),
        },
        rounding_precision=Decimal("0.001"),
        over_receipt_percentage=Decimal("2.5"),
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
        "bin_code", "reserve", "made_for", "over_receipt_percentage",
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


def test_an_empty_cell_changes_nothing(shop: earmark.Database) -> None:
    before = [item for item in catalog.items(shop) if item.item_no == "X"]
    import_sheet(shop, Subject.ITEMS, sheet_of("item_no|units|variants|reserve\nX|||"))
    assert [item for item in catalog.items(shop) if item.item_no == "X"] == before
    assert before[0].units == {"BOX": Decimal(12)}


def test_units_are_said_in_a_cell_as_people_say_them(shop: earmark.Database) -> None:
    said = "item_no|base_unit|units\nEGG|DOZ|12 PCS = 1 DOZ;1 TRAY = 2,5 DOZ;CASE=30/7"
    import_sheet(shop, Subject.ITEMS, sheet_of(said))
    (egg,) = [item for item in catalog.items(shop) if item.item_no == "EGG"]
    units = {"PCS": Fraction(1, 12), "TRAY": Fraction(5, 2), "CASE": Fraction(30, 7)}
    assert egg.units == units
    wrong = sheet_of("item_no|base_unit|units\nA|PCS|1 BOX = 12 KG\nB|PCS|1 BOX = x PCS")
    assert refused(shop, Subject.ITEMS, wrong) == ["2  value-invalid", "3 units quantity-invalid"]


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
        ..||||
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


# -- What is nobody's row ----------------------------------------------------------------------


def test_a_refusal_that_is_about_no_row_stays_what_it_is(shop: earmark.Database) -> None:
    sheet = sheet_of("item_no|location_code|quantity\nU|EAST|5")
    import_sheet(shop, Subject.STOCK, sheet, request_id="r1")
    other = sheet_of("item_no|location_code|quantity\nU|EAST|6")
    with pytest.raises(EarmarkError) as error:
        import_sheet(shop, Subject.STOCK, other, request_id="r1")
    assert error.value.code == "request-reused"
