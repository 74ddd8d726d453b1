"""What *why* answers: all supply counted down, the ways out, and what one of them would do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from earmark.core.commands import Command
from earmark.core.outcome import Move
from earmark.core.quantity import ZERO
from earmark.core.roles import Operation
from earmark.core.tracking import NO_NUMBERS, Numbers
from earmark.core.views import CandidateView, ReservationView


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedDown:
    """One step of *why*: supply that can not serve, by reason, with what it takes away."""

    reason: str
    quantity: Decimal
    left: Decimal
    supplies: tuple[CandidateView, ...]
    holders: tuple[ReservationView, ...] = ()


class WayKind(StrEnum):
    """The sorts of change that can help a line."""

    SHIP_EARLIER = "ship-earlier"
    SPLIT = "split"
    RELEASE = "release"
    ACCEPT = "accept"
    SHIP_LATER = "ship-later"
    BRING = "bring"
    ASK = "ask"
    WAIT = "wait"


NEEDS = {
    WayKind.SHIP_EARLIER: Operation.ENTER,
    WayKind.SHIP_LATER: Operation.ENTER,
    WayKind.SPLIT: Operation.ENTER,
    WayKind.RELEASE: Operation.RATE,
    WayKind.ASK: Operation.TRACK,
}
"""What one must be allowed besides reserving; whose numbers are taken is asked by the core."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOut:
    """A change that would help: what to do, what it gains, who is moved and who decides.

    ``way`` names it for ``take_way_out``; it says all that the change depends on, so that what was
    looked at and is not so any more has no way of that name. ``change`` is the command that makes
    it; where there is none, nothing but the advice can be given. ``supply``, ``numbers`` and
    ``location_code`` are those of the goods it is about.
    """

    what: str
    detail: str
    gains: Decimal
    moved: tuple[str, ...]
    decides: str
    way: str
    kind: WayKind
    then: Decimal
    change: Command | None = None
    supply: str = ""
    numbers: Numbers = NO_NUMBERS
    location_code: str = ""
    holder: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocking:
    """Why a number is blocked, by whom and since when."""

    numbers: Numbers
    why: str
    by: str
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherDemand:
    """Another demand line with something open that what is left over would serve."""

    line: str
    customer: str
    date: date | None
    unreserved: Decimal
    supplies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyView:
    """Why a line is not fully reserved: all supply counted down, then what would change it.

    ``moves`` are those by which ``can_be_reserved`` is reached. ``left_over`` is what stays free
    though it keeps too short for this line, and ``useful_to`` are the open lines it would serve.
    """

    line: str
    item_no: str
    needed: Decimal
    reserved: Decimal
    can_be_reserved: Decimal
    missing: Decimal
    total_supply: Decimal
    steps: tuple[CountedDown, ...]
    ways_out: tuple[WayOut, ...]
    moves: tuple[Move, ...] = ()
    blockings: tuple[Blocking, ...] = ()
    left_over: Decimal = ZERO
    useful_to: tuple[OtherDemand, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """So much of a line's reservations stands on this supply."""

    quantity: Decimal
    supply: str
    supply_kind: str
    numbers: Numbers
    days_left: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineEffect:
    """What a way out does to one demand line: what it has reserved before and after, and where."""

    line: str
    customer: str
    date: date | None
    minimum_shelf_life_days: int
    needed: Decimal
    before: Decimal
    after: Decimal
    stood_on: tuple[Standing, ...]
    stands_on: tuple[Standing, ...]
    is_new: bool

    @property
    def lost(self) -> Decimal:
        """What it has reserved no more."""
        return max(self.before - self.after, ZERO)

    @property
    def is_moved(self) -> bool:
        """Whether it keeps what it has and stands elsewhere."""
        return self.before == self.after and _places(self.stood_on) != _places(self.stands_on)


def _places(standing: tuple[Standing, ...]) -> frozenset[tuple[str, Numbers, Decimal]]:
    return frozenset((s.supply, s.numbers, s.quantity) for s in standing)


@dataclass(frozen=True, slots=True, kw_only=True)
class WayTaken:
    """What taking a way out did, or would do: the lines it touches, and the others as they stay.

    ``reserved`` is what the line and its new part have together afterwards.
    """

    line: str
    way: str
    reserved: Decimal
    effects: tuple[LineEffect, ...]
    unchanged: int
    unchanged_reserved: Decimal
    is_preview: bool
    is_repeated: bool = False

    @property
    def moved(self) -> tuple[str, ...]:
        """The lines of others that stand elsewhere now."""
        return tuple(e.line for e in self.effects if e.is_moved and e.line != self.line)

    @property
    def lost(self) -> Decimal:
        """What others have reserved no more."""
        return sum((e.lost for e in self.effects), ZERO)

    @property
    def added(self) -> tuple[str, ...]:
        """The lines that are new."""
        return tuple(e.line for e in self.effects if e.is_new)
