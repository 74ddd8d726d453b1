"""What stands in the tables, read by plain SQL into plain tuples, and what must hold of it."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import earmark
from earmark.database.unit_of_work import reading
from tests.simulation.shop import SERIAL, Shop

Key = tuple[str, str, str]
"""Item, variant, location."""
Numbers = tuple[str, str, str]
"""Lot, serial, package."""


class LineRow(NamedTuple):
    """A document line that is not deleted."""

    line: str
    item: str
    variant: str
    place: str
    quantity: Decimal
    posted: Decimal
    total: Decimal
    is_demand: bool
    unit: str
    in_unit: Decimal
    date: str
    bin: str
    status: str
    document: str
    customer: str

    @property
    def key(self) -> Key:
        """What it stands on."""
        return self.item, self.variant, self.place

    @property
    def outstanding(self) -> Decimal:
        """What is still to be posted."""
        return self.quantity - self.posted


class SupplyRow(NamedTuple):
    """Some goods, in stock or on order."""

    item: str
    supply_no: int
    kind: str
    variant: str
    place: str
    source: str
    lot: str
    serial: str
    package: str
    quantity: Decimal
    reserved: Decimal
    nonspecific: Decimal
    posted_on: str
    expires: str
    is_blocked: bool

    @property
    def key(self) -> Key:
        """Where it is."""
        return self.item, self.variant, self.place

    @property
    def numbers(self) -> Numbers:
        """Its numbers."""
        return self.lot, self.serial, self.package

    @property
    def identity(self) -> tuple[object, ...]:
        """What it is, whatever its number."""
        return (self.kind, *self.key, self.source, *self.numbers, self.posted_on)


class EntryRow(NamedTuple):
    """A reservation entry that stands."""

    item: str
    line: str
    supply_no: int
    quantity: Decimal
    lot: str
    serial: str
    package: str
    binding: str
    hold_until: int
    by: str

    @property
    def asked(self) -> Numbers:
        """The numbers that make it specific."""
        return self.lot, self.serial, self.package


class TrackingRow(NamedTuple):
    """An item tracking line."""

    item: str
    line: str
    lot: str
    serial: str
    package: str
    quantity: Decimal
    handled: Decimal
    to_handle: object
    expires: str

    @property
    def numbers(self) -> Numbers:
        """Its numbers."""
        return self.lot, self.serial, self.package


@dataclass(slots=True)
class Tables:
    """Everything that stands at one moment."""

    lines: dict[str, LineRow] = field(default_factory=dict)
    supplies: dict[tuple[str, int], SupplyRow] = field(default_factory=dict)
    entries: list[EntryRow] = field(default_factory=list)
    tracking: list[TrackingRow] = field(default_factory=list)
    ledger: dict[tuple[Key, Numbers], Decimal] = field(default_factory=dict)
    records: list[tuple[Any, ...]] = field(default_factory=list)
    documents: dict[str, str] = field(default_factory=dict)
    moments: list[int] = field(default_factory=list)

    def held(self, now: int) -> dict[str, Decimal]:
        """What every line has reserved; holds that have ended are none."""
        found: dict[str, Decimal] = defaultdict(Decimal)
        for entry in self.entries:
            if not entry.hold_until or entry.hold_until > now:
                found[entry.line] += entry.quantity
        return found

    def standing(self, now: int) -> dict[str, object]:
        """Everything that an undo must bring back, without numbers that no two have in common."""
        entries: Counter[object] = Counter()
        for entry in self.entries:
            if not entry.hold_until or entry.hold_until > now:
                supply = self.supplies[entry.item, entry.supply_no]
                named = (entry.line, supply.identity, *entry[4:])
                entries[named] += entry.quantity  # type: ignore[assignment]
        return {
            "lines": {name: line._replace(total=Decimal(0)) for name, line in self.lines.items()},
            "reservations": dict(entries),
            "tracking": Counter(self.tracking),
            "records": Counter(record for record in self.records if any(record[3:])),
            "documents": {n: said for n, said in self.documents.items() if said.endswith("False")},
            "goods": Counter(
                (supply.identity, supply.expires, supply.is_blocked, supply.quantity)
                for supply in self._merged()
            ),
        }

    def _merged(self) -> Iterator[SupplyRow]:
        """Goods that differ in their entry alone are the same goods."""
        found: dict[object, SupplyRow] = {}
        for supply in self.supplies.values():
            if not supply.quantity:
                continue
            key = (supply.identity, supply.expires, supply.is_blocked)
            known = found.get(key)
            more = known.quantity if known else Decimal(0)
            found[key] = supply._replace(quantity=supply.quantity + more)
        yield from found.values()


_LINE = (
    "SELECT line, item_no, variant_code, location_code, quantity, posted, reserved, is_demand,"
    " unit, quantity_in_unit, date, bin_code, status, document_no, customer_no"
    " FROM document_line WHERE NOT is_deleted"
)
_SUPPLY = (
    "SELECT item_no, supply_no, kind, variant_code, location_code, source, lot_no, serial_no,"
    " package_no, quantity, reserved, nonspecific, posted_on, expiration_date, is_blocked"
    " FROM supply WHERE quantity > 0 OR reserved > 0"
)
_ENTRY = (
    "SELECT item_no, line, supply_no, quantity, lot_no, serial_no, package_no, binding,"
    ' hold_until, "by" FROM reservation_entry WHERE until IS NULL'
)
_TRACKING = (
    "SELECT item_no, line, lot_no, serial_no, package_no, quantity, handled, to_handle,"
    " expiration_date FROM tracking_line WHERE until IS NULL ORDER BY item_no, line, ordinal"
)
_LEDGER = (
    "SELECT item_no, variant_code, location_code, lot_no, serial_no, package_no, SUM(quantity)"
    " FROM ledger_entry GROUP BY 1, 2, 3, 4, 5, 6"
)
_RECORD = (
    "SELECT item_no, dimension, number, is_blocked, expiration_date, description"
    " FROM number_record WHERE until IS NULL"
)
_DOCUMENT = "SELECT document_no, status, is_deleted FROM document"
_MOMENT = "SELECT DISTINCT moment FROM command ORDER BY moment"


def read(database: earmark.Database) -> Tables:
    """What stands now."""
    every = (_LINE, _SUPPLY, _ENTRY, _TRACKING, _LEDGER, _RECORD, _DOCUMENT, _MOMENT)
    with reading(database) as session:
        asked = [session.channel.ask(statement) for statement in every]
        line, supply, entry, tracking, ledger, record, document, moment = (
            answer.rows() for answer in asked
        )
    # One order on every database, so that a seed invents the same story.
    line, supply, entry, ledger, document = (
        sorted(rows, key=repr) for rows in (line, supply, entry, ledger, document)
    )
    supplies = [_supply(row) for row in supply]
    return Tables(
        lines={row[0]: _line(row) for row in line},
        supplies={(s.item, s.supply_no): s for s in supplies},
        entries=[EntryRow._make((*row[:3], _quantity(row[3]), *row[4:])) for row in entry],
        tracking=[_tracking(row) for row in tracking],
        ledger={((r[0], r[1], r[2]), (r[3], r[4], r[5])): _quantity(r[6]) for r in ledger},
        records=sorted((*r[:3], bool(r[3]), _day(r[4]), r[5]) for r in record),
        documents={row[0]: f"{row[1]} {bool(row[2])}" for row in document},
        moments=[row[0] for row in moment],
    )


def _quantity(number: Any) -> Decimal:  # noqa: ANN401
    return Decimal(int(number)) / 100_000


def _day(value: object) -> str:
    return value.isoformat()[:10] if isinstance(value, date | datetime) else str(value or "")


def _line(row: Any) -> LineRow:  # noqa: ANN401
    quantities = [_quantity(number) for number in row[4:7]]
    told = (bool(row[7]), row[8], _quantity(row[9]), _day(row[10]), *row[11:])
    return LineRow._make((*row[:4], *quantities, *told))


def _supply(row: Any) -> SupplyRow:  # noqa: ANN401
    quantities = [_quantity(number) for number in row[9:12]]
    return SupplyRow._make((*row[:9], *quantities, _day(row[12]), _day(row[13]), bool(row[14])))


def _tracking(row: Any) -> TrackingRow:  # noqa: ANN401
    to_handle = None if row[7] is None else _quantity(row[7])
    quantities = _quantity(row[5]), _quantity(row[6])
    return TrackingRow._make((*row[:5], *quantities, to_handle, _day(row[8])))


# -- What must hold ----------------------------------------------------------------------------


def faults(tables: Tables, shop: Shop) -> Iterator[str]:
    """Whatever is wrong in the tables, each with what disagrees."""
    yield from _wrong_ledger(tables, shop)
    yield from _wrong_totals(tables)
    yield from _wrong_entries(tables, shop)
    yield from _wrong_serials(tables, shop)
    yield from _wrong_supply_lines(tables)


def _wrong_ledger(tables: Tables, shop: Shop) -> Iterator[str]:
    """The ledger, summed, is what the supplies in stock add up to.

    In a dimension that is not specific, goods may leave under another number than they came under.
    """
    left: dict[tuple[Key, Numbers], Decimal] = defaultdict(Decimal)
    said: dict[tuple[Key, Numbers], Decimal] = defaultdict(Decimal)
    for supply in tables.supplies.values():
        if supply.kind == "stock":
            left[supply.key, shop.matched(supply.item, supply.numbers)] += supply.quantity
    for (key, numbers), quantity in tables.ledger.items():
        said[key, shop.matched(key[0], numbers)] += quantity
    for at in {*left, *said}:
        if left[at] != said[at]:
            yield f"ledger: {at} has {left[at]} of supply and {said[at]} in the ledger"
        if said[at] < 0:
            yield f"ledger: {at} is {said[at]}"


def _wrong_totals(tables: Tables) -> Iterator[str]:
    on_line: Counter[str] = Counter()
    on_supply: Counter[tuple[str, int]] = Counter()
    for entry in tables.entries:
        on_line[entry.line] += entry.quantity  # type: ignore[assignment]
        on_supply[entry.item, entry.supply_no] += entry.quantity  # type: ignore[assignment]
    for key, supply in tables.supplies.items():
        if on_supply[key] != supply.reserved or supply.reserved > supply.quantity:
            yield f"supply total: {key}: {supply.reserved} of {supply.quantity}, {on_supply[key]}"
    for name, line in tables.lines.items():
        if line.is_demand and (on_line[name] != line.total or line.total > line.outstanding):
            yield f"line total: {name}: {line.total} of {line.outstanding}, {on_line[name]}"


def _wrong_entries(tables: Tables, shop: Shop) -> Iterator[str]:
    named: dict[str, list[TrackingRow]] = defaultdict(list)
    for row in tables.tracking:
        named[row.line].append(row)
    for entry in tables.entries:
        line = tables.lines.get(entry.line)
        supply = tables.supplies.get((entry.item, entry.supply_no))
        if line is None or supply is None:
            yield f"entry: {entry} has {'no line' if line is None else 'no supply'}"
            continue
        if line.key != supply.key:
            yield f"stock key: {line.line} at {line.key} has reserved at {supply.key}"
        if any(entry.asked):
            if not _serves(supply.numbers, entry.asked):
                yield f"specific: {entry} stands on {supply.numbers}"
            if not any(_serves(row.numbers, entry.asked) for row in named[line.line]):
                yield f"specific: {entry} names what is not on the line"
        if SERIAL in shop.code(line.item).specific and entry.quantity % 1:
            yield f"serial: {entry} is a part of one"


def _serves(numbers: Numbers, asked: Numbers) -> bool:
    return all(not want or want == have for have, want in zip(numbers, asked, strict=True))


def _wrong_serials(tables: Tables, shop: Shop) -> Iterator[str]:
    there: Counter[tuple[str, str, str]] = Counter()
    for supply in tables.supplies.values():
        if supply.serial and supply.kind == "stock":
            there[supply.item, supply.variant, supply.serial] += supply.quantity  # type: ignore[assignment]
            if supply.quantity % 1:
                yield f"serial: {supply} is a part of one"
    for (item, variant, serial), quantity in there.items():
        if quantity > 1 and SERIAL in shop.code(item).specific:
            yield f"serial: {item} {variant} {serial} is there {quantity} times"


def _wrong_supply_lines(tables: Tables) -> Iterator[str]:
    """Supply on order is of its line's item, variant and place, and no more than it expects."""
    expected: dict[str, Decimal] = defaultdict(Decimal)
    for supply in tables.supplies.values():
        if not supply.source or not supply.quantity:
            continue
        line = tables.lines.get(supply.source)
        if line is None:
            yield f"supply line: {supply} has no line"
            continue
        expected[supply.source] += supply.quantity
        if supply.key != line.key:
            yield f"supply line: {supply.source} at {line.key} has supply at {supply.key}"
    for name, quantity in expected.items():
        if quantity > tables.lines[name].outstanding:
            yield f"supply line: {name} expects {tables.lines[name].outstanding}, not {quantity}"
