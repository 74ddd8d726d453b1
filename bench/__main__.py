"""Runs the benchmarks: ``python -m bench --help``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from rich.console import Console

from bench import figures, lots, over_http, reporting, serials
from bench.measuring import Measured
from bench.places import Places, postgres_place, sqlite_place
from bench.scale import FULL, QUICK, Scale
from tests import postgres

WORKLOADS = ("W1", "W1b", "W5", "W6", "W7", "W9")
DATABASES = ("sqlite", "postgresql")


def main(arguments: Sequence[str]) -> int:
    """Measure what was asked for, print the table, and write the JSON file if one is wanted."""
    options = _parser().parse_args(arguments)
    scale = QUICK if options.quick else FULL
    wanted = frozenset(options.only or WORKLOADS)
    console = Console(width=None if sys.stdout.isatty() else 180)
    results: list[Measured] = []
    for database in options.database or DATABASES:
        for result in _measure(database, scale, wanted):
            results.append(result)
            told = f"{result.database}: {result.workload}, {result.size}"
            print(f"{told}: {result.milliseconds:.3g} ms", file=sys.stderr, flush=True)
    reporting.show(console, results)
    if options.json:
        reporting.write(options.json, results)
    return 0


def _measure(database: str, scale: Scale, wanted: frozenset[str]) -> Iterator[Measured]:
    if database == "sqlite":
        yield from _all(sqlite_place, scale, wanted)
        return
    server = postgres.start(fsync=True)
    try:
        yield from _all(partial(postgres_place, server), scale, wanted)
    finally:
        server.stop()


def _all(places: Places, scale: Scale, wanted: frozenset[str]) -> Iterator[Measured]:
    if wanted & {"W1", "W1b", "W6"}:
        yield from lots.measure(places, scale, wanted)
    if "W5" in wanted:
        yield from figures.measure(places, scale)
    if "W7" in wanted:
        yield from serials.measure(places, scale)
    if "W9" in wanted:
        yield from over_http.measure(places, scale)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, under a minute")
    parser.add_argument("--only", action="append", choices=WORKLOADS, help="this workload alone")
    parser.add_argument("--database", action="append", choices=DATABASES, help="this one alone")
    parser.add_argument("--json", type=Path, help="write every run to this file")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
