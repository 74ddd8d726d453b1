"""`earmark order`."""

from pathlib import Path

from tests.cli.conftest import Shell


def test_a_sales_order_is_entered_and_shown_with_its_balance(company: Shell) -> None:
    entered = company(
        "order new sales SO9 --customer C1 --line item=Y,quantity=1,unit=BOX,location=EAST,"
        "date=2026-12-02"
    )
    assert entered.code == 0
    (line,) = company("order show SO9 --json").json["lines"]
    assert (line["quantity"], line["quantity_in_unit"], line["unreserved"]) == ("12", "1", "12")
    assert "SO9/1" in company("order show SO9").out


def test_a_production_order_has_components(company: Shell) -> None:
    entered = company(
        "order new production MO9 --status firm-planned --line item=Z,quantity=1,location=EAST "
        "--component of=1,item=Y,quantity=0.5,location=EAST"
    )
    assert entered.code == 0
    lines = {line["line"]: line for line in company("order show MO9 --json").json["lines"]}
    assert lines["MO9/1/1"]["is_demand"]
    assert lines["MO9/1/1"]["quantity"] == "0.5"


def test_a_component_of_a_line_that_is_not_said_is_refused(company: Shell) -> None:
    answer = company("order new production MO9 --component of=2,item=Y,quantity=1")
    assert (answer.code, "reference-invalid" in answer.err) == (2, True)


def test_a_document_without_lines_is_refused(company: Shell) -> None:
    assert company("order new sales SO9").code == 2


def test_documents_are_entered_from_a_file(company: Shell) -> None:
    Path("orders.yaml").write_text("demand: CART1\nlines: [{item: Y, quantity: 2, location: EAST}]")
    assert company("order load orders.yaml").code == 0
    assert company("order show CART1 --json").json["kind"] == "demand"


def test_documents_are_listed_with_what_is_open(company: Shell) -> None:
    listed = company("order list").out
    assert all(number in listed for number in ("SO1", "SO2", "PO1", "MO1"))


def test_lines_are_added_changed_and_deleted(company: Shell) -> None:
    assert company("order add SO2 --line item=Z,quantity=3,location=EAST").code == 0
    assert company("order edit SO2/2 --quantity 4 --date 2026-12-24 --location WEST").code == 0
    line = company("order show SO2/2 --json").json["line"]
    assert (line["quantity"], line["date"], line["location_code"]) == ("4", "2026-12-24", "WEST")
    assert company("order delete SO2/2").code == 0
    assert company("order show SO2/2").code == 3


def test_a_line_says_how_much_more_may_be_received(company: Shell) -> None:
    fields = "item=Z,quantity=10,location=EAST,over_receipt_percentage=10"
    assert company(f"order new purchase PO9 --line {fields}").code == 0
    assert company("post receive PO9/1 --quantity 12").code == 4
    assert company("order edit PO9/1 --over-receipt-percentage 20").code == 0
    assert company("post receive PO9/1 --quantity 12").code == 0
    line = company("order show PO9/1 --json").json["line"]
    assert (line["outstanding"], line["over_receipt_percentage"]) == ("0", "20")


def test_a_line_is_shown_with_who_serves_it(company: Shell) -> None:
    company("reserve SO2/1 --quantity 3")
    shown = company("order show SO2/1").out
    assert "nonspecific" in shown
    assert "Unreserved 5" in shown
    held = company("order show SO2/1 --json").json["reservations"]
    assert [(r["supply_kind"], r["quantity"]) for r in held] == [("stock", "3")]
    assert "SO2/1" in company(f"order show {held[0]['supply']}").out


def test_a_line_that_nobody_serves_says_so(company: Shell) -> None:
    assert "No reservation entries." in company("order show SO2/1").out


def test_the_status_of_a_production_order_is_changed(company: Shell) -> None:
    assert company("order status MO1 finished").code == 0
    assert company("order show MO1 --json").json["status"] == "finished"


def test_what_a_change_gives_up_is_listed_with_its_reason(company: Shell) -> None:
    company("reserve SO2/1")
    said = company("order edit SO2/1 --quantity 5").out
    assert "Released" in said
    assert "the line needs less" in said
