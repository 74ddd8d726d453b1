"""Pages hear of what others change: at once, each change once, and from where they left off."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import pytest

import earmark
from earmark import Reserve
from earmark.http import live
from earmark.http.serving import Serving
from tests import stories
from tests.serving import served
from tests.settling import settled

PATIENCE_S = 20


@pytest.fixture
def address(database: earmark.Database) -> Iterator[str]:
    """A shop with ten of lot A and two orders, served."""
    stories.open_shop(database)
    stories.stock(database, stories.row("A", 10))
    stories.sales(database, SO1=4, SO2=3)
    with served(Serving(database=settled(database), open_to="Ana")) as at:
        yield at


class Lines:
    """The lines of a stream, and the place it began at."""

    def __init__(self, answer: httpx.Response) -> None:
        assert answer.headers["content-type"].startswith("text/event-stream")
        self._lines = answer.iter_lines()
        assert next(self) == "retry: 1000"
        self.last = next(self).removeprefix("id: ")
        assert next(self) == ""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        return next(self._lines)


@contextmanager
def listening(address: str, *, last: str = "") -> Iterator[Lines]:
    """A stream, from when the server has begun to listen for us."""
    headers = {"Last-Event-ID": last} if last else {}
    with httpx.stream("GET", f"{address}/live", headers=headers, timeout=PATIENCE_S) as answer:
        yield Lines(answer)


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
    settled(database)
    earmark.reserve(database, Reserve(line="SO2/1"))
    with listening(address, last=last) as lines:
        assert next_change(lines)["lines"] == ["SO2/1"]
        earmark.cancel(database, earmark.Cancel(line="SO1/1"))
        assert next_change(lines)["verb"] == "cancel"


def test_a_page_hears_at_once_what_a_program_must_wait_for(postgres_url: str) -> None:
    """A transaction that stays open keeps back what is committed after it, but not from pages."""
    database = earmark.open(postgres_url)
    stories.open_shop(database)
    serving = Serving(database=settled(database), open_to="Ana")
    with served(serving) as address, listening(address) as lines:
        with database.transaction(writes=True) as session:
            session.channel.ask("SELECT pg_current_xact_id()").rows()
            stories.stock(database, stories.row("A", 1))
            assert next_change(lines)["verb"] == "adjust"
        stories.sales(settled(database), SO1=1)
        assert next(line for line in lines if line.startswith("id: "))
        assert next_change(lines)["verb"] == "enter"
    database.close()


def test_who_does_not_keep_up_is_let_go_and_hears_all_when_he_comes_again(
    address: str, database: earmark.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "WAITING_AT_MOST", 0)
    with listening(address) as lines:
        last = lines.last
        earmark.reserve(database, Reserve(line="SO1/1"))
        assert [line for line in lines if line.startswith("data")] == []
    monkeypatch.undo()
    with listening(address, last=last) as lines:
        assert next_change(lines)["reference"] == "SO1/1"


def test_an_old_stream_ends_so_that_who_may_no_longer_read_is_found_out(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "LISTENS_AT_MOST_S", 0.0)
    with listening(address) as lines:
        assert [line for line in lines if line] == []


def test_a_quiet_stream_shows_that_it_stands(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_S", 0.01)
    with listening(address) as lines:
        assert next(line for line in lines if line) == ": still here"


def test_many_listen_and_all_hear(address: str, database: earmark.Database) -> None:
    with ExitStack() as stack:
        every = [stack.enter_context(listening(address)) for _ in range(5)]
        earmark.reserve(database, Reserve(line="SO1/1"))
        assert {next_change(lines)["summary"] for lines in every} == {"reserved 4"}


def test_the_server_ends_while_pages_listen(database: earmark.Database) -> None:
    with ExitStack() as stack:
        with served(Serving(database=database, open_to="Ana")) as address:
            lines = stack.enter_context(listening(address))
        assert [line for line in lines if line.startswith("data")] == []
