"""`earmark track`: the item tracking lines of a document line."""

import shlex
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Annotated

from cyclopts import Parameter

import earmark
from earmark.cli.document_text import fields_of, tracking_line_of
from earmark.cli.invocation import CHANGING, READING_AS_OF, Changing, ReadingAsOf
from earmark.cli.options import (
    NO_NUMBER_OPTIONS,
    Day,
    Line,
    NumberNo,
    NumberOptions,
    Quantity,
    Whole,
)
from earmark.cli.page import Column, Hint, Note, Page, Pen, Table, Title, columns
from earmark.core.commands import AddNumbers, AssignNumbers, SelectEntries, Track
from earmark.core.number_ranges import serial_nos_of
from earmark.core.quantity import ONE
from earmark.core.tracking import Dimension, TrackingLine, tracking_line
from earmark.core.views import TrackingView
from earmark.errors import ValueInvalid


def show(line: Line, /, *, reading: ReadingAsOf = READING_AS_OF) -> None:
    """Show the item tracking lines of a line.

    earmark track show SO1/1
    """
    with reading.opened() as database:
        views = earmark.tracking_lines(database, line, as_of=reading.as_of)
    reading.answer(views, lambda found: _tracking_page(line, found))


def add(
    line: Line,
    /,
    *,
    number: NumberOptions = NO_NUMBER_OPTIONS,
    serials: Annotated[str, Parameter(metavar="A001..A120")] = "",
    quantity: Quantity | None = None,
    expires: Day | None = None,
    changing: Changing = CHANGING,
) -> None:
    """Enter numbers on a line, beside those it has.

    Numbers that are entered are asked for; only `earmark reserve` holds them.

        earmark track add SO1/1 --serial SN1 --lot LOT1
        earmark track add SO1/2 --lot L2503 --quantity 96
        earmark track add SO1/3 --serials A001..A120 --lot L1

    Args:
        serials: Serial nos., one unit each: a range, or several with commas between.
        quantity: How much of the number; 1 where it is not said.
        expires: Expiration date, on a line that brings stock in.
    """
    new = _entered(number, serials, quantity, expires)
    changing.carry_out(earmark.add_numbers, AddNumbers(line=line, numbers=tuple(new)))


def set_(
    line: Line,
    /,
    *,
    number: Annotated[list[str] | None, Parameter(metavar="FIELDS")] = None,
    changing: Changing = CHANGING,
) -> None:
    """Replace the item tracking lines of a line; without numbers they are removed.

        earmark track set SO1/2 --number lot=L2503,quantity=96 --number lot=L2521,quantity=84

    Args:
        number: lot=, serial=, package=, quantity=, to_handle=, expiration_date=.
    """
    numbers = tuple(tracking_line_of(fields_of(text)) for text in number or ())
    changing.carry_out(earmark.track, Track(line=line, numbers=numbers))


def assign(
    line: Line,
    /,
    *,
    what: Annotated[str, Parameter(metavar="serial|lot")],
    quantity: Quantity | None = None,
    new_lot: bool = False,
    first_no: NumberNo = "",
    step: Whole = 1,
    changing: Changing = CHANGING,
) -> None:
    """Assign new numbers from the item's series to what is not tracked yet.

        earmark track assign PO1/1 --what serial --new-lot
        earmark track assign PO1/1 --what serial --first-no S-001 --step 5 --quantity 10

    Args:
        what: Which numbers: serial or lot.
        quantity: How much gets numbers; all that is untracked where it is not said.
        new_lot: Put one new lot no. on all the new serial nos.
        first_no: Customised serial nos. from this one on.
        step: From one customised serial no. to the next.
    """
    if what not in ("serial", "lot"):
        raise ValueInvalid(field="--what", value=what, why="it is serial or lot")
    command = AssignNumbers(
        line=line,
        what=Dimension(what),
        quantity=quantity,
        new_lot=new_lot,
        first_no=first_no,
        step=step,
    )
    changing.carry_out(earmark.assign_numbers, command)


def select(
    line: Line, /, *, quantity: Quantity | None = None, changing: Changing = CHANGING
) -> None:
    """Fill the tracking lines from what is available, in picking order.

        earmark track select SO1/1
        earmark track select SO1/1 --quantity 24

    Args:
        quantity: How much; all that is untracked where it is not said.
    """
    changing.carry_out(earmark.select_entries, SelectEntries(line=line, quantity=quantity))


def _entered(
    number: NumberOptions, serials: str, quantity: Decimal | None, expires: Day | None
) -> list[TrackingLine]:
    given = number.given
    one = tracking_line(given, ONE if quantity is None else quantity, expiration_date=expires)
    if not serials:
        return [one]
    if given.serial_no or quantity is not None:
        why = "each stands for one unit, so --serial and --quantity do not go with it"
        raise ValueInvalid(field="--serials", value=serials, why=why)
    return [replace(one, serial_no=serial_no) for serial_no in serial_nos_of(serials)]


def _tracking_page(line: str, views: Sequence[TrackingView]) -> Page:
    if not views:
        return [
            Title("Item Tracking Lines", line),
            Note("No numbers are entered."),
            Hint("Enter one", f"earmark track add {shlex.quote(line)} --lot LOT1 --quantity 1"),
        ]
    heads = columns(
        "Serial No.", "Lot No.", "Package No.",
        Column("Expiration Date", yields=1), "Quantity", Column("To handle", Pen.NAME), "Handled",
    )  # fmt: skip
    rows = [
        (
            view.numbers.serial_no,
            view.numbers.lot_no,
            view.numbers.package_no,
            view.expiration_date,
            view.quantity,
            view.to_handle,
            view.handled,
        )
        for view in views
    ]
    quantity, to_handle, handled = (
        sum((row[place] for row in (_figures(v) for v in views)), Decimal(0)) for place in range(3)
    )
    total = ("", "", "", None, quantity, to_handle, handled)
    return [Title("Item Tracking Lines", line), Table(heads, rows, total)]


def _figures(view: TrackingView) -> tuple[Decimal, Decimal, Decimal]:
    return view.quantity, view.to_handle, view.handled
