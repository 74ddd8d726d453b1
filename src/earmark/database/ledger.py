"""The item ledger as rows: posted movements and what they used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

import sqlalchemy as sa

from earmark.core.items import StockKey
from earmark.core.ledger import AppliedQuantity, LedgerEntry
from earmark.core.quantity import ZERO
from earmark.core.tracking import Numbers
from earmark.database import schema
from earmark.database.engine import Session
from earmark.database.statements import Row, Statement

_ENTRY = schema.ledger_entry
_APPLICATION = schema.application
_COLUMNS = (
    "item_no",
    "entry_no",
    "moment",
    "verb",
    "variant_code",
    "location_code",
    "bin_code",
    "lot_no",
    "serial_no",
    "package_no",
    "quantity",
    "posted_on",
    "line",
    "description",
    "undone",
)
SELECT = sa.select(*(_ENTRY.c[c] for c in _COLUMNS)).order_by(_ENTRY.c.entry_no)
_OF_POSTING = Statement(SELECT.where(_ENTRY.c.moment == sa.bindparam("moment")))
_OF_ITEM = Statement(
    SELECT.where(
        _ENTRY.c.item_no == sa.bindparam("item_no"), _ENTRY.c.moment <= sa.bindparam("moment")
    )
)
_POSTED_ON = Statement(
    sa.select(_ENTRY.c.quantity).where(
        _ENTRY.c.item_no == sa.bindparam("item_no"),
        _ENTRY.c.line == sa.bindparam("line"),
        _ENTRY.c.verb == sa.bindparam("verb"),
        _ENTRY.c.undone == 0,
    )
)
_OF_NUMBER = {
    column: Statement(
        sa.select(*(_ENTRY.c[c] for c in _COLUMNS))
        .where(
            _ENTRY.c.item_no == sa.bindparam("item_no"),
            _ENTRY.c[column] == sa.bindparam("number"),
            _ENTRY.c[column] != sa.literal_column("''"),  # lets the partial index be used
            _ENTRY.c.moment <= sa.bindparam("moment"),
        )
        .order_by(_ENTRY.c.moment.desc(), _ENTRY.c.entry_no.desc())
    )
    for column in ("serial_no", "lot_no", "package_no")
}
_USED = Statement(
    sa.select(
        _APPLICATION.c.out_entry_no, _APPLICATION.c.in_entry_no, _APPLICATION.c.quantity
    ).where(
        _APPLICATION.c.item_no == sa.bindparam("item_no"),
        _APPLICATION.c.moment <= sa.bindparam("moment"),
        sa.or_(_APPLICATION.c.until.is_(None), _APPLICATION.c.until > sa.bindparam("moment")),
    )
)
_USED_BY = Statement(
    sa.select(_APPLICATION.c.in_entry_no, _APPLICATION.c.quantity)
    .where(
        _APPLICATION.c.item_no == sa.bindparam("item_no"),
        _APPLICATION.c.out_entry_no == sa.bindparam("entry_no"),
        _APPLICATION.c.until.is_(None),
    )
    .order_by(_APPLICATION.c.in_entry_no)
)
_UNDO = Statement(
    sa.update(_ENTRY)
    .where(
        _ENTRY.c.item_no == sa.bindparam("v_item_no"),
        _ENTRY.c.entry_no == sa.bindparam("v_entry_no"),
    )
    .values(undone=sa.bindparam("v_moment", type_=sa.BigInteger))
)


def entry_from(row: Row) -> LedgerEntry:
    """A ledger entry from its columns."""
    return LedgerEntry(
        entry_no=row[1],
        key=StockKey(row[0], row[4], row[5]),
        numbers=Numbers(row[7], row[8], row[9]),
        quantity=row[10],
        posted_on=row[11],
        verb=row[3],
        line=row[12],
        bin_code=row[6],
        description=row[13],
        moment=row[2],
        undone=row[14],
    )


def of_posting(session: Session, moment: int) -> list[LedgerEntry]:
    """The entries that one posting wrote."""
    return [entry_from(row) for row in session.rows(_OF_POSTING, moment=moment)]


def posted_on(session: Session, line: str, item_no: str, verb: str) -> Decimal:
    """How much was posted on a line in one way, what was undone left out."""
    rows = session.rows(_POSTED_ON, item_no=item_no, line=line, verb=verb)
    return sum((quantity for (quantity,) in rows), ZERO)


def of_item(session: Session, item_no: str, moment: int) -> list[LedgerEntry]:
    """The entries of an item up to a moment."""
    return [entry_from(r) for r in session.rows(_OF_ITEM, item_no=item_no, moment=moment)]


def of_numbers(session: Session, item_no: str, numbers: Numbers, moment: int) -> list[LedgerEntry]:
    """The entries of an item under these numbers up to a moment, the newest first."""
    column = numbers.telling
    number = getattr(numbers, column)
    rows = session.rows(_OF_NUMBER[column], item_no=item_no, number=number, moment=moment)
    found = map(entry_from, rows)
    return [entry for entry in found if entry.numbers.serves(numbers)]


def applied(session: Session, item_no: str, moment: int) -> list[AppliedQuantity]:
    """Which entry used how much of which, up to a moment."""
    rows = session.rows(_USED, item_no=item_no, moment=moment)
    return [AppliedQuantity(item_no, *row) for row in rows]


def used_by(session: Session, entry: LedgerEntry) -> list[AppliedQuantity]:
    """What one entry that went out has used."""
    rows = session.rows(_USED_BY, item_no=entry.key.item_no, entry_no=entry.entry_no)
    return [AppliedQuantity(entry.key.item_no, entry.entry_no, *row) for row in rows]


def insert(session: Session, moment: int, entries: Iterable[LedgerEntry]) -> None:
    """Write entries; they belong to the posting of this moment."""
    session.insert(
        _ENTRY,
        _COLUMNS,
        [
            (
                e.key.item_no,
                e.entry_no,
                moment,
                e.verb,
                e.key.variant_code,
                e.key.location_code,
                e.bin_code,
                e.numbers.lot_no,
                e.numbers.serial_no,
                e.numbers.package_no,
                e.quantity,
                e.posted_on,
                e.line,
                e.description,
                0,
            )
            for e in entries
        ],
    )


def insert_applied(session: Session, moment: int, uses: Iterable[AppliedQuantity]) -> None:
    """Write which entry used how much of which."""
    session.insert(
        _APPLICATION,
        ("item_no", "out_entry_no", "in_entry_no", "moment", "quantity"),
        [(u.item_no, u.out_entry_no, u.in_entry_no, moment, u.quantity) for u in uses],
    )


_END_APPLIED = Statement(
    sa.update(_APPLICATION)
    .where(
        _APPLICATION.c.item_no == sa.bindparam("v_item_no"),
        _APPLICATION.c.out_entry_no == sa.bindparam("v_out"),
        _APPLICATION.c.in_entry_no == sa.bindparam("v_in"),
    )
    .values(until=sa.bindparam("v_moment", type_=sa.BigInteger))
)


def end_applied(session: Session, moment: int, uses: Iterable[AppliedQuantity]) -> None:
    """Say of uses that they were taken back at this moment."""
    session.run_each(
        _END_APPLIED,
        [
            {
                "v_item_no": u.item_no,
                "v_out": u.out_entry_no,
                "v_in": u.in_entry_no,
                "v_moment": moment,
            }
            for u in uses
        ],
    )


def mark_undone(session: Session, moment: int, entries: Sequence[LedgerEntry]) -> None:
    """Say of entries that they were undone at this moment."""
    session.run_each(
        _UNDO,
        [
            {"v_item_no": e.key.item_no, "v_entry_no": e.entry_no, "v_moment": moment}
            for e in entries
        ],
    )
