"""What of set-up stays as it is because something open or in stock depends on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from earmark.core.items import Item
from earmark.core.quantity import STEP, plain, scaled
from earmark.core.tracking import Dimension, TrackingCode
from earmark.database import depending, stock
from earmark.database.engine import Session
from earmark.errors import SetUpFixed

Codes = Mapping[str, TrackingCode]


def check_item(session: Session, old: Item, new: Item, codes: Codes) -> None:
    """Refuse to take from an item what an open line, or goods in stock, depend on."""
    of = f"item {new.item_no}"
    for what, by in _in_use(session, old, new):
        raise SetUpFixed(what=what, of=of, by=by, item_no=new.item_no)
    check_tracking(
        session, old.item_no, codes.get(old.tracking_code), codes.get(new.tracking_code), of
    )


def check_tracking(
    session: Session, item_no: str, old: TrackingCode | None, new: TrackingCode | None, of: str
) -> None:
    """Refuse other rules for an item's numbers where goods or lines stand under the old ones."""
    what = "item tracking" if of.startswith("item ") else "choice of numbers"
    by: str | None = None
    if _specific(old) != _specific(new):
        what = f"{what} and what it makes specific"
        by = _posted(session, item_no) or _line(session, item_no)
    elif _counted(old) != _counted(new):
        by = _line(session, item_no) or _goods(session, item_no)
    if by is not None:
        raise SetUpFixed(what=what, of=of, by=by, item_no=item_no)


def _in_use(session: Session, old: Item, new: Item) -> Iterator[tuple[str, str]]:
    """What of an item is to change, and what depends on it."""
    number = new.item_no
    if old.base_unit != new.base_unit:
        by = _posted(session, number) or _line(session, number)
        if by is not None:
            yield "base unit", by
    for unit in sorted(set(old.factors) - set(new.factors)):
        line = depending.line_of(session, number, unit=unit)
        if line is not None:
            yield f"unit {unit}", f"line {line[0]} is open in it"
    for code in sorted(set(old.variants) - set(new.variants)):
        by = _line(session, number, variant_code=code) or _goods(session, number, variant_code=code)
        if by is not None:
            yield f"variant {code}", by
    if old.rounding_precision != new.rounding_precision and new.rounding_precision > STEP:
        step = scaled(new.rounding_precision)
        by = _line(session, number, step=step) or _goods(session, number, step=step)
        if by is not None:
            yield "rounding precision", by


def _line(session: Session, item_no: str, **which: str | int) -> str | None:
    found = depending.line_of(session, item_no, **which)
    return None if found is None else f"line {found[0]} is open, of {plain(found[1]):f}"


def _goods(session: Session, item_no: str, **which: str | int) -> str | None:
    found = depending.goods_of(session, item_no, **which)
    if found is None:
        return None
    name, place, quantity = found
    return f"{plain(quantity):f} of {name} are in stock" + (f" at {place}" if place else "")


def _posted(session: Session, item_no: str) -> str | None:
    """Entries of the past hold quantities and numbers under the old rules."""
    return f"{item_no} has item ledger entries" if stock.was_ever_posted(session, item_no) else None


def _specific(code: TrackingCode | None) -> frozenset[Dimension]:
    return code.specific if code else frozenset()


def _counted(code: TrackingCode | None) -> tuple[bool, bool]:
    """Whether goods have numbers, and whether they are counted one by one."""
    return code is not None, code is not None and Dimension.SERIAL in code.entered
