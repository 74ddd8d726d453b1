"""Small random pictures of a stock key, held in memory: supplies in two lots, holders of all sorts.

Quantities are one to three, so that every assignment can be tried.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from earmark.core.balance import ReservationChanges
from earmark.core.documents import LineKind
from earmark.core.items import PickingOrder, ReservePolicy, StockKey
from earmark.core.shelf import MemoryShelf
from earmark.core.stock import STOCK, Binding, Demand, ReservationEntry, Slot, Supply
from earmark.core.tracking import NO_NUMBERS, Dimension, Numbers

KEY = StockKey("X", "", "EAST")
DAY = date(2026, 6, 1)
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
LOTS = (Numbers(lot_no="A"), Numbers(lot_no="B"))
ASKING = "ASKING/1"
LINES = ("H1/1", "H2/1", "H3/1", ASKING)

COUNTS = (5, 4, 3, 2, 1)

Promises = Counter[Slot]


@dataclass(frozen=True, slots=True)
class Picture:
    """A stock key and the request that is made of it."""

    shelf: MemoryShelf
    wanted: int

    @property
    def supplies(self) -> list[Supply]:
        """All supply."""
        return sorted(self.shelf.all_supplies, key=lambda supply: supply.supply_no)

    @property
    def demand(self) -> Demand:
        """The demand that asks."""
        return self.shelf.demands([ASKING])[0]

    @property
    def before(self) -> Promises:
        """What is promised before the request."""
        return Counter({entry.slot: int(entry.quantity) for entry in self.shelf.entries})


def after(picture: Picture, changes: ReservationChanges) -> Promises:
    """What is promised once the changes are made."""
    promised = picture.before
    for entry in changes.ended:
        del promised[entry.slot]
    promised.update({slot: int(quantity) for slot, quantity in changes.made})
    return promised


def per_supply(promised: Mapping[Slot, int]) -> Counter[int]:
    """What is promised of each supply."""
    total: Counter[int] = Counter()
    for slot, quantity in promised.items():
        total[slot.supply_no] += quantity
    return total


def days(most: int) -> st.SearchStrategy[date]:
    """A day within ``most`` days."""
    return st.integers(0, most).map(lambda number: DAY + timedelta(days=number))


@st.composite
def supplies(draw: st.DrawFn, number: int) -> Supply:
    """Some stock, which has a lot, or a purchase, which may not have one yet."""
    is_stock = draw(st.booleans())
    unknown = () if is_stock else (NO_NUMBERS,)
    return Supply(
        supply_no=number,
        kind=STOCK if is_stock else str(LineKind.PURCHASE),
        key=KEY,
        source="" if is_stock else f"PO{number}/1",
        numbers=LOTS[0] if number == 1 else draw(st.sampled_from((*LOTS, *unknown))),
        quantity=Decimal(draw(st.integers(1, 3))),
        reserved=Decimal(0),
        nonspecific=Decimal(0),
        available_on=None if is_stock else draw(st.none() | days(2)),
        posted_on=draw(days(1)) if is_stock else None,
        expiration_date=draw(st.none() | days(4)),
        is_blocked=draw(st.integers(0, 19)) == 19,
    )


@st.composite
def entries(draw: st.DrawFn, number: int, supply: Supply) -> ReservationEntry:
    """A promise on a supply, of any of the four sorts; where it stands it may have become unfit."""
    sort = draw(st.sampled_from((*["nonspecific"] * 6, "specific", "bound", "held")))
    slot = Slot(
        line=draw(st.sampled_from(LINES)),
        supply_no=supply.supply_no,
        asked=supply.numbers if sort == "specific" else NO_NUMBERS,
        binding=Binding.ORDER_TO_ORDER if sort == "bound" else Binding.NONE,
        hold_until=NOON if sort == "held" else None,
    )
    quantity = Decimal(draw(st.integers(1, int(supply.quantity))))
    return ReservationEntry(1, number, slot, quantity)


def _fitting(found: list[ReservationEntry], known: list[Supply]) -> list[ReservationEntry]:
    """The entries that the supplies have room for, and no slot twice."""
    room = {supply.supply_no: supply.quantity for supply in known}
    kept: dict[Slot, ReservationEntry] = {}
    for entry in found:
        if entry.slot not in kept and entry.quantity <= room[entry.slot.supply_no]:
            kept[entry.slot] = entry
            room[entry.slot.supply_no] -= entry.quantity
    return list(kept.values())


@st.composite
def demands(draw: st.DrawFn, line: str, reserved: Decimal, wanted: int) -> Demand:
    """A sales line, perhaps dated, perhaps strict about shelf life."""
    return Demand(
        line=line,
        kind=LineKind.SALES,
        key=KEY,
        needed_on=draw(st.none() | days(3)),
        outstanding=reserved + wanted,
        reserved=reserved,
        reserve=ReservePolicy.OPTIONAL,
        never_because="",
        takes_part=True,
        customer="",
        transit_days=0,
        minimum_shelf_life_days=draw(st.sampled_from((0, 0, 0, 1))),
        specific=frozenset({Dimension.LOT}),
        picking_order=PickingOrder.FEFO,
    )


@st.composite
def pictures(draw: st.DrawFn) -> Picture:
    """Up to five supplies, up to six holders, and somebody who asks for one to four units.

    Crowded rather than empty: where everything is free nobody need move.
    """
    known = [draw(supplies(number)) for number in range(1, draw(st.sampled_from(COUNTS)) + 1)]
    drawn = [
        draw(entries(number, known[number % len(known)]))
        for number in range(draw(st.integers(len(known) - 1, 6)))
    ]
    held = _fitting(drawn, known)
    wanted = draw(st.integers(1, 4))
    lines = []
    for line in LINES:
        reserved = sum((e.quantity for e in held if e.slot.line == line), Decimal(0))
        lines.append(draw(demands(line, reserved, wanted if line == ASKING else 0)))
    return Picture(MemoryShelf(KEY, PickingOrder.FEFO, known, held, lines), wanted)
