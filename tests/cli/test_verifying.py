"""`earmark verify`."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.cli.conftest import Shell


def test_what_disagrees_is_said_and_sets_the_exit_code(company: Shell, tmp_path: Path) -> None:
    assert "nothing found" in company("verify").out
    with closing(sqlite3.connect(tmp_path / "earmark.db")) as connection, connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute("UPDATE supply SET reserved = reserved + 100000 WHERE supply_no = 1")
    found = company("verify")
    assert found.code == 1
    assert "Check" in found.out
    assert company("verify --json").json[0]["record"]
