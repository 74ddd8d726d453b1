"""Bodies that are too large, too many, too slow: answered by a real server, not suffered."""

import resource
import socket
import time
from collections.abc import Iterator
from contextlib import suppress

import httpx
import pytest

import earmark
from earmark.http import protocol
from earmark.http.limits import MIB, Limits
from earmark.http.serving import Serving
from tests import stories
from tests.serving import served

PATH = "/api/v1/bulk/reserve"
JSON = {"content-type": "application/json"}
HUNDRED = 100 * MIB


@pytest.fixture
def address() -> Iterator[str]:
    """A served shop that waits for a body for a second."""
    database = earmark.open("sqlite:///:memory:")
    stories.open_shop(database)
    stories.sales(database, SO1=6)
    with served(Serving(database=database, open_to="Ana", limits=Limits(seconds=1.0))) as at:
        yield at
    database.close()


def spaces(count: int) -> Iterator[bytes]:
    """So many bytes of white space, a piece at a time."""
    piece = b" " * 65_536
    for _ in range(count // len(piece)):
        yield piece


def largest_memory() -> int:
    """The most memory that this process, and the server in it, has had: in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def test_a_body_of_a_hundred_megabytes_is_answered_and_not_kept(address: str) -> None:
    before = largest_memory()
    lengths = ({**JSON, "content-length": str(HUNDRED)}, JSON)  # announced, and in chunks
    for headers in lengths:
        answer = httpx.post(f"{address}{PATH}", content=spaces(HUNDRED), headers=headers)
        assert answer.status_code == 413
        assert answer.json()["code"] == "body-too-large"
        assert answer.headers["content-type"] == "application/problem+json"
    assert largest_memory() - before < 40 * MIB
    assert httpx.get(f"{address}/health/live").status_code == 200


def test_who_asks_before_he_sends_too_much_is_told_at_once(address: str) -> None:
    with connection(address) as client:
        client.sendall(head(address, f"content-length: {HUNDRED}", "expect: 100-continue"))
        assert client.recv(65_536).startswith(b"HTTP/1.1 413 ")


def test_a_request_of_a_million_lines_is_answered(address: str) -> None:
    line = b'{"line":"SO1/1"},'
    body = b'{"commands":[' + line * 999_999 + line[:-1] + b"]}"
    answer = httpx.post(f"{address}{PATH}", content=body, headers=JSON)
    assert answer.status_code == 413
    within = b'{"commands":[' + line * 500_000 + line[:-1] + b"]}"
    assert len(within) < 10 * MIB
    answer = httpx.post(f"{address}{PATH}", content=within, headers=JSON)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "too-many"


def test_a_body_that_trickles_is_cut_off_and_holds_nobody_up(address: str) -> None:
    slow = [connection(address) for _ in range(20)]
    for client in slow:
        client.sendall(head(address, "content-length: 1000") + b"{")
    started = time.monotonic()
    assert httpx.get(f"{address}/api/v1/lines/SO1/1").status_code == 200
    assert time.monotonic() - started < 1
    for client in slow:
        with client:
            assert client.recv(65_536).startswith(b"HTTP/1.1 408 ")
    assert time.monotonic() - started < 10


def test_a_head_that_never_ends_is_cut_off(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol.PatientProtocol, "head_seconds", 0.3)
    with connection(address) as silent, connection(address) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n")
        assert silent.recv(65_536).startswith(b"HTTP/1.1 408 ")
        assert slow.recv(65_536).startswith(b"HTTP/1.1 408 ")


def test_a_head_that_is_too_large_is_cut_off(address: str) -> None:
    with connection(address) as client:
        client.sendall(b"GET / HTTP/1.1\r\n")
        with suppress(OSError):  # closed or reset, as it happens
            for n in range(100_000):
                client.sendall(b"x-%06d: %s\r\n" % (n, b"y" * 1000))
            pytest.fail("a hundred megabytes of head were taken")
    assert httpx.get(f"{address}/health/live").status_code == 200


def test_what_is_no_http_is_answered(address: str) -> None:
    with connection(address) as client:
        client.sendall(b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n")
        assert client.recv(65_536).startswith(b"HTTP/1.1 400 ")


def connection(address: str) -> socket.socket:
    host, _, port = address.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=20)


def head(address: str, *headers: str) -> bytes:
    lines = [
        f"POST {PATH} HTTP/1.1",
        f"host: {address.removeprefix('http://')}",
        "content-type: application/json",
        *headers,
    ]
    return "\r\n".join([*lines, "", ""]).encode()
