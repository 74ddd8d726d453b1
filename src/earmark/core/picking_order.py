"""The order of choice: which supply is taken first.

Stock first, in the picking order of its item; then supply on order, kind after kind, the latest in
time first, so that goods that come early stay free for those who need them early. A policy is
a function that gives the place of one supply, and a row in the table at the foot.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from earmark.core.items import PickingOrder
from earmark.core.stock import KINDS_OF_SUPPLY, Supply

Place = tuple[int, ...]

_RANK = {str(kind): rank for rank, kind in enumerate(KINDS_OF_SUPPLY)}


def first_expired_first_out(supply: Supply) -> Place:
    """By expiration date, undated last; then as first in, first out."""
    expires = (supply.expiration_date or date.max).toordinal()
    return (expires, *first_in_first_out(supply))


def first_in_first_out(supply: Supply) -> Place:
    """By posting date, then by entry."""
    return ((supply.posted_on or date.min).toordinal(), supply.supply_no)


def last_in_first_out(supply: Supply) -> Place:
    """By posting date, then by entry, the newest first."""
    return (-(supply.posted_on or date.min).toordinal(), -supply.supply_no)


POLICIES: dict[PickingOrder, Callable[[Supply], Place]] = {
    PickingOrder.FEFO: first_expired_first_out,
    PickingOrder.FIFO: first_in_first_out,
    PickingOrder.LIFO: last_in_first_out,
}


def place_of(supply: Supply, order: PickingOrder) -> Place:
    """The place of a supply in the order of choice; sort by it."""
    if supply.is_stock:
        return (0, *POLICIES[order](supply))
    due = (supply.available_on or date.min).toordinal()
    return (_RANK[supply.kind], -due, -supply.supply_no)
