"""The version of a line or a document: a short text that differs when anything of it has changed.

It is made of what stands now: when the line was last written, its item tracking lines, the
reservation entries on it. What is written anew carries a later moment and what ends is missing from
a count, so that no state comes back under an earlier state's text. A hold that runs out is no
change: nobody made it, and the row stands until the next command ends it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import sqlalchemy as sa

from earmark.core.commands import AddLines, ChangeStatus, Command, Delete
from earmark.core.references import document_reference, is_line, places
from earmark.database import documents, schema
from earmark.database.engine import Answer, Session
from earmark.database.shelf import OF_WHAT_STANDS
from earmark.database.statements import Statement
from earmark.errors.requests import ChangedMeanwhile

_LINE = schema.document_line
_WRITTEN = schema.document_line_version
_TRACKING = schema.tracking_line
_ENTRY = schema.reservation_entry
_SUPPLY = schema.supply


def _figures(named: sa.ColumnElement[bool]) -> Statement:
    """What stands now of the lines that a condition names, as figures in one row."""
    lines = sa.select(_LINE.c.item_no, _LINE.c.line).where(named).subquery()

    def of_lines(table: sa.Table, line: sa.Column[str]) -> sa.Join:
        same = sa.and_(table.c.item_no == lines.c.item_no, line == lines.c.line)
        return lines.join(table, same)

    has_source = _SUPPLY.c.source != sa.literal_column("''")  # lets the partial index be used
    parts = lines.join(
        _SUPPLY,
        sa.and_(_SUPPLY.c.item_no == lines.c.item_no, _SUPPLY.c.source == lines.c.line, has_source),
    )
    on_supply = parts.join(
        _ENTRY,
        sa.and_(
            _ENTRY.c.item_no == _SUPPLY.c.item_no,
            _ENTRY.c.supply_no == _SUPPLY.c.supply_no,
            _ENTRY.c.until.is_(None),
        ),
    )
    current = (
        (_TRACKING, sa.select().select_from(of_lines(_TRACKING, _TRACKING.c.line))),
        (_ENTRY, sa.select().select_from(of_lines(_ENTRY, _ENTRY.c.line))),
        (
            _ENTRY,
            sa.select()
            .select_from(on_supply)
            .with_hint(_SUPPLY, "INDEXED BY ix_supply_source", "sqlite")
            .with_hint(_ENTRY, OF_WHAT_STANDS, "sqlite"),
        ),
    )
    written = sa.select(sa.func.max(_WRITTEN.c.since)).select_from(
        of_lines(_WRITTEN, _WRITTEN.c.line)
    )
    figures = [written]
    for table, of_them in current:
        standing = of_them.where(table.c.until.is_(None))
        figures.append(standing.add_columns(sa.func.max(table.c.since)))
        figures.append(standing.add_columns(sa.func.count()))
    return Statement(sa.select(*(each.scalar_subquery() for each in figures)))


_OF_LINE = _figures(_LINE.c.line == sa.bindparam("ref"))
_OF_DOCUMENT = _figures(_LINE.c.document_no == sa.bindparam("ref"))


@dataclass(frozen=True, slots=True)
class Version:
    """The version of a line or a document, asked for and not read yet."""

    reference: str
    header: tuple[object, ...]
    answer: Answer

    def __str__(self) -> str:
        """The short text; empty where nothing is."""
        figures = self.answer.rows()[0]
        if not self.header and not figures[0]:
            return ""
        told = repr((*self.header, *figures))
        return hashlib.blake2s(told.encode(), digest_size=12).hexdigest()

    def check(self, command: Command) -> None:
        """Refuse a command about something that has changed since the version it names.

        What does not exist is told by the use case.
        """
        now = str(self)
        if now and now != command.version:
            raise ChangedMeanwhile(what=self.reference)


def of(session: Session, reference: str) -> str:
    """The version of a line or a document; empty where there is none."""
    if is_line(reference):
        return str(Version(reference, (), session.ask(_OF_LINE, ref=reference)))
    document_no = places(reference)[0].document_no
    header = documents.read(session, [document_no]).get(document_no)
    return str(_of_document(session, header)) if header else ""


def ask(session: Session, command: Command) -> Version | None:
    """Ask for the version of what a command is about, where it names one.

    Asked under the locks of the unit of work, so that nothing comes between; a document's header is
    locked with it. Holds that have run out have not been ended yet: that is no change.
    """
    reference = _named_by(command) if command.version else ""
    if not reference:
        return None
    if is_line(reference):
        return Version(reference, (), session.ask(_OF_LINE, ref=reference))
    document_no = places(reference)[0].document_no
    header = documents.lock(session, [document_no]).get(document_no)
    return _of_document(session, header) if header and not header.is_deleted else None


def _of_document(session: Session, header: documents.Document) -> Version:
    figures = session.ask(_OF_DOCUMENT, ref=header.document_no)
    known = (header.status.value, header.last_position)
    return Version(header.document_no, known, figures)


def _named_by(command: Command) -> str:
    """The line or the document that a command is about."""
    match command:
        case AddLines(document=entry):
            return document_reference(entry.document_no)
        case ChangeStatus(document_no=document_no):
            return document_reference(document_no)
        case Delete(reference=reference):
            return reference
    line: str = getattr(command, "line", "")
    return line
