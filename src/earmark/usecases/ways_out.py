"""Taking a way out of a shortage: the change, then the reservation, in one transaction.

What is looked at before and saved after are the same use cases: a preview carries them out, reads
what every line has then, and takes it all back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeVar

from earmark.core.commands import (
    ChangeNumber,
    Choice,
    Command,
    EditLine,
    Reserve,
    SplitLine,
    TakeWayOut,
    Track,
)
from earmark.core.eligibility import days_left
from earmark.core.outcome import Outcome
from earmark.core.quantity import ZERO
from earmark.core.roles import check_take_over
from earmark.core.stock import Line, ReservationEntry, Supply, demand_of
from earmark.core.why_views import NEEDS, LineEffect, Standing, WayOut, WayTaken
from earmark.database.engine import Database
from earmark.database.together import together
from earmark.database.unit_of_work import Locking, unit_of_work
from earmark.database.views import view
from earmark.errors import NotAllowed
from earmark.errors.shortages import AdviceOnly, WayOutDiffers, WayOutUnknown
from earmark.usecases.catalog import change_number
from earmark.usecases.door import at_the_door
from earmark.usecases.line_edits import edit_line
from earmark.usecases.many import reserve_each
from earmark.usecases.reading import demand_line
from earmark.usecases.splitting import split_line
from earmark.usecases.tracking import track
from earmark.usecases.why import case_of, explained

Step = TypeVar("Step", bound=Command)


@at_the_door
def take_way_out(database: Database, command: TakeWayOut) -> WayTaken:
    """Make the change that a way out names, and reserve what the line can have then.

    ``way-out-unknown`` where things have changed so that it is none any more, ``way-out-differs``
    where it reserves another quantity than was shown.
    """
    with together(database, preview=command.preview) as joined:
        locking = Locking(lines=[command.line])
        with unit_of_work(joined, command, locking=locking) as work:
            before = _Seen.of(joined, command.line)
            if work.repeated:
                return replace(_taken(command, before, before, [command.line]), is_repeated=True)
            work.report("way out", command.line, Outcome())  # before its steps, as it was asked
            parts = _carry_out(joined, command, before)
            taken = _taken(command, before, _Seen.of(joined, command.line), parts)
            if command.expects not in (None, taken.reserved):
                raise WayOutDiffers(line=command.line, now=taken.reserved, yours=command.expects)
            return taken


def _carry_out(joined: Database, command: TakeWayOut, before: _Seen) -> list[str]:
    """Make the change and reserve; gives the line, and what was split off it."""
    change = _change(joined, before.line, command)
    parts = [command.line]
    if change is not None:
        if isinstance(change, Track):
            _check_take_over(command, before, change.line)
        outcome = _make(joined, _dressed(change, command))
        if isinstance(change, SplitLine):
            parts.append(outcome.reference)
    wanted = [Reserve(line=command.line, numbers=Choice.ALL)]
    wanted += [Reserve(line=part) for part in parts]
    reserve_each(joined, [_dressed(one, command) for one in wanted])
    return parts


def _change(joined: Database, line: Line, command: TakeWayOut) -> Command | None:
    """The command of the way out, found again as things are now."""
    if not command.way:
        return None
    with view(joined) as seen:
        ways = explained(seen, line, case_of(seen, line)).ways_out
    found = next((way for way in ways if way.way == command.way), None)
    if found is None:
        raise WayOutUnknown(way=command.way, line=command.line)
    if found.change is None:
        raise AdviceOnly(what=found.what)
    _check_allowed(command, found)
    return found.change


def _check_allowed(command: TakeWayOut, way: WayOut) -> None:
    """Refuse whoever may not make such a change, and may not try it either."""
    needed = NEEDS.get(way.kind)
    if needed is None or command.allowed is None:
        return
    if needed not in command.allowed:
        raise NotAllowed(user=command.by, operation=needed, of_whom="")


def _check_take_over(command: TakeWayOut, before: _Seen, holder: str) -> None:
    """A number that another has reserved is taken from him with the permission and a reason."""
    check_take_over(
        holder,
        [entry.by for entry in before.entries.get(holder, ())],
        by=command.by,
        allowed=command.allowed,
        reason=command.reason,
    )


def _make(joined: Database, change: Command) -> Outcome:
    """Carry out the change by the use case that is for it."""
    if isinstance(change, EditLine):
        return edit_line(joined, change)
    if isinstance(change, SplitLine):
        return split_line(joined, change)
    if isinstance(change, ChangeNumber):
        return change_number(joined, change)
    assert isinstance(change, Track), "every way out has one of these changes"
    return track(joined, change)


def _dressed(step: Step, command: TakeWayOut) -> Step:
    """A step of the whole, in the name of whoever asked, with his reason and what he may do."""
    return replace(
        step,
        by=command.by,
        reason=command.reason,
        allowed=command.allowed,
        preview=command.preview,
    )


# -- Before and after --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Seen:
    """Every reservation of an item, with its demand lines and supplies, at one moment."""

    line: Line
    lines: dict[str, Line]
    supplies: dict[int, Supply]
    entries: dict[str, list[ReservationEntry]]

    @classmethod
    def of(cls, joined: Database, ref: str) -> _Seen:
        """What is seen from a demand line."""
        with view(joined) as seen:
            found = demand_line(seen, ref)
            item_no = found.key.item_no
            entries: dict[str, list[ReservationEntry]] = {}
            for entry in seen.entries(item_no):
                entries.setdefault(entry.slot.line, []).append(entry)
            numbers = {e.slot.supply_no for of_line in entries.values() for e in of_line}
            supplies = {s.supply_no: s for s in seen.some(item_no, numbers)}
            return cls(found, seen.lines(entries) | {ref: found}, supplies, entries)

    def standing(self, ref: str) -> tuple[Standing, ...]:
        """Where a line's reservations stand, one row for each supply."""
        totals: dict[int, Decimal] = {}
        for entry in self.entries.get(ref, ()):
            number = entry.slot.supply_no
            totals[number] = totals.get(number, ZERO) + entry.quantity
        demand = demand_of(self.lines[ref]) if ref in self.lines else None
        return tuple(
            Standing(
                quantity=quantity,
                supply=supply.name,
                supply_kind=supply.kind,
                numbers=supply.numbers,
                days_left=days_left(supply, demand) if demand else None,
            )
            for number, quantity in totals.items()
            for supply in [self.supplies[number]]
        )


def _taken(command: TakeWayOut, before: _Seen, after: _Seen, parts: list[str]) -> WayTaken:
    names = dict.fromkeys([*parts, *before.lines, *after.lines])
    effects = [_effect(name, before, after) for name in names]
    touched = [e for e in effects if e.line in parts or e.lost or e.is_moved or e.after != e.before]
    others = [e for e in effects if e not in touched]
    return WayTaken(
        line=command.line,
        way=command.way,
        reserved=sum((e.after for e in effects if e.line in parts), ZERO),
        effects=tuple(touched),
        unchanged=len(others),
        unchanged_reserved=sum((e.after for e in others), ZERO),
        is_preview=command.preview,
    )


def _effect(name: str, before: _Seen, after: _Seen) -> LineEffect:
    stood, stands = before.standing(name), after.standing(name)
    found = after.lines.get(name) or before.lines[name]
    demand = demand_of(found)
    return LineEffect(
        line=name,
        customer=demand.customer,
        date=demand.needed_on,
        minimum_shelf_life_days=demand.minimum_shelf_life_days,
        needed=demand.outstanding,
        before=_total(stood),
        after=_total(stands),
        stood_on=stood,
        stands_on=stands,
        is_new=name not in before.lines,
    )


def _total(standing: Iterable[Standing]) -> Decimal:
    return sum((s.quantity for s in standing), ZERO)
