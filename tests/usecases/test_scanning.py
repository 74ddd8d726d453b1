"""A scanned code means an item, its numbers, a quantity; whether they exist and fit is said."""

from datetime import date
from decimal import Decimal

import pytest

import earmark
from earmark import (
    ChangeNumber,
    Dimension,
    DocumentKind,
    Item,
    ItemGtin,
    LineEntry,
    NumberRecord,
    Numbers,
    ScanReading,
    SetUp,
    StockRow,
    TrackingCode,
)
from earmark.core.gs1 import Form
from earmark.errors import EarmarkError, LineUnknown
from earmark.usecases import catalog
from tests import stories

PUMP = "2230"
GTIN, BOX = "05712345000427", "15712345000424"
SCANNED = f"(01){GTIN}(17)280930(10)P2609(21)VP2-0429"


@pytest.fixture
def shop(database: earmark.Database) -> earmark.Database:
    """A pump by serial and lot, one of it in stock; a lot item; an order for both."""
    both = TrackingCode("SNLOT", specific=frozenset({Dimension.SERIAL, Dimension.LOT}))
    pump = Item(
        item_no=PUMP,
        tracking_code="SNLOT",
        units={"BOX": Decimal(12), "KG": Decimal("0.5")},
        variants=("RED",),
    )
    stories.open_shop(database)
    gtins = (
        ItemGtin(gtin=GTIN, item_no=PUMP),
        ItemGtin(gtin=BOX, item_no=PUMP, unit="BOX"),
        ItemGtin(gtin="40170725", item_no=PUMP, variant_code="RED"),
    )
    earmark.set_up(database, SetUp(tracking_codes=(both,), items=(pump,), gtins=gtins))
    numbers = Numbers(lot_no="P2609", serial_no="VP2-0429")
    one = StockRow(
        item_no=PUMP,
        location_code=stories.PLACE,
        quantity=Decimal(1),
        numbers=numbers,
        expiration_date=date(2028, 9, 30),
    )
    stories.stock(database, one, stories.row("A", 5))
    line = LineEntry(item_no=PUMP, quantity=Decimal(1), location_code=stories.PLACE)
    entered = [("SO1", line), ("SO2", stories.line(3, tracked={"A": 1}))]
    stories.orders(database, DocumentKind.SALES_ORDER, entered)
    stories.orders(database, DocumentKind.PURCHASE_ORDER, [("PO1", line)])
    return database


def first(database: earmark.Database, text: str, line: str = "") -> ScanReading:
    return earmark.scan(database, text, line=line).readings[0]


def codes(reading: ScanReading) -> list[str]:
    return [notice.code for notice in reading.notices]


def test_a_code_names_an_item_and_numbers_that_exist_and_fit(shop: earmark.Database) -> None:
    read = earmark.scan(shop, SCANNED, line="SO1/1")
    (reading,) = read.readings
    assert not read.is_ambiguous
    assert (reading.item_no, reading.fits, reading.available) == (PUMP, True, Decimal(1))
    assert set(reading.known) == {Dimension.SERIAL, Dimension.LOT}
    assert reading.notices == ()
    entered = earmark.Track(line="SO1/1", numbers=(reading.tracking_line,))
    earmark.track(shop, entered)
    assert codes(first(shop, SCANNED, "SO1/1")) == ["number-duplicate"]


def test_of_several_readings_the_one_that_exists_comes_first(shop: earmark.Database) -> None:
    read = earmark.scan(shop, f"01{GTIN}1728093010P260921VP2-0429", line="SO1/1")
    assert [reading.numbers.lot_no for reading in read.readings][:2] == ["P2609", "P260921VP2-0429"]
    assert [reading.fits for reading in read.readings][:2] == [True, False]
    assert not read.is_ambiguous


def test_where_as_much_speaks_for_two_a_person_decides(shop: earmark.Database) -> None:
    """New numbers on a receipt: nothing tells a lot from a serial."""
    read = earmark.scan(shop, "N100", line="PO1/1")
    assert {str(reading.numbers) for reading in read.readings} == {"Serial N100", "Lot N100"}
    assert read.is_ambiguous


def test_a_plain_number_is_looked_for_among_lots_serials_packages_and_items(
    shop: earmark.Database,
) -> None:
    assert str(first(shop, "VP2-0429").numbers) == "Serial VP2-0429"
    assert first(shop, "VP2-0429").item_no == PUMP
    assert str(first(shop, "P2609", "SO1/1").numbers) == "Lot P2609"
    assert first(shop, PUMP).item_no == PUMP
    nothing = first(shop, "XYZ")
    assert (nothing.item_no, codes(nothing)) == ("", ["number-unknown"])


def test_the_same_number_of_two_items_is_ambiguous(shop: earmark.Database) -> None:
    record = NumberRecord(item_no=PUMP, numbers=Numbers(lot_no="A"))
    earmark.set_up(shop, SetUp(numbers=(record,)))
    read = earmark.scan(shop, "A")
    assert {reading.item_no for reading in read.readings} == {PUMP, stories.LOT}
    assert read.is_ambiguous
    assert earmark.scan(shop, "A", line="SO2/1").readings[0].item_no == stories.LOT


def test_numbers_without_a_gtin_are_those_of_the_line_or_of_who_has_them(
    shop: earmark.Database,
) -> None:
    assert first(shop, "(10)P2609(21)VP2-0429").item_no == PUMP
    assert first(shop, "(10)A", "SO2/1").item_no == stories.LOT
    assert first(shop, "(10)NONE").item_no == ""
    assert first(shop, "(99)x").item_no == ""


def test_what_does_not_fit_the_line_says_why(shop: earmark.Database) -> None:
    assert codes(first(shop, SCANNED, "SO2/1")) == ["other-item"]
    assert codes(first(shop, "(01)95012345678903", "SO2/1")) == ["gtin-unknown", "other-item"]
    assert codes(first(shop, "(10)B", "SO2/1")) == ["number-unknown", "not-in-stock"]
    assert codes(first(shop, "(10)A", "SO2/1")) == ["number-duplicate"]
    assert codes(first(shop, "(01)00000040170725", "SO1/1")) == ["other-variant"]
    blocked = ChangeNumber(item_no=PUMP, numbers=Numbers(lot_no="P2609"), is_blocked=True)
    earmark.change_number(shop, blocked)
    reading = first(shop, SCANNED, "SO1/1")
    assert reading.fits is False
    assert set(codes(reading)) == {"number-blocked"}
    with pytest.raises(LineUnknown):
        earmark.scan(shop, SCANNED, line="SO9/1")


def test_a_date_that_differs_from_the_one_on_record_is_said(shop: earmark.Database) -> None:
    assert codes(first(shop, f"(01){GTIN}(17)280801(10)P2609")) == ["expiration-differs"]


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        (f"(01){BOX}", Decimal(12)),
        (f"(02){BOX}(37)3", Decimal(36)),
        (f"(01){GTIN}(30)5", Decimal(5)),
        (f"(01){GTIN}(3102)000200", Decimal(1)),
        (f"(01){BOX}(21)S1", None),
        (f"(01){GTIN}", None),
        ("(30)7", Decimal(7)),
        ("(3102)000200", None),
    ],
)
def test_quantities_come_in_the_base_unit(
    shop: earmark.Database, text: str, quantity: Decimal | None
) -> None:
    assert first(shop, text).quantity == quantity


def test_a_weight_of_what_is_not_weighed_is_said(shop: earmark.Database) -> None:
    reading = first(shop, "(10)A(3100)000002", "SO2/1")
    assert reading.quantity is None
    assert "unit-unknown" in codes(reading)


def test_a_digital_link_is_read_alike(shop: earmark.Database) -> None:
    reading = first(shop, f"https://id.gs1.org/01/{GTIN}/10/P2609", "SO1/1")
    assert (reading.form, reading.item_no, reading.fits) == (Form.DIGITAL_LINK, PUMP, True)
    assert reading.tracking_line.quantity == 1


def test_gtins_are_entered_replaced_and_forgotten(shop: earmark.Database) -> None:
    earmark.set_up(shop, SetUp(gtins=(ItemGtin(gtin="5712345000427", item_no=PUMP, unit="BOX"),)))
    assert [(g.gtin, g.unit) for g in catalog.gtins(shop)][-2:] == [(GTIN, "BOX"), (BOX, "BOX")]
    earmark.set_up(shop, SetUp(forgotten_gtins=(GTIN, "40170725")))
    assert [gtin.gtin for gtin in catalog.gtins(shop)] == [BOX]


@pytest.mark.parametrize(
    ("gtin", "code"),
    [
        (ItemGtin(gtin=GTIN, item_no=stories.LOT), "value-invalid"),
        (ItemGtin(gtin="123", item_no=PUMP), "value-invalid"),
        (ItemGtin(gtin="96385074", item_no="NONE"), "item-unknown"),
        (ItemGtin(gtin="96385074", item_no=PUMP, unit="CASE"), "unit-unknown"),
        (ItemGtin(gtin="96385074", item_no=PUMP, variant_code="BLUE"), "variant-unknown"),
    ],
)
def test_a_gtin_that_can_not_be_is_refused_with_its_row(
    shop: earmark.Database, gtin: ItemGtin, code: str
) -> None:
    with pytest.raises(EarmarkError) as refused:
        earmark.set_up(shop, SetUp(gtins=(ItemGtin(gtin=BOX, item_no=PUMP), gtin)))
    assert refused.value.code == code
    assert refused.value.facts["row"] == 1
