"""`earmark alerts`, `repair`, `undo`: what is not as it should be, and putting it right."""

import shlex
from collections.abc import Sequence
from typing import Annotated

from cyclopts import Parameter

import earmark
from earmark.cli.invocation import CHANGING, READING, Changing, Reading
from earmark.cli.options import Line
from earmark.cli.page import Cell, Column, Hint, Note, Page, Pen, Table, columns
from earmark.core.alerts import Alert, Mending, RepairChoice
from earmark.core.commands import Repair, Undo

FOUND_SOMETHING = 1


def alerts(*, item: str = "", location: str = "", reading: Reading = READING) -> int:
    """List reservations whose goods are no longer good for them, with repairs.

    A lot was blocked, expires too early or comes too late; the reservation still stands on it.
    Where there is something the exit code is 1.

        earmark alerts
        earmark alerts --item 1055 --location EAST

    Args:
        item: Item no.
        location: Location code.
    """
    with reading.opened() as database:
        found = earmark.alerts(database, item_no=item, location_code=location)
    reading.answer(found, alerts_page)
    return FOUND_SOMETHING if found else 0


def repair(line: Line, /, *, supply: str, to: str = "", changing: Changing = CHANGING) -> None:
    """Let a line's reservation from one supply stand on another; it loses nothing by it.

        earmark repair SO4706/2 --supply 1055#2 --to 1055#3
        earmark repair SO4706/2 --supply 1055#2 --preview

    Args:
        supply: Where it stands: a document line, or a ledger entry as ITEM#12.
        to: Where it shall stand; wherever there is a place where it is not said.
    """
    changing.carry_out(earmark.repair, Repair(line=line, supply=supply, to_supply=to))


def undo(
    moment: Annotated[str, Parameter(help="The moment of the command, as history shows it.")],
    /,
    *,
    changing: Changing = CHANGING,
) -> None:
    """Take back what one command did, by a new entry in history.

    Refused where a later command stands on it; try it first with --preview.

        earmark history SO4711
        earmark undo 1838616682792798975 --preview
    """
    changing.carry_out(earmark.undo, Undo(posting=moment))


def alerts_page(found: Sequence[Alert]) -> Page:
    """Every alert with its first repair as the command that carries it out."""
    if not found:
        return [Note("No alerts. Every reservation stands on goods that are good for it.")]
    heads = columns(
        Column("Demand", Pen.NAME),
        Column("For", yields=1),
        "Needed",
        "Supply",
        "Number",
        "Quantity",
        Column("What happened", Pen.ALARM, wraps=True),
        Column("Repairs", Pen.YOURS, wraps=True),
    )
    page: Page = [Table(heads, [_row(alert) for alert in found])]
    first = next(((a, w) for a in found for w in a.repairs if w.mending is Mending.MOVE), None)
    if first is not None:
        alert, way = first
        to = f" --to {shlex.quote(way.to_supply)}" if way.to_supply else ""
        line, supply = shlex.quote(alert.line), shlex.quote(alert.supply)
        page.append(Hint("To repair the first", f"earmark repair {line} --supply {supply}{to}"))
    return page


def _row(alert: Alert) -> tuple[Cell, ...]:
    what = f"{alert.brief} ({alert.noted})" if alert.noted else alert.brief
    ways = "; ".join(in_words(way) for way in alert.repairs) or "nothing else would do"
    number = str(alert.numbers) if alert.numbers else ""
    return (
        alert.line,
        alert.customer,
        alert.needed_on,
        alert.supply,
        number,
        alert.quantity,
        what,
        ways,
    )


def in_words(way: RepairChoice) -> str:
    """A repair in a few words."""
    if way.mending is Mending.REDATE:
        return f"ship on {way.date}"
    if not way.to_supply:
        moved = f", {', '.join(way.moved)} change places" if way.moved else ""
        return f"move {way.quantity:f} wherever there is a place{moved}"
    return f"move to {way.to_supply} {way.numbers}: {way.available:f} free"
