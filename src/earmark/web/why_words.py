"""The words of the page that says why: which goods, whose, and what each would do instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from earmark.core.considering import SupplyRow
from earmark.core.demand_views import DemandRow
from earmark.core.stock import STOCK
from earmark.core.tracking import Numbers
from earmark.core.views import CandidateView, ReservationView
from earmark.core.why_views import CountedDown, LineEffect, Standing, WayKind, WhyView
from earmark.web import bars
from earmark.web.bars import Segment
from earmark.web.words import clock, iso, quantity

FEW = 3
"""Goods or holders that are named before the others are counted."""
NO_BAR = bars.Bar(parts=(), width=0, sentence="")

_LOOKS: dict[str, tuple[Segment, WayKind, str]] = {
    "Expected too late": (Segment.UNUSABLE, WayKind.SHIP_LATER, "Ship later"),
    "Blocked": (Segment.BLOCKED, WayKind.RELEASE, "Ask Quality"),
    "Expired when it is needed": (Segment.UNUSABLE, WayKind.SHIP_EARLIER, "Ship earlier"),
    "Too little shelf life": (Segment.UNUSABLE, WayKind.SHIP_EARLIER, "Ship earlier"),
    "Held specifically": (Segment.SPECIFIC, WayKind.ASK, "Ask"),
    "On hold": (Segment.HOLD, WayKind.WAIT, "Wait"),
    "Order-to-order": (Segment.BOUND, WayKind.ASK, ""),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the count, with its words and the way out that begins here."""

    step: CountedDown
    title: str
    detail: str
    segment: Segment
    href: str
    link: str
    bar: bars.Bar = NO_BAR


def steps_of(
    view: WhyView,
    demand: DemandRow,
    customers: Mapping[str, str],
    hrefs: Mapping[WayKind, str],
) -> list[Step]:
    """The steps from all supply to what can be reserved."""
    steps = []
    for step in view.steps:
        segment, kind, link = _LOOKS.get(step.reason, (Segment.NONSPECIFIC, WayKind.ASK, ""))
        steps.append(
            Step(
                step=step,
                title=_title(step),
                detail=_detail(view, step, demand, customers),
                segment=segment,
                href=hrefs.get(kind, "") if link else "",
                link=link,
            )
        )
    return steps


def _title(step: CountedDown) -> str:
    ends = {h.hold_until for h in step.holders if h.hold_until is not None}
    if step.reason == "On hold" and len(ends) == 1:
        return f"On hold until {clock(ends.pop())}"
    return step.reason


def _detail(
    view: WhyView, step: CountedDown, demand: DemandRow, customers: Mapping[str, str]
) -> str:
    if step.holders:
        return _few([_holding(h, customers) for h in step.holders])
    if step.reason == "Blocked":
        return _few([_blocked(view, s) for s in step.supplies])
    if step.reason == "Expected too late":
        return _few([_late(s, demand) for s in step.supplies])
    required = demand.minimum_shelf_life_days
    words = ". ".join(
        f"{_named(s)} {quantity(s.quantity)}: {s.days_left} days left"
        for s in step.supplies[:FEW]
        if s.days_left is not None
    )
    more = len(step.supplies) - FEW
    rest = f" and {more} more" if more > 0 else ""
    who = " ".join(demand.customer.split()[:2]) or "the line"
    return f"{words}{rest}. {who} requires {required}" if required else f"{words}{rest}"


def _holding(held: ReservationView, customers: Mapping[str, str]) -> str:
    if held.binding:
        return f"{held.supply}, made for {held.demand}"
    who = customers.get(held.demand, "")
    name = _number(held.numbers) if held.supply_kind == STOCK else held.supply
    return f"{name or held.supply}, {held.demand} {who}".strip()


def _blocked(view: WhyView, supply: CandidateView) -> str:
    found = next((b for b in view.blockings if supply.numbers.serves(b.numbers)), None)
    name = _named(supply)
    if found is None:
        return name
    by = f", by {found.by}" if found.by else ""
    since = f" since {found.since:%Y-%m-%d}" if found.since else ""
    return f"{name}{by}{since}{': ' + found.why if found.why else ''}"


def _late(supply: CandidateView, demand: DemandRow) -> str:
    if supply.date is None or demand.date is None:
        return supply.supply
    late = (supply.date - demand.date).days
    return f"{supply.supply} on {iso(supply.date)}, {late} days after shipment"


def _few(words: Sequence[str]) -> str:
    more = len(words) - FEW
    return "; ".join(words[:FEW]) + (f" and {more} more" if more > 0 else "")


def _named(supply: CandidateView) -> str:
    return _number(supply.numbers) if supply.supply_kind == STOCK else supply.supply


def _number(numbers: Numbers) -> str:
    return numbers.serial_no or numbers.lot_no or numbers.package_no


def all_supply(rows: Sequence[SupplyRow]) -> str:
    """What there is, in a few words: ``4 lots in stock 324, PO1208/1 144``."""
    stock = [row for row in rows if row.kind == STOCK]
    words = []
    if stock:
        lots = all(row.numbers.lot_no and not row.numbers.serial_no for row in stock)
        counted = f"{len(stock)} {'lot' if lots else 'number'}{'' if len(stock) == 1 else 's'}"
        words.append(f"{counted} in stock {quantity(sum(row.quantity for row in stock))}")
    lines = [f"{row.supply} {quantity(row.quantity)}" for row in rows if row.kind != STOCK]
    more = len(lines) - FEW
    return ", ".join(words + lines[:FEW]) + (f" and {more} more lines" if more > 0 else "")


def by_moving(view: WhyView) -> str:
    """How what can be reserved is reached: what is free, and who would move where."""
    moved = sum((move.quantity for move in view.moves), start=view.reserved - view.reserved)
    free = view.can_be_reserved - view.reserved - moved
    parts = [f"{quantity(view.reserved)} reserved already"] if view.reserved else []
    parts.append(f"{quantity(free)} free")
    if view.moves:
        goes = _few([f"{m.line} to {_number(m.to_numbers) or m.to_supply}" for m in view.moves])
        parts.append(f"{quantity(moved)} by moving {goes}")
    return ", and ".join(parts)


def effect_words(effect: LineEffect) -> tuple[str, str]:
    """Where a line stands afterwards; of one that moves, from where to where, and how it keeps."""
    if effect.is_moved:
        gone = [s for s in effect.stood_on if s not in effect.stands_on]
        come = [s for s in effect.stands_on if s not in effect.stood_on]
        words = f"{_places(gone)} → {_places(come)}"
        left = [s.days_left for s in come if s.days_left is not None]
        if not left:
            return words, ""
        required = effect.minimum_shelf_life_days
        asked = f", {required} required" if required else ""
        return words, f"{min(left)} days left on arrival{asked}"
    return ", ".join(f"{_place(s)} {quantity(s.quantity)}" for s in effect.stands_on), ""


def _places(standing: Sequence[Standing]) -> str:
    return ", ".join(_place(s) for s in standing)


def _place(standing: Standing) -> str:
    number = _number(standing.numbers)
    if standing.supply_kind == STOCK:
        return number or standing.supply
    return f"{standing.supply} {number}".strip()
