"""The table for people, and the same as JSON for programs."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.measuring import Measured


def show(console: Console, results: Sequence[Measured]) -> None:
    """Print one row for each workload, size and database."""
    table = Table(title="Earmark beside its floor: medians, and the least and most of the runs")
    for name in ("workload", "size", "database"):
        table.add_column(name)
    for name in ("earmark", "a second", "floor", "ratio", "target", "met"):
        table.add_column(name, justify="right")
    for result in results:
        table.add_row(*_row(result, results))
    console.print(table)


def _row(result: Measured, results: Sequence[Measured]) -> tuple[str, ...]:
    ratio = ""
    if result.ratio is not None:
        ratio = f"{result.ratio:.2f} ({min(result.ratios):.2f}-{max(result.ratios):.2f})"
    met = result.is_met(_smallest(result, results))
    return (
        result.workload,
        result.size,
        result.database,
        _milliseconds(result.ours),
        f"{1000 / result.milliseconds:,.0f}",
        _milliseconds(result.floor),
        ratio,
        str(result.target),
        "[green]yes[/]" if met else "[red]no[/]",
    )


def _milliseconds(seconds: Sequence[float]) -> str:
    if not seconds:
        return ""
    ordered = sorted(seconds)
    middle, least, most = (1000 * s for s in (ordered[len(ordered) // 2], ordered[0], ordered[-1]))
    return f"{middle:.3g} ms ({least:.3g}-{most:.3g})"


def _smallest(result: Measured, results: Sequence[Measured]) -> float:
    """The time of the same workload on the same database at its smallest size."""
    return next(
        r.milliseconds
        for r in results
        if (r.workload, r.database) == (result.workload, result.database)
    )


def write(path: Path, results: Sequence[Measured]) -> None:
    """Write every run of every measurement."""
    rows = [
        {
            **asdict(result),
            "ratio": result.ratio,
            "is_met": result.is_met(_smallest(result, results)),
        }
        for result in results
    ]
    machine = {
        "python": platform.python_version(),
        "system": platform.platform(),
        "processors": os.cpu_count(),
    }
    path.write_text(json.dumps({"machine": machine, "measured": rows}, indent=2) + "\n")
