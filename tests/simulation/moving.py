"""Goods that move: adjusted, imported, posted, reclassified."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from earmark import (
    Adjust,
    Numbers,
    Post,
    Posting,
    Reclassify,
    StockRow,
)
from tests.simulation.inventing import Inventor
from tests.simulation.shop import SERIAL
from tests.simulation.steps import IMPORT

Made = tuple[Any, ...] | None


def _row(of: Inventor, item: str) -> StockRow:
    supply = of.in_stock(item) if of.chance(0.35) else None
    if supply is not None:
        sign = -1 if of.chance(0.7) else 1
        quantity = sign * min(supply.quantity, of.some(item))
        return StockRow(
            item_no=item,
            location_code=supply.place,
            variant_code=supply.variant,
            quantity=quantity,
            numbers=Numbers(*supply.numbers),
        )
    numbers = of.numbers(item)
    serial = SERIAL in of.shop.code(item).entered
    return StockRow(
        item_no=item,
        location_code=of.place(),
        variant_code=of.variant(item),
        quantity=Decimal(1) if serial and of.chance(0.97) else of.some(item),
        numbers=numbers,
        unit="" if serial else of.unit(item),
        expiration_date=of.expiration(item),
        date=of.one_of(None, None, of.day()),
    )


def adjust(of: Inventor) -> Made:
    """Goods are found, or found missing."""
    item = of.item()
    count = of.one_of(1, 1, 2, 3)
    rows = tuple(_row(of, item if of.chance(0.7) else of.item()) for _ in range(count))
    return "adjust", Adjust(rows=rows)


def imports(of: Inventor) -> Made:
    """The same from a sheet."""
    rows = tuple(replace(_row(of, of.item()), date=None) for _ in range(of.one_of(1, 2)))
    return IMPORT, rows


_POSTED = {"sales": Posting.SHIP, "purchase": Posting.RECEIVE}


def post(of: Inventor) -> Made:
    """A line or a document is shipped, received, consumed or put out."""
    line = of.line()
    ways = (Posting.SHIP, Posting.CONSUME) if line.is_demand else (Posting.RECEIVE, Posting.OUTPUT)
    component = line.line.count("/") == 2
    made = line.status not in ("open", "finished")
    posting = ways[1 if component or made else 0]
    if of.chance(0.25) and not component:
        return "post", Post(posting=posting, line=line.document)
    quantity = of.one_of(None, None, of.some(line.item))
    numbers = ()
    if of.chance(0.6):
        wanted = quantity if quantity is not None else line.outstanding
        numbers = of.tracked(line.item, wanted, line if line.is_demand else None)
    command = Post(posting=posting, line=line.line, quantity=quantity, numbers=numbers)
    return "post", replace(command, date=of.one_of(None, None, None, of.day()))


def reclassify(of: Inventor) -> Made:
    """Goods move, or get another number."""
    item = of.item()
    supply = of.in_stock(item)
    if supply is None:
        return None
    command = Reclassify(
        item_no=item,
        location_code=supply.place,
        variant_code=supply.variant,
        quantity=min(supply.quantity, of.some(item)) if of.chance(0.7) else supply.quantity,
        numbers=Numbers(*supply.numbers),
    )
    what = of.one_of("place", "place", "number", "date")
    if what == "place":
        return "reclassify", replace(command, to_location_code=of.place())
    if what == "date":
        return "reclassify", replace(command, to_expiration_date=of.expiration(item))
    other = of.numbers(item)
    return "reclassify", replace(
        command,
        to_lot_no=other.lot_no or None,
        to_serial_no=other.serial_no or None,
        to_package_no=other.package_no or None,
    )
