"""The time line of an item: supply that may be used and demand, cumulated, on one axis of days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from earmark.core.overview import ItemOverview, OpenDemand, Shortage, TimeStep
from earmark.core.quantity import ZERO
from earmark.core.references import document_in
from earmark.web import charts
from earmark.web.charts import LEFT, RIGHT, Axis, Box, Stroke, Words, words
from earmark.web.words import iso, quantity

TOP, BASE = 24, 272
"""Where the highest line and nought are."""

CLOSE = 24
"""How near two lines must be for the name of the lower one to stand below it."""

DUE_ROWS, DUE_ROW, DUE_FIRST = 3, 16, 290
HEIGHT = DUE_FIRST + DUE_ROWS * DUE_ROW + 4


@dataclass(slots=True)
class TimeChart:
    """The marks of the time line, in the order in which they are drawn, and what it says."""

    axis: Axis
    weeks: int
    grid: list[Stroke] = field(default_factory=list)
    areas: list[Stroke] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    lines: list[Stroke] = field(default_factory=list)
    rings: list[tuple[float, float]] = field(default_factory=list)
    labels: list[Words] = field(default_factory=list)
    days: list[tuple[float, str]] = field(default_factory=list)
    """Where something is due, and how it stands: these lines go on through the ribbons."""
    sentence: str = ""
    height: int = HEIGHT


def time_chart(seen: ItemOverview, weeks: int) -> TimeChart:
    """Draw the time line with so many weeks day by day."""
    axis = Axis.of(seen.work_date, weeks)
    steps = [step for step in seen.steps if step.on <= axis.end]
    chart = TimeChart(axis, weeks)
    scale = _Scale.of(steps)
    _grid(chart, scale)
    _series(chart, scale, steps)
    for shortage in seen.shortages:
        _shortage(chart, scale, shortage, steps)
    _labels(chart, scale, steps)
    unserved = [d for d in seen.open_demands if d.missing > ZERO]
    for demand in unserved:
        _unserved(chart, scale, demand, steps)
    _due(chart, seen, steps)
    chart.sentence = _sentence(seen, steps)
    return chart


@dataclass(frozen=True, slots=True)
class _Scale:
    highest: Decimal
    step: Decimal

    @classmethod
    def of(cls, steps: Iterable[TimeStep]) -> _Scale:
        highest = max((max(s.supply, s.demand) for s in steps), default=ZERO)
        step = charts.nice_step(highest)
        return cls(max(highest * Decimal("1.04"), step), step)

    def y(self, value: Decimal) -> float:
        return round(BASE - float(value / self.highest) * (BASE - TOP), 1)


def _grid(chart: TimeChart, scale: _Scale) -> None:
    axis = chart.axis
    chart.boxes.append(Box(axis.bend, 0, RIGHT - axis.bend, BASE, "later"))
    line = ZERO
    while line <= scale.highest:
        y = scale.y(line)
        chart.grid.append(Stroke(f"M{LEFT} {y}H{RIGHT}", "grid"))
        chart.labels.append(words(LEFT - 8, y + 4, quantity(line), "tick", "end"))
        line += scale.step
    for day, _ in axis.ticks():
        chart.grid.append(Stroke(f"M{axis.x(day)} 0V{BASE}", "grid"))


def _series(chart: TimeChart, scale: _Scale, steps: Sequence[TimeStep]) -> None:
    axis = chart.axis
    x = [axis.x(step.on) for step in steps]
    reserved = list(zip(x, (scale.y(s.reserved) for s in steps), strict=True))
    area = charts.stepped(reserved, until=RIGHT)
    chart.areas.append(Stroke(f"{area}V{BASE}H{LEFT}Z", "reserved-area"))
    for name in ("demand", "supply"):
        heights = (scale.y(getattr(step, name)) for step in steps)
        path = charts.stepped(zip(x, heights, strict=True), until=RIGHT)
        chart.lines.append(Stroke(path, f"{name}-line"))


def _at(steps: Sequence[TimeStep], day: date) -> TimeStep:
    return [step for step in steps if step.on <= day][-1]


def _shortage(
    chart: TimeChart, scale: _Scale, shortage: Shortage, steps: Sequence[TimeStep]
) -> None:
    axis = chart.axis
    if shortage.since > axis.end:
        return
    until = min(shortage.until or axis.end, axis.end)
    inside = [step for step in steps if shortage.since <= step.on < until]
    for step, following in zip(inside, [*(s.on for s in inside[1:]), until], strict=True):
        top, bottom = scale.y(step.demand), scale.y(step.supply)
        x, width = axis.x(step.on), axis.x(following) - axis.x(step.on)
        if bottom > top:
            chart.boxes.append(Box(x, top, width, round(bottom - top, 1), "lacking", "short"))
    days = f", {shortage.days} days" if shortage.days else ""
    said = f"{quantity(shortage.quantity)} short{days}"
    y = scale.y(_at(steps, shortage.since).demand) - 8
    right = axis.x(until)
    anchor = "end" if right > LEFT + 120 else "start"
    chart.labels.append(words(right if anchor == "end" else LEFT, y, said, "bad strong", anchor))


def _labels(chart: TimeChart, scale: _Scale, steps: Sequence[TimeStep]) -> None:
    axis = chart.axis
    for step in steps[1:]:
        x, y = axis.x(step.on), scale.y(step.supply)
        if step.arrived and step.on <= axis.split:
            name = document_in(step.arrived[0][0])
            more = f" and {len(step.arrived) - 1} more" if len(step.arrived) > 1 else ""
            came = quantity(sum((q for _, q in step.arrived), ZERO))
            chart.labels.append(words(x - 6, y - 6, f"{name}{more} +{came}", "tick", "end"))
        elif step.gone and step.on > axis.split:
            chart.labels.append(words(x + 7, y - 6, quantity(step.supply), "tick strong-tick"))
    x = axis.bend + 8
    last = _at(steps, axis.split)
    gap = scale.y(last.demand) - scale.y(last.supply)
    supply_y = scale.y(_near_label(steps, axis)) - 8
    chart.labels.append(words(x, supply_y, "Supply that may be used", "strong"))
    below = 0 <= gap < CLOSE
    demand_y = scale.y(last.demand) + 16 if below else scale.y(last.demand) - 6
    chart.labels.append(words(x, demand_y, "Demand", "ours strong"))
    said = f"of it reserved {quantity(last.reserved)}"
    chart.labels.append(words(x, scale.y(last.reserved) - 7, said, "tick"))


def _near_label(steps: Sequence[TimeStep], axis: Axis) -> Decimal:
    """The highest the supply is where its name is written."""
    until = next((s.on for s in steps if axis.x(s.on) > axis.bend + 150), axis.end)
    return max(s.supply for s in steps if s.on < until)


def _unserved(
    chart: TimeChart, scale: _Scale, demand: OpenDemand, steps: Sequence[TimeStep]
) -> None:
    axis = chart.axis
    day = max(demand.needed_on or axis.start, axis.start)
    if not axis.holds(day):
        return
    x, y = axis.x(day), scale.y(_at(steps, day).demand)
    chart.rings.append((x, y))
    needs = f"{demand.line} needs {quantity(demand.outstanding)}: "
    able = f"only {quantity(demand.possible)} are good enough"
    rest = f"on arrival, {quantity(demand.missing)} missing"
    left = x < axis.bend + 80
    for at, said in ((18, needs + able), (32, rest)):
        place = x + 9 if left else x - 9
        chart.labels.append(words(place, y + at, said, "bad strong", "start" if left else "end"))


def _due(chart: TimeChart, seen: ItemOverview, steps: Sequence[TimeStep]) -> None:
    axis = chart.axis
    missing = {d.line for d in seen.open_demands if d.missing > ZERO}
    still_open = {d.line for d in seen.open_demands}
    dues = [(s.on, line, q) for s in steps for line, q in s.due if axis.holds(s.on)]
    texts = [(axis.x(on) + 5, 7.0 * len(f"{line} {quantity(q)}") + 6) for on, line, q in dues]
    chart.labels.append(words(LEFT - 8, DUE_FIRST, "Due", "tick strong-tick", "end"))
    for (on, line, q), (x, _), row in zip(
        dues, texts, charts.stagger(texts, DUE_ROWS), strict=True
    ):
        name = "bad" if line in missing else "ours" if line in still_open else "held"
        y = DUE_FIRST + row * DUE_ROW
        said = line.removesuffix("/1")
        chart.labels.append(
            Words(x, y, ((said, f"no {name}"), (f" {quantity(q)}", f"{name} strong")))
        )
        chart.days.append((axis.x(on), name))


def _sentence(seen: ItemOverview, steps: Sequence[TimeStep]) -> str:
    """What the time line shows, in words."""
    last = steps[-1]
    unit = seen.item.base_unit
    first = quantity(steps[0].supply)
    begins = f"From {iso(seen.work_date)}: supply that may be used {first} {unit}"
    ends = f"in the end {quantity(last.supply)}; demand {quantity(last.demand)}"
    parts = [f"{begins}, {ends}, of it reserved {quantity(last.reserved)}."]
    parts += [
        f"{quantity(s.quantity)} short from {iso(s.since)}"
        + (f" to {iso(s.until)}." if s.until else " on.")
        for s in seen.shortages
    ]
    parts += [
        f"{d.line} needs {quantity(d.outstanding)} and can have {quantity(d.possible)}."
        for d in seen.open_demands
        if d.missing
    ]
    return " ".join(parts)


def axis_labels(axis: Axis, y: float) -> Iterator[Words]:
    """The days under a chart."""
    for day, said in axis.ticks():
        anchor = "start" if day == axis.start else "middle"
        yield words(axis.x(day), y, said, "tick", anchor)
