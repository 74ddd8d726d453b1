"""Many lines in one call: what is plain is decided in columns, the rest by the core's own walk.

Both in one transaction, and every line with its own answer. Which lines are plain is said in
:mod:`earmark.core.many`; where one line of an item is not, all lines of that item are walked in the
order given, so that many requests at once are the same requests one after the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from decimal import Decimal
from typing import TypeVar

from earmark.core import many
from earmark.core.balance import settled
from earmark.core.commands import Cancel, Reserve
from earmark.core.outcome import Move, Outcome
from earmark.core.parts import part_of
from earmark.core.quantity import unscaled
from earmark.core.stock import TrackedQuantity
from earmark.core.tracking import Dimension
from earmark.database import many as columns
from earmark.database import shelf
from earmark.database.engine import Database, Session
from earmark.database.unit_of_work import Locking, Work, spoken, unit_of_work
from earmark.errors import EarmarkError, InvalidRequest
from earmark.usecases.door import each_at_the_door
from earmark.usecases.reservations import for_demand, give_back, read_ahead, tracking_of

Answer = Outcome | EarmarkError
Asked = TypeVar("Asked", Reserve, Cancel)

Plain = dict[int, many.Taking] | dict[int, many.Holding]
"""What was decided in columns, by place in the list; the item comes first, the quantity fourth."""


@each_at_the_door
def reserve_each(database: Database, commands: Sequence[Reserve]) -> list[Outcome | EarmarkError]:
    """Reserve for many lines in one transaction; each has its own answer, in the order given.

    The same as one after the other: every line sees what those before it took, and a line that
    is refused leaves the others alone.
    """
    if not commands:
        return []
    with unit_of_work(database, *commands, locking=_locking(commands)) as work:
        if work.answered:
            return work.answered
        taken = taken_plainly(work.session, commands)
        rest = _rest(work, commands, taken.values())
        told = reserved_at(work.moment, is_preview=commands[0].preview)
        answers = _told(taken.values(), told) | _walk_to_reserve(work, rest)
        columns.make_entries(work.session, work.moment, work.by, taken)
        work.save()
        return _recorded(work, "reserve", commands, answers)


@each_at_the_door
def cancel_each(database: Database, commands: Sequence[Cancel]) -> list[Outcome | EarmarkError]:
    """Cancel for many lines in one transaction; each has its own answer, in the order given."""
    if not commands:
        return []
    with unit_of_work(database, *commands, locking=_locking(commands)) as work:
        if work.answered:
            return work.answered
        held = columns.holdings(work.session, [command.line for command in commands])
        given = many.give_back_in_turn(commands, held)
        rest = _rest(work, commands, [given])
        answers = _told([given], _released_at(work)) | _walk_to_cancel(work, rest)
        columns.end_entries(work.session, work.moment, given.values())
        work.save()
        return _recorded(work, "cancel", commands, answers)


def _locking(commands: Sequence[Reserve] | Sequence[Cancel]) -> Locking:
    return Locking(many=[command.line for command in commands])


def taken_plainly(
    session: Session, commands: Sequence[Reserve]
) -> dict[Dimension, dict[int, many.Taking]]:
    """What plain requests take, by the dimension of the number that they name."""
    taken = {}
    for dimension, requests in many.named(commands).items():
        offers = columns.offers(session, dimension, requests)
        suits = many.Suits(columns.reader_of_facts(session, dimension))
        taken[dimension] = many.take_in_turn(requests, offers, suits)
    _leave_out(taken.values(), _in_several(taken.values()))
    return taken


def _in_several(decided: Collection[Plain]) -> set[str]:
    """Items of which numbers of several dimensions were named: for the core, in one walk."""
    if len(decided) == 1:
        return set()
    times = Counter(item for each in decided for item in {row[0] for row in each.values()})
    return {item for item, number in times.items() if number > 1}


def _leave_out(decided: Iterable[Plain], items: AbstractSet[str]) -> None:
    """Undecide all that is about some items."""
    if items:
        for plain in decided:
            for at in [at for at, row in plain.items() if row[0] in items]:
                del plain[at]


def _rest(work: Work, commands: Sequence[Asked], decided: Collection[Plain]) -> dict[int, Asked]:
    """The requests for the core: those not plain, and all others about the same items."""
    left = _undecided(commands, decided)
    if left:
        work.read(command.line for command in left.values())
        _leave_out(decided, {line.key.item_no for line in work.lines.values()})
        left = _undecided(commands, decided)
        work.read(command.line for command in left.values())
    return left


def _undecided(commands: Sequence[Asked], decided: Collection[Plain]) -> dict[int, Asked]:
    plain = set().union(*decided)
    if len(plain) == len(commands):
        return {}
    return {at: command for at, command in enumerate(commands) if at not in plain}


def _told(decided: Iterable[Plain], tell: Callable[[str, Decimal], Outcome]) -> dict[int, Answer]:
    """The answers to plain requests."""
    quantities: dict[int, Decimal] = {}
    answers: dict[int, Answer] = {}
    for plain in decided:
        for at, row in plain.items():
            units = row[3]
            quantity = quantities.get(units)
            if quantity is None:
                quantity = quantities[units] = unscaled(units)
            answers[at] = tell(row[1], quantity)
    return answers


def reserved_at(moment: int, *, is_preview: bool = False) -> Callable[[str, Decimal], Outcome]:
    """What a plain request is told of its line and of how much it took at a moment."""
    return lambda line, quantity: Outcome(
        verb="reserve", reference=line, reserved=quantity, moment=moment, is_preview=is_preview
    )


def _released_at(work: Work) -> Callable[[str, Decimal], Outcome]:
    moment, tried = work.moment, work.commands[0].preview
    return lambda line, quantity: Outcome(
        verb="cancel", reference=line, released=quantity, moment=moment, is_preview=tried
    )


# -- The core's own walk -----------------------------------------------------------------------


def _walk_to_reserve(work: Work, commands: dict[int, Reserve]) -> dict[int, Answer]:
    if not commands:
        return {}
    tracking = tracking_of(work, work.lines.values())
    read_ahead(work, commands.values(), tracking)
    return _walk(work, "reserve", commands, lambda command: _reserve(work, command, tracking))


def _reserve(work: Work, command: Reserve, tracking: dict[str, list[TrackedQuantity]]) -> Outcome:
    line = work.line(command.line)
    if command.quantity is not None:
        part_of(line, command.quantity)
    if not line.kind.is_demand:
        raise InvalidRequest(what=f"Line {line.line} is supply; reserve for it one at a time")
    balance = work.balance(line)
    balance.begin()
    before = len(balance.moves)
    if not command.all_or_nothing:
        outcome = for_demand(work, command, line, tracking[line.line])
    else:
        take_back = balance.remember()
        try:
            outcome = for_demand(work, command, line, tracking[line.line])
        except EarmarkError:
            take_back()
            raise
    return _with_moves(outcome, balance.moves[before:])


def _with_moves(outcome: Outcome, moves: Sequence[Move]) -> Outcome:
    """An outcome with whom this very line moved."""
    if not moves:
        return outcome
    said = spoken(tuple(m for m in settled(moves) if m.from_supply != m.to_supply))
    return replace(outcome, moves=said.moves, warnings=outcome.warnings + said.warnings)


def _walk_to_cancel(work: Work, commands: dict[int, Cancel]) -> dict[int, Answer]:
    if not commands:
        return {}
    by_line = shelf.entries_of_lines(work.session, work.lines.values())
    for line in work.lines.values():
        work.balance(line).know_entries_of(line.line, by_line.get(line.line, ()))
    return _walk(
        work, "cancel", commands, lambda command: Outcome(released=give_back(work, command))
    )


def _walk(
    work: Work, verb: str, commands: dict[int, Asked], answer: Callable[[Asked], Outcome]
) -> dict[int, Answer]:
    """One after the other; a refusal is an answer and leaves the others alone."""
    answers: dict[int, Answer] = {}
    for at, command in commands.items():
        try:
            answers[at] = work.told(verb, command.line, answer(command))
        except EarmarkError as refusal:
            answers[at] = refusal
    return answers


def _recorded(
    work: Work, verb: str, commands: Sequence[Reserve | Cancel], answers: dict[int, Answer]
) -> list[Answer]:
    """All answers in the order of the requests, written into history."""
    ordered = [answers[at] for at in range(len(answers))]
    work.record(verb, commands[0].line, ordered)
    return ordered
