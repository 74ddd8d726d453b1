"""Set-up and master data: entering, changing and listing; information records of numbers."""

from __future__ import annotations

from dataclasses import replace

from earmark.core.commands import KEEP, ChangeNumber, SetUp
from earmark.core.days import number_of_days, reckonable
from earmark.core.eligibility import in_words, unfit
from earmark.core.gtins import ItemGtin, gtin_of
from earmark.core.items import PRIORITY_MOST, Customer, Item, Location, NumberRecord
from earmark.core.outcome import Notice, Outcome
from earmark.core.quantity import percentage, plain, positive
from earmark.core.stock import Supply, demand_of
from earmark.core.tracking import Dimension, Numbers, TrackingCode
from earmark.database import catalog, lines, shelf, spellings, stock
from earmark.database import gtins as gtin_rows
from earmark.database.engine import Database
from earmark.database.spellings import Sort
from earmark.database.unit_of_work import Locking, Work, reading, unit_of_work
from earmark.errors import (
    EarmarkError,
    ItemUnknown,
    NumberUnknown,
    SetUpFixed,
    TrackingCodeUnknown,
    ValueInvalid,
)
from earmark.usecases.door import at_the_door
from earmark.usecases.spelling import claimed
from earmark.usecases.spelling import known as known_numbers


@at_the_door
def set_up(database: Database, command: SetUp) -> Outcome:
    """Enter or replace items, item tracking codes, locations, customers and number records.

    A tracking code of an item that has been in stock does not change its specific dimensions,
    nor an item its base unit or its tracking code then (BC 1.6, 1.16).
    """
    items = [item.item_no for item in command.items]
    items += [record.item_no for record in command.numbers]
    items += [gtin.item_no for gtin in command.gtins]
    with unit_of_work(database, command, locking=Locking(items=items)) as work:
        if work.repeated:
            return work.repeated[0]
        _claim_names(work, command)
        _check_codes(work, command.tracking_codes)
        catalog.save_tracking_codes(work.session, command.tracking_codes)
        catalog.save_locations(work.session, command.locations)
        _check_customers(command.customers)
        catalog.save_customers(work.session, command.customers)
        catalog.save_items(work.session, _checked_items(work, command.items))
        for record in _spelled(work, command.numbers):
            save_record(work, record)
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
        done.append(replace(record, numbers=spelled[record.numbers]))
    return done


_UNTRACKED = TrackingCode("")
"""The rules of an item that has none, for what is noted of its numbers beforehand."""


def _check_codes(work: Work, codes: tuple[TrackingCode, ...]) -> None:
    known = catalog.tracking_codes(work.session)
    for row, code in enumerate(codes):
        if not code.tracking_code:
            raise _at(row, ValueInvalid(field="Tracking code", value="", why="it is empty"))
        old = known.get(code.tracking_code)
        if old is not None and old.specific != code.specific:
            users = [
                i for i in catalog.items(work.session) if i.tracking_code == code.tracking_code
            ]
            for item in users:
                if stock.was_ever_posted(work.session, item.item_no):
                    what = f"item tracking code {code.tracking_code}"
                    raise _at(row, SetUpFixed(item_no=item.item_no, what=what))


def _check_customers(customers: tuple[Customer, ...]) -> None:
    for row, customer in enumerate(customers):
        try:
            number_of_days(customer.minimum_shelf_life_days, "Minimum shelf life")
            number_of_days(customer.transit_days, "Transit")
            if abs(customer.priority) > PRIORITY_MOST:
                why = f"it is from -{PRIORITY_MOST} to {PRIORITY_MOST}"
                raise ValueInvalid(field="Priority", value=customer.priority, why=why)
        except EarmarkError as error:
            raise _at(row, error) from None


def _checked_items(work: Work, items: tuple[Item, ...]) -> list[Item]:
    """Items as they are entered, their variants and units spelled as they were before."""
    known = catalog.some_items(work.session, (item.item_no for item in items))
    after = [_spelled_after(item, known.get(item.item_no)) for item in items]
    _check_items(work, after, known)
    return after


def _spelled_after(item: Item, old: Item | None) -> Item:
    return item if old is None else item.spelled_after(old)


def _check_items(work: Work, items: list[Item], known: dict[str, Item]) -> None:
    codes = catalog.tracking_codes(work.session)
    for row, item in enumerate(items):
        if not item.item_no:
            raise _at(row, ValueInvalid(field="Item no.", value="", why="it is empty"))
        try:
            item.check_parts_once()
        except EarmarkError as error:
            raise _at(row, error) from None
        if item.tracking_code and item.tracking_code not in codes:
            raise _at(row, TrackingCodeUnknown(tracking_code=item.tracking_code))
        percentage(item.over_receipt_percentage)
        for unit, quantity in item.units.items():
            positive(quantity, f"Unit {unit}")
        old = known.get(item.item_no)
        if old is None or not stock.was_ever_posted(work.session, item.item_no):
            continue
        if old.base_unit != item.base_unit or _specific(codes, old) != _specific(codes, item):
            what = "base unit and what its item tracking code makes specific"
            raise _at(row, SetUpFixed(item_no=item.item_no, what=what))


def _specific(codes: dict[str, TrackingCode], item: Item) -> frozenset[Dimension]:
    return codes[item.tracking_code].specific if item.tracking_code else frozenset()


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
    """Supplies with what their numbers' records say of them now."""
    known = catalog.records(work.session, item_no, [s.numbers for s in supplies])
    judged = []
    for supply in supplies:
        is_blocked, expiration_date = catalog.judged(known, supply.numbers)
        judged.append(replace(supply, is_blocked=is_blocked, expiration_date=expiration_date))
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
