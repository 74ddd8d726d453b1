"""Why a line is not fully reserved: all supply counted down, the ways out, and a preview of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated

from fastapi import Form, Request, Response

from earmark.core.appeals import AppealState, AppealView
from earmark.core.commands import TakeWayOut
from earmark.core.demand_views import DemandRow
from earmark.core.quantity import ZERO, exact
from earmark.core.why_views import LineEffect, WayKind, WayOut, WayTaken, WhyView
from earmark.database.engine import Database
from earmark.errors import EarmarkError
from earmark.http.addresses import reference_path, segment
from earmark.http.identity import Caller
from earmark.usecases import looking_up
from earmark.usecases.appeals import appeals
from earmark.usecases.considering import demand_of_item, demand_row, supply_rows
from earmark.usecases.ways_out import take_way_out
from earmark.usecases.why import why
from earmark.web import appeals as words_of
from earmark.web import bars
from earmark.web.asking import Reader, RequestId, Reserver, Served
from earmark.web.bars import Segment
from earmark.web.rendering import done, page, pages
from earmark.web.why_words import Step, all_supply, by_moving, effect_words, steps_of
from earmark.web.words import places_of, quantity

PIXELS = 380
BUTTONS = {
    WayKind.SHIP_EARLIER: "Change the date and reserve",
    WayKind.SHIP_LATER: "Change the date and reserve",
    WayKind.SPLIT: "Split and reserve",
    WayKind.RELEASE: "Release and reserve",
    WayKind.ASK: "They agreed: reserve",
}

PLACES = {"sales": "/sales-orders", "component": "/production"}
"""Where the lines of each kind are listed."""

router = pages()


@dataclass(frozen=True, slots=True, kw_only=True)
class WayRow:
    """A way out in the list; ``href`` shows its preview."""

    place: int
    way: WayOut
    href: str
    is_chosen: bool
    is_enough: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectRow:
    """One line in the preview."""

    effect: LineEffect
    words: str
    aside: str

    @property
    def change(self) -> Decimal:
        """What it has more, or less."""
        return self.effect.after - self.effect.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The page ready to be shown."""

    demand: DemandRow
    view: WhyView
    places: int
    parts: str
    whole: bars.Bar
    steps: Sequence[Step]
    possible: bars.Bar
    how: str
    ways: Sequence[WayRow]
    chosen: WayOut | None
    tried: WayTaken | None
    effects: Sequence[EffectRow]
    fault: str

    @property
    def button(self) -> str:
        """What the primary button says."""
        if self.tried is None:
            return ""
        words = BUTTONS[self.chosen.kind] if self.chosen else "Reserve"
        return f"{words} {quantity(self.tried.reserved)}"

    @property
    def needed_by_others(self) -> Decimal:
        """How much of what is left over others need."""
        needed = sum((demand.unreserved for demand in self.view.useful_to), ZERO)
        return min(needed, self.view.left_over)


@router.get("/lines/{line:path}/why")
def why_not(
    request: Request, asking: Reader, served: Served, line: str, way: str | None = None
) -> Response:
    """All supply counted down to what can be reserved, what would help, and what it would do."""
    view = why(served, line)
    chosen = _chosen(view, way)
    tried, fault = _tried(served, view, chosen, way)
    shown = _shown(served, view, chosen, tried, fault)
    here = PLACES.get(shown.demand.kind, "")
    asked = appeals(served, line=line)
    return page(
        request,
        asking,
        "why.html",
        here=here,
        shown=shown,
        needs_reason=asking.is_signed_in,
        appeals=words_of.of_line(asking, asked, served.clock()),
        asks=_asks(asking, view, chosen, asked),
    )


def _asks(
    asking: Caller, view: WhyView, chosen: WayOut | None, asked: Sequence[AppealView]
) -> dict[str, str]:
    """Where the first holder of each step is asked; under the way out, the holder it is about.

    Whose answer is awaited is not asked again.
    """
    waiting = {one.holder for one in asked if one.state is AppealState.WAITING}
    asks = {}
    for step in view.steps:
        free = [entry for entry in step.holders if entry.demand not in waiting]
        paths = [words_of.ask_path(asking, view.line, words_of.units_of(entry)) for entry in free]
        asks[step.reason] = next(filter(None, paths), "")
    if chosen is not None and chosen.holder not in {"", *waiting}:
        held = [e for step in view.steps for e in step.holders if e.demand == chosen.holder]
        paths = [words_of.ask_path(asking, view.line, words_of.units_of(entry)) for entry in held]
        asks[chosen.way] = next(filter(None, paths), "")
    return asks


@router.post("/lines/{line:path}/why")
def take_way(
    asking: Reserver,
    served: Served,
    request_id: RequestId,
    line: str,
    way: Annotated[str, Form()] = "",
    expects: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Make the change and reserve, if it still does what was shown."""
    command = TakeWayOut(
        line=line,
        way=way,
        expects=exact(expects) if expects else None,
        request_id=request_id,
    )
    taken = take_way_out(served, asking.signed(command, reason=reason))
    return done(say=_said(taken))


def _said(taken: WayTaken) -> str:
    parts = [f"{taken.line}: {quantity(taken.reserved)} reserved"]
    parts += [f"line {line} added" for line in taken.added]
    parts.append(f"{len(taken.moved)} moved, {quantity(taken.lost)} lost")
    return ". ".join(parts) + "."


def _chosen(view: WhyView, asked: str | None) -> WayOut | None:
    """The way that was asked for; without, the first that can be taken; ``way=`` means none."""
    if asked is None:
        return next((way for way in view.ways_out if way.change is not None), None)
    return next((way for way in view.ways_out if way.way == asked), None)


def _tried(
    served: Database, view: WhyView, chosen: WayOut | None, asked: str | None
) -> tuple[WayTaken | None, str]:
    """What the chosen way does, tried by the real thing; or why it can not be."""
    gone = f"{asked} is no way out any more. " if asked and chosen is None else ""
    if chosen is not None and chosen.change is None:
        return None, ""
    if chosen is None and view.can_be_reserved <= view.reserved:
        return None, gone
    command = TakeWayOut(line=view.line, way=chosen.way if chosen else "", preview=True)
    try:
        return take_way_out(served, command), gone
    except EarmarkError as refusal:
        return None, refusal.message


def _shown(
    served: Database, view: WhyView, chosen: WayOut | None, tried: WayTaken | None, fault: str
) -> Shown:
    demand = demand_row(served, view.line)
    item = looking_up.some_items(served, [demand.item_no])[demand.item_no]
    customers = {row.line: row.customer for row in demand_of_item(served, demand.item_no).rows}
    rows = [row for row in supply_rows(served, view.line) if row.is_here]
    hrefs = {way.kind: _href(view.line, way) for way in reversed(view.ways_out)}
    return Shown(
        demand=demand,
        view=view,
        places=places_of(item),
        parts=all_supply(rows),
        whole=_at(ZERO, [(Segment.FREE, view.total_supply)], view),
        steps=[
            replace(step, bar=_at(step.step.left, [(step.segment, step.step.quantity)], view))
            for step in steps_of(view, demand, customers, hrefs)
        ],
        possible=_possible(view),
        how=by_moving(view),
        ways=_ways(view, chosen),
        chosen=chosen,
        tried=tried,
        effects=[_effect(effect) for effect in tried.effects] if tried else [],
        fault=fault,
    )


def _ways(view: WhyView, chosen: WayOut | None) -> list[WayRow]:
    return [
        WayRow(
            place=place,
            way=way,
            href=_href(view.line, way),
            is_chosen=way is chosen,
            is_enough=way.then >= view.needed,
        )
        for place, way in enumerate(view.ways_out, start=1)
    ]


def _href(line: str, way: WayOut) -> str:
    return f"/lines/{reference_path(line)}/why?way={segment(way.way)}"


def _effect(effect: LineEffect) -> EffectRow:
    words, aside = effect_words(effect)
    return EffectRow(effect=effect, words=words, aside=aside)


# -- Bars that begin where the one before ends --------------------------------------------------


def _at(start: Decimal, quantities: Sequence[tuple[Segment, Decimal]], view: WhyView) -> bars.Bar:
    scale = max(view.total_supply, view.needed)
    drawn = bars.bar(quantities, scale=scale, pixels=PIXELS)
    offset = round(start * PIXELS / scale) if scale else 0
    moved = tuple(replace(part, x=part.x + offset) for part in drawn.parts)
    return bars.Bar(parts=moved, width=PIXELS + 1, sentence=drawn.sentence)


def _possible(view: WhyView) -> bars.Bar:
    moved = sum((move.quantity for move in view.moves), ZERO)
    moving = min(moved, view.can_be_reserved - view.reserved)
    return _at(
        ZERO,
        [
            (Segment.OURS_SPECIFIC, view.can_be_reserved - moving),
            (Segment.TAKE_MOVES, moving),
            (Segment.OPEN, view.missing),
        ],
        view,
    )
