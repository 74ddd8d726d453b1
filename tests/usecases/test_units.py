"""Units as people have them: said exactly, kept by the lines in them, and not taken from them."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

import earmark
from earmark import (
    Adjust,
    DocumentEntry,
    DocumentKind,
    EditLine,
    EnterDocuments,
    Item,
    LineEntry,
    Location,
    Reserve,
    SetUp,
    StockRow,
    TrackingCode,
)
from earmark.core.tracking import Dimension
from earmark.database import opening
from earmark.errors import QuantityInvalid, SetUpFixed, ValueInvalid
from earmark.usecases import catalog, many

LOTS = TrackingCode("LOTS", specific=frozenset({Dimension.LOT}))
SERIALS = TrackingCode("SERIALS", specific=frozenset({Dimension.SERIAL}))
BOXED = Item(item_no="X", units={"BOX": 12, "PAL": 480}, variants=("RED", "BLUE"))


def of_item(database: earmark.Database, item_no: str = "X") -> Item:
    return next(item for item in catalog.items(database) if item.item_no == item_no)


def change(database: earmark.Database, **named: Any) -> None:  # noqa: ANN401
    earmark.set_up(database, SetUp(items=(Item(item_no="X", **named),)))


@pytest.fixture
def shop(database: earmark.Database) -> earmark.Database:
    """Two boxes of X are ordered, one red piece is in stock; nobody has anything of P."""
    places = (Location(location_code="EAST"),)
    items = (BOXED, Item(item_no="P", units={"BOX": 12}))
    earmark.set_up(database, SetUp(items=items, locations=places, tracking_codes=(LOTS, SERIALS)))
    stock = (
        StockRow(item_no="X", location_code="EAST", quantity=Decimal(50)),
        StockRow(item_no="X", variant_code="RED", location_code="EAST", quantity=Decimal("1.5")),
    )
    earmark.adjust(database, Adjust(rows=stock))
    line = LineEntry(item_no="X", quantity=Decimal(2), unit="BOX", location_code="EAST")
    order = DocumentEntry(kind=DocumentKind.SALES_ORDER, document_no="SO1", lines=(line,))
    earmark.enter_documents(database, EnterDocuments(documents=(order,)))
    earmark.reserve(database, Reserve(line="SO1/1"))
    return database


# -- A line keeps what it was entered with ------------------------------------------------------


def test_a_line_keeps_the_factor_that_it_was_entered_with(shop: earmark.Database) -> None:
    change(shop, units={"BOX": 10, "PAL": 480})
    view = earmark.line(shop, "SO1/1")
    assert [view.quantity, view.reserved, view.reserved_in_unit] == [24, 24, 2]
    assert [view.quantity_per_unit, view.unreserved_in_unit] == [12, 0]
    outcome = earmark.edit_line(shop, EditLine(line="SO1/1", bin_code="A1"))
    assert [outcome.released, earmark.line(shop, "SO1/1").reserved] == [0, 24]
    earmark.edit_line(shop, EditLine(line="SO1/1", quantity=Decimal(3)))
    assert earmark.line(shop, "SO1/1").quantity == 36
    earmark.edit_line(shop, EditLine(line="SO1/1", unit="PAL"))
    earmark.edit_line(shop, EditLine(line="SO1/1", unit="BOX"))
    assert earmark.line(shop, "SO1/1").quantity == 30, "the unit was chosen anew"
    assert not earmark.verify(shop)


@pytest.mark.parametrize(
    ("named", "what", "by"),
    [
        ({"units": {"PAL": 480}}, "unit BOX", "line SO1/1"),
        ({"units": {}}, "unit BOX", "line SO1/1"),
        ({"base_unit": "KG"}, "base unit", "item ledger entries"),
        ({"variants": ("BLUE",)}, "variant RED", "1.5 of X#2 are in stock at EAST"),
        ({"rounding_precision": Decimal(1)}, "rounding precision", "1.5 of X#2 are in stock"),
        ({"tracking_code": "LOTS"}, "item tracking", "item ledger entries"),
    ],
)
def test_what_is_in_use_stays_and_the_refusal_says_by_what(
    shop: earmark.Database, named: dict[str, Any], what: str, by: str
) -> None:
    before = of_item(shop)
    with pytest.raises(SetUpFixed) as refused:
        change(shop, **named)
    assert (what in refused.value.message, by in refused.value.message) == (True, True)
    assert refused.value.code == "set-up-fixed"
    assert of_item(shop) == before


def test_what_nothing_depends_on_can_be_changed(shop: earmark.Database) -> None:
    change(shop, units={"BOX": 12}, variants=("RED",), rounding_precision=Decimal("0.5"))
    other = Item(item_no="P", base_unit="KG", units={}, tracking_code="SERIALS")
    earmark.set_up(shop, SetUp(items=(other,)))
    assert (of_item(shop).variants, of_item(shop, "P").units) == (("RED",), {})


def test_an_open_order_alone_keeps_the_rules_of_an_item(shop: earmark.Database) -> None:
    line = LineEntry(item_no="P", quantity=Decimal("1.5"), location_code="EAST")
    order = DocumentEntry(kind=DocumentKind.SALES_ORDER, document_no="SO2", lines=(line,))
    earmark.enter_documents(shop, EnterDocuments(documents=(order,)))
    rules: tuple[dict[str, Any], ...] = (
        {"base_unit": "KG"},
        {"tracking_code": "SERIALS"},
        {"rounding_precision": Decimal(1)},
    )
    for named in rules:
        with pytest.raises(SetUpFixed, match=r"line SO2/1 is open, of 1\.5"):
            earmark.set_up(shop, SetUp(items=(Item(item_no="P", **named),)))
    earmark.delete(shop, earmark.Delete(reference="SO2"))
    earmark.set_up(shop, SetUp(items=(Item(item_no="P", base_unit="KG"),)))


def test_what_a_record_does_not_name_stays_as_it_is(shop: earmark.Database) -> None:
    change(shop, description="Box of screws")
    after = of_item(shop)
    assert (after.description, after.units, after.variants) == (
        "Box of screws",
        {"BOX": 12, "PAL": 480},
        ("RED", "BLUE"),
    )
    earmark.set_up(shop, SetUp(tracking_codes=(TrackingCode("LOTS", expiration_used=True),)))
    assert next(c for c in catalog.tracking_codes(shop) if c.tracking_code == "LOTS").specific


# -- How a unit is said --------------------------------------------------------------------------


def test_a_unit_is_said_as_people_say_it(shop: earmark.Database) -> None:
    units: Any = ("12 PCS = 1 DOZ", "1 TRAY = 2.5 DOZ", "T=10/3")
    earmark.set_up(shop, SetUp(items=(Item(item_no="EGG", base_unit="DOZ", units=units),)))
    said = {"PCS": Fraction(1, 12), "TRAY": Fraction(5, 2), "T": Fraction(10, 3)}
    assert of_item(shop, "EGG").units == said
    earmark.set_up(shop, SetUp(items=(Item(item_no="EGG", units=("6 BAG = 1 DOZ",)),)))  # type: ignore[arg-type]
    assert of_item(shop, "EGG").units == {"BAG": Fraction(1, 6)}, "in the base unit on record"


@pytest.mark.parametrize(
    ("figure", "factor"),
    [
        ("0.08333", Fraction(1, 12)),
        ("0.33333", Fraction(1, 3)),
        ("3.33333", Fraction(10, 3)),
        ("0.14286", Fraction(1, 7)),
        ("0.00694", Fraction(1, 144)),
        ("0.45359", Fraction(45359, 100_000)),
        ("0.0833", Fraction(833, 10_000)),
        ("12", Fraction(12)),
        ("1/12", Fraction(1, 12)),
        ("8333/100000", Fraction(8333, 100_000)),
    ],
)
def test_a_figure_with_all_five_decimals_is_the_simplest_fraction_it_stands_for(
    shop: earmark.Database, figure: str, factor: Fraction
) -> None:
    earmark.set_up(shop, SetUp(items=(Item(item_no="F", units={"U": figure}),)))
    assert of_item(shop, "F").units == {"U": factor}


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ("1 BOX = 12 KG", ValueInvalid),
        ("1 PCS = 12 PCS", ValueInvalid),
        ("BOX", ValueInvalid),
        ("0 BOX = 12 PCS", QuantityInvalid),
        ("BOX=1/0", QuantityInvalid),
        ("BOX=x", QuantityInvalid),
        ("BOX=1E+1000000", QuantityInvalid),
        ("BOX=-1", QuantityInvalid),
    ],
)
def test_a_unit_that_says_nothing_is_refused(
    shop: earmark.Database, said: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        change(shop, units=(said,))
    assert of_item(shop).units == {"BOX": 12, "PAL": 480}


# -- What was there before -----------------------------------------------------------------------

_OLD_LINES = """
INSERT INTO document_line (item_no, line, document_no, line_no, position, kind, location_code,
  quantity_in_unit, unit, quantity, posted, reserved, status, is_demand, takes_part)
VALUES ('EGG', :line, 'SO1', :line, 1, 'sales', 'EAST',
  :in_unit, :unit, :quantity, 0, 0, 'open', TRUE, TRUE)
"""


def test_lines_of_before_keep_the_factor_that_their_quantities_say(database_url: str) -> None:
    old = opening.connect(database_url)
    config = Config()
    migrations = opening.__file__.replace("opening.py", "migrations")
    config.set_main_option("script_location", migrations.replace("%", "%%"))
    with old.engine.connect() as connection:
        if not old.is_sqlite:  # it comes with the tables of today
            connection.exec_driver_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        connection.exec_driver_sql("BEGIN")
        config.attributes["connection"] = connection
        command.upgrade(config, "0008")
        connection.execute(
            sa.text(
                "INSERT INTO item (item_no, base_unit, units, rounding_precision, reserve)"
                " VALUES ('EGG', 'DOZ', :units, 1, 'optional')"
            ),
            {"units": '{"PCS": "0.08333", "TRAY": "2"}'},
        )
        for line, unit, in_unit, quantity in (
            ("1", "DOZ", 100_000, 100_000),
            ("2", "PCS", 1_200_000, 99_996),
            ("3", "TRAY", 100_000, 250_000),
            ("4", "GONE", 100_000, 300_000),
        ):
            row = {"line": f"SO1/{line}", "unit": unit, "in_unit": in_unit, "quantity": quantity}
            connection.execute(sa.text(_OLD_LINES), row)
        connection.exec_driver_sql("COMMIT")
    opening.upgrade(old)
    with old.engine.connect() as connection:
        found = connection.execute(
            sa.text("SELECT line, quantity_per_unit FROM document_line ORDER BY line")
        ).all()
    old.close()
    assert [tuple(row) for row in found] == [
        ("SO1/1", "1"),
        ("SO1/2", "8333/100000"),
        ("SO1/3", "5/2"),
        ("SO1/4", "3"),
    ]


# -- Units that do not divide --------------------------------------------------------------------


@pytest.fixture
def eggs(database: earmark.Database) -> earmark.Database:
    """A dozen eggs, kept in dozens, and seven lines that each want one of seven parts of a vial."""
    egg = Item(item_no="EGG", base_unit="DOZ", units={"PCS": Fraction(1, 12)})
    vial = Item(item_no="VIAL", base_unit="VIAL", units={"DOSE": Fraction(1, 7)})
    places = (Location(location_code="EAST"),)
    earmark.set_up(database, SetUp(items=(egg, vial), locations=places))
    rows = [
        StockRow(item_no=no, location_code="EAST", quantity=Decimal(1)) for no in ("EGG", "VIAL")
    ]
    earmark.adjust(database, Adjust(rows=tuple(rows)))
    lines = tuple(
        LineEntry(item_no=no, quantity=Decimal(1), unit=unit, location_code="EAST")
        for no, unit, count in (("EGG", "PCS", 12), ("VIAL", "DOSE", 7))
        for _ in range(count)
    )
    order = DocumentEntry(kind=DocumentKind.SALES_ORDER, document_no="SO1", lines=lines)
    earmark.enter_documents(database, EnterDocuments(documents=(order,)))
    return database


def test_what_was_settled_is_undone_exactly(eggs: earmark.Database) -> None:
    outcomes = []
    for number in range(1, 20):
        view = earmark.line(eggs, f"SO1/{number}")
        outcome = earmark.reserve(eggs, Reserve(line=view.line))
        earmark.undo(eggs, earmark.Undo(posting=str(outcome.moment)))
        assert earmark.line(eggs, view.line) == view
        outcomes.append(earmark.reserve(eggs, Reserve(line=view.line)))
    assert sum(outcome.reserved for outcome in outcomes) == 2
    assert not any(outcome.shortfall for outcome in outcomes)
    assert not earmark.verify(eggs)


def test_lines_of_one_order_are_settled_one_after_another(eggs: earmark.Database) -> None:
    commands = [Reserve(line=f"SO1/{number}") for number in range(1, 20)]
    answers = many.reserve_each(eggs, commands)
    assert all(isinstance(answer, earmark.Outcome) for answer in answers)
    views = [earmark.line(eggs, command.line) for command in commands]
    assert sum(view.reserved for view in views) == 2
    assert [view.reserved_in_unit for view in views] == [1] * 19
    assert {view.unreserved for view in views} == {0}
    earmark.post(eggs, earmark.Post(posting=earmark.Posting.SHIP, line="SO1"))
    assert not any(row.quantity for row in earmark.inventory(eggs))
    assert not earmark.verify(eggs)


def test_a_quantity_that_is_the_whole_but_for_rounding_posts_the_whole(
    eggs: earmark.Database,
) -> None:
    egg = Item(item_no="EGG", tracking_code="LOTS")
    earmark.set_up(eggs, SetUp(tracking_codes=(LOTS,)))
    with pytest.raises(SetUpFixed):
        earmark.set_up(eggs, SetUp(items=(egg,)))
    for number in range(13, 20):
        earmark.reserve(eggs, Reserve(line=f"SO1/{number}"))
    assert earmark.line(eggs, "SO1/14").quantity == Decimal("0.14285")
    for number in range(13, 20):
        ship = earmark.Post(
            posting=earmark.Posting.SHIP, line=f"SO1/{number}", quantity=Decimal("0.14286")
        )
        earmark.post(eggs, ship)
    assert [row.item_no for row in earmark.inventory(eggs) if row.quantity] == ["EGG"]
    assert not earmark.verify(eggs)


def test_lots_of_a_settled_line_are_entered_as_they_are_counted(
    database: earmark.Database,
) -> None:
    vial = Item(item_no="VIAL", base_unit="VIAL", units={"DOSE": "1/7"}, tracking_code="LOTS")
    places = (Location(location_code="EAST"),)
    earmark.set_up(database, SetUp(items=(vial,), locations=places, tracking_codes=(LOTS,)))
    lot = earmark.Numbers(lot_no="L1")
    here = StockRow(item_no="VIAL", location_code="EAST", quantity=Decimal(1), numbers=lot)
    earmark.adjust(database, Adjust(rows=(here,)))
    line = LineEntry(item_no="VIAL", quantity=Decimal(1), unit="DOSE", location_code="EAST")
    order = DocumentEntry(kind=DocumentKind.SALES_ORDER, document_no="SO1", lines=(line,) * 7)
    earmark.enter_documents(database, EnterDocuments(documents=(order,)))
    for number in range(1, 8):
        earmark.reserve(database, Reserve(line=f"SO1/{number}"))
    dose = earmark.TrackingLine(lot_no="L1", quantity=Decimal("0.14286"))
    for number in range(1, 8):
        if number % 2:
            earmark.track(database, earmark.Track(line=f"SO1/{number}", numbers=(dose,)))
            ship = earmark.Post(posting=earmark.Posting.SHIP, line=f"SO1/{number}")
        else:
            ship = earmark.Post(posting=earmark.Posting.SHIP, line=f"SO1/{number}", numbers=(dose,))
        earmark.post(database, ship)
    assert not any(row.quantity for row in earmark.inventory(database))
    assert not earmark.verify(database)


@pytest.mark.parametrize("quantity", ["3.31", "3.33330", "3.3"])
def test_a_quantity_that_is_nearly_the_whole_is_itself(
    shop: earmark.Database, quantity: str
) -> None:
    earmark.set_up(shop, SetUp(items=(Item(item_no="T", units={"ROLL": "10/3"}),)))
    here = StockRow(item_no="T", location_code="EAST", quantity=Decimal("10.02"))
    earmark.adjust(shop, Adjust(rows=(here,)))
    line = LineEntry(item_no="T", quantity=Decimal(1), unit="ROLL", location_code="EAST")
    order = DocumentEntry(kind=DocumentKind.SALES_ORDER, document_no="SO7", lines=(line,))
    earmark.enter_documents(shop, EnterDocuments(documents=(order,)))
    assert earmark.reserve(shop, Reserve(line="SO7/1")).reserved == Decimal("3.33333")
    ship = earmark.Post(posting=earmark.Posting.SHIP, line="SO7/1", quantity=Decimal(quantity))
    first = earmark.post(shop, ship)
    assert earmark.line(shop, "SO7/1").outstanding == Decimal("3.33333") - Decimal(quantity)
    earmark.post(shop, earmark.Post(posting=earmark.Posting.SHIP, line="SO7/1"))
    earmark.undo(shop, earmark.Undo(posting=first.posting))
    assert earmark.line(shop, "SO7/1").outstanding == Decimal(quantity)
    assert not earmark.verify(shop)
