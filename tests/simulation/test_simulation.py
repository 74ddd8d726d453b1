"""A short run of the simulation, from a seed that is new each time.

`EARMARK_SEED` repeats a run that failed; its number stands in the message. The long runs are
`python -m tests.simulation`.
"""

import inspect
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random, SystemRandom

import pytest
from hypothesis import settings

import earmark
from earmark.core.commands import Command
from earmark.scenarios import check as scenarios
from earmark.scenarios import told_problem
from tests import postgres as launcher
from tests.simulation.acts import ACTS
from tests.simulation.comparing import compared
from tests.simulation.inventing import Inventor
from tests.simulation.places import OnServer, Open, in_memory
from tests.simulation.scenario import as_scenario, as_story
from tests.simulation.shop import Clock
from tests.simulation.steps import CLOCK, IMPORT, MANY, Symbols
from tests.simulation.stories import Told, shop_of, shortened, tell

SHOPS = max(2, settings().max_examples // 20)
LENGTH = 60
SEED = "EARMARK_SEED"
STORIES = range(6)
NOT_COMMANDS = {"open"}


@pytest.fixture(params=["sqlite", "postgresql"])
def opens(request: pytest.FixtureRequest) -> Iterator[Open]:
    """What opens shops, on each kind of database in turn."""
    if request.param == "sqlite":
        yield in_memory
        return
    server: launcher.Server = request.getfixturevalue("postgres")
    place = OnServer(server)
    yield place
    place.tidy()


def seed_of(shop: int) -> int:
    """The seed of a shop: new each time, and printed."""
    seed = int(os.environ.get(SEED) or SystemRandom().randrange(10**6)) + shop
    print(f"{SEED}={seed}")  # noqa: T201 - seeds are printed
    return seed


def check(told: Told, opens: Open) -> None:
    """Fail with the few steps that show what is wrong."""
    if told.wrong is not None:
        steps = shortened(told, opens)
        story = as_story(shop_of(told.seed), steps, f"Seed {told.seed}")
        pytest.fail(f"{SEED}={told.seed}: {told.wrong}\n{story}")


@pytest.mark.parametrize("shop", range(SHOPS))
def test_after_every_command_everything_agrees(opens: Open, shop: int) -> None:
    check(tell(seed_of(shop), LENGTH, opens), opens)


def test_both_databases_answer_and_list_the_same(postgres: launcher.Server) -> None:
    place = OnServer(postgres)
    told = tell(seed_of(0), LENGTH, in_memory)
    check(told, in_memory)
    wrong = compared(told.seed, told.steps, {"sqlite": in_memory, "postgresql": place})
    place.tidy()
    assert wrong is None, f"{SEED}={told.seed}: {wrong}"


def test_a_story_is_told_as_a_scenario_that_the_runner_reads(tmp_path: Path) -> None:
    told = tell(1, 3 * LENGTH, in_memory)
    sayable = [step for step in told.steps if as_scenario(shop_of(1), [step], "One") is not None]
    assert len({step.verb for step in sayable}) > 8
    file = tmp_path / "story.yaml"
    file.write_text(as_story(shop_of(1), sayable, "A story"), encoding="utf-8")
    assert not list(map(told_problem, scenarios([file])))


def test_every_command_is_in_the_simulation() -> None:
    assert commands() <= {verb for verb, _ in invented()}


def test_every_sort_of_command_is_in_the_simulation() -> None:
    sorts = {
        kind
        for name in earmark.__all__
        if isinstance(kind := getattr(earmark, name), type) and issubclass(kind, Command)
    }
    made: set[type] = set()
    for _, command in invented():
        made |= {type(one) for one in (command if isinstance(command, tuple) else (command,))}
    assert sorts <= made


def commands() -> set[str]:
    """The functions of the library that take a command, or several."""
    found = set()
    for name in earmark.__all__:
        use_case = getattr(earmark, name)
        if inspect.isfunction(use_case) and name not in NOT_COMMANDS:
            names = list(inspect.signature(use_case).parameters)
            if names[1:2] in (["command"], ["commands"]):
                found.add(name)
    return found


@cache
def invented() -> tuple[tuple[str, object], ...]:
    """What the simulation makes of a shop in which something of everything stands."""
    found: list[tuple[str, object]] = []
    for seed in STORIES:
        story = tell(seed, 2 * LENGTH, in_memory)
        inventor = Inventor(Random(seed), shop_of(seed), Clock(), Symbols())  # noqa: S311
        inventor.undoable = inventor.appeals = [1]
        steps = [inventor.next(story.tables, ACTS) for _ in range(1000)]
        found += [(step.verb, step.command) for step in steps]
    assert {CLOCK, IMPORT, *MANY} <= {verb for verb, _ in found}
    return tuple(found)
