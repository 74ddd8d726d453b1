"""Events: what each committed command tells the world, derived from its row in history.

The row is written in the command's own transaction and never changes, so what is derived from it
neither gets lost nor differs from one reading to the next: history *is* the outbox. The order is
that of the commits (see ``database/events.py``).

An :class:`Event` is a CloudEvent 1.0. ``docs/events.md`` lists the types; the table :data:`TYPES`
is where they are said. A command has one event for what it did (of many lines in one command, one
for each line) and one more for every other line whose reservations it made, moved or released.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from earmark.core.outcome import Move, Outcome, Release
from earmark.core.quantity import plain
from earmark.core.recorded import Begun, Cursor, Recorded, cursor_of
from earmark.core.references import Place, is_line, places
from earmark.core.spelling import folded
from earmark.core.tracking import Numbers

PREFIX = "io.earmark."
SOURCE = "/earmark"
"""What events say they come from, unless the set-up says it better."""

TYPES: Mapping[str, str] = {
    "reserve": "reservation.made",  # or SHORT
    "cancel": "reservation.cancelled",
    "change": "reservation.changed",
    "hold": "reservation.held",
    "repair": "reservation.repaired",
    "way out": "line.helped",
    "ask": "appeal.made",
    "give": "appeal.given",
    "keep": "appeal.kept",
    "withdraw": "appeal.withdrawn",
    "enter": "document.entered",
    "add lines": "document.changed",
    "status": "document.changed",
    "edit": "line.changed",
    "split": "line.split",
    "delete": "line.deleted",  # or DOCUMENT_DELETED
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
    "add account": "account.added",
    "change account": "account.changed",
    "set password": "account.changed",
    "make token": "token.made",
    "revoke token": "token.revoked",
    "add webhook": "webhook.added",
    "remove webhook": "webhook.removed",
    "switch webhook": "webhook.switched",
}
"""What a command's own event is called, by the command's verb in history."""
PRIVATE = frozenset(
    {
        "add account",
        "change account",
        "set password",
        "make token",
        "revoke token",
        "add webhook",
        "remove webhook",
        "switch webhook",
    }
)
"""Commands of which not everybody who hears events is told what was asked for."""
RESERVING = frozenset({"reserve", "enter", "add lines", "give"})
"""Commands that make reservations for other lines than they name, or of lines they enter."""
MADE = "reservation.made"
SHORT = "reservation.short"
"""Asked for, and nothing was to be had."""
MOVED = "reservation.moved"
RELEASED = "reservation.released"
DOCUMENT_DELETED = "document.deleted"
OTHER = "command.done"
"""Of a verb that the table does not know: told all the same."""


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

    def as_cloud_event(self) -> dict[str, Any]:
        """The event in the JSON format of CloudEvents 1.0."""
        return {
            "specversion": "1.0",
            "id": self.id,
            "source": self.source,
            "type": self.type,
            "subject": self.subject,
            "time": self.time.isoformat(),
            "datacontenttype": "application/json",
            "data": dict(self.data),
        }


def events_of(recorded: Recorded, source: str = SOURCE) -> tuple[Event, ...]:
    """What a committed command tells the world, in order."""
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
        "reason": recorded.reason,
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
    if recorded.verb == "delete" and not is_line(recorded.reference):
        type_ = DOCUMENT_DELETED
    for command, outcome in _paired(recorded):
        subject = _subject(command.get("line") or recorded.reference)
        is_short = recorded.verb == "reserve" and not outcome.reserved
        yield SHORT if is_short else type_, subject, _asked(recorded, command, outcome)


def _subject(reference: str) -> str:
    """A line by its name, a document by its number."""
    return reference if is_line(reference) else places(reference)[0].document_no


def _document_no(place: Place) -> str:
    return place.document_no


def _paired(recorded: Recorded) -> Iterator[tuple[Mapping[str, Any], Outcome]]:
    """Each thing asked for with its outcome; of many lines those that were refused are left out.

    Where all of them were refused there is nothing to tell.
    """
    commands, outcomes = recorded.commands, recorded.outcomes
    if len(commands) == len(outcomes):
        yield from zip(commands, outcomes, strict=True)
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
        if (entry.line == line if line else document in map(_document_no, places(entry.line)))
    ]
    told: dict[str, Any] = {"line": line} if line else {}
    return told | {
        "asked": {} if recorded.verb in PRIVATE else dict(command),
        "entries": entries,
        "reserved": _text(outcome.reserved),
        "shortfall": _text(outcome.shortfall),
        "released": _text(outcome.released),
        "posting": outcome.posting,
        "ledger_entries": list(outcome.entries),
        "notices": [{"code": n.code, "message": n.message} for n in outcome.warnings],
    }


def _of_others(recorded: Recorded) -> Iterator[Told]:
    """The other lines whose reservations were made, moved or released, each with what happened."""
    asked = {command.get("line") for command in recorded.commands}
    moves = [move for outcome in recorded.outcomes for move in outcome.moves]
    releases = [release for outcome in recorded.outcomes for release in outcome.releases]
    begun: dict[str, list[dict[str, str]]] = {}
    for entry in recorded.begun:
        begun.setdefault(entry.line, []).append(_begun(entry))
    because = {"because_of": recorded.reference}
    moved = dict.fromkeys(move.line for move in moves)
    released = dict.fromkeys(release.line for release in releases)
    told = {*asked, *moved, *released}
    for line in (line for line in begun if line not in told):
        type_ = MADE if recorded.verb in RESERVING else MOVED
        yield type_, line, {"line": line, "entries": begun[line], **because}
    for line in moved:
        own = [_move(move) for move in moves if move.line == line]
        entries = begun.get(line, [])
        yield MOVED, line, {"line": line, "moves": own, "entries": entries, **because}
    for line in released:
        lost = [_release(release) for release in releases if release.line == line]
        entries = begun.get(line, [])
        yield RELEASED, line, {"line": line, "releases": lost, "entries": entries, **because}


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


def _begun(entry: Begun) -> dict[str, str]:
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
            and (not self.items or _is_of(event.data["items"], self.items))
        )


EVERYTHING = Chosen()


def _is_of(items: Iterable[str], wanted: Iterable[str]) -> bool:
    return not set(map(folded, wanted)).isdisjoint(map(folded, items))


def is_of_type(type_: str, pattern: str) -> bool:
    """Whether a type is, or begins as, a pattern says."""
    wanted = pattern if pattern.startswith(PREFIX) else f"{PREFIX}{pattern}"
    if wanted.endswith("*"):
        return type_.startswith(wanted.removesuffix("*"))
    return type_ == wanted


def _is_about(subject: str, wanted: str) -> bool:
    meant = {folded(subject), *(folded(place.document_no) for place in places(subject))}
    return folded(wanted) in meant or folded(places(wanted)[0].document_no) in meant


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsRead:
    """Some events in order; ``next`` is where to read on, ``has_more`` whether there is any now."""

    events: tuple[Event, ...]
    next: str
    has_more: bool
