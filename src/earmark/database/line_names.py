"""What lines are called: by their places in documents, and which names there are."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from earmark.core.references import Place, line_names, places
from earmark.database import schema
from earmark.database.engine import Session
from earmark.database.spellings import Sort, claim_whole
from earmark.database.statements import MemberOf, PairIn, Statement, pairs

_LINE = schema.document_line
ONE_READING = 2
"""A name that only one line can have is read as that line, or as a document."""
_NAMES_OF = Statement(
    sa.select(_LINE.c.document_no, _LINE.c.line_no, _LINE.c.line)
    .where(PairIn(_LINE.c.document_no, _LINE.c.line_no, name="of"))
    .order_by(_LINE.c.is_deleted.desc())
)
_WHICH_EXIST = Statement(
    sa.select(_LINE.c.line).where(
        MemberOf(_LINE.c.line, "lines"), _LINE.c.is_deleted.is_(sa.false())
    )
)


def names_of(session: Session, places: Iterable[Place]) -> dict[Place, str]:
    """What the lines at these places of documents are called, or were before they were deleted."""
    wanted = list(dict.fromkeys((place.document_no, place.line_no) for place in places))
    rows = session.rows(_NAMES_OF, **pairs("of", wanted)) if wanted else []
    return {Place(row[0], row[1]): row[2] for row in rows}


def new_names(session: Session, wanted: Iterable[Place]) -> dict[Place, str]:
    """What new lines are called: plainly, or in quotes where another line has that name.

    Only ``A/1/2`` may be two lines, of ``A/1`` and of ``A``: whoever is first has the name, also
    of two that race.
    """
    names = {place: line_names(place) for place in wanted}
    doubtful = {p: n for p, n in names.items() if len(places(n[0])) > ONE_READING}
    claimed = claim_whole(session, Sort.LINE, doubtful.values()) if doubtful else {}
    return {
        place: plain if claimed.get(plain, in_quotes) == in_quotes else in_quotes
        for place, (plain, in_quotes) in names.items()
    }


def which_exist(session: Session, references: Iterable[str]) -> set[str]:
    """Which of these are what a line is called."""
    return {row[0] for row in session.rows(_WHICH_EXIST, lines=list(references))}
