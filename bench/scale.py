"""How much is measured: a look in under a minute, or everything."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The sizes of the workloads, and how often each is measured."""

    runs: int
    items: int = 2_000
    lots: int = 5
    singles: int
    """Calls in one run where each call is one reservation."""
    over_http: int
    """Requests in one run over HTTP."""
    bulk: tuple[tuple[int, int], ...]
    """Lines in one call, and how many such calls are one run."""
    entries: tuple[int, ...]
    serials: tuple[int, ...]
    serials_on_line: int
    holders: int


QUICK = Scale(
    runs=3,
    singles=150,
    over_http=640,
    bulk=((10, 5), (100, 2), (1_000, 1)),
    entries=(10_000,),
    serials=(1_000, 10_000),
    serials_on_line=1_000,
    holders=1_000,
)
FULL = Scale(
    runs=7,
    singles=500,
    over_http=3_200,
    bulk=((10, 30), (100, 5), (1_000, 2)),
    entries=(10_000, 100_000, 1_000_000),
    serials=(1_000, 10_000, 100_000, 1_000_000),
    serials_on_line=30_000,
    holders=10_000,
)
