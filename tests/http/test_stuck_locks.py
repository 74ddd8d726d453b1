"""A lock that is stuck holds up whoever needs it, for some seconds, and nobody else."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import pytest

import earmark
from earmark.http.serving import Serving
from tests import stories
from tests.serving import served

SOON_S = 3
STUCK = 12
"""As many requests as stopped a whole server."""


@contextmanager
def locked(database_url: str) -> Iterator[None]:
    """Somebody has the stock of the item tracked by lot locked, and does nothing more."""
    other = earmark.open(database_url)
    with other.transaction(writes=True) as session:
        if not other.is_sqlite:
            session.channel.ask("SELECT 1 FROM stock_key WHERE item_no = 'X' FOR UPDATE", ()).rows()
        yield
    other.close()


@pytest.fixture
def address(database_url: str) -> Iterator[str]:
    """A server on five of lot A, serial S1, and an order for each."""
    database = earmark.open(database_url)
    stories.open_shop(database)
    stories.stock(database, stories.row("A", 5), stories.row("S1", 1, stories.SERIAL))
    stories.sales(database, SO1=5)
    with served(Serving(database=database, open_to="Ana")) as at:
        yield at
    database.close()


def reserve(address: str, line: str) -> httpx.Response:
    """Ask for a reservation."""
    return httpx.post(f"{address}/api/v1/lines/{line}/reserve", json={}, timeout=30)


def test_a_stuck_lock_freezes_nobody_else(database_url: str, address: str) -> None:
    ends = threading.Event()
    with ThreadPoolExecutor(STUCK) as pool:
        with locked(database_url):
            asked = [pool.submit(reserve, address, "SO1/1") for _ in range(STUCK)]
            while not ends.is_set():
                for path in ("/health/live", "/health/ready", "/api/v1/lines/SO1/1"):
                    began = time.monotonic()
                    answer = httpx.get(f"{address}{path}", timeout=30)
                    assert answer.status_code == 200, answer.text
                    assert time.monotonic() - began < SOON_S
                if all(one.done() for one in asked):
                    ends.set()
        answers = [one.result() for one in asked]
    assert {answer.status_code for answer in answers} == {503}
    assert {answer.json()["type"].rpartition(":")[2] for answer in answers} == {"locked"}
    assert all(int(answer.headers["retry-after"]) > 0 for answer in answers)
    assert reserve(address, "SO1/1").status_code == 200
    assert httpx.get(f"{address}/api/v1/lines/SO1/1").json()["reserved"] == "5"
