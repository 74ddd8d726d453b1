"""Set-up and master data: entering, changing and listing; information records of numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import TypeVar

from earmark.core.commands import KEEP, ChangeNumber, SetUp
from earmark.core.days import number_of_days, reckonable
from earmark.core.eligibility import in_words, unfit
from earmark.core.gtins import ItemGtin, gtin_of
from earmark.core.items import PRIORITY_MOST, Customer, Item, Location, NumberRecord
from earmark.core.outcome import Notice, Outcome
from earmark.core.quantity import percentage, plain, positive
from earmark.core.records import Record, merged
from earmark.core.stock import Supply, demand_of
from earmark.core.tracking import Dimension, Numbers, TrackingCode
from earmark.database import catalog, lines, shelf, spellings, stock, tracking_lines
from earmark.database import gtins as gtin_rows
from earmark.database.engine import Database
from earmark.database.spellings import Sort
from earmark.database.unit_of_work import Locking, Work, reading, unit_of_work
from earmark.errors import (
    EarmarkError,
    ItemUnknown,
    NumberUnknown,
    QuantityInvalid,
    TrackingCodeUnknown,
    ValueInvalid,
)
from earmark.usecases import depending
from earmark.usecases.door import at_the_door
from earmark.usecases.spelling import claimed
from earmark.usecases.spelling import known as known_numbers

Of = TypeVar("Of", bound=Record)


@at_the_door
def set_up(database: Database, command: SetUp) -> Outcome:
    """Enter or change items, item tracking codes, locations, customers and number records.

    What a record does not name stays as it is. A tracking code of an item that has been in stock
    does not change its specific dimensions, nor an item its base unit or its tracking code then
    (BC 1.6, 1.16); what open lines or goods in stock depend on stays: ``set-up-fixed``.
    """
    items = [item.item_no for item in command.items]
    items += [record.item_no for record in command.numbers]
    items += [gtin.item_no for gtin in command.gtins]
    with unit_of_work(database, command, locking=Locking(items=items)) as work:
        if work.repeated:
            return work.repeated[0]
        _claim_names(work, command)
        catalog.save_tracking_codes(work.session, _codes(work, command.tracking_codes))
        places = catalog.locations(work.session) if command.locations else {}
        catalog.save_locations(work.session, _merged(command.locations, places))
        catalog.save_customers(work.session, _customers(work, command.customers))
        catalog.save_items(work.session, _items(work, command.items))
        for record in _spelled(work, command.numbers):
            save_record(work, _as_known(work, record))
        gtin_rows.forget(work.session, [gtin_of(gtin) for gtin in command.forgotten_gtins])
        _save_gtins(work, command.gtins)
        return work.report("set up", "", Outcome())


def _claim_names(work: Work, command: SetUp) -> None:
    """Let the names of what is entered be known; one that is known is taken as it is spelled."""
    codes = (code.tracking_code for code in command.tracking_codes)
    spellings.claim_new(work.session, Sort.TRACKING_CODE, codes)
    places = (location.location_code for location in command.locations)
    spellings.claim_new(work.session, Sort.LOCATION, places)
    whom = (customer.customer_no for customer in command.customers)
    spellings.claim_new(work.session, Sort.CUSTOMER, whom)
    spellings.claim_new(work.session, Sort.ITEM, (item.item_no for item in command.items))


def _spelled(work: Work, records: tuple[NumberRecord, ...]) -> list[NumberRecord]:
    """Information records with their numbers as their items have them."""
    items = catalog.some_items(work.session, (record.item_no for record in records))
    codes = catalog.tracking_codes(work.session) if records else {}
    done = []
    for record in records:
        if record.item_no not in items:
            raise ItemUnknown(item_no=record.item_no)
        code = codes.get(items[record.item_no].tracking_code) or _UNTRACKED
        spelled = claimed(work, record.item_no, code, [record.numbers])
        done.append(record.but(numbers=spelled[record.numbers]))
    return done


_UNTRACKED = TrackingCode("")
"""The rules of an item that has none, for what is noted of its numbers beforehand."""


def _merged(given: Iterable[Of], known: Mapping[str, Of]) -> list[Of]:
    """Records as they will be; of one that stands twice the second changes the first."""
    so_far = dict(known)
    changed = []
    for record in given:
        key = getattr(record, fields(record)[0].name)  # type: ignore[arg-type]
        so_far[key] = merged(so_far.get(key), record)
        changed.append(so_far[key])
    return changed


def _as_known(work: Work, record: NumberRecord) -> NumberRecord:
    """A number's record as it will be, where its number is known."""
    known = catalog.records(work.session, record.item_no, [record.numbers])
    same = (old for old in known.values() if old.numbers == record.numbers)
    return merged(next(same, None), record)


def _codes(work: Work, given: tuple[TrackingCode, ...]) -> list[TrackingCode]:
    """Item tracking codes as they will be, after every check of them."""
    known = catalog.tracking_codes(work.session)
    codes = _merged(given, known)
    for row, code in enumerate(codes):
        if not code.tracking_code:
            raise _at(row, ValueInvalid(field="Tracking code", value="", why="it is empty"))
        old = known.get(code.tracking_code)
        if old is not None and old != code:
            _check_users(work, row, old, code)
    return codes


def _check_users(work: Work, row: int, old: TrackingCode, code: TrackingCode) -> None:
    for item in catalog.items(work.session):
        if item.tracking_code == code.tracking_code:
            of = f"tracking code {code.tracking_code}"
            try:
                depending.check_tracking(work.session, item.item_no, old, code, of)
            except EarmarkError as error:
                raise _at(row, error) from None


def _customers(work: Work, given: tuple[Customer, ...]) -> list[Customer]:
    """Customers as they will be, after every check of them."""
    customers = _merged(given, catalog.customers(work.session) if given else {})
    for row, customer in enumerate(customers):
        try:
            number_of_days(customer.minimum_shelf_life_days, "Minimum shelf life")
            number_of_days(customer.transit_days, "Transit")
            if abs(customer.priority) > PRIORITY_MOST:
                why = f"it is from -{PRIORITY_MOST} to {PRIORITY_MOST}"
                raise ValueInvalid(field="Priority", value=customer.priority, why=why)
        except EarmarkError as error:
            raise _at(row, error) from None
    return customers


def _items(work: Work, given: tuple[Item, ...]) -> list[Item]:
    """Items as they will be, their variants and units spelled as before, after every check."""
    codes = catalog.tracking_codes(work.session)
    known = catalog.some_items(work.session, (item.item_no for item in given))
    changed = [_spelled_after(item, known.get(item.item_no)) for item in _merged(given, known)]
    for row, item in enumerate(changed):
        try:
            _check_entered(work, item, known.get(item.item_no), codes)
        except EarmarkError as error:
            raise _at(row, error) from None
    return changed


def _spelled_after(item: Item, old: Item | None) -> Item:
    return item if old is None else item.spelled_after(old)


def _check_entered(
    work: Work, item: Item, old: Item | None, codes: dict[str, TrackingCode]
) -> None:
    if not item.item_no:
        raise ValueInvalid(field="Item no.", value="", why="it is empty")
    item.check_parts_once()
    if item.tracking_code and item.tracking_code not in codes:
        raise TrackingCodeUnknown(tracking_code=item.tracking_code)
    percentage(item.over_receipt_percentage)
    _check_units(item)
    if old is not None and old != item:
        depending.check_item(work.session, old, item, codes)


def _check_units(item: Item) -> None:
    """Refuse a rounding precision and a unit that are nothing."""
    positive(item.rounding_precision, "Rounding precision")
    for unit, factor in item.factors.items():
        if factor <= 0:
            why = "it must be greater than zero"
            raise QuantityInvalid(what=f"Unit {unit}", quantity=factor, why=why)


def _save_gtins(work: Work, gtins: tuple[ItemGtin, ...]) -> None:
    """Enter what GTINs stand for; one stands for one item, of which it may be another unit."""
    known = catalog.some_items(work.session, (gtin.item_no for gtin in gtins))
    named = [replace(gtin, gtin=_checked(row, gtin, known)) for row, gtin in enumerate(gtins)]
    others = gtin_rows.some(work.session, [gtin.gtin for gtin in named])
    owner = {gtin.gtin: gtin.item_no for gtin in others}
    for row, gtin in enumerate(named):
        if owner.setdefault(gtin.gtin, gtin.item_no) != gtin.item_no:
            why = f"it is of item {owner[gtin.gtin]} already"
            raise _at(row, ValueInvalid(field="GTIN", value=gtin.gtin, why=why))
    gtin_rows.save(work.session, named)


def _checked(row: int, gtin: ItemGtin, known: dict[str, Item]) -> str:
    """The GTIN in fourteen digits; its item, variant and unit must be there."""
    try:
        if gtin.item_no not in known:
            raise ItemUnknown(item_no=gtin.item_no)
        known[gtin.item_no].check_variant(gtin.variant_code)
        known[gtin.item_no].quantity_per(gtin.unit)
        return gtin_of(gtin.gtin)
    except EarmarkError as error:
        raise _at(row, error) from None


def _at(row: int, error: EarmarkError) -> EarmarkError:
    error.facts["row"] = row
    return error


def _check_item(work: Work, item_no: str) -> None:
    if item_no not in catalog.some_items(work.session, [item_no]):
        raise ItemUnknown(item_no=item_no)


@at_the_door
def change_number(database: Database, command: ChangeNumber) -> Outcome:
    """Change the information record of one lot, serial or package no.

    Blocking a number, or moving its expiration date, releases nothing: the reservations that
    stand on it and do not fit any more are listed as alerts, and go on standing.
    """
    with unit_of_work(database, command, locking=Locking(items=[command.item_no])) as work:
        if work.repeated:
            return work.repeated[0]
        _check_item(work, command.item_no)
        spelled = known_numbers(work.session, command.item_no, [command.numbers])
        command = replace(command, numbers=spelled[command.numbers])
        given = [d for d in Dimension if command.numbers.get(d)]
        if len(given) != 1:
            why = "give one of lot, serial or package no."
            raise ValueInvalid(field="Number", value=str(command.numbers), why=why)
        known = catalog.records(work.session, command.item_no, [command.numbers])
        old = known.get((given[0], command.numbers.get(given[0])))
        if old is None:
            raise NumberUnknown(item_no=command.item_no, number=str(command.numbers))
        save_record(work, _changed(old, command))
        alerts = _alerts(work, command.item_no, command.numbers)
        outcome = Outcome(warnings=alerts)
        return work.report("number", f"{command.item_no} {command.numbers}", outcome)


def _alerts(work: Work, item_no: str, numbers: Numbers) -> tuple[Notice, ...]:
    """The reservations that stand on goods which are not good for them any more."""
    number = next(no for d in Dimension if (no := numbers.get(d)))
    supplies = {s.supply_no: s for s in stock.supplies_with_number(work.session, item_no, number)}
    entries = shelf.entries_on(work.session, item_no, list(supplies))
    found = lines.of_item(work.session, item_no, dict.fromkeys(e.slot.line for e in entries))
    demands = {line.line: demand_of(line) for line in found}
    alerts = []
    for entry in entries:
        supply, demand = supplies[entry.slot.supply_no], demands[entry.slot.line]
        reason = unfit(supply, demand)
        if reason is not None:
            held = f"{demand.line} holds {plain(entry.quantity)} of {supply.name}"
            said = f"{held}: {in_words(reason, supply, demand)}"
            alerts.append(Notice("alert", said))
    return tuple(alerts)


def _changed(old: NumberRecord, command: ChangeNumber) -> NumberRecord:
    return replace(
        old,
        is_blocked=old.is_blocked if command.is_blocked is KEEP else command.is_blocked,
        expiration_date=(
            old.expiration_date if command.expiration_date is KEEP else command.expiration_date
        ),
        description=old.description if command.description is KEEP else command.description,
    )


def save_record(work: Work, record: NumberRecord) -> None:
    """Write a record, and let all supply under its number be judged by it."""
    dimension = next((d for d in Dimension if record.numbers.get(d)), None)
    if dimension is None:
        raise ValueInvalid(field="Number", value="", why="give a lot, serial or package no.")
    reckonable(record.expiration_date, "Expiration date")
    number = record.numbers.get(dimension)
    one = replace(record, numbers=catalog.one_number(dimension, number))
    known = catalog.records(work.session, record.item_no, [one.numbers])
    catalog.save_records(work.session, work.moment, [one], known.values())
    affected = stock.supplies_with_number(work.session, record.item_no, number)
    stock.update_supplies(work.session, rejudged(work, record.item_no, affected))


def rejudged(work: Work, item_no: str, supplies: list[Supply]) -> list[Supply]:
    """Supplies with what their numbers' records say of them now.

    A number on a supply line has the date that was entered there, while its record has none.
    """
    known = catalog.records(work.session, item_no, [s.numbers for s in supplies])
    on_order = lines.by_line(work.session, [s.source for s in supplies if s.source])
    entered = {
        (line, tracked.numbers): tracked.expiration_date
        for line, of_line in tracking_lines.tracking_of(work.session, on_order.values()).items()
        for tracked in of_line
    }
    judged = []
    for supply in supplies:
        is_blocked, own_date = catalog.judged(known, supply.numbers)
        expires = own_date or entered.get((supply.source, supply.numbers))
        judged.append(replace(supply, is_blocked=is_blocked, expiration_date=expires))
    return judged


def know_numbers(work: Work, item_no: str, dated: dict[Numbers, object]) -> None:
    """Begin a record for every number that has none; the date goes to the lot, else the serial."""
    known = catalog.records(work.session, item_no, dated)
    new: dict[tuple[Dimension, str], NumberRecord] = {}
    for numbers, expiration_date in dated.items():
        for dimension in (Dimension.LOT, Dimension.SERIAL, Dimension.PACKAGE):
            number = numbers.get(dimension)
            if number and (dimension, number) not in known:
                carries = dimension is dated_dimension(numbers)
                new.setdefault(
                    (dimension, number),
                    NumberRecord(
                        item_no=item_no,
                        numbers=catalog.one_number(dimension, number),
                        expiration_date=expiration_date if carries else None,  # type: ignore[arg-type]
                    ),
                )
    catalog.save_records(work.session, work.moment, new.values(), ())


def dated_dimension(numbers: Numbers) -> Dimension | None:
    """The dimension whose record carries the expiration date: lot, else serial, else package."""
    order = (Dimension.LOT, Dimension.SERIAL, Dimension.PACKAGE)
    return next((dimension for dimension in order if numbers.get(dimension)), None)


# -- Lists -------------------------------------------------------------------------------------


def items(database: Database) -> tuple[Item, ...]:
    """All items, by number."""
    with reading(database) as session:
        return tuple(catalog.items(session))


def tracking_codes(database: Database) -> tuple[TrackingCode, ...]:
    """All item tracking codes."""
    with reading(database) as session:
        return tuple(catalog.tracking_codes(session).values())


def locations(database: Database) -> tuple[Location, ...]:
    """All locations."""
    with reading(database) as session:
        return tuple(catalog.locations(session).values())


def customers(database: Database) -> tuple[Customer, ...]:
    """All customers."""
    with reading(database) as session:
        return tuple(catalog.customers(session).values())


def number_records(database: Database) -> tuple[NumberRecord, ...]:
    """All information records of lots, serials and packages."""
    with reading(database) as session:
        return tuple(catalog.all_records(session))


def gtins(database: Database) -> tuple[ItemGtin, ...]:
    """All GTINs and what they stand for, by item."""
    with reading(database) as session:
        return tuple(gtin_rows.everything(session))
