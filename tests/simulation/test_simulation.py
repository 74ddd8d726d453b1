"""Random commands for a while, on both databases: after each, the numbers are the model's.

`EARMARK_SEED` repeats a run that failed; its number stands in the message.
"""

import os
from collections.abc import Iterator
from random import Random, SystemRandom

import pytest
from hypothesis import settings

import earmark
from tests import stories
from tests.simulation.acting import ACTS, Actor, Clock

ACTIONS = max(300, 3 * settings().max_examples)
"""At least so many, and on until every kind of command has succeeded once."""
TOO_MANY = 10 * ACTIONS
SEED = "EARMARK_SEED"


@pytest.fixture
def actor(database_url: str) -> Iterator[Actor]:
    """Somebody who acts at random, from a seed that a failure names."""
    seed = int(os.environ.get(SEED) or SystemRandom().randrange(10**6))
    print(f"{SEED}={seed}")  # noqa: T201 - seeds are printed
    clock = Clock()
    database = earmark.open(database_url, clock)
    stories.open_shop(database)
    yield Actor(database, clock, Random(seed))  # noqa: S311 - a seed that can be repeated
    database.close()


def test_after_every_command_the_numbers_are_those_of_the_model(actor: Actor) -> None:
    story: list[str] = []
    refused = list(ACTS)
    while len(story) < ACTIONS or refused:
        actor.act()
        story.append(actor.said)
        try:
            actor.model.check(actor.database, stories.LOT)
        except AssertionError as wrong:
            pytest.fail(f"{wrong}\nthe last commands: {story[-8:]}")
        refused = [act for act in ACTS if not actor.done.get(act.__name__)]
        assert len(story) < TOO_MANY, f"nothing is proved by what is always refused: {refused}"
