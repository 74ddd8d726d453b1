"""Searching: one text, typed or scanned, and whatever record it may mean."""

from __future__ import annotations

from earmark.core.hits import Hit, HitKind
from earmark.core.quantity import ZERO
from earmark.database import searching as records
from earmark.database.engine import Database, Session
from earmark.database.unit_of_work import reading

MOST = 8


def search(database: Database, text: str, *, limit: int = MOST) -> tuple[Hit, ...]:
    """Records whose number begins with a text or holds it, and those of such a name.

    Documents first, then lines, items, customers; then lots, serials and packages, each with how
    much there is of it, where, and who holds it. At most ``limit`` of each kind.
    """
    wanted = text.strip()
    if not wanted:
        return ()
    with reading(database) as session:
        found = [
            Hit(kind=HitKind.DOCUMENT, reference=no, name=description, place=kind)
            for no, kind, description in records.documents(session, wanted, limit)
        ]
        if "/" in wanted:
            found += [
                Hit(kind=HitKind.LINE, reference=line, item_no=item_no, name=kind)
                for line, item_no, kind in records.lines(session, wanted, limit)
            ]
        found += [
            Hit(kind=HitKind.ITEM, reference=no, name=description)
            for no, description in records.items(session, wanted, limit)
        ]
        found += [
            Hit(kind=HitKind.CUSTOMER, reference=no, name=name)
            for no, name in records.customers(session, wanted, limit)
        ]
        found += [_number(session, *row) for row in records.numbers(session, wanted, limit)]
    return tuple(found)


def _number(session: Session, item_no: str, dimension: str, number: str) -> Hit:
    there = records.under(session, item_no, dimension, number)
    places = sorted({source or f"in stock, {location}" for _, _, location, source in there})
    return Hit(
        kind=HitKind(dimension),
        reference=number,
        item_no=item_no,
        quantity=sum((row[1] for row in there), ZERO),
        place=", ".join(places[:3]),
        holders=records.holders(session, item_no, [row[0] for row in there]),
    )
