"""A real server in a thread of the test, on a free port of loopback."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import APIRouter
from httpx._config import DEFAULT_TIMEOUT_CONFIG

from earmark.http.serving import Serving
from earmark.server import Server, application, configured

PATIENCE_S = 30
DEFAULT_TIMEOUT_CONFIG.read = PATIENCE_S
"""A busy machine answers no faster, and what httpx waits unasked is five seconds."""


@contextmanager
def served(serving: Serving, *more: APIRouter) -> Iterator[str]:
    """Serve for the length of the block; gives the address, without a slash at its end.

    ``more`` are routes of the test's own.
    """
    app = application(serving)
    for router in more:
        app.include_router(router)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        started = threading.Event()
        server = _Server(configured(app), started)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            assert started.wait(timeout=PATIENCE_S), "the server did not start"
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(timeout=PATIENCE_S)


class _Server(Server):
    """Says when it listens, so that no test has to guess."""

    def __init__(self, config: uvicorn.Config, started: threading.Event) -> None:
        super().__init__(config)
        self.listens = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()
