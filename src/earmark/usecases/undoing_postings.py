"""Undoing a posting: goods, open quantities and reservations go back to where they were.

New ledger entries reverse the old ones, which stay and say that they were undone. What went out is
back in the very supply that it left, so that it has its old place in picking order; what came in
is gone. The reservations that the posting ended, made and moved are undone as those of any other
command are: each under its own number, binding and time limit, and for whoever made it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from earmark.core import line_changes, posting
from earmark.core.balance import RunningBalance
from earmark.core.commands import Undo
from earmark.core.ledger import AppliedQuantity, LedgerEntry
from earmark.core.outcome import Outcome
from earmark.core.quantity import ZERO, plain
from earmark.core.stock import Line, Supply, TrackedQuantity, demand_of
from earmark.core.tracking import Dimension, Numbers
from earmark.core.undoing import undo_reservations
from earmark.database import catalog, ledger, lines, stock, traces, tracking_lines
from earmark.database.engine import Database
from earmark.database.traces import Trace
from earmark.database.unit_of_work import Locking, Work, told, unit_of_work
from earmark.errors import NotInStock, PostingUnknown
from earmark.errors.undoing import Superseded
from earmark.usecases.adjusting import stand_in
from earmark.usecases.catalog import save_record
from earmark.usecases.supplying import reshape
from earmark.usecases.undoing_reservations import (
    differences,
    entered_by_number,
    is_spoilt,
    lines_held,
    lost_by_others,
    shortage,
)


def undo_posting(database: Database, command: Undo, found: Trace, held: Iterable[Line]) -> Outcome:
    """Reverse a posting; refused where its goods have gone, or where others hold what it brought.

    ``held`` are the lines whose reservations it changed. What was used up is reserved again as far
    as the goods are still good for it; the rest is the shortfall.
    """
    keys = {entry.key for entry in found.posted} | {line.key for line in held}
    with unit_of_work(database, command, locking=Locking(keys=sorted(keys))) as work:
        if work.repeated:
            return work.repeated[0]
        again = traces.trace(work.session, found.moment)
        assert again is not None, "a command left the history"
        if any(entry.undone for entry in again.posted):
            raise PostingUnknown(posting=command.posting)
        outcome = _Reversal(work, again).outcome()
        first = again.posted[0]
        return work.report("undo", first.line or first.key.item_no, outcome)


@dataclass(slots=True)
class _Reversal:
    """One posting being taken back: records and goods first, then lines, then who holds what."""

    work: Work
    found: Trace
    emptied: list[Supply] = field(default_factory=list)
    parts: dict[str, list[Supply]] = field(default_factory=dict)

    def outcome(self) -> Outcome:
        """Carry it out and say what came of it."""
        work, posted = self.work, self.found.posted
        self._records()
        for entry in posted:  # first what went out: it may have been what came in
            if entry.quantity < ZERO:
                self._put_back(entry)
        for entry in posted:
            if entry.quantity > ZERO:
                self._take_back(entry)
        self._reopen_lines()
        ledger.mark_undone(work.session, work.moment, posted)
        now = lines_held(work.session, self.found)
        known = {line.line: line for line in now} | work.lines
        undone = undo_reservations(
            differences(work, self.found, known, known),
            frozenset(work.lines),
            lambda line: known[line].outstanding,
            lambda supply, line: is_spoilt(work, self.found, supply, known[line]),
        )
        self._settle()
        said = told(work.save())
        return replace(
            said,
            reserved=undone.reserved,
            releases=(*lost_by_others(self.found, undone), *said.releases),
            shortfall=undone.shortfall,
            warnings=(*shortage(undone.shortfall), *said.warnings),
            entries=tuple(entry.name for entry in work.pending.entries),
            posting=str(work.moment),
        )

    # -- goods ---------------------------------------------------------------------------------

    def _records(self) -> None:
        """A number that got its expiration date by this posting has it no more.

        Unless the record was changed since, or other goods came under the number since.
        """
        session, moment = self.work.session, self.found.moment
        for before, after in self.found.records:
            known = catalog.records(session, after.item_no, [after.numbers])
            later = ledger.of_numbers(session, after.item_no, after.numbers, self.work.moment)
            used = any(e.moment > moment and not e.undone and e.verb != "undo" for e in later)
            then = before or replace(after, expiration_date=None)
            if after in known.values() and then != after and not used:
                save_record(self.work, then)

    def _put_back(self, entry: LedgerEntry) -> None:
        """What went out is in stock again, where it was, under the numbers and the age it had."""
        balance = self._balance(entry)
        for used in ledger.used_by(self.work.session, entry):
            (was,) = stock.some(self.work.session, entry.key.item_no, [used.in_entry_no])
            self._check_serial(was)
            made = self._correction(replace(entry, quantity=-used.quantity, numbers=was.numbers))
            self.work.pending.reversed.append(used)
            self.work.pending.applied.append(replace(used, in_entry_no=made.entry_no))
            self._resize(balance, was, used.quantity)

    def _check_serial(self, was: Supply) -> None:
        """A specific serial number that has come back some other way cannot come back twice."""
        number = was.numbers.serial_no
        line = stand_in(self.work, was.key)
        if number and Dimension.SERIAL in line.specific:
            there = stock.serials_in_stock(self.work.session, was.key, [number])
            item_no = was.key.item_no
            gone = {
                entry.numbers.serial_no
                for entry in self.found.posted
                if entry.quantity > ZERO and entry.key.item_no == item_no
            }
            left = {no: place for no, place in there.items() if no not in gone}
            posting.check_serial_arrival(was.key.item_no, number, left)

    def _take_back(self, entry: LedgerEntry) -> None:
        """What came in goes out again, if it is all still there."""
        item_no = entry.key.item_no
        balance = self._balance(entry)
        (supply,) = balance.know(stock.some(self.work.session, item_no, [entry.entry_no]))
        if supply.quantity != entry.quantity:
            raise NotInStock(
                item_no=f"{item_no}, {supply.numbers}," if supply.numbers else item_no,
                available=supply.quantity,
                location_code=entry.key.location_code or "this location",
                quantity=entry.quantity,
            )
        made = self._correction(entry)
        used = AppliedQuantity(item_no, made.entry_no, entry.entry_no, entry.quantity)
        self.work.pending.applied.append(used)
        self._resize(balance, supply, -entry.quantity)
        self.emptied.append(supply)

    def _resize(self, balance: RunningBalance, supply: Supply, by: Decimal) -> None:
        balance.know([supply])
        known = balance.supply(supply.supply_no)
        after = replace(known, quantity=known.quantity + by)
        balance.put(after)
        self.work.pending.change(after)

    def _correction(self, entry: LedgerEntry) -> LedgerEntry:
        made = replace(
            entry,
            entry_no=self.work.new_numbers(entry.key.item_no, 1)[0],
            quantity=-entry.quantity,
            verb="undo",
            description=f"undoes {entry.name}",
        )
        self.work.pending.entries.append(made)
        return made

    def _balance(self, entry: LedgerEntry) -> RunningBalance:
        return self.work.balance_of(entry.key, stand_in(self.work, entry.key))

    # -- lines ---------------------------------------------------------------------------------

    def _reopen_lines(self) -> None:
        """Every line has outstanding again what the posting handled of it."""
        work = self.work
        names = dict.fromkeys(entry.line for entry in self.found.posted if entry.line)
        work.lines.update(lines.by_line(work.session, names))
        for name in names:
            if name not in work.lines:
                raise PostingUnknown(posting=str(self.found.moment))
            line = work.lines[name]
            after = replace(line, posted=line.posted - self._handled(name))
            work.lines[name] = after
            work.pending.replace_lines(after)
            self._reopen(after)

    def _handled(self, line: str) -> Decimal:
        """How much of a line was posted: less than its entries, where more was put out."""
        changes = (c for c in self.found.lines if c.line == line and c.before and c.after)
        return sum((c.after.posted - c.before.posted for c in changes), ZERO)  # type: ignore[union-attr]

    def _reopen(self, line: Line) -> None:
        work = self.work
        now = tracking_lines.tracking_of(work.session, [line])[line.line]
        before = self._as_before(line, now)
        opened = self._to_handle_again(line, now) if before is None else before
        work.pending.tracking.append((line, now, opened))
        if line.kind.is_demand:
            work.balance(line).replace_demand(demand_of(line))
            return
        self.parts[line.line] = reshape(work, line, opened)
        for part in self.parts[line.line]:
            work.balance(line).put(part)

    def _as_before(self, line: Line, now: list[TrackedQuantity]) -> list[TrackedQuantity] | None:
        """The tracking lines before the posting, where neither they nor what is asked changed."""
        change = next((t for t in self.found.tracking if t.line.line == line.line), None)
        if change is None or now != change.after:
            return None
        entered = entered_by_number(line, change.before)
        balance = self.work.balance(line)
        held = balance.slots_of(line.line) if line.kind.is_demand else []
        for slot in held:
            if slot.asked and balance.held[slot] > entered.get(slot.asked, ZERO):
                return None
        return change.before

    def _to_handle_again(self, line: Line, now: Iterable[TrackedQuantity]) -> list[TrackedQuantity]:
        """The tracking lines with what was handled to handle again."""
        again: dict[Numbers, Decimal] = {}
        for change in self.found.tracking:
            if change.line.line == line.line:
                again |= {t.numbers: t.handled for t in change.after}
                for t in change.before:
                    again[t.numbers] = again.get(t.numbers, ZERO) - t.handled
        return [replace(t, handled=t.handled - again.get(t.numbers, ZERO)) for t in now]

    # -- what stands on it ---------------------------------------------------------------------

    def _settle(self) -> None:
        """Who holds what had come must find a place, on its line or elsewhere."""
        for supply in self.emptied:
            balance = self.work.balance_of(supply.key, stand_in(self.work, supply.key))
            entry = next(e for e in self.found.posted if e.entry_no == supply.supply_no)
            parts = [part.supply_no for part in self.parts.get(entry.line, ())]
            line_changes.settle_within(balance, supply.supply_no, parts)
            line_changes.shed(balance, supply.supply_no, "undone")
            if balance.releases:
                release = balance.releases[0]
                held = f"{release.line} holds {plain(release.quantity)} of {supply.name}"
                raise Superseded(why=held)
