"""The integrity check: every invariant recomputed from the rows; it should find nothing."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from earmark.core.entering import parts_of
from earmark.core.quantity import ONE, ZERO
from earmark.core.stock import Line, ReservationEntry, Supply, TrackedQuantity
from earmark.core.views import Finding
from earmark.database import catalog, ledger, lines
from earmark.database.engine import Database
from earmark.database.views import View, view
from earmark.usecases import verifying_goods


def verify(database: Database) -> tuple[Finding, ...]:
    """Recompute every invariant; whatever disagrees is a finding.

    Reserved on a supply at most its quantity; reserved for a demand at most its outstanding
    quantity; a serial number one, and promised whole; what is left of every ledger entry as the
    applications say; supply lines in parts that add up; totals kept by the database as the entries
    add up.

    Goods of a stock key as its movements add up; supply on order where its line is; holds that have
    ended counted in no figure. A few earlier moments, other ones each time, are recomputed from the
    history: nothing was promised twice then either.
    """
    return (*_now(database), *_then(database))


def _then(database: Database) -> Iterator[Finding]:
    with view(database) as seen:
        moments = verifying_goods.some_moments(seen.session)
    for moment in moments:
        with view(database, moment) as seen:
            for item in catalog.items(seen.session):
                yield from verifying_goods.then(seen, item.item_no)


def _now(database: Database) -> tuple[Finding, ...]:
    with view(database) as seen:
        all_lines = lines.everything(seen.session)
        tracking = seen.tracking(all_lines)
        by_item: dict[str, list[Line]] = {}
        for line in all_lines:
            by_item.setdefault(line.key.item_no, []).append(line)
        told = verifying_goods.told_figures(seen.session, seen.now)
        found: list[Finding] = []
        for item in catalog.items(seen.session):
            of_item = by_item.get(item.item_no, [])
            supplies = {s.supply_no: s for s in seen.ever(item.item_no)}
            entries = seen.active(item.item_no)
            found += _supply_totals(supplies, entries)
            found += _line_totals(of_item, entries)
            found += _remaining(seen, item.item_no, supplies)
            found += _parts(of_item, tracking, supplies)
            found += _specific(of_item, tracking, entries, supplies)
            found += verifying_goods.by_stock_key(seen, item.item_no, supplies)
            found += verifying_goods.of_their_lines(of_item, supplies)
            found += verifying_goods.figures(seen, supplies, entries, told, item.item_no)
        return tuple(found)


def _supply_totals(
    supplies: dict[int, Supply], entries: list[ReservationEntry]
) -> Iterator[Finding]:
    reserved: dict[int, Decimal] = {}
    loose: dict[int, Decimal] = {}
    for entry in entries:
        number = entry.slot.supply_no
        reserved[number] = reserved.get(number, ZERO) + entry.quantity
        if entry.slot.is_movable:
            loose[number] = loose.get(number, ZERO) + entry.quantity
        if number not in supplies:
            yield Finding(check="supply", record=entry.slot.line, message="it is of no supply")
    for number, supply in supplies.items():
        total = reserved.get(number, ZERO)
        if total > supply.quantity:
            said = f"{total} reserved of {supply.quantity}"
            yield Finding(check="over-reserved supply", record=supply.name, message=said)
        if total != supply.reserved or loose.get(number, ZERO) != supply.nonspecific:
            said = f"the total says {supply.reserved}, the entries add up to {total}"
            yield Finding(check="supply total", record=supply.name, message=said)
        if supply.numbers.serial_no and supply.quantity not in (ZERO, ONE):
            said = f"serial no. {supply.numbers.serial_no} stands for {supply.quantity}"
            yield Finding(check="serial", record=supply.name, message=said)
        if supply.numbers.serial_no and total not in (ZERO, ONE):
            said = f"{total} of serial no. {supply.numbers.serial_no} are reserved"
            yield Finding(check="serial", record=supply.name, message=said)


def _line_totals(of_item: list[Line], entries: list[ReservationEntry]) -> Iterator[Finding]:
    reserved: dict[str, Decimal] = {}
    for entry in entries:
        reserved[entry.slot.line] = reserved.get(entry.slot.line, ZERO) + entry.quantity
    for line in of_item:
        total = reserved.pop(line.line, ZERO)
        if total > line.outstanding:
            said = f"{total} reserved of {line.outstanding}"
            yield Finding(check="over-reserved line", record=line.line, message=said)
        if line.kind.is_demand and total != line.reserved:
            said = f"the total says {line.reserved}, the entries add up to {total}"
            yield Finding(check="line total", record=line.line, message=said)
    for gone, total in reserved.items():
        said = f"{total} reserved, but there is no such line"
        yield Finding(check="line", record=gone, message=said)


def _remaining(seen: View, item_no: str, supplies: dict[int, Supply]) -> Iterator[Finding]:
    left: dict[int, Decimal] = {}
    for entry in ledger.of_item(seen.session, item_no, verifying_goods.LATEST):
        if entry.quantity > ZERO:
            left[entry.entry_no] = entry.quantity
    for used in ledger.applied(seen.session, item_no, verifying_goods.LATEST):
        left[used.in_entry_no] = left.get(used.in_entry_no, ZERO) - used.quantity
    for supply in supplies.values():
        if supply.is_stock and supply.quantity != left.get(supply.supply_no, ZERO):
            said = f"{supply.quantity} left, the ledger says {left.get(supply.supply_no, ZERO)}"
            yield Finding(check="ledger", record=supply.name, message=said)


def _parts(
    of_item: list[Line], tracking: dict[str, list[TrackedQuantity]], supplies: dict[int, Supply]
) -> Iterator[Finding]:
    there = {(s.source, s.numbers): s.quantity for s in supplies.values() if s.source}
    for line in of_item:
        if line.kind.is_demand:
            continue
        wanted = parts_of(line, tracking[line.line])
        for numbers, part in wanted.items():
            found = there.pop((line.line, numbers), ZERO)
            if found != part.left:
                said = f"{numbers}: {found} of supply, {part.left} on the line"
                yield Finding(check="supply line", record=line.line, message=said)
    for (source, numbers), quantity in there.items():
        if quantity > ZERO:
            said = f"{numbers}: {quantity} of supply, nothing on the line"
            yield Finding(check="supply line", record=source, message=said)


def _specific(
    of_item: list[Line],
    tracking: dict[str, list[TrackedQuantity]],
    entries: list[ReservationEntry],
    supplies: dict[int, Supply],
) -> Iterator[Finding]:
    named = {line.line: line for line in of_item}
    entered = {
        line.line: {t.numbers.only(line.specific) for t in tracking[line.line]} for line in of_item
    }
    for entry in entries:
        line, supply = named.get(entry.slot.line), supplies.get(entry.slot.supply_no)
        if line is None or supply is None:
            continue
        if supply.key != line.key:
            said = f"it stands on {supply.name}, which is elsewhere"
            yield Finding(check="stock key", record=line.line, message=said)
        if entry.slot.asked and not supply.numbers.serves(entry.slot.asked):
            said = f"it names {entry.slot.asked} and stands on {supply.numbers}"
            yield Finding(check="specific", record=line.line, message=said)
        if entry.slot.asked and entry.slot.asked not in entered[line.line]:
            said = f"it names {entry.slot.asked}, which is not on the line"
            yield Finding(check="specific", record=line.line, message=said)
