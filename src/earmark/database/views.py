"""Reading one consistent view: as it is now, or as it was at a past moment.

Decides nothing. A stock key comes as a shelf in memory, so that the core reckons every figure
called *available* from it by the same rules that reserve; holds whose time has run out are left
out of it, so that a reader needs no writer to come first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

import sqlalchemy as sa

from earmark.core.entering import parts_of
from earmark.core.items import StockKey
from earmark.core.ledger import LedgerEntry
from earmark.core.picking_order import place_of
from earmark.core.quantity import ZERO
from earmark.core.shelf import MemoryShelf
from earmark.core.stock import Line, ReservationEntry, Supply, TrackedQuantity, demand_of
from earmark.core.tracking import Numbers
from earmark.core.window import Pool
from earmark.database import alike, catalog, history, ledger, lines, schema, stock, tracking_lines
from earmark.database import shelf as shelves
from earmark.database.engine import Database, Session
from earmark.database.statements import MemberOf, Statement
from earmark.database.unit_of_work import reading

_ENTRY = schema.reservation_entry
_THEN = sa.and_(
    _ENTRY.c.since <= sa.bindparam("moment"),
    sa.or_(_ENTRY.c.until.is_(None), _ENTRY.c.until > sa.bindparam("moment")),
)
_ENTRIES = Statement(
    sa.select(*(_ENTRY.c[c] for c in shelves.ENTRY_COLUMNS)).where(
        _ENTRY.c.item_no == sa.bindparam("item_no"), _THEN
    )
)
_ALL_OF_ITEM = Statement(shelves.SELECT.where(schema.supply.c.item_no == sa.bindparam("item_no")))
_OF_SOURCES = Statement(
    shelves.SELECT.where(
        schema.supply.c.item_no == sa.bindparam("item_no"),
        MemberOf(schema.supply.c.source, "sources"),
        schema.supply.c.source != sa.literal_column("''"),  # lets the partial index be used
    )
)


def _pooled() -> Statement:
    """Supply that is alike in all that decides, as rows of :data:`shelves.SELECT` and a count.

    The numbers are those of one of them: only whether there are any makes a difference here.
    """
    supply = schema.supply
    has_number = sa.or_(supply.c.lot_no != "", supply.c.serial_no != "", supply.c.package_no != "")
    alike = ("kind", "source", "available_on", "expiration_date", "is_blocked")
    summed = ("quantity", "reserved", "nonspecific")

    def column(of: sa.Column[Any]) -> sa.ColumnElement[Any]:
        if of.name in summed:
            return sa.func.sum(of, type_=schema.Quantity)
        if of.name in (*alike, "item_no", "variant_code", "location_code"):
            return of
        return sa.func.max(of, type_=of.type)

    shown = [column(supply.c[of.name]) for of in shelves.SELECT.selected_columns]
    place = (supply.c.item_no, supply.c.variant_code, supply.c.location_code)
    return Statement(
        sa.select(*shown, sa.func.count())
        .where(shelves.OF_KEY, shelves.OPEN)
        .group_by(*place, *(supply.c[name] for name in alike), has_number)
    )


_POOLS = _pooled()
_NEXT_HOLD_END = Statement(
    sa.select(schema.stock_key.c.next_hold_end).where(
        schema.stock_key.c.item_no == sa.bindparam("item_no"),
        schema.stock_key.c.variant_code == sa.bindparam("variant_code"),
        schema.stock_key.c.location_code == sa.bindparam("location_code"),
    )
)
_AT = Statement(
    sa.select(schema.command.c.at, schema.command.c.moment).where(
        MemberOf(schema.command.c.moment, "moments")
    )
)
_ACTIVE = Statement(
    sa.select(*(_ENTRY.c[c] for c in shelves.ENTRY_COLUMNS))
    .with_hint(_ENTRY, shelves.OF_WHAT_STANDS, "sqlite")
    .where(_ENTRY.c.item_no == sa.bindparam("item_no"), _ENTRY.c.until.is_(None))
)
_LATEST = 2**62
LEAST_APART = 100
"""Of very many serial numbers that a line could have, so many more than it needs are told one by
one, as long as they are not very many themselves."""


@dataclass(frozen=True, slots=True)
class Goods:
    """All open supply of an item with who has it; ``read_as`` where many were read as one."""

    supplies: list[Supply]
    entries: list[ReservationEntry]
    read_as: Mapping[int, int]


@dataclass(slots=True)
class View:
    """What can be read of one moment; ``past`` is none for now."""

    session: Session
    now: datetime
    past: int | None

    def lines(self, references: Iterable[str]) -> dict[str, Line]:
        """Lines with what they have reserved, as far as they exist at this moment."""
        wanted = list(references)
        if self.past is None:
            found = list(lines.by_line(self.session, wanted).values())
        else:
            found = lines.lines_as_of(self.session, wanted, self.past)
        return {line.line: line for line in self._with_reserved(found)}

    def of_documents(self, documents: Iterable[str]) -> list[Line]:
        """The lines of documents with what they have reserved."""
        wanted = list(documents)
        if self.past is None:
            found = lines.of_documents(self.session, wanted)
        else:
            found = lines.documents_as_of(self.session, wanted, self.past)
        return self._with_reserved(found)

    def _with_reserved(self, found: list[Line]) -> list[Line]:
        reserved: dict[str, Decimal] = {}
        for entry in self.entries_of(found):
            of = entry.slot.line
            reserved[of] = reserved.get(of, ZERO) + entry.quantity
        return [replace(line, reserved=reserved.get(line.line, ZERO)) for line in found]

    def tracking(self, of: Iterable[Line]) -> dict[str, list[TrackedQuantity]]:
        """The item tracking lines of lines."""
        if self.past is None:
            return tracking_lines.tracking_of(self.session, of)
        return tracking_lines.tracking_as_of(self.session, of, self.past)

    def entries_of(self, of: Iterable[Line]) -> list[ReservationEntry]:
        """The reservation entries of demand lines."""
        wanted = list(of)
        if self.past is None:
            by_line = shelves.entries_of_lines(self.session, wanted)
            return self._running(e for found in by_line.values() for e in found)
        names = {line.line for line in wanted}
        items = dict.fromkeys(line.key.item_no for line in wanted)
        return [e for item in items for e in self.entries(item) if e.slot.line in names]

    def entries(self, item_no: str) -> list[ReservationEntry]:
        """The reservation entries of an item, the first made first."""
        if self.past is None:
            return self._running(self.active(item_no))
        rows = self.session.rows(_ENTRIES, item_no=item_no, moment=self.past)
        return self._running(shelves.in_order_made(rows))

    def entries_on(self, item_no: str, supply_nos: Iterable[int]) -> list[ReservationEntry]:
        """The reservation entries on these supplies of an item."""
        wanted = set(supply_nos)
        if self.past is None:
            return self._running(shelves.entries_on(self.session, item_no, sorted(wanted)))
        return [e for e in self.entries(item_no) if e.slot.supply_no in wanted]

    def some(self, item_no: str, supply_nos: Iterable[int]) -> list[Supply]:
        """These supplies of an item, as far as there is anything of them."""
        wanted = set(supply_nos)
        if self.past is None:
            return stock.some(self.session, item_no, sorted(wanted))
        return [s for s in self.supplies(item_no) if s.supply_no in wanted]

    def parts(self, item_no: str, supply_lines: Iterable[str]) -> list[Supply]:
        """The supplies that supply lines of an item are."""
        wanted = set(supply_lines)
        if self.past is None:
            rows = self.session.rows(_OF_SOURCES, item_no=item_no, sources=sorted(wanted))
            return [shelves.supply_from(row) for row in rows]
        return [s for s in self.supplies(item_no) if s.source in wanted]

    def named(self, key: StockKey, asked: Numbers) -> list[Supply]:
        """The supply of a stock key under these numbers; all of it where none is named."""
        if self.past is None and asked:
            return shelves.asked_for(self.session, key, asked)
        found = (s for s in self.supplies(key.item_no) if s.key == key)
        return [s for s in found if s.numbers.serves(asked)]

    def under(self, item_no: str, asked: Sequence[Numbers]) -> list[Supply]:
        """The supply of an item, wherever, under any of these numbers."""
        if self.past is None:
            return shelves.under(self.session, item_no, [n for n in asked if n])
        found = self.supplies(item_no)
        return [s for s in found if any(n and s.numbers.serves(n) for n in asked)]

    def times(self, moments: Iterable[int]) -> dict[int, datetime | None]:
        """When the commands of these moments were given, by their own clock."""
        rows = self.session.rows(_AT, moments=list(dict.fromkeys(moments)))
        return {moment: history.from_micros(at) for at, moment in rows}

    def active(self, item_no: str) -> list[ReservationEntry]:
        """The reservation entries of an item that no command has ended, run out or not."""
        return shelves.in_order_made(self.session.rows(_ACTIVE, item_no=item_no))

    def ever(self, item_no: str) -> list[Supply]:
        """All supply of an item there ever was."""
        return [
            shelves.supply_from(row) for row in self.session.rows(_ALL_OF_ITEM, item_no=item_no)
        ]

    def _running(self, entries: Iterable[ReservationEntry]) -> list[ReservationEntry]:
        """Those whose hold, if they have one, has not run out."""
        return [e for e in entries if e.slot.hold_until is None or e.slot.hold_until > self.now]

    def supplies(self, item_no: str) -> list[Supply]:
        """All supply of an item, wherever; as it was, reckoned from the ledger and the lines."""
        if self.past is None:
            return shelves.of_item(self.session, item_no)
        known = {
            r[0]: shelves.supply_from(r) for r in self.session.rows(_ALL_OF_ITEM, item_no=item_no)
        }
        return self._judged_then(
            item_no, [*self._stock_then(item_no, known), *self._parts_then(item_no, known)]
        )

    def _judged_then(self, item_no: str, found: list[Supply]) -> list[Supply]:
        """Supplies with what the records of their numbers said of them then."""
        assert self.past is not None, "only a past moment is reckoned"
        numbers = {s.numbers for s in found if s.numbers}
        known = catalog.records_as_of(self.session, item_no, numbers, self.past)
        judged = [(s, *catalog.judged(known, s.numbers)) for s in found]
        return [
            replace(s, is_blocked=is_blocked, expiration_date=expires or _own_date(s))
            for s, is_blocked, expires in judged
        ]

    def _stock_then(self, item_no: str, known: dict[int, Supply]) -> list[Supply]:
        assert self.past is not None, "only a past moment is reckoned"
        left: dict[int, Decimal] = {}
        for entry in ledger.of_item(self.session, item_no, self.past):
            if entry.quantity > ZERO:
                left[entry.entry_no] = entry.quantity
        for used in ledger.applied(self.session, item_no, self.past):
            left[used.in_entry_no] -= used.quantity
        return [replace(known[no], quantity=quantity) for no, quantity in left.items() if quantity]

    def _parts_then(self, item_no: str, known: dict[int, Supply]) -> list[Supply]:
        assert self.past is not None, "only a past moment is reckoned"
        found = [
            line
            for line in lines.item_as_of(self.session, item_no, self.past)
            if not line.kind.is_demand
        ]
        tracking = self.tracking(found)
        numbered = {(s.source, s.numbers): s for s in known.values() if s.source}
        return [
            replace(
                numbered[line.line, numbers],
                key=line.key,
                quantity=part.left,
                available_on=line.date,
            )
            for line in found
            for numbers, part in parts_of(line, tracking[line.line]).items()
        ]

    def demands(self, item_no: str) -> list[Line]:
        """The lines that take an item and have anything outstanding, with what they reserved."""
        if self.past is None:
            found = lines.demands_of_item(self.session, item_no)
        else:
            found = lines.item_as_of(self.session, item_no, self.past)
        wanted = (x for x in found if x.kind.is_demand and x.outstanding > ZERO)
        return self._with_reserved(list(wanted))

    def places(self, item_no: str) -> list[StockKey]:
        """Every stock key that an item ever had."""
        return lines.keys_of_items(self.session, [item_no])

    def movements(self, item_no: str, numbers: Numbers) -> list[LedgerEntry]:
        """The item ledger entries under these numbers, the newest first."""
        upto = _LATEST if self.past is None else self.past
        return ledger.of_numbers(self.session, item_no, numbers, upto)

    def goods(self, item_no: str, named: Iterable[str] = ()) -> Goods:
        """All open supply of an item and the reservations on it, wherever.

        Of very many serial numbers those that are alike come as one supply, but for those that a
        reservation names, and the ``named``.
        """
        entries = self.entries(item_no)
        if self.past is not None or not alike.are_many(self.session, item_no):
            return Goods(self.supplies(item_no), entries, {})
        apart = {*named, *(entry.slot.asked.serial_no for entry in entries)} - {""}
        found = alike.of_item(self.session, item_no, apart)
        read_as = found.places(self.some(item_no, (e.slot.supply_no for e in entries)))
        return Goods(found.supplies, alike.together(entries, read_as), read_as)

    def shelf(self, line: Line) -> tuple[MemoryShelf, list[Supply]]:
        """The stock key of a line as a shelf, and the item's supply that is elsewhere."""
        item_no = line.key.item_no
        return self._shelf(line, Goods(self.supplies(item_no), self.entries(item_no), {}))

    def shelf_to_look_at(
        self, line: Line, words: Iterable[str] = ()
    ) -> tuple[MemoryShelf, list[Supply]]:
        """The same with very many serial numbers as few supplies.

        Told one by one are those on the line, those in which one of the ``words`` stands, and the
        first in the order of choice.
        """
        item_no = line.key.item_no
        apart = {tracked.numbers.serial_no for tracked in self.tracking([line])[line.line]}
        if self.past is None and alike.are_many(self.session, item_no):
            count = min(int(line.outstanding) + LEAST_APART, alike.MANY)
            free = shelves.DatabaseShelf(self.session, line.key, line.picking_order).free()
            apart |= {supply.numbers.serial_no for supply in islice(free, count)}
            apart |= alike.serials_with(self.session, item_no, words, LEAST_APART)
        return self._shelf(line, self.goods(item_no, apart))

    def _shelf(self, line: Line, found: Goods) -> tuple[MemoryShelf, list[Supply]]:
        here = [s for s in found.supplies if s.key == line.key]
        numbers = {supply.supply_no for supply in here}
        entries = [e for e in found.entries if e.slot.supply_no in numbers]
        names = dict.fromkeys([line.line, *(entry.slot.line for entry in entries)])
        demands = [demand_of(x) for x in self.lines(names).values() if x.kind.is_demand]
        shelf = MemoryShelf(
            line.key, line.picking_order, here, entries, demands, dict(found.read_as)
        )
        elsewhere = [s for s in found.supplies if s.key != line.key]
        elsewhere.sort(key=lambda s: (s.key, place_of(s, line.picking_order)))
        return shelf, elsewhere

    def pools(self, line: Line, asked: Numbers) -> list[Pool]:
        """The supply of a line's stock key with its totals, under a number where one is named."""
        if self.past is not None or self._holds_have_run_out(line.key):
            shelf, _ = self.shelf(line)
            return [Pool(supply) for supply in shelf.everything()]
        if asked:
            found = [Pool(supply) for supply in self.named(line.key, asked)]
        else:
            rows = self.session.rows(_POOLS, **line.key._asdict())
            found = [Pool(shelves.supply_from(row), row[-1]) for row in rows]
        return sorted(found, key=lambda pool: place_of(pool.supply, line.picking_order))

    def _holds_have_run_out(self, key: StockKey) -> bool:
        """Whether the database's totals count holds that no command has ended yet."""
        rows = self.session.rows(_NEXT_HOLD_END, **key._asdict())
        return any(0 < row[0] <= history.to_micros(self.now) for row in rows)

    def inventory(
        self, item_no: str, location_code: str
    ) -> list[tuple[StockKey, Numbers, Decimal, object]]:
        """Stock by key and numbers."""
        if self.past is None:
            rows = stock.inventory(self.session, item_no, location_code)
            return [(StockKey(*r[:3]), Numbers(*r[3:6]), r[6], r[7]) for r in rows]
        items = [item_no] if item_no else [i.item_no for i in catalog.items(self.session)]
        totals: dict[tuple[StockKey, Numbers], tuple[Decimal, object]] = {}
        for supply in (s for item in items for s in self.supplies(item) if s.is_stock):
            if location_code in ("", supply.key.location_code):
                key = (supply.key, supply.numbers)
                before = totals.get(key, (ZERO, None))[0]
                totals[key] = (before + supply.quantity, supply.expiration_date)
        return [(key, numbers, q, d) for (key, numbers), (q, d) in totals.items()]


def _own_date(supply: Supply) -> date | None:
    """The date that goods have by themselves: those in stock under a number have its record's."""
    return None if supply.is_stock and supply.numbers else supply.expiration_date


@contextmanager
def view(database: Database, as_of: int | datetime | None = None) -> Iterator[View]:
    """Read as it is now, or as it was right after a command or at a time."""
    with reading(database) as session:
        if as_of is None:
            yield View(session, session.at, None)
            return
        moment = history.moment_at(session, as_of) if isinstance(as_of, datetime) else as_of
        rows = session.rows(_AT, moments=[moment])
        now = as_of if isinstance(as_of, datetime) else None
        if now is None:
            now = (history.from_micros(rows[0][0]) if rows else None) or database.clock()
        session.at = now
        yield View(session, now, moment)
