"""Item tracking lines as rows: what is entered on a line, and what is handled of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

import sqlalchemy as sa

from earmark.core.items import StockKey
from earmark.core.stock import Line, TrackedQuantity
from earmark.core.tracking import Numbers
from earmark.database import lines, schema
from earmark.database.engine import Answer, Session
from earmark.database.statements import MemberOf, PairIn, Row, Statement, pairs

_LINE = schema.document_line
_TRACKING = schema.tracking_line
_TRACKED = (
    "lot_no",
    "serial_no",
    "package_no",
    "quantity",
    "to_handle",
    "handled",
    "expiration_date",
)
_IN_ENTRY_ORDER = (_TRACKING.c.since, _TRACKING.c.ordinal)
_TRACKING_OF = Statement(
    sa.select(_TRACKING.c.line, *(_TRACKING.c[c] for c in _TRACKED))
    .where(PairIn(_TRACKING.c.item_no, _TRACKING.c.line, name="of"), _TRACKING.c.until.is_(None))
    .order_by(*_IN_ENTRY_ORDER)
)
_TRACKING_OF_LINE = Statement(
    sa.select(_TRACKING.c.line, *(_TRACKING.c[c] for c in _TRACKED))
    .where(
        _TRACKING.c.item_no == lines.ITEM_OF_LINE,
        _TRACKING.c.line == sa.bindparam("line"),
        _TRACKING.c.until.is_(None),
    )
    .order_by(*_IN_ENTRY_ORDER)
)
_TRACKING_AS_OF = Statement(
    sa.select(_TRACKING.c.line, *(_TRACKING.c[c] for c in _TRACKED))
    .where(
        PairIn(_TRACKING.c.item_no, _TRACKING.c.line, name="of"),
        _TRACKING.c.since <= sa.bindparam("moment"),
        sa.or_(_TRACKING.c.until.is_(None), _TRACKING.c.until > sa.bindparam("moment")),
    )
    .order_by(*_IN_ENTRY_ORDER)
)
_END_TRACKING = Statement(
    sa.update(_TRACKING)
    .where(
        _TRACKING.c.item_no == sa.bindparam("v_item_no"),
        _TRACKING.c.line == sa.bindparam("v_line"),
        _TRACKING.c.lot_no == sa.bindparam("v_lot_no"),
        _TRACKING.c.serial_no == sa.bindparam("v_serial_no"),
        _TRACKING.c.package_no == sa.bindparam("v_package_no"),
        _TRACKING.c.until.is_(None),
    )
    .values(until=sa.bindparam("v_moment", type_=sa.BigInteger))
)


def _tracked(row: Row) -> TrackedQuantity:
    return TrackedQuantity(Numbers(row[1], row[2], row[3]), row[4], row[5], row[6], row[7])


def ask_for_line(session: Session, line: str) -> Answer:
    """Ask for the item tracking lines of a line of which no more is known yet than its name."""
    return session.ask(_TRACKING_OF_LINE, line=line)


def found_for_line(answer: Answer) -> list[TrackedQuantity]:
    """The item tracking lines that were asked for, in the order of entry."""
    return [_tracked(row) for row in answer.rows()]


def tracking_of(session: Session, of: Iterable[Line]) -> dict[str, list[TrackedQuantity]]:
    """The item tracking lines of lines, in the order of entry."""
    wanted = [(line.key.item_no, line.line) for line in of]
    return _grouped(wanted, session.rows(_TRACKING_OF, **pairs("of", wanted)))


def tracking_as_of(
    session: Session, of: Iterable[Line], moment: int
) -> dict[str, list[TrackedQuantity]]:
    """The item tracking lines as they were."""
    wanted = [(line.key.item_no, line.line) for line in of]
    rows = session.rows(_TRACKING_AS_OF, moment=moment, **pairs("of", wanted))
    return _grouped(wanted, rows)


def _grouped(wanted: list[tuple[str, str]], rows: list[Row]) -> dict[str, list[TrackedQuantity]]:
    grouped: dict[str, list[TrackedQuantity]] = {line: [] for _, line in wanted}
    for row in rows:
        grouped[row[0]].append(_tracked(row))
    return grouped


_REQUESTED = Statement(
    sa.select(
        _TRACKING.c.line,
        _TRACKING.c.lot_no,
        _TRACKING.c.serial_no,
        _TRACKING.c.package_no,
        sa.type_coerce(_TRACKING.c.quantity - _TRACKING.c.handled, schema.Quantity),
    )
    .select_from(
        _TRACKING.join(
            _LINE,
            sa.and_(_LINE.c.item_no == _TRACKING.c.item_no, _LINE.c.line == _TRACKING.c.line),
        )
    )
    .where(
        _TRACKING.c.item_no == sa.bindparam("item_no"),
        _LINE.c.variant_code == sa.bindparam("variant_code"),
        _LINE.c.location_code == sa.bindparam("location_code"),
        _LINE.c.is_demand.is_(sa.true()),
        _LINE.c.is_deleted.is_(sa.false()),
        _TRACKING.c.until.is_(None),
        _TRACKING.c.quantity > _TRACKING.c.handled,
    )
)


def requested(session: Session, key: StockKey) -> list[tuple[str, Numbers, Decimal]]:
    """What demand lines of a stock key have entered and not posted: line, numbers, quantity."""
    rows = session.rows(_REQUESTED, **key._asdict())
    return [(row[0], Numbers(row[1], row[2], row[3]), row[4]) for row in rows]


def save_tracking(
    session: Session,
    moment: int,
    line: Line,
    before: Sequence[TrackedQuantity],
    after: Sequence[TrackedQuantity],
) -> None:
    """Write what differs between the item tracking lines before and after."""
    kept = set(before) & set(after)
    ended = [tracked for tracked in before if tracked not in kept]
    made = [(n, tracked) for n, tracked in enumerate(after) if tracked not in kept]
    item_no = line.key.item_no
    session.run_each(
        _END_TRACKING,
        [
            {
                "v_item_no": item_no,
                "v_line": line.line,
                "v_lot_no": tracked.numbers.lot_no,
                "v_serial_no": tracked.numbers.serial_no,
                "v_package_no": tracked.numbers.package_no,
                "v_moment": moment,
            }
            for tracked in ended
        ],
    )
    session.insert(
        _TRACKING,
        ("item_no", "line", "since", "ordinal", *_TRACKED),
        [
            (
                item_no,
                line.line,
                moment,
                n,
                tracked.numbers.lot_no,
                tracked.numbers.serial_no,
                tracked.numbers.package_no,
                tracked.quantity,
                tracked.to_handle,
                tracked.handled,
                tracked.expiration_date,
            )
            for n, tracked in made
        ],
    )


_TOUCHED_AT = Statement(
    sa.select(_TRACKING.c.line)
    .where(
        _TRACKING.c.item_no == sa.bindparam("item_no"),
        sa.or_(
            _TRACKING.c.since == sa.bindparam("moment"), _TRACKING.c.until == sa.bindparam("moment")
        ),
    )
    .distinct()
)
_CHANGED_AFTER = Statement(
    sa.select(_TRACKING.c.line)
    .where(
        _TRACKING.c.item_no == sa.bindparam("item_no"),
        MemberOf(_TRACKING.c.line, "lines"),
        sa.or_(
            _TRACKING.c.since > sa.bindparam("moment"), _TRACKING.c.until > sa.bindparam("moment")
        ),
    )
    .distinct()
)


def touched_at(session: Session, item_no: str, moment: int) -> list[str]:
    """The lines of an item whose tracking lines changed at a moment."""
    rows = session.rows(_TOUCHED_AT, item_no=item_no, moment=moment)
    return sorted(row[0] for row in rows)


def changed_after(session: Session, item_no: str, lines: Iterable[str], moment: int) -> list[str]:
    """Which of these lines had their tracking lines changed after a moment."""
    rows = session.rows(_CHANGED_AFTER, item_no=item_no, lines=list(lines), moment=moment)
    return [row[0] for row in rows]
