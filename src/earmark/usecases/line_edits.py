"""Changing a document line: quantity, date, place, variant, unit, bin or item."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from earmark.core import line_changes
from earmark.core.commands import KEEP, EditLine
from earmark.core.days import reckonable
from earmark.core.items import Item, ReservePolicy, StockKey
from earmark.core.outcome import Outcome
from earmark.core.parts import in_base_unit
from earmark.core.quantity import ZERO, percentage, positive
from earmark.core.stock import Line, TrackedQuantity, demand_of
from earmark.database import catalog, lines, tracking_lines
from earmark.database.engine import Database
from earmark.database.unit_of_work import Locking, Work, reading, told, unit_of_work
from earmark.errors import (
    AlreadyHandled,
    ItemUnknown,
    LineReserved,
    LocationUnknown,
    TrackingExceedsLine,
)
from earmark.usecases.door import at_the_door
from earmark.usecases.reservations import auto_reserve
from earmark.usecases.supplying import reshape


@at_the_door
def edit_line(database: Database, command: EditLine) -> Outcome:
    """Change a document line, and keep its reservations as far as they still fit.

    A smaller quantity gives up what no longer fits by itself. Another item, variant or location
    of a reserved line, and a date in conflict that no move can mend, are refused unless the
    command says ``release``; then just what no longer fits is released.
    """
    locking = Locking(lines=[command.line], keys=_new_keys(database, command))
    with unit_of_work(database, command, locking=locking) as work:
        if work.repeated:
            return work.repeated[0]
        before = work.line(command.line)
        after = _edited(work, before, command)
        tracking = tracking_lines.tracking_of(work.session, [before])[before.line]
        kept = _check(before, after, tracking, command)
        if before.kind.is_demand:
            _edit_demand(work, before, after, command)
        else:
            _edit_supply(work, before, after, kept, command)
        _write(work, before, after, tracking, kept)
        reserved = _top_up(work, before, after)
        outcome = replace(told(work.save()), reserved=reserved)
        return work.report("edit", command.line, outcome)


def _new_keys(database: Database, command: EditLine) -> list[StockKey]:
    """The stock key a line moves to, where it moves; locked with the one it leaves."""
    moves = (command.item_no, command.variant_code, command.location_code)
    if all(field is KEEP for field in moves):
        return []
    with reading(database) as session:
        found = lines.by_line(session, [command.line])
    return [_new_key(line, command) for line in found.values()]


def _new_key(line: Line, command: EditLine) -> StockKey:
    item_no = line.key.item_no if command.item_no is KEEP else command.item_no
    variant = line.key.variant_code if command.variant_code is KEEP else command.variant_code
    place = line.key.location_code if command.location_code is KEEP else command.location_code
    return StockKey(item_no, variant, place)


def _edited(work: Work, before: Line, command: EditLine) -> Line:
    """The line as it will be, after every check of what it refers to."""
    key = _new_key(before, command)
    item = _item(work, before, key.item_no)
    item.check_variant(key.variant_code)
    if key.location_code and key.location_code not in catalog.locations(work.session):
        raise LocationUnknown(location_code=key.location_code)
    unit = before.unit if command.unit is KEEP else command.unit or item.base_unit
    in_unit = before.quantity_in_unit if command.quantity is KEEP else positive(command.quantity)
    same = unit == before.unit and key.item_no == before.key.item_no
    per_unit = before.quantity_per_unit if same else item.quantity_per(unit)
    kept = same and in_unit == before.quantity_in_unit
    code = catalog.tracking_codes(work.session).get(item.tracking_code)
    return replace(
        before,
        key=key,
        item=item,
        tracking_code=code,
        unit=unit,
        quantity_in_unit=in_unit,
        quantity=before.quantity if kept else in_base_unit(item, code, per_unit, in_unit),
        quantity_per_unit=per_unit,
        date=before.date if command.date is KEEP else reckonable(command.date),
        bin_code=before.bin_code if command.bin_code is KEEP else command.bin_code,
        over_receipt_percentage=before.over_receipt_percentage
        if command.over_receipt_percentage is KEEP
        else percentage(command.over_receipt_percentage),
    )


def _item(work: Work, before: Line, item_no: str) -> Item:
    if item_no == before.key.item_no:
        return before.item
    found = catalog.some_items(work.session, [item_no])
    if item_no not in found:
        raise ItemUnknown(item_no=item_no)
    return found[item_no]


def _check(
    before: Line, after: Line, tracking: list[TrackedQuantity], command: EditLine
) -> list[TrackedQuantity]:
    """Refuse what can not be; gives back the tracking lines that stay."""
    if after.quantity < before.posted or (before.posted and after.key != before.key):
        what = "a line can not fall below that, nor move"
        raise AlreadyHandled(handled=before.posted, line=before.line, what=what)
    kept = tracking
    if tracking and after.key.item_no != before.key.item_no:
        if not command.release:
            raise LineReserved(line=before.line, reserved=before.reserved, field="item")
        kept = []
    tracked = sum((entry.quantity for entry in kept), ZERO)
    if tracked > after.quantity:
        raise TrackingExceedsLine(line=before.line, tracked=tracked, quantity=after.quantity)
    return kept


def _changed_field(before: Line, after: Line) -> str:
    names = ("item", "variant", "location")
    return next(n for n, b, a in zip(names, before.key, after.key, strict=True) if b != a)


def _edit_demand(work: Work, before: Line, after: Line, command: EditLine) -> None:
    balance = work.balance(before)
    if after.key != before.key:
        if balance.reserved_of(before.line) and not command.release:
            raise LineReserved(
                line=before.line,
                reserved=balance.reserved_of(before.line),
                field=_changed_field(before, after),
            )
        line_changes.release_all(balance, before.line, "the line moved")
        return
    demand = demand_of(after)
    balance.replace_demand(demand)
    line_changes.shrink(balance, demand, "the line needs less")
    if after.date != before.date:
        line_changes.redate_demand(balance, demand, release=command.release)


def _edit_supply(
    work: Work, before: Line, after: Line, kept: list[TrackedQuantity], command: EditLine
) -> None:
    balance = work.balance(before)
    parts = balance.know(balance.shelf.of_source(before.line))
    if after.key != before.key:
        holders = balance.slots_on(part.supply_no for part in parts)
        if holders and not command.release:
            reserved = sum((balance.held[slot] for slot in holders), ZERO)
            field = _changed_field(before, after)
            raise LineReserved(line=before.line, reserved=reserved, field=field)
        for slot in holders:
            balance.release(slot, balance.held[slot], "the supply moved")
        _move_parts(work, before, after, kept)
        return
    shaped = reshape(work, after, kept)
    line_changes.resize_supply(balance, shaped, "the supply was cut")
    if after.date != before.date:
        line_changes.redate_supply(
            balance, [balance.supply(part.supply_no) for part in shaped], release=command.release
        )


def _move_parts(work: Work, before: Line, after: Line, kept: list[TrackedQuantity]) -> None:
    """Let the supplies of a line go with it to another place; under another item they are new."""
    if after.key.item_no == before.key.item_no:
        work.balance_of(after.key, after).know(
            replace(part, key=after.key)
            for part in work.balance(before).shelf.of_source(before.line)
        )
        reshape(work, after, kept)
        return
    reshape(work, replace(before, takes_part=False), [])
    for part in reshape(work, after, kept):
        work.balance(after).put(part)


def _write(
    work: Work,
    before: Line,
    after: Line,
    tracking: list[TrackedQuantity],
    kept: list[TrackedQuantity],
) -> None:
    if kept != tracking:
        work.pending.tracking.append((before, tracking, kept))
    if after.key.item_no != before.key.item_no:
        work.pending.replace_lines(replace(before, is_deleted=True))
    work.pending.replace_lines(after)


def _top_up(work: Work, before: Line, after: Line) -> Decimal:
    """Reserve what a line that is always reserved has open after the change."""
    if not after.kind.is_demand or after.policy[0] is not ReservePolicy.ALWAYS:
        return ZERO
    if after.key != before.key:
        after = replace(after, reserved=ZERO)
    return auto_reserve(work, after).reserved
