"""`earmark item`, `lot`, `setup`."""

from tests.cli.conftest import Shell


def test_a_person_can_start_from_an_empty_database(shell: Shell) -> None:
    assert shell("setup tracking-code SNLOT --specific serial --specific lot").code == 0
    assert shell("setup location EAST --bin A1 --bin A2").code == 0
    assert shell("setup customer C1 --name Anna --minimum-shelf-life 60 --transit 2").code == 0
    assert shell("item new X --tracking-code SNLOT --units BOX=12 --variant RED").code == 0
    shown = shell("setup show --json").json
    assert shown["tracking_codes"][0]["specific"] == ["lot", "serial"]
    assert shown["locations"][0]["bins"] == ["A1", "A2"]
    assert shown["customers"][0]["minimum_shelf_life_days"] == 60
    (item,) = shell("item list --json").json
    assert (item["units"], item["variants"]) == ({"BOX": "12"}, ["RED"])


def test_an_empty_database_says_what_to_do_first(shell: Shell) -> None:
    shell("db upgrade")
    assert "earmark item new" in shell("item list").out
    assert "earmark setup tracking-code" in shell("setup show").out
    assert "earmark order new" in shell("order list").out
    assert "No lot" in shell("lot list").out


def test_the_set_up_is_listed(company: Shell) -> None:
    shown = company("setup show").out
    assert all(word in shown for word in ("SNLOT", "EAST", "St. Anna", "60"))
    assert "BOX 12" in company("item list").out


def test_a_lot_is_blocked_and_released_again(company: Shell) -> None:
    assert company("lot block Y --lot L1").code == 0
    assert "blocked" in company("lot list --item Y").out
    assert company("lot unblock Y --lot L1").code == 0
    assert not [r for r in company("lot list --json").json if r["is_blocked"]]


def test_the_expiration_date_of_a_lot_is_changed(company: Shell) -> None:
    assert company("lot describe Y --lot L1 --expires 2027-03-01 --description QN1").code == 0
    (record,) = [r for r in company("lot list --json").json if r["numbers"]["lot_no"] == "L1"]
    assert (record["expiration_date"], record["description"]) == ("2027-03-01", "QN1")


def test_units_are_said_as_people_say_them_and_stay_unless_named(shell: Shell) -> None:
    said = '"12 PCS = 1 DOZ, 1 TRAY = 2.5 DOZ, T=10/3"'
    assert shell(f"item new EGG --unit DOZ --units {said}").code == 0
    assert shell("item new EGG --description Eggs").code == 0
    (egg,) = shell("item list --json").json
    assert (egg["base_unit"], egg["description"]) == ("DOZ", "Eggs")
    assert egg["units"] == {"PCS": "1/12", "TRAY": "2.5", "T": "10/3"}
    assert "PCS 1/12" in shell("item list").out
    assert shell("item new EGG --units BOX").code == 2


def test_a_unit_in_use_is_not_taken_away_and_no_list_fails(shell: Shell) -> None:
    shell("setup location EAST")
    shell("item new X --units BOX=12")
    shell("order new sales SO1 --line item=X,quantity=2,unit=BOX,location=EAST")
    refused = shell("item new X --units PAL=480")
    assert (refused.code, "line SO1/1 is open in it" in refused.err) == (4, True)
    assert shell("item new X").code == 0
    assert shell("item new X --units BOX=10").code == 0
    assert "SO1" in shell("order list").out
    (line,) = shell("order show SO1 --json").json["lines"]
    assert (line["quantity"], line["quantity_per_unit"]) == ("24", "12")
