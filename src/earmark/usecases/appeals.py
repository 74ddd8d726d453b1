"""Appeals: asking a holder for units, giving them, keeping them, taking the question back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from earmark.core import appeals as rules
from earmark.core.appeals import (
    ANSWERS_KEPT,
    Appeal,
    AppealState,
    AppealView,
    AskHolder,
    Give,
    Held,
    KeepUnits,
    Withdraw,
)
from earmark.core.outcome import Notice, Outcome
from earmark.core.parts import part_of
from earmark.core.quantity import ZERO, plain
from earmark.core.stock import Line, demand_of
from earmark.database import appeals as rows
from earmark.database import tracking_lines
from earmark.database.engine import Database, Session
from earmark.database.together import together
from earmark.database.unit_of_work import Locking, Work, reading, told, unit_of_work
from earmark.database.views import View, view
from earmark.errors.appeals import AppealEnded, AppealUnknown, AskedAlready, WhyKept
from earmark.usecases.door import at_the_door, looks_up
from earmark.usecases.naming import supply_scope
from earmark.usecases.spelling import known as known_numbers

MOMENTS_END = 2**63
"""Every moment is below: it is kept in 64 bits."""


@at_the_door
def ask_holder(database: Database, command: AskHolder) -> Outcome:
    """Ask the user whose reservation holds units to give them up; nothing is reserved by it.

    The outcome's ``moment`` names the appeal. See :func:`earmark.core.appeals.ask` for refusals;
    ``asked-already`` where the same is asked for and not answered yet.
    """
    locking = Locking(lines=[command.line, command.holder])
    with unit_of_work(database, command, locking=locking) as work:
        if work.repeated:
            return work.repeated[0]
        line, holder = work.demand_line(command.line), work.demand_line(command.holder)
        spelled = known_numbers(work.session, holder.key.item_no, [command.numbers])
        command = replace(command, numbers=spelled[command.numbers])
        if command.quantity is not None:
            part_of(line, command.quantity)
        user, quantity = rules.ask(
            command,
            supply_scope(command.supply, holder.key.item_no),
            demand_of(line),
            rules.held_by(work.balance(holder), holder.line),
        )
        appeal = _appeal(work, command, line, user, quantity)
        _check_new(work.session, appeal)
        rows.insert(work.session, appeal)
        return work.report("ask", command.line, Outcome(warnings=(_asked(appeal),)))


@at_the_door
def proposed(database: Database, command: AskHolder) -> AppealView:
    """An appeal as it would be: who would be asked, and for how much. Nothing is saved."""
    with together(database, preview=True) as joined:
        outcome = ask_holder(joined, replace(command, preview=True))
        return appeal(joined, str(outcome.moment))


def _appeal(work: Work, command: AskHolder, line: Line, user: str, quantity: Decimal) -> Appeal:
    return Appeal(
        moment=work.moment,
        item_no=line.key.item_no,
        line=line.line,
        holder=command.holder,
        by=command.by,
        asked_of=user,
        supply=command.supply,
        numbers=command.numbers,
        quantity=quantity,
        note=command.note,
    )


def _check_new(session: Session, appeal: Appeal) -> None:
    for known in rows.like(session, appeal):
        raise AskedAlready(by=known.by or "Somebody", asked_of=known.asked_of)


def _asked(appeal: Appeal) -> Notice:
    units = f" of {appeal.units}" if appeal.units else ""
    said = f"{appeal.asked_of} is asked for {plain(appeal.quantity)}{units} of {appeal.holder}."
    return Notice("asked", said)


# -- Answering ---------------------------------------------------------------------------------


@at_the_door
def give(database: Database, command: Give) -> Outcome:
    """Give up what an appeal asks for, and reserve it for the line that asks: both, or nothing.

    Of what was asked for it is what is still held and still needed; ``appeal-ended`` where that is
    nothing. The holder is asked, or an administrator, who says why.
    """
    found = _found(database, command.appeal)
    with unit_of_work(database, command, locking=_locking(found)) as work:
        if work.repeated:
            return work.repeated[0]
        appeal = _waiting(work, found)
        rules.check_answers(appeal, command)
        line = _needing(work, appeal)
        given = rules.give(
            work.balance(line),
            appeal,
            supply_scope(appeal.supply, appeal.item_no),
            demand_of(line),
            tracking_lines.tracking_of(work.session, [line])[line.line],
        )
        work.pending.on_behalf[line.line] = appeal.by
        said = told(work.save())
        rows.end(work.session, appeal, work.moment, AppealState.GIVEN)
        return work.report("give", appeal.line, replace(said, reserved=given))


@at_the_door
def keep(database: Database, command: KeepUnits) -> Outcome:
    """Keep what an appeal asks for, and tell who asked why; no reservation changes."""
    found = _found(database, command.appeal)
    with unit_of_work(database, command, locking=_locking(found)) as work:
        if work.repeated:
            return work.repeated[0]
        appeal = _waiting(work, found)
        if not command.reason.strip():
            raise WhyKept(by=appeal.by or "who asked", holder=appeal.holder)
        rules.check_answers(appeal, command)
        rows.end(work.session, appeal, work.moment, AppealState.KEPT)
        return work.report("keep", appeal.line, Outcome())


@at_the_door
def withdraw(database: Database, command: Withdraw) -> Outcome:
    """Take back what one has asked for and nobody has answered yet."""
    found = _found(database, command.appeal)
    with unit_of_work(database, command, locking=_locking(found)) as work:
        if work.repeated:
            return work.repeated[0]
        appeal = _waiting(work, found)
        rules.check_takes_back(appeal.by, command)
        rows.end(work.session, appeal, work.moment, AppealState.WITHDRAWN)
        return work.report("withdraw", appeal.line, Outcome())


def _found(database: Database, name: str) -> Appeal:
    with reading(database) as session:
        return _named(session, name)


def _named(session: Session, name: str) -> Appeal:
    is_moment = name.isascii() and name.isdecimal() and int(name) < MOMENTS_END
    found = rows.one(session, int(name)) if is_moment else None
    if found is None:
        raise AppealUnknown(appeal=name)
    return found


def _locking(appeal: Appeal) -> Locking:
    return Locking(lines=[appeal.line, appeal.holder])


def _waiting(work: Work, found: Appeal) -> Appeal:
    """The appeal as it is under the lock."""
    appeal = _named(work.session, str(found.moment))
    rules.check_waits(appeal)
    return appeal


def _needing(work: Work, appeal: Appeal) -> Line:
    """The line that asks, where it and the one that is asked are still of one stock key."""
    line, holder = work.lines.get(appeal.line), work.lines.get(appeal.holder)
    gone = next((n for n, x in ((appeal.line, line), (appeal.holder, holder)) if x is None), "")
    if line is None or holder is None or line.key != holder.key:
        why = f"{gone} is gone" if gone else "the lines are not of the same goods any more"
        raise AppealEnded(line=appeal.line, holder=appeal.holder, why=why)
    return line


# -- Reading -----------------------------------------------------------------------------------


@looks_up("line")
def appeals(
    database: Database, *, line: str = "", by: str = "", asked_of: str = ""
) -> tuple[AppealView, ...]:
    """What users ask each other for, newest first; for a line, by or of a user where named.

    Those that wait, and those that were answered in the last two days; of a line, all of them.
    """
    with view(database) as seen:
        session = seen.session
        if line:
            return _shown(seen, rows.of_line(session, line, by=by, asked_of=asked_of))
        waiting = rows.waiting(session, by=by, asked_of=asked_of)
        found = _shown(seen, waiting + rows.answered(session, by=by, asked_of=asked_of))
    after = seen.now - ANSWERS_KEPT
    kept = [a for a in found if _is_news(a, after)]
    return tuple(sorted(kept, key=lambda a: -int(a.appeal)))


def _is_news(shown: AppealView, after: datetime) -> bool:
    if shown.state is AppealState.OVER:
        return shown.at is None or shown.at > after
    return shown.answered_at is None or shown.answered_at > after


def appeal(database: Database, name: str) -> AppealView:
    """One appeal, by its name; ``appeal-unknown`` where there is none."""
    with view(database) as seen:
        return _shown(seen, [_named(seen.session, name)])[0]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is looked at to show appeals: their lines, what those hold, and who answered."""

    lines: Mapping[str, Line]
    held: Mapping[str, list[Held]]
    told: Mapping[int, rows.Told]


def _shown(seen: View, found: list[Appeal]) -> tuple[AppealView, ...]:
    names = {name for appeal in found for name in (appeal.line, appeal.holder)}
    known = seen.lines(names)
    asked = {appeal.holder for appeal in found if not appeal.until}
    moments = [m for appeal in found for m in (appeal.moment, appeal.until) if m]
    told_of = rows.told_of(seen.session, moments)
    held = _held(seen, [known[name] for name in asked if name in known])
    return tuple(_view(_Known(known, held, told_of), appeal) for appeal in found)


def _held(seen: View, holders: Iterable[Line]) -> dict[str, list[Held]]:
    """What these lines hold, each."""
    lines_ = {line.line: line for line in holders}
    entries = seen.entries_of(lines_.values())
    by_item: dict[str, set[int]] = {}
    for entry in entries:
        item_no = lines_[entry.slot.line].key.item_no
        by_item.setdefault(item_no, set()).add(entry.slot.supply_no)
    supplies = {(i, s.supply_no): s for i, nos in by_item.items() for s in seen.some(i, nos)}
    held: dict[str, list[Held]] = {}
    for entry in entries:
        slot, item_no = entry.slot, lines_[entry.slot.line].key.item_no
        row = Held(slot, supplies[item_no, slot.supply_no], entry.quantity, entry.by)
        held.setdefault(slot.line, []).append(row)
    return held


def _view(known: _Known, appeal: Appeal) -> AppealView:
    line, holder = known.lines.get(appeal.line), known.lines.get(appeal.holder)
    open_now = _open(known, appeal, line, holder)
    state = appeal.answer
    if state is AppealState.WAITING and not open_now:
        state = AppealState.OVER
    answered = known.told.get(appeal.until, rows.NOTHING_TOLD)
    return AppealView(
        appeal=str(appeal.moment),
        at=known.told[appeal.moment].at,
        by=appeal.by,
        line=appeal.line,
        customer=_customer(line),
        needed_on=line.date if line else None,
        item_no=appeal.item_no,
        unit=line.item.base_unit if line else "",
        quantity=appeal.quantity,
        numbers=appeal.numbers,
        supply=appeal.supply,
        holder=appeal.holder,
        holder_customer=_customer(holder),
        asked_of=appeal.asked_of,
        note=appeal.note,
        state=state,
        open=open_now,
        given=answered.reserved,
        answered_by=answered.by,
        answered_at=answered.at,
        reason=answered.reason,
    )


def _open(known: _Known, appeal: Appeal, line: Line | None, holder: Line | None) -> Decimal:
    """What would be given of an appeal now."""
    if appeal.until or line is None or holder is None or line.key != holder.key:
        return ZERO
    scope = supply_scope(appeal.supply, appeal.item_no)
    held = known.held.get(appeal.holder, ())
    units = rules.open_units(appeal, scope, demand_of(line), held)
    return sum((quantity for _, quantity in units), ZERO)


def _customer(line: Line | None) -> str:
    return demand_of(line).customer if line else ""
