"""Small shops to try the laws in: two lots, goods on order, a few sales lines, and what is done.

A database serves many shops, each with an item of its own, so that a law is tried on fifty shops
without fifty databases, and the same story can be told twice side by side.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from hypothesis import strategies as st

import earmark
from earmark import (
    Adjust,
    Cancel,
    Choice,
    Dimension,
    DocumentEntry,
    DocumentKind,
    EarmarkError,
    EnterDocuments,
    Item,
    LineEntry,
    Location,
    Numbers,
    Outcome,
    Post,
    Posting,
    Reserve,
    SetUp,
    StockRow,
    TrackingCode,
    TrackingLine,
)
from earmark.core.commands import Command

Answer = Outcome | EarmarkError
PLACE = "EAST"
DAY = date(2026, 6, 1)
LOTS = (Numbers(lot_no="A"), Numbers(lot_no="B"))

_marks = count(1)

USE_CASES: dict[type[Command], Callable[[earmark.Database, Any], Outcome]] = {
    Reserve: earmark.reserve,
    Cancel: earmark.cancel,
    Post: earmark.post,
}


@dataclass(frozen=True, slots=True)
class Order:
    """A sales order with one line: how many, perhaps by when, perhaps under which lots."""

    quantity: int
    lots: tuple[int, int]
    due: int | None


@dataclass(frozen=True, slots=True)
class Plan:
    """A shop as it is drawn: stock of each lot, goods on order, orders, and what is done."""

    stock: tuple[int, int]
    on_order: int
    arrives: int
    orders: tuple[Order, ...]
    steps: tuple[Command, ...]


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop in a database: its item and the mark that its documents bear."""

    database: earmark.Database
    mark: str
    orders: int

    @property
    def lines(self) -> list[str]:
        """Its sales lines."""
        return [self.named(f"SO{number}/1") for number in range(self.orders)]

    def named(self, line: str) -> str:
        """The name that a line has in this shop."""
        return f"{self.mark}{line}"

    def tell(self, step: Command) -> Command:
        """A step of the plan, about a line of this shop."""
        assert isinstance(step, Reserve | Cancel | Post)
        return replace(step, line=self.named(step.line))

    def does(self, command: Command) -> Answer:
        """Carry a command out; a refusal is an answer."""
        try:
            return USE_CASES[type(command)](self.database, command)
        except EarmarkError as refusal:
            return refusal

    def picture(self) -> tuple[object, ...]:
        """All that can be read of this shop, but for times."""
        reservations = [
            sorted(
                (r.quantity, r.numbers.lot_no, r.asked.lot_no, r.supply_kind)
                for r in earmark.reservations(self.database, line)
            )
            for line in self.lines
        ]
        posted = [earmark.line(self.database, line).posted for line in self.lines]
        stock = [
            (row.numbers, row.quantity)
            for row in earmark.inventory(self.database, item_no=self.mark)
        ]
        return reservations, posted, stock

    def reserved(self) -> list[Decimal]:
        """What each line has reserved."""
        return [earmark.line(self.database, line).reserved for line in self.lines]

    def in_stock(self) -> Decimal:
        """What is in stock in all."""
        rows = earmark.inventory(self.database, item_no=self.mark)
        return sum((row.quantity for row in rows), Decimal(0))


def open_shop(database: earmark.Database, plan: Plan) -> Shop:
    """Enter a shop: its item, its stock, its documents."""
    shop = Shop(database, f"X{next(_marks)}", len(plan.orders))
    code = TrackingCode("LOTS", specific=frozenset({Dimension.LOT}))
    item = Item(item_no=shop.mark, tracking_code="LOTS")
    place = Location(location_code=PLACE)
    earmark.set_up(database, SetUp(tracking_codes=(code,), items=(item,), locations=(place,)))
    rows = tuple(
        StockRow(
            item_no=shop.mark, location_code=PLACE, quantity=Decimal(quantity), numbers=numbers
        )
        for numbers, quantity in zip(LOTS, plan.stock, strict=True)
        if quantity
    )
    if rows:
        earmark.adjust(database, Adjust(rows=rows))
    earmark.enter_documents(database, EnterDocuments(documents=_documents(shop, plan)))
    return shop


def _documents(shop: Shop, plan: Plan) -> tuple[DocumentEntry, ...]:
    def line(quantity: int, due: int | None, lots: tuple[int, int] = (0, 0)) -> LineEntry:
        tracked = tuple(
            TrackingLine(lot_no=numbers.lot_no, quantity=Decimal(of_lot))
            for numbers, of_lot in zip(LOTS, lots, strict=True)
            if of_lot
        )
        return LineEntry(
            item_no=shop.mark,
            quantity=Decimal(quantity),
            location_code=PLACE,
            date=None if due is None else DAY + timedelta(days=due),
            numbers=tracked,
        )

    entered = [
        DocumentEntry(
            kind=DocumentKind.SALES_ORDER,
            document_no=shop.named(f"SO{number}"),
            lines=(line(order.quantity, order.due, order.lots),),
        )
        for number, order in enumerate(plan.orders)
    ]
    if plan.on_order:
        purchase = DocumentEntry(
            kind=DocumentKind.PURCHASE_ORDER,
            document_no=shop.named("PO"),
            lines=(line(plan.on_order, plan.arrives, (plan.on_order, 0)),),
        )
        entered.append(purchase)
    return tuple(entered)


@st.composite
def drawn_orders(draw: st.DrawFn) -> Order:
    """An order for one to four, some of it under lots."""
    quantity = draw(st.integers(1, 4))
    of_a = draw(st.integers(0, quantity))
    of_b = draw(st.integers(0, quantity - of_a))
    return Order(quantity, (of_a, of_b), draw(st.none() | st.integers(0, 3)))


def reserves(line: st.SearchStrategy[str]) -> st.SearchStrategy[Reserve]:
    """Requests for any goods, for one lot, for the line's lots in turn."""
    numbers = st.sampled_from((Choice.ANY, Choice.ANY, *LOTS, Choice.ALL))
    some = st.none() | st.integers(1, 4).map(Decimal)
    return st.builds(
        Reserve,
        line=line,
        numbers=numbers,
        quantity=some,
        supply=st.sampled_from(("", "", "", "stock", "purchase")),
        all_or_nothing=st.sampled_from((False, False, True)),
    )


def plans(*, reserving_only: bool = False) -> st.SearchStrategy[Plan]:
    """Shops in which goods are scarce, and up to six things that are done there."""
    line = st.sampled_from([f"SO{number}/1" for number in range(3)])
    does: st.SearchStrategy[Command] = reserves(line)
    if not reserving_only:
        some = st.none() | st.integers(1, 3).map(Decimal)
        ship = st.builds(Post, posting=st.just(Posting.SHIP), line=line, quantity=some)
        receive = st.builds(
            Post, posting=st.just(Posting.RECEIVE), line=st.just("PO/1"), quantity=some
        )
        cancel = st.builds(Cancel, line=line)
        does = st.one_of(does, does, ship, receive, cancel)
    return st.builds(
        Plan,
        stock=st.tuples(st.integers(0, 4), st.integers(0, 4)),
        on_order=st.integers(0, 4),
        arrives=st.integers(0, 3),
        orders=st.tuples(drawn_orders(), drawn_orders(), drawn_orders()),
        steps=st.lists(does, min_size=1, max_size=6).map(tuple),
    )
