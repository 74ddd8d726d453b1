"""`earmark scenario`."""

from pathlib import Path

import pytest

from tests.cli.conftest import Shell

GOOD = """
scenario: A lot is reserved
given:
  tracking_codes: {LOT: {specific: [lot]}}
  items: {X: {tracking_code: LOT}}
  locations: {EAST: {}}
  stock: [{as: E1, item: X, location: EAST, lot: L1, quantity: 5}]
  documents: [{sales_order: SO1, lines: [{item: X, location: EAST, quantity: 5}]}]
steps:
  - reserve: {line: SO1/1}
    then: {line: {SO1/1: {reserved: 5}}}
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with one scenario that holds."""
    folder = tmp_path / "scenarios"
    folder.mkdir()
    (folder / "good.yaml").write_text(GOOD)
    return folder


def test_a_scenario_that_holds_is_told_in_a_line(shell: Shell, files: Path) -> None:
    answer = shell(f"scenario run {files}")
    assert answer.code == 0
    assert "passed" in answer.out
    assert "1 passed, 0 failed" in answer.out


def test_a_scenario_that_fails_sets_the_exit_code(shell: Shell, files: Path) -> None:
    (files / "bad.yaml").write_text(GOOD.replace("reserved: 5", "reserved: 4"))
    answer = shell(f"scenario run {files}")
    assert answer.code == 1
    assert "expected" in answer.out
    assert [result["status"] for result in shell(f"scenario run {files} --json").json] == [
        "failed",
        "passed",
    ]


def test_a_file_that_is_not_well_formed_is_told_with_its_line(shell: Shell, files: Path) -> None:
    assert "Well formed." in shell(f"scenario check {files}").out
    (files / "bad.yaml").write_text(GOOD.replace("reserve:", "resrve:"))
    answer = shell(f"scenario check {files}")
    assert (answer.code, "bad.yaml:10:" in answer.out) == (1, True)
    assert shell(f"scenario check {files} --json").json[0]["line"] == 10


def test_a_scenario_must_be_named(shell: Shell) -> None:
    assert shell("scenario run").code == 2
    assert shell("scenario check").code == 2
