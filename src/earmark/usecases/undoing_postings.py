"""Undoing a posting: goods, open quantities and reservations go back to where they were."""

from __future__ import annotations

from dataclasses import replace

from earmark.core import line_changes
from earmark.core.commands import Undo
from earmark.core.ledger import AppliedQuantity, LedgerEntry
from earmark.core.outcome import Outcome
from earmark.core.quantity import ZERO
from earmark.core.stock import STOCK, Line, Supply, demand_of
from earmark.core.tracking import NO_NUMBERS
from earmark.database import catalog, ledger, lines, stock, tracking_lines
from earmark.database.engine import Database
from earmark.database.unit_of_work import Locking, Work, reading, told, unit_of_work
from earmark.errors import NotInStock, PostingUnknown
from earmark.usecases.adjusting import stand_in
from earmark.usecases.supplying import reshape


def undo_posting(database: Database, command: Undo, moment: int) -> Outcome:
    """Reverse a posting by new ledger entries; the old ones stay and say that they were undone.

    What went out is in stock again, the line has it outstanding again, and what the line had
    reserved of it is reserved again. What came in goes out again, if it is all still there, and
    the reservations that had followed it stand on the line again.
    """
    with reading(database) as session:
        keys = [entry.key for entry in ledger.of_posting(session, moment)]
    with unit_of_work(database, command, locking=Locking(keys=keys)) as work:
        if work.repeated:
            return work.repeated[0]
        entries = ledger.of_posting(work.session, moment)
        if any(entry.undone for entry in entries):
            raise PostingUnknown(posting=command.posting)
        for entry in entries:
            if entry.quantity > ZERO:
                _take_back(work, entry)
        for entry in entries:
            if entry.quantity < ZERO:
                _put_back(work, entry)
        ledger.mark_undone(work.session, work.moment, entries)
        said = told(work.save())
        outcome = replace(
            said,
            entries=tuple(entry.name for entry in work.pending.entries),
            posting=str(work.moment),
        )
        return work.report("undo", entries[0].line or entries[0].key.item_no, outcome)


def _line_of(work: Work, entry: LedgerEntry) -> Line | None:
    """The line an entry was posted for, as it stands in this unit of work."""
    if not entry.line:
        return None
    if entry.line not in work.lines:
        found = lines.by_line(work.session, [entry.line])
        if entry.line not in found:
            raise PostingUnknown(posting=str(entry.moment))
        work.lines.update(found)
    return work.lines[entry.line]


def _correction(work: Work, entry: LedgerEntry) -> LedgerEntry:
    number = work.new_numbers(entry.key.item_no, 1)[0]
    made = replace(
        entry,
        entry_no=number,
        quantity=-entry.quantity,
        verb="undo",
        description=f"undoes {entry.name}",
    )
    work.pending.entries.append(made)
    return made


def _put_back(work: Work, entry: LedgerEntry) -> None:
    """What went out is in stock again, under the numbers and the age it had."""
    line = _line_of(work, entry)
    item = catalog.some_items(work.session, [entry.key.item_no])[entry.key.item_no]
    code = catalog.tracking_codes(work.session).get(item.tracking_code)
    serials = code is not None and any(d == "serial" for d in code.specific)
    for used in ledger.used_by(work.session, entry):
        was = stock.some(work.session, entry.key.item_no, [used.in_entry_no])[0]
        made = _correction(work, replace(entry, quantity=-used.quantity, numbers=was.numbers))
        back = Supply(
            made.entry_no,
            STOCK,
            entry.key,
            "",
            was.numbers,
            used.quantity,
            ZERO,
            ZERO,
            None,
            was.posted_on,
            was.expiration_date,
            was.is_blocked,
        )
        (work.pending.new_serials if serials else work.pending.new).append(back)
        if line is not None:
            work.balance(line).put(back)
    if line is not None:
        _reopen(work, line, entry)
        _reserve_again(work, work.lines[line.line], entry)


def _reopen(work: Work, line: Line, entry: LedgerEntry) -> None:
    """The line has the quantity outstanding again, its numbers are to handle again."""
    quantity = abs(entry.quantity)
    after = replace(line, posted=line.posted - quantity)
    work.lines[line.line] = after
    work.pending.replace_lines(after)
    pending = [t for t in work.pending.tracking if t[0].line == line.line]
    before = (
        pending[0][1] if pending else tracking_lines.tracking_of(work.session, [line])[line.line]
    )
    now = pending[0][2] if pending else before
    opened = [
        replace(t, handled=t.handled - quantity) if t.numbers == entry.numbers else t for t in now
    ]
    work.pending.tracking = [t for t in work.pending.tracking if t[0].line != line.line]
    work.pending.tracking.append((line, before, opened))
    if line.kind.is_demand:
        work.balance(line).replace_demand(demand_of(after))


def _reserve_again(work: Work, line: Line, entry: LedgerEntry) -> None:
    """What the posting used up of the line's reservations is reserved again, of these goods."""
    balance = work.balance(line)
    used_up = stock.entries_ended(work.session, line.key.item_no, line.line, entry.moment)
    made = stock.entries_made(work.session, line.key.item_no, line.line, entry.moment)
    left = sum((e.quantity for e in used_up), ZERO) - sum((e.quantity for e in made), ZERO)
    left = min(left, line.outstanding - balance.reserved_of(line.line), abs(entry.quantity))
    asked = used_up[0].slot.asked if used_up else NO_NUMBERS
    for back in [*work.pending.new, *work.pending.new_serials]:
        quantity = min(left, balance.available(back.supply_no)) if back.key == line.key else ZERO
        if quantity > ZERO and back.numbers.serves(asked):
            slot = used_up[0].slot._replace(supply_no=back.supply_no, hold_until=None)
            balance.take(slot, quantity)
            left -= quantity


def _take_back(work: Work, entry: LedgerEntry) -> None:
    """What came in goes out again, if it is all still there."""
    line = _line_of(work, entry)
    supply = stock.some(work.session, entry.key.item_no, [entry.entry_no])[0]
    if supply.quantity != entry.quantity:
        raise NotInStock(
            item_no=entry.key.item_no,
            available=supply.quantity,
            location_code=entry.key.location_code,
            quantity=entry.quantity,
        )
    made = _correction(work, entry)
    work.pending.applied.append(
        AppliedQuantity(entry.key.item_no, made.entry_no, entry.entry_no, entry.quantity)
    )
    work.pending.change(replace(supply, quantity=ZERO))
    owner = line or _owner(work, entry)
    balance = work.balance_of(entry.key, owner)
    parts: list[Supply] = []
    if line is not None:
        _reopen(work, line, entry)
        reopened = work.lines[line.line]
        tracking = next(t[2] for t in work.pending.tracking if t[0].line == line.line)
        parts = reshape(work, reopened, tracking)
        for part in parts:
            balance.put(part)
    balance.know([supply])
    balance.put(replace(supply, quantity=ZERO))
    numbers = [supply.supply_no, *(part.supply_no for part in parts)]
    line_changes.settle_within(balance, supply.supply_no, numbers)
    line_changes.shed(balance, supply.supply_no, "the receipt was undone")


def _owner(work: Work, entry: LedgerEntry) -> Line:
    """A line of no document, to know the item's picking order by."""
    return stand_in(work, entry.key)
