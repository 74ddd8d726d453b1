"""Document lines as rows: locking, loading, saving, versions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from earmark.core.documents import LineKind
from earmark.core.items import ReservePolicy, StockKey
from earmark.core.quantity import ZERO
from earmark.core.stock import Line
from earmark.database import schema
from earmark.database.catalog import (
    CODE_COLUMNS,
    CUSTOMER_COLUMNS,
    ITEM_COLUMNS,
    code_from,
    customer_from,
    item_from,
)
from earmark.database.engine import Answer, Session
from earmark.database.statements import MemberOf, Row, Statement

_LINE = schema.document_line
_VERSION = schema.document_line_version
_KEY = schema.stock_key
_ITEM, _CODE, _CUSTOMER = schema.item, schema.tracking_code, schema.customer

_OWN = (
    "item_no",
    "line",
    "document_no",
    "line_no",
    "position",
    "component",
    "kind",
    "variant_code",
    "location_code",
    "quantity_in_unit",
    "unit",
    "quantity",
    "posted",
    "date",
    "bin_code",
    "reserve",
    "status",
    "takes_part",
    "is_deleted",
    "made_for",
    "quantity_per_unit",
    "over_receipt_percentage",
)
"""The columns that a line and its versions share, in the order in which they are read."""


def _facts() -> tuple[sa.Column[Any], ...]:
    return (
        *(_ITEM.c[c] for c in ITEM_COLUMNS),
        *(_CODE.c[c] for c in CODE_COLUMNS),
        *(_CUSTOMER.c[c] for c in CUSTOMER_COLUMNS),
    )


def _with_facts(table: sa.Table) -> sa.Join:
    return (
        table.join(_ITEM, _ITEM.c.item_no == table.c.item_no)
        .outerjoin(_CODE, _CODE.c.tracking_code == _ITEM.c.tracking_code)
        .outerjoin(_CUSTOMER, _CUSTOMER.c.customer_no == table.c.customer_no)
    )


_SELECT = (
    sa.select(*(_LINE.c[c] for c in _OWN), _LINE.c.reserved, *_facts())
    .select_from(_with_facts(_LINE))
    .where(_LINE.c.is_deleted.is_(sa.false()))
    .order_by(_LINE.c.document_no, _LINE.c.position, _LINE.c.component)
)
_BY_LINE = Statement(_SELECT.where(MemberOf(_LINE.c.line, "lines")))
ITEM_OF_LINE = (
    sa.select(_LINE.c.item_no)
    .where(_LINE.c.line == sa.bindparam("line"), _LINE.c.is_deleted.is_(sa.false()))
    .scalar_subquery()
)
"""Of what item the line ``line`` is: there is no more than one such line."""
_BY_DOCUMENT = Statement(_SELECT.where(MemberOf(_LINE.c.document_no, "documents")))
_BY_KEY = Statement(
    _SELECT.where(
        _LINE.c.item_no == sa.bindparam("item_no"),
        _LINE.c.variant_code == sa.bindparam("variant_code"),
        _LINE.c.location_code == sa.bindparam("location_code"),
        _LINE.c.is_demand == sa.bindparam("is_demand", type_=sa.Boolean),
        _LINE.c.quantity > _LINE.c.posted,
    )
)
_BY_ITEM_AND_LINE = Statement(
    _SELECT.where(_LINE.c.item_no == sa.bindparam("item_no"), MemberOf(_LINE.c.line, "lines"))
)
_DEMANDS_OF_ITEM = Statement(
    _SELECT.where(
        _LINE.c.item_no == sa.bindparam("item_no"),
        _LINE.c.is_demand.is_(sa.true()),
        _LINE.c.quantity > _LINE.c.posted,
    )
)
_ALL = Statement(_SELECT)
_TAKES_PART = sa.and_(
    _LINE.c.is_demand.is_(sa.true()),
    _LINE.c.takes_part.is_(sa.true()),
    _LINE.c.quantity > _LINE.c.posted,
)
_OUTSTANDING_OF_ITEM = Statement(
    _SELECT.where(_LINE.c.item_no == sa.bindparam("item_no"), _TAKES_PART)
)
# A key whose holds have run out has lines that are more open than is written on them.
_RAN_OUT = sa.exists().where(
    _KEY.c.item_no == _LINE.c.item_no,
    _KEY.c.variant_code == _LINE.c.variant_code,
    _KEY.c.location_code == _LINE.c.location_code,
    _KEY.c.next_hold_end > 0,
    _KEY.c.next_hold_end <= sa.bindparam("now", type_=sa.BigInteger),
)
_UNRESERVED = sa.and_(
    _TAKES_PART, sa.or_(_LINE.c.quantity - _LINE.c.posted > _LINE.c.reserved, _RAN_OUT)
)
_OPEN = Statement(
    _SELECT.where(_UNRESERVED)
    .order_by(None)
    .order_by(_LINE.c.date, _LINE.c.document_no, _LINE.c.position, _LINE.c.component)
    .limit(sa.bindparam("limit"))
)
_COUNT_OPEN = Statement(
    sa.select(sa.func.count())
    .select_from(_LINE)
    .where(_LINE.c.is_deleted.is_(sa.false()), _UNRESERVED)
)
_VARIANT, _LOCATION = _OWN.index("variant_code"), _OWN.index("location_code")
_KINDS = {kind.value: kind for kind in LineKind}
_WIDTH = len(_OWN)
_I = _WIDTH + 1
_C = _I + len(ITEM_COLUMNS)
_W = _C + len(CODE_COLUMNS)
_END = _W + len(CUSTOMER_COLUMNS)


def line_from(session: Session, row: Row) -> Line:
    """A line from the columns of ``_SELECT``."""
    own, reserved = row[:_WIDTH], row[_WIDTH]
    return Line(
        line=own[1],
        document_no=own[2],
        line_no=own[3],
        position=own[4],
        component=own[5],
        kind=_KINDS[own[6]],
        key=StockKey(own[0], own[7], own[8]),
        quantity_in_unit=own[9],
        unit=own[10],
        quantity=own[11],
        posted=own[12],
        date=own[13],
        bin_code=own[14],
        reserve=ReservePolicy(own[15]) if own[15] else None,
        status=own[16],
        takes_part=own[17],
        is_deleted=own[18],
        made_for=own[19],
        quantity_per_unit=own[20],
        over_receipt_percentage=own[21],
        reserved=reserved,
        item=item_from(row[_I:_C]),
        tracking_code=code_from(row[_C:_W]),
        customer=customer_from(row[_W:_END]),
        work_date=session.work_date_at(own[8]),
    )


def by_line(session: Session, lines: Iterable[str]) -> dict[str, Line]:
    """These lines, as far as they exist."""
    rows = session.rows(_BY_LINE, lines=list(lines))
    return {line.line: line for line in (line_from(session, row) for row in rows)}


def of_item(session: Session, item_no: str, lines: Iterable[str]) -> list[Line]:
    """These lines of one item, as far as they exist."""
    return [
        line_from(session, r)
        for r in session.rows(_BY_ITEM_AND_LINE, item_no=item_no, lines=list(lines))
    ]


def of_documents(session: Session, documents: Iterable[str]) -> list[Line]:
    """The lines of documents, in their order; components follow their line."""
    return [line_from(session, r) for r in session.rows(_BY_DOCUMENT, documents=list(documents))]


def of_key(session: Session, key: StockKey, *, is_demand: bool) -> list[Line]:
    """The open lines of a stock key that take stock, or those that bring it."""
    rows = session.rows(_BY_KEY, is_demand=is_demand, **key._asdict())
    return [line_from(session, row) for row in rows]


def demands_of_item(session: Session, item_no: str) -> list[Line]:
    """The open lines that take an item, wherever."""
    return [line_from(session, row) for row in session.rows(_DEMANDS_OF_ITEM, item_no=item_no)]


def outstanding_of_item(session: Session, item_no: str) -> list[Line]:
    """The lines of an item that still take stock, wherever."""
    rows = session.rows(_OUTSTANDING_OF_ITEM, item_no=item_no)
    return [line_from(session, row) for row in rows]


def unreserved(session: Session, limit: int, now: int) -> tuple[list[Line], int]:
    """Lines with something open, the earliest first, at most so many; and how many there are.

    Lines of keys whose holds have run out by ``now`` may be among them that are not open.
    """
    rows = session.rows(_OPEN, limit=limit, now=now)
    count = len(rows) if len(rows) < limit else session.rows(_COUNT_OPEN, now=now)[0][0]
    return [line_from(session, row) for row in rows], count


def everything(session: Session) -> list[Line]:
    """Every line, by document."""
    return [line_from(session, row) for row in session.rows(_ALL)]


# -- Locking -----------------------------------------------------------------------------------

_LOCKED = sa.select(_KEY.c.item_no, _KEY.c.variant_code, _KEY.c.location_code, _KEY.c.next_hold_end)
_IN_ORDER = (_KEY.c.item_no, _KEY.c.variant_code, _KEY.c.location_code)
_SAME_KEY = sa.and_(
    _LINE.c.item_no == _KEY.c.item_no,
    _LINE.c.variant_code == _KEY.c.variant_code,
    _LINE.c.location_code == _KEY.c.location_code,
)


def _locking(*conditions: sa.ColumnElement[bool]) -> Statement:
    return Statement(
        _LOCKED.select_from(_KEY.join(_LINE, _SAME_KEY))
        .where(*conditions)
        .order_by(*_IN_ORDER)
        .with_for_update(of=_KEY)
    )


_LOCK_LINES = Statement(
    sa.select(*(_LINE.c[c] for c in _OWN), _LINE.c.reserved, *_facts(), _KEY.c.next_hold_end)
    .select_from(_with_facts(_LINE).join(_KEY, _SAME_KEY))
    .where(_LINE.c.is_deleted.is_(sa.false()), MemberOf(_LINE.c.line, "lines"))
    .order_by(*_IN_ORDER, _LINE.c.line)
    .with_for_update(of=(_KEY, _LINE))
)
_LOCK_DOCUMENTS = _locking(MemberOf(_LINE.c.document_no, "documents"))
_LOCK_ITEMS = Statement(
    _LOCKED.where(MemberOf(_KEY.c.item_no, "items")).order_by(*_IN_ORDER).with_for_update()
)
_KEYS_OF_ITEMS = Statement(_LOCKED.where(MemberOf(_KEY.c.item_no, "items")))
_LOCK_KEY = Statement(
    _LOCKED.where(
        _KEY.c.item_no == sa.bindparam("item_no"),
        _KEY.c.variant_code == sa.bindparam("variant_code"),
        _KEY.c.location_code == sa.bindparam("location_code"),
    ).with_for_update()
)


def lock_lines(session: Session, lines: Iterable[str]) -> Answer:
    """Lock the stock keys of lines, in order, and read the lines as they are under the lock.

    The rows of lines are locked with their keys, so that a line which another transaction has
    just changed is read as it is now and not as it was when the statement began.
    """
    return session.ask(_LOCK_LINES, lines=list(lines))


def locked_lines(session: Session, rows: Iterable[Row]) -> tuple[list[Row], list[Line]]:
    """The keys that :func:`lock_lines` has locked, and the lines."""
    keys, found = [], []
    for row in rows:
        keys.append((row[0], row[_VARIANT], row[_LOCATION], row[-1]))
        found.append(line_from(session, row))
    return keys, found


def lock_documents(session: Session, documents: Iterable[str]) -> Answer:
    """Lock the stock keys of documents, in order."""
    return session.ask(_LOCK_DOCUMENTS, documents=list(documents))


def lock_items(session: Session, items: Iterable[str]) -> Answer:
    """Lock every stock key of items, in order."""
    return session.ask(_LOCK_ITEMS, items=list(items))


def keys_of_items(session: Session, items: Iterable[str]) -> list[StockKey]:
    """Every stock key of items, not locked."""
    return [StockKey(*row[:3]) for row in session.rows(_KEYS_OF_ITEMS, items=list(items))]


def lock_keys(session: Session, keys: Iterable[StockKey]) -> list[Row]:
    """Lock stock keys, in order; those that are new begin to exist."""
    locked = []
    for key in sorted(set(keys)):
        rows = session.rows(_LOCK_KEY, **key._asdict())
        if not rows:
            session.insert_missing(_KEY, StockKey._fields, key)
            rows = session.rows(_LOCK_KEY, **key._asdict())
        locked += rows
    return locked


# -- Saving ------------------------------------------------------------------------------------

_STORED = (
    "document_no",
    "line_no",
    "position",
    "component",
    "kind",
    "variant_code",
    "location_code",
    "customer_no",
    "quantity_in_unit",
    "unit",
    "quantity",
    "posted",
    "date",
    "bin_code",
    "reserve",
    "status",
    "is_demand",
    "takes_part",
    "is_deleted",
    "made_for",
    "quantity_per_unit",
    "over_receipt_percentage",
)
_EXISTING = Statement(
    sa.select(_LINE.c.item_no, _LINE.c.line).where(MemberOf(_LINE.c.line, "lines"))
)
_UPDATE = Statement(
    sa.update(_LINE)
    .where(_LINE.c.item_no == sa.bindparam("v_item_no"), _LINE.c.line == sa.bindparam("v_line"))
    .values({c: sa.bindparam(f"v_{c}", type_=_LINE.c[c].type) for c in _STORED})
)


def _stored(line: Line) -> dict[str, Any]:
    return {
        "item_no": line.key.item_no,
        "line": line.line,
        "document_no": line.document_no,
        "line_no": line.line_no,
        "position": line.position,
        "component": line.component,
        "kind": line.kind.value,
        "variant_code": line.key.variant_code,
        "location_code": line.key.location_code,
        "customer_no": line.customer.customer_no if line.customer else "",
        "quantity_in_unit": line.quantity_in_unit,
        "unit": line.unit,
        "quantity": line.quantity,
        "posted": line.posted,
        "date": line.date,
        "bin_code": line.bin_code,
        "reserve": line.reserve.value if line.reserve else "",
        "status": line.status,
        "is_demand": line.kind.is_demand,
        "takes_part": line.takes_part,
        "is_deleted": line.is_deleted,
        "made_for": line.made_for,
        "quantity_per_unit": line.quantity_per_unit,
        "over_receipt_percentage": line.over_receipt_percentage,
    }


def save(session: Session, moment: int, lines: Iterable[Line]) -> None:
    """Write lines as they are now, each with its version of this moment."""
    rows = [_stored(line) for line in lines]
    if not rows:
        return
    existing = set(session.rows(_EXISTING, lines=[row["line"] for row in rows]))
    new = [row for row in rows if (row["item_no"], row["line"]) not in existing]
    old = [row for row in rows if (row["item_no"], row["line"]) in existing]
    columns = ("item_no", "line", *_STORED)
    session.insert(_LINE, columns, [[row[c] for c in columns] for row in new])
    session.run_each(_UPDATE, [{f"v_{c}": row[c] for c in columns} for row in old])
    session.insert(
        _VERSION, ("since", *columns), [(moment, *(row[c] for c in columns)) for row in rows]
    )


# -- As of a past moment -----------------------------------------------------------------------


def _as_of(*conditions: sa.ColumnElement[bool]) -> Statement:
    later = _VERSION.alias("later")
    newest = (
        sa.select(sa.func.max(later.c.since))
        .where(
            later.c.item_no == _VERSION.c.item_no,
            later.c.line == _VERSION.c.line,
            later.c.since <= sa.bindparam("moment"),
        )
        .scalar_subquery()
    )
    return Statement(
        sa.select(*(_VERSION.c[c] for c in _OWN), sa.literal(ZERO, schema.Quantity), *_facts())
        .select_from(_with_facts(_VERSION))
        .where(_VERSION.c.since == newest, _VERSION.c.is_deleted.is_(sa.false()), *conditions)
        .order_by(_VERSION.c.document_no, _VERSION.c.position, _VERSION.c.component)
    )


_LINES_AS_OF = _as_of(MemberOf(_VERSION.c.line, "lines"))
_DOCUMENTS_AS_OF = _as_of(MemberOf(_VERSION.c.document_no, "documents"))
_ITEM_AS_OF = _as_of(_VERSION.c.item_no == sa.bindparam("item_no"))


def lines_as_of(session: Session, lines: Iterable[str], moment: int) -> list[Line]:
    """Lines as they were; ``reserved`` is left at zero for whoever knows the entries of then."""
    return [
        line_from(session, r) for r in session.rows(_LINES_AS_OF, lines=list(lines), moment=moment)
    ]


def documents_as_of(session: Session, documents: Iterable[str], moment: int) -> list[Line]:
    """The lines of documents as they were."""
    rows = session.rows(_DOCUMENTS_AS_OF, documents=list(documents), moment=moment)
    return [line_from(session, row) for row in rows]


def item_as_of(session: Session, item_no: str, moment: int) -> list[Line]:
    """The lines of an item as they were."""
    rows = session.rows(_ITEM_AS_OF, item_no=item_no, moment=moment)
    return [line_from(session, row) for row in rows]


def _versions(*conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return (
        sa.select(*(_VERSION.c[c] for c in _OWN), sa.literal(ZERO, schema.Quantity), *_facts())
        .select_from(_with_facts(_VERSION))
        .where(_VERSION.c.item_no == sa.bindparam("item_no"), *conditions)
    )


_VERSIONS_AT = Statement(
    _versions(_VERSION.c.since == sa.bindparam("moment")).order_by(
        _VERSION.c.document_no, _VERSION.c.position, _VERSION.c.component
    )
)
_VERSIONS_BEFORE = Statement(
    _versions(MemberOf(_VERSION.c.line, "lines"), _VERSION.c.since < sa.bindparam("moment"))
    .add_columns(_VERSION.c.since)
    .order_by(_VERSION.c.since)
)
_ALL_VERSIONS = Statement(
    _versions(MemberOf(_VERSION.c.line, "lines"))
    .add_columns(_VERSION.c.since)
    .order_by(_VERSION.c.line, _VERSION.c.since)
)
_CHANGED_AFTER = Statement(
    sa.select(_VERSION.c.line)
    .where(
        _VERSION.c.item_no == sa.bindparam("item_no"),
        MemberOf(_VERSION.c.line, "lines"),
        _VERSION.c.since > sa.bindparam("moment"),
    )
    .distinct()
)


def versions_at(session: Session, item_no: str, moment: int) -> list[Line]:
    """The lines of an item that changed at a moment, as they were then, deleted ones too."""
    rows = session.rows(_VERSIONS_AT, item_no=item_no, moment=moment)
    return [line_from(session, row) for row in rows]


def versions_before(
    session: Session, item_no: str, lines: Iterable[str], moment: int
) -> list[Line]:
    """These lines as they were before a moment, deleted ones too."""
    rows = session.rows(_VERSIONS_BEFORE, item_no=item_no, lines=list(lines), moment=moment)
    return list({row[1]: line_from(session, row[:-1]) for row in rows}.values())


def all_versions(session: Session, item_no: str, lines: Iterable[str]) -> list[tuple[int, Line]]:
    """Every version of these lines with the moment since when it held, the oldest first."""
    rows = session.rows(_ALL_VERSIONS, item_no=item_no, lines=list(lines))
    return [(row[-1], line_from(session, row[:-1])) for row in rows]


def changed_after(session: Session, item_no: str, lines: Iterable[str], moment: int) -> list[str]:
    """Which of these lines changed after a moment."""
    rows = session.rows(_CHANGED_AFTER, item_no=item_no, lines=list(lines), moment=moment)
    return [row[0] for row in rows]
