"""Reading: lines, reservations, numbers, the Reservation window, candidates, history.

Every reading takes ``as_of``: the moment of an outcome, or an aware time; left out, it is now.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from earmark.core import window as windows
from earmark.core.balance import RunningBalance
from earmark.core.commands import Choice
from earmark.core.documents import DocumentKind, DocumentStatus
from earmark.core.items import StockKey
from earmark.core.quantity import ZERO
from earmark.core.shelf import MemoryShelf
from earmark.core.stock import (
    KINDS_OF_SUPPLY,
    Line,
    ReservationEntry,
    Supply,
    TrackedQuantity,
    demand_of,
)
from earmark.core.tracking import NO_NUMBERS, Numbers
from earmark.core.views import (
    CandidateView,
    DocumentView,
    HistoryRow,
    InventoryRow,
    LineView,
    NumberView,
    ReservationView,
    TrackingView,
    WindowView,
)
from earmark.database import catalog, concerning, stock, versions
from earmark.database import documents as headers
from earmark.database import history as past
from earmark.database import tracking_lines as entered
from earmark.database.engine import Database
from earmark.database.views import View, view
from earmark.errors import DocumentUnknown, ItemUnknown, LineUnknown, NumbersNotOnLine
from earmark.usecases.door import asks_about, looks_up
from earmark.usecases.line_views import Held, line_view
from earmark.usecases.naming import EntryRef, document_named, entry_ref, is_line

AsOf = int | datetime | None


@asks_about("ref")
def line(database: Database, ref: str, *, as_of: AsOf = None) -> LineView:
    """One document line with its figures; ``line-unknown`` where there is none."""
    with view(database, as_of) as seen:
        return line_views(seen, [found_line(seen, ref)])[0]


def found_line(seen: View, ref: str) -> Line:
    """A document line; ``line-unknown`` where there is none."""
    found = seen.lines([ref])
    if ref not in found:
        raise LineUnknown(line=ref)
    return found[ref]


@looks_up("ref")
def exists(database: Database, ref: str, *, as_of: AsOf = None) -> bool:
    """Whether there is such a document line, or such a document."""
    with view(database, as_of) as seen:
        if is_line(ref):
            return ref in seen.lines([ref])
        document_no = document_named(ref)
        if as_of is None:
            return document_no in headers.read(seen.session, [document_no])
        return bool(seen.of_documents([document_no]))


@asks_about("document_no")
def document(database: Database, document_no: str, *, as_of: AsOf = None) -> DocumentView:
    """A document with its lines and how far it is reserved from stock."""
    with view(database, as_of) as seen:
        found = headers.read(seen.session, [document_no])
        if document_no not in found:
            raise DocumentUnknown(document_no=document_no)
        return _document_views(seen, [found[document_no]])[0]


def documents(
    database: Database, *, kind: DocumentKind | None = None, as_of: AsOf = None
) -> tuple[DocumentView, ...]:
    """All documents with their lines, by number; those of one kind where it is named."""
    with view(database, as_of) as seen:
        found = [h for h in headers.everything(seen.session) if kind in (None, h.kind)]
        return tuple(_document_views(seen, found))


def document_views(seen: View, document_nos: Sequence[str]) -> list[DocumentView]:
    """Documents with their lines, in the order in which they are named."""
    found = headers.read(seen.session, document_nos)
    return _document_views(seen, [found[document_no] for document_no in document_nos])


def _document_views(seen: View, found: Sequence[headers.Document]) -> list[DocumentView]:
    lines = seen.of_documents([header.document_no for header in found])
    views: dict[str, list[LineView]] = {header.document_no: [] for header in found}
    for own, shown in zip(lines, line_views(seen, lines), strict=True):
        views[own.document_no].append(shown)
    if seen.past is not None:
        found = [_as_of_lines(header, views[header.document_no]) for header in found]
    return [_document_view(header, views[header.document_no]) for header in found]


def _as_of_lines(header: headers.Document, views: Sequence[LineView]) -> headers.Document:
    """A header with the status that its lines had then: they have a history, and it has none."""
    return replace(header, status=next((DocumentStatus(v.status) for v in views), header.status))


def _document_view(header: headers.Document, views: Sequence[LineView]) -> DocumentView:
    demands = [v for v in views if v.is_demand]
    from_stock = {v.reserved_from_stock for v in demands if v.outstanding}
    state = "none" if from_stock <= {"none"} else "full" if from_stock == {"full"} else "partial"
    return DocumentView(
        document_no=header.document_no,
        kind=header.kind.value,
        status=header.status.value,
        customer_no=header.customer_no,
        description=header.description,
        reserved_from_stock=state,
        lines=tuple(views),
    )


def line_views(seen: View, found: Sequence[Line]) -> list[LineView]:
    """Document lines with their figures."""
    tracking = seen.tracking(found)
    held = _held(seen, found)
    promised = _reserved_of_supply(seen, found)
    return [
        line_view(
            replace(x, reserved=promised.get(x.line, x.reserved)),
            tracking[x.line],
            held.get(x.line, Held()),
        )
        for x in found
    ]


def _held(seen: View, found: Iterable[Line]) -> dict[str, Held]:
    demands = [x for x in found if x.kind.is_demand]
    items = {x.line: x.key.item_no for x in demands}
    entries = seen.entries_of(demands)
    stands_on: dict[str, set[int]] = {}
    for entry in entries:
        stands_on.setdefault(items[entry.slot.line], set()).add(entry.slot.supply_no)
    in_stock = {
        (item, s.supply_no)
        for item, numbers in stands_on.items()
        for s in seen.some(item, numbers)
        if s.is_stock
    }
    totals: dict[str, Held] = {}
    for entry in entries:
        of = entry.slot.line
        total = totals.setdefault(of, Held())
        if (items[of], entry.slot.supply_no) in in_stock:
            total.from_stock += entry.quantity
        if entry.slot.asked:
            total.specific += entry.quantity
    return totals


def _reserved_of_supply(seen: View, found: Iterable[Line]) -> dict[str, Decimal]:
    """What is promised of supply lines, by line."""
    totals = {x.line: ZERO for x in found if not x.kind.is_demand}
    for item_no, of_item in _by_item(x for x in found if not x.kind.is_demand).items():
        sources = {s.supply_no: s.source for s in seen.parts(item_no, [x.line for x in of_item])}
        for entry in seen.entries_on(item_no, sources):
            totals[sources[entry.slot.supply_no]] += entry.quantity
    return totals


def _by_item(found: Iterable[Line]) -> dict[str, list[Line]]:
    grouped: dict[str, list[Line]] = {}
    for line_ in found:
        grouped.setdefault(line_.key.item_no, []).append(line_)
    return grouped


# -- Reservations and numbers ------------------------------------------------------------------


@looks_up("ref")
def reservations(
    database: Database, ref: str, *, as_of: AsOf = None
) -> tuple[ReservationView, ...]:
    """The reservation entries of a line, a supply, a ledger entry, a document or a kind."""
    with view(database, as_of) as seen:
        entry = entry_ref(ref)
        if entry is not None:
            return _on_entry(seen, entry)
        if is_line(ref):
            return _of_lines(seen, [found_line(seen, ref)])
        if ref in map(str, KINDS_OF_SUPPLY):
            found = [
                x for item in catalog.items(seen.session) for x in _of_item(seen, item.item_no)
            ]
            return tuple(v for v in found if v.supply_kind == ref)
        return _of_lines(seen, seen.of_documents([document_named(ref)]))


def _on_entry(seen: View, ref: EntryRef) -> tuple[ReservationView, ...]:
    known = stock.some(seen.session, ref.item_no, [ref.entry_no])
    if not any(supply.is_stock for supply in known):
        raise LineUnknown(line=str(ref))
    on = seen.entries_on(ref.item_no, [ref.entry_no])
    return tuple(_merged(seen, ref.item_no, on))


def _of_lines(seen: View, found: list[Line]) -> tuple[ReservationView, ...]:
    views: list[ReservationView] = []
    for item_no, of_item in _by_item(found).items():
        own = seen.entries_of(x for x in of_item if x.kind.is_demand)
        parts = seen.parts(item_no, [x.line for x in of_item if not x.kind.is_demand])
        on = seen.entries_on(item_no, [part.supply_no for part in parts])
        either = {(e.since, e.ordinal): e for e in (*own, *on)}
        views += _merged(seen, item_no, either.values())
    return tuple(views)


def _of_item(seen: View, item_no: str) -> list[ReservationView]:
    return _merged(seen, item_no, seen.entries(item_no))


def _merged(
    seen: View, item_no: str, entries: Collection[ReservationEntry]
) -> list[ReservationView]:
    """Reservations of an item; parts of one supply line under the same name are one row."""
    supplies = {s.supply_no: s for s in seen.some(item_no, (e.slot.supply_no for e in entries))}
    dated = seen.lines({e.slot.line for e in entries})
    times = seen.times(e.since for e in entries)
    merged: dict[object, ReservationView] = {}
    for entry in sorted(entries, key=lambda e: (e.since, e.ordinal)):
        supply = supplies[entry.slot.supply_no]
        shown = reservation_view(entry, supply, dated[entry.slot.line], times.get(entry.since))
        key = (shown.demand, shown.supply, shown.asked, shown.binding, shown.hold_until)
        if key in merged:
            both = merged[key]
            numbers = both.numbers if both.numbers == shown.numbers else NO_NUMBERS
            quantity = both.quantity + shown.quantity
            shown = replace(shown, quantity=quantity, numbers=numbers)
        merged[key] = shown
    return list(merged.values())


def reservation_view(
    entry: ReservationEntry, supply: Supply, demand: Line, since: datetime | None
) -> ReservationView:
    """One reservation entry with the names of both its sides."""
    return ReservationView(
        demand=entry.slot.line,
        supply=supply.name,
        supply_kind=supply.kind,
        quantity=entry.quantity,
        is_specific=bool(entry.slot.asked),
        numbers=supply.numbers,
        asked=entry.slot.asked,
        binding=entry.slot.binding.value,
        hold_until=entry.slot.hold_until,
        date=demand.date,
        by=entry.by,
        since=since,
    )


@asks_about("ref")
def tracking_lines(database: Database, ref: str, *, as_of: AsOf = None) -> tuple[TrackingView, ...]:
    """The item tracking lines of a line."""
    with view(database, as_of) as seen:
        found = found_line(seen, ref)
        return tuple(map(tracking_view, seen.tracking([found])[ref]))


def tracking_view(tracked: TrackedQuantity) -> TrackingView:
    """One item tracking line as it is shown."""
    return TrackingView(
        numbers=tracked.numbers,
        quantity=tracked.quantity,
        to_handle=tracked.handles,
        handled=tracked.handled,
        expiration_date=tracked.expiration_date,
    )


@looks_up("item_no", "location_code", "numbers")
def inventory(  # noqa: PLR0913 - each is a filter
    database: Database,
    *,
    item_no: str = "",
    location_code: str = "",
    variant_code: str | None = None,
    numbers: Numbers = NO_NUMBERS,
    as_of: AsOf = None,
) -> tuple[InventoryRow, ...]:
    """What is in stock, by item, variant, location and numbers."""
    with view(database, as_of) as seen:
        return tuple(
            InventoryRow(
                item_no=key.item_no,
                variant_code=key.variant_code,
                location_code=key.location_code,
                numbers=own,
                quantity=quantity,
                expiration_date=expires,  # type: ignore[arg-type]
            )
            for key, own, quantity, expires in seen.inventory(item_no, location_code)
            if variant_code in (None, key.variant_code) and own.serves(numbers)
        )


@looks_up("item_no", "location_code", "numbers")
def number(  # noqa: PLR0913 - what names a number
    database: Database,
    item_no: str,
    location_code: str,
    numbers: Numbers,
    *,
    variant_code: str = "",
    as_of: AsOf = None,
) -> NumberView:
    """How much of a number there is, is asked for and is available to *select entries*."""
    with view(database, as_of) as seen:
        if item_no not in catalog.some_items(seen.session, [item_no]):
            raise ItemUnknown(item_no=item_no)
        return number_view(seen, StockKey(item_no, variant_code, location_code), numbers)


def number_view(seen: View, key: StockKey, numbers: Numbers) -> NumberView:
    """The same at one stock key, in a view that is open."""
    there = [s for s in seen.named(key, numbers) if s.is_stock]
    total = sum((s.quantity for s in there), ZERO)
    asked_for = sum(
        (q for _, asked, q in entered.requested(seen.session, key) if asked.serves(numbers)),
        ZERO,
    )
    held = seen.entries_on(key.item_no, (s.supply_no for s in there))
    loose = [e.quantity for e in held if e.slot.is_movable]
    known = catalog.records(seen.session, key.item_no, [numbers])
    is_blocked, expires = catalog.judged(known, numbers)
    return NumberView(
        numbers=numbers,
        total=total,
        requested=asked_for,
        available=total - asked_for,
        nonspecific=sum(loose, ZERO),
        is_blocked=is_blocked,
        expiration_date=expires,
    )


# -- The Reservation window and candidates -----------------------------------------------------


@asks_about("line", "numbers")
def window(
    database: Database, line: str, numbers: Numbers | None = None, *, as_of: AsOf = None
) -> WindowView:
    """The Reservation window of a demand line, for the whole line or for one of its numbers."""
    with view(database, as_of) as seen:
        found = demand_line(seen, line)
        asked = (numbers or NO_NUMBERS).only(found.specific)
        tracking = seen.tracking([found])[line]
        pools, own = seen.pools(found, asked), _own(seen, found)
        return windows.window(demand_of(found), tracking, pools, own, numbers or NO_NUMBERS)


def _own(seen: View, found: Line) -> list[tuple[ReservationEntry, Supply]]:
    """What a line has reserved, each with the supply that it stands on."""
    entries = seen.entries_of([found])
    stands_on = seen.some(found.key.item_no, (e.slot.supply_no for e in entries))
    supplies = {supply.supply_no: supply for supply in stands_on}
    return [(entry, supplies[entry.slot.supply_no]) for entry in entries]


def demand_line(seen: View, ref: str) -> Line:
    """A line that takes stock; ``line-unknown`` where it does not, or where there is none."""
    found = found_line(seen, ref)
    found.check_takes_stock()
    return found


@asks_about("line", "numbers")
def candidates(
    database: Database,
    line: str,
    numbers: Numbers | Choice = Choice.ANY,
    *,
    as_of: AsOf = None,
) -> tuple[CandidateView, ...]:
    """Every supply considered for a demand line, in the order of choice, with its obstacle."""
    with view(database, as_of) as seen:
        return candidates_on(seen, line, numbers, seen.shelf)


ShelfOf = Callable[[Line], tuple[MemoryShelf, list[Supply]]]


def candidates_on(
    seen: View, line: str, numbers: Numbers | Choice, shelf_of: ShelfOf
) -> tuple[CandidateView, ...]:
    """The supply of a demand line as it is considered, on the shelf that is read for it."""
    found = demand_line(seen, line)
    asked = _asked_by(seen, found, numbers)
    shelf, elsewhere = shelf_of(found)
    return tuple(windows.candidates(RunningBalance(shelf), demand_of(found), elsewhere, asked))


def _asked_by(seen: View, found: Line, numbers: Numbers | Choice) -> list[Numbers]:
    """The numbers that supply for a demand line must have, one of them each."""
    if numbers is Choice.ANY:
        return [NO_NUMBERS]
    wanted = NO_NUMBERS if numbers is Choice.ALL else numbers
    tracked = seen.tracking([found])[found.line]
    asked = [t.numbers.only(found.specific) for t in tracked if t.numbers.serves(wanted)]
    if not asked:
        raise NumbersNotOnLine(number=str(wanted or "A number"), line=found.line)
    return asked


@looks_up("ref")
def history(
    database: Database, ref: str = "", limit: int = 50, *, as_of: AsOf = None
) -> tuple[HistoryRow, ...]:
    """What was done, by whom and when, newest first; of one document or line where it is named."""
    with view(database, as_of) as seen:
        until = 2**62 if seen.past is None else seen.past
        if ref:
            found = concerning.of_line(seen.session, ref)
            return tuple(past.at_moments(seen.session, found, limit, until))
        return tuple(past.latest(seen.session, limit, until))


@looks_up("ref")
def version(database: Database, ref: str) -> str:
    """The version of a line or a document, for a command to name; empty where there is none.

    Read before the record itself, it can only be too old: then the command is refused for nothing,
    and never carried out on what nobody has seen.
    """
    with view(database) as seen:
        return versions.of(seen.session, ref)
