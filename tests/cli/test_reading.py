"""`earmark stock`, `candidates`, `history`, `why`, `verify`."""

from tests.cli.conftest import Shell


def test_stock_is_listed_and_its_absence_said(company: Shell) -> None:
    assert "2027-01-31" in company("stock --item Y").out
    assert "Nothing is in stock." in company("stock --item Z").out


def test_candidates_say_why_a_supply_can_not_serve(company: Shell) -> None:
    company("lot block Y --lot L1")
    rows = company("candidates SO2/1 --json").json
    reasons = {row["numbers"]["lot_no"] or row["supply"]: row["reasons"] for row in rows}
    assert reasons["L1"] == ["number-blocked"]
    assert reasons["L2"] == []
    said = company("candidates SO2/1").out
    assert "Lot L1 of item Y is blocked." in said
    assert "x blocked" in said


def test_a_line_without_any_supply_says_so(company: Shell) -> None:
    company("order new sales SO3 --line item=X,variant=,quantity=1,location=WEST")
    assert company("candidates SO3/1").code == 0


def test_history_is_newest_first_and_says_who(company: Shell) -> None:
    company("reserve SO2/1 --by Ana")
    company("cancel SO2/1 --by Ben")
    rows = company("history SO2 --limit 2 --json").json
    assert [(row["by"], row["verb"]) for row in rows] == [("Ben", "cancel"), ("Ana", "reserve")]
    assert "Ben" in company("history").out


def test_the_book_is_read_as_it_was(company: Shell) -> None:
    moment = company("reserve SO2/1 --json").json["moment"]
    company("cancel SO2/1")
    then = company(f"order show SO2/1 --as-of {moment} --json").json
    assert then["line"]["reserved"] == "8"


def test_why_counts_down_to_what_can_be_reserved(company: Shell) -> None:
    company(
        "order new sales SO3 --customer C1 --line item=Y,quantity=15,location=EAST,date=2026-12-02"
    )
    view = company("why SO3/1 --json").json
    assert (view["needed"], view["can_be_reserved"]) == ("15", "15")
    company("lot block Y --lot L2")
    company("order edit PO1/1 --date 2026-12-24")
    said = company("why SO3/1").out
    assert "15 of 15 can not be reserved for SO3/1" in said
    assert "Blocked" in said
    assert "Too little shelf life" in said


def test_verify_finds_nothing(company: Shell) -> None:
    answer = company("verify")
    assert (answer.code, "nothing found" in answer.out) == (0, True)
