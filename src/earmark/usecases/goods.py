"""Goods in and goods out, as the ledger and the supplies have them; whoever posts uses this."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from earmark.core import posting
from earmark.core.ledger import AppliedQuantity, LedgerEntry
from earmark.core.posting import Handled
from earmark.core.quantity import ZERO
from earmark.core.stock import STOCK, Line, Supply
from earmark.core.tracking import Dimension, Numbers
from earmark.database import catalog, stock
from earmark.database.unit_of_work import Work
from earmark.errors import NumberUnknown
from earmark.usecases.catalog import dated_dimension, know_numbers
from earmark.usecases.dating import Dated, dated_number, dates_had


def check_known(work: Work, item_no: str, asked: Sequence[Numbers]) -> None:
    """Refuse a number that was never in stock nor on a supply line."""
    named = [numbers for numbers in asked if numbers]
    known = catalog.records(work.session, item_no, named)
    for numbers in named:
        for dimension in ("serial", "lot", "package"):
            number = getattr(numbers, f"{dimension}_no")
            if number and not any(d == dimension and n == number for d, n in known):
                raise NumberUnknown(item_no=item_no, number=str(numbers))


def write_out(
    work: Work,
    leaving: posting.Leaving,
    taken: Sequence[posting.Application],
    *,
    verb: str,
    bin_code: str = "",
) -> None:
    """Write the ledger entries of goods that leave, and what they used of this stock key."""
    balance = next(b for b in work.balances() if b.shelf.key == leaving.key)
    entry_nos = work.new_numbers(leaving.item_no, len(leaving.handled))
    for entry_no, part in zip(entry_nos, leaving.handled, strict=True):
        work.pending.entries.append(
            LedgerEntry(
                entry_no=entry_no,
                key=leaving.key,
                numbers=part.numbers,
                quantity=-part.quantity,
                posted_on=leaving.posted_on,
                verb=verb,
                line=leaving.line.line if leaving.line else "",
                bin_code=bin_code,
            )
        )
        used: dict[int, Decimal] = {}
        for application in taken:
            if application.numbers == part.numbers:
                no = application.supply_no
                used[no] = used.get(no, ZERO) + application.quantity
        work.pending.applied += [
            AppliedQuantity(leaving.item_no, entry_no, no, quantity)
            for no, quantity in used.items()
        ]
    work.pending.change(*balance.supplies(a.supply_no for a in taken))


def new_stock(  # noqa: PLR0913 - what one arrival is
    work: Work,
    line: Line,
    handled: Sequence[Handled],
    posted_on: date,
    *,
    verb: str,
    bin_code: str = "",
    source_line: str | None = None,
    description: str = "",
    moving: frozenset[str] = frozenset(),
) -> list[Supply]:
    """Write the ledger entries of goods that arrive, after every check of their numbers.

    ``line`` says which item arrives where; the supplies it gives back are not in the balance yet.
    Serial numbers that are ``moving`` are in stock already and leave in the same posting.
    """
    item_no = line.item.item_no
    code = line.tracking_code
    posting.check_numbers_complete(item_no, code.matched if code else (), handled)
    is_matched = Dimension.SERIAL in line.specific
    if is_matched:
        _check_serials(work, line, handled, moving)
    dates = _dates(work, line, handled)
    know_numbers(work, item_no, dates)
    records = catalog.records(work.session, item_no, dates)
    arrived = []
    for entry_no, part in zip(work.new_numbers(item_no, len(handled)), handled, strict=True):
        is_blocked, expires = catalog.judged(records, part.numbers)
        supply = _in_stock(line, entry_no, part, posted_on)
        supply = replace(supply, is_blocked=is_blocked, expiration_date=expires)
        arrived.append(supply)
        work.pending.entries.append(
            LedgerEntry(
                entry_no=entry_no,
                key=line.key,
                numbers=part.numbers,
                quantity=part.quantity,
                posted_on=posted_on,
                verb=verb,
                line=line.line if source_line is None else source_line,
                bin_code=bin_code,
                description=description,
            )
        )
    (work.pending.new_serials if is_matched else work.pending.new).extend(arrived)
    return arrived


def _in_stock(line: Line, entry_no: int, part: Handled, posted_on: date) -> Supply:
    return Supply(
        entry_no, STOCK, line.key, "", part.numbers, part.quantity, ZERO, ZERO,
        None, posted_on, None, is_blocked=False,
    )  # fmt: skip


def _check_serials(
    work: Work, line: Line, handled: Sequence[Handled], moving: frozenset[str]
) -> None:
    """Refuse serial numbers that are in stock already, or arrive twice in one posting."""
    serials = [part.numbers.serial_no for part in handled]
    known = stock.serials_in_stock(work.session, line.key, serials)
    there = {serial_no: place for serial_no, place in known.items() if serial_no not in moving}
    there |= {
        s.numbers.serial_no: s.key.location_code
        for s in work.pending.new_serials
        if s.key[0] == line.key[0]
    }
    for serial_no in serials:
        posting.check_serial_arrival(line.item.item_no, serial_no, there)
        there[serial_no] = line.key.location_code


def _dates(work: Work, line: Line, handled: Sequence[Handled]) -> dict[Numbers, object]:
    """The expiration date each number arrives with; refused where it is missing or differs."""
    item_no = line.item.item_no
    records = catalog.records(work.session, item_no, [part.numbers for part in handled])
    dates: dict[Numbers, object] = {}
    had = _dates_had(work, line, handled)
    for part in handled:
        dimension = dated_dimension(part.numbers)
        if dimension is None:
            continue
        number = part.numbers.get(dimension)
        record = records.get((dimension, number))
        own = record.expiration_date if record else None
        came_without = (
            own is None
            and record is not None
            and stock.was_ever_in_stock(work.session, item_no, dimension, number)
        )
        if own is None and not came_without:
            own = had.get((dimension, number))
        is_known = own is not None or came_without
        arrives_with = posting.check_arrival(
            item_no, line.tracking_code, part, own, is_known=is_known
        )
        dates[part.numbers] = arrives_with
        if record is not None and arrives_with != record.expiration_date:
            dated = replace(record, expiration_date=arrives_with)
            catalog.save_records(work.session, work.moment, [dated], [record])
    return dates


def _dates_had(work: Work, line: Line, handled: Sequence[Handled]) -> dict[Dated, date]:
    """The dates that numbers have on order, or get here by whichever part names one first."""
    code = line.tracking_code
    had: dict[Dated, date] = {}
    if code is not None and code.expiration_used:
        had |= dates_had(work, line.item.item_no, [part.numbers for part in handled])
    for part in handled:
        number = dated_number(part.numbers)
        if number is not None and part.expiration_date is not None:
            had.setdefault(number, part.expiration_date)
    return had
