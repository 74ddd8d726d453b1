"""Sending events to webhooks over HTTP, and the thread of a server that does so.

An address is looked up once for each connection, which is then made by its number, so that it can
not change between the check and the connection; a connection serves one host name alone. Addresses
of private networks are refused unless the operator allows them: a webhook is no door to what stands
beside the server. Nobody's redirects are followed, no proxy of the environment is used, and a
receiver who has not answered by the end of a sending's time is given up, however busily he sends
(:mod:`earmark.http.deadlines`).
"""

from __future__ import annotations

import json
import logging
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from random import SystemRandom

import httpcore
import httpx

from earmark import __version__
from earmark.core.events import Event
from earmark.core.webhooks import Webhook, first_private, signature
from earmark.database.engine import Database
from earmark.errors import EarmarkError
from earmark.http import deadlines
from earmark.usecases.delivering import Answered, Delivery, deliver_due

TIMEOUT_S = 10.0
"""One sending, from looking up the address to the end of the answer."""
KEPT_S = 5.0
"""A connection is kept for the next event for so long."""
PAUSE_S = 0.5
EXCERPT = 500
"""Characters of an answer that are kept."""
_FAILURES = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
    httpcore.UnsupportedProtocol,
    httpx.InvalidURL,
    OSError,
    ValueError,
)
"""All that a receiver, his address or the way to him can do to a sending."""


class Sender:
    """Sends events; ``allows_private`` also to addresses that are not of the open internet."""

    def __init__(self, *, allows_private: bool, timeout_s: float = TIMEOUT_S) -> None:
        """Nothing is sent yet."""
        self._allows_private = allows_private
        self._timeout_s = timeout_s
        # Not an `httpx.Client`: it can limit each step of a sending, but not all of them together.
        self._pool = httpcore.ConnectionPool(
            max_connections=None,
            keepalive_expiry=KEPT_S,
            network_backend=deadlines.EndingBackend(self._address_of),
        )

    def close(self) -> None:
        """End the connections."""
        self._pool.close()

    def __call__(self, to: Webhook, event: Event, at: datetime) -> Answered:
        """Send one event, signed, and give what was answered, or why nothing was."""
        began = time.monotonic()
        try:
            status, excerpt = self._post(to, event, at, ends=began + self._timeout_s)
        except _FAILURES as error:
            why = str(error) or type(error).__name__
            return Answered(error=why[:EXCERPT], duration_ms=_since(began))
        return Answered(status=status, answer=excerpt, duration_ms=_since(began))

    def _post(self, to: Webhook, event: Event, at: datetime, *, ends: float) -> tuple[int, str]:
        where = httpx.URL(to.url)
        if where.scheme not in ("http", "https") or not where.host:
            message = "only http and https are sent to"
            raise ValueError(message)
        body = json.dumps(event.as_cloud_event(), ensure_ascii=False).encode()
        timestamp = int(at.timestamp())
        headers = {
            "Content-Type": "application/cloudevents+json; charset=utf-8",
            "User-Agent": f"Earmark/{__version__}",
            "webhook-id": event.id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signature(to.secret, event.id, timestamp, body),
        }
        request = httpx.Request("POST", where, content=body, headers=headers)
        with self._pool.stream(
            request.method,
            httpcore.URL(
                scheme=where.raw_scheme,
                host=where.raw_host,
                port=where.port,
                target=where.raw_path,
            ),
            headers=request.headers.raw,
            content=body,
            extensions={"timeout": deadlines.until(ends)},
        ) as answer:
            return answer.status, _excerpt(answer)

    def _address_of(self, host: str, port: int) -> str:
        """The address of a host, by its number; refused where one of its addresses is private."""
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [str(where[0]) for *_, where in found]
        private = "" if self._allows_private else first_private(addresses)
        if private:
            message = f"{host} is {private}, which is not of the open internet"
            raise ValueError(message)
        return addresses[0]


def _excerpt(answer: httpcore.Response) -> str:
    """The beginning of an answer, as far as it comes in time; the rest is not read."""
    read = b""
    with suppress(httpcore.TimeoutException):  # the status has come, and says what became of it
        for chunk in answer.iter_stream():
            read += chunk
            if len(read) >= EXCERPT:
                break
    return read.decode("utf-8", errors="replace")[:EXCERPT].replace("\x00", "")


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


@contextmanager
def delivering(database: Database, source: str, *, allows_private: bool) -> Iterator[None]:
    """Deliver to webhooks in a thread for the length of the block."""
    sender = Sender(allows_private=allows_private)
    chance = SystemRandom().random
    delivery = Delivery(by=secrets.token_hex(8), send=sender, chance=chance, source=source)
    stopping = threading.Event()
    thread = threading.Thread(
        target=_deliver, args=(database, delivery, stopping), name="earmark-webhooks", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(TIMEOUT_S + PAUSE_S)
        sender.close()


def _deliver(database: Database, delivery: Delivery, stopping: threading.Event) -> None:
    """Deliver what is due, again and again; go on at once while there is more of it."""
    while not stopping.is_set():
        try:
            sent = deliver_due(database, delivery)
        except EarmarkError as refusal:
            # The database does not answer just now; what was due stays due.
            logging.getLogger("earmark.webhooks").warning("%s (%s)", refusal, refusal.code)
            sent = 0
        if not sent:
            stopping.wait(PAUSE_S)
