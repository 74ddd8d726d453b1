"""The same story in several databases: answers, readings and the order of rows are the same."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import earmark
from earmark import EarmarkError, Outcome
from tests.simulation import tables
from tests.simulation.places import Open
from tests.simulation.playing import Wrong, differing
from tests.simulation.shop import Clock
from tests.simulation.steps import CLOCK, Answer, Step, Symbols, carry_out, done_by, wait
from tests.simulation.stories import shop_of


def compared(seed: int, steps: Sequence[Step], opens: Mapping[str, Open]) -> Wrong | None:
    """The first step after which two databases differ."""
    sides = [_Side(name, seed, opens[name]) for name in opens]
    try:
        for step in steps:
            first, *others = (side.step(step) for side in sides)
            for side, said in zip(sides[1:], others, strict=True):
                if said != first:
                    difference = _difference(first, said)
                    return Wrong("databases differ", f"{side.name}: {difference}", step)
    finally:
        for side in sides:
            side.database.close()
    return None


class _Side:
    """One database of them."""

    def __init__(self, name: str, seed: int, opens: Open) -> None:
        self.name, self.clock, self.symbols = name, Clock(), Symbols()
        self.database = opens(shop_of(seed), self.clock)

    def step(self, step: Step) -> dict[str, object]:
        """What the step answers, and what is read of all that there is then."""
        if step.verb == CLOCK:
            wait(self.clock, step)
            return {}
        before = _moment(self.database)
        answer = carry_out(self.database, step, self.symbols)
        self.symbols.note(done_by(step, answer, before, _moment(self.database)))
        return {"answer": said(answer), **_readings(self.database, step)}


def _moment(database: earmark.Database) -> list[int]:
    return tables.read(database).moments


def _readings(database: earmark.Database, step: Step) -> dict[str, object]:
    there = tables.read(database)
    found: dict[str, object] = {
        "inventory": earmark.inventory(database),
        "documents": earmark.documents(database),
        "figures": earmark.item_figures(database),
        "alerts": earmark.alerts(database),
    }
    names = sorted(there.lines)
    for name in names[step.number % 5 :: 5]:  # a fifth of them each time: all of them soon
        found[f"tracking {name}"] = earmark.tracking_lines(database, name)
        entries = earmark.reservations(database, name)
        found[f"reservations {name}"] = tuple(replace(entry, since=None) for entry in entries)
        if there.lines[name].is_demand:
            found[f"candidates {name}"] = earmark.candidates(database, name)
            found[f"window {name}"] = earmark.window(database, name)
            why = repr(earmark.why(database, name))
            found[f"why {name}"] = re.sub(r"datetime\([^)]*\)", "", why)
    return found


def said(answer: Answer) -> object:
    """An answer without the moments that no two have in common."""
    if isinstance(answer, list):
        return [said(one) for one in answer]
    if isinstance(answer, EarmarkError):
        return answer.code, re.sub(r"\d{15,}", "…", answer.message)
    if isinstance(answer, Outcome):
        return replace(answer, moment=0, posting="")
    return answer


def _difference(one: Mapping[str, object], other: Mapping[str, object]) -> str:
    for what, value in one.items():
        if other.get(what) != value:
            return f"{what} {differing(value, other.get(what))}"
    return f"{[*other]} instead of {[*one]}"
