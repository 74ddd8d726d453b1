"""What history shows of each command: who did what, to whom, and what was before and after.

Told from the rows, not from memory: entries that began and ended with the command, versions of
lines, tracking lines, records, ledger entries.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from earmark.core.items import NumberRecord
from earmark.core.ledger import LedgerEntry
from earmark.core.quantity import ZERO
from earmark.core.stock import Line, ReservationEntry, Supply
from earmark.core.tracking import NO_NUMBERS, Numbers


class ChangeKind(StrEnum):
    """The sorts of change that history can be narrowed to."""

    MOVES = "moves"
    RELEASES = "releases"
    POSTINGS = "postings"


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryFilter:
    """Which changes are wanted: of an item, a number, a document or line, by whom, of which kind.

    Empty means any. ``numbers`` are of ``item_no``.
    """

    item_no: str = ""
    numbers: Numbers = NO_NUMBERS
    reference: str = ""
    by: str = ""
    kind: ChangeKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """What a command did to one line's reservations, or to the goods under one number.

    ``before`` and ``after`` are what the line had reserved in all. Names of supplies are those of
    their goods: the lot, where there is one, else the document line.
    """

    line: str
    quantity: Decimal
    before: Decimal
    after: Decimal
    from_supplies: tuple[str, ...]
    to_supplies: tuple[str, ...]

    @property
    def is_move(self) -> bool:
        """Whether the line has as much as before, elsewhere."""
        return self.before == self.after and bool(self.from_supplies) and bool(self.to_supplies)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """One command in history, with what it did to whom.

    ``shifts`` are the lines whose reservations changed, that which it was about first. ``fields``
    are what it changed of a line or a number, each with its value before and after. ``undone_by``
    is the moment of the undo that stands, ``undoes`` the command that this one undid.
    """

    moment: int
    at: datetime
    by: str
    verb: str
    reference: str
    reason: str
    request_id: str
    shifts: tuple[Shift, ...] = ()
    fields: tuple[tuple[str, str, str], ...] = ()
    posted: Decimal = ZERO
    numbers: tuple[str, ...] = ()
    hold_until: datetime | None = None
    undone_by: int = 0
    undoes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePage:
    """A page of history, newest first; ``older`` is the cursor of the next page, if any."""

    rows: tuple[ChangeRow, ...]
    older: int | None


@dataclass(slots=True, kw_only=True)
class Facts:
    """The rows that the commands of a page changed, of all their items."""

    entries: list[tuple[str, ReservationEntry, int]] = field(default_factory=list)
    ever: dict[str, list[tuple[ReservationEntry, int]]] = field(default_factory=dict)
    supplies: dict[tuple[str, int], Supply] = field(default_factory=dict)
    versions: dict[str, list[tuple[int, Line]]] = field(default_factory=dict)
    tracked: dict[str, list[tuple[int, int, Decimal]]] = field(default_factory=dict)
    records: list[tuple[int, int, NumberRecord]] = field(default_factory=list)
    posted: list[LedgerEntry] = field(default_factory=list)


def told(row: ChangeRow, facts: Facts) -> ChangeRow:
    """A command with what its rows say."""
    shifts = _shifts(row, facts)
    posted = [entry for entry in facts.posted if entry.moment == row.moment]
    return replace(
        row,
        shifts=tuple(shifts),
        fields=tuple(_fields(row.moment, facts)),
        posted=sum((entry.quantity for entry in posted), ZERO),
        numbers=tuple(dict.fromkeys(_number(entry.numbers) for entry in posted)),
        hold_until=_hold(row.moment, facts),
    )


def _hold(moment: int, facts: Facts) -> datetime | None:
    made = (e.slot.hold_until for _, e, _ in facts.entries if e.since == moment)
    return next((until for until in made if until is not None), None)


def _number(numbers: Numbers) -> str:
    return numbers.lot_no or numbers.serial_no or numbers.package_no


# -- Reservations ------------------------------------------------------------------------------


def _shifts(row: ChangeRow, facts: Facts) -> list[Shift]:
    lines = dict.fromkeys(
        entry.slot.line for _, entry, until in facts.entries if row.moment in (entry.since, until)
    )
    about = row.reference
    ordered = sorted(lines, key=lambda line: (line != about, not line.startswith(f"{about}/")))
    return [shift for line in ordered if (shift := _shift(row.moment, line, facts)) is not None]


def _shift(moment: int, line: str, facts: Facts) -> Shift | None:
    ended = {n: q for n, q in _by_supply(facts, line, moment, begins=False).items() if q}
    made = {n: q for n, q in _by_supply(facts, line, moment, begins=True).items() if q}
    gone = {n: q - made.get(n, ZERO) for n, q in ended.items() if q > made.get(n, ZERO)}
    come = {n: q - ended.get(n, ZERO) for n, q in made.items() if q > ended.get(n, ZERO)}
    ever = facts.ever.get(line, ())
    before, after = _held(ever, moment - 1), _held(ever, moment)
    quantity = max(sum(gone.values(), ZERO), sum(come.values(), ZERO))
    if not quantity:
        quantity = sum(made.values(), ZERO)
    return Shift(
        line=line,
        quantity=quantity,
        before=before,
        after=after,
        from_supplies=tuple(gone),
        to_supplies=tuple(come) or tuple(n for n in made if not gone),
    )


def _by_supply(facts: Facts, line: str, moment: int, *, begins: bool) -> dict[str, Decimal]:
    totals: dict[str, Decimal] = {}
    for item_no, entry, until in facts.entries:
        at = entry.since if begins else until
        if entry.slot.line == line and at == moment:
            name = _name(facts.supplies[item_no, entry.slot.supply_no])
            totals[name] = totals.get(name, ZERO) + entry.quantity
    return totals


def _name(supply: Supply) -> str:
    own = _number(supply.numbers)
    return supply.source or own or supply.name


def _held(ever: Iterable[tuple[ReservationEntry, int]], moment: int) -> Decimal:
    return sum(
        (e.quantity for e, until in ever if e.since <= moment and not 0 < until <= moment), ZERO
    )


# -- Fields ------------------------------------------------------------------------------------

_SHOWN: Mapping[str, str] = {
    "date": "date",
    "quantity_in_unit": "quantity",
    "unit": "unit",
    "status": "status",
    "bin_code": "bin",
    "over_receipt_percentage": "over-receipt percentage",
}


def _fields(moment: int, facts: Facts) -> Iterable[tuple[str, str, str]]:
    for versions in facts.versions.values():
        yield from _line_fields(moment, versions)
    for line, tracked in facts.tracked.items():
        if any(moment in (since, until) for since, until, _ in tracked):
            before, after = _tracked(tracked, moment - 1), _tracked(tracked, moment)
            yield f"tracking {line}", f"{before:f}", f"{after:f}"
    for since, _, record in facts.records:
        if since == moment:
            yield from _record_fields(moment, record, facts)


def _line_fields(
    moment: int, versions: Sequence[tuple[int, Line]]
) -> Iterable[tuple[str, str, str]]:
    at = next((n for n, (since, _) in enumerate(versions) if since == moment), None)
    if at is None or at == 0:
        return
    before, after = versions[at - 1][1], versions[at][1]
    for name, shown in _SHOWN.items():
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            yield shown, _text(was), _text(now)
    if before.key.location_code != after.key.location_code:
        yield "location", before.key.location_code, after.key.location_code


def _text(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else str(value or "none")


def _tracked(rows: Iterable[tuple[int, int, Decimal]], moment: int) -> Decimal:
    total = (q for since, until, q in rows if since <= moment and not 0 < until <= moment)
    return sum(total, ZERO)


def _record_fields(
    moment: int, record: NumberRecord, facts: Facts
) -> Iterable[tuple[str, str, str]]:
    was = next(
        (
            old
            for _, until, old in facts.records
            if until == moment and (old.item_no, old.numbers) == (record.item_no, record.numbers)
        ),
        None,
    )
    if was is None:
        return
    number = _number(record.numbers)
    if was.is_blocked != record.is_blocked:
        yield f"blocked {number}", str(was.is_blocked).lower(), str(record.is_blocked).lower()
    if was.expiration_date != record.expiration_date:
        yield f"expires {number}", _text(was.expiration_date), _text(record.expiration_date)
    if was.description != record.description:
        yield f"description {number}", was.description, record.description
