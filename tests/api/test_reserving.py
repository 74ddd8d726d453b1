"""Reserving over HTTP is reserving: the same outcomes, the same refusals, once."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

import earmark
from earmark import Cancel, Change, Hold, Numbers, Reserve, Track, TrackingLine
from earmark.client import Client
from earmark.errors import FullyReserved, LineUnknown, RequestReused
from earmark.errors.requests import ChangedMeanwhile

L1 = Numbers(lot_no="L1")


@pytest.fixture
def database(database_url: str) -> Iterator[earmark.Database]:
    """An empty database, on each kind in turn."""
    opened = earmark.open(database_url)
    yield opened
    opened.close()


def test_a_specific_reservation_moves_who_would_take_any(client: Client) -> None:
    assert client.reserve(Reserve(line="SO1/1")).reserved == 6
    tracked = TrackingLine(lot_no="L1", quantity=Decimal(8))
    client.track(Track(line="SO2/1", numbers=(tracked,)))
    outcome = client.reserve(Reserve(line="SO2/1", numbers=L1))
    assert outcome.reserved == 8
    assert outcome.moved == ("SO1/1",)
    assert client.line("SO1/1").reserved == 6
    assert client.window("SO2/1", L1).reserved == 8
    assert client.verify() == ()


def test_a_preview_saves_nothing(client: Client) -> None:
    tried = client.reserve(Reserve(line="SO1/1", preview=True))
    assert tried.is_preview
    assert tried.reserved == 6
    assert client.line("SO1/1").reserved == 0


def test_the_same_request_is_done_once(client: Client, shop: earmark.Database) -> None:
    first = client.reserve(Reserve(line="SO1/1", request_id="shop-1"))
    again = client.reserve(Reserve(line="SO1/1", request_id="shop-1"))
    assert again == replace(first, is_repeated=True)
    with pytest.raises(RequestReused):
        client.reserve(Reserve(line="SO2/1", request_id="shop-1"))
    assert len([row for row in earmark.history(shop) if row.verb == "reserve"]) == 1


def test_another_command_of_the_same_content_is_another_request(client: Client) -> None:
    client.reserve(Reserve(line="SO1/1", request_id="shop-1"))
    with pytest.raises(RequestReused):
        client.cancel(Cancel(line="SO1/1", request_id="shop-1"))
    assert client.line("SO1/1").reserved == 6


def test_a_refusal_over_http_is_the_refusal(client: Client, shop: earmark.Database) -> None:
    client.reserve(Reserve(line="SO1/1"))
    with pytest.raises(FullyReserved) as here:
        earmark.reserve(shop, Reserve(line="SO1/1"))
    with pytest.raises(FullyReserved) as there:
        client.reserve(Reserve(line="SO1/1"))
    assert there.value.message == here.value.message
    assert there.value.facts["line"] == "SO1/1"
    with pytest.raises(LineUnknown):
        client.reserve(Reserve(line="SO9/1"))


def test_a_change_of_what_has_changed_since_is_refused(client: Client) -> None:
    seen = client.version("SO1/1")
    client.reserve(Reserve(line="SO1/1", version=seen))
    with pytest.raises(ChangedMeanwhile):
        client.change(Change(line="SO1/1", quantity=Decimal(1), version=seen))
    now = client.version("SO1/1")
    assert client.change(Change(line="SO1/1", quantity=Decimal(1), version=now)).released == 5


def test_a_hold_is_set_and_lifted(client: Client) -> None:
    client.reserve(Reserve(line="SO1/1"))
    assert client.hold(Hold(line="SO1/1", until=None)).reserved == 6
    assert client.cancel(Cancel(line="SO1/1")).released == 6
