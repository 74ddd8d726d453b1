"""The ribbons: goods number by number, as thick as there are, until they are used or expire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from earmark.core.overview import Holder, Manner, Ribbon
from earmark.core.quantity import ZERO
from earmark.core.references import document_in
from earmark.core.ribbons import called
from earmark.web.charts import RIGHT, Axis, Box, Stroke, Words, words
from earmark.web.item_chart import axis_labels
from earmark.web.words import clock, iso, quantity

ROOM = 200
"""How many pixels all ribbons together may be thick."""

GAP, THINNEST, THICKEST = 14, 4, 62
_BAND = {
    Manner.SPECIFIC: ("specific", ""),
    Manner.BOUND: ("bound", ""),
    Manner.NONSPECIFIC: ("nonspecific", "nonspecific"),
    Manner.HOLD: ("hold", "hold"),
}
_ORDER = (Manner.SPECIFIC, Manner.BOUND, Manner.NONSPECIFIC)


@dataclass(slots=True)
class DrawnRibbon:
    """One ribbon: its marks, its name and where that leads, and what it says."""

    ribbon: Ribbon
    name: str
    href: str
    y: float
    height: float
    boxes: list[Box] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)
    labels: list[Words] = field(default_factory=list)
    sentence: str = ""


@dataclass(slots=True)
class RibbonChart:
    """All ribbons under one axis."""

    axis: Axis
    ribbons: list[DrawnRibbon]
    labels: list[Words]
    grid: list[Stroke]
    height: float


def ribbon_chart(ribbons: Sequence[Ribbon], axis: Axis, hrefs: Sequence[str]) -> RibbonChart:
    """Draw ribbons, each with the address of the page of its number."""
    total = sum((ribbon.quantity for ribbon in ribbons), ZERO)
    per_unit = ROOM / float(total) if total else 1.0
    drawn = []
    y = 6.0
    for ribbon, href in zip(ribbons, hrefs, strict=True):
        height = min(max(float(ribbon.quantity) * per_unit, THINNEST * 2), THICKEST)
        drawn.append(_draw(ribbon, axis, y, round(height, 1), href))
        y += height + GAP
    grid = [Stroke(f"M{axis.x(day)} 0V{y}", "grid") for day, _ in axis.ticks()]
    return RibbonChart(axis, drawn, list(axis_labels(axis, y + 12)), grid, y + 18)


def title(ribbon: Ribbon) -> str:
    """A ribbon's name: its lot, with the document that brings it where it is on order."""
    if ribbon.supply_kind == "stock":
        return called(ribbon)
    source = document_in(ribbon.supply)
    number = ribbon.numbers.lot_no or ribbon.numbers.serial_no
    return f"{source} {number}" if number else source


def _draw(ribbon: Ribbon, axis: Axis, y: float, height: float, href: str) -> DrawnRibbon:
    made = DrawnRibbon(ribbon, title(ribbon), href, y, height)
    start = axis.x(max(ribbon.there_on or axis.start, axis.start))
    end = axis.x(ribbon.expiration_date) if ribbon.expiration_date else RIGHT
    if ribbon.is_blocked:
        made.boxes.append(Box(start, y, max(end - start, 2), height, "s-blocked", "blocked"))
    else:
        _bands(made, axis, start, end)
    _end(made, axis, end)
    _say(made, axis, end)
    made.sentence = sentence(ribbon)
    return made


def _bands(made: DrawnRibbon, axis: Axis, start: float, end: float) -> None:
    """Who takes goods away, as bands that end on the day; what is left goes on to the end."""
    ribbon, y = made.ribbon, made.y
    per_unit = made.height / float(ribbon.quantity)
    firm = [h for manner in _ORDER for h in ribbon.holders if h.manner is manner]
    for holder in firm:
        height = round(max(float(holder.quantity) * per_unit, 2), 1)
        until = axis.x(max(holder.needed_on or axis.end, axis.start))
        name, pattern = _BAND[holder.manner]
        width = max(until - start, 3)
        made.boxes.append(
            Box(start, y, width, height, f"s-{name}", pattern, holder_sentence(holder))
        )
        if holder.manner is Manner.BOUND:
            made.boxes.append(Box(start, round(y + height / 2 - 1, 1), width, 2, "bound-line"))
        y += height
    left = round(max(made.y + made.height - y, 0), 1)
    if round(left):
        made.boxes.append(Box(start, y, max(end - start, 2), left, "s-free"))
        if ribbon.expires_unused:
            wasted = min(28.0, end - start)
            made.boxes.append(Box(end - wasted, y, wasted, left, "s-short", "short"))


def _end(made: DrawnRibbon, axis: Axis, end: float) -> None:
    ribbon = made.ribbon
    top, bottom = made.y - 3, made.y + made.height + 3
    if ribbon.expiration_date is None or ribbon.expiration_date > axis.end:
        middle = _in_free(made) - 4
        arrow = f"M{RIGHT} {middle - 4}l5 4l-5 4z"
        made.strokes.append(Stroke(arrow, "goes-on"))
    elif not ribbon.is_blocked:
        name = "ends soon" if ribbon.expires_unused else "ends"
        made.strokes.append(Stroke(f"M{end} {top}V{bottom}", name))
    last = ribbon.last_day
    if last and axis.start <= last <= axis.end and not ribbon.is_blocked:
        made.strokes.append(Stroke(f"M{axis.x(last)} {top}V{bottom}", "last-day"))


def _say(made: DrawnRibbon, axis: Axis, end: float) -> None:
    ribbon, middle = made.ribbon, made.y + made.height / 2 + 4
    if ribbon.is_blocked:
        why = ribbon.why_blocked.partition(",")[0]
        said = f"{quantity(ribbon.quantity)} blocked" + (f": {why}" if why else "")
        made.labels.append(_beside(end, middle, ((said, "bad strong"),)))
    elif ribbon.expires_unused:
        gone = f"{quantity(ribbon.expires_unused)} expire unused on {iso(ribbon.expiration_date)}"
        parts = [(gone, "bad strong")]
        takers = [t for t in ribbon.takers if not t.moves_from]
        if takers:
            could = f"{takers[0].line} could take {quantity(takers[0].quantity)}"
            parts.append((f"   {could}", "ours"))
        made.labels.append(_beside(end, middle, tuple(parts)))
    else:
        made.labels.append(words(axis.bend + 8, _in_free(made), _left_over(made), "on-ribbon"))


def _in_free(made: DrawnRibbon) -> float:
    """The middle of what nobody has: words stand in it."""
    free = [box for box in made.boxes if box.name == "s-free"]
    box = free[0] if free else made.boxes[0]
    return box.y + box.height / 2 + 4


def _beside(end: float, y: float, parts: tuple[tuple[str, str], ...]) -> Words:
    """Words after the end of a ribbon, or before it where there is no room."""
    for shown in (parts, parts[:1]):
        if end + 8 + 6.6 * sum(len(text) for text, _ in shown) < RIGHT + 8:
            return Words(round(end + 9, 1), round(y, 1), shown)
    text, name = parts[0]
    return Words(round(end - 40, 1), round(y, 1), ((text, f"{name} on-ribbon"),), "end")


def _left_over(made: DrawnRibbon) -> str:
    ribbon = made.ribbon
    held = ribbon.held(Manner.HOLD)
    free = ribbon.available + held
    said = f"{quantity(free)} free"
    if held:
        ends = min(h.hold_until for h in ribbon.holders if h.hold_until is not None)
        said += f", {quantity(held)} of them on hold to {clock(ends)}"
    beyond = ribbon.expiration_date
    if beyond is not None and beyond > made_end(made):
        said += f", good to {iso(beyond)}"
    return said


def made_end(made: DrawnRibbon) -> date:
    """The last day that can be drawn for a ribbon."""
    drawn = [s for s in made.strokes if s.name == "goes-on"]
    return date.min if drawn else date.max


def holder_sentence(holder: Holder) -> str:
    """Who holds a part: how much, how firmly, when he takes it."""
    due = f", takes it {iso(holder.needed_on)}" if holder.needed_on else ""
    for_whom = f" for {holder.customer}" if holder.customer else ""
    return f"{holder.line}{for_whom}: {quantity(holder.quantity)} {holder.manner}{due}"


def sentence(ribbon: Ribbon) -> str:
    """What a ribbon shows, in words."""
    if ribbon.is_blocked:
        return f"{title(ribbon)}: {quantity(ribbon.quantity)} blocked. {ribbon.why_blocked}".strip()
    held = ", ".join(
        f"{quantity(ribbon.held(manner))} {manner}" for manner in Manner if ribbon.held(manner)
    )
    good = f", good to {iso(ribbon.expiration_date)}" if ribbon.expiration_date else ""
    gone = f"; {quantity(ribbon.expires_unused)} expire unused" if ribbon.expires_unused else ""
    free = f"{quantity(ribbon.available)} free"
    parts = ", ".join(part for part in (held, free) if part)
    return f"{title(ribbon)}: {quantity(ribbon.quantity)}, {parts}{good}{gone}"
