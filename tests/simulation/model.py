"""What should be there, in plain numbers: goods per lot; what a line asks, has had, is promised.

The model decides nothing and shares no code with the engine. It is told what was asked for and what
was answered, does the arithmetic, and says what must then be read.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

import earmark
from earmark import Outcome


@dataclass(slots=True)
class LineNumbers:
    """One line: ``held`` is the part of ``reserved`` that ends by itself, and when."""

    is_demand: bool
    lot: str
    quantity: Decimal
    posted: Decimal = Decimal(0)
    reserved: Decimal = Decimal(0)
    held: list[tuple[datetime, Decimal]] = field(default_factory=list)

    @property
    def outstanding(self) -> Decimal:
        """What is still to be posted."""
        return self.quantity - self.posted


@dataclass(slots=True)
class Model:
    """All numbers. ``loose`` is the line whose promises the last command was free to cut."""

    stock: Counter[str] = field(default_factory=Counter)
    lines: dict[str, LineNumbers] = field(default_factory=dict)
    loose: str = ""

    def named(self, *, is_demand: bool) -> list[str]:
        """The lines that take stock, or those that bring it."""
        return [name for name, line in self.lines.items() if line.is_demand == is_demand]

    # -- what was done ------------------------------------------------------------------------

    def post(self, name: str, quantity: Decimal) -> None:
        """Goods of a line's lot went out or came in."""
        line = self.lines[name]
        line.posted += quantity
        self.stock[line.lot] += int(-quantity if line.is_demand else quantity)
        self.loose = name

    def release(self, outcome: Outcome) -> None:
        """What an answer says that lines lost."""
        for gone in outcome.releases:
            if gone.line in self.lines:
                self.lines[gone.line].reserved -= gone.quantity

    def let_time_pass(self, now: datetime) -> None:
        """Holds whose time has come are no more."""
        for line in self.lines.values():
            line.reserved -= sum((q for until, q in line.held if until <= now), Decimal(0))

    # -- what must be read --------------------------------------------------------------------

    def check(self, database: earmark.Database, item_no: str) -> None:
        """Everything that is read is what the numbers say; then read anew what is held."""
        rows = earmark.inventory(database, item_no=item_no)
        assert {row.numbers.lot_no: int(row.quantity) for row in rows} == {
            lot: quantity for lot, quantity in self.stock.items() if quantity
        }
        for name, line in self.lines.items():
            self._check_line(database, name, line)
        self._check_promises(database)
        assert earmark.verify(database) == ()
        self.loose = ""

    def _check_line(self, database: earmark.Database, name: str, line: LineNumbers) -> None:
        shown = earmark.line(database, name)
        assert (shown.quantity, shown.posted) == (line.quantity, line.posted), name
        if not line.is_demand:
            return
        assert shown.reserved <= shown.outstanding, name
        if name == self.loose:
            assert shown.reserved <= line.reserved, name
            line.reserved = shown.reserved
        assert shown.reserved == line.reserved, name

    def _check_promises(self, database: earmark.Database) -> None:
        """No lot is promised beyond what is there and what is to come, by its entries either."""
        promised: Counter[str] = Counter()
        to_come: Counter[str] = Counter(self.stock)
        for name, line in self.lines.items():
            if not line.is_demand:
                to_come[line.lot] += int(line.outstanding)
                continue
            entries = earmark.reservations(database, name)
            assert sum(entry.quantity for entry in entries) == line.reserved, name
            line.held = [(e.hold_until, e.quantity) for e in entries if e.hold_until is not None]
            for entry in entries:
                promised[entry.numbers.lot_no] += int(entry.quantity)
        _check_no_more(promised, to_come)


def _check_no_more(promised: Mapping[str, int], to_come: Mapping[str, int]) -> None:
    """A line on order may have grown beyond its lot; such goods have no number yet."""
    assert sum(promised.values()) <= sum(to_come.values())
    named = {lot: quantity for lot, quantity in promised.items() if lot}
    for lot, quantity in named.items():
        assert quantity <= to_come[lot], f"lot {lot}: {quantity} promised of {to_come[lot]}"
