"""A shop that is served, and a client of it."""

from collections.abc import Iterator

import pytest

import earmark
from earmark.client import Client
from earmark.http.serving import Serving
from tests import stories
from tests.serving import served


@pytest.fixture
def database(sqlite_url: str) -> Iterator[earmark.Database]:
    """An empty database: on SQLite alone, where a test does not ask for each kind in turn."""
    opened = earmark.open(sqlite_url)
    yield opened
    opened.close()


@pytest.fixture
def shop(database: earmark.Database) -> earmark.Database:
    """Two lots of X, three serial numbers of S, two sales orders for X."""
    stories.open_shop(database)
    stories.stock(
        database,
        stories.row("L1", 10),
        stories.row("L2", 5),
        *(stories.row(f"SN{n}", 1, stories.SERIAL) for n in (1, 2, 3)),
    )
    stories.sales(database, SO1=6, SO2=8)
    return database


@pytest.fixture
def address(shop: earmark.Database) -> Iterator[str]:
    """Where the shop is served."""
    with served(Serving(database=shop, open_to="Ana")) as at:
        yield at


@pytest.fixture
def client(address: str) -> Iterator[Client]:
    """A client of the shop."""
    with Client(address) as opened:
        yield opened
