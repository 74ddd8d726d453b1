"""What one command changed, read back from the rows: the versions that begin and end with it.

Rows that history needs are never changed in place, so every command can be told by its moment:
lines and their tracking before and after, information records, reservation entries that ended and
that were made, ledger entries. The command itself says which items to look at.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from earmark.core.appeals import Appeal
from earmark.core.items import NumberRecord
from earmark.core.ledger import LedgerEntry
from earmark.core.references import entry_ref, is_line, places
from earmark.core.stock import Line, ReservationEntry, TrackedQuantity
from earmark.database import appeals, catalog, ledger, lines, schema, shelf, tracking_lines
from earmark.database.engine import Session
from earmark.database.history import from_micros
from earmark.database.statements import MemberOf, Statement

_COMMAND = schema.command
_ENTRY = schema.reservation_entry


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line before and after a command; none where it did not exist or was deleted."""

    line: str
    before: Line | None
    after: Line | None

    @property
    def there(self) -> Line:
        """The line as it is, or as it was."""
        found = self.after or self.before
        assert found is not None, "a line changed from nothing to nothing"
        return found


@dataclass(frozen=True, slots=True)
class TrackingChange:
    """The item tracking lines of a line before and after a command."""

    line: Line
    before: list[TrackedQuantity]
    after: list[TrackedQuantity]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One command and all the rows that it changed.

    ``named`` are the references in what was asked for, ``documents`` those that it named as a
    whole, ``items`` those of the rows.
    """

    moment: int
    at: datetime | None
    by: str
    verb: str
    reference: str
    named: frozenset[str]
    documents: frozenset[str]
    items: tuple[str, ...]
    lines: list[LineChange] = field(default_factory=list)
    tracking: list[TrackingChange] = field(default_factory=list)
    records: list[tuple[NumberRecord | None, NumberRecord]] = field(default_factory=list)
    ended: list[tuple[str, ReservationEntry]] = field(default_factory=list)
    made: list[tuple[str, ReservationEntry]] = field(default_factory=list)
    posted: list[LedgerEntry] = field(default_factory=list)
    appeals: list[Appeal] = field(default_factory=list)


_COMMAND_AT = Statement(
    sa.select(
        *(_COMMAND.c[c] for c in ("at", "by", "verb", "reference", "content", "outcome"))
    ).where(_COMMAND.c.moment == sa.bindparam("moment"))
)


def trace(session: Session, moment: int) -> Trace | None:
    """What the command of this moment changed; none where there was no such command."""
    rows = session.rows(_COMMAND_AT, moment=moment)
    if not rows:
        return None
    at, by, verb, reference, content, outcome = rows[0]
    named = frozenset({reference, *_asked_about(session, verb, content)})
    posted = ledger.of_posting(session, moment)
    items = items_of(session, {*named, *references_in(json.loads(outcome))}, posted)
    changed = [c for item_no in items for c in _line_changes(session, item_no, moment)]
    ended, made = _reservations(session, items, moment)
    found = Trace(
        moment=moment,
        at=from_micros(at),
        by=by,
        verb=verb,
        reference=reference,
        named=named,
        documents=frozenset(_documents_of(session, verb, content)),
        items=items,
        lines=changed,
        records=[pair for item_no in items for pair in _records(session, item_no, moment)],
        ended=ended,
        made=made,
        posted=posted,
        appeals=appeals.touched_at(session, moment),
    )
    return replace(found, tracking=_tracking(session, found))


def _asked_about(session: Session, verb: str, content: str) -> Iterator[str]:
    """The references in what was asked for; an undo is about what the undone command was about."""
    yield from references_in(json.loads(content))
    if verb == "undo":
        for _, _, undone, _, first, outcome in session.rows(_COMMAND_AT, moment=undoes(content)):
            yield from _asked_about(session, undone, first)
            yield from references_in(json.loads(outcome))


def _documents_of(session: Session, verb: str, content: str) -> Iterator[str]:
    """The documents that were asked for as a whole."""
    named = list(_texts_under(_DOCUMENTS, json.loads(content)))
    yield from (places(name)[0].document_no for name in named if name and not is_line(name))
    yield from _texts_under(frozenset({"document_no"}), json.loads(content))
    if verb == "undo":
        for _, _, undone, _, first, _ in session.rows(_COMMAND_AT, moment=undoes(content)):
            yield from _documents_of(session, undone, first)


_DOCUMENTS = frozenset({"line", "reference"})
_NAMES = frozenset(
    {"line", "reference", "document_no", "made_for", "supply", "item_no"}
    | {"from_supply", "to_supply"}
)


def references_in(said: Any) -> Iterator[str]:  # noqa: ANN401
    """Every reference in a command's content or outcome."""
    return _texts_under(_NAMES, said)


def _texts_under(names: frozenset[str], said: Any) -> Iterator[str]:  # noqa: ANN401
    """Every text under one of some names, however deep."""
    if isinstance(said, list):
        for inner in said:
            yield from _texts_under(names, inner)
    elif isinstance(said, dict):
        for name, inner in said.items():
            if name in names and isinstance(inner, str):
                yield inner
            else:
                yield from _texts_under(names, inner)


_ITEMS_OF = Statement(
    sa.select(schema.document_line.c.item_no)
    .where(
        sa.or_(
            MemberOf(schema.document_line.c.line, "lines"),
            MemberOf(schema.document_line.c.document_no, "documents"),
        )
    )
    .distinct()
)


def items_of(
    session: Session, references: Iterable[str], posted: Iterable[LedgerEntry]
) -> tuple[str, ...]:
    """The items that these references, and these ledger entries, are about."""
    named = [reference for reference in references if reference]
    items = {entry.key.item_no for entry in posted}
    items |= {entry.item_no for name in named if (entry := entry_ref(name))}
    items |= set(catalog.some_items(session, named))
    # A document is found by its own name, and by that of its lines: some have gone since.
    documents = {place.document_no for name in named for place in places(name)}
    rows = session.rows(_ITEMS_OF, lines=named, documents=sorted(documents))
    return tuple(sorted(items | {row[0] for row in rows}))


def _reservations(
    session: Session, items: Iterable[str], moment: int
) -> tuple[list[tuple[str, ReservationEntry]], list[tuple[str, ReservationEntry]]]:
    ended, made = [], []
    for item_no in items:
        ended += [(item_no, e) for e in _entries(session, _ENDED, item_no, moment)]
        made += [(item_no, e) for e in _entries(session, _MADE, item_no, moment)]
    return ended, made


_OF_ITEM = sa.select(*(_ENTRY.c[c] for c in shelf.ENTRY_COLUMNS)).where(
    _ENTRY.c.item_no == sa.bindparam("item_no")
)
_ENDED = Statement(_OF_ITEM.where(_ENTRY.c.until == sa.bindparam("moment")))
_MADE = Statement(_OF_ITEM.where(_ENTRY.c.since == sa.bindparam("moment")))


def _entries(
    session: Session, statement: Statement, item_no: str, moment: int
) -> list[ReservationEntry]:
    rows = session.rows(statement, item_no=item_no, moment=moment)
    return [shelf.entry_from(row) for row in rows]


# -- Lines and their tracking ------------------------------------------------------------------


def _line_changes(session: Session, item_no: str, moment: int) -> list[LineChange]:
    after = {line.line: line for line in lines.versions_at(session, item_no, moment)}
    before = {
        line.line: line
        for line in lines.versions_before(session, item_no, list(after), moment)
        if not line.is_deleted
    }
    return [
        LineChange(name, before.get(name), None if line.is_deleted else line)
        for name, line in after.items()
        if before.get(name) or not line.is_deleted
    ]


def _tracking(session: Session, found: Trace) -> list[TrackingChange]:
    changes = []
    known = {(c.there.key.item_no, c.line): c.there for c in found.lines}
    for item_no in found.items:
        touched = tracking_lines.touched_at(session, item_no, found.moment)
        missing = [line for line in touched if (item_no, line) not in known]
        known |= {(item_no, x.line): x for x in lines.of_item(session, item_no, missing)}
        wanted = [known[item_no, line] for line in touched if (item_no, line) in known]
        after = tracking_lines.tracking_as_of(session, wanted, found.moment)
        before = tracking_lines.tracking_as_of(session, wanted, found.moment - 1)
        changes += [TrackingChange(x, before[x.line], after[x.line]) for x in wanted]
    return changes


# -- Information records -----------------------------------------------------------------------


def _records(
    session: Session, item_no: str, moment: int
) -> list[tuple[NumberRecord | None, NumberRecord]]:
    after = catalog.records_since(session, item_no, moment)
    before = catalog.records_as_of(session, item_no, [r.numbers for r in after], moment - 1)
    was = {record.numbers: record for record in before.values()}
    return [(was.get(record.numbers), record) for record in after]


# -- What stands on it -------------------------------------------------------------------------

_UNDONE = Statement(
    sa.select(_COMMAND.c.moment, _COMMAND.c.content)
    .where(_COMMAND.c.moment > sa.bindparam("moment"), _COMMAND.c.verb == "undo")
    .order_by(_COMMAND.c.moment)
)


def undone_since(session: Session, moment: int) -> dict[int, int]:
    """Which commands have been undone by later ones than this moment, and by which.

    An undo that was itself undone counts no more.
    """
    by = undos_since(session, moment)
    standing: dict[int, int] = {}
    for undo in sorted(by, reverse=True):
        if undo not in standing:
            standing[by[undo]] = undo
    return standing


def undos_since(session: Session, moment: int) -> dict[int, int]:
    """Every undo after this moment, and which command it took back."""
    return {row[0]: undoes(row[1]) for row in session.rows(_UNDONE, moment=moment)}


def verb_undone(session: Session, found: Trace) -> str:
    """The verb of the command that an undo took back; empty where it is none."""
    if found.verb != "undo":
        return ""
    content = session.rows(_COMMAND_AT, moment=found.moment)[0][4]
    rows = session.rows(_COMMAND_AT, moment=undoes(content))
    verb: str = rows[0][2] if rows else ""
    return verb


def verb_in_effect(session: Session, found: Trace) -> tuple[str, bool]:
    """What a command did in the end, and whether it took that back.

    An undo takes back what it names; an undo of an undo does it again.
    """
    verb, moment, is_taken_back = found.verb, found.moment, False
    while verb == "undo":
        content = session.rows(_COMMAND_AT, moment=moment)[0][4]
        moment, is_taken_back = undoes(content), not is_taken_back
        rows = session.rows(_COMMAND_AT, moment=moment)
        verb = rows[0][2] if rows else ""
    return verb, is_taken_back


def undoes(content: str) -> int:
    """Which command the content of an undo names; zero where it names none."""
    posting = json.loads(content)[0].get("posting", "")
    return int(posting) if posting.isdigit() else 0


def changed_later(session: Session, found: Trace) -> list[str]:
    """The lines and numbers of a command that a later one has changed again."""
    later = []
    for item_no in found.items:
        names = {c.line for c in found.lines if c.there.key.item_no == item_no}
        names |= {t.line.line for t in found.tracking if t.line.key.item_no == item_no}
        later += lines.changed_after(session, item_no, sorted(names), found.moment)
        later += tracking_lines.changed_after(session, item_no, sorted(names), found.moment)
    for _, record in found.records:
        known = catalog.records(session, record.item_no, [record.numbers])
        if record not in known.values():
            later.append(f"{record.item_no} {record.numbers}")
    return list(dict.fromkeys(later))
