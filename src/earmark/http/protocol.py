"""Heads of requests in time: a client that opens a connection and says little, or too much, leaves.

uvicorn limits how long a connection may idle between requests, and nothing else: a head that comes
a byte a minute, or never ends, would stay for ever.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

HEAD_SECONDS = 20.0
HEAD_MOST = 64 * 1024
_REST = b"\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_TOO_SLOW = b"HTTP/1.1 408 Request Timeout" + _REST
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large" + _REST


class PatientProtocol(HttpToolsProtocol):
    """uvicorn's, with a limit to the time and the size of a request's head."""

    head_seconds = HEAD_SECONDS
    _timer: asyncio.TimerHandle | None = None
    _head_size = 0

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - asyncio's
        """Wait for a head."""
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Read on; a head that is not over yet counts."""
        super().data_received(data)
        asked: RequestResponseCycle | None = self.cycle
        if asked is None or asked.response_complete:
            self._await_head()
        if self._timer is not None:
            self._head_size += len(data)
            if self._head_size > HEAD_MOST:
                self._leave(_TOO_LARGE)

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._await_head()

    def on_headers_complete(self) -> None:
        """The head is over."""
        self._stop_waiting()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is there any more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _await_head(self) -> None:
        if self._timer is None and not self.transport.is_closing():
            self._head_size = 0
            self._timer = self.loop.call_later(self.head_seconds, self._leave, _TOO_SLOW)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _leave(self, words: bytes) -> None:
        self._stop_waiting()
        if not self.transport.is_closing():
            self.transport.write(words)
            self.transport.close()
