"""Bars: who holds how much of a supply and how firmly, or what of a demand is held.

A view model: segments with their place in pixels, and one sentence that says the same. Pattern,
word and number together; colour alone says nothing. All bars of a table share one scale.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from earmark.core.availability import NumberAvailability
from earmark.core.eligibility import Reason
from earmark.core.quantity import ZERO
from earmark.core.views import CandidateView, Holding, LineView, ReservationView
from earmark.web.words import clock, quantity


class Segment(StrEnum):
    """What a part of a bar says; also the name of its class and pattern."""

    SPECIFIC = "specific"
    BOUND = "bound"
    NONSPECIFIC = "nonspecific"
    HOLD = "hold"
    OURS_SPECIFIC = "ours-specific"
    OURS_ANY = "ours-any"
    TAKE = "take"
    TAKE_MOVES = "take-moves"
    FREE = "free"
    BLOCKED = "blocked"
    UNUSABLE = "unusable"
    OPEN = "open"
    SHORT = "short"


PATTERNED = frozenset(Segment) - {
    Segment.SPECIFIC,
    Segment.OURS_SPECIFIC,
    Segment.TAKE,
    Segment.FREE,
    Segment.OPEN,
}
_WORDS = {
    Segment.SPECIFIC: "held specifically",
    Segment.BOUND: "order-to-order",
    Segment.NONSPECIFIC: "held nonspecifically",
    Segment.HOLD: "on hold",
    Segment.OURS_SPECIFIC: "reserved for this line",
    Segment.OURS_ANY: "reserved for this line, any number",
    Segment.TAKE: "you take",
    Segment.TAKE_MOVES: "you take, holder moves",
    Segment.FREE: "free",
    Segment.BLOCKED: "blocked",
    Segment.UNUSABLE: "not usable here",
    Segment.OPEN: "open",
    Segment.SHORT: "short",
}
NARROWEST = 2
"""Pixels of a quantity above zero, however small."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One segment, drawn from ``x`` with ``width`` pixels."""

    segment: Segment
    quantity: Decimal
    x: int
    width: int

    @property
    def fill(self) -> str:
        """Its pattern in the page, or nothing where the style sheet fills it."""
        return f"url(#bar-{self.segment})" if self.segment in PATTERNED else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar ready to be drawn, and the sentence it stands for."""

    parts: tuple[Part, ...]
    width: int
    sentence: str


def bar(
    quantities: Iterable[tuple[Segment, Decimal]],
    *,
    scale: Decimal,
    pixels: int,
    hold_until: datetime | None = None,
) -> Bar:
    """A bar of these segments in their order; ``scale`` is the quantity as wide as ``pixels``."""
    parts: list[Part] = []
    x = 0
    for segment, held in quantities:
        if held > ZERO:
            width = max(round(held * pixels / scale) if scale else 0, NARROWEST)
            parts.append(Part(segment=segment, quantity=held, x=x, width=width))
            x += width
    said = [f"{quantity(p.quantity)} {_word(p.segment, hold_until)}" for p in parts]
    return Bar(parts=tuple(parts), width=x + 1, sentence=", ".join(said) or "nothing")


def _word(segment: Segment, hold_until: datetime | None) -> str:
    if segment is Segment.HOLD and hold_until is not None:
        return f"on hold until {clock(hold_until)}"
    return _WORDS[segment]


def legend(*names: str) -> tuple[tuple[Part, str], ...]:
    """Swatches with their words, for the segments with these names."""
    chosen = [Segment(name) for name in names]
    return tuple((Part(segment=s, quantity=ZERO, x=0, width=18), _WORDS[s]) for s in chosen)


def of_supplies(supplies: Sequence[CandidateView], *, scale: Decimal, pixels: int) -> Bar:
    """Who has what of some supplies that are shown as one: others, this line, nobody."""
    total = sum((supply.quantity for supply in supplies), ZERO)
    if any(Reason.BLOCKED in supply.reasons for supply in supplies):
        return bar([(Segment.BLOCKED, total)], scale=scale, pixels=pixels)
    holders = [holder for supply in supplies for holder in supply.holders]
    held = dict.fromkeys(_IN_ORDER, ZERO)
    for holder in holders:
        held[segment_of(holder)] += holder.quantity
    is_usable = all(set(supply.reasons) <= {Reason.RESERVED} for supply in supplies)
    left = total - sum(held.values(), ZERO)
    ends = [holder.hold_until for holder in holders if holder.hold_until is not None]
    return bar(
        [*held.items(), (Segment.FREE if is_usable else Segment.UNUSABLE, left)],
        scale=scale,
        pixels=pixels,
        hold_until=min(ends, default=None),
    )


def of_number(number: NumberAvailability, *, pixels: int) -> Bar:
    """Who has what of a number, by itself: the bar is all of it."""
    held = dict.fromkeys(_IN_ORDER, ZERO)
    for holder in number.holders:
        held[segment_of(holder)] += holder.quantity
    left = number.total - sum(held.values(), ZERO)
    rest = {"": Segment.FREE, Reason.BLOCKED: Segment.BLOCKED}.get(number.reason, Segment.UNUSABLE)
    ends = [h.hold_until for h in number.holders if h.hold_until is not None]
    segments = [*held.items(), (rest, left)]
    until = min(ends, default=None)
    return bar(segments, scale=number.total, pixels=pixels, hold_until=until)


def of_kind(supplies: Sequence[CandidateView], *, scale: Decimal, pixels: int) -> Bar:
    """Who has what of all supply of one kind; what is blocked or unfit of it stands at the end."""
    held = dict.fromkeys(_IN_ORDER, ZERO)
    left = {Segment.FREE: ZERO, Segment.UNUSABLE: ZERO, Segment.BLOCKED: ZERO}
    ends = []
    for supply in supplies:
        is_blocked = Reason.BLOCKED in supply.reasons
        is_usable = set(supply.reasons) <= {Reason.RESERVED}
        free = supply.quantity - sum((h.quantity for h in supply.holders), ZERO)
        kind = Segment.FREE if is_usable else Segment.BLOCKED if is_blocked else Segment.UNUSABLE
        left[kind] += free
        for holder in supply.holders:
            held[segment_of(holder)] += holder.quantity
            ends += [holder.hold_until] if holder.hold_until is not None else []
    segments = [*held.items(), *left.items()]
    return bar(segments, scale=scale, pixels=pixels, hold_until=min(ends, default=None))


_IN_ORDER = (
    Segment.OURS_SPECIFIC,
    Segment.OURS_ANY,
    Segment.SPECIFIC,
    Segment.BOUND,
    Segment.NONSPECIFIC,
    Segment.HOLD,
)


def segment_of(holding: Holding) -> Segment:
    """How one holder's part is drawn."""
    if holding.is_own:
        return Segment.OURS_SPECIFIC if holding.is_specific else Segment.OURS_ANY
    if holding.binding:
        return Segment.BOUND
    if holding.hold_until is not None:
        return Segment.HOLD
    return Segment.SPECIFIC if holding.is_specific else Segment.NONSPECIFIC


def of_line(line: LineView, *, pixels: int) -> Bar:
    """The balance of a demand line: specific, any, open; a full bar is what it needs."""
    return bar(
        [
            (Segment.OURS_SPECIFIC, line.reserved_specific),
            (Segment.OURS_ANY, line.reserved - line.reserved_specific),
            (Segment.OPEN, line.unreserved),
        ],
        scale=line.outstanding,
        pixels=pixels,
    )


def of_promises(line: LineView, entries: Iterable[ReservationView], *, pixels: int) -> Bar:
    """Who is promised how much of a line that brings stock; a full bar is what it will bring."""
    held = [
        Holding(
            line=entry.demand,
            quantity=entry.quantity,
            is_own=False,
            is_specific=entry.is_specific,
            binding=entry.binding,
            hold_until=entry.hold_until,
        )
        for entry in entries
    ]
    parts = [
        (segment, sum((h.quantity for h in held if segment_of(h) is segment), ZERO))
        for segment in (Segment.SPECIFIC, Segment.BOUND, Segment.NONSPECIFIC, Segment.HOLD)
    ]
    return bar([*parts, (Segment.FREE, line.unreserved)], scale=line.outstanding, pixels=pixels)


def of_lines(lines: Iterable[LineView], *, pixels: int) -> Bar:
    """The balance of an order, counted in lines: their units differ, so quantities do not add."""
    shares = [(x.reserved_specific, x.reserved, x.outstanding) for x in lines if x.outstanding]
    specific = sum((part / needed for part, _, needed in shares), ZERO)
    held = sum((reserved / needed for _, reserved, needed in shares), ZERO)
    drawn = bar(
        [
            (Segment.OURS_SPECIFIC, specific),
            (Segment.OURS_ANY, held - specific),
            (Segment.OPEN, len(shares) - held),
        ],
        scale=Decimal(len(shares)),
        pixels=pixels,
    )
    full = sum(1 for _, reserved, needed in shares if reserved >= needed)
    return replace(drawn, sentence=f"{full} of {len(shares)} lines reserved in full")
