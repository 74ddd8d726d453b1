"""Random commands, and what each does to the numbers of the model when it is not refused."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

import earmark
from earmark import (
    Adjust,
    Cancel,
    Choice,
    Delete,
    DocumentKind,
    EarmarkError,
    EditLine,
    Hold,
    Outcome,
    Post,
    Posting,
    Reserve,
    Track,
)
from tests import stories
from tests.simulation.model import LineNumbers, Model

LOTS = ("A", "B", "C")
DAY = date(2026, 6, 1)


@dataclass(slots=True)
class Clock:
    """A clock that is moved by hand."""

    now: datetime = datetime(2026, 6, 1, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The time now."""
        return self.now


@dataclass(slots=True)
class Actor:
    """Does one random thing after the other; ``done`` counts what was not refused."""

    database: earmark.Database
    clock: Clock
    random: Random
    model: Model = field(default_factory=Model)
    done: dict[str, int] = field(default_factory=dict)
    said: str = ""
    documents: int = 0

    def act(self) -> None:
        """One random thing."""
        chosen = self.random.choices(list(ACTS), list(ACTS.values()))[0]
        self.said = chosen.__name__
        try:
            outcome = chosen(self)
        except EarmarkError as refusal:
            self.said += f": {refusal}"
            return
        if outcome is not None:
            self.model.release(outcome)
        self.done[chosen.__name__] = self.done.get(chosen.__name__, 0) + 1

    def some(self, most: int = 4) -> Decimal:
        """A small quantity."""
        return Decimal(self.random.randint(1, most))

    def a_line(self, *, is_demand: bool = True) -> str:
        """Some line there is; a name of none where there is none."""
        names = self.model.named(is_demand=is_demand)
        return self.random.choice(names) if names else "NONE/1"

    def a_day(self) -> date | None:
        """A day soon, or none."""
        return self.random.choice((None, *(DAY + timedelta(days=n) for n in range(4))))

    def later(self) -> datetime:
        """A time in the next hours."""
        return self.clock.now + timedelta(minutes=self.random.randint(5, 120))


def order(actor: Actor) -> Outcome:
    """A sales order, under one lot or open which."""
    lot = actor.random.choice((*LOTS, "", ""))
    return _enter(actor, DocumentKind.SALES_ORDER, lot)


def buy(actor: Actor) -> Outcome:
    """A purchase order of one lot."""
    return _enter(actor, DocumentKind.PURCHASE_ORDER, actor.random.choice(LOTS))


def _enter(actor: Actor, kind: DocumentKind, lot: str) -> Outcome:
    quantity = actor.some(6)
    entry = stories.line(
        int(quantity), tracked={lot: int(quantity)} if lot else None, on=actor.a_day()
    )
    actor.documents += 1
    name = f"D{actor.documents}"
    outcome = stories.orders(actor.database, kind, [(name, entry)])
    is_demand = kind is DocumentKind.SALES_ORDER
    actor.model.lines[f"{name}/1"] = LineNumbers(is_demand, lot, quantity)
    return outcome


def reserve(actor: Actor) -> Outcome:
    """Reserve some or all, for a time or for good."""
    name = actor.a_line()
    line = actor.model.lines.get(name)
    named = line is not None and line.lot and actor.random.random() < 0.7
    command = Reserve(
        line=name,
        numbers=Choice.ALL if named else Choice.ANY,
        quantity=actor.random.choice((None, actor.some())),
        hold_until=actor.later() if actor.random.random() < 0.2 else None,
    )
    outcome = earmark.reserve(actor.database, command)
    actor.model.lines[name].reserved += outcome.reserved
    return outcome


def cancel(actor: Actor) -> None:
    """Cancel all of a line."""
    name = actor.a_line()
    outcome = earmark.cancel(actor.database, Cancel(line=name))
    assert outcome.released == actor.model.lines[name].reserved
    actor.model.lines[name].reserved = Decimal(0)


def hold(actor: Actor) -> None:
    """Limit a line's reservations in time, or lift the limit."""
    until = actor.random.choice((None, actor.later()))
    earmark.hold(actor.database, Hold(line=actor.a_line(), until=until))


def track(actor: Actor) -> None:
    """Put a line of which nothing is posted under another lot."""
    name = actor.a_line()
    line = actor.model.lines.get(name)
    if line is None or line.posted:
        return
    lot = actor.random.choice(LOTS)
    entered = stories.lots({lot: int(line.quantity)})
    earmark.track(actor.database, Track(line=name, numbers=entered))
    actor.model.loose = name
    line.lot = lot


def edit(actor: Actor) -> None:
    """Change how much, or when."""
    name = actor.a_line(is_demand=actor.random.random() < 0.7)
    quantity = actor.some(6)
    command = EditLine(line=name, release=actor.random.random() < 0.5)
    if actor.random.random() < 0.3:
        moved = EditLine(line=name, release=command.release, date=actor.a_day())
        actor.model.release(earmark.edit_line(actor.database, moved))
        return
    resized = EditLine(line=name, release=command.release, quantity=quantity)
    actor.model.release(earmark.edit_line(actor.database, resized))
    actor.model.lines[name].quantity = quantity


def ship(actor: Actor) -> Outcome:
    """Goods of a line that names its lot go out."""
    return _post(actor, Posting.SHIP, actor.a_line())


def receive(actor: Actor) -> Outcome:
    """Goods on order come in."""
    return _post(actor, Posting.RECEIVE, actor.a_line(is_demand=False))


def _post(actor: Actor, posting: Posting, name: str) -> Outcome:
    quantity = actor.some(3)
    command = Post(posting=posting, line=name, quantity=quantity)
    outcome = earmark.post(actor.database, command)
    actor.model.post(name, quantity)
    return outcome


def adjust(actor: Actor) -> Outcome:
    """Goods are found, or found missing."""
    lot = actor.random.choice(LOTS)
    quantity = actor.random.choice((-2, -1, 1, 2, 3))
    outcome = earmark.adjust(actor.database, Adjust(rows=(stories.row(lot, quantity),)))
    actor.model.stock[lot] += quantity
    return outcome


def delete(actor: Actor) -> Outcome:
    """A document is no more."""
    name = actor.a_line(is_demand=actor.random.random() < 0.8)
    outcome = earmark.delete(actor.database, Delete(reference=name.partition("/")[0]))
    del actor.model.lines[name]
    return outcome


def wait(actor: Actor) -> None:
    """Time passes, without anybody doing anything."""
    actor.clock.now += timedelta(minutes=actor.random.randint(5, 90))
    actor.model.let_time_pass(actor.clock.now)


ACTS: dict[Callable[[Actor], Outcome | None], int] = {
    order: 9,
    buy: 5,
    reserve: 26,
    cancel: 5,
    hold: 5,
    track: 7,
    edit: 10,
    ship: 12,
    receive: 6,
    adjust: 8,
    delete: 8,
    wait: 8,
}
