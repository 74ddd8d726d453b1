"""Events: what each committed command tells the world, derived from its row in history.

The row is written in the command's own transaction and never changes, so what is derived from it
neither gets lost nor differs from one reading to the next: history *is* the outbox. The order is
that of the commits (see ``database/events.py``); a position in it is a :class:`Position`.

An :class:`Event` is a CloudEvent 1.0. ``docs/events.md`` lists the types; the table :data:`TYPES`
is where they are said. A command has one event for what it did (of many lines in one command, one
for each line) and one more for every other line whose reservations it moved or released.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any, NamedTuple

from earmark.core.outcome import Move, Outcome, Release
from earmark.core.quantity import plain
from earmark.core.tracking import Numbers
from earmark.errors import ValueInvalid

PREFIX = "io.earmark."
SOURCE = "/earmark"
"""What events say they come from, unless the set-up says it better."""

TYPES: Mapping[str, str] = {
    "reserve": "reservation.made",
    "cancel": "reservation.cancelled",
    "change": "reservation.changed",
    "hold": "reservation.held",
    "enter": "document.entered",
    "add lines": "document.changed",
    "status": "document.changed",
    "edit": "line.changed",
    "delete": "line.deleted",
    "track": "tracking.changed",
    "assign": "tracking.changed",
    "select": "tracking.changed",
    "ship": "goods.posted",
    "receive": "goods.posted",
    "consume": "goods.posted",
    "output": "goods.posted",
    "adjust": "goods.adjusted",
    "reclassify": "goods.reclassified",
    "undo": "goods.undone",
    "number": "number.changed",
    "set up": "setup.changed",
}
"""What a command's own event is called, by the command's verb in history."""
TOLD_ONCE = frozenset({"track"})
"""Commands for many lines that have one outcome together."""
MOVED = "reservation.moved"
RELEASED = "reservation.released"
DOCUMENT_DELETED = "document.deleted"
OTHER = "command.done"
"""Of a verb that the table does not know: told all the same."""


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


FROM_THE_BEGINNING = Cursor(BEGINNING)


def cursor_of(text: str) -> Cursor:
    """A cursor as it is written, an event's id; empty, the beginning of all."""
    if not text:
        return FROM_THE_BEGINNING
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
        return tuple(dict.fromkeys((*named, *(a for a in asked if a and "/" not in a))))


def lines_named(
    commands: Iterable[Mapping[str, Any]], outcomes: Iterable[Outcome]
) -> tuple[str, ...]:
    """The lines that commands name and their outcomes tell of, each once."""
    asked = [c.get("line", c.get("reference", "")) for c in commands]
    told = [outcome.reference for outcome in outcomes]
    told += [move.line for outcome in outcomes for move in outcome.moves]
    told += [release.line for outcome in outcomes for release in outcome.releases]
    return tuple(dict.fromkeys(line for line in (*asked, *told) if "/" in line))


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


# -- The events of a command -------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One CloudEvent 1.0; ``data`` holds plain values, quantities as exact texts."""

    id: str
    source: str
    type: str
    subject: str
    time: datetime
    data: Mapping[str, Any]

    @property
    def cursor(self) -> Cursor:
        """How far somebody is who has read this one."""
        return cursor_of(self.id)


def events_of(recorded: Recorded, source: str = SOURCE) -> tuple[Event, ...]:
    """What a committed command tells the world, in order; never nothing."""
    told = [*_own(recorded), *_of_others(recorded)]
    return tuple(
        Event(
            id=f"{recorded.position}-{ordinal}",
            source=source,
            type=f"{PREFIX}{type_}",
            subject=subject,
            time=recorded.at,
            data={**_circumstances(recorded), **data},
        )
        for ordinal, (type_, subject, data) in enumerate(told, 1)
    )


Told = tuple[str, str, dict[str, Any]]
"""The type without its prefix, the subject, and what the data say."""


def _circumstances(recorded: Recorded) -> dict[str, Any]:
    """What every event of a command says: who, what for, and about which items and lines."""
    return {
        "by": recorded.by,
        "verb": recorded.verb,
        "moment": str(recorded.moment),
        "request_id": recorded.request_id,
        "items": list(recorded.items),
    }


def _own(recorded: Recorded) -> Iterator[Told]:
    """What the command did itself: for each document entered, for each line asked for."""
    type_ = TYPES.get(recorded.verb, OTHER)
    if recorded.verb == "enter":
        outcome = recorded.outcomes[0]
        for document in recorded.commands[0].get("documents", ()):
            yield type_, document["document_no"], _asked(recorded, document, outcome)
        return
    if recorded.verb == "delete" and "/" not in recorded.reference:
        type_ = DOCUMENT_DELETED
    for command, outcome in _paired(recorded):
        subject = command.get("line") or recorded.reference
        yield type_, subject, _asked(recorded, command, outcome)


def _paired(recorded: Recorded) -> Iterator[tuple[Mapping[str, Any], Outcome]]:
    """Each thing asked for with its outcome; of many lines those that were refused are left out."""
    commands, outcomes = recorded.commands, recorded.outcomes
    if len(commands) == len(outcomes):
        yield from zip(commands, outcomes, strict=True)
    elif recorded.verb in TOLD_ONCE:
        yield from ((command, outcomes[0]) for command in commands)
    else:
        rest = iter(commands)
        for outcome in outcomes:
            done = (command for command in rest if command.get("line") == outcome.reference)
            yield from ((command, outcome) for command in islice(done, 1))


def _asked(recorded: Recorded, command: Mapping[str, Any], outcome: Outcome) -> dict[str, Any]:
    """What was asked for and what came of it."""
    line = command.get("line", "")
    document = command.get("document_no", "")
    entries = [
        _begun(entry)
        for entry in recorded.begun
        if (entry.line == line if line else entry.line.startswith(f"{document}/"))
    ]
    told: dict[str, Any] = {"line": line} if line else {}
    return told | {
        "asked": dict(command),
        "entries": entries,
        "reserved": _text(outcome.reserved),
        "shortfall": _text(outcome.shortfall),
        "released": _text(outcome.released),
        "posting": outcome.posting,
        "ledger_entries": list(outcome.entries),
        "notices": [{"code": n.code, "message": n.message} for n in outcome.warnings],
    }


def _of_others(recorded: Recorded) -> Iterator[Told]:
    """The lines whose reservations were moved or released, each with what happened to it."""
    moves = [move for outcome in recorded.outcomes for move in outcome.moves]
    releases = [release for outcome in recorded.outcomes for release in outcome.releases]
    because = {"because_of": recorded.reference}
    for line in dict.fromkeys(move.line for move in moves):
        own = [_move(move) for move in moves if move.line == line]
        yield MOVED, line, {"line": line, "moves": own, **because}
    for line in dict.fromkeys(release.line for release in releases):
        own = [_release(release) for release in releases if release.line == line]
        yield RELEASED, line, {"line": line, "releases": own, **because}


def _move(move: Move) -> dict[str, Any]:
    return {
        "quantity": _text(move.quantity),
        "from_supply": move.from_supply,
        "from_numbers": _numbers(move.from_numbers),
        "to_supply": move.to_supply,
        "to_numbers": _numbers(move.to_numbers),
    }


def _release(release: Release) -> dict[str, Any]:
    return {
        "quantity": _text(release.quantity),
        "supply": release.supply,
        "why": release.why,
    }


def _begun(entry: Begun) -> dict[str, Any]:
    numbers = _numbers(entry.numbers)
    return {"supply": entry.supply, **numbers, "quantity": _text(entry.quantity)}


def _numbers(numbers: Numbers) -> dict[str, str]:
    return {
        "lot_no": numbers.lot_no,
        "serial_no": numbers.serial_no,
        "package_no": numbers.package_no,
    }


def _text(quantity: Decimal) -> str:
    return f"{plain(quantity):f}"


# -- Choosing ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which events somebody wants to hear of; what is empty chooses nothing away.

    ``types`` are whole types or beginnings of them ending in a dot or a star:
    ``io.earmark.reservation.*``, or the same without ``io.earmark.``.
    """

    types: Sequence[str] = ()
    subjects: Sequence[str] = ()
    items: Sequence[str] = ()

    def has(self, event: Event) -> bool:
        """Whether an event is among them; a document's lines are of the document."""
        return (
            (not self.types or any(is_of_type(event.type, type_) for type_ in self.types))
            and (not self.subjects or any(_is_about(event.subject, of) for of in self.subjects))
            and (not self.items or not frozenset(self.items).isdisjoint(event.data["items"]))
        )


EVERYTHING = Chosen()


def is_of_type(type_: str, pattern: str) -> bool:
    """Whether a type is, or begins as, a pattern says."""
    wanted = pattern if pattern.startswith(PREFIX) else f"{PREFIX}{pattern}"
    if wanted.endswith("*"):
        return type_.startswith(wanted.removesuffix("*"))
    return type_ == wanted


def _is_about(subject: str, wanted: str) -> bool:
    return subject == wanted or subject.startswith(f"{wanted}/")
