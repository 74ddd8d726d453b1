"""`earmark alerts`, `repair`, `undo`."""

from tests.cli.conftest import Shell


def test_an_alert_is_listed_repaired_and_the_repair_undone(company: Shell) -> None:
    assert "No alerts" in company("alerts").out
    company("reserve SO2/1")
    company("lot block Y --lot L1")
    listed = company("alerts")
    assert listed.code == 1
    assert "move to" in listed.out
    assert "earmark repair SO2/1 --supply" in listed.out
    (alert,) = company("alerts --json").json
    moved = company(f"repair SO2/1 --supply {alert['supply']} --json")
    assert moved.json["reserved"] == alert["quantity"]
    assert company("alerts").code == 0
    assert company(f"undo {moved.json['moment']}").code == 0
    assert company("alerts").code == 1


def test_an_alert_says_on_which_day_the_goods_would_still_be_good(company: Shell) -> None:
    company(
        "order new sales SO9 --customer C1 --line item=Y,quantity=3,location=EAST,date=2026-12-02"
    )
    company("reserve SO9/1 --from Y#2")
    company("lot describe Y --lot L2 --expires 2027-01-31")
    assert "ship on 2026-11-30" in company("alerts").out


def test_what_was_never_done_is_not_undone(company: Shell) -> None:
    assert company("undo 12").code == 3
