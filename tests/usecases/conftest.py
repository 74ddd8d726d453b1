"""The office that tests of accounts work in."""

from collections.abc import Iterator

import pytest

import earmark
from earmark.core.roles import Role
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
