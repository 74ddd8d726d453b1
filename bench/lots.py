"""W1, W1b, W6: reserving and cancelling one lot, one line a call and many lines in one call.

What a call is called with is made before: the call is what is measured, ours and the floor's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product

import earmark
from bench import floor, guarded, stocking
from bench.measuring import Measured, Run, Target, measured
from bench.places import Place, Places
from bench.scale import Scale
from bench.stocking import DemandLine, Unit

UNITS = 100_000
"""In stock of every lot: more than all lines together ask for."""
STRIDE = 7_919
"""A prime, so that consecutive lines are of items far apart."""

IN_ONE_CALL = Target(ratio=0.4)

Batches = Sequence[Sequence[DemandLine]]


def measure(places: Places, scale: Scale, wanted: frozenset[str]) -> Iterator[Measured]:
    """W1, W1b and W6, as far as they are wanted, in one database."""
    with places() as place:
        set_up(place, scale)
        if "W1" in wanted:
            yield _one_by_one(place, scale)
            yield _on_the_tables_alone(place, scale)
        if "W1b" in wanted:
            yield from (_in_one_call(place, scale, size, calls) for size, calls in scale.bulk)
            yield from (
                _many_on_the_tables(place, scale, size, calls) for size, calls in scale.bulk
            )
        if "W6" in wanted:
            yield _cancelled_one_by_one(place, scale)
            yield from (
                _cancelled_in_one_call(place, scale, size, calls) for size, calls in scale.bulk
            )
        assert not earmark.verify(place.database), "the measured stock is not sound"


def set_up(place: Place, scale: Scale) -> None:
    """Items with some lots each, in stock, for us and for the floor."""
    items = [f"I{n:05}" for n in range(scale.items)]
    lots = [f"L{n}" for n in range(1, scale.lots + 1)]
    stocking.stock_items(place.driver, ((no, "LOT", scale.lots) for no in items))
    stocking.put_units(
        place.driver,
        (Unit(no, n, UNITS, lot_no=lot) for no in items for n, lot in enumerate(lots, 1)),
    )
    floor.set_up(place.driver, ((no, lot, UNITS) for no, lot in product(items, lots)))


def _one_by_one(place: Place, scale: Scale) -> Measured:
    return _singles(
        "W1 reserve a lot",
        place,
        scale,
        "A",
        lambda line: earmark.reserve(place.database, _reserve(line)),
        Target(ratio=0.6),
    )


def _on_the_tables_alone(place: Place, scale: Scale) -> Measured:
    return _singles(
        "W1 the tables alone",
        place,
        scale,
        "T",
        lambda line: guarded.reserve(place.driver, _floor_of(line)),
        Target(),
    )


def _singles(  # noqa: PLR0913, PLR0917 - names what is measured
    workload: str,
    place: Place,
    scale: Scale,
    prefix: str,
    reserve: Callable[[DemandLine], object],
    target: Target,
) -> Measured:
    batches = enter(place, scale, prefix, scale.singles, scale.runs + 1)

    def own(run: int) -> None:
        for line in batches[run]:
            reserve(line)

    def least(run: int) -> None:
        for line in batches[run]:
            floor.reserve(place.driver, _floor_of(line))

    return measured(
        workload,
        place,
        f"{scale.items:,} items x {scale.lots} lots",
        runs=scale.runs,
        count=scale.singles,
        target=target,
        ours=own,
        floor=least,
    )


def _in_one_call(place: Place, scale: Scale, size: int, calls: int) -> Measured:
    batches = enter(place, scale, f"B{size}-", size, (scale.runs + 1) * calls)
    requests = [[_reserve(line) for line in batch] for batch in batches]

    def own(run: int) -> None:
        for request in requests[run * calls : (run + 1) * calls]:
            answers = earmark.reserve_each(place.database, request)
            assert all(isinstance(answer, earmark.Outcome) for answer in answers)

    least = _floor_of_calls(place, calls, batches)
    return _of_calls("W1b reserve, per line", place, scale, size, calls, own, least, IN_ONE_CALL)


def _many_on_the_tables(place: Place, scale: Scale, size: int, calls: int) -> Measured:
    batches = enter(place, scale, f"U{size}-", size, (scale.runs + 1) * calls)
    wanted = [[_floor_of(line) for line in batch] for batch in batches]

    def own(run: int) -> None:
        for lines in wanted[run * calls : (run + 1) * calls]:
            guarded.reserve_each(place.driver, lines)

    workload, least = "W1b the tables alone, per line", _floor_of_calls(place, calls, batches)
    return _of_calls(workload, place, scale, size, calls, own, least, Target())


def _floor_of_calls(place: Place, calls: int, batches: Batches) -> Run:
    wanted = [[_floor_of(line) for line in batch] for batch in batches]

    def least(run: int) -> None:
        for lines in wanted[run * calls : (run + 1) * calls]:
            floor.reserve_each(place.driver, lines)

    return least


def _of_calls(  # noqa: PLR0913, PLR0917 - names what is measured
    workload: str,
    place: Place,
    scale: Scale,
    size: int,
    calls: int,
    own: Run,
    least: Run,
    target: Target,
) -> Measured:
    return measured(
        workload,
        place,
        f"{size:,} lines in one call",
        runs=scale.runs,
        count=size * calls,
        target=target,
        ours=own,
        floor=least,
    )


def _cancelled_one_by_one(place: Place, scale: Scale) -> Measured:
    batches = enter(place, scale, "C", scale.singles, scale.runs + 1)
    _reserve_all(place, batches)

    def own(run: int) -> None:
        for line in batches[run]:
            earmark.cancel(place.database, _cancel(line))

    def least(run: int) -> None:
        for line in batches[run]:
            floor.cancel(place.driver, line.line)

    return measured(
        "W6 cancel",
        place,
        f"{scale.items:,} items x {scale.lots} lots",
        runs=scale.runs,
        count=scale.singles,
        target=Target(ratio=0.6),
        ours=own,
        floor=least,
    )


def _cancelled_in_one_call(place: Place, scale: Scale, size: int, calls: int) -> Measured:
    batches = enter(place, scale, f"D{size}-", size, (scale.runs + 1) * calls)
    _reserve_all(place, batches)
    requests = [[_cancel(line) for line in batch] for batch in batches]
    wanted = [[line.line for line in batch] for batch in batches]

    def own(run: int) -> None:
        for request in requests[run * calls : (run + 1) * calls]:
            answers = earmark.cancel_each(place.database, request)
            assert all(isinstance(answer, earmark.Outcome) for answer in answers)

    def least(run: int) -> None:
        for lines in wanted[run * calls : (run + 1) * calls]:
            floor.cancel_each(place.driver, lines)

    return _of_calls("W6 cancel, per line", place, scale, size, calls, own, least, IN_ONE_CALL)


def enter(place: Place, scale: Scale, prefix: str, size: int, batch_count: int) -> Batches:
    """Enter demand lines of one unit each, in batches of ``size``."""
    lines = [
        DemandLine(
            item_no=f"I{n * STRIDE % scale.items:05}",
            line=f"{prefix}{n}/1",
            quantity=1,
            lot_nos=(f"L{n % scale.lots + 1}",),
        )
        for n in range(size * batch_count)
    ]
    stocking.enter_lines(place.driver, lines)
    return [lines[at : at + size] for at in range(0, len(lines), size)]


def _reserve_all(place: Place, batches: Batches) -> None:
    for batch in batches:
        floor.reserve_each(place.driver, [_floor_of(line) for line in batch])
        earmark.reserve_each(place.database, [_reserve(line) for line in batch])


def _reserve(line: DemandLine) -> earmark.Reserve:
    numbers = earmark.Numbers(lot_no=line.lot_nos[0])
    return earmark.Reserve(line=line.line, numbers=numbers, by="bench", request_id=line.line)


def _cancel(line: DemandLine) -> earmark.Cancel:
    return earmark.Cancel(line=line.line, by="bench", request_id=f"-{line.line}")


def _floor_of(line: DemandLine) -> floor.Wanted:
    return floor.Wanted(line.line, line.item_no, line.lot_nos[0])
