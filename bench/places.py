"""Where a workload runs: a fresh database, opened by the product and by the bare driver."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import earmark
from bench.driver import Driver, PostgresDriver, SqliteDriver
from tests import postgres

_names = count(1)


@dataclass(frozen=True, slots=True)
class Place:
    """One database, seen by the product and by the floor."""

    database: earmark.Database
    driver: Driver

    @property
    def name(self) -> str:
        """Which kind of database it is."""
        return self.driver.name


Places = Callable[[], AbstractContextManager[Place]]


@contextmanager
def sqlite_place() -> Iterator[Place]:
    """A new file, WAL, synchronous FULL."""
    with tempfile.TemporaryDirectory(prefix="earmark-bench-") as folder:
        path = Path(folder) / "stock.db"
        yield from _opened(f"sqlite:///{path}", lambda: SqliteDriver(path))


@contextmanager
def postgres_place(server: postgres.Server) -> Iterator[Place]:
    """A new database of a server with fsync on."""
    name = f"bench_{next(_names)}"
    server.create_database(name)
    try:
        yield from _opened(server.url(name), lambda: PostgresDriver(server.url(name)))
    finally:
        server.drop_database(name)


def _opened(url: str, connect: Callable[[], Driver]) -> Iterator[Place]:
    database = earmark.open(url)
    driver = connect()
    try:
        yield Place(database, driver)
    finally:
        driver.close()
        database.close()
