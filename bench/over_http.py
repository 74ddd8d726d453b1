"""W9: reserving over HTTP, one lot a request, by 32 clients that keep their connections.

The server is `earmark serve` in a process of its own, and two more processes are the clients: they
write requests that were put together before and read no more of an answer than they must, so that
they take little of the two cores on which the server and PostgreSQL work. They still take some:
what is measured is the server's speed on a machine that it shares with its clients. The floor is
the same server answering the same number of requests without looking at anything.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

import earmark
from bench import lots
from bench.measuring import Measured, Target
from bench.places import Place, Places
from bench.scale import Scale
from bench.stocking import DemandLine

CLIENTS = 32
PROCESSES = 2
ENOUGH = 600
"""Requests a second that are asked for."""

Requests = Sequence[bytes]


def measure(places: Places, scale: Scale) -> Iterator[Measured]:
    """How long a request takes the machine, and how long the slowest hundredth waits."""
    with places() as place, served(place) as address, ProcessPoolExecutor(PROCESSES) as pool:
        lots.set_up(place, scale)
        batches = lots.enter(place, scale, "H", scale.over_http, scale.runs + 1)
        nothing = [_request("GET", "/health/live", address, None)] * scale.over_http
        each: list[float] = []
        floor: list[float] = []
        slowest: list[float] = []
        for run, batch in enumerate(batches):
            asked = [_reserve(line, address) for line in batch]
            seconds, waits = _ask(pool, address, asked)
            least, _ = _ask(pool, address, nothing)
            if run:  # the first one warms up
                each.append(seconds / len(asked))
                floor.append(least / len(asked))
                slowest.append(sorted(waits)[len(waits) * 99 // 100])
        assert not earmark.verify(place.database), "the measured stock is not sound"
        size = f"{CLIENTS} clients, {scale.over_http:,} requests"
        target = Target(milliseconds=1000 / ENOUGH)
        yield _measured("W9 reserve over HTTP", place, size, target, each, floor)
        yield _measured("W9 slowest hundredth", place, size, Target(milliseconds=100), slowest, [])


def _measured(  # noqa: PLR0913, PLR0917 - the columns of a row
    workload: str,
    place: Place,
    size: str,
    target: Target,
    ours: Sequence[float],
    floor: Sequence[float],
) -> Measured:
    return Measured(
        workload=workload,
        database=place.name,
        size=size,
        count=len(ours),
        target=target,
        ours=tuple(ours),
        floor=tuple(floor),
    )


@contextmanager
def served(place: Place) -> Iterator[str]:
    """`earmark serve` on the database; gives host and port."""
    command = [str(Path(sys.executable).with_name("earmark")), "serve", "--port", "0"]
    url = place.database.url.render_as_string(hide_password=False)
    command += ["--log", "none", "--database", url]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with (
        tempfile.TemporaryDirectory(prefix="earmark-bench-") as folder,
        subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True
        ) as server,
    ):
        assert server.stdout is not None, "its output is a pipe"
        address = next(w for w in server.stdout.readline().split() if w.startswith("http://"))
        yield address.removeprefix("http://").rstrip("/")
        server.terminate()


def _reserve(line: DemandLine, address: str) -> bytes:
    body = {"numbers": {"lot_no": line.lot_nos[0]}}
    return _request("POST", f"/api/v1/lines/{line.line}/reserve", address, body, line.line)


def _request(method: str, path: str, address: str, body: object, key: str = "") -> bytes:
    content = b"" if body is None else json.dumps(body).encode()
    head = f"{method} {path} HTTP/1.1\r\nhost: {address}\r\ncontent-length: {len(content)}\r\n"
    if key:
        head += f"content-type: application/json\r\nidempotency-key: {key}\r\n"
    return f"{head}\r\n".encode() + content


def _ask(pool: ProcessPoolExecutor, address: str, asked: Requests) -> tuple[float, list[float]]:
    """Ask everything, divided among the clients: the seconds it took, and those of each request."""
    shares = [asked[at::PROCESSES] for at in range(PROCESSES)]
    start = time.perf_counter()
    waits = list(chain.from_iterable(pool.map(_clients, [address] * PROCESSES, shares)))
    return time.perf_counter() - start, waits


def _clients(address: str, asked: Requests) -> list[float]:
    """Several clients in one process."""
    return asyncio.run(_all(address, asked, CLIENTS // PROCESSES))


async def _all(address: str, asked: Requests, clients: int) -> list[float]:
    waits = await asyncio.gather(*(_client(address, asked[at::clients]) for at in range(clients)))
    return list(chain.from_iterable(waits))


async def _client(address: str, asked: Requests) -> list[float]:
    """One connection: a request, its answer, the next; the seconds that each one took."""
    host, _, port = address.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    waits = []
    for request in asked:
        start = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        await reader.readexactly(length)
        waits.append(time.perf_counter() - start)
    writer.close()
    return waits
