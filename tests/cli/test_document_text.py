"""Documents as a person writes them: in an option, or in a file."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from earmark.cli.document_text import documents_of, fields_of, kind_of, line_of, tracking_line_of
from earmark.core.documents import DocumentKind, DocumentStatus
from earmark.core.tracking import Numbers
from earmark.errors import EarmarkError, FileUnusable, ValueInvalid


def test_a_line_option_says_every_field_in_any_case() -> None:
    line = line_of(fields_of("ITEM=1040, quantity=5,location=EAST,date=2026-12-02,for=SO1/1"))
    assert (line.item_no, line.quantity, line.location_code) == ("1040", Decimal(5), "EAST")
    assert (line.date, line.made_for) == (date(2026, 12, 2), "SO1/1")


def test_a_lot_on_a_line_is_the_lot_of_all_of_it() -> None:
    (number,) = line_of(fields_of("item=Y,quantity=2.5,lot=L1")).numbers
    assert (number.numbers, number.quantity) == (Numbers("L1"), Decimal("2.5"))


@pytest.mark.parametrize(
    "text", ["item=X", "quantity=1", "item=X,quantity=1,colour=red", "item=X,quantity=1,5", "X"]
)
def test_a_line_that_is_incomplete_or_says_too_much_is_refused(text: str) -> None:
    with pytest.raises(ValueInvalid):
        line_of(fields_of(text))


def test_a_number_without_quantity_is_one_unit() -> None:
    assert tracking_line_of(fields_of("serial=SN1,lot=L1")).quantity == 1


def test_a_kind_may_be_written_long_or_short() -> None:
    assert kind_of("sales") is kind_of("sales-order") is DocumentKind.SALES_ORDER
    with pytest.raises(ValueInvalid):
        kind_of("invoice")


def test_a_file_holds_documents_as_a_scenario_does(tmp_path: Path) -> None:
    file = tmp_path / "orders.yaml"
    file.write_text(
        """
        - sales_order: SO9
          customer: C1
          lines:
            - {item: 0040, quantity: 0.1, date: 2026-12-02, numbers: [{lot: L1, quantity: 0.1}]}
        - production_order: MO9
          status: firm_planned
          lines: [{item: P, quantity: 1, components: [{item: X, quantity: 2}]}]
        """
    )
    order, production = documents_of(file)
    assert (order.lines[0].item_no, order.lines[0].quantity) == ("0040", Decimal("0.1"))
    assert order.lines[0].numbers[0].lot_no == "L1"
    assert production.status is DocumentStatus.FIRM_PLANNED
    assert production.lines[0].components[0].item_no == "X"


def test_a_file_in_json_is_read_the_same_way(tmp_path: Path) -> None:
    file = tmp_path / "orders.json"
    file.write_text(
        '{"documents": [{"demand": "D1", "customer": null,'
        ' "lines": [{"item": "X", "quantity": 3}]}]}'
    )
    (demand,) = documents_of(file)
    assert (demand.kind, demand.customer_no) == (DocumentKind.DEMAND, "")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "just text",
        "{lines: []}",
        "{sales_order: SO1, purchase_order: PO1}",
        "{sales_order: SO1, colour: red}",
        "{sales_order: SO1, lines: 5}",
        "{sales_order: SO1, status: lost}",
        "{",
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_refused(content: str, tmp_path: Path) -> None:
    file = tmp_path / "orders.yaml"
    file.write_text(content)
    with pytest.raises(EarmarkError):
        documents_of(file)


def test_a_file_that_is_not_there_is_unusable(tmp_path: Path) -> None:
    with pytest.raises(FileUnusable):
        documents_of(tmp_path / "nothing.yaml")
