"""`earmark post`."""

from tests.cli.conftest import Answer, Shell


def _stock(company: Shell, item: str) -> dict[str, str]:
    rows = company(f"stock --item {item} --json").json
    return {
        row["numbers"]["serial_no"] or row["numbers"]["lot_no"]: row["quantity"] for row in rows
    }


def _undo(company: Shell, answer: Answer) -> None:
    assert company(f"post undo {answer.json['posting']}").code == 0


def test_a_line_is_shipped_and_the_shipment_undone(company: Shell) -> None:
    shipped = company("post ship SO2/1 --lot L1 --json")
    assert shipped.code == 0
    assert _stock(company, "Y") == {"L1": "2", "L2": "10"}
    _undo(company, shipped)
    assert _stock(company, "Y") == {"L1": "10", "L2": "10"}


def test_several_numbers_are_shipped_at_once(company: Shell) -> None:
    assert (
        company("post ship SO2/1 --numbers lot=L1,quantity=3 --numbers lot=L2,quantity=5").code == 0
    )
    assert _stock(company, "Y") == {"L1": "7", "L2": "5"}


def test_a_range_of_serials_and_a_single_one_are_shipped(company: Shell) -> None:
    assert company("post ship SO1/1 --quantity 1 --serial SN3 --lot LOT1").code == 0
    assert company("post ship SO1/1 --quantity 1 --serials SN2 --lot LOT1").code == 0
    assert _stock(company, "X") == {"SN1": "1"}


def test_numbers_are_said_in_one_way_only(company: Shell) -> None:
    assert company("post ship SO1/1 --serials SN2 --numbers serial=SN2").code == 2


def test_what_comes_in_has_its_expiration_date(company: Shell) -> None:
    received = company("post receive PO1/1 --lot L3 --quantity 30 --expires 2027-09-30")
    assert received.code == 0
    assert "earmark post undo" in received.out
    rows = company("stock --item Y --lot L3 --json").json
    assert [(r["quantity"], r["expiration_date"]) for r in rows] == [("30", "2027-09-30")]


def test_a_component_is_consumed_and_the_output_posted(company: Shell) -> None:
    assert company("post consume MO1/1/1 --lot L1").code == 0
    assert company("post output MO1/1").code == 0
    assert _stock(company, "Y")["L1"] == "6"
    assert _stock(company, "Z") == {"": "5"}


def test_stock_is_adjusted_down_and_moved(company: Shell) -> None:
    assert company("post adjust Y --location EAST --quantity -2 --lot L1").code == 0
    moved = "post reclassify Y --location EAST --quantity 3 --lot L2 --to-location WEST"
    assert company(moved).code == 0
    assert _stock(company, "Y")["L1"] == "8"
    (there,) = company("stock --item Y --location WEST --json").json
    assert there["quantity"] == "3"
