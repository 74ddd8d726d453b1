"""The lists of the first page as rows: short lines, orders that are ready, arrivals, holds."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa

from earmark.core.stock import STOCK
from earmark.database import schema
from earmark.database.ended_holds import RESERVED_OF_LINE, RESERVED_OF_SUPPLY, STANDS, now
from earmark.database.engine import Session
from earmark.database.history import to_micros
from earmark.database.shelf import OF_WHAT_STANDS
from earmark.database.statements import MemberOf, Row, Statement

_LINE, _ITEM, _CUSTOMER = schema.document_line, schema.item, schema.customer
_DOCUMENT, _SUPPLY, _ENTRY = schema.document, schema.supply, schema.reservation_entry

_NAME = sa.func.coalesce(_CUSTOMER.c.name, "")
_OUTSTANDING = sa.type_coerce(_LINE.c.quantity - _LINE.c.posted, schema.Quantity)
_OPEN = sa.type_coerce(_LINE.c.quantity - _LINE.c.posted - RESERVED_OF_LINE, schema.Quantity)
_DEMANDED = sa.and_(
    _LINE.c.is_demand.is_(sa.true()),
    _LINE.c.is_deleted.is_(sa.false()),
    _LINE.c.takes_part.is_(sa.true()),
    _LINE.c.quantity > _LINE.c.posted,
)


def _here(column: sa.Column[str]) -> sa.ColumnElement[bool]:
    wanted: sa.BindParameter[str] = sa.bindparam("location_code")
    return sa.or_(wanted == "", column == wanted)


_WITH_NAMES = _LINE.join(_ITEM, _ITEM.c.item_no == _LINE.c.item_no).outerjoin(
    _CUSTOMER, _CUSTOMER.c.customer_no == _LINE.c.customer_no
)
_DUE = sa.and_(_DEMANDED, _here(_LINE.c.location_code), _LINE.c.date <= sa.bindparam("day"))
_SHORT = Statement(
    sa.select(
        _LINE.c.line,
        _NAME,
        _LINE.c.item_no,
        _ITEM.c.description,
        _ITEM.c.base_unit,
        _LINE.c.date,
        _OUTSTANDING,
        _OPEN,
    )
    .select_from(_WITH_NAMES)
    .where(_DUE, _LINE.c.quantity - _LINE.c.posted > RESERVED_OF_LINE)
    .order_by(_LINE.c.date, _LINE.c.line)
)
_LINES_DUE = Statement(sa.select(sa.func.count()).select_from(_LINE).where(_DUE))
_RESERVATIONS = Statement(sa.select(sa.func.count()).select_from(_ENTRY).where(STANDS))


def short_lines(session: Session, location_code: str, day: date) -> list[Row]:
    """Lines due until a day that have not reserved all they need."""
    return session.rows(_SHORT, location_code=location_code, day=day, now=now(session))


def lines_due(session: Session, location_code: str, day: date) -> int:
    """How many lines are due until a day."""
    count: int = session.rows(_LINES_DUE, location_code=location_code, day=day)[0][0]
    return count


def reservations(session: Session) -> int:
    """How many reservation entries stand."""
    count: int = session.rows(_RESERVATIONS, now=now(session))[0][0]
    return count


# -- Orders that are ready ---------------------------------------------------------------------

_NOT_IN_STOCK = (
    sa.exists()
    .where(
        _ENTRY.c.item_no == _LINE.c.item_no,
        _ENTRY.c.line == _LINE.c.line,
        STANDS,
        _SUPPLY.c.item_no == _ENTRY.c.item_no,
        _SUPPLY.c.supply_no == _ENTRY.c.supply_no,
        sa.or_(_SUPPLY.c.kind != STOCK, _SUPPLY.c.is_blocked.is_(sa.true())),
    )
    .correlate(_LINE)
)
_MAY_MOVE = (
    sa.exists()
    .where(
        _ENTRY.c.item_no == _LINE.c.item_no,
        _ENTRY.c.line == _LINE.c.line,
        _ENTRY.c.until.is_(None),
        _ENTRY.c.lot_no == "",
        _ENTRY.c.serial_no == "",
        _ENTRY.c.package_no == "",
        _ENTRY.c.binding == "",
        _ENTRY.c.hold_until == 0,
    )
    .correlate(_LINE)
)
_ON_HOLD = (
    sa.exists()
    .where(
        _ENTRY.c.item_no == _LINE.c.item_no,
        _ENTRY.c.line == _LINE.c.line,
        STANDS,
        _ENTRY.c.hold_until > 0,
    )
    .correlate(_LINE)
)
_IS_FULL = sa.and_(_LINE.c.quantity - _LINE.c.posted == RESERVED_OF_LINE, ~_NOT_IN_STOCK, ~_ON_HOLD)
_FIRST = sa.func.min(_LINE.c.date)
_READY = Statement(
    sa.select(
        _LINE.c.document_no,
        sa.func.max(_NAME),
        _FIRST,
        sa.func.count(),
        sa.func.sum(sa.case((_MAY_MOVE, 1), else_=0)),
    )
    .select_from(_WITH_NAMES)
    .where(
        _DEMANDED,
        _here(_LINE.c.location_code),
        sa.or_(_LINE.c.kind == "sales", _LINE.c.kind == "demand"),
    )
    .group_by(_LINE.c.document_no)
    .having(
        sa.func.min(sa.case((_IS_FULL, 1), else_=0)) == 1,
        sa.bindparam("day") >= _FIRST,
    )
    .order_by(_FIRST, _LINE.c.document_no)
)


def ready_orders(session: Session, location_code: str, day: date) -> list[Row]:
    """Orders due until a day of which every open line is reserved from stock, in full."""
    return session.rows(_READY, location_code=location_code, day=day, now=now(session))


# -- Arrivals, holds, goods that expire --------------------------------------------------------

_ARRIVING = Statement(
    sa.select(
        _LINE.c.document_no,
        _DOCUMENT.c.description,
        _SUPPLY.c.item_no,
        _ITEM.c.base_unit,
        _SUPPLY.c.available_on,
        sa.func.sum(_SUPPLY.c.quantity, type_=schema.Quantity),
        sa.func.sum(RESERVED_OF_SUPPLY, type_=schema.Quantity),
        sa.func.min(_LINE.c.line),
    )
    .select_from(
        _SUPPLY.join(
            _LINE, sa.and_(_LINE.c.item_no == _SUPPLY.c.item_no, _LINE.c.line == _SUPPLY.c.source)
        )
        .join(_DOCUMENT, _DOCUMENT.c.document_no == _LINE.c.document_no)
        .join(_ITEM, _ITEM.c.item_no == _SUPPLY.c.item_no)
    )
    .where(
        _SUPPLY.c.source != "",
        _SUPPLY.c.quantity > sa.literal_column("0"),
        _SUPPLY.c.available_on <= sa.bindparam("day"),
        _here(_SUPPLY.c.location_code),
    )
    .group_by(
        _LINE.c.document_no,
        _DOCUMENT.c.description,
        _SUPPLY.c.item_no,
        _ITEM.c.base_unit,
        _SUPPLY.c.available_on,
    )
    .order_by(_SUPPLY.c.available_on, _LINE.c.document_no)
)
_WAITING = Statement(
    sa.select(_SUPPLY.c.item_no, _SUPPLY.c.source, _ENTRY.c.line)
    .select_from(
        _SUPPLY.join(
            _ENTRY,
            sa.and_(
                _ENTRY.c.item_no == _SUPPLY.c.item_no, _ENTRY.c.supply_no == _SUPPLY.c.supply_no
            ),
        )
    )
    .with_hint(_ENTRY, OF_WHAT_STANDS, "sqlite")
    .where(
        MemberOf(_SUPPLY.c.source, "sources"),
        _SUPPLY.c.source != sa.literal_column("''"),  # lets the partial index be used
        _ENTRY.c.until.is_(None),  # lets the hinted index be used
        STANDS,
    )
    .distinct()
)
_HOLDS = Statement(
    sa.select(
        _ENTRY.c.line,
        _NAME,
        _ENTRY.c.item_no,
        _ITEM.c.base_unit,
        sa.func.sum(_ENTRY.c.quantity, type_=schema.Quantity),
        _ENTRY.c.hold_until,
    )
    .select_from(
        _ENTRY.join(
            _LINE, sa.and_(_LINE.c.item_no == _ENTRY.c.item_no, _LINE.c.line == _ENTRY.c.line)
        )
        .join(_ITEM, _ITEM.c.item_no == _ENTRY.c.item_no)
        .outerjoin(_CUSTOMER, _CUSTOMER.c.customer_no == _LINE.c.customer_no)
    )
    .where(
        _ENTRY.c.until.is_(None),
        _ENTRY.c.hold_until > sa.literal_column("0"),  # lets the partial index be used
        _ENTRY.c.hold_until > sa.bindparam("now"),
        _ENTRY.c.hold_until <= sa.bindparam("end"),
        _here(_LINE.c.location_code),
    )
    .group_by(_ENTRY.c.line, _NAME, _ENTRY.c.item_no, _ITEM.c.base_unit, _ENTRY.c.hold_until)
    .order_by(_ENTRY.c.hold_until, _ENTRY.c.line)
)
_EXPIRING_ITEMS = Statement(
    sa.select(_SUPPLY.c.item_no)
    .where(
        _SUPPLY.c.quantity > RESERVED_OF_SUPPLY,
        _SUPPLY.c.kind == STOCK,
        _SUPPLY.c.is_blocked.is_(sa.false()),
        _SUPPLY.c.expiration_date >= sa.bindparam("work_date"),
        _SUPPLY.c.expiration_date <= sa.bindparam("day"),
        _here(_SUPPLY.c.location_code),
    )
    .group_by(_SUPPLY.c.item_no)
    .order_by(sa.func.min(_SUPPLY.c.expiration_date), _SUPPLY.c.item_no)
    .limit(sa.bindparam("limit"))
)


def arriving(session: Session, location_code: str, day: date) -> list[Row]:
    """Supply on order that is expected until a day, by document and item."""
    return session.rows(_ARRIVING, location_code=location_code, day=day, now=now(session))


def waiting(session: Session, sources: list[str]) -> dict[str, list[str]]:
    """Who has reserved from these supply lines."""
    found: dict[str, list[str]] = {}
    rows = session.rows(_WAITING, sources=sources, now=now(session)) if sources else ()
    for _, source, line in rows:
        found.setdefault(source, []).append(line)
    return found


def ending_holds(session: Session, location_code: str, at: datetime, end: datetime) -> list[Row]:
    """Holds that end between now and then."""
    return session.rows(_HOLDS, location_code=location_code, now=to_micros(at), end=to_micros(end))


def expiring_items(
    session: Session, location_code: str, work_date: date, day: date, limit: int
) -> list[str]:
    """Items of which something expires until a day that nobody is promised, the first first."""
    rows = session.rows(
        _EXPIRING_ITEMS,
        location_code=location_code,
        work_date=work_date,
        day=day,
        limit=limit,
        now=now(session),
    )
    return [row[0] for row in rows]
