"""What the *Item Tracking List* and the *Reservation* window show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from earmark.core.availability import NumberAvailability
from earmark.core.commands import Choice, Reserve
from earmark.core.eligibility import Reason
from earmark.core.outcome import Outcome
from earmark.core.quantity import ZERO
from earmark.core.references import entry_ref
from earmark.core.stock import STOCK
from earmark.core.tracking import NO_NUMBERS, Numbers
from earmark.core.views import CandidateView, TrackingView, WindowRow, WindowView
from earmark.database.engine import Database
from earmark.errors import EarmarkError
from earmark.http.identity import Caller
from earmark.usecases import reading
from earmark.usecases.numbers import availability_of, remarks, rules_of
from earmark.usecases.reservations import reserve
from earmark.usecases.supply_shown import HolderView, holders_on, supply_to_look_at
from earmark.web import bars
from earmark.web.order_page import LineRow, line_row
from earmark.web.previewing import outcome_or_refusal
from earmark.web.words import quantity

PIXELS = 193
LISTED = 500
"""Numbers that a list shows; of more the filter finds one, and *All numbers* takes all."""

NAMED = 4
"""Numbers that a reason names before it counts them."""

KINDS = {
    "stock": "Item Ledger Entry",
    "purchase": "Purchase Line, Order",
    "production": "Production Order Line",
    "supply": "Supply of another system",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """For what a window is open: one number, each of the line's numbers, or any."""

    numbers: Numbers | Choice

    @property
    def query(self) -> str:
        """The same in an address."""
        return urlencode(self.fields())

    def fields(self, supply: str = "") -> dict[str, str]:
        """The same in a form, with the supply it is about."""
        given = {"supply": supply}
        if self.numbers == NO_NUMBERS:
            given["unnamed"] = "yes"
        elif isinstance(self.numbers, Numbers):
            given["serial"] = self.numbers.serial_no
            given["lot"] = self.numbers.lot_no
            given["package"] = self.numbers.package_no
        elif self.numbers is Choice.ALL:
            given["all"] = "yes"
        return {name: value for name, value in given.items() if value}


def asked_for(fields: Mapping[str, str]) -> Asked:
    """What an address or a form asks for: the reverse of ``Asked.fields``."""
    numbers = Numbers(
        serial_no=fields.get("serial", ""),
        lot_no=fields.get("lot", ""),
        package_no=fields.get("package", ""),
    )
    if fields.get("unnamed"):
        return Asked(numbers=NO_NUMBERS)
    return Asked(numbers=numbers or (Choice.ALL if fields.get("all") else Choice.ANY))


# -- The list ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedNumber:
    """One number of the line in the *Item Tracking List*."""

    numbers: Numbers
    expiration_date: date | None
    quantity: Decimal
    reserved: Decimal
    available: Decimal
    nonspecific: Decimal
    found: NumberAvailability

    @property
    def query(self) -> str:
        """Its window's address."""
        return Asked(numbers=self.numbers).query

    @property
    def name(self) -> str:
        """What a tab calls it."""
        return self.numbers.serial_no or self.numbers.lot_no or self.numbers.package_no

    @property
    def bar(self) -> bars.Bar:
        """Who has it."""
        return bars.of_number(self.found, pixels=344)

    @property
    def sentence(self) -> str:
        """How much of it can be had, and what else may be."""
        wanted = self.quantity - self.reserved
        said = f"{quantity(wanted)} wanted, {quantity(self.available)} available to reserve"
        if self.found.reason:
            return f"{said}: {self.found.brief}."
        on_order = [name for name in self.found.supplies if entry_ref(name) is None]
        if on_order and self.available > self.found.in_stock:
            ordered = quantity(self.available - self.found.in_stock)
            there = quantity(self.found.in_stock)
            said += f" ({there} in stock, {ordered} on {', '.join(on_order)})"
        if not self.nonspecific:
            return f"{said}."
        movers = [h for h in self.found.holders if bars.segment_of(h) is bars.Segment.NONSPECIFIC]
        who = ", ".join(dict.fromkeys(h.line for h in movers))
        more = quantity(self.nonspecific)
        return f"{said}. {more} more are held nonspecifically by {who} and may be available."


def listed_numbers(served: Database, line: str) -> list[ListedNumber]:
    """The numbers on a line that make a reservation specific, with what can be had of each."""
    rules = rules_of(served, line)
    if rules is None or not rules.specific:
        return []
    totals: dict[Numbers, Decimal] = {}
    for tracked in reading.tracking_lines(served, line):
        asked = tracked.numbers.only(rules.specific)
        if asked:
            totals[asked] = totals.get(asked, ZERO) + _left(tracked)
    wanted = {numbers: total for numbers, total in totals.items() if total > ZERO}
    return [
        ListedNumber(
            numbers=found.numbers,
            expiration_date=found.expiration_date,
            quantity=wanted[found.numbers],
            reserved=found.own,
            available=found.available,
            nonspecific=found.movable,
            found=found,
        )
        for found in availability_of(served, line, list(wanted))
    ]


def _left(tracked: TrackingView) -> Decimal:
    return tracked.quantity - tracked.handled


# -- The window --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRow:
    """One kind of supply, usable for what is asked for."""

    row: WindowRow
    name: str
    behind: str
    bar: bars.Bar
    earliest: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuledOut:
    """Supply of one kind that can not serve what is asked for, and why."""

    name: str
    behind: str
    total: Decimal
    reserved: Decimal
    nonspecific: Decimal
    why: str
    earliest: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The *Reservation* window, for one number, for all of the line, or for any."""

    row: LineRow
    asked: Asked
    view: WindowView
    kinds: Sequence[KindRow]
    ruled_out: Sequence[RuledOut]
    current: str
    candidates: Sequence[CandidateView]
    holders: Sequence[HolderView]
    numbers: Sequence[ListedNumber]
    preview: Outcome | None
    refusal: EarmarkError | None
    balance: bars.Bar

    @property
    def nonspecific(self) -> Decimal:
        """What others hold nonspecifically of all kinds shown."""
        return sum((kind.row.nonspecific for kind in self.kinds), ZERO)

    @property
    def listed_holders(self) -> Sequence[HolderView]:
        """Who is listed: all of them, or of very many the line itself and the oldest."""
        if len(self.holders) <= LISTED:
            return self.holders
        of = self.row.line.line
        return sorted(self.holders, key=lambda h: h.reservation.demand != of)[:LISTED]

    @property
    def has_serials(self) -> bool:
        """Whether there are serial numbers among what is listed."""
        return any(supply.numbers.serial_no or supply.serials for supply in self.candidates)

    @property
    def any_left(self) -> Decimal:
        """What the line has open beyond its numbers: the tab *Nonspecific*."""
        named = sum((number.quantity for number in self.numbers), ZERO)
        return max(self.row.line.outstanding - named, ZERO)

    def fields(self, supply: str = "") -> dict[str, str]:
        """What the window's actions send: for what it is open, and the current supply."""
        return self.asked.fields(supply)

    def goes_to(self, line: str) -> str:
        """Where *Auto Reserve* would move a holder; empty where it would not."""
        if self.preview is None:
            return ""
        moves = [move for move in self.preview.moves if move.line == line]
        return ", ".join(m.to_numbers.lot_no or m.to_supply for m in moves)


def reservation_window(
    served: Database, asking: Caller, line: str, asked: Asked, current: str
) -> Window:
    """Everything the window shows, at one moment of looking."""
    row = line_row(served, line)
    numbers = asked.numbers if isinstance(asked.numbers, Numbers) else NO_NUMBERS
    view = reading.window(served, line, numbers)
    found = supply_to_look_at(served, line, asked.numbers)
    shown = [kind.supply for kind in view.rows]
    current = current if current in shown else next(iter(shown), "")
    behind = [s for s in found if s.supply_kind == current and not _is_other(s)]
    command = Reserve(line=line, numbers=asked.numbers, preview=True)
    preview, refusal = outcome_or_refusal(reserve, served, asking.signed(command))
    return Window(
        row=row,
        asked=asked,
        view=view,
        kinds=_kinds(view, found),
        ruled_out=_ruled_out(found),
        current=current,
        candidates=behind[:LISTED],
        holders=holders_on(served, line, [s.supply for s in behind[:LISTED]]),
        numbers=listed_numbers(served, line),
        preview=preview,
        refusal=refusal,
        balance=_balance(view, asked),
    )


def _is_other(supply: CandidateView) -> bool:
    """Whether a supply is not of what the window is about: another number, place or variant."""
    other = {Reason.OTHER_NUMBER, Reason.NOT_SPECIFIC, Reason.OTHER_LOCATION, Reason.OTHER_VARIANT}
    return bool(other & set(supply.reasons)) or Reason.TOO_LATE in supply.reasons


def _kinds(view: WindowView, found: Sequence[CandidateView]) -> list[KindRow]:
    scale = max((kind.total for kind in view.rows), default=ZERO)
    rows = []
    for kind in view.rows:
        own = [s for s in found if s.supply_kind == kind.supply and not _is_other(s)]
        dates = [s.date for s in own if s.date is not None and s.supply_kind != STOCK]
        rows.append(
            KindRow(
                row=kind,
                name=KINDS[kind.supply],
                behind=_behind(kind.supply, kind.supplies, kind.count),
                bar=bars.of_kind(own, scale=scale, pixels=PIXELS),
                earliest=min(dates, default=None),
            )
        )
    return rows


def _behind(kind: str, names: Sequence[str], count: int) -> str:
    if kind != STOCK and len(names) == 1:
        return names[0]
    word = ("entry" if count == 1 else "entries") if kind == STOCK else "lines"
    return f"{count} {word}"


def _ruled_out(found: Sequence[CandidateView]) -> list[RuledOut]:
    """What the window does not count, by kind and reason, with what it is."""
    groups: dict[tuple[str, str], list[CandidateView]] = {}
    for supply in found:
        if _is_other(supply):
            groups.setdefault((supply.supply_kind, supply.reasons[0]), []).append(supply)
    return [_one_out(kind, reason, group) for (kind, reason), group in sorted(groups.items())]


_WHY = {
    Reason.OTHER_NUMBER: "Other number",
    Reason.NOT_SPECIFIC: "Number not known yet",
    Reason.OTHER_LOCATION: "Other location",
    Reason.OTHER_VARIANT: "Other variant",
    Reason.TOO_LATE: "Too late",
}


def _one_out(kind: str, reason: str, group: Sequence[CandidateView]) -> RuledOut:
    dates = [s.date for s in group if s.date is not None and kind != STOCK]
    return RuledOut(
        name=KINDS[kind],
        behind=_counted(kind, group),
        total=sum((s.quantity for s in group), ZERO),
        reserved=sum((s.reserved for s in group), ZERO),
        nonspecific=sum((s.movable for s in group), ZERO),
        why=f"{_WHY[Reason(reason)]}: {_what(Reason(reason), group)}",
        earliest=min(dates, default=None),
    )


def _counted(kind: str, group: Sequence[CandidateView]) -> str:
    if kind != STOCK:
        return group[0].supply if len(group) == 1 else f"{len(group)} lines"
    lots = {s.numbers.lot_no for s in group}
    if len(lots) > 1:
        return f"{len(lots)} other lots"
    count = sum(supply.count for supply in group)
    return f"{count} other {'entry' if count == 1 else 'entries'}"


def _what(reason: Reason, group: Sequence[CandidateView]) -> str:
    if reason is Reason.TOO_LATE:
        names = dict.fromkeys(s.brief for s in group)
    elif reason is Reason.OTHER_LOCATION:
        names = dict.fromkeys(f"{s.numbers.lot_no} at {s.location_code}".strip() for s in group)
    else:
        names = dict.fromkeys(
            s.numbers.lot_no or s.numbers.serial_no or s.numbers.package_no or s.supply
            for s in group
        )
    listed = list(names)
    more = f" and {len(listed) - NAMED} more" if len(listed) > NAMED else ""
    return ", ".join(listed[:NAMED]) + more


def _balance(view: WindowView, asked: Asked) -> bars.Bar:
    own = bars.Segment.OURS_ANY if asked.numbers is Choice.ANY else bars.Segment.OURS_SPECIFIC
    return bars.bar(
        [(own, view.reserved), (bars.Segment.OPEN, view.unreserved)],
        scale=view.quantity_to_reserve,
        pixels=314,
    )


def remarks_of(served: Database, window: Window) -> dict[str, str]:
    """What is to be said of each supply of the current kind, by its name."""
    blocked = [s.numbers for s in window.candidates if Reason.BLOCKED in s.reasons]
    known = remarks(served, window.row.line.item_no, blocked) if blocked else {}
    said = {}
    for supply in window.candidates:
        why = supply.brief
        if Reason.BLOCKED in supply.reasons and supply.numbers in known:
            why = f"blocked: {known[supply.numbers]}"
        if not why and supply.date is not None:
            word = "posted" if supply.supply_kind == STOCK else "expected"
            why = f"{word} {supply.date}"
        said[supply.supply] = why
    return said
