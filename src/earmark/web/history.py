"""History: what was done, narrowed and page by page; what stood at a past moment, and undoing."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query, Request, Response

from earmark.core.changes import ChangeKind, ChangeRow, HistoryFilter
from earmark.core.overview import Manner, Ribbon
from earmark.core.quantity import ZERO
from earmark.core.tracking import Numbers
from earmark.database.engine import Database
from earmark.usecases import looking_up
from earmark.usecases.changes import ThenAndNow, activity, changes, then_and_now
from earmark.web import bars
from earmark.web.asking import Reader, Served, time_of
from earmark.web.exports import Form, exported
from earmark.web.history_rows import ShownChange, shown_changes
from earmark.web.rendering import page, pages
from earmark.web.shell import location_code

router = pages()

SLOT = timedelta(minutes=5)
HOURS = 4
"""How long a stretch of time the slider shows."""

PAGE = 40
AHEAD = 200
"""How many changes are read to find those just before and just after a moment."""

BAR_PIXELS = 186


_NARROWED = re.compile(r'(?<!\S)(item|lot|serial|package|by):(?:"((?:[^"]|"")*)"(?!\S)|(\S*))')


class Asked:
    """What is wanted of history, as it stands in the address: words in one field, and a kind.

    ``item:1040 lot:L2411 by:Ana SO4711`` narrows to an item, a number of it, a person, a document;
    a name with blanks stands in quotes: ``item:"50 mm"``.
    """

    def __init__(self, words: str, kind: str, user: str) -> None:
        """Read the words."""
        named = {"item": "", "lot": "", "serial": "", "package": "", "by": ""}

        def note(found: re.Match[str]) -> str:
            named[found[1]] = (found[2] or "").replace('""', '"') or found[3] or ""
            return " "

        rest = _NARROWED.sub(note, words)
        self.words = words
        self.kind = kind if kind in (*ChangeKind, "mine") else ""
        self.filter = HistoryFilter(
            item_no=named["item"],
            numbers=Numbers(named["lot"], named["serial"], named["package"]),
            reference=rest.strip(),
            by=user if self.kind == "mine" else named["by"],
            kind=ChangeKind(self.kind) if self.kind in tuple(ChangeKind) else None,
        )

    @property
    def item_no(self) -> str:
        """The item that it is narrowed to, if it is."""
        return self.filter.item_no

    def address(self, **changed: object) -> str:
        """The address of this page with something changed; what is empty is left out."""
        fields = {"q": self.words, "kind": self.kind, **changed}
        return "/history?" + urlencode({k: v for k, v in fields.items() if v not in ("", None)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One bar of the slider."""

    x: float
    height: float
    is_later: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Slider:
    """The stretch of time that the slider shows, in minutes from its start."""

    start: datetime
    minutes: int
    value: int
    now: int
    slots: list[Slot]
    hours: list[tuple[float, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One supply then and now, each as a bar."""

    goods: ThenAndNow
    then: bars.Bar
    now: bars.Bar


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage:
    """The page as it is drawn."""

    asked: Asked
    at: datetime | None
    now: datetime
    unit: str
    changes: list[ShownChange]
    after: int
    older: str
    before_at: str
    after_at: str
    slider: Slider
    compared: list[Compared]
    chosen: ShownChange | None

    @property
    def then_total(self) -> Decimal:
        """All that was available then."""
        return sum((c.goods.available_then for c in self.compared), ZERO)

    @property
    def now_total(self) -> Decimal:
        """All that is available now."""
        return sum((c.goods.available_now for c in self.compared), ZERO)


@router.get("/history")
def history(  # what stands in the address
    request: Request,
    asking: Reader,
    served: Served,
    q: str = "",
    ref: str = "",
    kind: str = "",
    at: str = "",
    change: str = "",
    before: Annotated[int | None, Query()] = None,
) -> Response:
    """History, as narrow as it is asked for, now or with a cut at a past moment."""
    asked = Asked(f"{q} {ref}".strip(), kind, asking.user)
    now = served.clock()
    moment = time_of(at, now)
    shown = _history(served, asked, moment, now, before, location_code(request))
    chosen = next((c for c in shown.changes if str(c.row.moment) == change), None)
    first = chosen or next((c for c in shown.changes if moment is None or c.row.at <= moment), None)
    return page(request, asking, "history.html", shown=replace(shown, chosen=first))


def _history(
    served: Database,
    asked: Asked,
    at: datetime | None,
    now: datetime,
    before: int | None,
    location: str,
) -> HistoryPage:
    found = changes(served, asked.filter, before=before, limit=PAGE)
    rows = shown_changes(found.rows)
    later = [c for c in found.rows if at is not None and c.at > at]
    back, forth = _neighbours(found.rows, at)
    items = looking_up.items(served) if asked.item_no else {}
    known = asked.item_no in items
    return HistoryPage(
        asked=asked,
        at=at,
        now=now,
        unit=items[asked.item_no].base_unit if known else "",
        changes=rows,
        after=len(later),
        older=asked.address(before=found.older, at=_text(at)) if found.older else "",
        before_at=asked.address(at=_text(back)) if back else "",
        after_at=asked.address(at=_text(forth)) if forth else "",
        slider=_slider(served, at, now),
        compared=_compared(served, asked.item_no, at, location) if known and at else [],
        chosen=None,
    )


def _text(at: datetime | None) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}" if at else ""


def _neighbours(
    rows: tuple[ChangeRow, ...], at: datetime | None
) -> tuple[datetime | None, datetime | None]:
    """The change at or before the moment's own, and the first one after it."""
    times = sorted({row.at.replace(microsecond=0) for row in rows})
    if at is None:
        return (times[-1] if times else None), None
    back = [t for t in times if t < at]
    forth = [t for t in times if t > at]
    return (back[-1] if back else None), (forth[0] if forth else None)


def _slider(served: Database, at: datetime | None, now: datetime) -> Slider:
    until = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    if at is not None and at < until - timedelta(hours=HOURS):
        until = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=HOURS // 2)
    start = until - timedelta(hours=HOURS)
    counts = activity(served, start, until, SLOT)
    highest = max([*counts, 1])
    minutes = HOURS * 60
    value = _minutes(start, at or now)
    per = 100 / (minutes / 5)
    slots = [
        Slot(
            x=round(n * per, 3),
            height=round(6 + 26 * count / highest, 1),
            is_later=at is not None and n * 5 >= value,
        )
        for n, count in enumerate(counts)
        if count
    ]
    hours = [
        (round(hour * 100 / HOURS, 2), f"{start + timedelta(hours=hour):%H:%M}")
        for hour in range(HOURS + 1)
    ]
    return Slider(
        start=start,
        minutes=minutes,
        value=max(min(value, minutes), 0),
        now=max(min(_minutes(start, now), minutes), 0),
        slots=slots,
        hours=hours,
    )


def _minutes(start: datetime, at: datetime) -> int:
    return int((at - start).total_seconds() // 60)


# -- Then and now ------------------------------------------------------------------------------


def _compared(served: Database, item_no: str, at: datetime, location: str) -> list[Compared]:
    rows = then_and_now(served, item_no, at, location_code=location)
    quantities = [r.quantity for row in rows for r in (row.then, row.now) if r]
    scale = max(quantities, default=ZERO)
    return [
        Compared(goods=row, then=_bar(row.then, scale), now=_bar(row.now, scale)) for row in rows
    ]


def _bar(ribbon: Ribbon | None, scale: Decimal) -> bars.Bar:
    if ribbon is None:
        return bars.bar([], scale=scale, pixels=BAR_PIXELS)
    if ribbon.is_blocked:
        blocked = [(bars.Segment.BLOCKED, ribbon.quantity)]
        return bars.bar(blocked, scale=scale, pixels=BAR_PIXELS)
    held = sum((h.quantity for h in ribbon.holders), ZERO)
    ends = [h.hold_until for h in ribbon.holders if h.hold_until]
    return bars.bar(
        [
            (bars.Segment.SPECIFIC, ribbon.held(Manner.SPECIFIC)),
            (bars.Segment.BOUND, ribbon.held(Manner.BOUND)),
            (bars.Segment.NONSPECIFIC, ribbon.held(Manner.NONSPECIFIC)),
            (bars.Segment.HOLD, ribbon.held(Manner.HOLD)),
            (bars.Segment.FREE, ribbon.quantity - held),
        ],
        scale=scale,
        pixels=BAR_PIXELS,
        hold_until=min(ends, default=None),
    )


# -- For a spreadsheet -------------------------------------------------------------------------

_COLUMNS = (
    "moment",
    "time",
    "who",
    "what",
    "about",
    "supply",
    "quantity",
    "before",
    "after",
    "why",
)


@router.get("/history/export.{form}")
def export(  # what stands in the address
    _request: Request, asking: Reader, served: Served, form: Form, q: str = "", kind: str = ""
) -> Response:
    """Every change that fits, as a file."""
    asked = Asked(q, kind, asking.user)
    rows: list[ShownChange] = []
    before: int | None = None
    while True:
        found = changes(served, asked.filter, before=before, limit=AHEAD)
        rows += shown_changes(found.rows)
        before = found.older
        if before is None:
            break
    return exported("history", form, _COLUMNS, [_cells(row) for row in rows])


def _cells(change: ShownChange) -> tuple[str, ...]:
    return (
        str(change.row.moment),
        change.row.at.isoformat(),
        change.row.by,
        change.what,
        change.demand,
        change.supply,
        change.quantity,
        change.before,
        change.after,
        change.why,
    )
