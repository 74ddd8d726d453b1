"""Figures larger than can be kept are refused with the most there can be, and are never a fault."""

from collections.abc import Callable
from decimal import Decimal

import pytest

import earmark
from earmark import (
    Adjust,
    Change,
    DocumentEntry,
    DocumentKind,
    EditLine,
    EnterDocuments,
    Item,
    LineEntry,
    Location,
    Reserve,
    SetUp,
    SplitLine,
    StockRow,
)
from earmark.core.quantity import LARGEST, exact
from earmark.errors import QuantityInvalid
from earmark.usecases.exchange import Subject, import_sheet
from tests.usecases.exchange_shop import sheet_of

HUGE = ("1E+1000000", "-1E+1000000", "1E+999999", "9" * 5000, "1E-1000000", "NaN", "sNaN", "-Inf")


@pytest.fixture
def shop(database: earmark.Database) -> earmark.Database:
    """One piece of X is in stock and reserved; a PAL of it is a billion."""
    item = Item(item_no="X", units={"PAL": 1_000_000_000})
    earmark.set_up(database, SetUp(items=(item,), locations=(Location(location_code="EAST"),)))
    earmark.adjust(database, Adjust(rows=(of_x(1),)))
    enter(database, "SO1", 1)
    earmark.reserve(database, Reserve(line="SO1/1"))
    return database


def of_x(quantity: object, unit: str = "") -> StockRow:
    amount: Decimal = quantity if isinstance(quantity, Decimal) else Decimal(str(quantity))
    return StockRow(item_no="X", location_code="EAST", quantity=amount, unit=unit)


def enter(shop: earmark.Database, number: str, quantity: object, unit: str = "") -> None:
    amount = Decimal(str(quantity))
    line = LineEntry(item_no="X", quantity=amount, unit=unit, location_code="EAST")
    order = DocumentEntry(kind=DocumentKind.SALES_ORDER, document_no=number, lines=(line,))
    earmark.enter_documents(shop, EnterDocuments(documents=(order,)))


@pytest.mark.parametrize("figure", HUGE)
def test_a_figure_beyond_all_measure_is_refused_at_every_door(
    shop: earmark.Database, figure: str
) -> None:
    number = Decimal(figure)
    commands: tuple[tuple[Callable[..., object], object], ...] = (
        (earmark.reserve, Reserve(line="SO1/1", quantity=number)),
        (earmark.edit_line, EditLine(line="SO1/1", quantity=number)),
        (earmark.split_line, SplitLine(line="SO1/1", quantity=number, date=None)),
        (earmark.change, Change(line="SO1/1", quantity=number)),
        (earmark.adjust, Adjust(rows=(of_x(number),))),
        (earmark.set_up, SetUp(items=(Item(item_no="X", rounding_precision=number),))),
    )
    for use_case, command in commands:
        with pytest.raises(QuantityInvalid) as refused:
            use_case(shop, command)
        assert len(refused.value.message) < 200
    with pytest.raises(QuantityInvalid):
        exact(figure)
    assert earmark.line(shop, "SO1/1").reserved == 1


def test_a_unit_times_a_quantity_is_refused_with_the_most_of_the_unit(
    shop: earmark.Database,
) -> None:
    for number, unit in ((Decimal(1001), "PAL"), (LARGEST, "PAL")):
        with pytest.raises(QuantityInvalid, match="the most is 1000"):
            enter(shop, "SO2", number, unit)
        with pytest.raises(QuantityInvalid, match="the most is 1000"):
            earmark.adjust(shop, Adjust(rows=(of_x(number, unit),)))
    with pytest.raises(QuantityInvalid, match="the most is 1000"):
        earmark.edit_line(shop, EditLine(line="SO1/1", unit="PAL", quantity=Decimal(1001)))
    enter(shop, "SO3", 999, "PAL")


def test_what_there_is_in_all_can_always_be_added_up(shop: earmark.Database) -> None:
    most = LARGEST - 1
    earmark.adjust(shop, Adjust(rows=(of_x(most),)))
    with pytest.raises(QuantityInvalid, match="in all"):
        earmark.adjust(shop, Adjust(rows=(of_x(LARGEST),)))
    with pytest.raises(QuantityInvalid, match="in all"):
        earmark.adjust(shop, Adjust(rows=tuple(of_x(LARGEST) for _ in range(100))))
    enter(shop, "SO4", most)
    with pytest.raises(QuantityInvalid, match="in all"):
        enter(shop, "SO5", LARGEST)
    with pytest.raises(QuantityInvalid, match="in all"):
        earmark.edit_line(shop, EditLine(line="SO1/1", quantity=LARGEST))
    assert sum(row.quantity for row in earmark.inventory(shop)) == LARGEST
    assert earmark.verify(shop) == ()


def test_a_cell_beyond_all_measure_is_told_with_its_row(shop: earmark.Database) -> None:
    rows = "item_no|location_code|quantity\nX|EAST|1\nX|EAST|" + "9" * 30
    with pytest.raises(earmark.EarmarkError) as refused:
        import_sheet(shop, Subject.STOCK, sheet_of(rows))
    assert "3" in refused.value.message
