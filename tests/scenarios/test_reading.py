"""Scenario files are read to the letter: what is not known is a problem with its line."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from textwrap import dedent

import pytest

from earmark.core.commands import Choice
from earmark.errors import FileUnusable
from earmark.scenarios.forms import Problem
from earmark.scenarios.not_built import needs
from earmark.scenarios.reading import Scenario, check, files_of, read, read_text


def written(text: str) -> Scenario | list[Problem]:
    return read_text(dedent(text).lstrip(), "case.yaml")


def well_formed(text: str) -> Scenario:
    scenario = written(text)
    assert isinstance(scenario, Scenario), scenario
    return scenario


def problems(text: str) -> list[tuple[int, str]]:
    """The problems of a text, each as its line and message."""
    found = written(text)
    assert isinstance(found, list), "it was read as if nothing were wrong"
    return [(problem.line, problem.message) for problem in found]


def only_problem(text: str) -> tuple[int, str]:
    (problem,) = problems(text)
    return problem


def step(text: str) -> str:
    return f"scenario: One step\nsteps:\n  - {text}\n"


# -- What is not known -------------------------------------------------------------------------


def test_an_unknown_key_of_the_document_is_told_with_its_line() -> None:
    line, message = only_problem("scenario: A\nsteps: []\nauthor: me\n")
    assert (line, message.startswith("unknown key author in a scenario")) == (3, True)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("given:\n  item: {X: {}}", 3),
        ("given:\n  items:\n    X:\n      colour: red", 5),
        ("given:\n  tracking_codes: {LOT: {specific: [lot], exact: true}}", 3),
        ("given:\n  locations: {EAST: {shelves: [A]}}", 3),
        ("given:\n  customers:\n    C1: {rank: 3}", 4),
        ("given:\n  lots:\n    - {item: X, lot: L1, locked: true}", 4),
        ("given:\n  stock:\n    - {item: X, location: EAST, quantity: 1, batch: L1}", 4),
        ("given:\n  documents:\n    - {sales_order: SO1, vendor: V1, lines: []}", 4),
        ("given:\n  documents:\n    - {invoice: I1, lines: []}", 4),
        ("given:\n  documents:\n    - {demand: D1, lines: [{item: X, quantity: 1, for: S/1}]}", 4),
    ],
)
def test_an_unknown_key_of_what_is_given_is_told_with_its_line(text: str, line: int) -> None:
    assert only_problem(f"scenario: A\n{text}\nsteps: []\n")[0] == line


@pytest.mark.parametrize(
    "text",
    [
        "allocate: {line: SO1/1}",
        "reserve: {line: SO1/1, amount: 3}",
        "reserve: {line: SO1/1}\n    unless: SO2/1",
        "ship: {line: SO1/1, numbers: [{lot: L1, serialno: S1}]}",
        "expect: {lines: {SO1/1: {reserved: 1}}}",
        "expect: {line: {SO1/1: {available: 1}}}",
        "expect: {reservations: {SO1/1: [{supply: E1}]}}",
        "expect: {candidates: [{line: SO1/1, rows: [{from: E1, why: expired}]}]}",
        "verify: {deep: true}",
        "together: [{reserve: {line: SO1/1}}, {allocate: {line: SO1/1}}]",
    ],
)
def test_an_unknown_verb_field_or_expectation_is_a_problem(text: str) -> None:
    assert all("unknown key" in message or "verb" in message for _, message in problems(step(text)))


@pytest.mark.parametrize(
    "text",
    [
        "reserve: {line: SO1/1}\n    refused: fully-resrved",
        "reserve: {line: SO1/1}\n    may_refuse: [conflict, busy]",
        "reserve: {line: SO1/1}\n    warns: [moved, shifted]",
        "expect: {candidates: [{line: SO1/1, rows: [{from: E1, reasons: [too-soon]}]}]}",
        "worksheet: {demand: [purchase]}",
        "assign: {line: SO1/1, what: package}",
        "status: {document: MO1, to: closed}",
    ],
)
def test_an_unknown_code_or_word_is_a_problem(text: str) -> None:
    line, message = only_problem(step(text))
    assert "is not one of" in message
    assert line in (3, 4)


def test_a_misspelt_key_is_answered_with_the_one_that_was_meant() -> None:
    assert "did you mean quantity?" in only_problem(step("reserve: {line: S/1, quanity: 1}"))[1]


def test_all_problems_of_a_file_are_found_at_once_in_the_order_of_their_lines() -> None:
    found = problems(
        """
        scenario: A
        steps:
          - reserve: {line: SO1/1, amount: 3}
          - shipp: {line: SO1/1}
          - expect: {line: {SO1/1: {reserved: many}}}
        """
    )
    assert [line for line, _ in found] == [3, 4, 5]


# -- Wrong types -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "reserve: SO1/1",
        "reserve: {line: [SO1/1]}",
        "reserve: {line: }",
        "reserve: {line: SO1/1, quantity: many}",
        "reserve: {line: SO1/1, quantity: '3'}",
        "reserve: {line: SO1/1, quantity: 0x10}",
        "reserve: {line: SO1/1, quantity: 007}",
        "reserve: {line: SO1/1, quantity: 1_000}",
        "reserve: {line: SO1/1, all: sometimes}",
        "reserve: {line: SO1/1, numbers: L1}",
        "reserve: {line: SO1/1, hold_until: noon}",
        "edit: {line: SO1/1, date: 2026-02-30}",
        "edit: {line: SO1/1, date: 2026-2-3}",
        "work_date: 2026-01-01T00:00:00",
        "clock: 2026-01-01T25:00:00",
        "track: {line: SO1/1, numbers: {lot: L1}}",
        "delete: {line: SO1/1}",
        "expect: {as_of: 1.5}",
        "expect: {exists: {SO1/1: 1}}",
        "together: {reserve: {line: SO1/1}}",
    ],
)
def test_a_value_of_another_type_than_its_field_is_a_problem(text: str) -> None:
    line, message = only_problem(step(text))
    assert (line, "is not" in message) == (3, True)


def test_a_field_that_a_step_can_not_do_without_is_missed() -> None:
    assert only_problem(step("reserve: {quantity: 1}")) == (3, "reserve needs line")


def test_a_key_that_stands_twice_is_a_problem() -> None:
    found = only_problem(step("reserve:\n      line: SO1/1\n      line: SO2/1"))
    assert found == (5, "key line stands twice")


def test_a_scenario_without_its_sentence_is_a_problem() -> None:
    assert only_problem("steps: []\n") == (1, "a scenario needs scenario")


@pytest.mark.parametrize(
    ("text", "line"),
    [("scenario: [\n", 2), ("scenario: A\n  steps: []\n", 2), ("", 1), ("a: 1\n---\nb: 2\n", 2)],
)
def test_what_is_not_one_yaml_document_is_a_problem_with_its_line(text: str, line: int) -> None:
    assert [found for found, _ in problems(text)] == [line]


def test_a_file_that_is_not_there_or_not_text_can_not_be_used(tmp_path: Path) -> None:
    binary = tmp_path / "binary.yaml"
    binary.write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "absent.yaml", binary):
        with pytest.raises(FileUnusable):
            read(path)


# -- Steps -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["note: nothing to do", "{reserve: {line: SO1/1}, cancel: {line: SO1/1}}"]
)
def test_a_step_without_or_with_two_verbs_is_a_problem(text: str) -> None:
    assert "a step has one verb" in only_problem(step(text))[1]


def test_a_reading_step_can_not_be_refused() -> None:
    line, message = only_problem(step("expect: {}\n    refused: conflict"))
    assert (line, message) == (4, "refused says nothing of a step that is expect")


def test_a_race_within_a_race_is_a_problem() -> None:
    assert "unknown key together" in problems(step("together: [{together: []}]"))[0][1]


def test_a_race_of_nobody_is_a_problem() -> None:
    assert only_problem(step("together: []")) == (3, "together is a list of at least one step")


def test_undoing_what_no_earlier_step_named_is_a_problem() -> None:
    found = only_problem(
        """
        scenario: A
        steps:
          - undo: S1
          - ship: {line: SO1/1, as: S1}
          - undo: S1
        """
    )
    assert found == (3, "no step before this one is named S1")


def test_a_name_given_twice_is_a_problem() -> None:
    found = only_problem(
        """
        scenario: A
        given:
          stock:
            - {as: E1, item: X, quantity: 1}
        steps:
          - receive: {line: PO1/1, as: [E2, E1]}
        """
    )
    assert found == (6, "the name E1 is given twice")


@pytest.mark.parametrize(("as_of", "is_wrong"), [(0, False), (1, False), (2, True), (-1, True)])
def test_looking_back_to_a_step_that_was_not_done_yet_is_a_problem(
    as_of: int, *, is_wrong: bool
) -> None:
    text = f"reserve: {{line: S/1}}\n  - expect: {{as_of: {as_of}}}\n  - verify: {{}}"
    assert isinstance(written(step(text)), list) is is_wrong


def test_then_may_look_back_to_the_step_it_belongs_to() -> None:
    well_formed(step("reserve: {line: SO1/1}\n    then: {as_of: 1}"))


# -- Values ------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["0.1", "0.300000000000000001", "1e-7", "-2", "12345678901234.5"])
def test_a_quantity_is_exactly_what_is_written(text: str) -> None:
    (reserve,) = well_formed(step(f"reserve: {{line: SO1/1, quantity: {text}}}")).steps
    assert str(reserve.content["quantity"]) == str(Decimal(text))


def test_a_number_that_looks_like_a_quantity_is_kept_as_it_is_written() -> None:
    (track,) = well_formed(step("track: {line: S/1, numbers: [{lot: 0012, serial: 1.50}]}")).steps
    assert dict(track.content["numbers"][0]) == {"lot": "0012", "serial": "1.50"}


def test_a_time_without_a_zone_is_in_utc() -> None:
    times = ("2026-01-10T09:00:00", "2026-01-10 09:00:00Z", "2026-01-10T11:00:00+02:00")
    text = "\n  - ".join(f"clock: {time}" for time in times)
    steps = well_formed(step(text)).steps
    assert {step.content for step in steps} == {datetime(2026, 1, 10, 9, tzinfo=UTC)}


def test_a_time_limit_of_none_is_no_time_limit() -> None:
    (hold,) = well_formed(step("hold: {line: SO1/1, until: none}")).steps
    assert hold.content["until"] is None


def test_all_and_any_are_answers_where_a_number_could_stand() -> None:
    text = "reserve: {line: S/1, numbers: all}\n  - reserve: {line: S/1, numbers: any}"
    chosen = [step.content["numbers"] for step in well_formed(step(text)).steps]
    assert chosen == [Choice.ALL, Choice.ANY]


def test_the_work_date_begins_with_the_year_2026_where_none_is_written() -> None:
    assert well_formed("scenario: A\nsteps: []\n").work_date == date(2026, 1, 1)


def test_steps_are_numbered_by_the_list_and_racing_ones_within_it() -> None:
    scenario = well_formed(
        step("verify: {}\n  - together: [{delete: SO1}, {delete: SO1}]\n  - expect: {}")
    )
    racing = scenario.steps[1].content
    numbers = [step.number for step in (*scenario.steps, *racing)]
    assert numbers == ["1", "2", "3", "2.1", "2.2"]


def test_steps_that_ask_for_the_same_are_equal_whatever_is_expected_of_them() -> None:
    previewed, done, other = well_formed(
        step("delete: PO1\n    preview: true\n    warns: moved\n  - delete: PO1\n  - delete: PO2")
    ).steps
    assert (previewed == done, done == other) == (True, False)


# -- What is not built -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("document: {transfer_order: TO1, from: EAST, to: WEST, lines: []}", ["transfer_order"]),
        ("document: {assembly_order: AO1, item: K, quantity: 1}", ["assembly_order"]),
        ("worksheet: {demand: [sales, project]}", ["worksheet", "project as a kind"]),
        ("promise: {lines: [SO1/1]}", ["promise"]),
        ("assemble: {line: AO1}", ["assemble"]),
        ("reserve: {line: SO1/1, from: transfer}", ["transfer as a kind"]),
        ("expect: {promised: {SO1/1: {date: null}}}", ["promised"]),
        ("verify: {}\n    then: {worksheet: [{line: SO1/1}]}", ["worksheet"]),
        ("together: [{promise: {lines: []}}]", ["promise"]),
        ("expect: {window: [{line: S/1, rows: [{from: assembly}]}]}", ["assembly as a kind"]),
        ("reserve: {line: SO1/1, from: purchase}", []),
    ],
)
def test_a_scenario_says_what_it_needs_that_is_not_built(text: str, needed: list[str]) -> None:
    assert list(needs(well_formed(step(text)))) == needed


def test_what_is_not_built_is_checked_all_the_same() -> None:
    assert problems(step("worksheet: {demands: [sales]}"))
    assert problems(step("document: {transfer_order: TO1, from: EAST, to: WEST, via: SEA}"))


# -- Files -------------------------------------------------------------------------------------


def test_a_folder_is_read_with_the_folders_below_in_order_of_name(tmp_path: Path) -> None:
    for name in ("b.yaml", "a/c.yml", "a/b.yaml", "a/note.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("scenario: A\nsteps: []\n", encoding="utf-8")
    found = [str(path.relative_to(tmp_path)) for path in files_of([tmp_path])]
    assert found == ["a/b.yaml", "a/c.yml", "b.yaml"]


def test_a_folder_without_scenarios_can_not_be_used(tmp_path: Path) -> None:
    with pytest.raises(FileUnusable):
        list(check([tmp_path]))


def test_the_same_sentence_in_two_files_is_a_problem_of_the_second(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text("scenario: A\nsteps: []\n", encoding="utf-8")
    (problem,) = check([tmp_path])
    assert (Path(problem.file).name, problem.line) == ("b.yaml", 1)
