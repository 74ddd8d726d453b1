"""One number has one expiration date: entered once, and taken from there ever after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from earmark.core.commands import StockRow
from earmark.core.stock import Line, TrackedQuantity
from earmark.core.tracking import Dimension, Numbers, TrackingLine
from earmark.database import catalog, stock
from earmark.database.unit_of_work import Work
from earmark.errors import ExpirationDiffers
from earmark.usecases.catalog import dated_dimension

Dated = tuple[Dimension, str]
"""What carries an expiration date: the dimension and the number in it."""


def dated_number(numbers: Numbers) -> Dated | None:
    """What carries the expiration date of these numbers."""
    dimension = dated_dimension(numbers)
    return None if dimension is None else (dimension, numbers.get(dimension))


def dates_had(
    work: Work, item_no: str, numbers: Iterable[Numbers], besides: str = ""
) -> dict[Dated, date]:
    """The expiration dates that numbers have: on record, else on supply lines ``besides`` one."""
    asked = [(number, one) for one in numbers if (number := dated_number(one))]
    wanted = {number for number, _ in asked}
    had: dict[Dated, date] = {}
    fresh = [s for s in work.pending.new if s.key.item_no == item_no]
    for supply in (*stock.dated_on_order(work.session, item_no, wanted), *fresh):
        number = dated_number(supply.numbers)
        if number in wanted and supply.source != besides and not supply.is_stock:
            _keep(had, number, supply.expiration_date)
    records = catalog.records(work.session, item_no, [one for _, one in asked])
    on_record = {n: records[n].expiration_date for n in wanted if n in records}
    return had | {number: own for number, own in on_record.items() if own is not None}


def with_first_date(rows: Sequence[StockRow]) -> tuple[StockRow, ...]:
    """Rows of one adjustment, where what has no date gets that of the first row of its number."""
    first: dict[tuple[str, Dated | None], date] = {}
    for row in rows:
        if row.expiration_date is not None:
            first.setdefault((row.item_no, dated_number(row.numbers)), row.expiration_date)
    return tuple(
        replace(row, expiration_date=first.get((row.item_no, dated_number(row.numbers))))
        if row.expiration_date is None and row.numbers
        else row
        for row in rows
    )


def _keep(had: dict[Dated, date], number: Dated | None, own: date | None) -> None:
    if number is not None and own is not None:
        had.setdefault(number, own)


def dated(
    work: Work, line: Line, tracking: Sequence[TrackingLine], before: Iterable[TrackedQuantity]
) -> tuple[TrackingLine, ...]:
    """Item tracking lines of supply, each number with the date it has; another is refused.

    What stands there ``before`` stays as it is.
    """
    code = line.tracking_code
    if line.kind.is_demand or code is None or not code.expiration_used or not tracking:
        return tuple(tracking)
    old = {(t.numbers, t.expiration_date) for t in before}
    item_no = line.item.item_no
    had = dates_had(work, item_no, (entry.numbers for entry in tracking), line.line)
    for entry in tracking:
        _keep(had, dated_number(entry.numbers), entry.expiration_date)
    return tuple(
        entry if (entry.numbers, entry.expiration_date) in old else _with_date(item_no, entry, had)
        for entry in tracking
    )


def _with_date(item_no: str, entry: TrackingLine, had: dict[Dated, date]) -> TrackingLine:
    number = dated_number(entry.numbers)
    own = had.get(number) if number else None
    if own is None:
        return entry
    if entry.expiration_date not in (None, own):
        raise ExpirationDiffers(
            number=str(entry.numbers),
            item_no=item_no,
            own_date=own,
            given_date=entry.expiration_date,
        )
    return replace(entry, expiration_date=own)
