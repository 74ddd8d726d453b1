"""Events over HTTP: in pages and as a stream that can be taken up again."""

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
from tests.settling import settled

PATIENCE_S = 20
EVENTS = "/api/v1/events"


@pytest.fixture
def address(database: earmark.Database) -> Iterator[str]:
    """A shop with ten of lot A and two orders, served."""
    stories.open_shop(database)
    stories.stock(database, stories.row("A", 10))
    stories.sales(database, SO1=4, SO2=3)
    serving = Serving(database=database, open_to="Ana", event_source="https://stock.example")
    settled(database)
    with served(serving) as at:
        yield at


@contextmanager
def streaming(address: str, asked: str = "", last: str = "") -> Iterator[Iterator[dict[str, Any]]]:
    """The events of a stream, from when the server has begun to listen for us."""
    headers = {"Last-Event-ID": last} if last else {}
    url = f"{address}{EVENTS}/stream{asked}"
    with httpx.stream("GET", url, headers=headers, timeout=PATIENCE_S) as answer:
        lines = answer.iter_lines()
        assert next(lines).startswith("retry:")
        data = (line.removeprefix("data: ") for line in lines if line.startswith("data: "))
        yield (json.loads(text) for text in data)


def test_pages_of_events_are_read_on_from_next(address: str) -> None:
    first = httpx.get(f"{address}{EVENTS}", params={"limit": 3}).json()
    second = httpx.get(f"{address}{EVENTS}", params={"after": first["next"]}).json()
    told = [
        event["type"].removeprefix("io.earmark.") for event in (*first["events"], *second["events"])
    ]
    assert told == ["setup.changed", "goods.adjusted", "document.entered", "document.entered"]
    assert (first["has_more"], second["has_more"]) == (True, False)
    assert first["events"][0]["source"] == "https://stock.example"


def test_events_are_chosen_by_type_subject_and_item(address: str) -> None:
    asked = {"type": "document.*", "subject": "SO2", "item": "X"}
    (event,) = httpx.get(f"{address}{EVENTS}", params=asked).json()["events"]
    assert event["subject"] == "SO2"


def test_a_stream_tells_what_happens_and_passes_over_the_rest(
    address: str, database: earmark.Database
) -> None:
    with streaming(address, "?type=reservation.made&subject=SO2") as events:
        earmark.reserve_each(database, [Reserve(line="SO1/1"), Reserve(line="SO2/1")])
        told = next(events)
    assert (told["subject"], told["data"]["reserved"]) == ("SO2/1", "3")


def test_a_stream_taken_up_again_goes_on_within_a_command(
    address: str, database: earmark.Database
) -> None:
    with streaming(address) as events:
        earmark.reserve_each(database, [Reserve(line="SO1/1"), Reserve(line="SO2/1")])
        first = next(events)
    with streaming(address, last=first["id"]) as events:
        assert next(events)["subject"] == "SO2/1"
        earmark.cancel(database, earmark.Cancel(line="SO1/1"))
        assert next(events)["type"] == "io.earmark.reservation.cancelled"


def test_a_stream_can_begin_at_the_beginning(address: str) -> None:
    with streaming(address, "?after=0-0") as events:
        assert next(events)["type"] == "io.earmark.setup.changed"
