"""How a refusal, a slip of the keyboard and a fault of ours leave the program."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from earmark.cli import main
from earmark.errors import Conflict
from tests.cli.conftest import Shell


@pytest.mark.parametrize(
    ("command", "code", "name"),
    [
        ("reserve SO2/1 --quantity abc", 2, "quantity-invalid"),
        ("order edit SO2/1 --date 2026-02-30", 2, "date-invalid"),
        ("order new invoice I1 --line item=Y,quantity=1", 2, "value-invalid"),
        ("setup customer C2 --transit two", 2, "quantity-invalid"),
        ("order show NOWHERE", 3, "document-unknown"),
        ("window NOWHERE/1", 3, "line-unknown"),
        ("reserve SO2/1 --from PO1/1 --quantity 99", 4, "exceeds-outstanding"),
        ("cancel SO2/1", 4, "nothing-to-cancel"),
        ("order load nothing.yaml", 6, "file-unusable"),
        ("order list --database nothing.db", 6, "database-unusable"),
        ("order list --database mysql://x", 6, "database-unusable"),
    ],
)
def test_a_refusal_is_one_sentence_with_its_code(
    company: Shell, command: str, code: int, name: str
) -> None:
    answer = company(command)
    assert (answer.code, answer.out) == (code, "")
    assert len(answer.err.splitlines()) == 1
    assert answer.err.rstrip().endswith(f"({name})")


def test_a_refusal_in_json_has_its_facts(company: Shell) -> None:
    said = json.loads(company("reserve SO2/1 --quantity 99 --json").err)
    assert said["code"] == "exceeds-outstanding"
    assert said["facts"]["quantity"] == "99"


@pytest.mark.parametrize("command", ["reserv SO1/1", "reserve", "reserve SO1/1 --colour red"])
def test_a_slip_of_the_keyboard_is_answered_with_where_the_help_is(
    company: Shell, command: str
) -> None:
    answer = company(command)
    assert (answer.code, answer.out) == (2, "")
    assert "--help" in answer.err


def _raising(error: BaseException) -> Callable[..., None]:
    def command() -> None:
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (Conflict(what="line SO1/1"), 5, "Try again. (conflict)"),
        (KeyboardInterrupt(), 130, "Interrupted"),
        (ZeroDivisionError("x"), 1, "EARMARK_DEBUG=1"),
    ],
)
def test_what_goes_wrong_inside_a_command_has_an_exit_code_of_its_own(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, said: str
) -> None:
    monkeypatch.setattr(main.app["verify"], "default_command", _raising(error))
    answer = shell("verify")
    assert answer.code == code
    assert said in answer.err
    assert "Traceback" not in answer.err


def test_a_fault_shows_where_it_is_when_asked(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(main.app["verify"], "default_command", _raising(ZeroDivisionError()))
    monkeypatch.setenv("EARMARK_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        shell("verify")


def test_a_reading_makes_no_database_and_a_change_does(shell: Shell) -> None:
    assert shell("order list").code == 6
    assert not Path("earmark.db").exists()
    assert shell("setup location EAST").code == 0
    assert Path("earmark.db").exists()


def test_a_database_is_made_upgraded_and_described(shell: Shell) -> None:
    assert "none" in shell("db upgrade --database stock.db").out
    assert "was up to date" in shell("db upgrade --database stock.db").out
    info = shell("db info --database sqlite:///stock.db --json").json
    assert info["schema"] == info["known"]
    assert "up to date" in shell("db info --database stock.db").out


def test_the_login_name_asks_unless_another_is_said(
    company: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EARMARK_BY", "Tom")
    company("reserve SO2/1 --quantity 1")
    assert company("history --limit 1 --json").json[0]["by"] == "Tom"
