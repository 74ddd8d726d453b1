"""`earmark post`: what moves goods, and undoing it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated

from cyclopts import Parameter

import earmark
from earmark.cli.document_text import fields_of, tracking_line_of
from earmark.cli.invocation import CHANGING, Changing, opened
from earmark.cli.options import (
    NO_NUMBER_OPTIONS,
    Day,
    NumberNo,
    NumberOptions,
    Quantity,
)
from earmark.core.commands import Adjust, Post, Reclassify, StockRow, Undo
from earmark.core.documents import Posting
from earmark.core.number_ranges import serial_nos_of
from earmark.core.tracking import TrackingLine
from earmark.errors import ValueInvalid

Posted = Annotated[str, Parameter(help="A line, or a whole document: SO1/1, SO1.")]
Serials = Annotated[
    str, Parameter(metavar="A001..A120", help="Serial nos., one unit each: a range, or several.")
]
PostingDate = Annotated[Day | None, Parameter(help="Posting date; today where it is not said.")]
Expires = Annotated[Day | None, Parameter(help="Expiration date of what comes in.")]


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """What is handled: how much, under which numbers, when.

    Args:
        quantity: How much; all that is outstanding where it is not said.
        lot: Lot no.
        serial: Serial no.
        package: Package no.
        numbers: One of several numbers: lot=L1,quantity=40, also serial=, package=.
    """

    quantity: Quantity | None = None
    lot: NumberNo = ""
    serial: NumberNo = ""
    package: NumberNo = ""
    serials: Serials = ""
    numbers: Annotated[list[str] | None, Parameter(metavar="FIELDS")] = None
    date: PostingDate = None

    def handled(self, outstanding: Callable[[], Decimal]) -> tuple[TrackingLine, ...]:
        """The numbers handled: several, a range of serials, or one for all of the quantity."""
        one = TrackingLine(lot_no=self.lot, serial_no=self.serial, package_no=self.package)
        if self.numbers:
            if self.serials or one.numbers:
                why = "it does not go with --lot, --serial, --package and --serials"
                raise ValueInvalid(field="--numbers", value=self.numbers[0], why=why)
            return tuple(tracking_line_of(fields_of(text)) for text in self.numbers)
        if self.serials:
            return tuple(replace(one, serial_no=no) for no in serial_nos_of(self.serials))
        if not one.numbers:
            return ()
        if self.serial and self.quantity is None:
            return (one,)
        quantity = outstanding() if self.quantity is None else self.quantity
        return (replace(one, quantity=quantity),)


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsIn(Goods):
    """What comes in: it may have an expiration date."""

    expires: Expires = None

    def handled(self, outstanding: Callable[[], Decimal]) -> tuple[TrackingLine, ...]:
        """The numbers that come in, with their expiration date."""
        came = Goods.handled(self, outstanding)
        return tuple(
            replace(line, expiration_date=line.expiration_date or self.expires) for line in came
        )


GOODS = Goods()
GOODS_IN = GoodsIn()


def ship(line: Posted, /, *, goods: Goods = GOODS, changing: Changing = CHANGING) -> None:
    """Ship a sales line or another system's demand: what was picked is what counts.

    Somebody's loose promise on what was picked moves to other goods; it is never lost.

        earmark post ship SO1/1 --serial SN1 --lot LOT1
        earmark post ship SO1/2 --numbers lot=L1,quantity=40 --numbers lot=L2,quantity=8
    """
    _post(Posting.SHIP, line, goods, changing)


def receive(line: Posted, /, *, goods: GoodsIn = GOODS_IN, changing: Changing = CHANGING) -> None:
    """Receive a purchase line or another system's supply; its reservations go along.

    earmark post receive PO1/1 --lot L2521 --expires 2027-09-30
    """
    _post(Posting.RECEIVE, line, goods, changing)


def consume(line: Posted, /, *, goods: Goods = GOODS, changing: Changing = CHANGING) -> None:
    """Consume a component of a production order.

    earmark post consume MO1/1/2 --lot K7 --quantity 42.5
    """
    _post(Posting.CONSUME, line, goods, changing)


def output(line: Posted, /, *, goods: GoodsIn = GOODS_IN, changing: Changing = CHANGING) -> None:
    """Post the output of a production order line; its reservations go along.

    earmark post output MO1/1 --lot P60 --quantity 4752 --expires 2027-11-30
    """
    _post(Posting.OUTPUT, line, goods, changing)


def adjust(
    item_no: str,
    /,
    *,
    location: str,
    quantity: Quantity,
    variant: str = "",
    unit: str = "",
    bin_code: Annotated[str, Parameter(name="--bin")] = "",
    number: NumberOptions = NO_NUMBER_OPTIONS,
    serials: Serials = "",
    expires: Expires = None,
    date: PostingDate = None,
    description: str = "",
    changing: Changing = CHANGING,
) -> None:
    """Adjust stock up, or down with a negative quantity.

        earmark post adjust 1040 --location EAST --quantity 96 --lot L2503 --expires 2027-05-31
        earmark post adjust 1040 --location EAST --quantity -2 --lot L2503 --description broken
        earmark post adjust X --location EAST --quantity 1 --serials SN1..SN9 --lot LOT1

    Args:
        item_no: Item no.
        location: Location code.
        quantity: How much; with --serials of each.
        variant: Variant code.
        unit: Unit of measure; the base unit where it is not said.
        bin_code: Bin code.
        description: Why.
    """
    row = StockRow(
        item_no=item_no,
        location_code=location,
        quantity=quantity,
        variant_code=variant,
        numbers=number.given,
        unit=unit,
        bin_code=bin_code,
        date=date,
        expiration_date=expires,
        description=description,
    )
    serial_nos = serial_nos_of(serials)
    each = (replace(row, numbers=replace(row.numbers, serial_no=no)) for no in serial_nos)
    changing.carry_out(earmark.adjust, Adjust(rows=tuple(each) if serials else (row,)))


def reclassify(
    item_no: str,
    /,
    *,
    location: str,
    quantity: Quantity,
    variant: str = "",
    number: NumberOptions = NO_NUMBER_OPTIONS,
    to_location: str | None = None,
    to_lot: NumberNo | None = None,
    to_serial: NumberNo | None = None,
    to_package: NumberNo | None = None,
    to_expires: Day | None = None,
    date: PostingDate = None,
    changing: Changing = CHANGING,
) -> None:
    """Move stock to another location or another number.

        earmark post reclassify 1040 --location EAST --lot L1 --quantity 5 --to-location WEST

    Args:
        item_no: Item no.
        location: Where it is.
        quantity: How much.
        variant: Variant code.
        to_location: Where it goes.
        to_lot: Its new lot no.
        to_serial: Its new serial no.
        to_package: Its new package no.
        to_expires: Its new expiration date.
    """
    command = Reclassify(
        item_no=item_no,
        location_code=location,
        quantity=quantity,
        variant_code=variant,
        numbers=number.given,
        to_location_code=to_location,
        to_lot_no=to_lot,
        to_serial_no=to_serial,
        to_package_no=to_package,
        to_expiration_date=to_expires,
        date=date,
    )
    changing.carry_out(earmark.reclassify, command)


def undo(
    posting: Annotated[str, Parameter(help="The handle that the posting gave.")],
    /,
    *,
    changing: Changing = CHANGING,
) -> None:
    """Reverse a posting.

    earmark post undo POSTING
    """
    changing.carry_out(earmark.undo, Undo(posting=posting))


def _post(posting: Posting, line: str, goods: Goods, changing: Changing) -> None:

    numbers = goods.handled(lambda: _outstanding(line, changing))
    command = Post(
        posting=posting, line=line, quantity=goods.quantity, numbers=numbers, date=goods.date
    )
    changing.carry_out(earmark.post, command)


def _outstanding(line: str, changing: Changing) -> Decimal:
    """What a line has outstanding: the quantity of a number that is named without one."""
    with opened(changing.database) as database:
        return earmark.line(database, line).outstanding
