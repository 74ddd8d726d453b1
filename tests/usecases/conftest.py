"""The company of the demonstration, for the tests that ask for its figures."""

import pytest

import earmark
from earmark.usecases import demonstration


@pytest.fixture
def story(database: earmark.Database) -> earmark.Database:
    """The company of the demonstration, on the morning of its story."""
    demonstration.fill(database)
    database.clock = lambda: demonstration.NOW
    return database
