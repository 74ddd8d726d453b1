"""A unit of work: one command in one transaction, under the locks it needs.

    with unit_of_work(database, command, locking=Locking(lines=[command.line])) as work:
        ...load, decide, save...

The transaction is the indentation. Stock keys are locked here, sorted, before anything is read
that a decision depends on, and nowhere else; holds whose time has run out end here, so that what
is read is true at this moment. A preview runs to the end and is then rolled back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from earmark.core.balance import ReservationChanges, RunningBalance
from earmark.core.commands import Choice, Command
from earmark.core.items import StockKey
from earmark.core.outcome import Move, Notice, Outcome, Release
from earmark.core.quantity import ZERO, plain
from earmark.core.stock import Line, TrackedQuantity
from earmark.core.tracking import NO_NUMBERS, Numbers
from earmark.database import history, lines, many, saving, stock, tracking_lines, versions
from earmark.database import shelf as shelves
from earmark.database.engine import Answer, Database, Session
from earmark.database.saving import Pending
from earmark.database.spellings import Name
from earmark.database.statements import Row
from earmark.errors import Conflict, EarmarkError, LineUnknown


@dataclass(frozen=True, slots=True)
class Locking:
    """What a command is about; the stock keys behind it are locked in one order."""

    lines: Sequence[str] = ()
    many: Sequence[str] = ()
    """Lines again, locked and not read: what of them is needed is read in columns."""
    documents: Sequence[str] = ()
    keys: Sequence[StockKey] = ()
    items: Sequence[str] = ()
    asked: Numbers | Choice | None = None
    """What is asked for one line: what that needs is read together with the lock."""
    held_by: str = ""
    """A line: what it holds is read together with the lock."""


NO_LOCKS = Locking()


class Ahead:
    """What a request for one line needs, asked for right after its lock and so read under it."""

    def __init__(self, session: Session, line: str, asked: Numbers | Choice) -> None:
        """Ask; the line itself is still on its way."""
        self.asked = asked if isinstance(asked, Numbers) else NO_NUMBERS
        self.tracking = tracking_lines.ask_for_line(session, line)
        self.supply = shelves.ask_for_line(session, line, self.asked) if self.asked else None


@dataclass(slots=True)
class Work:
    """What a use case works with: the transaction, the moment, the lines that were asked for."""

    session: Session
    commands: Sequence[Command]
    at: datetime
    moment: int = 0
    lines: dict[str, Line] = field(default_factory=dict)
    answered: list[Outcome | EarmarkError] = field(default_factory=list)
    """What the same request was answered before, line by line."""
    repeated: list[Outcome] = field(default_factory=list)
    pending: Pending = field(default_factory=Pending)
    named: set[Name] = field(default_factory=set)
    """The names that were entered here, whose spelling nobody changes any more."""
    ahead: Ahead | None = None
    held: Answer | None = None
    """What the line holds, where it was asked for together with the lock."""
    _balances: dict[StockKey, RunningBalance] = field(default_factory=dict)

    @property
    def by(self) -> str:
        """Who asks."""
        return self.commands[0].by

    @property
    def work_date(self) -> date:
        """The work date."""
        return self.session.work_date_at("")

    def read(self, wanted: Iterable[str]) -> None:
        """Read lines that were locked as many."""
        unread = [line for line in wanted if line not in self.lines]
        if unread:
            self.lines.update(lines.by_line(self.session, unread))

    def line(self, line: str) -> Line:
        """A line that was locked."""
        if line not in self.lines:
            raise LineUnknown(line=line)
        return self.lines[line]

    def demand_line(self, line: str) -> Line:
        """A line that was locked and takes stock; ``line-unknown`` where it does not."""
        found = self.line(line)
        found.check_takes_stock()
        return found

    def balance(self, line: Line) -> RunningBalance:
        """The balance of a line's stock key; one for the whole unit of work."""
        return self.balance_of(line.key, line)

    def balance_of(self, key: StockKey, line: Line) -> RunningBalance:
        """The balance of another stock key of a line's item."""
        if key not in self._balances:
            order = line.item.picking_order_at(key.location_code, line.tracking_code)
            on_shelf = shelves.DatabaseShelf(self.session, key, order)
            self._balances[key] = RunningBalance(on_shelf)
        return self._balances[key]

    def tracking(self, line: Line) -> list[TrackedQuantity]:
        """The item tracking lines of the line that was locked."""
        if self.ahead is None:
            return tracking_lines.tracking_of(self.session, [line])[line.line]
        on_shelf = self.balance(line).shelf
        if self.ahead.supply and isinstance(on_shelf, shelves.DatabaseShelf):
            on_shelf.take_ahead(self.ahead.asked, self.ahead.supply)
        return tracking_lines.found_for_line(self.ahead.tracking)

    def know_held(self, line: Line) -> None:
        """Let the balance know what the line that was locked holds, where it was asked for."""
        if self.held is not None:
            entries = shelves.in_order_made(self.held.rows())
            self.balance(line).know_entries_of(line.line, entries)

    def balances(self) -> list[RunningBalance]:
        """Every stock key in play."""
        return list(self._balances.values())

    def changes(self) -> list[ReservationChanges]:
        """How the reservation entries of every stock key in play differ now."""
        return [balance.changes() for balance in self._balances.values()]

    def new_numbers(self, item_no: str, count: int) -> range:
        """The next numbers for supplies and ledger entries of an item."""
        return stock.new_numbers(self.session, item_no, count)

    def save(self) -> list[ReservationChanges]:
        """Write everything that was decided, and say how the reservation entries changed."""
        changes = self.changes()
        saving.save(self.session, self.moment, self.by, self.pending, changes)
        return changes

    def report(self, verb: str, reference: str, outcome: Outcome) -> Outcome:
        """Write the command and its outcome into history, and give the outcome back."""
        told = self.told(verb, reference, outcome)
        self.record(verb, reference, [told])
        return told

    def report_each(
        self, verb: str, reference: str, answers: Sequence[Outcome | EarmarkError]
    ) -> list[Outcome | EarmarkError]:
        """Write several commands that were one request into history, each with its own answer."""
        answered = [
            self.told(verb, reference, answer) if isinstance(answer, Outcome) else answer
            for answer in answers
        ]
        self.record(verb, reference, answered)
        return answered

    def told(self, verb: str, reference: str, outcome: Outcome) -> Outcome:
        """An outcome as it is told: of what, when, and whether it was only tried."""
        return replace(
            outcome,
            verb=verb,
            reference=outcome.reference or reference,
            moment=self.moment,
            is_preview=self.commands[0].preview,
        )

    def record(self, verb: str, reference: str, answers: Sequence[Outcome | EarmarkError]) -> None:
        """Write what was one request into history, with all that came of it."""
        request = history.RequestRecord(
            moment=self.moment,
            commands=self.commands,
            verb=verb,
            reference=reference,
            answers=answers,
        )
        history.record(self.session, self.at, request)


@contextmanager
def unit_of_work(
    database: Database, *commands: Command, locking: Locking = NO_LOCKS
) -> Iterator[Work]:
    """Carry out commands in one transaction; roll back on any refusal, and after a preview.

    Whether the request was answered before is asked under the lock: the same request sent twice
    at once is done once, and both are told the same. So is the version that it names.
    """
    with database.transaction(writes=True) as session:
        work = Work(session, commands, session.at)
        now = None
        if locking.many:
            _lock_many(work, locking.many)
            first = history.ask_first(session, commands)
        else:
            answers = _lock(session, locking)
            newest = history.ask_newest(session)
            first = history.ask_first(session, commands)
            now = versions.ask(session, commands[0])
            if locking.asked is not None:
                work.ahead = Ahead(session, locking.lines[0], locking.asked)
            if locking.held_by:
                work.held = shelves.ask_entries_of_line(session, locking.held_by)
            _begin(work, locking, answers, newest)
        work.answered = [
            replace(answer, is_repeated=True) if isinstance(answer, Outcome) else answer
            for answer in history.first_answers(commands, first)
        ]
        work.repeated = [answer for answer in work.answered if isinstance(answer, Outcome)]
        if now and not work.answered:
            now.check(commands[0])
        yield work
        session.is_abandoned = commands[0].preview


@contextmanager
def reading(database: Database) -> Iterator[Session]:
    """Read in one consistent view, without locks."""
    with database.transaction(writes=False) as session:
        yield session


def _lock(session: Session, locking: Locking) -> Answer | list[Row]:
    """Lock by one statement where there is one sort of name; else find the keys first.

    Either way every transaction locks in the order of the keys, so that none waits in a circle.
    """
    sorts = [bool(locking.lines), bool(locking.documents), bool(locking.keys), bool(locking.items)]
    if sum(sorts) > 1:
        keys = {*locking.keys, *lines.keys_of_items(session, locking.items)}
        keys |= {line.key for line in lines.by_line(session, locking.lines).values()}
        keys |= {line.key for line in lines.of_documents(session, locking.documents)}
        return lines.lock_keys(session, keys)
    if locking.lines:
        return lines.lock_lines(session, locking.lines)
    if locking.documents:
        return lines.lock_documents(session, locking.documents)
    if locking.items:
        return lines.lock_items(session, locking.items)
    return lines.lock_keys(session, locking.keys)


def _begin(work: Work, locking: Locking, answer: Answer | list[Row], newest: Answer) -> None:
    """Under the locks: take the moment, end holds that have run out, read the lines asked for."""
    session = work.session
    found: list[Line] = []
    if isinstance(answer, list):
        rows = answer
    elif locking.lines:
        rows, found = lines.locked_lines(session, answer.rows())
    else:
        rows = answer.rows()
    locked = {StockKey(row[0], row[1], row[2]): row[3] for row in rows}
    work.moment = session.database.moments.next(after=newest.rows()[0][0])
    now = history.to_micros(work.at)
    ran_out = [key for key, next_hold_end in locked.items() if 0 < next_hold_end <= now]
    for key in ran_out:
        stock.end_expired_holds(session, key, now, work.moment)
    if ran_out:
        work.ahead = work.held = None  # they were read before these holds ended
    if ran_out or len(found) < len(set(locking.lines)):
        found = list(lines.by_line(session, locking.lines).values())
    if locking.documents:
        found += lines.of_documents(session, locking.documents)
    work.lines.update({line.line: line for line in found})
    if any(line.key not in locked for line in found):
        raise Conflict(what="the lines")


def _lock_many(work: Work, wanted: Sequence[str]) -> None:
    """Lock the stock keys of many lines and end the holds that have run out; read nothing."""
    session = work.session
    many.lock(session, wanted)
    newest = history.ask_newest(session).rows()[0][0]
    work.moment = session.database.moments.next(after=newest)
    now = history.to_micros(work.at)
    for key in many.keys_with_ended_holds(session, wanted, now):
        stock.end_expired_holds(session, key, now, work.moment)


def told(changes: Sequence[ReservationChanges]) -> Outcome:
    """What changes of reservations have to say: who was moved, what was released."""
    moves = tuple(
        move for change in changes for move in change.moves if move.from_supply != move.to_supply
    )
    releases = tuple(release for change in changes for release in change.releases)
    return spoken(moves, releases)


def spoken(moves: tuple[Move, ...], releases: tuple[Release, ...] = ()) -> Outcome:
    """Moves and releases, with the sentences that say them."""
    if not moves and not releases:
        return Outcome()
    warnings = []
    if moves:
        who = ", ".join(dict.fromkeys(move.line for move in moves))
        warnings.append(Notice("moved", f"Nonspecific reservations were moved: {who}."))
    if releases:
        total = sum((release.quantity for release in releases), ZERO)
        who = ", ".join(dict.fromkeys(release.line for release in releases))
        warnings.append(Notice("released", f"{plain(total)} were released: {who}."))
    return Outcome(
        released=sum((release.quantity for release in releases), ZERO),
        moves=moves,
        releases=releases,
        warnings=tuple(warnings),
    )
