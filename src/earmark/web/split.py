"""The split screen: demand with its balance on one side, every supply on the other.

Everything that can be seen stands in the address: the lines listed, the line chosen, what is
filtered, sorted and opened, and what is typed but not saved. So a page that is read again, because
somebody changed something or because one more quantity was typed, is the same page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Form, Request, Response

from earmark.core.commands import Take
from earmark.core.demand_views import DemandList, DemandRow
from earmark.core.documents import DocumentKind
from earmark.core.quantity import ZERO
from earmark.core.stock import STOCK
from earmark.core.taking import Difference, TakesTried
from earmark.core.views import DocumentView
from earmark.database.engine import Database
from earmark.http.addresses import reference_path
from earmark.usecases import looking_up, reading
from earmark.usecases.considering import demand_of_document, demand_of_item, open_demand
from earmark.usecases.split_screen import SplitScreen, split_screen
from earmark.usecases.taking import take
from earmark.web import bars
from earmark.web.appeals import Asks, asks_for
from earmark.web.asking import Reader, RequestId, Reserver, Served
from earmark.web.bars import Segment
from earmark.web.outcomes import said
from earmark.web.rendering import done, page, pages
from earmark.web.split_rows import SORTS, Group, groups
from earmark.web.takes import takes_of, text_of
from earmark.web.words import places_of, quantity

ORDER, ITEM, OPEN = "order", "item", "open"
BALANCE_PIXELS = 148
FOOT_PIXELS = 192
ROOM = 100
"""Takes that stand in an address; more are reserved by *why*, or by *Auto Reserve* on the line."""

router = pages()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the address asks for, besides the line."""

    of: str = ORDER
    show: str = ""
    sort: str = ""
    opened: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    filter: str = ""

    def address(self, line: str, **changed: object) -> str:
        """The address of the same page with something else in it."""
        fields: dict[str, object] = {
            "of": self.of if self.of != ORDER else "",
            "show": self.show,
            "sort": self.sort,
            "filter": self.filter,
            "open": self.opened,
            "take": self.takes,
        } | changed
        given = {name: value for name, value in fields.items() if value}
        query = f"?{urlencode(given, doseq=True)}" if given else ""
        return f"/lines/{reference_path(line)}/split{query}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandShown:
    """One line on the demand side, with what is typed for it."""

    row: DemandRow
    first: str
    name: str
    second: str
    specific: Decimal
    any: Decimal
    open: Decimal
    balance: bars.Bar
    places: int
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One of the lists of demand."""

    of: str
    label: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """The page ready to be shown."""

    asked: Asked
    document: DocumentView
    parent: tuple[str, str]
    screen: SplitScreen
    chosen: DemandShown
    listed: Sequence[DemandShown]
    more: int
    tabs: Sequence[Tab]
    groups: Sequence[Group]
    foot: bars.Bar
    said: str
    fault: str

    @property
    def tried(self) -> TakesTried:
        """What the takes would do."""
        return self.screen.tried

    @property
    def taking(self) -> Decimal:
        """What would be reserved now."""
        return self.tried.specific + self.tried.any

    @property
    def proposal(self) -> list[str]:
        """The takes of everything that can be had, as far as an address has room for them."""
        takes = self.screen.proposal
        return [text_of(take) for take in takes] if len(takes) <= ROOM else []

    @property
    def specific_numbers(self) -> str:
        """The numbers that are named, held or typed."""
        held = [
            row.numbers
            for row in self.screen.rows
            if any(h.is_own and h.asked for h in row.holders)
        ]
        held += [take.numbers for take in self.tried.takes if take.is_specific]
        names = dict.fromkeys(n.serial_no or n.lot_no or n.package_no for n in held)
        return ", ".join(names)


def asked_for(request: Request) -> Asked:
    """What stands in the address of this request."""
    query = request.query_params
    return Asked(
        of=query.get("of", ORDER),
        show=query.get("show", ""),
        sort=query.get("sort", ""),
        filter=query.get("filter", ""),
        opened=tuple(query.getlist("open")),
        takes=tuple(query.getlist("take")),
    )


InAddress = Annotated[Asked, Depends(asked_for)]


@router.get("/sales-orders/{document_no}/split")
@router.get("/production/{document_no}/split")
def split_of_document(
    request: Request,
    asking: Reader,
    served: Served,
    asked: InAddress,
    document_no: str,
    line: str = "",
) -> Response:
    """The split screen of a document: its first line with something open, or the one named."""
    rows = demand_of_document(served, document_no).rows
    first = next((row for row in rows if row.open > ZERO), rows[0] if rows else None)
    chosen = next((row for row in rows if line in (row.line, row.line_no)), first)
    if chosen is None:
        document = reading.document(served, document_no)
        return page(request, asking, "split_nothing.html", document=document)
    return _shown(request, asking, served, chosen.line, asked)


@router.get("/lines/{line:path}/split")
def split_of_line(
    request: Request, asking: Reader, served: Served, asked: InAddress, line: str
) -> Response:
    """The split screen of a demand line, whatever document it is of."""
    return _shown(request, asking, served, line, asked)


@router.post("/lines/{line:path}/take")
def take_from_each(
    asking: Reserver,
    served: Served,
    request_id: RequestId,
    line: str,
    takes: Annotated[tuple[str, ...], Form(alias="take")] = (),
    moves: Annotated[str, Form()] = "",
) -> Response:
    """Reserve from every row that was typed: all of it, or nothing."""
    command = Take(
        line=line,
        takes=takes_of(takes),
        may_move=tuple(filter(None, moves.split(","))),
        request_id=request_id,
    )
    outcome = take(served, asking.signed(command))
    return done(say=said(line, outcome))


# -- The page ----------------------------------------------------------------------------------


def _shown(request: Request, asking: Reader, served: Database, line: str, asked: Asked) -> Response:
    screen = split_screen(served, line, takes_of(asked.takes), asked.filter)
    shown = _screen(served, screen, asked, asks_for(asking, served, line))
    return page(
        request,
        asking,
        "split_screen.html",
        here=shown.parent[0],
        shown=shown,
        sorts=SORTS,
        now=served.clock(),
    )


def _screen(served: Database, screen: SplitScreen, asked: Asked, asks: Asks) -> Screen:
    demand = screen.demand
    lists = {
        ORDER: demand_of_document(served, demand.document_no),
        ITEM: demand_of_item(served, demand.item_no),
        OPEN: open_demand(served),
    }
    listed = lists.get(asked.of, lists[ORDER])
    shown = _demand_side(served, screen, asked, listed)
    chosen = _demand_side(served, screen, asked, DemandList(rows=(demand,), count=1))[0]
    document = reading.document(served, demand.document_no)
    return Screen(
        asked=asked,
        document=document,
        parent=PARENTS.get(document.kind, ("", document.kind.replace("_", " ").capitalize())),
        screen=screen,
        chosen=chosen,
        listed=shown,
        more=max(listed.count - len(shown), 0),
        tabs=(
            Tab(of=ORDER, label="This order", count=lists[ORDER].count),
            Tab(of=ITEM, label=f"Item {demand.item_no}", count=lists[ITEM].count),
            Tab(of=OPEN, label="All open", count=lists[OPEN].count),
        ),
        groups=groups(screen, asks, asked.opened, usable=asked.show == "usable", sort=asked.sort),
        foot=_balance(chosen.specific, chosen.any, chosen.open, demand.needed, FOOT_PIXELS),
        said=_moves(screen),
        fault=_fault(screen),
    )


PARENTS = {
    DocumentKind.SALES_ORDER.value: ("/sales-orders", "Sales Orders"),
    DocumentKind.PRODUCTION_ORDER.value: ("/production", "Production"),
}


def _demand_side(
    served: Database, screen: SplitScreen, asked: Asked, listed: DemandList
) -> list[DemandShown]:
    items = looking_up.some_items(served, {row.item_no for row in listed.rows})
    return [_demand_shown(row, screen, asked, places_of(items[row.item_no])) for row in listed.rows]


def _demand_shown(row: DemandRow, screen: SplitScreen, asked: Asked, places: int) -> DemandShown:
    is_chosen = row.line == screen.demand.line
    tried = screen.tried if is_chosen else TakesTried()
    specific, any_ = row.specific + tried.specific, row.any + tried.any
    left = row.needed - specific - any_
    of_item = asked.of == ITEM
    return DemandShown(
        row=row,
        first=row.line_no if asked.of == ORDER else row.line,
        name="" if of_item else row.item_no,
        second=row.customer or row.document_no if of_item else row.description,
        specific=specific,
        any=any_,
        open=left,
        balance=_balance(specific, any_, left, row.needed, BALANCE_PIXELS),
        places=places,
        is_chosen=is_chosen,
    )


def _balance(
    specific: Decimal, any_: Decimal, left: Decimal, needed: Decimal, pixels: int
) -> bars.Bar:
    return bars.bar(
        [
            (Segment.OURS_SPECIFIC, specific),
            (Segment.OURS_ANY, any_),
            (Segment.OPEN, left),
        ],
        scale=max(needed, specific + any_),
        pixels=pixels,
    )


def _moves(screen: SplitScreen) -> str:
    """Who would move where; that nobody does is said too."""
    moves = [move for move in screen.tried.moves if move.line != screen.demand.line]
    if not moves:
        return "Moves nobody." if screen.tried.takes else ""
    unit = screen.demand.unit
    parts = [
        f"{m.line} {quantity(m.quantity)} {unit} to {m.to_numbers.lot_no or m.to_supply}"
        for m in moves
    ]
    loses = "it loses nothing" if len({m.line for m in moves}) == 1 else "they lose nothing"
    return f"Moves {', '.join(parts)}; {loses}."


def _fault(screen: SplitScreen) -> str:
    """Why what is typed can not be saved as it stands."""
    tried = screen.tried
    if tried.refusal is not None:
        return tried.refusal.message
    return "; ".join(
        f"{_row_name(d)}: yours {quantity(d.yours)}, now {quantity(d.now)}"
        for d in tried.differences
    )


def _row_name(difference: Difference) -> str:
    numbers = difference.numbers
    number = numbers.serial_no or numbers.lot_no or numbers.package_no
    supply = "" if difference.supply == STOCK else difference.supply
    return " ".join(filter(None, (supply, number))) or STOCK
