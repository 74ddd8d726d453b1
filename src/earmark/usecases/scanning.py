"""Scanning: what a code means here, which goods it names, and whether they fit a line.

Nothing is chosen silently: every reading of the text is answered, each with what exists of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from earmark.core.eligibility import in_words, obstacle
from earmark.core.gs1 import Code, Form, codes_of
from earmark.core.gtins import ItemGtin
from earmark.core.items import Item
from earmark.core.outcome import Notice
from earmark.core.quantity import plain
from earmark.core.scans import OTHER_ITEM, Scan, ScanReading
from earmark.core.spelling import readable
from earmark.core.stock import Line, demand_of
from earmark.core.tracking import Dimension, Numbers
from earmark.core.units import in_base
from earmark.database import catalog, gtins, spellings
from earmark.database.engine import Database
from earmark.database.spellings import Name, Sort
from earmark.database.views import View, view
from earmark.errors import LineUnknown
from earmark.usecases.door import asks_about
from earmark.usecases.reading import number_view
from earmark.usecases.spelling import known as known_numbers

ITEMS_AT_MOST = 10
"""Items that one number is looked for in; more have it than a person can choose between."""

Meant = tuple[Code, Item | None, ItemGtin | None]
"""A reading with the item that it means, and what its GTIN stands for."""


@asks_about("line")
def scan(database: Database, text: str, *, line: str = "") -> Scan:
    """Read a scanned or typed code: a GS1 element string, a Digital Link, a GTIN, SSCC or number.

    With a line, whether what was read fits it. What is doubtful or unknown is said and kept.
    """
    readable(text, "Code")
    with view(database, None) as seen:
        found = seen.lines([line]).get(line) if line else None
        if line and found is None:
            raise LineUnknown(line=line)
        codes = codes_of(text, seen.now.date())
        meant = [one for code in codes for one in _meant(seen, code, found)]
        readings = [_reading(seen, one, found) for one in _once(meant)]
    best = sorted(readings, key=lambda reading: reading.evidence, reverse=True)
    is_ambiguous = len(best) > 1 and best[0].evidence == best[1].evidence
    return Scan(text=text, line=line, readings=tuple(best), is_ambiguous=is_ambiguous)


def _once(meant: Iterable[Meant]) -> list[Meant]:
    """The readings that differ in what they mean; the first of those that do not."""
    different: dict[object, Meant] = {}
    for one in meant:
        code, item, _ = one
        different.setdefault((code.gtin, code.numbers, item and item.item_no), one)
    return list(different.values())


# -- Which item is meant -----------------------------------------------------------------------


def _meant(seen: View, code: Code, line: Line | None) -> Iterator[Meant]:
    """A reading for each item that it may mean; one without an item where it means none."""
    if code.form is Form.NUMBER:
        yield from _as_number(seen, code, line)
    elif code.gtin:
        stands_for = gtins.some(seen.session, [code.gtin])
        items = catalog.some_items(seen.session, (gtin.item_no for gtin in stands_for))
        for gtin in stands_for:
            yield code, items[gtin.item_no], gtin
        if not stands_for:
            yield _saying(code, "gtin-unknown", f"No item has GTIN {code.gtin}."), None, None
    elif line is not None and (code.numbers or code.quantity is not None):
        yield code, line.item, None
    else:
        items = _with_numbers(seen, code.numbers)
        yield from ((code, item, None) for item in items.values())
        if not items:
            yield code, None, None


def _as_number(seen: View, code: Code, line: Line | None) -> Iterator[Meant]:
    """A text that is nothing but a number: of a lot, a serial, a package; or an item itself."""
    places = _numbered(seen, code.text)
    itself = Name("", Sort.ITEM, code.text)
    wanted = spellings.known(seen.session, [itself]).get(itself, code.text)
    items = catalog.some_items(seen.session, [wanted, *(item_no for item_no, _ in places)])
    for item_no, dimension in places:
        numbers = catalog.one_number(dimension, code.text)
        yield replace(code, numbers=numbers), items[item_no], None
    if wanted in items:
        yield code, items[wanted], None
    entered = line.tracking_code.entered if line and line.tracking_code else ()
    known = {dimension for item_no, dimension in places if line and item_no == line.key.item_no}
    for dimension in entered:
        if line and dimension not in known:
            numbers = catalog.one_number(dimension, code.text)
            yield replace(code, numbers=numbers), line.item, None
    if not places and not entered and wanted not in items:
        said = f"Nothing is known of {code.text}."
        yield _saying(code, "number-unknown", said), None, None


def _numbered(seen: View, text: str) -> list[tuple[str, Dimension]]:
    """The items that have this number, exactly so; else in another case."""
    exactly = gtins.numbered(seen.session, text, ITEMS_AT_MOST)
    if exactly:
        return exactly
    others = spellings.numbers_like(seen.session, text)
    found = (gtins.numbered(seen.session, other, ITEMS_AT_MOST) for other in others)
    return list(dict.fromkeys(place for places in found for place in places))[:ITEMS_AT_MOST]


def _with_numbers(seen: View, numbers: Numbers) -> dict[str, Item]:
    """The items that have all of these numbers."""
    given = [number for dimension in Dimension if (number := numbers.get(dimension))]
    if not given:
        return {}
    having = [{item_no for item_no, _ in _numbered(seen, number)} for number in given]
    return catalog.some_items(seen.session, set.intersection(*having))


def _saying(code: Code, notice: str, message: str) -> Code:
    return replace(code, notices=(*code.notices, Notice(notice, message)))


# -- What is known of it -----------------------------------------------------------------------


def _reading(seen: View, meant: Meant, line: Line | None) -> ScanReading:
    code, item, gtin = meant
    if item is not None and code.numbers:
        spelled = known_numbers(seen.session, item.item_no, [code.numbers])
        code = replace(code, numbers=spelled[code.numbers])
        meant = (code, item, gtin)
    quantity, said = _quantity(code, item, gtin)
    notices = [*code.notices, *said]
    known: tuple[Dimension, ...] = ()
    if item is not None:
        known, said = _known(seen, item, code)
        notices += said
    misfits = list(_misfits(seen, line, meant)) if line else []
    return ScanReading(
        form=code.form,
        text=code.text,
        elements=code.elements,
        gtin=code.gtin,
        item_no=item.item_no if item else "",
        variant_code=gtin.variant_code if gtin else "",
        numbers=code.numbers,
        known=known,
        quantity=quantity,
        expiration_date=code.expiration_date,
        fits=not misfits if line else None,
        available=_available(seen, line, item, code.numbers),
        notices=(*notices, *misfits),
    )


def _quantity(
    code: Code, item: Item | None, gtin: ItemGtin | None
) -> tuple[Decimal | None, Sequence[Notice]]:
    """How much it is in the base unit: what the code counts or weighs, or one unit of its GTIN."""
    unit = code.unit or (gtin.unit if gtin else "")
    count = code.quantity
    if count is None:
        if code.numbers.serial_no or not unit:
            return None, ()
        count = Decimal(1)
    if item is None:
        return (None if code.unit else count), ()
    if unit not in ("", item.base_unit, *item.units):
        said = f"The code says {plain(count):f} {unit}; item {item.item_no} is not counted in it."
        return None, [Notice("unit-unknown", said)]
    return in_base(count, item.quantity_per(unit), item.rounding_precision), ()


def _known(seen: View, item: Item, code: Code) -> tuple[tuple[Dimension, ...], Sequence[Notice]]:
    """The dimensions whose numbers exist, and what is to be said of these and of the others."""
    numbers = code.numbers
    records = catalog.records(seen.session, item.item_no, [numbers])
    known = tuple(d for d in Dimension if (d, numbers.get(d)) in records)
    notices = [
        Notice("number-unknown", f"Item {item.item_no} has no {d} {numbers.get(d)}.")
        for d in Dimension
        if numbers.get(d) and d not in known
    ]
    is_blocked, expires = catalog.judged(records, numbers)
    if is_blocked:
        notices.append(Notice("number-blocked", f"{numbers} of item {item.item_no} is blocked."))
    if code.expiration_date and expires and code.expiration_date != expires:
        said = f"The code says it expires on {code.expiration_date}; on record is {expires}."
        notices.append(Notice("expiration-differs", said))
    return known, notices


# -- Whether it fits the line ------------------------------------------------------------------


def _misfits(seen: View, line: Line | None, meant: Meant) -> Iterator[Notice]:
    """Why it can not be entered on the line as it is."""
    code, item, gtin = meant
    if line is None:
        return
    if item is None or item.item_no != line.key.item_no:
        other = f"item {item.item_no}" if item else "no item of ours"
        yield Notice(OTHER_ITEM, f"It is {other}; line {line.line} is of {line.key.item_no}.")
        return
    if gtin and gtin.variant_code not in ("", line.key.variant_code):
        wanted = line.key.variant_code or "blank"
        yield Notice("other-variant", f"It is variant {gtin.variant_code}; the line is {wanted}.")
    if not code.numbers:
        return
    if any(_is_the_same(t.numbers, code.numbers) for t in seen.tracking([line])[line.line]):
        yield Notice("number-duplicate", f"{code.numbers} is on line {line.line} already.")
    if line.kind.is_demand:
        yield from _obstacles(seen, line, code.numbers)


def _is_the_same(entered: Numbers, read: Numbers) -> bool:
    if read.serial_no:
        return entered.serial_no == read.serial_no
    return (entered.lot_no, entered.package_no) == (read.lot_no, read.package_no)


def _obstacles(seen: View, line: Line, numbers: Numbers) -> Iterator[Notice]:
    """Why no supply under these numbers may serve the line; nothing where one may."""
    demand = demand_of(line)
    supplies = seen.named(line.key, numbers)
    if not supplies:
        where = line.key.location_code
        yield Notice("not-in-stock", f"There is no supply of {numbers} at {where}.")
        return
    reasons = {supply.name: obstacle(supply, demand, numbers) for supply in supplies}
    if all(reasons.values()):
        for supply in supplies:
            reason = reasons[supply.name]
            if reason is not None:
                yield Notice(reason.value, in_words(reason, supply, demand))


def _available(
    seen: View, line: Line | None, item: Item | None, numbers: Numbers
) -> Decimal | None:
    """What *select entries* would still find of the numbers, where they are of the line's item."""
    is_of_line = line is not None and item is not None and item.item_no == line.key.item_no
    if line is None or not is_of_line or not numbers:
        return None
    return number_view(seen, line.key, numbers).available
