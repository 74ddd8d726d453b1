"""How an answer leaves the program."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from earmark.cli import output
from earmark.cli.page import (
    Bar,
    Column,
    Hint,
    Hold,
    Note,
    Page,
    Table,
    Title,
    columns,
    facts,
    in_words,
)
from earmark.core.outcome import Move, Outcome
from earmark.core.tracking import Dimension, Numbers


def _printed(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


def test_json_keeps_decimals_exact_and_moments_whole() -> None:
    move = Move("SO1/1", Decimal("0.10000"), "X#1", "X#2", Numbers("L1"))
    outcome = Outcome(reserved=Decimal("1E+3"), moves=(move,), moment=2**62)
    read = json.loads(output.as_json(outcome))
    assert read["reserved"] == "1000"
    assert read["moves"][0]["quantity"] == "0.1"
    assert read["moment"] == str(2**62)


def test_json_knows_dates_words_sets_and_nothing() -> None:
    value = {"on": date(2026, 12, 2), "what": Dimension.LOT, "all": {Dimension.LOT}, "none": None}
    assert output.plain(value) == {"on": "2026-12-02", "what": "lot", "all": ["lot"], "none": None}


def test_figures_stand_right_with_the_decimals_of_their_column(
    capsys: pytest.CaptureFixture[str],
) -> None:
    table = Table(
        columns("Item", "Quantity"),
        [("X", Decimal("120.5")), ("Y", Decimal("98.25")), ("Z", Decimal(0))],
        ("All", Decimal("218.75")),
    )
    output.write([table])
    *figures, total = [line[4:] for line in _printed(capsys)[2:] if "─" not in line]
    assert figures == ["    120.5", "     98.25", "      0"]
    assert total.endswith("218.75")


def test_a_narrow_screen_loses_the_columns_that_yield_most_and_no_figure(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    table = Table(
        columns("Line", Column("Remark", yields=2), Column("Description", yields=1), "Quantity"),
        [("SO1/1", "r" * 20, "d" * 12, Decimal(5))],
    )
    output.write([table])
    head = _printed(capsys)[0]
    assert "Remark" not in head
    assert "Description" in head
    assert "Quantity" in head


def test_a_table_that_can_not_yield_is_still_printed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "10")
    output.write([Table(columns("Line", "Quantity"), [("SO1/1", Decimal(5))])])
    assert _printed(capsys)


def test_a_bar_is_drawn_to_one_scale_and_more_than_nothing_is_seen(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = [
        ("L1", Bar(((Hold.FREE, Decimal(100)),))),
        ("L2", Bar(((Hold.FIXED, Decimal(50)), (Hold.MOVABLE, Decimal("0.1"))))),
    ]
    output.write([Table(columns("Lot", "Who has it"), rows, title="Lots")])
    lines = _printed(capsys)
    assert lines[0] == "Lots"
    assert lines[3].count(Hold.FREE) == output.BAR_WIDTH
    assert lines[4].count(Hold.FIXED) == output.BAR_WIDTH / 2
    assert lines[4].count(Hold.MOVABLE) == 1
    assert "held nonspecifically, may move" in lines[5]


def test_a_page_has_no_spaces_at_the_end_of_its_lines(capsys: pytest.CaptureFixture[str]) -> None:
    page: Page = [
        Title("SO1", "detail"),
        facts(("Reserved", Decimal(0))),
        Note("Said."),
        Hint("Do", "it"),
    ]
    output.write([*page, Table(columns("A", "B"), [("a", ""), ("b", None)])])
    assert not [line for line in _printed(capsys) if line.endswith(" ")]


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (None, ""),
        (Decimal("5.00"), "5"),
        (Decimal(0), "0"),
        (date(2026, 12, 2), "2026-12-02"),
        (datetime(2026, 11, 24, 10, 0, tzinfo=UTC), "2026-11-24 10:00"),
        (datetime(2026, 11, 24, 10, 0, 7, tzinfo=UTC), "2026-11-24 10:00:07"),
        (Numbers("LOT1", "SN1"), "SN1 LOT1"),
        (7, "7"),
    ],
)
def test_a_value_is_read_as_the_field_writes_it(cell: object, words: str) -> None:
    assert in_words(cell) == words  # type: ignore[arg-type]
