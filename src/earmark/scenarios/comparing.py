"""Comparing what a scenario expects with what was found, and saying both in its own words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from earmark.core.outcome import Outcome
from earmark.core.quantity import plain
from earmark.core.tracking import Numbers
from earmark.errors import EarmarkError
from earmark.scenarios.forms import Fields

Row = Mapping[str, object]
Matches = Callable[[str, object, Row], bool]
"""Whether what is expected under a key is what a row has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """An expectation that does not hold: what was expected on which line, what was found, why."""

    line: int
    expectation: str
    found: str
    why: str = ""


def compared(
    what: str, wanted: Fields, found: Row, why: Callable[[], str] = str
) -> Iterator[Difference]:
    """Compare the keys that are wanted, and no others; ``why`` is asked only for a difference."""
    for key, value in wanted.items():
        if key in found and found[key] != value:
            yield Difference(
                line=wanted.line_of(key),
                expectation=f"{what}: {key} {said(value)}",
                found=f"{key} {said(found[key])}",
                why=why(),
            )


def equal(key: str, value: object, row: Row) -> bool:
    """The plain meaning of *is what the row has*."""
    return row[key] == value


def exactly(
    what: str, line: int, wanted: Sequence[Fields], found: Sequence[Row], matches: Matches = equal
) -> Iterator[Difference]:
    """Expect exactly these rows, in any order; of each row only the keys given are compared."""
    fits = [
        [
            index
            for index, row in enumerate(found)
            if all(matches(key, value, row) for key, value in one.items())
        ]
        for one in wanted
    ]
    if len(wanted) != len(found) or not _paired(fits):
        yield Difference(
            line=line,
            expectation=f"{what}: {_said_rows(wanted)}",
            found=_said_rows(found),
        )


def _paired(fits: Sequence[Sequence[int]]) -> bool:
    """Whether each can have one of those that fit it, all different: rows may fit several."""
    taken: dict[int, int] = {}

    def place(one: int, tried: set[int]) -> bool:
        for index in fits[one]:
            if index not in tried:
                tried.add(index)
                if index not in taken or place(taken[index], tried):
                    taken[index] = one
                    return True
        return False

    return all(place(one, set()) for one in range(len(fits)))


def by_number(numbers: Numbers) -> Row:
    """Numbers under the keys of the format."""
    return {"lot": numbers.lot_no, "serial": numbers.serial_no, "package": numbers.package_no}


# -- Words -------------------------------------------------------------------------------------


def said(value: object) -> str:
    """A value as the format writes it."""
    match value:
        case None:
            word = "none"
        case bool():
            word = str(value).lower()
        case Decimal():
            word = f"{plain(value):f}" if value.is_finite() else str(value)
        case date():
            word = value.isoformat()
        case Enum():
            word = str(value.value)
        case Mapping():
            known = {key: inner for key, inner in value.items() if inner not in ("", None)}
            word = f"{{{', '.join(f'{key}: {said(inner)}' for key, inner in known.items())}}}"
        case tuple() | list():
            word = f"[{', '.join(map(said, value))}]"
        case _:
            word = str(value)
    return word


def _said_rows(rows: Sequence[Row]) -> str:
    return ", ".join(map(said, rows)) or "nothing"


def said_refusal(refusal: EarmarkError) -> str:
    """A refusal with its code."""
    return f"refused with {refusal.code}: {refusal.message}"


def said_outcome(outcome: Outcome) -> str:
    """What a command reported, as far as it is something."""
    figures = {
        "reserved": outcome.reserved or None,
        "shortfall": outcome.shortfall or None,
        "released": outcome.released or None,
        "moved": outcome.moved or None,
        "entries": outcome.entries or None,
        "warns": tuple(warning.code for warning in outcome.warnings) or None,
    }
    return f"done: {said(figures)}"
