"""Which numbers of an item are blocked, why, by whom and since when."""

from __future__ import annotations

import sqlalchemy as sa

from earmark.core.tracking import Dimension
from earmark.core.why_views import Blocking
from earmark.database import schema
from earmark.database.catalog import one_number
from earmark.database.engine import Session
from earmark.database.history import from_micros
from earmark.database.statements import Statement

_RECORD, _COMMAND = schema.number_record, schema.command
_BLOCKED = Statement(
    sa.select(
        _RECORD.c.dimension, _RECORD.c.number, _RECORD.c.description, _COMMAND.c.by, _COMMAND.c.at
    )
    .select_from(_RECORD.outerjoin(_COMMAND, _COMMAND.c.moment == _RECORD.c.since))
    .where(
        _RECORD.c.item_no == sa.bindparam("item_no"),
        _RECORD.c.is_blocked.is_(sa.true()),
        _RECORD.c.since <= sa.bindparam("moment"),
        sa.or_(_RECORD.c.until.is_(None), _RECORD.c.until > sa.bindparam("moment")),
    )
    .order_by(_RECORD.c.dimension, _RECORD.c.number)
)
_LATEST = 2**62


def of_item(session: Session, item_no: str, past: int | None = None) -> list[Blocking]:
    """The blocked numbers of an item, now or as they were."""
    rows = session.rows(_BLOCKED, item_no=item_no, moment=_LATEST if past is None else past)
    return [
        Blocking(
            numbers=one_number(Dimension(dimension), number),
            why=why,
            by=by or "",
            since=from_micros(at or 0),
        )
        for dimension, number, why, by, at in rows
    ]
