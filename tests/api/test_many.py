"""Many lines in one request: each has its own result, and the same again is told the same."""

from collections.abc import Iterator
from decimal import Decimal

import httpx
import pytest

import earmark
from earmark import Cancel, Outcome, Reserve, Track, TrackingLine
from earmark.client import Client
from earmark.errors import FullyReserved, LineUnknown, TrackingExceedsLine


@pytest.fixture
def database(database_url: str) -> Iterator[earmark.Database]:
    """An empty database, on each kind in turn."""
    opened = earmark.open(database_url)
    yield opened
    opened.close()


def test_each_line_has_its_own_result(client: Client) -> None:
    commands = [Reserve(line=line) for line in ("SO1/1", "SO9/1", "SO2/1", "SO1/1")]
    first, second, third, fourth = client.reserve_each(commands)
    assert isinstance(first, Outcome)
    assert first.reserved == 6
    assert isinstance(second, LineUnknown)
    assert isinstance(third, Outcome)
    assert isinstance(fourth, FullyReserved)
    assert client.reserve_each([]) == []


def test_many_are_done_once_and_the_refused_are_told_again(
    client: Client, shop: earmark.Database
) -> None:
    commands = [Reserve(line=line, request_id="many") for line in ("SO1/1", "SO9/1")]
    done, refused = client.reserve_each(commands)
    again, refused_again = client.reserve_each(commands)
    assert isinstance(again, Outcome)
    assert again.is_repeated
    assert isinstance(done, Outcome)
    assert again.moment == done.moment
    assert isinstance(refused, LineUnknown)
    assert isinstance(refused_again, LineUnknown)
    assert refused_again.message == refused.message
    assert [row.verb for row in earmark.history(shop)].count("reserve") == 1


def test_many_of_which_all_were_refused_are_refused_again(client: Client) -> None:
    commands = [Reserve(line="SO9/1", request_id="none")]
    for _ in range(2):
        (refused,) = client.reserve_each(commands)
        assert isinstance(refused, LineUnknown)


def test_a_line_whose_numbers_are_refused_leaves_the_others_alone(client: Client) -> None:
    def track(line: str, quantity: int) -> Track:
        return Track(line=line, numbers=(TrackingLine(lot_no="L1", quantity=Decimal(quantity)),))

    done, refused = client.track_each([track("SO1/1", 3), track("SO2/1", 300)])
    assert isinstance(done, Outcome)
    assert isinstance(refused, TrackingExceedsLine)
    assert [t.quantity for t in client.tracking_lines("SO1/1")] == [3]
    assert client.tracking_lines("SO2/1") == ()


def test_many_are_cancelled(client: Client) -> None:
    client.reserve_each([Reserve(line="SO1/1"), Reserve(line="SO2/1")])
    tried = client.cancel_each([Cancel(line="SO1/1", preview=True)])
    assert client.line("SO1/1").reserved == 6
    (outcome,) = tried
    assert isinstance(outcome, Outcome)
    assert outcome.released == 6


def test_more_lines_than_are_taken_at_once_are_refused(address: str) -> None:
    commands = [{"line": f"SO{n}/1"} for n in range(10_001)]
    answer = httpx.post(f"{address}/api/v1/bulk/reserve", json={"commands": commands})
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error == {
        "field": "commands",
        "message": "at most 10000 are taken at once",
        "code": "too-many",
    }
