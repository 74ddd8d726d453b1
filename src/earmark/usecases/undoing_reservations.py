"""Undoing any command: which reservations it changed, and what has become of them since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from earmark.core.eligibility import unfit
from earmark.core.outcome import Notice, Release
from earmark.core.quantity import ZERO, plain
from earmark.core.stock import (
    Line,
    ReservationEntry,
    Slot,
    Supply,
    TrackedQuantity,
    demand_of,
)
from earmark.core.tracking import Numbers
from earmark.core.undoing import Difference, Undone
from earmark.database import catalog, lines
from earmark.database.engine import Session
from earmark.database.traces import Trace
from earmark.database.unit_of_work import Work
from earmark.errors.undoing import Superseded


def lines_held(session: Session, found: Trace) -> list[Line]:
    """The lines whose reservations or appeals a command changed, as they are now."""
    held: dict[str, set[str]] = {}
    for appeal in found.appeals:
        held.setdefault(appeal.item_no, set()).add(appeal.line)
    for item_no, entry in (*found.ended, *found.made):
        held.setdefault(item_no, set()).add(entry.slot.line)
    return [x for item, names in held.items() for x in lines.of_item(session, item, names)]


def differences(
    work: Work, found: Trace, now: Mapping[str, Line], then: Mapping[str, Line]
) -> list[Difference]:
    """By how much a command changed each reservation.

    What was made stands where its line is ``now``, what was ended where it was ``then``. Holds that
    have ended since are left out. What is reserved again is for whoever had reserved it.
    """
    totals: dict[tuple[str, Slot], Decimal] = {}
    ended = [(item, e) for item, e in found.ended if not _ran_out(work, e)]
    entries = [(item, e, -e.quantity) for item, e in ended]
    entries += [(item, e, e.quantity) for item, e in found.made]
    for item_no, entry, quantity in entries:
        key = (item_no, entry.slot)
        totals[key] = totals.get(key, ZERO) + quantity
    work.pending.on_behalf.update({entry.slot: entry.by for _, entry in ended})
    changed = []
    for (_, slot), quantity in totals.items():
        if quantity:
            known = now if quantity > ZERO else then
            if slot.line not in known:
                raise Superseded(why=f"{slot.line} is gone since")
            changed.append(Difference(work.balance(known[slot.line]), slot, quantity))
    return changed


def _ran_out(work: Work, entry: ReservationEntry) -> bool:
    """Whether a hold ended by itself, at the latest as the undo looks at it."""
    until = entry.slot.hold_until
    return until is not None and until <= work.at


def is_spoilt(work: Work, found: Trace, supply: Supply, line: Line) -> bool:
    """Whether goods have become unfit since: blocked, dated anew, or not where the line is."""
    demand = demand_of(line)
    if supply.key != demand.key:
        return True
    if unfit(supply, demand) is None:
        return False
    item_no, moment = supply.key.item_no, found.moment - 1
    known = catalog.records_as_of(work.session, item_no, [supply.numbers], moment)
    is_blocked, expires = catalog.judged(known, supply.numbers)
    then = replace(supply, is_blocked=is_blocked, expiration_date=expires or supply.expiration_date)
    return unfit(then, demand) is None


def lost_by_others(found: Trace, undone: Undone) -> tuple[Release, ...]:
    """What lines lose by the undo that were not what the command was about."""
    about = found.reference
    return tuple(
        release
        for release in undone.releases
        if release.line != about and not release.line.startswith(f"{about}/")
    )


def entered_by_number(line: Line, tracking: Iterable[TrackedQuantity]) -> dict[Numbers, Decimal]:
    """How much of each number that is matched a line has entered and not yet posted."""
    entered: dict[Numbers, Decimal] = {}
    for tracked in tracking:
        asked = tracked.numbers.only(line.specific)
        entered[asked] = entered.get(asked, ZERO) + tracked.left
    return entered


def shortage(shortfall: Decimal) -> tuple[Notice, ...]:
    """What is to be said of reservations that could not be made again."""
    if not shortfall:
        return ()
    said = f"{plain(shortfall)} of what was reserved before is no longer available."
    return (Notice("short", said),)
