"""The shelf of one stock key, read from the database as a decision asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from earmark.core.balance import RunningBalance
from earmark.core.items import PickingOrder, StockKey
from earmark.core.picking_order import place_of
from earmark.core.stock import (
    STOCK,
    Binding,
    Demand,
    Line,
    ReservationEntry,
    Slot,
    Supply,
    demand_of,
)
from earmark.core.tracking import Numbers
from earmark.database import lines, schema
from earmark.database.engine import Answer, Session
from earmark.database.history import from_micros
from earmark.database.schema import FAR
from earmark.database.statements import MemberOf, PairIn, Row, Statement, pairs

CHUNK = 50
"""How many free supplies are read first; each further read is four times as large."""

_SUPPLY = schema.supply
_COLUMNS = (
    "supply_no",
    "kind",
    "item_no",
    "variant_code",
    "location_code",
    "source",
    "lot_no",
    "serial_no",
    "package_no",
    "quantity",
    "reserved",
    "nonspecific",
    "available_on",
    "posted_on",
    "expiration_date",
    "is_blocked",
)
SELECT = sa.select(*(_SUPPLY.c[c] for c in _COLUMNS))
OF_KEY = sa.and_(
    _SUPPLY.c.item_no == sa.bindparam("item_no"),
    _SUPPLY.c.variant_code == sa.bindparam("variant_code"),
    _SUPPLY.c.location_code == sa.bindparam("location_code"),
)
STOCKED = _SUPPLY.c.kind == sa.literal_column(f"'{STOCK}'")
OPEN = _SUPPLY.c.quantity > sa.literal_column("0")
_FREE: sa.ColumnClause[Any] = sa.literal_column("supply.is_free")  # as the indexes have it

_PLACES: dict[PickingOrder, tuple[sa.ColumnElement[Any], ...]] = {
    PickingOrder.FEFO: (_SUPPLY.c.expiration_date, _SUPPLY.c.posted_on, _SUPPLY.c.supply_no),
    PickingOrder.FIFO: (_SUPPLY.c.posted_on, _SUPPLY.c.supply_no),
    PickingOrder.LIFO: (_SUPPLY.c.posted_on.desc(), _SUPPLY.c.supply_no.desc()),
}
_UNRESERVED_STOCK = {
    order: Statement(
        SELECT.where(OF_KEY, STOCKED, _FREE)
        .order_by(*places)
        .limit(sa.bindparam("chunk"))
        .offset(sa.bindparam("after"))
    )
    for order, places in _PLACES.items()
}
_UNRESERVED_ON_ORDER = Statement(SELECT.where(OF_KEY, _SUPPLY.c.kind != STOCK, OPEN, _FREE))
_EVERYTHING = Statement(SELECT.where(OF_KEY, OPEN))
BY_NO = Statement(
    SELECT.where(
        _SUPPLY.c.item_no == sa.bindparam("item_no"), MemberOf(_SUPPLY.c.supply_no, "supply_nos")
    )
)
_OF_SOURCE = Statement(
    SELECT.where(
        _SUPPLY.c.item_no == sa.bindparam("item_no"),
        _SUPPLY.c.source == sa.bindparam("source"),
        _SUPPLY.c.source != sa.literal_column("''"),  # lets the partial index be used
    )
)
_OF_ITEM = Statement(SELECT.where(_SUPPLY.c.item_no == sa.bindparam("item_no"), OPEN))


def _asked(column: str, item_no: sa.ColumnElement[str]) -> Statement:
    """Open supply of an item under one number; the literal lets the partial index be used."""
    named = _SUPPLY.c[column] == sa.bindparam("number")
    there = _SUPPLY.c[column] != sa.literal_column("''")
    return Statement(SELECT.where(_SUPPLY.c.item_no == item_no, named, there, OPEN))


_NUMBERS = ("serial_no", "lot_no", "package_no")
_BY_NUMBER = {column: _asked(column, sa.bindparam("item_no")) for column in _NUMBERS}
_BY_NUMBER_FOR_LINE = {column: _asked(column, lines.ITEM_OF_LINE) for column in _NUMBERS}

_ENTRY = schema.reservation_entry
ENTRY_COLUMNS = (
    "since",
    "ordinal",
    "line",
    "supply_no",
    "lot_no",
    "serial_no",
    "package_no",
    "binding",
    "hold_until",
    "quantity",
    "by",
)
_ENTRIES = sa.select(*(_ENTRY.c[c] for c in ENTRY_COLUMNS)).where(_ENTRY.c.until.is_(None))
OF_WHAT_STANDS = "INDEXED BY ux_reservation_entry_slot"
"""For SQLite, which would rather read every entry an item ever had than the few that stand."""
_ENTRIES_ON = Statement(
    _ENTRIES.with_hint(_ENTRY, OF_WHAT_STANDS, "sqlite").where(
        _ENTRY.c.item_no == sa.bindparam("item_no"), MemberOf(_ENTRY.c.supply_no, "supply_nos")
    )
)
_ENTRIES_OF = Statement(
    _ENTRIES.where(_ENTRY.c.item_no == sa.bindparam("item_no"), MemberOf(_ENTRY.c.line, "lines"))
)
_ENTRIES_OF_LINE = Statement(
    _ENTRIES.where(_ENTRY.c.item_no == lines.ITEM_OF_LINE, _ENTRY.c.line == sa.bindparam("line"))
)
IS_OF_KEY = sa.exists().where(
    _SUPPLY.c.item_no == _ENTRY.c.item_no, _SUPPLY.c.supply_no == _ENTRY.c.supply_no, OF_KEY
)
"""Of a reservation entry: whether it stands on supply of a stock key."""
_ENTRIES_OF_KEY = Statement(
    _ENTRIES.with_hint(_ENTRY, OF_WHAT_STANDS, "sqlite").where(
        _ENTRY.c.item_no == sa.bindparam("item_no"),
        IS_OF_KEY,
    )
)


def in_order_made(rows: Iterable[Row]) -> list[ReservationEntry]:
    """Reservation entries from their rows, the first made first.

    Sorted here and not by the database: asked to, SQLite reads every entry the item ever had.
    """
    return sorted((entry_from(row) for row in rows), key=lambda e: (e.since, e.ordinal))


def supply_from(row: Row) -> Supply:
    """A supply from its columns."""
    return Supply(
        row[0],
        row[1],
        StockKey(row[2], row[3], row[4]),
        row[5],
        Numbers(row[6], row[7], row[8]),
        row[9],
        row[10],
        row[11],
        row[12],
        row[13],
        None if row[14] == FAR else row[14],
        row[15],
    )


def entry_from(row: Row) -> ReservationEntry:
    """A reservation entry from its columns."""
    asked = Numbers(row[4], row[5], row[6])
    slot = Slot(row[2], row[3], asked, Binding(row[7]), from_micros(row[8]))
    return ReservationEntry(row[0], row[1], slot, row[9], row[10])


class DatabaseShelf:
    """One stock key in the database; answers are remembered for the length of the decision."""

    def __init__(self, session: Session, key: StockKey, picking_order: PickingOrder) -> None:
        """Under the key's lock, or for reading only."""
        self.session = session
        self.key = key
        self.picking_order = picking_order
        self._asked: dict[Numbers, list[Supply]] = {}
        self._ahead: dict[tuple[str, str], Answer] = {}

    def take_ahead(self, asked: Numbers, answer: Answer) -> None:
        """Take the supply with these numbers, which was asked for together with the lock."""
        column = asked.telling
        self._ahead[column, getattr(asked, column)] = answer

    def remember_asked(self, asked: Numbers, supplies: Iterable[Supply]) -> None:
        """Take in all the supply under some numbers, when it was read together with others."""
        found = list(supplies)
        if len(found) > 1:
            found.sort(key=self._place)
        self._asked[asked] = found

    def _place(self, supply: Supply) -> tuple[int, ...]:
        return place_of(supply, self.picking_order)

    def _read(self, statement: Statement, **values: Any) -> list[Supply]:  # noqa: ANN401
        return [supply_from(row) for row in self.session.rows(statement, **values)]

    def free(self) -> Iterator[Supply]:
        """All supply with something unreserved, in the order of choice, read as it is consumed."""
        statement = _UNRESERVED_STOCK[self.picking_order]
        for row in self.session.stream(statement, CHUNK, **self.key._asdict()):
            yield supply_from(row)
        on_order = self._read(_UNRESERVED_ON_ORDER, **self.key._asdict())
        yield from sorted(on_order, key=self._place)

    def asked(self, asked: Numbers) -> list[Supply]:
        """All supply with these numbers, free or not, in the order of choice."""
        known = self._asked.get(asked)
        if known is None:
            column = asked.telling
            answer = self._ahead.pop((column, getattr(asked, column)), None)
            answer = answer or ask_for(self.session, self.key, asked)
            self.remember_asked(asked, found_for(answer, self.key, asked))
            known = self._asked[asked]
        return known

    def supplies(self, supply_nos: Iterable[int]) -> list[Supply]:
        """These supplies."""
        return self._read(BY_NO, item_no=self.key.item_no, supply_nos=list(supply_nos))

    def of_source(self, source: str) -> list[Supply]:
        """The supplies that one document line is."""
        return self._read(_OF_SOURCE, item_no=self.key.item_no, source=source)

    def everything(self) -> list[Supply]:
        """All supply, free or not, in the order of choice."""
        return sorted(self._read(_EVERYTHING, **self.key._asdict()), key=self._place)

    def entries_on(self, supply_nos: Iterable[int]) -> list[ReservationEntry]:
        """The reservation entries on these supplies."""
        return entries_on(self.session, self.key.item_no, list(supply_nos))

    def entries_of(self, of_lines: Iterable[str]) -> list[ReservationEntry]:
        """The reservation entries of these demand lines."""
        return entries_of(self.session, self.key.item_no, of_lines)

    def movable(self) -> list[ReservationEntry]:
        """Every reservation entry on the key; the balance moves only what may be moved."""
        rows = self.session.rows(_ENTRIES_OF_KEY, **self.key._asdict())
        return in_order_made(rows)

    def demands(self, of_lines: Iterable[str]) -> list[Demand]:
        """These demand lines."""
        found = lines.of_item(self.session, self.key.item_no, of_lines)
        return [demand_of(line) for line in found]


def ask_for(session: Session, key: StockKey, asked: Numbers) -> Answer:
    """Ask for all supply of an item with the most telling of these numbers."""
    column = asked.telling
    number = getattr(asked, column)
    return session.ask(_BY_NUMBER[column], item_no=key.item_no, number=number)


def ask_for_line(session: Session, line: str, asked: Numbers) -> Answer:
    """Ask for the same of the item of a line of which no more is known yet than its name."""
    column = asked.telling
    return session.ask(_BY_NUMBER_FOR_LINE[column], line=line, number=getattr(asked, column))


def found_for(answer: Answer, key: StockKey, asked: Numbers) -> list[Supply]:
    """Of what was asked for, the supply of a stock key with all of these numbers."""
    found = (supply_from(row) for row in answer.rows())
    return [s for s in found if s.key == key and s.numbers.serves(asked)]


def asked_for(session: Session, key: StockKey, asked: Numbers) -> list[Supply]:
    """All supply of a stock key with these numbers."""
    return found_for(ask_for(session, key, asked), key, asked)


def under(session: Session, item_no: str, asked: Iterable[Numbers]) -> list[Supply]:
    """All supply of an item, wherever, under any of these numbers."""
    by_column: dict[str, dict[str, list[Numbers]]] = {}
    for numbers in asked:
        column = numbers.telling
        of_column = by_column.setdefault(column, {})
        of_column.setdefault(getattr(numbers, column), []).append(numbers)
    found: dict[int, Supply] = {}
    for column, named in by_column.items():
        wanted = [(item_no, number) for number in named]
        for row in session.rows(_BY_NUMBERS[column], **pairs("named", wanted)):
            supply = supply_from(row)
            own = getattr(supply.numbers, column)
            if any(supply.numbers.serves(numbers) for numbers in named[own]):
                found[supply.supply_no] = supply
    return list(found.values())


def entries_on(session: Session, item_no: str, supply_nos: list[int]) -> list[ReservationEntry]:
    """The reservation entries on supplies of one item."""
    rows = session.rows(_ENTRIES_ON, item_no=item_no, supply_nos=supply_nos)
    return in_order_made(rows)


def entries_of(session: Session, item_no: str, of_lines: Iterable[str]) -> list[ReservationEntry]:
    """The reservation entries of demand lines of one item."""
    rows = session.rows(_ENTRIES_OF, item_no=item_no, lines=list(of_lines))
    return in_order_made(rows)


def ask_entries_of_line(session: Session, line: str) -> Answer:
    """Ask for the reservation entries of a demand line of which only the name is known yet."""
    return session.ask(_ENTRIES_OF_LINE, line=line)


_ENTRIES_OF_LINES = Statement(
    sa.select(*(_ENTRY.c[c] for c in ENTRY_COLUMNS)).where(
        PairIn(_ENTRY.c.item_no, _ENTRY.c.line, name="of"), _ENTRY.c.until.is_(None)
    )
)


def entries_of_lines(
    session: Session, of_lines: Iterable[Line]
) -> dict[str, list[ReservationEntry]]:
    """The reservation entries of demand lines of any items, by line."""
    grouped: dict[str, list[ReservationEntry]] = {}
    of = [(line.key.item_no, line.line) for line in of_lines]
    for entry in in_order_made(session.rows(_ENTRIES_OF_LINES, **pairs("of", of))):
        grouped.setdefault(entry.slot.line, []).append(entry)
    return grouped


def read_asked(session: Session, wanted: Sequence[tuple[Numbers, RunningBalance]]) -> None:
    """Read the supply under many numbers of many stock keys in one statement a dimension."""
    by_column: dict[str, dict[tuple[str, str], None]] = {}
    for asked, balance in wanted:
        column = asked.telling
        by_column.setdefault(column, {})[balance.shelf.key.item_no, getattr(asked, column)] = None
    found: dict[tuple[StockKey, str], list[Supply]] = {}
    for column, named in by_column.items():
        for row in session.rows(_BY_NUMBERS[column], **pairs("named", list(named))):
            supply = supply_from(row)
            found.setdefault((supply.key, getattr(supply.numbers, column)), []).append(supply)
    for asked, balance in wanted:
        supplies = found.get((balance.shelf.key, getattr(asked, asked.telling)), [])
        shelf = balance.shelf
        assert isinstance(shelf, DatabaseShelf), "only a shelf in the database is read ahead"
        shelf.remember_asked(asked, [s for s in supplies if s.numbers.serves(asked)])


_BY_NUMBERS = {
    column: Statement(
        SELECT.where(
            PairIn(_SUPPLY.c.item_no, _SUPPLY.c[column], name="named"),
            _SUPPLY.c[column] != sa.literal_column("''"),
            OPEN,
        )
    )
    for column in _NUMBERS
}


def of_item(session: Session, item_no: str) -> list[Supply]:
    """All supply of an item, wherever."""
    found = (supply_from(row) for row in session.rows(_OF_ITEM, item_no=item_no))
    return sorted(found, key=lambda supply: supply.supply_no)
