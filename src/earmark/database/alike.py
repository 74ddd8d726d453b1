"""Very many serial numbers of an item, read as few supplies.

Serial numbers of one lot that are alike in all that decides are one supply with the totals of all
of them: whoever looks at an item with a hundred thousand wants its lots, and the few serial numbers
that somebody has named. Blocked ones stay apart, for each has a reason of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from earmark.core.stock import ReservationEntry, Slot, Supply
from earmark.database import schema, shelf
from earmark.database.engine import Session
from earmark.database.statements import MemberOf, Statement

MANY = 500
"""So many open serial numbers of an item are still read one by one."""

_SUPPLY = schema.supply
_ALIKE: dict[str, Callable[[Supply], object]] = {
    "item_no": lambda supply: supply.key.item_no,
    "variant_code": lambda supply: supply.key.variant_code,
    "location_code": lambda supply: supply.key.location_code,
    "kind": lambda supply: supply.kind,
    "source": lambda supply: supply.source,
    "lot_no": lambda supply: supply.numbers.lot_no,
    "package_no": lambda supply: supply.numbers.package_no,
    "available_on": lambda supply: supply.available_on,
    "expiration_date": lambda supply: supply.expiration_date,
}
"""All that decides: the column, and the same of a supply that was read."""
_SUMMED = ("quantity", "reserved", "nonspecific")
_OF_ITEM = sa.and_(_SUPPLY.c.item_no == sa.bindparam("item_no"), shelf.OPEN)
_HAS_SERIAL = _SUPPLY.c.serial_no != sa.literal_column("''")
_APART = sa.or_(_SUPPLY.c.is_blocked, MemberOf(_SUPPLY.c.serial_no, "apart"))


def _together(of: sa.Column[Any]) -> sa.ColumnElement[Any]:
    if of.name in _ALIKE:
        return of
    if of.name in _SUMMED:
        return sa.func.sum(of, type_=schema.Quantity)
    if of.name == "serial_no":
        return sa.literal("", type_=sa.Text)
    if of.name == "is_blocked":
        return sa.false()
    return sa.func.min(of, type_=of.type)


_TOGETHER = Statement(
    sa.select(*(_together(_SUPPLY.c[c.name]) for c in shelf.SELECT.selected_columns))
    .add_columns(sa.func.count())
    .where(_OF_ITEM, _HAS_SERIAL, sa.not_(_APART))
    .group_by(*(_SUPPLY.c[name] for name in _ALIKE))
)
_ONE_BY_ONE = Statement(shelf.SELECT.where(_OF_ITEM, sa.or_(sa.not_(_HAS_SERIAL), _APART)))
_SERIALS = sa.select(_SUPPLY.c.serial_no).where(_OF_ITEM, _HAS_SERIAL)
_SO_MANY = Statement(_SERIALS.limit(MANY + 1))
_WITH_WORD = Statement(
    _SERIALS.where(
        sa.func.lower(_SUPPLY.c.serial_no).contains(sa.bindparam("word"), autoescape=False)
    ).limit(sa.bindparam("limit"))
)


@dataclass(frozen=True, slots=True)
class Alike:
    """The open supply of an item, and what stands for the serial numbers that were read as one."""

    supplies: list[Supply]
    apart: frozenset[str]

    def places(self, known: Iterable[Supply]) -> dict[int, int]:
        """The number under which each of these supplies is found here."""
        together = {
            _kind_of(supply): supply.supply_no for supply in self.supplies if supply.serials
        }
        return {
            supply.supply_no: supply.supply_no
            if self._is_apart(supply)
            else together.get(_kind_of(supply), supply.supply_no)
            for supply in known
        }

    def _is_apart(self, supply: Supply) -> bool:
        serial = supply.numbers.serial_no
        return not serial or supply.is_blocked or serial in self.apart


def _kind_of(supply: Supply) -> object:
    return tuple(read(supply) for read in _ALIKE.values())


def are_many(session: Session, item_no: str) -> bool:
    """Whether an item has so many open serial numbers that they are read as few."""
    return len(session.rows(_SO_MANY, item_no=item_no)) > MANY


def of_item(session: Session, item_no: str, apart: Collection[str]) -> Alike:
    """The open supply of an item, with these serial numbers one by one."""
    named = sorted(apart)
    together = session.rows(_TOGETHER, item_no=item_no, apart=named)
    singly = session.rows(_ONE_BY_ONE, item_no=item_no, apart=named)
    return Alike(
        [
            *(replace(shelf.supply_from(row), serials=row[-1]) for row in together),
            *(shelf.supply_from(row) for row in singly),
        ],
        frozenset(apart),
    )


def serials_with(session: Session, item_no: str, words: Iterable[str], limit: int) -> set[str]:
    """Open serial numbers of an item in which one of these words stands, not more than that."""
    found: set[str] = set()
    for word in words:
        rows = session.rows(_WITH_WORD, item_no=item_no, word=word.lower(), limit=limit)
        found |= {row[0] for row in rows}
    return found


def together(entries: Iterable[ReservationEntry], places: dict[int, int]) -> list[ReservationEntry]:
    """Reservation entries on what their supplies were read as; what is one slot is one entry."""
    joined: dict[Slot, ReservationEntry] = {}
    for entry in entries:
        slot = entry.slot._replace(supply_no=places.get(entry.slot.supply_no, entry.slot.supply_no))
        known = joined.get(slot)
        if known is None:
            joined[slot] = replace(entry, slot=slot)
        else:
            joined[slot] = replace(known, quantity=known.quantity + entry.quantity)
    return list(joined.values())
