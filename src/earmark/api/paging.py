"""Pages of a list: a cursor says where the next one begins, and to nobody else what it means.

A cursor belongs to one list, its filters and its order; with others it is refused.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from earmark.api.asking import Errors, Paging
from earmark.database.listing import Place
from earmark.errors.requests import CursorInvalid
from earmark.http.plain import plain
from earmark.usecases.listing import Page

Values = Callable[[str, list[Any]], tuple[Any, ...]]
"""The values of an order, from those that a cursor holds; a ``ValueError`` where they are none."""


def texts(_order: str, told: list[Any]) -> tuple[Any, ...]:
    """The values of an order that are all texts."""
    if not all(isinstance(value, str) for value in told):
        raise ValueError(told)
    return tuple(told)


def place_of(
    paging: Paging, orders: tuple[str, ...], values: Values, chosen: object, errors: Errors
) -> Place:
    """The place in a list that is asked for."""
    sort = paging.sort or orders[0]
    order = sort.removeprefix("-")
    if order not in orders:
        told = f"it is {', '.join(orders)}, or one of them with a minus before it"
        errors.append({"type": "sort", "loc": ("sort",), "msg": told})
    place = Place(order=order, is_descending=sort.startswith("-"), limit=paging.limit)
    if not paging.cursor or errors:
        return place
    return replace(place, after=_opened(paging.cursor, place, values, chosen))


def _opened(cursor: str, place: Place, values: Values, chosen: object) -> tuple[Any, ...]:
    try:
        mark, *after = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii")))
        if mark != _mark(place, chosen):
            raise CursorInvalid
        return values(place.order, after)
    except (ValueError, TypeError, binascii.Error):
        raise CursorInvalid from None


def told(page: Page[Any], place: Place, chosen: object) -> dict[str, Any]:
    """A page as it is answered."""
    cursor = None
    if page.next_after is not None:
        kept = json.dumps([_mark(place, chosen), *plain(page.next_after)], ensure_ascii=False)
        cursor = base64.urlsafe_b64encode(kept.encode()).decode()
    return {"rows": page.rows, "next_cursor": cursor}


def _mark(place: Place, chosen: object) -> str:
    """A short text that differs for another list, other filters or another order."""
    kept = f"{type(chosen).__name__} {plain(chosen)} {place.order} {place.is_descending}"
    return hashlib.blake2s(kept.encode(), digest_size=6).hexdigest()
