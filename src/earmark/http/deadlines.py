"""Connections on which everything together ends at one moment.

A time limit on each read is none on all of them: whoever answers a byte now and then is read from
for ever. Here the limit is a moment, which leaves every step less time than the one before it had.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpcore

AT_ONCE = 2048
"""Bytes of a request that go out in one step: few enough to go as soon as there is room for any."""


def until(ends: float) -> dict[str, float]:
    """The timeouts of a request that is over, answer and all, when `time.monotonic` is ``ends``."""
    return dict.fromkeys(("connect", "read", "write"), ends)


class EndingBackend(httpcore.SyncBackend):
    """Connects for requests whose timeouts are from :func:`until`: moments, and not seconds.

    ``address_of`` gives the address of a host and port, by its number, or refuses it; what it gave
    is what is connected to, whatever the name stands for a moment later.
    """

    def __init__(self, address_of: Callable[[str, int], str]) -> None:
        """Nothing is connected yet."""
        super().__init__()
        self._address_of = address_of

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect, in what time is left."""
        address = self._address_of(host, port)
        left = _left(timeout)
        return _Ending(super().connect_tcp(address, port, left, local_address, socket_options))


class _Ending(httpcore.NetworkStream):
    """A connection of which each step has the time that is left at its beginning."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), AT_ONCE):
            self._stream.write(buffer[start : start + AT_ONCE], _left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        return _Ending(self._stream.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - as it is inherited
        return self._stream.get_extra_info(info)


def _left(ends: float | None) -> float | None:
    """The seconds until then; it is over where there are none."""
    if ends is None:
        return None
    left = ends - time.monotonic()
    if left <= 0:
        message = "timed out"
        raise httpcore.TimeoutException(message)
    return left
