"""`earmark window`, `reserve`, `hold`, `cancel`, `change`."""

from tests.cli.conftest import Shell


def test_the_main_job_reserves_the_very_number_that_was_entered(company: Shell) -> None:
    company("track add SO1/1 --serial SN1 --lot LOT1")
    window = company("window SO1/1 --serial SN1 --lot LOT1")
    assert "Item Ledger Entry" in window.out
    assert "earmark reserve SO1/1 --serial SN1 --lot LOT1" in window.out
    reserved = company("reserve SO1/1 --serial SN1 --lot LOT1 --json")
    assert reserved.json["reserved"] == "1"
    (held,) = company("order show SO1/1 --json").json["reservations"]
    assert held["is_specific"]
    assert held["numbers"]["serial_no"] == "SN1"


def test_the_window_says_what_is_held_loosely(company: Shell) -> None:
    company("order new sales SO3 --line item=Y,quantity=10,location=EAST")
    company("reserve SO3/1")
    company("track add SO2/1 --lot L1 --quantity 8")
    said = company("window SO2/1 --lot L1").out
    assert "10 of the total reserved quantity are nonspecific and may be available." in said


def test_a_window_without_supply_sends_to_why(company: Shell) -> None:
    company("order new sales SO3 --line item=Z,quantity=1,location=WEST")
    assert "earmark why SO3/1" in company("window SO3/1").out


def test_a_preview_says_so_and_changes_nothing(company: Shell) -> None:
    assert "nothing saved" in company("reserve SO2/1 --preview").out
    assert company("order show SO2/1 --json").json["reservations"] == []


def test_reserving_names_who_was_moved_and_that_nothing_is_lost(company: Shell) -> None:
    company("order new sales SO3 --line item=Y,quantity=10,location=EAST")
    company("reserve SO3/1")
    company("track add SO2/1 --lot L1 --quantity 8")
    said = company("reserve SO2/1 --numbers all").out
    assert "SO3/1" in said
    assert "nothing is lost" in said


def test_many_lines_each_have_their_own_answer(company: Shell) -> None:
    company("reserve SO2/1")
    answer = company("reserve SO1/1 SO2/1 --json")
    assert answer.code == 4
    first, second = answer.json
    assert first["outcome"]["reserved"] == "2"
    assert second["refused"]["code"] == "fully-reserved"
    assert "fully-reserved" in company("reserve SO1/1 SO2/1").out


def test_a_whole_document_is_reserved_line_by_line(company: Shell) -> None:
    company("order add SO2 --line item=Y,quantity=2,location=EAST")
    answer = company("reserve SO2 --json")
    assert [row["line"] for row in answer.json] == ["SO2/1", "SO2/2"]
    assert answer.code == 0


def test_the_same_request_id_repeats_the_answer_and_not_the_change(company: Shell) -> None:
    first = company("reserve SO2/1 --quantity 3 --request-id r1 --json").json
    again = company("reserve SO2/1 --quantity 3 --request-id r1 --json").json
    assert again["is_repeated"]
    assert again["moment"] == first["moment"]
    assert company("order show SO2/1 --json").json["line"]["reserved"] == "3"


def test_a_hold_is_set_and_lifted(company: Shell) -> None:
    company("reserve SO2/1 --hold-until 2026-11-24T14:20")
    assert "held until 2026-11-24 14:20" in company("order show SO2/1").out
    assert company("hold SO2/1 --until 2026-11-24T16:00").code == 0
    assert company("hold SO2/1 --until none").code == 0
    (held,) = company("order show SO2/1 --json").json["reservations"]
    assert held["hold_until"] is None


def test_a_reservation_is_lowered_and_cancelled(company: Shell) -> None:
    company("reserve SO2/1")
    assert company("change SO2/1 --quantity 5").code == 0
    assert company("cancel SO2/1 --json").json["released"] == "5"
    assert company("order show SO2/1 --json").json["reservations"] == []
