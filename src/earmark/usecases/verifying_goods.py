"""What the integrity check asks of goods: the ledger, places, figures, the past."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from earmark.core.items import StockKey
from earmark.core.quantity import ZERO
from earmark.core.stock import Line, ReservationEntry, Supply
from earmark.core.views import Finding
from earmark.database import history, item_figures, ledger
from earmark.database.engine import Session
from earmark.database.views import View

LATEST = 2**62
PAST = 3
"""So many earlier moments are recomputed; which ones changes with every command."""


def by_stock_key(seen: View, item_no: str, supplies: Mapping[int, Supply]) -> Iterator[Finding]:
    """All movements of a stock key add up to the goods that stand there."""
    moved: dict[StockKey, Decimal] = {}
    there: dict[StockKey, Decimal] = {}
    for entry in ledger.of_item(seen.session, item_no, LATEST):
        moved[entry.key] = moved.get(entry.key, ZERO) + entry.quantity
    for supply in supplies.values():
        if supply.is_stock:
            there[supply.key] = there.get(supply.key, ZERO) + supply.quantity
    for key in sorted({*moved, *there}):
        if moved.get(key, ZERO) != there.get(key, ZERO):
            said = f"{there.get(key, ZERO)} of it, the ledger adds up to {moved.get(key, ZERO)}"
            yield Finding(check="ledger", record=" ".join(filter(None, key)), message=said)


def of_their_lines(of_item: Iterable[Line], supplies: Mapping[int, Supply]) -> Iterator[Finding]:
    """Supply on order is where its line is, in the line's variant."""
    keys = {line.line: line.key for line in of_item}
    for supply in supplies.values():
        key = keys.get(supply.source)
        if key is not None and supply.quantity and supply.key != key:
            said = f"its supply is at {' '.join(filter(None, supply.key))}"
            yield Finding(check="supply line", record=supply.source, message=said)


def figures(
    seen: View,
    supplies: Mapping[int, Supply],
    entries: Iterable[ReservationEntry],
    told: Mapping[str, Sequence[object]],
    item_no: str,
) -> Iterator[Finding]:
    """What the list of items calls available is what no running reservation holds."""
    work_date = seen.now.date()
    usable = {
        number: supply.quantity
        for number, supply in supplies.items()
        if supply.is_stock
        and not supply.is_blocked
        and (supply.expiration_date is None or supply.expiration_date >= work_date)
    }
    free = sum(usable.values(), ZERO)
    for entry in entries:
        until = entry.slot.hold_until
        if entry.slot.supply_no in usable and (until is None or until > seen.now):
            free -= entry.quantity
    available = told[item_no][3] if item_no in told else ZERO
    if available != free:
        said = f"the list of items says {available} available, it is {free}"
        yield Finding(check="figures", record=item_no, message=said)


def told_figures(session: Session, now: datetime) -> Mapping[str, Sequence[object]]:
    """The figures of the list of items."""
    return item_figures.supplies(session, "", now.date())


# -- The past ----------------------------------------------------------------------------------


def some_moments(session: Session) -> list[int]:
    """The newest moment and a few of the history, other ones after each command."""
    newest = history.latest(session, 1, LATEST)
    if not newest:
        return []
    last, first = newest[0].moment, history.first_moment(session)
    spread = last - first + 1
    steps = (last * (2 * n + 1) * 2_654_435_761 % spread for n in range(PAST))
    return sorted({last, *(history.moment_before(session, first + step) for step in steps)})


def then(seen: View, item_no: str) -> Iterator[Finding]:
    """Recomputed as of a moment, nothing was promised twice."""
    try:
        supplies = {supply.supply_no: supply for supply in seen.supplies(item_no)}
    except KeyError as error:  # a part of a line, or an entry, of which no supply is known
        said = f"at moment {seen.past} it cannot be recomputed: no supply {error}"
        yield Finding(check="history", record=item_no, message=said)
        return
    left = {number: supply.quantity for number, supply in supplies.items()}
    for entry in seen.entries(item_no):
        number = entry.slot.supply_no
        left[number] = left.get(number, ZERO) - entry.quantity
    for number, quantity in left.items():
        if quantity < ZERO:
            name = supplies[number].name if number in supplies else f"{item_no}#{number}"
            said = f"at moment {seen.past}, {-quantity} more was reserved than there was"
            yield Finding(check="history", record=name, message=said)
    for line in seen.demands(item_no):
        if line.reserved > line.outstanding:
            said = f"at moment {seen.past}, {line.reserved} of {line.outstanding} was reserved"
            yield Finding(check="history", record=line.line, message=said)
