"""A receiver of webhooks: a real HTTP server in a thread of the test; it remembers all it got."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

PATIENCE_S = 20


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
