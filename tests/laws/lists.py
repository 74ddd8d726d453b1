"""Stores to try long lists in: a few items in two lots each, whose lines are simple or are not.

Most lines are the plain case that is decided in columns. The others have what it does not decide: a
lot that is contested, blocked, expired or held loosely, a customer who wants fresh goods, several
lots on one line, a line that is named twice or does not exist.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import TypeVar

from hypothesis import strategies as st

import earmark
from earmark import (
    Adjust,
    Cancel,
    ChangeNumber,
    Choice,
    Customer,
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
    Reserve,
    SetUp,
    StockRow,
    TrackingCode,
    TrackingLine,
)

Answer = Outcome | EarmarkError
Asked = TypeVar("Asked", Reserve, Cancel)
DAY = date(2026, 6, 1)
LOTS = (Numbers(lot_no="A"), Numbers(lot_no="B"))
ITEMS = 3
LINES = [f"SO{number}/1" for number in range(8)]
STRICT = "STRICT"

_marks = count(1)


@dataclass(frozen=True, slots=True)
class Goods:
    """What there is of one lot of one item: receipts, the last day it is good, a block."""

    receipts: tuple[int, ...]
    expires: int | None
    is_blocked: bool


@dataclass(frozen=True, slots=True)
class Order:
    """An order with one line: which item, how many, under which lots, by when, for whom."""

    item: int
    quantity: int
    lots: tuple[int, ...]
    due: int | None
    is_strict: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """A store as it is drawn: the lots of each item, its orders, and who holds goods already."""

    goods: tuple[Goods, ...]
    orders: tuple[Order, ...]
    holders: tuple[Reserve, ...]


@dataclass(frozen=True, slots=True)
class Store:
    """A store in a database, under a mark that its items and documents bear."""

    database: earmark.Database
    mark: str

    def named(self, commands: Sequence[Asked]) -> list[Asked]:
        """The same commands about the lines of this store."""
        return [replace(command, line=f"{self.mark}{command.line}") for command in commands]

    def told(self, answer: Answer) -> object:
        """An answer as any such store would have given it; who was moved is told to singles."""
        if isinstance(answer, EarmarkError):
            return answer.code, answer.message.replace(self.mark, "")
        codes = sorted({w.code for w in answer.warnings} - {"moved", "released"})
        line = answer.reference.removeprefix(self.mark)
        return line, answer.verb, answer.reserved, answer.shortfall, codes

    def picture(self) -> list[object]:
        """Who holds what, of every line, and what the totals say."""
        seen: list[object] = []
        for name in LINES:
            line = f"{self.mark}{name}"
            seen.append(earmark.line(self.database, line).reserved)
            held = earmark.reservations(self.database, line)
            seen.append(sorted((r.quantity, r.numbers.lot_no, r.asked.lot_no) for r in held))
        return seen


def open_store(database: earmark.Database, plan: Plan) -> Store:
    """Enter a store: its items, its stock, its orders, and those who hold goods already."""
    store = Store(database, f"Y{next(_marks)}")
    code = TrackingCode("LOTS", specific=frozenset({Dimension.LOT}), expiration_used=True)
    items = tuple(Item(item_no=f"{store.mark}I{n}", tracking_code="LOTS") for n in range(ITEMS))
    strict = Customer(customer_no=STRICT, minimum_shelf_life_days=2)
    places = (Location(location_code="EAST"),)
    setup = SetUp(tracking_codes=(code,), items=items, locations=places, customers=(strict,))
    earmark.set_up(database, setup)
    for number, goods in enumerate(plan.goods):
        _stock(store, items[number // len(LOTS)].item_no, LOTS[number % len(LOTS)], goods)
    entered = tuple(
        _order(store, f"SO{number}", items[order.item].item_no, order)
        for number, order in enumerate(plan.orders)
    )
    earmark.enter_documents(database, EnterDocuments(documents=entered))
    for command in store.named(plan.holders):
        try:
            earmark.reserve(database, command)
        except EarmarkError:
            continue
    return store


def _stock(store: Store, item_no: str, numbers: Numbers, goods: Goods) -> None:
    expires = None if goods.expires is None else DAY + timedelta(days=goods.expires)
    rows = tuple(
        StockRow(
            item_no=item_no,
            location_code="EAST",
            quantity=Decimal(quantity),
            numbers=numbers,
            expiration_date=expires,
        )
        for quantity in goods.receipts
    )
    if rows:
        earmark.adjust(store.database, Adjust(rows=rows))
        if goods.is_blocked:
            blocked = ChangeNumber(item_no=item_no, numbers=numbers, is_blocked=True)
            earmark.change_number(store.database, blocked)


def _order(store: Store, document_no: str, item_no: str, order: Order) -> DocumentEntry:
    tracked = tuple(
        TrackingLine(lot_no=LOTS[lot].lot_no, quantity=Decimal(1))
        for lot in order.lots[: order.quantity]
    )
    line = LineEntry(
        item_no=item_no,
        quantity=Decimal(order.quantity),
        location_code="EAST",
        date=None if order.due is None else DAY + timedelta(days=order.due),
        numbers=tracked,
    )
    return DocumentEntry(
        kind=DocumentKind.SALES_ORDER,
        document_no=f"{store.mark}{document_no}",
        customer_no=STRICT if order.is_strict else "",
        lines=(line,),
    )


_RARELY = st.sampled_from((*[False] * 9, True))
_GOODS = st.builds(
    Goods,
    receipts=st.sampled_from(((6,), (3,), (2,), (2,), (1,), (2, 2), ())),
    expires=st.sampled_from((None, None, 9, 3, 1)),
    is_blocked=_RARELY,
)
_ORDERS = st.builds(
    Order,
    item=st.integers(0, ITEMS - 1),
    quantity=st.integers(1, 3),
    lots=st.sampled_from((*[(0,)] * 6, (1,), (1,), (0, 1), ())),
    due=st.sampled_from((None, 0, 2, 5)),
    is_strict=_RARELY,
)
_LOOSE = st.builds(Reserve, line=st.sampled_from(LINES), quantity=st.just(Decimal(1)))
PLANS = st.builds(
    Plan,
    goods=st.tuples(*[_GOODS] * (ITEMS * len(LOTS))),
    orders=st.tuples(*[_ORDERS] * len(LINES)),
    holders=st.lists(_LOOSE, max_size=2).map(tuple),
)


@st.composite
def requests(draw: st.DrawFn, plan: Plan) -> list[Reserve]:
    """Most lines name their own lot, once; some do not, and some ask in other ways."""
    asked = []
    for number in draw(st.permutations(range(len(LINES)))):
        lots = plan.orders[number].lots
        own = Reserve(line=LINES[number], numbers=LOTS[lots[0]] if lots else Choice.ANY)
        asked.append(own)
        if draw(_RARELY):
            asked.append(draw(_other_requests(own)))
    return asked[: draw(st.integers(1, len(asked)))]


def _other_requests(own: Reserve) -> st.SearchStrategy[Reserve]:
    return st.builds(
        Reserve,
        line=st.sampled_from((own.line, "NO/1")),
        numbers=st.sampled_from((*LOTS, Choice.ANY, Choice.ALL)),
        quantity=st.sampled_from((None, None, Decimal(1), Decimal(2), Decimal(-1))),
        supply=st.sampled_from(("", "", "stock")),
        all_or_nothing=_RARELY,
    )


@st.composite
def cancellations(draw: st.DrawFn) -> list[Cancel]:
    """Most lines give back all they hold, once; some a lot, some twice, and one is unknown."""
    asked = []
    for number in draw(st.permutations(range(len(LINES)))):
        asked.append(Cancel(line=LINES[number]))
        if draw(_RARELY):
            other = st.builds(
                Cancel,
                line=st.sampled_from((LINES[number], "NO/1")),
                numbers=st.sampled_from((Choice.ANY, *LOTS)),
                supply=st.sampled_from(("", "stock")),
            )
            asked.append(draw(other))
    return asked[: draw(st.integers(1, len(asked)))]


@st.composite
def stores(draw: st.DrawFn) -> tuple[Plan, list[Reserve]]:
    """A store as it is drawn, and what is asked of it."""
    plan = draw(PLANS)
    return plan, draw(requests(plan))
