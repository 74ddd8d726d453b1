"""Adjusting and reclassifying stock: what no document line moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from earmark.core import posting
from earmark.core.commands import Adjust, Reclassify, StockRow
from earmark.core.documents import LineKind
from earmark.core.items import Item, Location, StockKey
from earmark.core.outcome import Notice, Outcome
from earmark.core.parts import in_base_unit, part_of
from earmark.core.posting import Handled
from earmark.core.quantity import ZERO, exact
from earmark.core.stock import Line
from earmark.core.tracking import Numbers, TrackingCode, check_serial_quantity
from earmark.database import catalog, stock
from earmark.database.engine import Database
from earmark.database.unit_of_work import Locking, Work, told, unit_of_work
from earmark.errors import (
    EarmarkError,
    ExpirationDiffers,
    ItemUnknown,
    LocationUnknown,
    NotTracked,
    NumberUnavailable,
    QuantityInvalid,
    ValueInvalid,
)
from earmark.usecases.catalog import dated_dimension, save_record
from earmark.usecases.dating import with_first_date
from earmark.usecases.door import at_the_door
from earmark.usecases.goods import check_known, new_stock, write_out
from earmark.usecases.spelling import claimed


@at_the_door
def adjust(database: Database, command: Adjust) -> Outcome:
    """Post positive and negative adjustments: all of the rows, or none.

    What others hold firmly stays; nonspecific holders of what goes move where they can.
    """
    keys = [StockKey(r.item_no, r.variant_code, r.location_code) for r in command.rows]
    with unit_of_work(database, command, locking=Locking(keys=keys)) as work:
        if work.repeated:
            return work.repeated[0]
        places = _Places(work, {row.item_no for row in command.rows})
        rows = with_first_date(_spelled(work, places, command.rows))
        command = replace(command, rows=rows)
        incoming = _incoming_together(work, places, command.rows)
        warnings: list[Notice] = []
        for position, row in enumerate(command.rows):
            try:
                if position not in incoming:
                    warnings += _take(work, places, row)
            except EarmarkError as error:
                error.facts.setdefault("row", position)
                raise
        said = told(work.save())
        outcome = replace(
            said,
            warnings=(*warnings, *said.warnings),
            entries=tuple(entry.name for entry in work.pending.entries),
            posting=str(work.moment),
        )
        items = ", ".join(dict.fromkeys(row.item_no for row in command.rows[:5]))
        return work.report("adjust", items, outcome)


def _spelled(work: Work, places: _Places, rows: Sequence[StockRow]) -> tuple[StockRow, ...]:
    """The rows with their numbers as the items have them."""
    numbers: dict[str, list[Numbers]] = {}
    for row in rows:
        numbers.setdefault(row.item_no, []).append(row.numbers)
    spelled = {
        item_no: claimed(work, item_no, places.code_of(item_no), of_item)
        for item_no, of_item in numbers.items()
    }
    return tuple(replace(row, numbers=spelled[row.item_no][row.numbers]) for row in rows)


class _Places:
    """Items, codes and locations that adjustments refer to, read once."""

    def __init__(self, work: Work, item_nos: set[str]) -> None:
        self.items = catalog.some_items(work.session, item_nos)
        self.codes = catalog.tracking_codes(work.session)
        self.locations = catalog.locations(work.session)

    def item(self, item_no: str) -> Item:
        """An item, refused if there is none."""
        if item_no not in self.items:
            raise ItemUnknown(item_no=item_no)
        return self.items[item_no]

    def location(self, location_code: str) -> Location | None:
        """A location, refused if there is none."""
        if location_code and location_code not in self.locations:
            raise LocationUnknown(location_code=location_code)
        return self.locations.get(location_code)

    def stand_in(self, item_no: str, variant_code: str, location_code: str) -> Line:
        """A line of no document, for what arrives by adjustment."""
        item = self.item(item_no)
        item.check_variant(variant_code)
        self.location(location_code)
        return Line(
            line="",
            document_no="",
            line_no="",
            kind=LineKind.SUPPLY,
            key=StockKey(item_no, variant_code, location_code),
            item=item,
            tracking_code=self.code(item),
            customer=None,
            quantity_in_unit=ZERO,
            unit="",
            quantity=ZERO,
            posted=ZERO,
            reserved=ZERO,
            date=None,
            bin_code="",
            reserve=None,
            status="open",
            takes_part=True,
            made_for="",
        )

    def code_of(self, item_no: str) -> TrackingCode | None:
        """The item tracking code of an item; none of one that there is not."""
        return self.code(self.items[item_no]) if item_no in self.items else None

    def code(self, item: Item) -> TrackingCode | None:
        """The item tracking code of an item."""
        return self.codes.get(item.tracking_code)


def _check_row(places: _Places, row: StockRow) -> Handled:
    """What one row moves, in the base unit, after every check of it."""
    item = places.item(row.item_no)
    given = exact(row.quantity)
    if given == ZERO:
        raise QuantityInvalid(what="Quantity", quantity=given, why="it must not be zero")
    quantity = in_base_unit(item, places.code(item), item.quantity_per(row.unit), given)
    if row.numbers and places.code(item) is None:
        raise NotTracked(item_no=row.item_no, number=str(row.numbers))
    check_serial_quantity(row.item_no, row.numbers.serial_no, quantity)
    return Handled(row.numbers, abs(quantity), row.expiration_date)


def _incoming_together(work: Work, places: _Places, rows: Sequence[StockRow]) -> set[int]:
    """Post the rows that come in, in their order; rows alike in place and day go together."""
    done: set[int] = set()
    groups: dict[tuple[object, ...], list[tuple[int, StockRow, Handled]]] = {}
    for position, row in enumerate(rows):
        try:
            handled = _check_row(places, row)
            if exact(row.quantity) > ZERO:
                done.add(position)
                alike = (
                    row.item_no,
                    row.variant_code,
                    row.location_code,
                    row.date,
                    row.bin_code,
                    row.description,
                )
                groups.setdefault(alike, []).append((position, row, handled))
        except EarmarkError as error:
            error.facts.setdefault("row", position)
            raise
    named: dict[int, object] = {}
    for group in groups.values():
        first = group[0][1]
        line = places.stand_in(first.item_no, first.variant_code, first.location_code)
        try:
            arrived = new_stock(
                work,
                line,
                [handled for _, _, handled in group],
                first.date or work.work_date,
                verb="adjust",
                bin_code=first.bin_code,
                description=first.description,
            )
        except EarmarkError as error:
            error.facts.setdefault("row", group[0][0])
            raise
        entries = work.pending.entries[-len(group) :]
        for (position, _, _), supply, entry in zip(group, arrived, entries, strict=True):
            work.balance(line).put(supply)
            named[position] = entry
    ordered = [named[position] for position in sorted(named)]
    work.pending.entries[:] = ordered  # type: ignore[assignment]
    return done


def _take(work: Work, places: _Places, row: StockRow) -> list[Notice]:
    handled = _check_row(places, row)
    line = places.stand_in(row.item_no, row.variant_code, row.location_code)
    code = places.code(line.item)
    posting.check_numbers_complete(row.item_no, code.matched if code else (), [handled])
    leaving = posting.Leaving(line.key, None, code, (handled,), row.date or work.work_date)
    check_known(work, row.item_no, [leaving.asked(handled)])
    taken, warnings = posting.take_out(work.balance(line), leaving)
    write_out(work, leaving, taken, verb="adjust", bin_code=row.bin_code)
    return warnings


def stand_in(work: Work, key: StockKey) -> Line:
    """A line of no document at a stock key."""
    return _Places(work, {key.item_no}).stand_in(*key)


@at_the_door
def reclassify(database: Database, command: Reclassify) -> Outcome:
    """Move stock to another location, variant or number; nonspecific holders make room.

    What others hold firmly is refused (``reserved-elsewhere``). The goods keep their age: the
    posting date of what they were stays the one by which they are picked.
    """
    here = StockKey(command.item_no, command.variant_code, command.location_code)
    to_place = command.to_location_code
    there = here._replace(location_code=here.location_code if to_place is None else to_place)
    with unit_of_work(database, command, locking=Locking(keys=[here, there])) as work:
        if work.repeated:
            return work.repeated[0]
        places = _Places(work, {command.item_no})
        line, target = places.stand_in(*here), places.stand_in(*there)
        command = _known(work, line, command)
        numbers = _new_numbers(command)
        numbers = claimed(work, command.item_no, line.tracking_code, [numbers])[numbers]
        if there == here and numbers == command.numbers and command.to_expiration_date is not None:
            _redate(work, command, line)
            return work.report("reclassify", command.item_no, told(work.save()))
        if there == here and numbers == command.numbers:
            why = "it names neither another location nor another number"
            raise ValueInvalid(field="To", value=there.location_code, why=why)
        warnings = _move_stock(work, command, line, target, numbers)
        said = told(work.save())
        outcome = replace(
            said,
            warnings=(*warnings, *said.warnings),
            entries=tuple(entry.name for entry in work.pending.entries),
            posting=str(work.moment),
        )
        return work.report("reclassify", command.item_no, outcome)


def _known(work: Work, line: Line, command: Reclassify) -> Reclassify:
    """The command with the numbers of what is moved as the item has them."""
    own = claimed(work, command.item_no, line.tracking_code, [command.numbers])
    return replace(command, numbers=own[command.numbers])


def _redate(work: Work, command: Reclassify, line: Line) -> None:
    """Give a number another expiration date, where all there is of it is reclassified.

    Reservations stay as they are: what no longer fits is an alert.
    """
    quantity, item_no = part_of(line, command.quantity), command.item_no
    dimension = dated_dimension(command.numbers)
    if dimension is None or line.tracking_code is None:
        raise NotTracked(item_no=item_no, number=str(command.numbers))
    number = command.numbers.get(dimension)
    check_known(work, item_no, [command.numbers.only([dimension])])
    supplies = stock.supplies_with_number(work.session, item_no, number)
    there = sum((s.quantity for s in supplies if s.is_stock), ZERO)
    numbers = catalog.one_number(dimension, number)
    record = catalog.records(work.session, item_no, [numbers])[dimension, number]
    if quantity < there:
        raise ExpirationDiffers(
            number=str(numbers),
            item_no=item_no,
            own_date=record.expiration_date or "blank",
            given_date=command.to_expiration_date,
        )
    if quantity > there:
        raise NumberUnavailable(
            number=str(numbers),
            item_no=item_no,
            available=there,
            location_code="all locations",
            line="this posting",
            quantity=quantity,
        )
    save_record(work, replace(record, expiration_date=command.to_expiration_date))


def _new_numbers(command: Reclassify) -> Numbers:
    old = command.numbers
    return Numbers(
        old.lot_no if command.to_lot_no is None else command.to_lot_no,
        old.serial_no if command.to_serial_no is None else command.to_serial_no,
        old.package_no if command.to_package_no is None else command.to_package_no,
    )


def _move_stock(
    work: Work, command: Reclassify, line: Line, target: Line, numbers: Numbers
) -> list[Notice]:
    quantity = part_of(line, command.quantity)
    posted_on: date = command.date or work.work_date
    check_serial_quantity(command.item_no, command.numbers.serial_no, quantity)
    part = Handled(command.numbers, quantity)
    code = line.tracking_code
    posting.check_numbers_complete(command.item_no, code.matched if code else (), [part])
    leaving = posting.Leaving(line.key, None, line.tracking_code, (part,), posted_on)
    check_known(work, command.item_no, [leaving.asked(part)])
    arriving = Handled(numbers, quantity, command.to_expiration_date)
    moving = frozenset({command.numbers.serial_no})
    arrived = new_stock(work, target, [arriving], posted_on, verb="reclassify", moving=moving)
    for supply in arrived:
        work.balance(target).put(supply)
    balance = work.balance(line)
    spared = frozenset(supply.supply_no for supply in arrived)
    taken, warnings = posting.take_out(balance, replace(leaving, spared=spared))
    write_out(work, leaving, taken, verb="reclassify")
    ages = (s.posted_on or posted_on for s in balance.supplies(t.supply_no for t in taken))
    age = min(ages, default=posted_on)
    for place in (work.pending.new, work.pending.new_serials):
        place[:] = [replace(s, posted_on=age) if s.supply_no in spared else s for s in place]
    return warnings
