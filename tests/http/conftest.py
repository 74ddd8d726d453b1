"""The office that tests of who may ask what are served."""

from collections.abc import Iterator

import pytest

import earmark
from earmark.core.roles import Role
from tests.office import Clock, add


@pytest.fixture
def clock() -> Clock:
    """A clock that a test winds on."""
    return Clock()


@pytest.fixture
def office(sqlite_url: str, clock: Clock) -> Iterator[earmark.Database]:
    """Ada administrates; Ben processes orders."""
    opened = earmark.open(sqlite_url, clock)
    add(opened, "Ada", Role.ADMINISTRATOR)
    add(opened, "Ben", Role.ORDER_PROCESSOR)
    yield opened
    opened.close()
