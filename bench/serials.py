"""W7: an item with very many open serial numbers."""

from __future__ import annotations

from collections.abc import Iterator

import earmark
from bench import floor, stocking
from bench.measuring import Measured, Target, measured
from bench.places import Place, Places
from bench.scale import Scale
from bench.stocking import DemandLine, Unit

ITEM = "I1"
SINGLES = 20
MANY_CALLS = 3
"""Runs of the reservation of very many serial numbers, the first of which is not counted."""


def measure(places: Places, scale: Scale) -> Iterator[Measured]:
    """W7 with every number of serial numbers, and its two special cases."""
    for size in scale.serials:
        with places() as place:
            _set_up(place, size)
            yield _one_serial(place, scale, size)
            yield _any_serial(place, scale, size)
    with places() as place:
        _set_up(place, scale.serials_on_line * MANY_CALLS)
        yield _many_serials(place, scale)
        assert not earmark.verify(place.database), "the measured stock is not sound"
    with places() as place:
        _set_up(place, 2 * scale.holders)
        yield _held_serial(place, scale)
        assert not earmark.verify(place.database), "the measured stock is not sound"


def _set_up(place: Place, size: int) -> None:
    stocking.stock_items(place.driver, [(ITEM, "SERIAL", size)])
    units = (Unit(ITEM, n, 1, serial_no=_serial(n)) for n in range(1, size + 1))
    stocking.put_units(place.driver, units)
    floor.set_up(place.driver, ((ITEM, _serial(n), 1) for n in range(1, size + 1)))


def _serial(no: int) -> str:
    return f"S{no:07}"


def _one_serial(place: Place, scale: Scale, size: int) -> Measured:
    """Serial numbers from all over the item, each named on a line of its own."""
    count = SINGLES * (scale.runs + 1)
    chosen = [_serial(1 + n * (size // 2) // count) for n in range(count)]
    lines = [
        DemandLine(item_no=ITEM, line=f"A{no}/1", quantity=1, serial_nos=(no,)) for no in chosen
    ]
    stocking.enter_lines(place.driver, lines)

    def own(run: int) -> None:
        for line in lines[run * SINGLES : (run + 1) * SINGLES]:
            assert earmark.reserve(place.database, _reserve(line)).reserved == 1

    def least(run: int) -> None:
        for line in lines[run * SINGLES : (run + 1) * SINGLES]:
            floor.reserve(place.driver, floor.Wanted(line.line, ITEM, line.serial_nos[0]))

    return measured(
        "W7 reserve a serial",
        place,
        f"{size:,} open",
        runs=scale.runs,
        count=SINGLES,
        target=Target(growth=2),
        ours=own,
        floor=least,
    )


def _any_serial(place: Place, scale: Scale, size: int) -> Measured:
    """Auto Reserve of one unit: the first of very many in picking order."""
    count = SINGLES * (scale.runs + 1)
    lines = [DemandLine(item_no=ITEM, line=f"B{n}/1", quantity=1) for n in range(count)]
    stocking.enter_lines(place.driver, lines)

    def own(run: int) -> None:
        for line in lines[run * SINGLES : (run + 1) * SINGLES]:
            assert earmark.reserve(place.database, earmark.Reserve(line=line.line)).reserved == 1

    return measured(
        "W7 reserve any unit",
        place,
        f"{size:,} open",
        runs=scale.runs,
        count=SINGLES,
        target=Target(growth=2),
        ours=own,
    )


def _many_serials(place: Place, scale: Scale) -> Measured:
    """One line with very many serial numbers, all reserved by one call."""
    size = scale.serials_on_line
    lines = [
        DemandLine(
            item_no=ITEM,
            line=f"A{n}/1",
            quantity=size,
            serial_nos=tuple(_serial(n * size + i) for i in range(1, size + 1)),
        )
        for n in range(MANY_CALLS)
    ]
    stocking.enter_lines(place.driver, lines)

    def own(run: int) -> None:
        command = earmark.Reserve(line=lines[run].line, numbers=earmark.Choice.ALL)
        assert earmark.reserve(place.database, command).reserved == size

    def least(run: int) -> None:
        line = lines[run]
        wanted = [floor.Wanted(line.line, ITEM, no) for no in line.serial_nos]
        floor.reserve_each(place.driver, wanted)

    return measured(
        "W7 serials for one line",
        place,
        f"{size:,} serials",
        runs=MANY_CALLS - 1,
        count=1,
        target=Target(milliseconds=3_000),
        ours=own,
        floor=least,
    )


def _held_serial(place: Place, scale: Scale) -> Measured:
    """Serial numbers asked for by name, while each unit up to the last holder's is held."""
    holders = [
        DemandLine(item_no=ITEM, line=f"H{n}/1", quantity=1) for n in range(1, scale.holders + 1)
    ]
    step = scale.holders // (SINGLES * (scale.runs + 1))
    lines = [
        DemandLine(
            item_no=ITEM, line=f"A{n}/1", quantity=1, serial_nos=(_serial(1 + n * max(step, 1)),)
        )
        for n in range(SINGLES * (scale.runs + 1))
    ]
    stocking.enter_lines(place.driver, [*holders, *lines])
    held = ((line, n) for n, line in enumerate(holders, 1))
    stocking.hold_nonspecifically(place.driver, held)

    def own(run: int) -> None:
        for line in lines[run * SINGLES : (run + 1) * SINGLES]:
            outcome = earmark.reserve(place.database, _reserve(line))
            assert outcome.reserved == 1
            assert len(outcome.moved) == 1

    return measured(
        "W7 reserve a held serial",
        place,
        f"{scale.holders:,} nonspecific holders",
        runs=scale.runs,
        count=SINGLES,
        target=Target(milliseconds=10),
        ours=own,
    )


def _reserve(line: DemandLine) -> earmark.Reserve:
    numbers = earmark.Numbers(serial_no=line.serial_nos[0])
    return earmark.Reserve(line=line.line, numbers=numbers, by="bench", request_id=line.line)
