"""The sorts of document there are pages for, and what differs between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request

from earmark.core.documents import DocumentKind, Posting


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """One sort of document, in the words of its pages; ``name`` is what a new one is called."""

    kind: DocumentKind
    path: str
    title: str
    name: str
    date: str
    first: str
    whose: str
    postings: tuple[Posting, ...]

    @property
    def is_demand(self) -> bool:
        """Whether its lines take stock."""
        return self.kind.line_kind.is_demand

    @property
    def is_production(self) -> bool:
        """Whether its lines have components, and it a status."""
        return self.kind is DocumentKind.PRODUCTION_ORDER


SORTS = (
    Sort(
        kind=DocumentKind.SALES_ORDER,
        path="/sales-orders",
        title="Sales Orders",
        name="sales order",
        date="Shipment Date",
        first="next to ship first",
        whose="Customer",
        postings=(Posting.SHIP,),
    ),
    Sort(
        kind=DocumentKind.PURCHASE_ORDER,
        path="/purchases",
        title="Purchases",
        name="purchase order",
        date="Expected Receipt Date",
        first="next to arrive first",
        whose="Description",
        postings=(Posting.RECEIVE,),
    ),
    Sort(
        kind=DocumentKind.PRODUCTION_ORDER,
        path="/production",
        title="Production",
        name="production order",
        date="Due Date",
        first="next due first",
        whose="Description",
        postings=(Posting.OUTPUT, Posting.CONSUME),
    ),
    Sort(
        kind=DocumentKind.DEMAND,
        path="/demand",
        title="Demand of other systems",
        name="demand of another system",
        date="Shipment Date",
        first="next to ship first",
        whose="Description",
        postings=(Posting.SHIP,),
    ),
    Sort(
        kind=DocumentKind.SUPPLY,
        path="/supply",
        title="Supply of other systems",
        name="supply of another system",
        date="Expected Receipt Date",
        first="next to arrive first",
        whose="Description",
        postings=(Posting.RECEIVE,),
    ),
)
OF_KIND = {sort.kind: sort for sort in SORTS}

POSTED = {
    Posting.SHIP: ("Post shipment", "shipped"),
    Posting.RECEIVE: ("Post receipt", "received"),
    Posting.OUTPUT: ("Post output", "put out"),
    Posting.CONSUME: ("Post consumption", "consumed"),
}
"""What posting is called on a button, and what has then happened."""


def sort_of(request: Request) -> Sort:
    """The sort whose page is asked for, by the beginning of its address."""
    first = "/" + request.url.path.split("/")[1]
    return next(sort for sort in SORTS if sort.path == first)


Asked = Annotated[Sort, Depends(sort_of)]

Route = Callable[..., Callable[[Callable[..., Any]], Callable[..., Any]]]


def for_each(route: Route, rest: str = "") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let one function answer for every sort; ``rest`` is what follows the sort's own path."""

    def answers(function: Callable[..., Any]) -> Callable[..., Any]:
        for sort in SORTS:
            route(f"{sort.path}{rest}")(function)
        return function

    return answers
