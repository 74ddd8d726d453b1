"""Webhooks deliver every event, in order, at least once, signed, and only where they may."""

import base64
import hashlib
import hmac
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

import earmark
from earmark import Reserve
from earmark.core.events import Event
from earmark.core.webhooks import (
    GIVEN_UP_AFTER,
    AddWebhook,
    RemoveWebhook,
    SwitchWebhook,
    secret_of,
)
from earmark.database import webhooks as rows
from earmark.database.unit_of_work import reading
from earmark.errors import ValueInvalid
from earmark.errors.access import WebhookUnknown
from earmark.http.serving import Serving
from earmark.http.webhooks import Sender
from earmark.usecases import webhooks
from earmark.usecases.delivering import Answered, Delivery, Send, deliver_due
from tests import stories
from tests.receiver import dripping, keeping, receiving, sipping
from tests.serving import served
from tests.settling import settled

SECRET = secret_of(bytes(range(24)))
LONG = 20_000_000
"""More than is taken in sips within the limit that the test sets."""
START = datetime(2026, 11, 24, 10, 45, tzinfo=UTC)


class Clock:
    """A clock that stands until it is set on."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shop(database_url: str, clock: Clock) -> Iterator[earmark.Database]:
    """Ten of lot A and three orders."""
    database = earmark.open(database_url, clock=clock)
    stories.open_shop(database)
    stories.stock(database, stories.row("A", 10))
    stories.sales(database, SO1=1, SO2=2, SO3=3)
    yield database
    database.close()


@pytest.fixture
def send() -> Iterator[Sender]:
    """Sends also to this machine."""
    sender = Sender(allows_private=True)
    yield sender
    sender.close()


def add(database: earmark.Database, url: str, *types: str, after: str = "") -> None:
    """A webhook `w1`, from now on."""
    settled(database)
    command = AddWebhook(url=url, types=types, after=after, by="Ana")
    webhooks.add_webhook(database, command, webhook_id="w1", secret=SECRET)


def reserve(database: earmark.Database, *lines: str) -> None:
    for line in lines:
        earmark.reserve(database, Reserve(line=line))


def delivery(send: Send, by: str = "me") -> Delivery:
    return Delivery(by=by, send=send, chance=lambda: 0.5)


def deliver(database: earmark.Database, as_whom: Delivery) -> int:
    """Deliver what is due, once all is settled."""
    settled(database)
    return deliver_due(database, as_whom)


def events_of(database: earmark.Database) -> tuple[Event, ...]:
    """Every event, once all are settled."""
    settled(database)
    return earmark.events(database).events


def state(database: earmark.Database) -> tuple[int, bool]:
    """Failures in a row, and whether it is on."""
    found = webhooks.webhook(database, "w1")
    return found.failures, found.is_active


def test_events_arrive_in_order_signed_and_once(shop: earmark.Database, send: Sender) -> None:
    with receiving() as receiver:
        add(shop, receiver.url, "reservation.*")
        reserve(shop, "SO1/1", "SO2/1", "SO3/1")
        assert deliver(shop, delivery(send)) == 3
        assert deliver(shop, delivery(send)) == 0
    assert [event["subject"] for event in receiver.events] == ["SO1/1", "SO2/1", "SO3/1"]
    headers, body = receiver.got[0]
    assert headers["content-type"].startswith("application/cloudevents+json")
    assert headers["host"] == receiver.url.split("/")[2]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    mac = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{mac}"
    assert int(headers["webhook-timestamp"]) == int(START.timestamp())


def test_what_fails_is_tried_again_and_what_comes_after_it_waits(
    shop: earmark.Database, send: Sender, clock: Clock
) -> None:
    with receiving(lambda number: 500 if number < 3 else 200) as receiver:
        add(shop, receiver.url, "reservation.*")
        reserve(shop, "SO1/1", "SO2/1")
        assert deliver(shop, delivery(send)) == 1
        assert deliver(shop, delivery(send)) == 0  # not yet
        clock.now += timedelta(seconds=5)
        assert deliver(shop, delivery(send)) == 1
        assert state(shop) == (2, True)
        clock.now += timedelta(seconds=10)
        assert deliver(shop, delivery(send)) == 2
    first, again, once_more, second = receiver.ids
    assert first == again == once_more != second
    assert state(shop) == (0, True)
    log = webhooks.deliveries(shop, "w1")
    assert [attempt.status for attempt in log] == [200, 200, 500, 500]
    assert log[-1].next_try == START + timedelta(seconds=5)
    assert log[-1].answer == "so"


def test_a_receiver_that_dies_in_the_middle_gets_it_again(
    shop: earmark.Database, send: Sender, clock: Clock
) -> None:
    with receiving(lambda number: 0 if number == 2 else 200) as receiver:
        add(shop, receiver.url, "reservation.*")
        reserve(shop, "SO1/1", "SO2/1", "SO3/1")
        assert deliver(shop, delivery(send)) == 2
        clock.now += timedelta(seconds=5)
        assert deliver(shop, delivery(send)) == 2
    subjects = [event["subject"] for event in receiver.events]
    assert subjects == ["SO1/1", "SO2/1", "SO2/1", "SO3/1"]
    assert webhooks.deliveries(shop, "w1")[2].error


def test_a_server_that_dies_after_sending_sends_again(
    shop: earmark.Database, send: Sender, clock: Clock
) -> None:
    """Between the delivery and the note of it: at least once."""

    class Died(BaseException):
        pass

    def send_and_die(to: earmark.core.webhooks.Webhook, event: Event, at: datetime) -> Answered:
        send(to, event, at)
        raise Died

    with receiving() as receiver:
        add(shop, receiver.url, "reservation.*")
        reserve(shop, "SO1/1")
        with pytest.raises(Died):
            deliver(shop, delivery(send_and_die, by="dead"))
        assert deliver(shop, delivery(send)) == 0  # still claimed by the dead one
        clock.now += rows.CLAIMED_FOR
        assert deliver(shop, delivery(send)) == 1
    assert len(receiver.ids) == 2
    assert len(set(receiver.ids)) == 1


def test_who_has_lost_his_claim_writes_nothing(
    shop: earmark.Database, send: Sender, clock: Clock
) -> None:
    """A slow server whose claim ran out meanwhile: the other's progress stands."""

    def send_slowly(to: earmark.core.webhooks.Webhook, event: Event, at: datetime) -> Answered:
        clock.now += rows.CLAIMED_FOR
        assert deliver(shop, delivery(send, by="other")) == 2
        return send(to, event, at)

    with receiving() as receiver:
        add(shop, receiver.url, "reservation.*")
        reserve(shop, "SO1/1", "SO2/1")
        assert deliver(shop, delivery(send_slowly, by="slow")) == 1
        assert deliver(shop, delivery(send)) == 0
    assert len(webhooks.deliveries(shop, "w1")) == 2


def test_one_that_fails_for_days_is_switched_off_and_that_is_an_event(
    shop: earmark.Database, send: Sender, clock: Clock
) -> None:
    with receiving(lambda _: 410) as receiver:
        add(shop, receiver.url, "reservation.*")
        reserve(shop, "SO1/1")
        deliver(shop, delivery(send))
        clock.now += GIVEN_UP_AFTER
        deliver(shop, delivery(send))
        assert state(shop) == (2, False)
        last = events_of(shop)[-1]
        assert (last.type, last.subject) == ("io.earmark.webhook.switched", "w1")
        assert "failed 2 times" in last.data["reason"]
        webhooks.switch_webhook(shop, SwitchWebhook(webhook_id="w1", is_active=True))
        receiver.answers = lambda _: 200
        assert deliver(shop, delivery(send)) == 1


@pytest.mark.parametrize("status", [301, 302, 307])
def test_redirects_are_not_followed(shop: earmark.Database, send: Sender, status: int) -> None:
    with receiving(lambda _: status) as receiver:
        add(shop, receiver.url, "reservation.*")
        reserve(shop, "SO1/1")
        deliver(shop, delivery(send))
    assert len(receiver.got) == 1
    assert state(shop)[0] == 1


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/x", "http://localhost:1/", "http://[::1]:1/", "http://169.254.1.1/"]
)
def test_private_addresses_are_not_sent_to_unless_allowed(shop: earmark.Database, url: str) -> None:
    careful = Sender(allows_private=False)
    add(shop, url)
    attempt = webhooks.try_webhook(shop, "w1", careful)
    careful.close()
    assert attempt.status == 0
    assert "not of the open internet" in attempt.error


def test_a_connection_serves_one_host_name_alone(shop: earmark.Database, send: Sender) -> None:
    """Two names of one address: the certificate of one says nothing of the other."""
    add(shop, "http://127.0.0.1:1/")
    hook, event = webhooks.webhook(shop, "w1"), events_of(shop)[-1]
    with keeping() as (port, connections):
        one, other = f"127.0.0.1:{port}", f"localhost:{port}"
        for name in (one, one, other):
            assert send(replace(hook, url=f"http://{name}/"), event, START).status == 204
    assert connections == [[one, one], [other]]


def test_a_host_that_does_not_answer_is_an_error_in_the_log(
    shop: earmark.Database, send: Sender
) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        add(shop, f"http://127.0.0.1:{closed.getsockname()[1]}/")
        assert webhooks.try_webhook(shop, "w1", send).error


def test_a_receiver_that_does_not_answer_in_time_is_given_up(shop: earmark.Database) -> None:
    hasty = Sender(allows_private=True, timeout_s=0.05)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        add(shop, f"http://127.0.0.1:{silent.getsockname()[1]}/")
        attempt = webhooks.try_webhook(shop, "w1", hasty)
    hasty.close()
    assert (attempt.status, attempt.error) == (0, "timed out")


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\nX-Slow: "])
def test_a_receiver_that_answers_byte_by_byte_is_given_up_in_the_same_time(
    shop: earmark.Database, answer: bytes
) -> None:
    hasty = Sender(allows_private=True, timeout_s=0.2)
    with dripping(answer, b"HTTP/1.1 200 OK\r\n" + b"X-Slow: 1\r\n" * 9 + b"\r\n") as url:
        add(shop, url)
        attempt = webhooks.try_webhook(shop, "w1", hasty)
    hasty.close()
    assert (attempt.status, attempt.error) == (0, "timed out")


def test_of_an_answer_that_comes_byte_by_byte_the_beginning_counts(shop: earmark.Database) -> None:
    """Its status is what was to be told; the rest is read for the log, as far as it comes."""
    hasty = Sender(allows_private=True, timeout_s=0.2)
    with dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n", b"so" * 200) as url:
        add(shop, url)
        attempt = webhooks.try_webhook(shop, "w1", hasty)
    hasty.close()
    assert attempt.has_arrived
    assert attempt.answer.startswith("so")
    assert len(attempt.answer) < 400


def test_a_receiver_that_takes_an_event_in_sips_is_given_up(shop: earmark.Database) -> None:
    hasty = Sender(allows_private=True, timeout_s=2)  # writing the event down is part of it
    add(shop, "http://127.0.0.1:1/")
    hook = webhooks.webhook(shop, "w1")
    event = replace(events_of(shop)[-1], data={"note": "x" * LONG})
    with sipping() as (url, sips):
        answered = hasty(replace(hook, url=url), event, START)
    hasty.close()
    assert (answered.status, answered.error) == (0, "timed out")
    assert 0 < sum(sips) < LONG


def test_old_events_can_be_sent_and_one_sent_again(shop: earmark.Database, send: Sender) -> None:
    with receiving() as receiver:
        add(shop, receiver.url, "document.*", after="0-0")
        assert deliver(shop, delivery(send)) == 3
        again = webhooks.redeliver(shop, "w1", receiver.ids[1], send)
        assert again.has_arrived
        assert receiver.ids[3] == receiver.ids[1]
        with pytest.raises(ValueInvalid):
            webhooks.redeliver(shop, "w1", "0-1-1", send)


def test_of_two_servers_one_sends(shop: earmark.Database, send: Sender) -> None:
    with receiving() as receiver:
        add(shop, receiver.url, "reservation.*")
        reserve(shop, "SO1/1")
        with shop.transaction(writes=True) as session:
            assert rows.claim(session, "w1", "one", START)
        assert deliver(shop, delivery(send, by="two")) == 0
    assert receiver.got == []


@pytest.mark.parametrize("url", ["ftp://x/", "http://", "x", "https://a:b@x/", "http://x:99999/"])
def test_what_is_no_address_is_refused(shop: earmark.Database, url: str) -> None:
    with pytest.raises(ValueInvalid):
        add(shop, url)


def test_a_short_secret_is_refused(shop: earmark.Database) -> None:
    for secret in ("whsec_AAAA", "whsec_!"):
        with pytest.raises(ValueInvalid):
            webhooks.add_webhook(
                shop, AddWebhook(url="https://x.example/"), webhook_id="w1", secret=secret
            )


def test_removed_it_is_unknown_and_its_log_stays(shop: earmark.Database, send: Sender) -> None:
    with receiving() as receiver:
        add(shop, receiver.url)
        webhooks.try_webhook(shop, "w1", send)
    webhooks.remove_webhook(shop, RemoveWebhook(webhook_id="w1"))
    assert len(webhooks.deliveries(shop, "w1")) == 1
    for unknown in (
        lambda: webhooks.webhook(shop, "w1"),
        lambda: webhooks.remove_webhook(shop, RemoveWebhook(webhook_id="w1")),
        lambda: webhooks.switch_webhook(shop, SwitchWebhook(webhook_id="w1", is_active=True)),
    ):
        with pytest.raises(WebhookUnknown):
            unknown()


def test_the_secret_is_neither_in_history_nor_in_an_event(shop: earmark.Database) -> None:
    add(shop, "https://x.example/hook?token=t0p")
    with reading(shop) as session:
        assert rows.one(session, "w1")
    assert SECRET not in str(events_of(shop))
    assert "t0p" not in str(events_of(shop))


def test_a_server_delivers_what_happens(database: earmark.Database) -> None:
    stories.open_shop(database)
    with receiving() as receiver:
        serving = Serving(database=database, open_to="Ana", allows_private_webhooks=True)
        with served(serving):
            add(database, receiver.url, "goods.*")
            stories.stock(database, stories.row("A", 10))
            receiver.wait_for(1)
    assert receiver.events[0]["type"] == "io.earmark.goods.adjusted"
