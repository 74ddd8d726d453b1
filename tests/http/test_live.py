"""Pages hear of what others change: at once, each change once, and from where they left off."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

import earmark
from earmark import Reserve
from earmark.http.serving import Serving
from tests import stories
from tests.serving import served

PATIENCE_S = 20


@pytest.fixture
def address(database: earmark.Database) -> Iterator[str]:
    """A shop with ten of lot A and two orders, served."""
    stories.open_shop(database)
    stories.stock(database, stories.row("A", 10))
    stories.sales(database, SO1=4, SO2=3)
    with served(Serving(database=database, open_to="Ana")) as at:
        yield at


@contextmanager
def listening(address: str, path: str = "/live", last: str = "") -> Iterator[Iterator[str]]:
    """The lines of a stream, from when the server has begun to listen for us."""
    headers = {"Last-Event-ID": last} if last else {}
    with httpx.stream("GET", f"{address}{path}", headers=headers, timeout=PATIENCE_S) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.iter_lines()
        assert next(lines) == "retry: 1000"
        assert next(lines).startswith("id: ")
        assert next(lines) == ""
        yield lines


def next_change(lines: Iterator[str]) -> dict[str, Any]:
    """The next change that is told."""
    data = next(line for line in lines if line.startswith("data: "))
    told: dict[str, Any] = json.loads(data.removeprefix("data: "))
    return told


def test_a_page_hears_what_another_reserves(address: str, database: earmark.Database) -> None:
    with listening(address) as lines:
        earmark.reserve(database, Reserve(line="SO1/1", by="Ben"))
        told = next_change(lines)
    assert told.pop("at")
    assert told.pop("id")
    assert told == {
        "by": "Ben",
        "verb": "reserve",
        "reference": "SO1/1",
        "items": ["X"],
        "lines": ["SO1/1"],
        "summary": "reserved 4",
    }


def test_who_comes_again_hears_what_he_missed(address: str, database: earmark.Database) -> None:
    with listening(address) as lines:
        earmark.reserve(database, Reserve(line="SO1/1"))
        last = next_change(lines)["id"]
    earmark.reserve(database, Reserve(line="SO2/1"))
    with listening(address, last=last) as lines:
        assert next_change(lines)["lines"] == ["SO2/1"]
        earmark.cancel(database, earmark.Cancel(line="SO1/1"))
        assert next_change(lines)["verb"] == "cancel"
