"""What does not hold fails, and the failure says where, what was found and why."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from textwrap import dedent

import pytest
from sqlalchemy import create_engine, inspect

import earmark
from earmark.database.scratch import scratch, template
from earmark.errors import DatabaseUnusable
from earmark.scenarios import Result, Status, run, summary, told
from earmark.scenarios.comparing import exactly
from earmark.scenarios.forms import Fields
from earmark.scenarios.playing import Failure

GIVEN = """\
scenario: A short sentence
given:
  tracking_codes: {LOT: {specific: [lot]}}
  items: {X: {tracking_code: LOT}}
  locations: {EAST: {}}
  stock:
    - {as: E1, item: X, location: EAST, lot: L1, quantity: 4}
    - {as: E2, item: X, location: EAST, lot: L2, quantity: 4}
  documents:
    - {sales_order: SO1, lines: [{item: X, location: EAST, quantity: 6, date: 2026-01-20}]}
    - {sales_order: SO2, lines: [{item: X, location: EAST, quantity: 5, date: 2026-01-20}]}
steps:
"""
FIRST_STEP = GIVEN.count("\n") + 1

Play = Callable[[str], Result]


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """Runs the scenario of two lots and two orders with other steps."""

    def run_steps(steps: str) -> Result:
        path = tmp_path / "case.yaml"
        path.write_text(GIVEN + dedent(steps).lstrip(), encoding="utf-8")
        (result,) = run([path])
        return result

    return run_steps


def failure_of(result: Result) -> Failure:
    assert result.status is Status.FAILED
    assert result.failure is not None
    return result.failure


def test_a_scenario_that_holds_has_passed(play: Play) -> None:
    result = play("- reserve: {line: SO1/1}\n  then: {line: {SO1/1: {reserved: 6}}}\n")
    assert (result.status, result.failure, result.needs) == (Status.PASSED, None, ())


def test_a_failure_says_the_step_its_line_what_was_expected_and_found_and_why(play: Play) -> None:
    failure = failure_of(
        play(
            """
            - reserve: {line: SO1/1}
            - reserve: {line: SO2/1}
              then:
                line: {SO2/1: {reserved: 5}}
            - verify: {}
            """
        )
    )
    (difference,) = failure.differences
    assert (failure.step, failure.line) == ("2", FIRST_STEP + 1)
    assert failure.text == "reserve: {line: SO2/1}"
    assert difference.line == FIRST_STEP + 3
    assert difference.expectation == "line SO2/1: reserved 5"
    assert difference.found == "reserved 2"
    assert "needed 5" in difference.why


@pytest.mark.parametrize(
    "expectation",
    [
        "line: {SO1/1: {unreserved: 5}}",
        "line: {SO9/1: {unreserved: 5}}",
        "reservations: {SO1/1: [{from: E1, quantity: 4}]}",
        "reservations: {SO1/1: [{from: E1}, {from: E1}]}",
        "reservations: {SO1/1: [{from: E1, lot: L2}, {from: E2}]}",
        "reservations: {E1: []}",
        "outcome: {shortfall: 1}",
        "outcome: {moved: [SO2/1]}",
        "window: [{line: SO2/1, rows: [{from: stock, available: 3}]}]",
        "window: [{line: SO2/1, rows: [{from: purchase}]}]",
        "candidates: [{line: SO2/1, rows: [{from: E1, available: 1}]}]",
        "candidates: [{line: SO2/1, rows: [{from: E2, reasons: [reserved]}]}]",
        "candidates: [{line: SO2/1, rows: [{from: PO1/1}]}]",
        "number: [{item: X, location: EAST, lot: L1, available: 3}]",
        "stock: [{item: X, quantity: 4}]",
        "stock: [{item: X, lot: L1, quantity: 4, expiration_date: 2026-12-31}]",
        "tracking: {SO1/1: [{lot: L1}]}",
        "document: {SO1: {reserved_from_stock: partial}}",
        "exists: {SO1/2: true}",
        "total: [{of: reserved, lines: [SO1/1, SO2/1], is: 7}]",
        "{as_of: 0, line: {SO1/1: {reserved: 6}}}",
        "{as_of: 0, outcome: {reserved: 6}}",
    ],
)
def test_each_kind_of_expectation_fails_where_it_is_not_so(play: Play, expectation: str) -> None:
    braced = expectation if expectation.startswith("{") else f"{{{expectation}}}"
    failure = failure_of(play(f"- reserve: {{line: SO1/1}}\n- expect: {braced}\n"))
    assert (failure.step, len(failure.differences)) == ("2", 1)


@pytest.mark.parametrize(
    ("step", "expected", "found"),
    [
        ("reserve: {line: SO9/1}", "it is done", "refused with line-unknown"),
        ("reserve: {line: SO1/1}\n  refused: not-reserved", "refused with not-reserved", "done"),
        (
            "reserve: {line: SO9/1}\n  refused: [item-unknown, conflict]",
            "refused with item-unknown or conflict",
            "refused with line-unknown",
        ),
        ("reserve: {line: SO9/1}\n  may_refuse: [conflict]", "it is done", "refused with line-un"),
        ("reserve: {line: SO1/1}\n  warns: [short, moved]", "warns of short and moved", "done"),
        ("stock: [{item: NONE, quantity: 1}]", "it is done", "refused with item-unknown"),
    ],
)
def test_a_command_fails_that_comes_out_otherwise_than_it_says(
    play: Play, step: str, expected: str, found: str
) -> None:
    (difference,) = failure_of(play(f"- {step}\n")).differences
    assert difference.expectation == expected
    assert difference.found.startswith(found)


def test_a_step_of_a_race_fails_under_its_own_number(play: Play) -> None:
    failure = failure_of(
        play(
            """
            - verify: {}
            - together:
                - reserve: {line: SO1/1}
                - reserve: {line: SO9/1}
            """
        )
    )
    assert (failure.step, failure.line) == ("2.2", FIRST_STEP + 3)


def test_the_outcome_of_a_refusal_is_none(play: Play) -> None:
    steps = """
        - reserve: {line: SO9/1}
          refused: line-unknown
          then: {outcome: {reserved: 0}}
        """
    assert failure_of(play(steps)).differences[0].found.startswith("no outcome")


def test_names_that_are_more_than_the_ledger_entries_fail(play: Play) -> None:
    steps = "- ship: {line: SO1/1, numbers: [{lot: L1, quantity: 4}], quantity: 4, as: [S1, S2]}\n"
    assert failure_of(play(steps)).differences[0].found == "2 names for 1 ledger entries"


def test_what_is_given_is_never_refused(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text("scenario: A\ngiven:\n  lots: [{item: X, lot: L1}]\nsteps: []\n")
    (result,) = run([path])
    failure = failure_of(result)
    assert (failure.step, failure.line) == ("given", 3)
    assert "item-unknown" in failure.differences[0].found


def test_a_file_that_is_not_well_formed_has_failed_and_the_others_go_on(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("scenario: A\nsteps: [{ship: {lines: S/1}}]\n")
    (tmp_path / "b.yaml").write_text("scenario: B\nsteps: [{verify: {}}]\n")
    malformed, good = run([tmp_path])
    assert [d.line for d in failure_of(malformed).differences] == [2, 2]
    assert good.status is Status.PASSED


def test_what_is_not_built_is_neither_passed_nor_failed(play: Play) -> None:
    result = play("- worksheet: {demand: [sales]}\n")
    assert (result.status, result.needs) == (Status.NOT_BUILT, ("worksheet",))
    assert told(result) == "not built  A short sentence  (needs worksheet)"


def test_a_line_and_a_sum_are_told(play: Play) -> None:
    passed, failed = play("- verify: {}\n"), play("- delete: SO9\n")
    assert told(passed) == "passed     A short sentence"
    assert [line.strip() for line in told(failed).splitlines()] == [
        "FAILED     A short sentence",
        f"{failed.file}:{FIRST_STEP}: step 1: delete: SO9",
        f"expected, line {FIRST_STEP}: it is done",
        "found: refused with document-unknown: There is no document SO9.",
    ]
    assert summary([passed, failed, passed]) == "2 passed, 1 failed, 0 not built"


# -- Rows in any order -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "holds"),
    [
        ([{"quantity": 4}, {"from": "E1", "quantity": 4}], True),
        ([{"from": "E2"}, {"quantity": 4}], True),
        ([{"from": "E1"}, {"from": "E1"}], False),
        ([{"quantity": 4}], False),
        ([{}, {}, {}], False),
    ],
)
def test_each_row_expected_needs_a_row_of_its_own(
    wanted: list[dict[str, object]], *, holds: bool
) -> None:
    found = [{"from": "E1", "quantity": Decimal(4)}, {"from": "E2", "quantity": Decimal(4)}]
    rows = [Fields(row) for row in wanted]
    assert (not list(exactly("rows", 1, rows, found))) is holds


# -- Scratch databases -------------------------------------------------------------------------


def test_a_scratch_database_is_empty_its_own_and_gone_afterwards(database_url: str) -> None:
    with template(database_url) as made:
        with made.scratch() as one, made.scratch() as other:
            assert one != other
            earmark.open(one).close()
            engine = create_engine(other)
            assert "alembic_version" in inspect(engine).get_table_names()
            engine.dispose()
        with pytest.raises(DatabaseUnusable):
            earmark.open(one.replace("sqlite:///", "sqlite:///gone/"))


def test_the_database_that_is_named_is_not_written(database_url: str) -> None:
    with template(database_url) as made, made.scratch():
        named = create_engine(database_url)
        before = inspect(named).get_table_names()
        named.dispose()
    with scratch(database_url) as url:
        assert url != database_url
    named = create_engine(database_url)
    assert inspect(named).get_table_names() == before
    named.dispose()
