"""`earmark track`."""

from tests.cli.conftest import Shell


def test_numbers_are_entered_beside_those_there_are(company: Shell) -> None:
    assert company("track add SO1/1 --serial SN1 --lot LOT1").code == 0
    assert company("track add SO1/1 --serials SN2 --lot LOT1").code == 0
    numbers = [t["numbers"]["serial_no"] for t in company("track show SO1/1 --json").json]
    assert sorted(numbers) == ["SN1", "SN2"]
    shown = company("track show SO1/1").out
    assert "SN1" in shown
    assert "To handle" in shown


def test_numbers_are_replaced_and_removed(company: Shell) -> None:
    company("track add SO2/1 --lot L1 --quantity 2")
    assert (
        company("track set SO2/1 --number lot=L2,quantity=3 --number lot=L1,quantity=1").code == 0
    )
    tracked = company("track show SO2/1 --json").json
    assert {t["numbers"]["lot_no"]: t["quantity"] for t in tracked} == {"L2": "3", "L1": "1"}
    assert company("track set SO2/1").code == 0
    assert "No numbers are entered." in company("track show SO2/1").out


def test_what_was_set_to_be_handled_stays_when_a_number_is_added(company: Shell) -> None:
    company("track set SO2/1 --number lot=L1,quantity=5,to_handle=2")
    company("track add SO2/1 --lot L2 --quantity 1")
    tracked = company("track show SO2/1 --json").json
    assert {t["numbers"]["lot_no"]: t["to_handle"] for t in tracked} == {"L1": "2", "L2": "1"}


def test_serials_and_a_quantity_exclude_each_other(company: Shell) -> None:
    assert company("track add SO1/1 --serials SN1..SN2 --quantity 2").code == 2


def test_numbers_are_assigned_from_the_series(company: Shell) -> None:
    company("order new purchase PO2 --line item=X,quantity=2,location=EAST")
    assert company("track assign PO2/1 --what serial --new-lot").code == 0
    tracked = company("track show PO2/1 --json").json
    assert [t["numbers"]["serial_no"] for t in tracked] == ["S-0001", "S-0002"]


def test_a_package_is_not_assigned(company: Shell) -> None:
    assert company("track assign PO1/1 --what package").code == 2


def test_numbers_are_selected_in_picking_order(company: Shell) -> None:
    assert company("track select SO2/1 --quantity 4").code == 0
    (tracked,) = company("track show SO2/1 --json").json
    assert (tracked["numbers"]["lot_no"], tracked["quantity"]) == ("L1", "4")
