"""What a search finds: items, documents, lines, customers, lots, serials and packages."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class HitKind(StrEnum):
    """What was found."""

    DOCUMENT = "document"
    LINE = "line"
    ITEM = "item"
    CUSTOMER = "customer"
    LOT = "lot"
    SERIAL = "serial"
    PACKAGE = "package"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One record that fits, by its reference, with what tells it from others.

    ``item_no`` is the item of a line or a number. For a number, ``quantity`` is what is in stock
    or on order under it, ``place`` where, and ``holders`` the lines that hold it.
    """

    kind: HitKind
    reference: str
    name: str = ""
    item_no: str = ""
    quantity: Decimal | None = None
    place: str = ""
    holders: tuple[str, ...] = ()
