"""Committed commands, in the order in which they were committed: what events are derived from.

Moments are taken under locks, so those of two stock keys can be committed the other way round:
who reads by moment, and goes on from the greatest he saw, misses the one that came late. The order
here misses none.

- **SQLite** has one writer at a time, and he takes the moment after he has become it: there,
  moments are the order of commits. The insert sees to it (``history.py``), should the clock be set
  back between two programs at work on one file.
- **PostgreSQL** writes the number of the transaction beside each command. A transaction that is
  still running has a number not less than the snapshot's ``xmin``; below that *horizon* all is
  decided and visible, and nothing can be added any more. So only rows below the horizon are told,
  in the order of (transaction, moment). A transaction that stays open holds the horizon, and with
  it the events of those that came after it, never longer than it lasts.

Numbers of transactions belong to the server. A database that was dumped and restored elsewhere
would begin again at a low number, behind what its readers have seen; :func:`keep_counting` notices
on opening and lets the numbers go on from where they were, and likewise the moments where the
clock stands before the last of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from earmark.core.recorded import BEGINNING, Begun, Position, Recorded, lines_named
from earmark.core.tracking import Numbers
from earmark.database import schema
from earmark.database.engine import Database, Session
from earmark.database.history import done_at, given_id
from earmark.database.statements import MemberOf, PairIn, Row, Statement, pairs
from earmark.database.wire import outcomes_from_text

_COMMAND = schema.command
COLUMNS = (
    "moment",
    "at",
    "by",
    "reason",
    "verb",
    "reference",
    "request_id",
    "content",
    "outcome",
)
_LISTED = tuple(_COMMAND.c[name] for name in COLUMNS)

HORIZON = "(pg_snapshot_xmin(pg_current_snapshot())::text::bigint + transaction_offset())"
"""Below it every transaction has ended, and what it committed is seen by this statement."""


def _on_sqlite() -> Statement:
    moment = _COMMAND.c.moment
    return Statement(
        sa.select(sa.literal_column("0"), moment, sa.literal_column("1"), *_LISTED)
        .where(moment > sa.bindparam("row"), sa.bindparam("transaction_no") >= 0)
        .order_by(moment)
        .limit(sa.bindparam("limit"))
    )


def _on_postgresql() -> Statement:
    number = _COMMAND.c.transaction_no
    place = sa.tuple_(number, _COMMAND.c.moment)
    after = sa.tuple_(
        sa.bindparam("transaction_no", type_=sa.BigInteger),
        sa.bindparam("row", type_=sa.BigInteger),
    )
    is_settled = number < sa.literal_column(HORIZON, sa.BigInteger)
    return Statement(
        sa.select(number, _COMMAND.c.moment, is_settled, *_LISTED)
        .where(place > after, number > sa.literal_column("0"))
        .order_by(number, _COMMAND.c.moment)
        .limit(sa.bindparam("limit"))
    )


_AFTER = {True: _on_sqlite(), False: _on_postgresql()}
_NEWEST = {
    True: Statement(sa.text("SELECT 0, coalesce(max(moment), 0) FROM command")),
    False: Statement(
        sa.text(
            "SELECT transaction_no, moment FROM command"
            f" WHERE transaction_no > 0 AND transaction_no < {HORIZON}"
            " ORDER BY transaction_no DESC, moment DESC LIMIT 1"
        )
    ),
}


def newest(session: Session) -> Position:
    """The position of the last command that is settled."""
    rows = session.rows(_NEWEST[session.database.is_sqlite])
    return Position(*rows[0]) if rows else BEGINNING


def committed(session: Session, after: Position, limit: int) -> list[Recorded]:
    """The commands after a position as far as they can be seen, settled or not, in order.

    Those not settled come last; between them, and before them, others may still appear.
    """
    values = {"transaction_no": after.transaction_no, "row": after.row, "limit": limit}
    rows = session.rows(_AFTER[session.database.is_sqlite], **values)
    return _with_lines(session, [_recorded(row) for row in rows])


def settled(session: Session, after: Position, limit: int) -> list[Recorded]:
    """The commands after a position, in the order of their commits, none left out."""
    return [one for one in committed(session, after, limit) if one.is_settled]


def _recorded(row: Row) -> Recorded:
    transaction_no, at_row, is_settled, *kept = row
    moment, at, by, reason, verb, reference, request_id, content, outcome = kept
    return Recorded(
        position=Position(transaction_no, at_row),
        is_settled=bool(is_settled),
        moment=moment,
        at=done_at(at),
        by=by,
        reason=reason,
        verb=verb,
        reference=reference,
        request_id=given_id(request_id),
        commands=tuple(json.loads(content)),
        outcomes=tuple(outcomes_from_text(outcome)),
    )


# -- What they were about ----------------------------------------------------------------------

_LINE = schema.document_line
_VERSION = schema.document_line_version
_ITEMS_OF_LINES = Statement(
    sa.select(_LINE.c.line, _LINE.c.item_no).where(MemberOf(_LINE.c.line, "lines"))
)
_LINES_OF_DOCUMENTS = Statement(
    sa.select(_LINE.c.document_no, _VERSION.c.since, _LINE.c.line, _LINE.c.item_no)
    .select_from(
        _LINE.join(
            _VERSION,
            sa.and_(_VERSION.c.item_no == _LINE.c.item_no, _VERSION.c.line == _LINE.c.line),
        )
    )
    .where(MemberOf(_LINE.c.document_no, "documents"), MemberOf(_VERSION.c.since, "moments"))
    .order_by(_LINE.c.position, _LINE.c.component)
)
_ENTRY, _SUPPLY = schema.reservation_entry, schema.supply
_BEGUN = Statement(
    sa.select(
        _ENTRY.c.since,
        _ENTRY.c.line,
        _ENTRY.c.item_no,
        _SUPPLY.c.supply_no,
        _SUPPLY.c.source,
        _SUPPLY.c.lot_no,
        _SUPPLY.c.serial_no,
        _SUPPLY.c.package_no,
        _ENTRY.c.quantity,
    )
    .select_from(
        _ENTRY.join(
            _SUPPLY,
            sa.and_(
                _SUPPLY.c.item_no == _ENTRY.c.item_no, _SUPPLY.c.supply_no == _ENTRY.c.supply_no
            ),
        )
    )
    .where(PairIn(_ENTRY.c.item_no, _ENTRY.c.line, _ENTRY.c.since, name="of"))
    .order_by(_ENTRY.c.since, _ENTRY.c.ordinal)
)


def _with_lines(session: Session, found: Sequence[Recorded]) -> list[Recorded]:
    """The same with the items of every line they name, and the lines of every document."""
    items_of = _items_of(session, found)
    of_documents = _of_documents(session, found)
    whole = []
    for one in found:
        named = lines_named(one.commands, one.outcomes)
        lines = {line: items_of[line] for line in named if line in items_of}
        for document in one.documents:
            lines |= of_documents.get((document, one.moment), {})
        whole.append(replace(one, items_of=lines))
    return whole


def _items_of(session: Session, found: Iterable[Recorded]) -> dict[str, tuple[str, ...]]:
    lines = sorted({line for one in found for line in lines_named(one.commands, one.outcomes)})
    items: dict[str, tuple[str, ...]] = {}
    for line, item_no in session.rows(_ITEMS_OF_LINES, lines=lines) if lines else ():
        items[line] = (*items.get(line, ()), item_no)
    return items


def _of_documents(
    session: Session, found: Iterable[Recorded]
) -> Mapping[tuple[str, int], dict[str, tuple[str, ...]]]:
    """The lines of documents named as a whole that their commands have written."""
    named = [(one.moment, document) for one in found for document in one.documents]
    if not named:
        return {}
    lines: dict[tuple[str, int], dict[str, tuple[str, ...]]] = {}
    documents = sorted({document for _, document in named})
    moments = sorted({moment for moment, _ in named})
    for document, moment, line, item_no in session.rows(
        _LINES_OF_DOCUMENTS, documents=documents, moments=moments
    ):
        lines.setdefault((document, moment), {})[line] = (item_no,)
    return lines


def with_entries(session: Session, found: Sequence[Recorded]) -> list[Recorded]:
    """The same with the reservation entries that began with them."""
    wanted: list[Any] = sorted(
        {
            (item, line, one.moment)
            for one in found
            for line, items in one.items_of.items()
            for item in items
        }
    )
    begun: dict[int, list[Begun]] = {}
    for row in session.rows(_BEGUN, **pairs("of", wanted, width=3)) if wanted else ():
        since, line, item_no, supply_no, source, lot_no, serial_no, package_no, quantity = row
        entry = Begun(
            line=line,
            supply=source or f"{item_no}#{supply_no}",
            numbers=Numbers(lot_no, serial_no, package_no),
            quantity=quantity,
        )
        begun.setdefault(since, []).append(entry)
    return [replace(one, begun=tuple(begun.get(one.moment, ()))) for one in found]


# -- A database that was moved to another server -----------------------------------------------

_LAST_MOMENT = Statement(sa.select(sa.func.max(_COMMAND.c.moment)))
_LAST_AND_NEXT = Statement(
    sa.text(
        "SELECT coalesce(max(transaction_no), 0),"
        " pg_snapshot_xmin(pg_current_snapshot())::text::bigint, transaction_offset()"
        " FROM command WHERE transaction_no > 0"
    )
)


def keep_counting(database: Database) -> None:
    """Let moments and transactions go on from the last command, whatever machine it is now."""
    with database.transaction(writes=False) as session:
        database.moments.rise_to(session.rows(_LAST_MOMENT)[0][0] or 0)
        if database.is_sqlite or not _steps_back(session):
            return
    with database.transaction(writes=True) as session:
        session.channel.tell("LOCK TABLE command IN SHARE ROW EXCLUSIVE MODE")
        if _steps_back(session):
            last, running, _ = session.rows(_LAST_AND_NEXT)[0]
            session.channel.tell(
                "CREATE OR REPLACE FUNCTION transaction_offset() RETURNS bigint"
                f" LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT {last - running + 1}::bigint'"
            )


def _steps_back(session: Session) -> bool:
    """Whether the transactions to come would be numbered below those of the commands there are."""
    last, running, offset = session.rows(_LAST_AND_NEXT)[0]
    is_behind: bool = last >= running + offset
    return is_behind
