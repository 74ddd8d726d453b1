"""Charts as marks to be drawn in SVG: the axis of days they share, and the marks themselves.

Drawn on the server: a chart is in the page's text, prints, and says in words what it shows. The
axis has two scales: days as far as one plans, and months after that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

WIDTH = 1064
LEFT, RIGHT = 115, 1056
"""The first and the last pixel of the days."""

_NEAR = 0.61
"""How much of the width the days take that are drawn one by one."""

_MONTHS = 6
"""How many months are drawn after them."""


@dataclass(frozen=True, slots=True)
class Words:
    """Words at a place: parts, each with a class of its own."""

    x: float
    y: float
    parts: tuple[tuple[str, str], ...]
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, filled by its class or by a pattern of the page."""

    x: float
    y: float
    width: float
    height: float
    name: str
    pattern: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line or an area through points."""

    path: str
    name: str
    pattern: str = ""


def words(x: float, y: float, text: str, name: str = "", anchor: str = "start") -> Words:
    """Words with one class."""
    return Words(round(x, 1), round(y, 1), ((text, name),), anchor)


@dataclass(frozen=True, slots=True)
class Axis:
    """Days from ``start``, one by one until ``split``, then month by month until ``end``."""

    start: date
    split: date
    end: date

    @classmethod
    def of(cls, start: date, weeks: int) -> Axis:
        """An axis with so many weeks day by day."""
        split = start + timedelta(weeks=weeks)
        month = split.month + _MONTHS
        first = date(split.year + month // 12, month % 12 + 1, 1)
        return cls(start, split, first)

    @property
    def bend(self) -> float:
        """Where the months begin."""
        return LEFT + (RIGHT - LEFT) * _NEAR

    def x(self, day: date) -> float:
        """Where a day is; days outside stand at the edge."""
        if day <= self.split:
            share = (day - self.start).days / max((self.split - self.start).days, 1)
            return round(LEFT + max(share, 0) * (self.bend - LEFT), 1)
        share = (day - self.split).days / (self.end - self.split).days
        return round(self.bend + min(share, 1) * (RIGHT - self.bend), 1)

    def holds(self, day: date) -> bool:
        """Whether a day is on the axis."""
        return self.start <= day <= self.end

    def ticks(self) -> Iterator[tuple[date, str]]:
        """The days that are written: the first, Mondays, then the first of each month."""
        yield self.start, f"{self.start:%m-%d}"
        weeks = max((self.split - self.start).days // 28, 1)
        monday = self.start + timedelta(days=(7 - self.start.weekday()) % 7)
        while monday < self.split - timedelta(days=2):
            if (monday - self.start).days > 3 * weeks:
                yield monday, f"{monday:%m-%d}"
            monday += timedelta(weeks=weeks)
        month = (self.split.replace(day=1) + timedelta(days=32)).replace(day=1)
        shown_year = self.start.year
        while month <= self.end:
            new_year = month.year != shown_year
            yield month, f"{month:%Y-%m}" if new_year else f"{month:%m}"
            shown_year = month.year
            month = (month + timedelta(days=32)).replace(day=1)


def stepped(points: Iterable[tuple[float, float]], *, until: float) -> str:
    """A stepped line: each height holds until the next point, the last one to the end."""
    path = ""
    last = None
    for x, y in points:
        path += f"M{x} {y}" if last is None else f"H{x}V{y}"
        last = y
    return f"{path}H{until}" if path else ""


def nice_step(highest: Decimal, lines: int = 4) -> Decimal:
    """A round distance between the lines of a scale, so that there are few of them."""
    if highest <= 0:
        return Decimal(1)
    wanted = highest / lines
    power = Decimal(10) ** wanted.adjusted()
    return next(power * f for f in (1, 2, 5, 10) if power * f >= wanted)


def stagger(places: Iterable[tuple[float, float]], rows: int) -> Iterator[int]:
    """A row for each label, given where it begins and how wide it is: none covers another."""
    ends = [0.0] * rows
    for x, width in places:
        row = next((n for n, end in enumerate(ends) if end <= x), rows - 1)
        ends[row] = x + width
        yield row
