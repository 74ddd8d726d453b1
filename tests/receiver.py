"""A receiver of webhooks: a real HTTP server in a thread of the test; it remembers all it got."""

import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from typing import Any

PATIENCE_S = 20
DRIP_S = 0.02
SIP = 40_000


class Receiver:
    """What came in, in order; ``answers`` says with what status each is answered."""

    def __init__(self, answers: Callable[[int], int]) -> None:
        self.answers = answers
        self.got: list[tuple[Mapping[str, str], bytes]] = []
        self.arrived = threading.Condition()
        self.url = ""

    @property
    def events(self) -> list[dict[str, Any]]:
        """The events, as they came."""
        return [json.loads(body) for _, body in self.got]

    @property
    def ids(self) -> list[str]:
        """The ids of the events, as they came."""
        return [headers["webhook-id"] for headers, _ in self.got]

    def wait_for(self, count: int) -> None:
        """Wait until so many have come."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.got) >= count, PATIENCE_S), self.ids

    def take(self, headers: Mapping[str, str], body: bytes) -> int:
        """Remember one and say with what it is answered."""
        with self.arrived:
            self.got.append(({name.lower(): text for name, text in headers.items()}, body))
            self.arrived.notify_all()
            return self.answers(len(self.got))


@contextmanager
def receiving(answers: Callable[[int], int] = lambda _: 204) -> Iterator[Receiver]:
    """Receive for the length of the block; ``answers`` gets the number of the request, from 1.

    A status of zero breaks the connection off without an answer.
    """
    receiver = Receiver(answers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = receiver.take(dict(self.headers.items()), body)
            if not status:
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "2" if status != 204 else "0")
            self.end_headers()
            if status != 204:
                self.wfile.write(b"so")

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join(PATIENCE_S)
        server.server_close()


@contextmanager
def dripping(at_once: bytes, slowly: bytes) -> Iterator[str]:
    """Answer one request: the beginning at once, the rest byte by byte. Gives the address."""

    def answer(taken: socket.socket, gone: threading.Event) -> None:
        taken.recv(65536)
        taken.sendall(at_once)
        for byte in slowly:
            if gone.wait(DRIP_S):
                return
            taken.sendall(bytes([byte]))

    with _one_by_one(answer) as url:
        yield url


@contextmanager
def sipping() -> Iterator[tuple[str, list[int]]]:
    """Take a request in sips and never answer. Gives the address and how much each sip was."""
    sips: list[int] = []

    def sip(taken: socket.socket, gone: threading.Event) -> None:
        while not gone.wait(DRIP_S):
            sips.append(len(taken.recv(SIP)))
            if not sips[-1]:
                return

    with _one_by_one(sip) as url:
        yield url, sips


@contextmanager
def _one_by_one(serve: Callable[[socket.socket, threading.Event], None]) -> Iterator[str]:
    """Serve one connection, until its other side or the block ends."""
    gone = threading.Event()

    def accept() -> None:
        with suppress(OSError), listening.accept()[0] as taken:
            serve(taken, gone)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(PATIENCE_S)
        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/hook"
        finally:
            gone.set()
            thread.join(PATIENCE_S)


@contextmanager
def keeping() -> Iterator[tuple[int, list[list[str]]]]:
    """Keep every connection open. Gives the port, and of each connection the hosts asked for."""
    connections: list[list[str]] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            connections.append([])

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            connections[-1].append(self.headers["Host"])
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1], connections
        server.shutdown()
