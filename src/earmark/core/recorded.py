"""Committed commands as history keeps them, and places in the order of their commits.

What is derived from them (:mod:`earmark.core.events`) can be read from any place on; a place is a
:class:`Position`, and how far a reader has come a :class:`Cursor`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from earmark.core.outcome import Outcome
from earmark.core.references import is_line, places
from earmark.core.tracking import Numbers
from earmark.errors import ValueInvalid


class Position(NamedTuple):
    """A place in the order of commits; greater is later. Written ``12345-67890``."""

    transaction_no: int
    row: int

    def __str__(self) -> str:
        """As it is written."""
        return f"{self.transaction_no}-{self.row}"


BEGINNING = Position(0, 0)


class Cursor(NamedTuple):
    """How far somebody has read: the last event he has, written as its id.

    ``ordinal`` counts the events of one command; none means that all of them have been read.
    """

    position: Position
    ordinal: int | None = None

    def __str__(self) -> str:
        """As it is written."""
        return f"{self.position}" if self.ordinal is None else f"{self.position}-{self.ordinal}"

    @property
    def begins(self) -> Position:
        """After which position to read on: a command of which only a part was read comes again."""
        if self.ordinal is None:
            return self.position
        return self.position._replace(row=self.position.row - 1)

    def has_read(self, other: Cursor) -> bool:
        """Whether an event was read already, by its own cursor."""
        if self.position != other.position:
            return self.position > other.position
        return self.ordinal is None or (other.ordinal or 0) <= self.ordinal


def cursor_of(text: str) -> Cursor:
    """A cursor as it is written, an event's id; empty, the beginning of all."""
    if not text:
        return Cursor(BEGINNING)
    found = re.fullmatch(r"(\d{1,19})-(\d{1,19})(?:-(\d{1,9}))?", text.strip())
    if found is None:
        raise ValueInvalid(field="After", value=text, why="it is not the id of an event")
    transaction_no, row, ordinal = found.groups()
    position = Position(int(transaction_no), int(row))
    return Cursor(position, None if ordinal is None else int(ordinal))


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A reservation entry that began with a command: what a line holds on a supply since then."""

    line: str
    supply: str
    numbers: Numbers
    quantity: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A committed command as history has it, with the lines and items it was about.

    ``commands`` is what was asked for, as plain values; ``items_of`` gives the items of its lines.
    ``is_settled`` says that nothing can be committed before it any more.
    """

    position: Position
    moment: int
    at: datetime
    by: str
    reason: str
    verb: str
    reference: str
    request_id: str
    commands: tuple[Mapping[str, Any], ...]
    outcomes: tuple[Outcome, ...]
    items_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    begun: tuple[Begun, ...] = ()
    is_settled: bool = True

    @property
    def lines(self) -> tuple[str, ...]:
        """Every line it was about, each once: asked for, moved or released."""
        return tuple(dict.fromkeys((*self.items_of, *lines_named(self.commands, self.outcomes))))

    @property
    def items(self) -> tuple[str, ...]:
        """Every item it was about, each once."""
        of_lines = (item for items in self.items_of.values() for item in items)
        return tuple(dict.fromkeys((*of_lines, *_values(self.commands, "item_no"))))

    @property
    def documents(self) -> tuple[str, ...]:
        """Every document that was named as a whole, each once."""
        named = [*_values(self.commands, "document_no")]
        asked = (c.get("line", c.get("reference", "")) for c in self.commands)
        whole = (places(a)[0].document_no for a in asked if a and not is_line(a))
        return tuple(dict.fromkeys((*named, *whole)))


def lines_named(
    commands: Sequence[Mapping[str, Any]], outcomes: Sequence[Outcome]
) -> tuple[str, ...]:
    """The lines that commands name and their outcomes tell of, each once."""
    asked = [c.get("line", c.get("reference", "")) for c in commands]
    asked += _values(commands, "made_for")
    told = [outcome.reference for outcome in outcomes]
    told += [line for outcome in outcomes for line in outcome.served]
    told += [move.line for outcome in outcomes for move in outcome.moves]
    told += [release.line for outcome in outcomes for release in outcome.releases]
    return tuple(dict.fromkeys(line for line in (*asked, *told) if is_line(line)))


def _values(value: object, name: str) -> Iterator[str]:
    """Every text under a name, however deep in what was asked for."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key == name and isinstance(inner, str):
                yield inner
            else:
                yield from _values(inner, name)
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from _values(inner, name)
