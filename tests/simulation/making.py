"""Making acts at random, about what there is: from a seed, so that they can be made again."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import TypeVar

from earmark import (
    AddLines,
    AddNumbers,
    Adjust,
    AskHolder,
    AssignNumbers,
    Cancel,
    Change,
    ChangeNumber,
    ChangeStatus,
    Choice,
    Delete,
    Dimension,
    DocumentEntry,
    DocumentKind,
    DocumentStatus,
    EditLine,
    EnterDocuments,
    Give,
    Hold,
    KeepUnits,
    LineEntry,
    Numbers,
    Post,
    Posting,
    Reclassify,
    Repair,
    Reserve,
    SelectEntries,
    SplitLine,
    StockRow,
    SupplyTake,
    Take,
    TakeWayOut,
    Track,
    TrackingLine,
    Withdraw,
)
from earmark.core.commands import Command
from tests.simulation.acts import Act, Do, Seen, UndoOf, Wait
from tests.simulation.shop import CUSTOMERS, KINDS, LOT, PACKAGE, PLACES, SERIAL, START, USERS, Kind

OPENING = 16
"""For so many acts a shop mostly fills up."""
T = TypeVar("T")
DAYS = tuple(START.date() + timedelta(days=n) for n in range(-3, 12))


class Maker:
    """Makes one random act after the other."""

    def __init__(self, random: Random) -> None:
        """From a seed that can be repeated."""
        self.random = random
        self.entered = 0
        self.kinds = random.sample(list(KINDS.values()), 2)

    def act(self, seen: Seen) -> Act:
        """Some act."""
        chance = self.random.random()
        if chance < 0.04:
            return Wait(timedelta(minutes=self.random.choice((-30, 1, 20, 90, 60 * 24))))
        if chance < 0.16 and seen.acts:
            return UndoOf(self._recent(seen.acts), self.one(USERS))
        if seen.acts < OPENING and chance < 0.75:
            make: Callable[[Maker, Seen], Command] = self.one((_adjust, _enter))
        else:
            (make,) = self.random.choices(list(MAKERS), list(MAKERS.values()))
        command = make(self, seen)
        return Do(command, tried=self.may(0.15), at_once=self.may(0.12))

    def _recent(self, acts: int) -> int:
        return max(0, acts - 1 - int(self.random.expovariate(0.25)))

    def may(self, chance: float) -> bool:
        """Whether something happens."""
        return self.random.random() < chance

    def one(self, of: Sequence[T]) -> T:
        """One of these."""
        return self.random.choice(of)

    # -- parts of commands ---------------------------------------------------------------------

    def kind(self) -> Kind:
        """An item."""
        return self.one(list(KINDS.values()) if self.may(0.05) else self.kinds)

    def place(self) -> str:
        """A location, mostly the same."""
        return PLACES[0] if self.may(0.7) else self.one(PLACES)

    def variant(self, kind: Kind) -> str:
        """A variant, or none."""
        return self.one(("", *kind.item.variants))

    def quantity(self, kind: Kind | None = None, most: int = 6) -> Decimal:
        """Some, rarely a fraction."""
        whole = Decimal(self.random.randint(1, most))
        if kind is not None and not kind.is_serial and self.may(0.1):
            return whole / 4
        return whole

    def numbers(self, dimensions: frozenset[Dimension]) -> Numbers:
        """Numbers in these dimensions; few, so that they meet."""
        return Numbers(
            lot_no=self.one(("L1", "L2", "L3")) if LOT in dimensions else "",
            serial_no=f"S{self.random.randint(1, 9)}" if SERIAL in dimensions else "",
            package_no=self.one(("P1", "P2")) if PACKAGE in dimensions else "",
        )

    def tracking(
        self, kind: Kind, rows: int = 3, seen: Seen | None = None
    ) -> tuple[TrackingLine, ...]:
        """Item tracking lines, mostly of what is in stock."""
        there = [s[3] for s in seen.stock if s[0] == kind.item.item_no] if seen else []
        found = []
        for _ in range(self.random.randint(0 if self.may(0.1) else 1, rows)):
            is_known = there and self.may(0.8)
            numbers = self.one(there) if is_known else self.numbers(kind.entered)
            quantity = Decimal(1) if numbers.serial_no else self.quantity(kind, 4)
            found.append(
                TrackingLine(
                    lot_no=numbers.lot_no,
                    serial_no=numbers.serial_no,
                    package_no=numbers.package_no,
                    quantity=quantity,
                    to_handle=self.one((None, None, None, quantity)),
                    expiration_date=self.expires(kind),
                )
            )
        return tuple(found)

    def expires(self, kind: Kind) -> date | None:
        """An expiration date, mostly the same for all."""
        if not kind.dated or self.may(0.5):
            return None
        return self.one((DAYS[-1], DAYS[-1], DAYS[6], DAYS[2]))

    def day(self) -> date | None:
        """A day about now, or none."""
        return self.one((None, *DAYS))

    def who(self) -> str:
        """Somebody."""
        return self.one(USERS)

    def line_entry(self, kind: Kind, seen: Seen, *, is_supply: bool) -> LineEntry:
        """A line of a document."""
        tracked = self.tracking(kind, 2, seen) if kind.entered and self.may(0.4) else ()
        return LineEntry(
            item_no=kind.item.item_no,
            quantity=self.quantity(kind, 7),
            date=self.day(),
            location_code=self.place(),
            variant_code=self.variant(kind),
            unit=self.one(("", "", *kind.item.units)) if not kind.is_serial else "",
            numbers=tracked,
            made_for=self.one(seen.demands) if is_supply and seen.demands and self.may(0.1) else "",
        )

    def demand(self, seen: Seen) -> str:
        """A line that takes stock."""
        return self.one(seen.demands) if seen.demands else "NONE/1"

    def supply(self, seen: Seen) -> str:
        """A line that brings stock."""
        return self.one(seen.supplies) if seen.supplies else "NONE/1"

    def either(self, seen: Seen) -> str:
        """Any line."""
        return self.one([*seen.demands, *seen.supplies] or ["NONE/1"])

    def numbers_of(self, seen: Seen, line: str) -> Numbers | Choice:
        """How to answer whether specific numbers are wanted."""
        kind = KINDS.get(seen.kinds.get(line, ""))
        if kind is None or not kind.specific or self.may(0.4):
            return Choice.ANY
        entered = seen.tracked.get(line, [])
        if not entered:
            return Choice.ANY if self.may(0.8) else self.numbers(kind.specific)
        return Choice.ALL if self.may(0.5) else self.one(entered).only(kind.specific)

    def held(self, seen: Seen) -> str:
        """A line that holds something, mostly."""
        return self.one(seen.holding) if seen.holding and self.may(0.8) else self.either(seen)


# -- Makers ------------------------------------------------------------------------------------


def _adjust(m: Maker, seen: Seen) -> Command:
    rows = []
    for _row in range(m.random.randint(1, 3)):
        if seen.stock and m.may(0.2):
            item_no, variant, place, numbers, most = m.one(seen.stock)
            gone = min(most, m.quantity())
            rows.append(
                StockRow(
                    item_no=item_no,
                    variant_code=variant,
                    location_code=place,
                    numbers=numbers,
                    quantity=-gone,
                )
            )
            continue
        kind = m.kind()
        numbers = m.numbers(kind.entered)
        sign = m.one((1,) * 9 + (-1,))
        quantity = Decimal(1) if numbers.serial_no else m.quantity(kind, 8)
        rows.append(
            StockRow(
                item_no=kind.item.item_no,
                location_code=m.place(),
                variant_code=m.variant(kind),
                quantity=sign * quantity,
                numbers=numbers,
                unit="" if numbers.serial_no else m.one(("", "", "", *kind.item.units)),
                expiration_date=m.expires(kind),
                date=m.one((None, DAYS[0], DAYS[4])),
            )
        )
    return Adjust(rows=tuple(rows), by=m.who())


_SOLD = (DocumentKind.SALES_ORDER, DocumentKind.SALES_ORDER, DocumentKind.DEMAND)
_BOUGHT = (DocumentKind.PURCHASE_ORDER, DocumentKind.PURCHASE_ORDER, DocumentKind.SUPPLY)


def _enter(m: Maker, seen: Seen) -> Command:
    document_kind = m.one((*_SOLD, *_BOUGHT, DocumentKind.PRODUCTION_ORDER))
    is_supply = document_kind not in _SOLD
    lines = tuple(
        m.line_entry(m.kind(), seen, is_supply=is_supply) for _ in range(m.random.randint(1, 3))
    )
    status = None
    if document_kind is DocumentKind.PRODUCTION_ORDER:
        status = m.one((DocumentStatus.RELEASED, DocumentStatus.PLANNED))
        part = m.line_entry(m.kind(), seen, is_supply=False)
        lines = (replace(lines[0], components=(part,)), *lines[1:])
    m.entered += 1
    entry = DocumentEntry(
        kind=document_kind,
        document_no=f"D{m.entered}",
        customer_no=m.one(("", *(c.customer_no for c in CUSTOMERS)))
        if document_kind is DocumentKind.SALES_ORDER
        else "",
        status=status,
        lines=lines,
    )
    return EnterDocuments(documents=(entry,), by=m.who())


def _add_lines(m: Maker, seen: Seen) -> Command:
    name = m.demand(seen).partition("/")[0]
    lines = (m.line_entry(m.kind(), seen, is_supply=False),)
    entry = DocumentEntry(kind=DocumentKind.SALES_ORDER, document_no=name, lines=lines)
    return AddLines(document=entry, by=m.who())


def _track(m: Maker, seen: Seen) -> Command:
    line = m.either(seen)
    kind = KINDS.get(seen.kinds.get(line, ""), m.kind())
    make = m.one((Track, Track, AddNumbers))
    return make(line=line, numbers=m.tracking(kind, seen=seen), by=m.who())


def _assign(m: Maker, seen: Seen) -> Command:
    line = m.supply(seen)
    return AssignNumbers(line=line, what=m.one((LOT, SERIAL)), first_no="N-001", by=m.who())


def _select(m: Maker, seen: Seen) -> Command:
    return SelectEntries(line=m.demand(seen), quantity=m.one((None, m.quantity())), by=m.who())


def _reserve(m: Maker, seen: Seen) -> Command:
    if seen.supplies and m.may(0.15):
        line = m.supply(seen)
        source = m.one(("", "sales", m.demand(seen)))
        return Reserve(line=line, supply=source, quantity=m.one((None, m.quantity())), by=m.who())
    line = m.demand(seen)
    some = min(m.quantity(), seen.outstanding.get(line, Decimal(4)))
    return Reserve(
        line=line,
        numbers=m.numbers_of(seen, line),
        supply=m.one(("",) * 8 + ("stock", "purchase", m.supply(seen))),
        quantity=m.one((None, None, None, some)),
        hold_until=seen.now + timedelta(minutes=m.random.randint(1, 90)) if m.may(0.15) else None,
        all_or_nothing=m.may(0.1),
        by=m.who(),
    )


def _take(m: Maker, seen: Seen) -> Command:
    line = m.demand(seen)
    kind = KINDS.get(seen.kinds.get(line, ""), m.kind())
    takes = tuple(
        SupplyTake(
            supply=m.one(("stock", m.supply(seen))),
            quantity=m.quantity(most=3),
            numbers=m.numbers(kind.entered),
            is_specific=m.may(0.5),
        )
        for _ in range(m.random.randint(1, 2))
    )
    return Take(line=line, takes=takes, by=m.who())


def _cancel(m: Maker, seen: Seen) -> Command:
    line = m.held(seen)
    return Cancel(line=line, supply=m.one(("", "", m.supply(seen))), by=m.who())


def _change(m: Maker, seen: Seen) -> Command:
    return Change(line=m.held(seen), quantity=m.quantity(most=3) - 1, by=m.who())


def _hold(m: Maker, seen: Seen) -> Command:
    until = seen.now + timedelta(minutes=m.random.randint(1, 90))
    return Hold(line=m.held(seen), until=m.one((None, until, until)), by=m.who())


def _repair(m: Maker, seen: Seen) -> Command:
    return Repair(line=m.demand(seen), supply=f"{m.kind().item.item_no}#{m.random.randint(1, 6)}")


def _way_out(m: Maker, seen: Seen) -> Command:
    return TakeWayOut(line=m.demand(seen), way="", by=m.who())


def _edit(m: Maker, seen: Seen) -> Command:
    line = m.either(seen)
    kind = KINDS.get(seen.kinds.get(line, ""), m.kind())
    changed: dict[str, object] = m.one(
        [
            {"quantity": m.quantity(kind, 8)},
            {"quantity": m.quantity(kind, 8)},
            {"date": m.day()},
            {"date": m.day()},
            {"location_code": m.place()},
            {"variant_code": m.variant(kind)},
            {"unit": m.one(("", *kind.item.units))},
            {"item_no": m.kind().item.item_no},
        ]
    )
    return EditLine(line=line, release=m.may(0.5), by=m.who(), **changed)  # type: ignore[arg-type]


def _split(m: Maker, seen: Seen) -> Command:
    return SplitLine(line=m.demand(seen), quantity=m.quantity(most=3), date=m.day(), by=m.who())


def _delete(m: Maker, seen: Seen) -> Command:
    line = m.either(seen)
    return Delete(reference=m.one((line, line.partition("/")[0])), by=m.who())


def _status(m: Maker, seen: Seen) -> Command:
    chosen = (DocumentStatus.RELEASED, DocumentStatus.PLANNED, DocumentStatus.FINISHED)
    return ChangeStatus(document_no=m.one(seen.documents or ["NONE"]), status=m.one(chosen))


def _post(m: Maker, seen: Seen) -> Command:
    line = m.either(seen)
    kind = KINDS.get(seen.kinds.get(line, ""), m.kind())
    is_demand = line in seen.demands
    posting = m.one(list(Posting)) if m.may(0.03) else seen.verbs.get(line, Posting.SHIP)
    is_tracked = bool(seen.tracked.get(line))
    named = kind.entered and m.may(0.2 if is_tracked else 0.9)
    numbers = m.tracking(kind, 2, seen if is_demand else None) if named else ()
    total = sum((t.quantity for t in numbers), Decimal(0))
    most = seen.outstanding.get(line, Decimal(4))
    some = m.quantity(kind, 4) if m.may(0.1) else min(m.quantity(kind, 4), most)
    quantity = total if numbers and total else m.one((None, some or Decimal(1)))
    whole = not numbers and m.may(0.25)
    return Post(
        posting=posting,
        line=line.partition("/")[0] if whole else line,
        quantity=None if whole else quantity,
        numbers=numbers,
        date=m.one((None, None, DAYS[4])),
        by=m.who(),
    )


def _reclassify(m: Maker, seen: Seen) -> Command:
    kind = m.kind()
    numbers = m.numbers(kind.entered)
    variant, where = m.variant(kind), m.place()
    if seen.stock and m.may(0.9):
        item_no, variant, where, numbers, _ = m.one(seen.stock)
        kind = KINDS[item_no]
    other = m.numbers(kind.entered)
    return Reclassify(
        item_no=kind.item.item_no,
        variant_code=variant,
        location_code=where,
        quantity=Decimal(1) if numbers.serial_no else m.quantity(kind, 4),
        numbers=numbers,
        to_location_code=m.one((None, *PLACES)),
        to_lot_no=m.one((None, None, other.lot_no)) if kind.entered else None,
        to_expiration_date=m.one((None, None, m.expires(kind))),
        by=m.who(),
    )


def _number(m: Maker, _: Seen) -> Command:
    kind = m.kind()
    dimension = m.one(sorted(kind.entered) or [LOT])
    changed: dict[str, object] = m.one(
        [{"is_blocked": True}, {"is_blocked": False}, {"expiration_date": m.expires(kind)}]
    )
    return ChangeNumber(
        item_no=kind.item.item_no,
        numbers=m.numbers(frozenset({dimension})),
        by=m.who(),
        **changed,  # type: ignore[arg-type]
    )


def _ask(m: Maker, seen: Seen) -> Command:
    return AskHolder(line=m.demand(seen), holder=m.demand(seen), by=m.who())


def _answer(m: Maker, seen: Seen) -> Command:
    appeal = m.one(seen.appeals or ["0"])
    make = m.one((Give, Give, KeepUnits, Withdraw))
    return make(appeal=appeal, by=m.who())


MAKERS: dict[Callable[[Maker, Seen], Command], int] = {
    _adjust: 14,
    _enter: 10,
    _add_lines: 2,
    _track: 9,
    _assign: 1,
    _select: 3,
    _reserve: 26,
    _take: 3,
    _cancel: 4,
    _change: 4,
    _hold: 4,
    _repair: 2,
    _way_out: 2,
    _edit: 10,
    _split: 2,
    _delete: 3,
    _status: 1,
    _post: 18,
    _reclassify: 5,
    _number: 4,
    _ask: 2,
    _answer: 2,
}
