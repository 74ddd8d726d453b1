"""Item tracking lines: entering, assigning and selecting numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from earmark.core import entering, line_changes
from earmark.core.commands import AddNumbers, AssignNumbers, SelectEntries, Track
from earmark.core.outcome import Notice, Outcome
from earmark.core.parts import part_of
from earmark.core.quantity import ZERO
from earmark.core.selecting import select_entries as choose_entries
from earmark.core.settling import fitted
from earmark.core.stock import Binding, Line, TrackedQuantity, demand_of
from earmark.core.tracking import Dimension, Numbers, TrackingLine, tracking_line
from earmark.database import catalog, lines, shelf, stock, tracking_lines
from earmark.database.engine import Database
from earmark.database.unit_of_work import Locking, Work, told, unit_of_work
from earmark.errors import (
    BindingFixed,
    EarmarkError,
    NotTracked,
    TrackingExceedsLine,
    ValueInvalid,
)
from earmark.usecases.dating import dated
from earmark.usecases.door import at_the_door, each_at_the_door, together_at_the_door
from earmark.usecases.spelling import claimed_tracking
from earmark.usecases.supplying import bound_demands, reshape


@at_the_door
def track(database: Database, command: Track) -> Outcome:
    """Replace a line's item tracking lines; no reservation is ever lost by it.

    Numbers that nobody has, or that more lines ask for than there is, are warned of, not refused.
    """
    with unit_of_work(database, command, locking=Locking(lines=[command.line])) as work:
        if work.repeated:
            return work.repeated[0]
        line = work.line(command.line)
        warnings = _track(work, line, command.numbers)
        work.save()
        return work.report("track", command.line, _said(work, warnings))


@each_at_the_door
def track_each(database: Database, commands: Sequence[Track]) -> list[Outcome | EarmarkError]:
    """Replace the item tracking lines of many lines; each has its own answer, in the order given.

    A line that is refused leaves the others alone. Whose reservations were moved or released is
    told once for all of them, by the first line that was done.
    """
    if not commands:
        return []
    locking = Locking(lines=[command.line for command in commands])
    with unit_of_work(database, *commands, locking=locking) as work:
        if work.answered:
            return work.answered
        answers: list[Outcome | EarmarkError] = []
        for command in commands:
            try:
                warnings = _track(work, work.line(command.line), command.numbers)
                answers.append(Outcome(reference=command.line, warnings=tuple(warnings)))
            except EarmarkError as refusal:
                answers.append(refusal)
        work.save()
        _tell_first(answers, told(work.changes()))
        return work.report_each("track", commands[0].line, answers)


def _tell_first(answers: list[Outcome | EarmarkError], said: Outcome) -> None:
    """Let the first line that was done tell what became of everybody's reservations."""
    for at, answer in enumerate(answers):
        if isinstance(answer, Outcome):
            answers[at] = replace(
                said, reference=answer.reference, warnings=(*answer.warnings, *said.warnings)
            )
            return


@together_at_the_door
def track_together(database: Database, commands: Sequence[Track]) -> Outcome:
    """Replace the item tracking lines of several lines: all of them, or none."""
    if not commands:
        return Outcome(verb="track")
    wanted = [command.line for command in commands]
    with unit_of_work(database, *commands, locking=Locking(lines=wanted)) as work:
        if work.repeated:
            return work.repeated[0]
        warnings: list[Notice] = []
        for row, command in enumerate(commands):
            try:
                warnings += _track(work, work.line(command.line), command.numbers)
            except EarmarkError as error:
                error.facts.setdefault("row", row)
                raise
        work.save()
        first = _said(work, warnings)
        others = [Outcome(reference=command.line) for command in commands[1:]]
        reported = work.report_each("track", commands[0].line, [first, *others])[0]
        assert isinstance(reported, Outcome), "what was done is reported as an outcome"
        return reported


@at_the_door
def add_numbers(database: Database, command: AddNumbers) -> Outcome:
    """Add numbers to those that a line has; what others entered meanwhile stays.

    As :func:`track` with the old and the new numbers together, read and written under one lock.
    """
    with unit_of_work(database, command, locking=Locking(lines=[command.line])) as work:
        if work.repeated:
            return work.repeated[0]
        line = work.line(command.line)
        before = tracking_lines.tracking_of(work.session, [line])[line.line]
        warnings = _track(
            work, line, [*(tracked.as_entered for tracked in before), *command.numbers]
        )
        work.save()
        return work.report("track", command.line, _said(work, warnings))


def _said(work: Work, warnings: list[Notice]) -> Outcome:
    said = told(work.changes())
    return replace(said, warnings=(*warnings, *said.warnings))


def _track(work: Work, line: Line, numbers: Sequence[TrackingLine]) -> list[Notice]:
    """Enter numbers on a line that is demand or supply, and settle its reservations."""
    numbers = claimed_tracking(work, line, numbers)
    tracking = _completed(work, line, numbers) if line.kind.is_demand else tuple(numbers)
    tracking = fitted(line, tracking, line.quantity)
    entering.check_tracking(line, tracking)
    before = tracking_lines.tracking_of(work.session, [line])[line.line]
    tracking = dated(work, line, tracking, before)
    after = entering.replaced(line, before, tracking)
    if line.kind.is_demand:
        return enter_on_demand(work, line, before, after)
    enter_on_supply(work, line, before, after)
    return []


def enter_on_demand(
    work: Work, line: Line, before: Sequence[TrackedQuantity], after: Sequence[TrackedQuantity]
) -> list[Notice]:
    """Write the numbers of a demand line and make its reservations agree with them."""
    balance, demand = work.balance(line), demand_of(line)
    balance.know_demands([demand])
    _check_bound(work, line, before, after)
    entering.settle(balance, demand, after)
    work.pending.tracking.append((line, before, after))
    return _warnings(work, line, after)


def enter_on_supply(
    work: Work, line: Line, before: Sequence[TrackedQuantity], after: Sequence[TrackedQuantity]
) -> None:
    """Write the numbers of a supply line; the demand it was made for takes them over."""
    balance = work.balance(line)
    parts = reshape(work, line, after)
    line_changes.resize_supply(balance, parts, "its number was taken off the supply")
    work.pending.tracking.append((line, before, after))
    for demand in bound_demands(work, line):
        _hand_over(work, demand.line, after)


def _hand_over(work: Work, demand_line: str, after: Sequence[TrackedQuantity]) -> None:
    found = lines.by_line(work.session, [demand_line])[demand_line]
    old = tracking_lines.tracking_of(work.session, [found])[demand_line]
    left = found.quantity
    new = []
    for tracked in after:
        quantity = min(left, tracked.quantity)
        if quantity > ZERO:
            new.append(replace(tracked, quantity=quantity, to_handle=None, handled=ZERO))
            left -= quantity
    if not any(entry.handled for entry in old):
        work.pending.tracking.append((found, old, new))


def _check_bound(
    work: Work, line: Line, before: Sequence[TrackedQuantity], after: Sequence[TrackedQuantity]
) -> None:
    """Refuse numbers on a demand where the supply made for it says which they are (BC 6.7.1)."""
    balance = work.balance(line)
    bound = [s for s in balance.slots_of(line.line) if s.binding is Binding.ORDER_TO_ORDER]
    if not bound:
        return
    supplies = balance.supplies(slot.supply_no for slot in bound)
    known = {tracked.numbers for tracked in before}
    foreign = [
        tracked.left
        for tracked in after
        if tracked.numbers not in known
        and not any(s.numbers and s.numbers.serves(tracked.numbers) for s in supplies)
    ]
    unbound = line.outstanding - sum((balance.held[slot] for slot in bound), ZERO)
    if sum(foreign, ZERO) > unbound:
        raise BindingFixed(supply=supplies[0].name, line=line.line)


def _completed(work: Work, line: Line, numbers: Sequence[TrackingLine]) -> tuple[TrackingLine, ...]:
    """A serial number on an outbound line brings the lot and the package it has in stock."""
    bare = [n.serial_no for n in numbers if n.serial_no and not (n.lot_no and n.package_no)]
    if not bare:
        return tuple(numbers)
    there = {s.numbers.serial_no: s.numbers for s in stock.by_serials(work.session, line.key, bare)}
    entered = line.specific
    done = []
    for given in numbers:
        known = there.get(given.serial_no)
        if known is not None and known.serves(given.numbers):
            lot_no = given.lot_no or (known.lot_no if Dimension.LOT in entered else "")
            package = Dimension.PACKAGE in entered
            package_no = given.package_no or (known.package_no if package else "")
            done.append(replace(given, lot_no=lot_no, package_no=package_no))
        else:
            done.append(given)
    return tuple(done)


def _warnings(work: Work, line: Line, after: Iterable[TrackedQuantity]) -> list[Notice]:
    entered = [tracked.numbers.only(line.specific) for tracked in after]
    named = [numbers for numbers in entered if numbers]
    if not named:
        return []
    item_no = line.key.item_no
    known = catalog.records(work.session, item_no, named)
    unknown = [n for n in named if any(n.get(d) and (d, n.get(d)) not in known for d in Dimension)]
    warnings = [Notice("number-unknown", f"Item {item_no} never had {n}.") for n in unknown]
    over = _over_requested(work, line, after)
    return warnings + [
        Notice("over-requested", f"More of {n} is asked for than there is.") for n in over
    ]


def _over_requested(work: Work, line: Line, after: Iterable[TrackedQuantity]) -> list[Numbers]:
    """The numbers of which more is entered on lines than there is."""
    totals: dict[Numbers, Decimal] = {}
    for other, numbers, left in tracking_lines.requested(work.session, line.key):
        if other != line.line:
            asked = numbers.only(line.specific)
            totals[asked] = totals.get(asked, ZERO) + left
    over = []
    for tracked in after:
        asked = tracked.numbers.only(line.specific)
        if not asked:
            continue
        there = sum((s.quantity for s in work.balance(line).asked(asked)), ZERO)
        if totals.get(asked, ZERO) + tracked.left > there:
            over.append(asked)
    return over


# -- New numbers -------------------------------------------------------------------------------


@at_the_door
def assign_numbers(database: Database, command: AssignNumbers) -> Outcome:
    """Add new serial numbers or a new lot to a line, from the item's series or customised.

    All of them, or none where one stands on the line already. The series goes on from the last.
    """
    with unit_of_work(database, command, locking=Locking(lines=[command.line])) as work:
        if work.repeated:
            return work.repeated[0]
        line = work.line(command.line)
        if line.tracking_code is None:
            raise NotTracked(item_no=line.item.item_no, number="a number")
        before = tracking_lines.tracking_of(work.session, [line])[line.line]
        untracked = line.quantity - sum((t.quantity for t in before), ZERO)
        quantity = part_of(line, untracked if command.quantity is None else command.quantity)
        new = _assigned(work, line, command, quantity)
        entered = [*(tracked.as_entered for tracked in before), *new]
        warnings = _track(work, line, entered)
        work.save()
        return work.report("assign", command.line, _said(work, warnings))


def _assigned(
    work: Work, line: Line, command: AssignNumbers, quantity: Decimal
) -> list[TrackingLine]:
    if command.what is Dimension.PACKAGE:
        raise ValueInvalid(field="What", value="package", why="only serials and lots have a series")
    lot_no = ""
    if command.new_lot or command.what is Dimension.LOT:
        first = command.first_no if command.what is Dimension.LOT else ""
        lot_no = first or _from_series(work, line, "lot_series", 1)[0]
    if command.what is Dimension.LOT:
        return [TrackingLine(lot_no=lot_no, quantity=quantity)]
    count = entering.whole(quantity, line)
    if command.first_no:
        serials = entering.counted_up(command.first_no, count, command.step)
    else:
        serials = _from_series(work, line, "serial_series", count)
    return entering.with_serials(lot_no, serials)


def _from_series(work: Work, line: Line, series: str, count: int) -> list[str]:
    """The next numbers of an item's series; the item remembers where it goes on."""
    item = catalog.lock_item(work.session, line.item.item_no)
    first = getattr(item, series)
    if not first:
        why = f"item {item.item_no} has none"
        raise ValueInvalid(field=series.replace("_", " ").capitalize(), value="", why=why)
    numbers = entering.counted_up(first, count + 1)
    if series == "lot_series":
        item = replace(item, lot_series=numbers[-1])
    else:
        item = replace(item, serial_series=numbers[-1])
    catalog.save_items(work.session, [item])
    return numbers[:-1]


# -- Select entries ----------------------------------------------------------------------------


@at_the_door
def select_entries(database: Database, command: SelectEntries) -> Outcome:
    """Fill a demand line's tracking lines from what is available to it, in picking order."""
    with unit_of_work(database, command, locking=Locking(lines=[command.line])) as work:
        if work.repeated:
            return work.repeated[0]
        line = work.line(command.line)
        if line.tracking_code is None:
            raise NotTracked(item_no=line.item.item_no, number="a number")
        before = tracking_lines.tracking_of(work.session, [line])[line.line]
        wanted = _to_select(line, before, command.quantity)
        chosen = choose_entries(
            work.balance(line), demand_of(line), before, _claims(work, line), wanted
        )
        entered = [tracked.as_entered for tracked in before]
        for numbers, quantity in chosen.items():
            entered = _added(entered, numbers, quantity)
        warnings = _track(work, line, entered)
        work.save()
        outcome = _said(work, warnings)
        got = sum(chosen.values(), ZERO)
        return work.report("select", command.line, replace(outcome, shortfall=wanted - got))


def _to_select(line: Line, before: Iterable[TrackedQuantity], quantity: Decimal | None) -> Decimal:
    tracked = sum((t.quantity for t in before), ZERO)
    untracked = line.quantity - tracked
    if quantity is None:
        return untracked
    if part_of(line, quantity) > untracked:
        raise TrackingExceedsLine(
            line=line.line, tracked=tracked + quantity, quantity=line.quantity
        )
    return quantity


def _claims(work: Work, line: Line) -> list[tuple[Numbers, Decimal]]:
    """What other lines have entered and not reserved under its number."""
    requested = tracking_lines.requested(work.session, line.key)
    others = list(dict.fromkeys(other for other, _, _ in requested if other != line.line))
    reserved: dict[tuple[str, Numbers], Decimal] = {}
    for entry in shelf.entries_of(work.session, line.key.item_no, others):
        if entry.slot.asked:
            key = (entry.slot.line, entry.slot.asked)
            reserved[key] = reserved.get(key, ZERO) + entry.quantity
    claims = []
    for other, numbers, left in requested:
        asked = numbers.only(line.specific)
        held = min(left, reserved.get((other, asked), ZERO))
        if held:
            reserved[other, asked] -= held
        if other != line.line and left > held:
            claims.append((asked, left - held))
    return claims


def _added(entered: list[TrackingLine], numbers: Numbers, quantity: Decimal) -> list[TrackingLine]:
    for at, given in enumerate(entered):
        if given.numbers == numbers:
            grown = replace(given, quantity=given.quantity + quantity)
            return [*entered[:at], grown, *entered[at + 1 :]]
    return [*entered, tracking_line(numbers, quantity)]
