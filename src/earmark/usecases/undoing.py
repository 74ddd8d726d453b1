"""Undoing a command, whatever it was: a new entry in history that takes back what the old one did.

The command is told by its moment, and what it changed is read back from the rows. A posting is
reversed by new ledger entries (``undoing_postings``). Everything else is taken back row by row:
lines, their tracking, information records and reservations are again as they were before it.
Nothing that a later command has changed is overwritten; such an undo is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from earmark.core import line_changes
from earmark.core.appeals import Appeal, AppealState, check_takes_back
from earmark.core.commands import Undo
from earmark.core.documents import DocumentStatus
from earmark.core.eligibility import refusal, unfit
from earmark.core.items import NumberRecord, StockKey
from earmark.core.outcome import Outcome
from earmark.core.quantity import ZERO, plain
from earmark.core.references import is_line
from earmark.core.roles import Operation, check_take_over
from earmark.core.stock import Line, Supply, demand_of
from earmark.core.undoing import OPERATION_OF, undo_reservations
from earmark.database import appeals, documents, lines, traces, tracking_lines
from earmark.database.engine import Database, Session
from earmark.database.traces import Trace
from earmark.database.unit_of_work import Locking, Work, reading, told, unit_of_work
from earmark.errors import NotAllowed, PostingUnknown
from earmark.errors.undoing import AlreadyUndone, NotUndoable, Superseded
from earmark.usecases.catalog import save_record
from earmark.usecases.door import at_the_door
from earmark.usecases.supplying import reshape
from earmark.usecases.undoing_postings import undo_posting
from earmark.usecases.undoing_reservations import (
    differences,
    entered_by_number,
    is_spoilt,
    lines_held,
    lost_by_others,
    shortage,
)


@at_the_door
def undo(database: Database, command: Undo) -> Outcome:
    """Take back what one command did, by its moment or by the handle that a posting gave.

    Right afterwards everything is as it was. Later, what was reserved must still be there to be
    given back, and what was ended is reserved again as far as the same supply is still free; the
    rest is the shortfall. Refused where a later command stands on what would change.
    """
    moment = int(command.posting) if command.posting.isdigit() else 0
    with reading(database) as session:
        found = traces.trace(session, moment)
        entered = _lines(session, found) if found else []
    if found is None:
        raise PostingUnknown(posting=command.posting)
    _check_allowed(command, found)
    if found.posted and found.verb != "undo":
        return undo_posting(database, command, found, entered)
    keys = {line.key for line in entered} | _keys(found)
    locking = Locking(keys=sorted(keys), items=[r.item_no for _, r in found.records])
    with unit_of_work(database, command, locking=locking) as work:
        if work.repeated:
            return work.repeated[0]
        again = traces.trace(work.session, moment)
        assert again is not None, "a command left the history"
        _check(work, again)
        outcome = _Unwinding(work, again).outcome()
        return work.report("undo", again.reference, outcome)


def _check_allowed(command: Undo, found: Trace) -> None:
    """Refuse who may not do such things, and to take from another without a reason."""
    operation = OPERATION_OF.get(found.verb, Operation.POST)
    if command.allowed is not None and operation not in command.allowed:
        raise NotAllowed(user=command.by, operation=operation, of_whom="")
    if found.appeals and not found.made:
        check_takes_back(found.by, command)
    holders = [entry.by for _, entry in found.made if entry.slot.line in found.named]
    check_take_over(
        found.reference, holders, by=command.by, allowed=command.allowed, reason=command.reason
    )


def _keys(found: Trace) -> set[StockKey]:
    """The stock keys that lines of a command were on, before and after."""
    return {
        line.key
        for change in found.lines
        for line in (change.before, change.after)
        if line is not None
    }


def _lines(session: Session, found: Trace) -> list[Line]:
    """The lines whose reservations, tracking or appeals a command changed, as they are now."""
    return [*(change.line for change in found.tracking), *lines_held(session, found)]


def _check(work: Work, found: Trace) -> None:
    """Refuse what can not be undone, what was undone already, and what later commands changed."""
    if found.posted:
        why = "goods have moved again; post it anew"
        raise NotUndoable(verb="undo of a posting", why=why)
    if traces.verb_undone(work.session, found) == "give":
        raise NotUndoable(verb="undo of giving", why="it can be given again")
    undone = traces.undone_since(work.session, found.moment)
    if found.moment in undone:
        later_one = traces.trace(work.session, undone[found.moment])
        by = later_one.by if later_one and later_one.by else "somebody"
        raise AlreadyUndone(verb=found.verb, reference=found.reference, by=by)
    rows = (found.lines, found.tracking, found.records, found.ended, found.made, found.appeals)
    if found.verb == "set up" or not any(rows):
        why = "it changed set-up" if found.verb == "set up" else "it left nothing changed"
        raise NotUndoable(verb=found.verb, why=why)
    later = traces.changed_later(work.session, found)
    if later:
        raise Superseded(why=f"{', '.join(later[:3])} has been changed again since")


class _Unwinding:
    """One command being taken back: lines first, then who holds what, then what must still fit."""

    def __init__(self, work: Work, found: Trace) -> None:
        """Read what its reservations stand on now."""
        self.work, self.found = work, found
        self.now = {line.line: line for line in _lines(work.session, found)}
        self.now |= {c.line: c.after for c in found.lines if c.after is not None}
        self.then = dict(self.now)
        self.then.update({c.line: c.before for c in found.lines if c.before is not None})

    def outcome(self) -> Outcome:
        """Carry it out and say what came of it."""
        self._documents()
        for before, _ in self.found.records:
            self._record(before)
        for appeal in self.found.appeals:
            self._appeal(appeal)
        parts = self._lines_and_tracking()
        undone = undo_reservations(
            differences(self.work, self.found, self.now, self.then),
            self.found.named,
            self._outstanding,
            lambda supply, line: is_spoilt(self.work, self.found, supply, self.then[line]),
        )
        self._check_numbers()
        self._settle(parts)
        self._still_fit()
        said = told(self.work.save())
        return replace(
            said,
            released=undone.released,
            reserved=undone.reserved,
            releases=(*lost_by_others(self.found, undone), *said.releases),
            shortfall=undone.shortfall,
            warnings=(*shortage(undone.shortfall), *said.warnings),
        )

    # -- documents, records, lines -----------------------------------------------------------------

    def _documents(self) -> None:
        verb, is_taken_back = traces.verb_in_effect(self.work.session, self.found)
        headers = documents.lock(self.work.session, self._document_nos(verb))
        for header in headers.values():
            if verb in ("enter", "delete"):
                is_deleted = (verb == "enter") != is_taken_back
                if is_deleted:
                    self._check_alone(header.document_no)
                changed = replace(header, is_deleted=is_deleted)
            elif verb == "status":
                changed = replace(header, status=self._status_then())
            else:
                return
            documents.save(self.work.session, [changed], [header.document_no])

    def _document_nos(self, verb: str) -> list[str]:
        if verb == "delete" and is_line(self.found.reference):
            return []
        changed = {change.there.document_no for change in self.found.lines}
        return sorted(changed | self.found.documents)

    def _check_alone(self, document_no: str) -> None:
        mine = {change.line for change in self.found.lines}
        others = [
            line.line
            for line in lines.of_documents(self.work.session, [document_no])
            if line.line not in mine
        ]
        if others:
            raise Superseded(why=f"{', '.join(others[:3])} has been added since")

    def _status_then(self) -> DocumentStatus:
        """The status that the lines of the document remember; without any there is no undo."""
        return DocumentStatus(next(c.before.status for c in self.found.lines if c.before))

    def _record(self, before: NumberRecord | None) -> None:
        """A record is again what it was; one that began with a line may stay: it says nothing."""
        if before is not None:
            save_record(self.work, before)

    def _appeal(self, appeal: Appeal) -> None:
        """What was asked is withdrawn; what was answered waits again."""
        if appeal.moment == self.found.moment:
            if appeal.answer is not AppealState.WAITING:
                raise Superseded(why=f"it was {appeal.answer} since")
            appeals.end(self.work.session, appeal, self.work.moment, AppealState.WITHDRAWN)
            return
        if appeals.like(self.work.session, appeal):
            raise Superseded(why=f"{appeal.line} has asked again since")
        appeals.reopen(self.work.session, appeal)

    def _lines_and_tracking(self) -> list[Supply]:
        """Write lines and tracking as they were; gives back the parts of supply lines then."""
        work, entered = self.work, {t.line.line: t for t in self.found.tracking}
        restored: dict[str, Line] = {}
        for change in self.found.lines:
            if change.before is None:
                gone = replace(change.there, is_deleted=True, takes_part=False)
                work.pending.replace_lines(gone)
                restored.setdefault(change.line, gone)
            else:
                work.pending.replace_lines(change.before)
                restored[change.line] = change.before
        for tracked in entered.values():
            work.pending.tracking.append((tracked.line, tracked.after, tracked.before))
            restored.setdefault(tracked.line.line, self.then.get(tracked.line.line, tracked.line))
        parts: list[Supply] = []
        for line in restored.values():
            self._leave_item(line)
            parts += self._restore(line)
        return parts

    def _leave_item(self, line: Line) -> None:
        """A supply line that was of another item in between brings nothing of that any more."""
        now = self.now.get(line.line)
        if now is None or line.kind.is_demand or now.key.item_no == line.key.item_no:
            return
        self._check_unmoved(line)
        reshape(self.work, replace(now, takes_part=False), [])

    def _restore(self, line: Line) -> list[Supply]:
        balance = self.work.balance(line)
        if line.kind.is_demand:
            balance.replace_demand(demand_of(line))
            return []
        tracking = next(
            (t.before for t in self.found.tracking if t.line.line == line.line),
            None,
        )
        if tracking is None:
            tracking = tracking_lines.tracking_of(self.work.session, [line])[line.line]
        self._check_unmoved(line)
        parts = reshape(self.work, line, tracking)
        for part in parts:
            balance.put(part)
        return parts

    def _check_unmoved(self, line: Line) -> None:
        """A supply line that goes back to another place must have nobody who waits for it here."""
        now = self.now.get(line.line)
        if now is None or now.key == line.key:
            return
        balance = self.work.balance(now)
        parts = balance.know(balance.shelf.of_source(line.line))
        holders = balance.slots_on([part.supply_no for part in parts])
        if holders:
            raise Superseded(why=f"{holders[0].line} has reserved from {line.line} since")

    # -- reservations --------------------------------------------------------------------------

    def _outstanding(self, line: str) -> Decimal:
        return self.then[line].outstanding

    # -- what stands on it ---------------------------------------------------------------------

    def _settle(self, parts: Iterable[Supply]) -> None:
        """What others have reserved of a supply since must find a place, or the undo is refused."""
        by_line: dict[str, list[int]] = {}
        for part in parts:
            by_line.setdefault(part.source, []).append(part.supply_no)
        for source, numbers in by_line.items():
            balance = self.work.balance(self.then[source])
            for number in numbers:
                line_changes.settle_within(balance, number, numbers)
                line_changes.shed(balance, number, "undone")
            if balance.releases:
                release = balance.releases[0]
                held = f"{release.line} holds {plain(release.quantity)} of it"
                raise Superseded(why=f"{source} would be too little: {held}")

    def _still_fit(self) -> None:
        """Reservations made since, of lines whose date or place goes back, must still fit."""
        for change in self.found.lines:
            if change.before is None:
                self._check_nothing_left(change.there)
            elif change.after is not None and change.after.key != change.before.key:
                self._check_nothing_left(change.after)
            elif change.after is not None and change.after.date != change.before.date:
                self._refit(change.before)

    def _check_nothing_left(self, line: Line) -> None:
        held = self.work.balance(line).reserved_of(line.line) if line.kind.is_demand else ZERO
        if held:
            raise Superseded(why=f"{line.line} has reserved {plain(held)} since")

    def _check_numbers(self) -> None:
        """What has been reserved specifically since must still be on its line."""
        for tracked in self.found.tracking:
            line = self.then.get(tracked.line.line, tracked.line)
            if not line.kind.is_demand:
                continue
            balance = self.work.balance(line)
            left = entered_by_number(line, tracked.before)
            for slot in balance.slots_of(line.line):
                if slot.asked and balance.held[slot] > left.get(slot.asked, ZERO):
                    held = plain(balance.held[slot])
                    raise Superseded(why=f"{line.line} has {held} of {slot.asked} reserved since")

    def _refit(self, line: Line) -> None:
        balance = self.work.balance(line)
        if line.kind.is_demand:
            slots = balance.slots_of(line.line)
        else:
            parts = balance.know(balance.shelf.of_source(line.line))
            slots = balance.slots_on(part.supply_no for part in parts)
        for slot in slots:
            entry = balance.before.get(slot)
            if entry is None or entry.since <= self.found.moment:
                continue
            supply, demand = balance.supply(slot.supply_no), balance.demand(slot.line)
            reason = unfit(supply, demand)
            left = balance.held[slot]
            if reason and left - line_changes.rebind(balance, demand, slot, left) > ZERO:
                raise refusal(reason, supply, demand)
