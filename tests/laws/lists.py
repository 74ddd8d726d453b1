"""Stores to try long lists in: two items in two lots each, whose lines are simple or are not.

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
LINES = [f"SO{number}/1" for number in range(6)]
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

    goods: tuple[Goods, Goods, Goods, Goods]
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
    items = tuple(Item(item_no=f"{store.mark}I{n}", tracking_code="LOTS") for n in range(2))
    strict = Customer(customer_no=STRICT, minimum_shelf_life_days=2)
    places = (Location(location_code="EAST"),)
    setup = SetUp(tracking_codes=(code,), items=items, locations=places, customers=(strict,))
    earmark.set_up(database, setup)
    for number, goods in enumerate(plan.goods):
        _stock(store, items[number // 2].item_no, LOTS[number % 2], goods)
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


_RARELY_TRUE = st.sampled_from((*[False] * 7, True))
_RARELY_STOCK = st.sampled_from((*[""] * 7, "stock"))
_GOODS = st.builds(
    Goods,
    receipts=st.sampled_from(((6,), (6,), (3,), (2,), (2, 2), ())),
    expires=st.sampled_from((None, None, 9, 3, 1)),
    is_blocked=_RARELY_TRUE,
)
_ORDERS = st.builds(
    Order,
    item=st.integers(0, 1),
    quantity=st.integers(1, 3),
    lots=st.sampled_from(((0,), (0,), (1,), (0, 1), ())),
    due=st.sampled_from((None, 0, 2, 5)),
    is_strict=_RARELY_TRUE,
)
_LINE = st.sampled_from((*LINES, *LINES, "NO/1"))
_LOOSE = st.builds(Reserve, line=st.sampled_from(LINES), quantity=st.just(Decimal(1)))

PLANS = st.builds(
    Plan,
    goods=st.tuples(_GOODS, _GOODS, _GOODS, _GOODS),
    orders=st.tuples(*[_ORDERS] * len(LINES)),
    holders=st.lists(_LOOSE, max_size=2).map(tuple),
)
REQUESTS = st.lists(
    st.builds(
        Reserve,
        line=_LINE,
        numbers=st.sampled_from((*LOTS, *LOTS, *LOTS, Choice.ANY, Choice.ALL)),
        quantity=st.sampled_from((None, None, None, Decimal(1), Decimal(2), Decimal(-1))),
        supply=_RARELY_STOCK,
        all_or_nothing=_RARELY_TRUE,
    ),
    min_size=1,
    max_size=8,
)
CANCELLATIONS = st.lists(
    st.builds(
        Cancel,
        line=_LINE,
        numbers=st.sampled_from((Choice.ANY, Choice.ANY, Choice.ANY, *LOTS)),
        supply=_RARELY_STOCK,
    ),
    min_size=1,
    max_size=8,
)
