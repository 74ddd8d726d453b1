"""A story is told from its seed, played as it is told, and shortened where it went wrong."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from random import Random

from earmark import EarmarkError, Undo
from tests.simulation.acts import ACTS
from tests.simulation.inventing import Inventor
from tests.simulation.places import Open
from tests.simulation.playing import Play, Wrong
from tests.simulation.shop import Clock, Shop, made
from tests.simulation.steps import CLOCK, Step
from tests.simulation.tables import Tables

PATIENCE = 400
"""So many times a story is played again to shorten it."""


@dataclass(slots=True)
class Told:
    """What came of a story: its steps, what each answered how often, what went wrong."""

    seed: int
    steps: list[Step] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    wrong: Wrong | None = None
    tables: Tables = field(default_factory=Tables)


def shop_of(seed: int) -> Shop:
    """The shop of a seed."""
    return made(Random(f"shop {seed}"))  # noqa: S311 - a seed that can be repeated


def tell(seed: int, length: int, open_shop: Open) -> Told:
    """Invent and play a story of so many steps, or until something is wrong."""
    told = Told(seed)
    shop, clock = shop_of(seed), Clock()
    database = open_shop(shop, clock)
    random = Random(f"story {seed}")  # noqa: S311
    play = Play(database, clock, deepcopy(shop), random)
    inventor = Inventor(random, play.shop, clock, play.symbols)
    try:
        play.begin()
        _go_on(play, inventor, told, length)
        play.finish(told.steps[-1])
    except Wrong as wrong:
        told.wrong = wrong
    finally:
        database.close()
    told.counts, told.tables = play.counts, play.before
    return told


def _go_on(play: Play, inventor: Inventor, told: Told, length: int) -> None:
    while len(told.steps) < length:
        step = inventor.next(play.before, ACTS)
        told.steps.append(step)
        done = play.play(step)
        if isinstance(done.answer, EarmarkError) or step.verb == CLOCK:
            continue
        inventor.undoable.append(step.number)
        if inventor.chance(0.2):
            inventor.number += 1
            back = Step(inventor.number, "undo", Undo(posting=f"@{step.number}"), at_once=True)
            told.steps.append(back)
            play.play(back)


def replay(seed: int, steps: Sequence[Step], open_shop: Open) -> Wrong | None:
    """Play these steps of a story again."""
    shop, clock = shop_of(seed), Clock()
    database = open_shop(shop, clock)
    play = Play(database, clock, deepcopy(shop), Random(0))  # noqa: S311
    try:
        play.begin()
        for step in steps:
            play.play(step)
        if steps:
            play.finish(steps[-1])
    except Wrong as wrong:
        return wrong
    finally:
        database.close()
    return None


def shortened(told: Told, open_shop: Open) -> list[Step]:
    """The few steps that show the same fault: parts are left out as long as it still shows."""
    assert told.wrong is not None
    kind, steps, tries = told.wrong.kind, list(told.steps), PATIENCE
    size = max(1, len(steps) // 2)
    while size and tries:
        at = len(steps)
        while at > 0 and tries:
            at = max(0, at - size)
            fewer = steps[:at] + steps[at + size :]
            tries -= 1
            wrong = replay(told.seed, fewer, open_shop)
            if wrong is not None and wrong.kind == kind:
                steps = fewer[: 1 + _place(fewer, wrong.step)]
                told.wrong = wrong
                at = min(at, len(steps))
        size //= 2
    return steps


def _place(steps: Sequence[Step], step: Step) -> int:
    return next(at for at, one in enumerate(steps) if one.number == step.number)
