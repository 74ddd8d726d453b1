"""`earmark import` and `earmark export`."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from earmark.cli.exchange import ERRORS_SHOWN
from tests.cli.conftest import Shell

STOCK = "item_no;location_code;lot_no;quantity\n"


def _write(text: str, name: str = "rows.csv") -> None:
    Path(name).write_text(text, encoding="utf-8")


def _figures(company: Shell, item: str) -> list[tuple[str, str]]:
    rows = company(f"stock --item {item} --json").json
    return [(row["numbers"]["lot_no"], row["quantity"]) for row in rows]


def test_what_is_exported_is_imported_into_another_database(company: Shell) -> None:
    for what in ("tracking-codes", "items", "locations", "customers", "stock", "orders"):
        for file in ("sheet.csv", "sheet.xlsx"):
            assert company(f"export {what} {file}").code == 0
        imported = company(f"import {what} sheet.xlsx --database copy.db")
        assert (imported.code, imported.err) == (0, "")
        assert "imported" in imported.out
        again = company(f"export {what} again.csv --database copy.db")
        assert again.code == 0
        assert Path("again.csv").read_bytes() == Path("sheet.csv").read_bytes()


def test_an_import_says_what_it_did(company: Shell) -> None:
    _write(f"{STOCK}Z;EAST;;2,5\n")
    done = company("import stock rows.csv --by Ana --json").json
    assert (done["rows"], done["records"], done["file"]) == (1, 1, "rows.csv")
    assert done["outcome"]["entries"] == ["Z#2"]
    assert "Stock: 1 rows imported  rows.csv" in company("import stock rows.csv").out
    assert _figures(company, "Z") == [("", "5")]


@pytest.mark.parametrize("option", ["--dry-run", "--preview"])
def test_a_dry_run_saves_nothing(company: Shell, option: str) -> None:
    _write(f"{STOCK}Z;EAST;;2,5\n")
    tried = company(f"import stock rows.csv {option}")
    assert tried.code == 0
    assert "would be imported" in tried.out
    assert "Nothing was saved." in tried.out
    assert _figures(company, "Z") == []


def test_a_request_id_imports_once(company: Shell) -> None:
    _write(f"{STOCK}Z;EAST;;1\n")
    assert company("import stock rows.csv --request-id r1").code == 0
    again = company("import stock rows.csv --request-id r1")
    assert "were imported before, by the same request" in again.out
    assert _figures(company, "Z") == [("", "1")]


def test_a_decimal_mark_that_decides_is_asked_for_and_taken(company: Shell) -> None:
    _write(f"{STOCK}Z;EAST;;1.500\n")
    refused = company("import stock rows.csv")
    assert refused.code == 2
    assert "it may be 1.500 or 1500; say which decimal mark the file has" in refused.err
    assert company("import stock rows.csv --decimal comma --delimiter semicolon").code == 0
    assert _figures(company, "Z") == [("", "1500")]


@pytest.mark.parametrize("option", ["--delimiter pipe", "--decimal dot"])
def test_a_dialect_that_there_is_not_is_refused(company: Shell, option: str) -> None:
    _write(f"{STOCK}Z;EAST;;1\n")
    assert company(f"import stock rows.csv {option}").code == 2
    assert company(f"export stock sheet.csv {option}").code == 2


def test_a_subject_that_there_is_not_is_refused(company: Shell) -> None:
    _write(f"{STOCK}Z;EAST;;1\n")
    refused = company("import prices rows.csv")
    assert refused.code == 2
    assert "items, tracking_codes, locations" in refused.err


def test_every_wrong_row_is_told_on_standard_error(company: Shell) -> None:
    _write(f"{STOCK}Z;EAST;;1\nNOPE;EAST;;1\nZ;EAST;;x\n")
    refused = company("import stock rows.csv")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.splitlines() == [
        "Row 3, item_no: There is no item NOPE. (item-unknown)",
        "Row 4, quantity: Quantity x: it is not a number. (quantity-invalid)",
        (
            "earmark: 2 of 3 rows of rows.csv are wrong; nothing was imported. "
            "Row 3, item_no: There is no item NOPE. (import-refused)"
        ),
    ]
    assert _figures(company, "Z") == []


def test_very_many_wrong_rows_are_counted(company: Shell) -> None:
    _write(STOCK + "NOPE;EAST;;1\n" * (ERRORS_SHOWN + 5))
    refused = company("import stock rows.csv")
    assert len(refused.err.splitlines()) == ERRORS_SHOWN + 2
    assert "... and 5 more; --json tells them all" in refused.err


def test_a_program_is_told_every_wrong_row_in_json(company: Shell) -> None:
    _write(f"{STOCK}NOPE;EAST;;1\nZ;EAST;;x\n")
    said = json.loads(company("import stock rows.csv --json").err)
    assert said["code"] == "import-refused"
    assert said["facts"]["errors"][1] == {
        "row": 3,
        "column": "quantity",
        "value": "x",
        "code": "quantity-invalid",
        "message": "Quantity x: it is not a number.",
    }


def test_a_file_that_is_cut_off_is_refused_and_makes_no_database(shell: Shell) -> None:
    _write(f"{STOCK}Z;EAST")
    refused = shell("import stock rows.csv --database new.db")
    assert refused.code == 6
    assert refused.err == (
        "earmark: rows.csv: row 2 has 2 cells and row 1 has 4; the file is damaged or cut off. "
        "(file-unusable)\n"
    )
    assert not Path("new.db").exists()


def test_an_export_can_have_commas_for_decimals(company: Shell) -> None:
    _write(f"{STOCK}Z;EAST;;2,5\n")
    company("import stock rows.csv")
    exported = company("export stock sheet.csv --delimiter semicolon --json")
    assert exported.json == {"what": "stock", "file": "sheet.csv", "rows": 6}
    assert "Z;;EAST;;;;2,5;;2026-11-24;;" in Path("sheet.csv").read_text(encoding="utf-8")


def test_an_export_that_can_not_be_written_is_refused(company: Shell) -> None:
    assert company("export stock none/sheet.csv").code == 6
    assert company("export stock sheet.pdf").code == 6


def test_progress_is_shown_on_a_terminal_only(company: Shell) -> None:
    _write(STOCK + "Z;EAST;;1\n" * 3000)
    assert company("import stock rows.csv --dry-run").err == ""
    terminal, ours = pty.openpty()
    run = subprocess.run(
        [
            sys.executable,
            "-c",
            "from earmark.cli.main import main; main()",
            *["import", "stock", "rows.csv", "--dry-run"],
        ],
        stdout=subprocess.PIPE,
        stderr=ours,
        check=True,
        env={**os.environ, "TERM": "xterm"},
    )
    os.close(ours)
    assert b"Importing stock" in os.read(terminal, 65536)
    os.close(terminal)
    assert run.stdout.decode().startswith("Stock: 3000 rows would be imported")
