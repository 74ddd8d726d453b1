"""Posting document lines: ship, receive, consume, output."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from earmark.core import entering, posting
from earmark.core.commands import Post
from earmark.core.documents import POSTED_BY
from earmark.core.items import ReservePolicy
from earmark.core.ledger import AppliedQuantity, LedgerEntry
from earmark.core.outcome import Outcome, Warning
from earmark.core.posting import Handled
from earmark.core.quantity import ONE, ZERO, positive
from earmark.core.stock import STOCK, Line, Supply, TrackedQuantity, demand_of
from earmark.core.tracking import Numbers, check_numbers_once, check_serial_quantity
from earmark.database import catalog, lines, stock
from earmark.database.engine import Database
from earmark.database.unit_of_work import Locking, Work, told, unit_of_work
from earmark.errors import (
    DocumentUnknown,
    ExceedsOutstanding,
    NotPostable,
    NotReserved,
    NotTracked,
    NumberUnknown,
    SerialQuantity,
)
from earmark.usecases.adjusting import adjust as adjust
from earmark.usecases.adjusting import reclassify as reclassify
from earmark.usecases.catalog import dated_dimension, know_numbers
from earmark.usecases.naming import is_line
from earmark.usecases.supplying import reshape
from earmark.usecases.undoing import undo as undo


def post(database: Database, command: Post) -> Outcome:
    """Post a line, or all lines of a document: ship, receive, consume or output.

    What goes out uses up the line's own reservations and moves nonspecific holders of what was
    picked; what comes in keeps the reservations made of it. All of it is posted, or nothing.
    """
    if command.quantity is not None:
        positive(command.quantity)
    whole = not is_line(command.line)
    locking = Locking(documents=[command.line]) if whole else Locking(lines=[command.line])
    with unit_of_work(database, command, locking=locking) as work:
        if work.repeated:
            return work.repeated[0]
        posted = _lines_to_post(work, command) if whole else [work.line(command.line)]
        warnings: list[Warning] = []
        for line in posted:
            warnings += _post_line(work, command, line)
        work.save()
        said = told(work.changes())
        outcome = replace(
            said,
            warnings=(*warnings, *said.warnings),
            entries=tuple(entry.name for entry in work.pending.entries),
            posting=str(work.moment),
        )
        return work.report(command.posting.value, command.line, outcome)


def _lines_to_post(work: Work, command: Post) -> list[Line]:
    if not work.lines:
        raise DocumentUnknown(document_no=command.line)
    return [
        line
        for line in work.lines.values()
        if POSTED_BY[line.kind] is command.posting and line.outstanding > ZERO
    ]


def _post_line(work: Work, command: Post, line: Line) -> list[Warning]:
    if POSTED_BY[line.kind] is not command.posting:
        why = f"a {line.kind} line is posted by {POSTED_BY[line.kind]}"
        raise NotPostable(line=line.line, verb=command.posting, why=why)
    if not line.takes_part:
        why = f"its order is {line.status.replace('_', ' ')}"
        raise NotPostable(line=line.line, verb=command.posting, why=why)
    quantity = line.outstanding if command.quantity is None else command.quantity
    if quantity > line.outstanding or quantity == ZERO:
        raise ExceedsOutstanding(
            line=line.line, unreserved=line.outstanding, of_number=" to post", quantity=quantity
        )
    before = lines.tracking_of(work.session, [line])[line.line]
    _check_picked(line, command)
    picked = posting.picked(line, before, command.numbers)
    handled = posting.to_handle(line, picked, quantity)
    _check_whole_serials(line, quantity)
    posted_on = command.date or work.today
    if line.kind.is_demand:
        return _post_out(work, command, line, (before, picked), handled, posted_on)
    _post_in(work, command, line, (before, picked), handled, posted_on)
    return []


def _check_picked(line: Line, command: Post) -> None:
    for entry in command.numbers:
        if line.tracking_code is None:
            raise NotTracked(item_no=line.item.item_no, number=str(entry.numbers))
        check_serial_quantity(line.item.item_no, entry.serial_no, positive(entry.quantity))
    check_numbers_once(line.line, command.numbers)


def _check_whole_serials(line: Line, quantity: Decimal) -> None:
    code = line.tracking_code
    if code is not None and any(d == "serial" for d in code.entered) and quantity % ONE:
        raise SerialQuantity(serial_no="", item_no=line.item.item_no, quantity=quantity)


def _handled_tracking(
    picked: Sequence[TrackedQuantity], handled: Sequence[Handled]
) -> list[TrackedQuantity]:
    """The tracking lines after posting; the rest is to handle again."""
    done = {part.numbers: part.quantity for part in handled if part.numbers}
    return [
        replace(t, to_handle=None, handled=t.handled + done.get(t.numbers, ZERO)) for t in picked
    ]


Tracking = tuple[Sequence[TrackedQuantity], Sequence[TrackedQuantity]]
"""The tracking lines before a posting, and with what was picked."""


def _post_out(  # noqa: PLR0913 - what one posting is
    work: Work,
    command: Post,
    line: Line,
    tracking: Tracking,
    handled: tuple[Handled, ...],
    posted_on: date,
) -> list[Warning]:
    balance, demand = work.balance(line), demand_of(line)
    balance.replace_demand(demand)
    quantity = sum((part.quantity for part in handled), ZERO)
    _check_always_reserved(work, line, quantity)
    leaving = posting.Leaving(
        line.item.item_no, line.key.location_code, line, line.tracking_code, handled, posted_on
    )
    check_known(work, line.item.item_no, [leaving.asked(part) for part in handled])
    taken, warnings = posting.take_out(balance, leaving)
    write_out(work, leaving, taken, verb=command.posting.value, bin_code=line.bin_code)
    after = _handled_tracking(tracking[1], handled)
    posted = replace(line, posted=line.posted + quantity)
    work.pending.replace_lines(posted)
    work.pending.tracking.append((line, tracking[0], after))
    entering.settle(balance, demand_of(posted), after)
    work.lines[line.line] = posted
    return warnings


def _check_always_reserved(work: Work, line: Line, quantity: Decimal) -> None:
    reserved = work.balance(line).reserved_of(line.line)
    if line.policy[0] is ReservePolicy.ALWAYS and reserved < quantity:
        raise NotReserved(line=line.line, quantity=quantity, reserved=reserved)


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
    """Write the ledger entries of goods that leave, and what they used."""
    balances = [b for b in (work.balances()) if b.shelf.key.location_code == leaving.location_code]
    balance = next(b for b in balances if b.shelf.key.item_no == leaving.item_no)
    entry_nos = work.new_numbers(leaving.item_no, len(leaving.handled))
    for entry_no, part in zip(entry_nos, leaving.handled, strict=True):
        work.pending.entries.append(
            LedgerEntry(
                entry_no=entry_no,
                key=balance.shelf.key,
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


def _post_in(  # noqa: PLR0913 - what one posting is
    work: Work,
    command: Post,
    line: Line,
    tracking: Tracking,
    handled: tuple[Handled, ...],
    posted_on: date,
) -> None:
    balance = work.balance(line)
    arrived = new_stock(
        work, line, handled, posted_on, verb=command.posting.value, bin_code=line.bin_code
    )
    quantity = sum((part.quantity for part in handled), ZERO)
    after = _handled_tracking(tracking[1], handled)
    posted = replace(line, posted=line.posted + quantity)
    parts = reshape(work, posted, after)
    fresh = {part.supply_no for part in work.pending.new}
    for part in parts:
        if part.supply_no in fresh:
            balance.put(replace(part, quantity=ZERO))
    posting.arrive(balance, arrived, parts)
    work.pending.replace_lines(posted)
    work.pending.tracking.append((line, tracking[0], after))
    work.lines[line.line] = posted


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
) -> list[Supply]:
    """Write the ledger entries of goods that arrive, after every check of their numbers.

    ``line`` says which item arrives where; the supplies it gives back are not in the balance yet.
    """
    item_no, code = line.item.item_no, line.tracking_code
    posting.check_numbers_complete(item_no, code, handled)
    serials = [part.numbers.serial_no for part in handled]
    is_matched = code is not None and any(d == "serial" for d in code.specific)
    if is_matched:
        there = stock.serials_in_stock(work.session, line.key, serials)
        there |= {s.numbers.serial_no for s in work.pending.new_serials}
        for serial_no in serials:
            posting.check_serial_arrival(item_no, serial_no, there)
    dates = _dates(work, line, handled)
    know_numbers(work, item_no, dates)
    records = catalog.records(work.session, item_no, dates)
    arrived = []
    for entry_no, part in zip(work.new_numbers(item_no, len(handled)), handled, strict=True):
        is_blocked, expires = catalog.judged(records, part.numbers)
        supply = Supply(
            entry_no, STOCK, line.key, "", part.numbers, part.quantity, ZERO, ZERO,
            None, posted_on, expires, is_blocked,
        )
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


def _dates(work: Work, line: Line, handled: Sequence[Handled]) -> dict[Numbers, object]:
    """The expiration date each number arrives with; refused where it is missing or differs."""
    item_no = line.item.item_no
    records = catalog.records(work.session, item_no, [part.numbers for part in handled])
    dates: dict[Numbers, object] = {}
    given: dict[str, date | None] = {}
    for part in handled:
        dimension = dated_dimension(part.numbers)
        if dimension is None:
            continue
        number = part.numbers.get(dimension)
        record = records.get((dimension, number))
        own = record.expiration_date if record else given.get(number)
        is_known = own is not None or (
            record is not None and stock.was_ever_in_stock(work.session, item_no, dimension, number)
        )
        arrives_with = posting.check_arrival(
            item_no, line.tracking_code, part, own, is_known=is_known
        )
        given[number] = arrives_with
        dates[part.numbers] = arrives_with
        if record is not None and arrives_with != record.expiration_date:
            dated = replace(record, expiration_date=arrives_with)
            catalog.save_records(work.session, work.moment, [dated], [record])
    return dates
