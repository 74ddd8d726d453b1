"""What the library reads, beside what stands in the tables."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

import earmark
from earmark.core.views import LineView
from tests.simulation.tables import LineRow, Tables

NONE = Decimal(0)
TAKES_PART = {"open", "firm_planned", "released"}


def wrong_readings(
    database: earmark.Database, there: Tables, now: int, lines: Iterable[str]
) -> Iterator[str]:
    """Figures that differ from what the tables add up to, holds that have ended left out."""
    held = there.held(now)
    items = set()
    for name in lines:
        row = there.lines[name]
        items.add(row.item)
        view = earmark.line(database, name)
        if (view.quantity, view.posted) != (row.quantity, row.posted):
            yield f"line: {name} reads {view.quantity}, {view.posted} posted"
        if row.is_demand:
            yield from _wrong_demand(database, row, view, held[name])
    for item in items:
        yield from _wrong_item(database, there, item)
    yield from _wrong_figures(database, there, now)


def _wrong_demand(
    database: earmark.Database, row: LineRow, view: LineView, held: Decimal
) -> Iterator[str]:
    if view.reserved != held:
        yield f"line: {row.line} reads {view.reserved} reserved, the entries say {held}"
    if view.reserved > view.outstanding:
        yield f"line: {row.line} has {view.reserved} of {view.outstanding}"
    entries = earmark.reservations(database, row.line)
    total = sum((entry.quantity for entry in entries), NONE)
    if total != held:
        yield f"reservations: {row.line} reads {total}, the entries say {held}"
    candidates = earmark.candidates(database, row.line)
    current = sum((found.current for found in candidates), NONE)
    if current != held:
        yield f"candidates: {row.line} has {current} of them, the entries say {held}"
    for found in candidates:
        if found.reserved > found.quantity:
            yield f"candidates: {found.supply} has {found.reserved} of {found.quantity}"
    window = earmark.window(database, row.line)
    takes_part = row.status in TAKES_PART
    if window.reserved != held or (takes_part and window.unreserved != row.outstanding - held):
        yield f"window: {row.line} has {window.reserved}, the entries say {held}"
    if sum((line.current for line in window.rows), NONE) != held:
        yield f"window: {row.line} rows say {[r.current for r in window.rows]}, not {held}"


def _wrong_item(database: earmark.Database, there: Tables, item: str) -> Iterator[str]:
    counted: Counter[object] = Counter()
    for row in earmark.inventory(database, item_no=item):
        numbers = row.numbers.lot_no, row.numbers.serial_no, row.numbers.package_no
        if row.quantity <= 0:
            yield f"inventory: {row}"
        counted[(item, row.variant_code, row.location_code), numbers] += row.quantity  # type: ignore[assignment]
    stock: Counter[object] = Counter()
    for supply in there.supplies.values():
        if supply.kind == "stock" and supply.item == item and supply.quantity:
            stock[supply.key, supply.numbers] += supply.quantity  # type: ignore[assignment]
    if dict(counted) != dict(stock):
        yield f"inventory: {item} reads {dict(counted)}, there is {dict(stock)}"


def _wrong_figures(database: earmark.Database, there: Tables, now: int) -> Iterator[str]:
    """The list of items: what is there, and that nothing is both reserved and available."""
    stock: Counter[str] = Counter()
    held: Counter[str] = Counter()
    for (key, _), quantity in there.ledger.items():
        stock[key[0]] += quantity  # type: ignore[assignment]
    for entry in there.entries:
        is_stock = there.supplies[entry.item, entry.supply_no].kind == "stock"
        if is_stock and (not entry.hold_until or entry.hold_until > now):
            held[entry.item] += entry.quantity  # type: ignore[assignment]
    for row in earmark.item_figures(database):
        item = row.item.item_no
        if row.inventory != stock[item]:
            yield f"figures: {item} has {row.inventory}, the ledger says {stock[item]}"
        parts = row.reserved_in_stock + row.blocked + row.available
        if parts > row.inventory or row.available > stock[item] - held[item]:
            yield f"figures: {item} of {row.inventory}: {held[item]} held, {row}"
        if not row.blocked and row.reserved_in_stock != held[item]:
            yield f"figures: {item} has {row.reserved_in_stock} reserved, entries {held[item]}"


def readings(
    database: earmark.Database, there: Tables, moment: int, lines: Iterable[str] | None = None
) -> dict[str, object]:
    """What can be read as of a moment, to be compared with the same read later."""
    said: dict[str, object] = {"inventory": earmark.inventory(database, as_of=moment)}
    for name in there.lines if lines is None else lines:
        view = earmark.line(database, name, as_of=moment)
        said[f"line {name}"] = replace(view, description="", reserve="")
        said[f"tracking {name}"] = earmark.tracking_lines(database, name, as_of=moment)
        if view.is_demand:
            said[f"reservations {name}"] = earmark.reservations(database, name, as_of=moment)
    return said
