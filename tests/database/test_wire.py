"""The text of what was asked and answered: the short way writes what the long way would."""

import json
from dataclasses import fields, replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from earmark.core.commands import Cancel, Choice, Command, Reserve
from earmark.core.outcome import Move, Notice, Outcome, Release
from earmark.core.tracking import Numbers
from earmark.database import wire

RESERVE = Reserve(line='SO"1/1', numbers=Numbers(lot_no="Zoë"), by="Ada", request_id="R1")
COMMANDS: list[Command] = [
    RESERVE,
    *(replace(RESERVE, numbers=n) for n in (Numbers(serial_no="S"), Numbers(package_no="P"))),
    replace(RESERVE, numbers=Numbers(lot_no="A", serial_no="S")),
    replace(RESERVE, numbers=Numbers()),
    *(replace(RESERVE, numbers=choice) for choice in Choice),
    replace(RESERVE, quantity=Decimal("1.50")),
    replace(RESERVE, hold_until=datetime(2026, 6, 1, tzinfo=UTC)),
    replace(RESERVE, all_or_nothing=True, supply="stock"),
    Cancel(line="SO1/1", by="Ada"),
    Cancel(line="SO1/1", numbers=Numbers(lot_no="A")),
    Cancel(line="SO1/1", supply="stock"),
]
OUTCOME = Outcome(verb="reserve", reference='SO"1/1', reserved=Decimal("1.50"), moment=2**60)
OUTCOMES = [
    OUTCOME,
    replace(OUTCOME, reserved=Decimal(0), released=Decimal(100), verb="cancel"),
    replace(OUTCOME, released=Decimal(2)),
    replace(OUTCOME, shortfall=Decimal(1), warnings=(Notice("short", "1 of 2"),)),
    Outcome(),
]
EVERY_FIELD: dict[str, object] = {
    "verb": "cancel",
    "reference": "SO2/1",
    "reserved": Decimal(3),
    "shortfall": Decimal(3),
    "released": Decimal(3),
    "moves": (Move("SO3/1", Decimal(1), "X#1", "X#2", to_numbers=Numbers(lot_no="A")),),
    "releases": (Release("SO3/1", Decimal(1), "X#1", "the date"),),
    "warnings": (Notice("short", "1 of 2"),),
    "entries": ("X#3",),
    "served": ("SO3/1",),
    "posting": "7",
    "moment": 2**50,
    "is_preview": True,
    "is_repeated": True,
}
"""One value of each that an outcome may tell."""


def long_way(value: object) -> str:
    return json.dumps(wire._plain(value), separators=(",", ":"))


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_becomes_the_same_text_either_way(command: Command) -> None:
    assert wire.content_of([command]) == f"[{long_way(command)}]"


def test_there_is_an_example_of_whatever_an_outcome_tells() -> None:
    assert list(EVERY_FIELD) == [field.name for field in fields(Outcome)]


@pytest.mark.parametrize("name", EVERY_FIELD)
def test_nothing_that_an_outcome_tells_is_forgotten(name: str) -> None:
    outcome = replace(OUTCOME, **{name: EVERY_FIELD[name]})  # type: ignore[arg-type]
    assert wire.answers_to_text([outcome]) == f"[{long_way(outcome)}]"
    assert wire.outcomes_from_text(wire.answers_to_text([outcome])) == [outcome]


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_an_outcome_becomes_the_same_text_either_way_and_back(outcome: Outcome) -> None:
    text = wire.answers_to_text([outcome])
    assert text == f"[{long_way(outcome)}]"
    assert wire.outcomes_from_text(text) == [outcome]


def test_a_list_is_its_texts_side_by_side() -> None:
    assert wire.content_of(COMMANDS) == f"[{','.join(long_way(c) for c in COMMANDS)}]"
    assert wire.answers_to_text(OUTCOMES) == f"[{','.join(long_way(o) for o in OUTCOMES)}]"
