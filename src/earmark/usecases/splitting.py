"""Splitting a demand line: a part of it becomes a line of its own, with another date."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from earmark.core import line_changes
from earmark.core.commands import SplitLine
from earmark.core.days import reckonable
from earmark.core.items import ReservePolicy
from earmark.core.outcome import Outcome
from earmark.core.parts import in_base_unit
from earmark.core.quantity import ZERO, positive
from earmark.core.references import Place
from earmark.core.stock import Line, demand_of
from earmark.database import documents, line_names, lines, tracking_lines
from earmark.database.engine import Database
from earmark.database.unit_of_work import Locking, Work, told, unit_of_work
from earmark.errors import TrackingExceedsLine
from earmark.errors.shortages import SplitTooLarge
from earmark.usecases.door import at_the_door
from earmark.usecases.reservations import auto_reserve


@at_the_door
def split_line(database: Database, command: SplitLine) -> Outcome:
    """Let a part of a demand line be a new line of the same document, with a date of its own.

    Numbers and reservations stay with the line, as far as they fit what is left of it. The new
    line is the outcome's ``reference``.
    """
    with unit_of_work(database, command, locking=Locking(lines=[command.line])) as work:
        if work.repeated:
            return work.repeated[0]
        line = work.demand_line(command.line)
        part = _part(line, positive(command.quantity))
        if part >= line.outstanding:
            raise SplitTooLarge(line=line.line, outstanding=line.outstanding, quantity=part)
        left = replace(
            line,
            quantity=line.quantity - part,
            quantity_in_unit=line.quantity_in_unit - command.quantity,
        )
        _check_tracking(work, left)
        new = _numbered(
            work,
            replace(
                line,
                quantity=part,
                quantity_in_unit=command.quantity,
                posted=ZERO,
                reserved=ZERO,
                date=reckonable(command.date),
            ),
        )
        reserved = _decide(work, left, new)
        work.save()
        outcome = replace(told(work.changes()), reference=new.line, reserved=reserved)
        return work.report("split", command.line, outcome)


def _part(line: Line, quantity: Decimal) -> Decimal:
    if quantity == line.quantity_in_unit:
        return line.quantity
    return in_base_unit(line.item, line.tracking_code, line.quantity_per_unit, quantity)


def _check_tracking(work: Work, left: Line) -> None:
    tracking = tracking_lines.tracking_of(work.session, [left])[left.line]
    tracked = sum((entry.quantity for entry in tracking), ZERO)
    if tracked > left.quantity:
        raise TrackingExceedsLine(line=left.line, tracked=tracked, quantity=left.quantity)


def _numbered(work: Work, new: Line) -> Line:
    """The new line under the document's next number; a component under that of its parent line."""
    header = documents.lock(work.session, [new.document_no]).get(new.document_no)
    assert header is not None, "a line has a document"
    if new.component:
        known = lines.of_documents(work.session, [new.document_no])
        component = 1 + max(x.component for x in known if x.position == new.position)
        number = f"{new.position}/{component}"
        name = _name(work, new, number)
        return replace(new, component=component, line_no=number, line=name)
    position = header.last_position + 1
    documents.save(work.session, [replace(header, last_position=position)], {header.document_no})
    number = str(position)
    return replace(new, position=position, line_no=number, line=_name(work, new, number))


def _name(work: Work, new: Line, line_no: str) -> str:
    place = Place(new.document_no, line_no)
    return line_names.new_names(work.session, [place])[place]


def _decide(work: Work, left: Line, new: Line) -> Decimal:
    """Let the line be as it will be; a line that is always reserved is, and so is its part."""
    balance = work.balance(left)
    balance.replace_demand(demand_of(left))
    line_changes.shrink(balance, demand_of(left), f"a part of it became {new.line}")
    work.pending.replace_lines(left, new)
    if new.policy[0] is not ReservePolicy.ALWAYS:
        return ZERO
    return auto_reserve(work, new).reserved
