"""Taking from several supplies for one line: open, load, decide, save."""

from __future__ import annotations

from dataclasses import replace

from earmark.core import entering, taking
from earmark.core.commands import Take
from earmark.core.items import ReservePolicy
from earmark.core.outcome import Outcome
from earmark.core.stock import Line, TrackedQuantity, demand_of
from earmark.database import tracking_lines
from earmark.database.engine import Database
from earmark.database.unit_of_work import Locking, Work, told, unit_of_work
from earmark.errors import ReserveNever
from earmark.usecases.door import at_the_door
from earmark.usecases.spelling import known
from earmark.usecases.tracking import enter_on_demand


@at_the_door
def take(database: Database, command: Take) -> Outcome:
    """Reserve for a demand line from several supplies: all of it, or nothing.

    A number that is taken specifically enters the item tracking lines with it. Where a supply gives
    less than was to be taken, or others would move than was shown, ``takes-differ`` says for each
    row what was asked and what it gives now.
    """
    with unit_of_work(database, command, locking=Locking(lines=[command.line])) as work:
        if work.repeated:
            return work.repeated[0]
        line = work.demand_line(command.line)
        command = _spelled(work, line, command)
        tracking = _track(work, line, command)
        reserved = taking.take_all(work.balance(line), demand_of(line), tracking, command.takes)
        said = told(work.changes())
        taking.check_moves(command, said.moved)
        work.save()
        return work.report("reserve", command.line, replace(said, reserved=reserved))


def _spelled(work: Work, line: Line, command: Take) -> Take:
    """The command with its numbers as the item has them."""
    spelled = known(work.session, line.key.item_no, (each.numbers for each in command.takes))
    takes = tuple(replace(each, numbers=spelled[each.numbers]) for each in command.takes)
    return replace(command, takes=takes)


def _track(work: Work, line: Line, command: Take) -> list[TrackedQuantity]:
    """Refuse what can not be, and enter the numbers that are taken."""
    balance, demand = work.balance(line), demand_of(line)
    balance.know_demands([demand])
    if demand.reserve is ReservePolicy.NEVER:
        raise ReserveNever(line=line.line, whose=demand.never_because)
    taking.check(line, demand, command.takes, balance.reserved_of(line.line))
    before = tracking_lines.tracking_of(work.session, [line])[line.line]
    after = taking.with_numbers(balance, demand, before, command.takes)
    if after != before:
        entering.check_tracking(line, [tracked.as_entered for tracked in after])
        enter_on_demand(work, line, before, after)
    return after
