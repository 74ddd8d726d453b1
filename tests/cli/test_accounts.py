"""`earmark user` and `earmark token`: who may sign in, and which programs may ask."""

import io
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

import earmark
from earmark.usecases import accounts, signing_in
from tests.cli.conftest import Shell

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _typed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A password comes down the pipe, as often as it is read."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSWORD}\n" * 9))


def test_an_administrator_is_made_with_a_password_from_a_pipe(shell: Shell) -> None:
    assert shell("user add ana --role administrator --password-stdin").code == 0
    (ana,) = shell("user list --json").json
    assert (ana["user_name"], ana["role"], ana["is_active"]) == ("ana", "administrator", True)
    database = earmark.open("sqlite:///earmark.db")
    assert accounts.has_password(database, "ana", PASSWORD)
    database.close()


def test_a_password_is_asked_for_twice_and_not_shown(tmp_path: Path) -> None:
    main, terminal = pty.openpty()
    program = str(Path(sys.executable).with_name("earmark"))
    with subprocess.Popen(
        [program, "user", "add", "ana", "--role", "administrator"],
        cwd=tmp_path,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
    ) as typing:
        os.close(terminal)
        shown = _until(main, b"Password of ana: ")
        os.write(main, PASSWORD.encode() + b"\n")
        shown += _until(main, b"The same again: ")
        os.write(main, PASSWORD.encode() + b"\n")
        shown += _until(main, b"Account added: ana")
        assert typing.wait(timeout=30) == 0
    os.close(main)
    assert PASSWORD.encode() not in shown


def _until(terminal: int, prompt: bytes) -> bytes:
    """What a terminal shows until it shows this."""
    shown = b""
    while prompt not in shown:
        shown += os.read(terminal, 1000)
    return shown


def test_without_a_terminal_a_password_comes_from_a_pipe_or_not_at_all(shell: Shell) -> None:
    refused = shell("user add ana")
    assert refused.code == 2
    assert "--password-stdin" in refused.err


def test_a_role_changes_and_the_last_administrator_stays(shell: Shell) -> None:
    shell("user add ana --role administrator --password-stdin")
    shell("user add ben --name 'Ben Gray' --password-stdin")
    assert shell("user role ben planner").code == 0
    assert shell("user deactivate BEN").code == 0
    listed = shell("user list").out
    assert "planner" in listed
    assert "deactivated" in listed
    assert shell("user activate ben").code == 0
    assert "administrator-needed" in shell("user deactivate ana").err
    assert "it is one of viewer" in shell("user role ben king").err
    assert "account-unknown" in shell("user role cleo viewer").err


def test_a_password_is_set_anew(shell: Shell) -> None:
    shell("user add ana --role administrator --password-stdin")
    assert "Password set for ana" in shell("user password ana --password-stdin").out
    assert "There are no accounts" not in shell("user list").out


def test_a_token_is_shown_once_and_lets_a_program_in(shell: Shell) -> None:
    shell("user add ben --role administrator --password-stdin")
    made = shell(
        "token new shop --user ben --scope read --scope reserve --json --request-id R1"
    ).json
    database = earmark.open("sqlite:///earmark.db")
    found = signing_in.bearer(database, made["token"])
    assert found is not None
    assert found[0].user_name == "ben"
    again = shell("token new shop --user ben --scope read --scope reserve --request-id R1").out
    assert "shown only once" in again
    assert made["token"] not in shell("token list").out
    assert "read, reserve" in shell("token list --user ben").out
    assert shell(f"token revoke {made['token_id']}").code == 0
    assert signing_in.bearer(database, made["token"]) is None
    database.close()
    assert "revoked" in shell("token list").out


def test_a_token_is_shown_in_the_terminal(shell: Shell) -> None:
    shell("user add ben --role administrator --password-stdin")
    shell("user add cleo --password-stdin")
    said = shell("token new trial --user ben --scope read --ends 2026-12-31T00:00").out
    assert "earmark_" in said
    assert "Authorization: Bearer" in said
    assert "scope-exceeds-role" in shell("token new x --user cleo --scope post").err
    assert "it is one of read" in shell("token new x --user ben --scope fly").err


def test_where_there_is_nobody_and_no_token_that_is_said(shell: Shell) -> None:
    shell("db upgrade")
    assert "There are no accounts" in shell("user list").out
    assert "There are no tokens" in shell("token list").out
