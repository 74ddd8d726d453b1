"""Items: the list with its figures; one item with its time line, its lots and who holds what."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Annotated

from fastapi import Query, Request, Response

from earmark.core.overview import ItemOverview, Ribbon
from earmark.usecases import overview
from earmark.web.asking import Reader, Served
from earmark.web.item_chart import TimeChart, time_chart
from earmark.web.links import number_path
from earmark.web.rendering import page, pages
from earmark.web.ribbon_chart import RibbonChart, ribbon_chart
from earmark.web.shell import location_code
from earmark.web.words import places_of

router = pages()


class Weeks(IntEnum):
    """How many weeks are drawn day by day."""

    TWO = 2
    FOUR = 4
    EIGHT = 8


MOST_RIBBONS = 60
"""How many lots are drawn; the table has all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPage:
    """An item as it is drawn."""

    seen: ItemOverview
    chart: TimeChart
    ribbons: RibbonChart
    places: int
    weeks: int

    @property
    def not_drawn(self) -> int:
        """How many lots stand in the table only."""
        return len(self.seen.ribbons) - len(self.ribbons.ribbons)


@router.get("/items")
def items(request: Request, asking: Reader, served: Served) -> Response:
    """All items with their figures."""
    rows = overview.item_figures(served, location_code=location_code(request))
    return page(request, asking, "items.html", rows=rows, places_of=places_of)


@router.get("/items/{item_no}")
def item(
    request: Request,
    asking: Reader,
    served: Served,
    item_no: str,
    weeks: Weeks = Weeks.FOUR,
    location: Annotated[str | None, Query()] = None,
    variant: Annotated[str | None, Query()] = None,
) -> Response:
    """One item at one place."""
    place = location_code(request) if location is None else location
    seen = overview.item_overview(served, item_no, location_code=place, variant_code=variant)
    return page(request, asking, "item.html", shown=_shown(seen, weeks))


def _shown(seen: ItemOverview, weeks: int) -> ItemPage:
    chart = time_chart(seen, weeks)
    drawn = in_drawn_order(seen.ribbons)[:MOST_RIBBONS]
    hrefs = [number_path(seen.item.item_no, ribbon) for ribbon in drawn]
    return ItemPage(
        seen=seen,
        chart=chart,
        ribbons=ribbon_chart(drawn, chart.axis, hrefs),
        places=places_of(seen.item),
        weeks=weeks,
    )


def in_drawn_order(found: tuple[Ribbon, ...]) -> list[Ribbon]:
    """Stock in its picking order, then supply on order as it comes."""
    stock = [ribbon for ribbon in found if ribbon.supply_kind == "stock"]
    later = [ribbon for ribbon in found if ribbon.supply_kind != "stock"]
    return [*stock, *sorted(later, key=lambda r: (r.there_on is not None, r.there_on, r.supply))]
