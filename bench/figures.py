"""W5: what is available of each of an item's 20 lots, and the Reservation window."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import earmark
from bench import floor, stocking
from bench.measuring import Measured, Target, measured
from bench.places import Place, Places
from bench.scale import Scale
from bench.stocking import LOCATION, DemandLine, Unit

LOTS = 20
ITEMS = 500
READINGS = 20
UNITS = 1_000


def measure(places: Places, scale: Scale) -> Iterator[Measured]:
    """W5 with every number of ledger entries."""
    for entries in scale.entries:
        with places() as place:
            lines = _set_up(place, entries)
            if entries == min(scale.entries):
                assert not earmark.verify(place.database), "the filled stock is not sound"
            yield _reading(place, scale, entries, lines, "W5 Reservation window", earmark.window)
            yield _reading(place, scale, entries, lines, "W5 each lot", earmark.candidates)


def _set_up(place: Place, entries: int) -> list[DemandLine]:
    """Items of 20 open lots each, and one line for every item."""
    items = [f"I{n:05}" for n in range(ITEMS)]
    each = entries // (ITEMS * LOTS)
    stocking.stock_items(place.driver, ((no, "LOT", each * LOTS) for no in items))
    stocking.put_units(
        place.driver,
        (
            Unit(no, 1 + n * each, UNITS, lot_no=f"L{n:02}", entries=each)
            for no in items
            for n in range(LOTS)
        ),
    )
    lines = [DemandLine(item_no=no, line=f"A{no}/1", quantity=2) for no in items]
    stocking.enter_lines(place.driver, lines)
    stocking.hold_nonspecifically(place.driver, ((line, 1) for line in lines))
    return lines


def _reading(  # noqa: PLR0913, PLR0917 - names what is measured
    place: Place,
    scale: Scale,
    entries: int,
    lines: list[DemandLine],
    workload: str,
    reading: Callable[[earmark.Database, str], object],
) -> Measured:
    def own(run: int) -> None:
        for line in lines[run * READINGS : (run + 1) * READINGS]:
            reading(place.database, line.line)

    def least(run: int) -> None:
        for line in lines[run * READINGS : (run + 1) * READINGS]:
            assert len(floor.available(place.driver, line.item_no, LOCATION)) == LOTS

    return measured(
        workload,
        place,
        f"{entries:,} ledger entries",
        runs=scale.runs,
        count=READINGS,
        target=Target(milliseconds=3, growth=2),
        ours=own,
        floor=least,
    )
