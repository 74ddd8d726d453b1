"""Looking for reservations that may stand on goods which are not good for them any more.

The database leaves out the many that are well; the core decides about the rest.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from earmark.core.stock import ReservationEntry
from earmark.database import schema, shelf
from earmark.database.engine import Session
from earmark.database.history import to_micros
from earmark.database.schema import FAR
from earmark.database.statements import Statement

_ENTRY, _SUPPLY = schema.reservation_entry, schema.supply
_LINE, _CUSTOMER = schema.document_line, schema.customer


class DaysAfter(sa.ColumnElement[Any]):
    """A date so many days after another: each database adds days to dates in its own way."""

    inherit_cache = False

    def __init__(self, column: sa.ColumnElement[Any], days: sa.ColumnElement[Any]) -> None:
        """The date, and how many days."""
        self.type = sa.Date()
        self.column = column
        self.days = days


@compiles(DaysAfter, "postgresql")
def _plus(element: DaysAfter, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    column = compiler.process(element.column, **options)
    return f"(CAST({column} AS DATE) + {compiler.process(element.days, **options)})"


@compiles(DaysAfter, "sqlite")
def _modified(element: DaysAfter, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    column = compiler.process(element.column, **options)
    return f"date({column}, {compiler.process(element.days, **options)} || ' days')"


_REQUIRED = sa.func.coalesce(_CUSTOMER.c.transit_days + _CUSTOMER.c.minimum_shelf_life_days, 0)
_WORK_DATE: sa.BindParameter[date] = sa.bindparam("work_date", type_=sa.Date())
_SUSPECT = sa.or_(
    _SUPPLY.c.is_blocked.is_(sa.true()),
    _SUPPLY.c.available_on > _LINE.c.date,
    sa.and_(
        _SUPPLY.c.expiration_date != FAR,
        sa.or_(
            _SUPPLY.c.expiration_date < DaysAfter(_LINE.c.date, _REQUIRED),
            _SUPPLY.c.expiration_date < DaysAfter(_WORK_DATE, _REQUIRED),
        ),
    ),
    sa.and_(_SUPPLY.c.expiration_date == FAR, _CUSTOMER.c.minimum_shelf_life_days > 0),
)
_SUSPECTS = Statement(
    sa.select(_ENTRY.c.item_no, *(_ENTRY.c[c] for c in shelf.ENTRY_COLUMNS))
    .select_from(
        _ENTRY.join(
            _SUPPLY,
            sa.and_(
                _SUPPLY.c.item_no == _ENTRY.c.item_no, _SUPPLY.c.supply_no == _ENTRY.c.supply_no
            ),
        )
        .join(_LINE, sa.and_(_LINE.c.item_no == _ENTRY.c.item_no, _LINE.c.line == _ENTRY.c.line))
        .outerjoin(_CUSTOMER, _CUSTOMER.c.customer_no == _LINE.c.customer_no)
    )
    .where(
        _ENTRY.c.until.is_(None),
        sa.or_(_ENTRY.c.hold_until == 0, _ENTRY.c.hold_until > sa.bindparam("now")),
        sa.or_(sa.bindparam("item_no") == "", _ENTRY.c.item_no == sa.bindparam("item_no")),
        sa.or_(
            sa.bindparam("location_code") == "",
            _SUPPLY.c.location_code == sa.bindparam("location_code"),
        ),
        _SUSPECT,
    )
)


def suspects(
    session: Session, item_no: str, location_code: str, now: datetime
) -> list[tuple[str, ReservationEntry]]:
    """Reservations that may be alerts, each with its item; of one item or place where named."""
    rows = session.rows(
        _SUSPECTS,
        item_no=item_no,
        location_code=location_code,
        now=to_micros(now),
        work_date=session.work_date_at(location_code),
    )
    return [(row[0], shelf.entry_from(row[1:])) for row in rows]
