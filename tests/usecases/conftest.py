"""The office that tests of accounts work in, and the story that read models are tested on."""

from collections.abc import Iterator

import pytest

import earmark
from earmark.core.roles import Role
from earmark.usecases import demonstration
from tests.office import Clock, add


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(database_url: str, clock: Clock) -> Iterator[earmark.Database]:
    """Ada administrates; Ben processes orders."""
    opened = earmark.open(database_url, clock)
    add(opened, "Ada", Role.ADMINISTRATOR)
    add(opened, "Ben", Role.ORDER_PROCESSOR)
    yield opened
    opened.close()


@pytest.fixture
def story(database: earmark.Database) -> earmark.Database:
    """The company at a quarter to eleven, on each kind of database in turn."""
    demonstration.fill(database)
    database.clock = lambda: demonstration.NOW
    return database
