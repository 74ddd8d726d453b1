"""Every supply considered for a line, as rows of a table: usable ones first, none left out.

Units of one lot that are in one place and have the same obstacle, or none, are one row, however
many ledger entries or serial numbers they are. Figures are sums of what the core says of each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from earmark.core.eligibility import Reason
from earmark.core.quantity import ZERO
from earmark.core.stock import STOCK
from earmark.core.tracking import Numbers
from earmark.core.views import CandidateView, Holding
from earmark.web import bars
from earmark.web.words import clock, iso, quantity, serials_in_words

NAMED = 2
"""Holders that a remark names before it counts them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyRow:
    """One row: what it is, how long it keeps, who has it, what can be had and why not more."""

    key: str
    name: str
    lot_no: str
    expiration_date: date | None
    days_left: int | None
    is_too_old: bool
    quantity: Decimal
    available: Decimal
    is_usable: bool
    reason: str
    bar: bars.Bar
    holders: tuple[Holding, ...]


def supply_rows(
    found: Sequence[CandidateView],
    location_code: str,
    remarks: Mapping[Numbers, str],
    *,
    pixels: int,
) -> list[SupplyRow]:
    """The rows of what was considered for a line that takes from ``location_code``."""
    groups: dict[tuple[object, ...], list[CandidateView]] = {}
    for supply in found:
        groups.setdefault(_same_row(supply), []).append(supply)
    scale = max((sum((s.quantity for s in g), ZERO) for g in groups.values()), default=ZERO)
    rows = [_row(group, location_code, remarks, scale, pixels) for group in groups.values()]
    return sorted(rows, key=lambda row: not row.is_usable)


def _same_row(supply: CandidateView) -> tuple[object, ...]:
    source = "" if supply.supply_kind == STOCK else supply.supply
    obstacle = [reason for reason in supply.reasons if reason != Reason.RESERVED]
    lot_no, expires = supply.numbers.lot_no, supply.expiration_date
    return (supply.supply_kind, source, supply.location_code, lot_no, expires, *obstacle)


def _row(
    group: Sequence[CandidateView],
    location_code: str,
    remarks: Mapping[Numbers, str],
    scale: Decimal,
    pixels: int,
) -> SupplyRow:
    first = group[0]
    available = sum((supply.available for supply in group), ZERO)
    movable = sum((s.movable for s in group if not _obstacle(s)), ZERO)
    holders = _together(holder for supply in group for holder in supply.holders)
    return SupplyRow(
        key=" ".join(map(str, _same_row(first))),
        name=_name(first, location_code),
        lot_no=first.numbers.lot_no,
        expiration_date=first.expiration_date,
        days_left=first.days_left,
        is_too_old=bool({Reason.SHELF_LIFE, Reason.EXPIRED} & set(first.reasons)),
        quantity=sum((supply.quantity for supply in group), ZERO),
        available=available,
        is_usable=not _obstacle(first) and (available + movable > ZERO or _is_own(holders)),
        reason=_reason(first, movable, holders, remarks),
        bar=bars.of_supplies(group, scale=scale, pixels=pixels),
        holders=holders,
    )


def _obstacle(supply: CandidateView) -> str:
    return next((reason for reason in supply.reasons if reason != Reason.RESERVED), "")


def _is_own(holders: Iterable[Holding]) -> bool:
    return any(holder.is_own for holder in holders)


def _together(holders: Iterable[Holding]) -> tuple[Holding, ...]:
    """What one line holds of several supplies in the same way, as one."""
    totals: dict[tuple[object, ...], Holding] = {}
    for holder in holders:
        key = (holder.line, holder.is_specific, holder.binding, holder.hold_until)
        known = totals.get(key)
        totals[key] = holder.with_quantity(holder.quantity + (known.quantity if known else ZERO))
    return tuple(totals.values())


def _name(supply: CandidateView, location_code: str) -> str:
    number = supply.numbers.lot_no or supply.numbers.package_no or supply.numbers.serial_no
    parts = [] if supply.supply_kind == STOCK else [supply.supply]
    serials = serials_in_words(supply.serials) if supply.serials else ""
    parts.append(number or serials or ("" if parts else "without number"))
    if supply.location_code != location_code:
        parts.append(supply.location_code or "no location")
    return " ".join(part for part in parts if part)


def _reason(
    supply: CandidateView,
    movable: Decimal,
    holders: Sequence[Holding],
    remarks: Mapping[Numbers, str],
) -> str:
    """What keeps it away, or what else is to be known: when it comes, who could move."""
    if _obstacle(supply):
        said = remarks.get(supply.numbers, "") if Reason.BLOCKED in supply.reasons else ""
        return f"Blocked: {said}" if said else supply.brief
    own = [holder for holder in holders if holder.is_own]
    parts = [f"{quantity(sum((h.quantity for h in own), ZERO))} for this line"] if own else []
    if supply.supply_kind != STOCK and supply.date is not None:
        parts.append(f"expected {iso(supply.date)}")
    if movable > ZERO:
        movers = [h.line for h in holders if bars.segment_of(h) is bars.Segment.NONSPECIFIC]
        who = f"{movers[0]} moves" if len(movers) == 1 else f"{len(movers)} holders move"
        parts.append(f"{quantity(movable)} more if {who}")
    elif not parts and supply.reasons:
        parts.append(_held_by(holders))
    return "; ".join(parts)


def _held_by(holders: Sequence[Holding]) -> str:
    ends = [h.hold_until for h in holders if h.hold_until is not None]
    lines = list(dict.fromkeys(h.line for h in holders))
    names = ", ".join(lines[:NAMED])
    more = f" and {len(lines) - NAMED} others" if len(lines) > NAMED else ""
    until = f", on hold until {clock(ends[0])}" if ends else ""
    return f"held by {names}{more}{until}"
