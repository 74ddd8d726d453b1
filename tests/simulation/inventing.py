"""What somebody does next, at random: sensible as a rule, so that most of it is not refused."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, TypeVar

from earmark import Numbers, TrackingLine
from earmark.core.commands import Command
from earmark.core.roles import Role, allowed_to
from earmark.core.tracking import Dimension, tracking_line
from tests.simulation.shop import (
    CUSTOMERS,
    DAY,
    PLACES,
    POOL,
    SERIAL,
    Clock,
    Shop,
)
from tests.simulation.steps import MANY, Step, Symbols
from tests.simulation.tables import LineRow, SupplyRow, Tables

T = TypeVar("T")
USERS = {
    "Ana": Role.ORDER_PROCESSOR,
    "Ben": Role.PLANNER,
    "Wim": Role.WAREHOUSE,
    "Quinn": Role.QUALITY,
    "Ada": Role.ADMINISTRATOR,
}
_NO = Decimal(0)
NO_LINE = LineRow._make(("NONE/1", "I1", "", "EAST", _NO, _NO, _NO, 1, "", _NO, *[""] * 5))
SOME = [Decimal(n) for n in ("1", "1", "2", "3", "4", "6")]
ODD = [Decimal(n) for n in ("0.5", "0.33333", "2.54", "7", "12", "0.14286")]


class Inventor:
    """Invents one step after the other, from what stands now."""

    def __init__(self, random: Random, shop: Shop, clock: Clock, symbols: Symbols) -> None:
        """Nothing is known but the shop."""
        self.random, self.shop, self.clock, self.symbols = random, shop, clock, symbols
        self.tables = Tables()
        self.number = 0
        self.documents = 0
        self.undoable: list[int] = []
        self.appeals: list[int] = []
        self.mark = ""

    # -- choosing ------------------------------------------------------------------------------

    def chance(self, likely: float) -> bool:
        """Whether it happens this time."""
        return self.random.random() < likely

    def one_of(self, *choices: T) -> T:
        """Any of these."""
        return self.random.choice(choices)

    def item(self) -> str:
        """Some item."""
        return self.random.choice(list(self.shop.items))

    def variant(self, item: str) -> str:
        """A variant it has, or none."""
        return self.random.choice((*self.shop.items[item].variants, ""))

    def place(self) -> str:
        """Where most of it happens, or elsewhere."""
        return PLACES[self.chance(0.25)]

    def day(self) -> date | None:
        """A day soon, today, a day that is past, or none."""
        return self.one_of(None, *(self.clock.now.date() + timedelta(days=n) for n in range(-1, 6)))

    def expiration(self, item: str) -> date | None:
        """An expiration date, where the item has such."""
        code = self.shop.code(item)
        if not code.expiration_used or (not code.expiration_required and self.chance(0.4)):
            return None
        return DAY + timedelta(days=self.random.randint(0, 14))

    def some(self, item: str, *, most: int = 6) -> Decimal:
        """A quantity that makes sense for the item, or an odd one."""
        if SERIAL in self.shop.code(item).entered or self.chance(0.8):
            return min(self.random.choice(SOME), Decimal(most))
        return self.random.choice(ODD)

    def unit(self, item: str) -> str:
        """A unit of the item, most often its base unit."""
        return self.one_of("", "", "", *self.shop.items[item].units)

    def numbers(self, item: str, *, whole: bool = True) -> Numbers:
        """Numbers such as the item has."""
        code = self.shop.code(item)
        wanted = [d for d in code.entered if whole or self.chance(0.7)]
        if self.shop.items[item].tracking_code not in ("", "FREE") and self.chance(0.05):
            wanted = [*wanted, self.random.choice(list(Dimension))]
        named = {f"{d.value}_no": self._number(d) for d in wanted}
        return Numbers(**named)

    def _number(self, dimension: Dimension) -> str:
        name = self.random.choice(POOL[dimension])
        return name.lower() if self.chance(0.02) else name

    def in_stock(self, item: str, key: tuple[str, str, str] | None = None) -> SupplyRow | None:
        """Some goods there are."""
        there = [
            s
            for s in self.tables.supplies.values()
            if s.kind == "stock" and s.item == item and s.quantity and key in (None, s.key)
        ]
        return self.random.choice(there) if there else None

    def there(self, item: str) -> Numbers:
        """Numbers that some goods have, or that none has."""
        supply = self.in_stock(item) if self.chance(0.8) else None
        return Numbers(*supply.numbers) if supply else self.numbers(item)

    def tracked(self, item: str, quantity: Decimal, line: LineRow | None = None) -> Any:  # noqa: ANN401
        """Tracking lines for so much, or for a part of it."""
        rows: dict[object, TrackingLine] = {}
        left = quantity
        while left > 0 and len(rows) < 4 and self.chance(0.85):
            supply = self.in_stock(item, line.key if line else None) if self.chance(0.6) else None
            numbers = Numbers(*supply.numbers) if supply else self.numbers(item)
            if not numbers:
                break
            part = Decimal(1) if numbers.serial_no else min(left, self.some(item))
            key = numbers.serial_no.lower() or (numbers.lot_no.lower(), numbers.package_no.lower())
            if key in rows and not self.chance(0.03):
                continue
            to_handle = self.one_of(None, None, None, Decimal(0), part)
            rows[key] = tracking_line(
                numbers, part, to_handle=to_handle, expiration_date=self.expiration(item)
            )
            left -= part
        return tuple(rows.values())

    def line(self, *, demand: bool | None = None) -> LineRow:
        """A line there is; one that is not where there is none."""
        names = [row for row in self.tables.lines.values() if demand in (None, row.is_demand)]
        if not names:
            return NO_LINE
        open_ones = [row for row in names if row.outstanding]
        return self.random.choice(open_ones if open_ones and self.chance(0.9) else names)

    def hold(self) -> datetime | None:
        """Until when, if not for good."""
        if self.chance(0.7):
            return None
        return self.clock.now + timedelta(minutes=self.random.randint(-5, 600))

    def supply_name(self, line: LineRow) -> str:
        """Where a line has reserved, a supply it could have, a kind of supply, or nothing."""
        if self.chance(0.4):
            return ""
        if self.chance(0.3):
            kinds = ("stock", "purchase", "production", "supply")
            others_kinds = ("sales", "component", "demand")
            return self.random.choice(kinds if line.is_demand else others_kinds)
        others = [x for x in self.tables.lines.values() if x.is_demand != line.is_demand]
        same = [x.line for x in others if x.item == line.item]
        if not line.is_demand:
            return self.random.choice(same) if same else "sales"
        stock = [s for s in self.tables.supplies.values() if s.kind == "stock"]
        named = [self.entry_name(s) for s in stock if s.item == line.item]
        every = [*same, *named]
        return self.random.choice(every) if every else "stock"

    def entry_name(self, supply: SupplyRow) -> str:
        """A supply by its line or by the step that made its ledger entry."""
        name = supply.source or f"{supply.item}#{supply.supply_no}"
        return self.symbols.entries.get(name, name)

    def document_no(self) -> str:
        """A document there is."""
        names = [name for name, said in self.tables.documents.items() if said.endswith("False")]
        return self.random.choice(names) if names else "NONE"

    def new_document_no(self) -> str:
        """A document no. that nobody has had."""
        self.documents += 1
        return f"{self.mark}D{self.documents}"

    def customer(self) -> str:
        """For whom, if for anybody."""
        return self.random.choice(CUSTOMERS)

    # -- what somebody does --------------------------------------------------------------------

    def next(self, tables: Tables, acts: dict[Callable[["Inventor"], Any], int]) -> Step:
        """The next step."""
        self.tables = tables
        self.number += 1
        made = None
        while made is None:
            made = self.random.choices(list(acts), list(acts.values()))[0](self)
        verb, command, *way = made
        if verb in MANY:
            signed = self._signed(command[0])
            command = tuple(
                replace(c, by=signed.by, allowed=signed.allowed, reason=signed.reason)
                for c in command
            )
        elif isinstance(command, Command):
            command = self._signed(command)
        return Step(self.number, verb, command, *way)

    def _signed(self, command: Command) -> Command:
        """Somebody asks, in his role or without one."""
        user = self.one_of("", *USERS)
        if not user or self.chance(0.6):
            return replace(command, by=user)
        reason = self.one_of("", "agreed")
        return replace(command, by=user, reason=reason, allowed=allowed_to(USERS[user]))
