"""Posting document lines: ship, receive, consume, output."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from earmark.core import entering, posting, surplus
from earmark.core.commands import Post
from earmark.core.documents import POSTED_BY, Posting
from earmark.core.items import ReservePolicy
from earmark.core.outcome import Notice, Outcome
from earmark.core.parts import part_of
from earmark.core.posting import Handled
from earmark.core.quantity import ZERO, plain
from earmark.core.settling import fitted, meant_as
from earmark.core.stock import Line, TrackedQuantity, demand_of
from earmark.core.tracking import check_numbers_once, check_serial_quantity
from earmark.database import ledger, tracking_lines
from earmark.database.engine import Database
from earmark.database.unit_of_work import Locking, Work, told, unit_of_work
from earmark.errors import (
    DocumentUnknown,
    EarmarkError,
    ExceedsOutstanding,
    NotPostable,
    NotReserved,
    NotTracked,
)
from earmark.usecases.door import at_the_door
from earmark.usecases.goods import check_known, new_stock, write_out
from earmark.usecases.naming import document_named, is_line
from earmark.usecases.spelling import claimed_tracking
from earmark.usecases.supplying import reshape


@at_the_door
def post(database: Database, command: Post) -> Outcome:
    """Post a line, or all lines of a document: ship, receive, consume or output.

    What goes out uses up the line's own reservations and moves nonspecific holders of what was
    picked; what comes in keeps the reservations made of it. All of it is posted, or nothing.
    """
    whole = not is_line(command.line)
    document = document_named(command.line)
    locking = Locking(documents=[document]) if whole else Locking(lines=[command.line])
    with unit_of_work(database, command, locking=locking) as work:
        if work.repeated:
            return work.repeated[0]
        posted = _lines_to_post(work, command) if whole else [work.line(command.line)]
        warnings: list[Notice] = []
        for line in posted:
            try:
                warnings += _post_line(work, command, line)
            except EarmarkError as refusal:
                raise refusal.on_line(line.line) if whole else refusal from None
        said = told(work.save())
        outcome = replace(
            said,
            warnings=(*warnings, *said.warnings),
            entries=tuple(entry.name for entry in work.pending.entries),
            posting=str(work.moment),
        )
        return work.report(command.posting.value, command.line, outcome)


def _lines_to_post(work: Work, command: Post) -> list[Line]:
    if not work.lines:
        raise DocumentUnknown(document_no=document_named(command.line))
    return [
        line
        for line in work.lines.values()
        if POSTED_BY[line.kind] is command.posting and line.outstanding > ZERO
    ]


def _post_line(work: Work, command: Post, line: Line) -> list[Notice]:
    if POSTED_BY[line.kind] is not command.posting:
        why = f"a {line.kind} line is posted by {POSTED_BY[line.kind]}"
        raise NotPostable(line=line.line, verb=command.posting, why=why)
    if not line.takes_part:
        why = f"its order is {line.status.replace('_', ' ')}"
        raise NotPostable(line=line.line, verb=command.posting, why=why)
    given = command.quantity
    whole = line.outstanding
    quantity = whole if given is None else meant_as(line, part_of(line, given), whole)
    if quantity == ZERO:
        raise _exceeds(line, ZERO, quantity)
    over = max(quantity - whole, ZERO)
    warnings = _check_over(work, command, line, over)
    before = tracking_lines.tracking_of(work.session, [line])[line.line]
    numbers = fitted(line, claimed_tracking(work, line, command.numbers), quantity)
    command = replace(command, numbers=numbers)
    _check_picked(line, command)
    picked, handled = surplus.planned(line, before, command.numbers, quantity)
    posted_on = command.date or work.work_date
    if line.kind.is_demand:
        return _post_out(work, command, line, (before, picked), handled, posted_on)
    beyond = surplus.beyond_plan(line, command.numbers, quantity)
    _post_in(work, command, line, (before, picked), handled, beyond, posted_on)
    return warnings


def _check_over(work: Work, command: Post, line: Line, over: Decimal) -> list[Notice]:
    """Refuse more than is outstanding, but of output and, within its percentage, of a receipt."""
    if not over:
        return []
    if command.posting is Posting.OUTPUT:
        said = f"{plain(over)} more of {line.line} were put out than planned; they are free."
        return [Notice("over-output", said)]
    allowed = ZERO
    if command.posting is Posting.RECEIVE:
        came = ledger.posted_on(work.session, line.line, line.item.item_no, command.posting.value)
        allowed = max(line.over_receipt - max(came - line.posted, ZERO), ZERO)
    if over > allowed:
        raise _exceeds(line, line.outstanding + allowed, line.outstanding + over)
    return []


def _exceeds(line: Line, most: Decimal, quantity: Decimal) -> ExceedsOutstanding:
    return ExceedsOutstanding(
        line=line.line, unreserved=most, of_number=" to post", quantity=quantity
    )


def _check_picked(line: Line, command: Post) -> None:
    for entry in command.numbers:
        if line.tracking_code is None:
            raise NotTracked(item_no=line.item.item_no, number=str(entry.numbers))
        check_serial_quantity(line.item.item_no, entry.serial_no, part_of(line, entry.quantity))
    check_numbers_once(line.line, command.numbers)


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


def _post_out(  # noqa: PLR0913, PLR0917 - what one posting is
    work: Work,
    command: Post,
    line: Line,
    tracking: Tracking,
    handled: tuple[Handled, ...],
    posted_on: date,
) -> list[Notice]:
    balance, demand = work.balance(line), demand_of(line)
    balance.replace_demand(demand)
    quantity = sum((part.quantity for part in handled), ZERO)
    _check_always_reserved(work, line, quantity)
    leaving = posting.Leaving(line.key, line, line.tracking_code, handled, posted_on)
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


def _post_in(  # noqa: PLR0913, PLR0917 - what one posting is
    work: Work,
    command: Post,
    line: Line,
    tracking: Tracking,
    handled: tuple[Handled, ...],
    beyond: tuple[Handled, ...],
    posted_on: date,
) -> None:
    balance = work.balance(line)
    arrived = new_stock(
        work,
        line,
        surplus.together(handled, beyond),
        posted_on,
        verb=command.posting.value,
        bin_code=line.bin_code,
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
