"""Taking turns: ours and floor run alternately, so that the machine's moods meet both."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from bench.places import Place

Run = Callable[[int], None]
"""One run of a workload; its argument is the number of the run, from zero."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a workload must reach; what is ``None`` is not asked for."""

    ratio: float | None = None
    milliseconds: float | None = None
    growth: float | None = None

    def __str__(self) -> str:
        """The target in a few characters."""
        parts = []
        if self.ratio is not None:
            parts.append(f">= {self.ratio:g} x floor")
        if self.milliseconds is not None:
            parts.append(f"<= {self.milliseconds:g} ms")
        if self.growth is not None:
            parts.append(f"<= {self.growth:g} x smallest")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Seconds for one operation, run by run; ``count`` operations were one run."""

    workload: str
    database: str
    size: str
    count: int
    target: Target
    ours: tuple[float, ...]
    floor: tuple[float, ...]

    @property
    def milliseconds(self) -> float:
        """The ours's time for one operation, the median of the runs."""
        return median(self.ours) * 1000

    @property
    def ratios(self) -> list[float]:
        """The ours's speed as a part of the floor's, run by run."""
        return [floor / own for own, floor in zip(self.ours, self.floor, strict=False)]

    @property
    def ratio(self) -> float | None:
        """The median of the ratios; none where the work has no floor."""
        return median(self.ratios) if self.floor else None

    def is_met(self, smallest: float) -> bool:
        """Whether the target is reached; ``smallest`` is the time at the smallest size, in ms."""
        target = self.target
        return (
            (target.ratio is None or (self.ratio is not None and self.ratio >= target.ratio))
            and (target.milliseconds is None or self.milliseconds <= target.milliseconds)
            and (target.growth is None or self.milliseconds <= target.growth * smallest)
        )


def take_turns(
    place: Place, runs: int, ours: Run, floor: Run | None
) -> tuple[list[float], list[float]]:
    """Seconds of each run of the ours and of the floor; who begins changes with every turn.

    A first run of each, run zero, warms caches and prepared statements and is not counted. After
    it the database takes its statistics, as a server does by itself within a minute.
    """
    takes: dict[str, list[float]] = {"ours": [], "floor": []}
    contestants = [("ours", ours), *([("floor", floor)] if floor else [])]
    for turn in range(runs + 1):
        for name, run in contestants if turn % 2 else contestants[::-1]:
            seconds = _seconds(run, turn)
            if turn:
                takes[name].append(seconds)
        if not turn:
            place.driver.take_statistics()
    return takes["ours"], takes["floor"]


def _seconds(run: Run, turn: int) -> float:
    gc.collect()
    start = time.perf_counter()
    run(turn)
    return time.perf_counter() - start


def measured(  # noqa: PLR0913 - what names a measurement, and what is measured
    workload: str,
    place: Place,
    size: str,
    *,
    runs: int,
    count: int,
    target: Target,
    ours: Run,
    floor: Run | None = None,
) -> Measured:
    """Measure ``runs`` runs of ``count`` operations each."""
    own, least = take_turns(place, runs, ours, floor)
    return Measured(
        workload=workload,
        database=place.name,
        size=size,
        count=count,
        target=target,
        ours=_each(own, count),
        floor=_each(least, count),
    )


def _each(seconds: Sequence[float], count: int) -> tuple[float, ...]:
    return tuple(taken / count for taken in seconds)
