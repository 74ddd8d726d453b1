"""A short run of the simulation on both databases, from a seed that is new each time.

`EARMARK_SEED` repeats a run that failed; its number stands in the message. The long runs are
`python -m tests.simulation`.
"""

import os
from collections.abc import Callable
from random import SystemRandom

import pytest
from hypothesis import settings

import earmark
from earmark.core.commands import Command
from tests.simulation.acts import Act
from tests.simulation.playing import USE_CASES, Found, Player, make_run
from tests.simulation.shortening import shortened, told

SHOPS = max(2, settings().max_examples // 20)
LENGTH = 80
SEED = "EARMARK_SEED"
LEFT_OUT = {
    "Undo",  # an act of its own: it names an earlier one
    "SetUp",  # the shop is set up once; what is in use is fixed
}


@pytest.mark.parametrize("shop", range(SHOPS))
def test_after_every_command_everything_agrees(
    new_database: Callable[[], earmark.Database], shop: int
) -> None:
    seed = int(os.environ.get(SEED) or SystemRandom().randrange(10**6)) + shop
    print(f"{SEED}={seed}")  # noqa: T201 - seeds are printed
    acts: list[Act] = []
    player = Player(new_database())
    try:
        make_run(seed, LENGTH, player, acts)
    except Found as wrong:
        few = shortened(acts, str(wrong), new_database)
        pytest.fail(f"{SEED}={seed}: {wrong}\n{told(few)}")
    finally:
        player.database.close()


def test_every_command_is_in_the_simulation() -> None:
    commands = {
        name
        for name in earmark.__all__
        if isinstance(kind := getattr(earmark, name), type) and issubclass(kind, Command)
    }
    assert commands - LEFT_OUT == set(USE_CASES)
