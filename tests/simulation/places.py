"""Where stories are played: SQLite in memory, PostgreSQL in C or sorted as in English, or all."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path

import earmark
from tests import postgres
from tests.simulation.shop import Clock, Shop, opened

Open = Callable[[Shop, Clock], earmark.Database]
SQLITE, C, ENGLISH = "sqlite", "postgresql", "postgresql-en"
PLACES = (SQLITE, C, ENGLISH)
CHOSEN = "EARMARK_TEST_POSTGRES_BIN"
_names = count(1)


def in_memory(shop: Shop, clock: Clock) -> earmark.Database:
    """A shop on SQLite, in memory."""
    return opened("sqlite:///:memory:", shop, clock)


class OnServer:
    """Shops on PostgreSQL: each a copy of an empty database, dropped when the next is opened."""

    def __init__(self, server: postgres.Server, collation: str = "") -> None:
        """Make what is copied; ``collation`` is one of ICU's, such as ``en-US``."""
        self.server = server
        self.template = f"simulation_{os.getpid()}_{next(_names)}"
        self.last: list[str] = []
        if collation:
            _create_sorted(server, self.template, collation)
        else:
            server.create_database(self.template)
        earmark.open(server.url(self.template)).close()

    def __call__(self, shop: Shop, clock: Clock) -> earmark.Database:
        """A fresh shop."""
        self._drop_last()
        name = f"{self.template}_{next(_names)}"
        self.last.append(name)
        self.server.create_database(name, self.template)
        return opened(self.server.url(name), shop, clock)

    def tidy(self) -> None:
        """Leave nothing behind."""
        self._drop_last()
        self.server.drop_database(self.template)

    def _drop_last(self) -> None:
        for name in self.last:
            self.server.drop_database(name)
        self.last = []


def _create_sorted(server: postgres.Server, name: str, collation: str) -> None:
    statement = (
        "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu "
        f"ICU_LOCALE '{collation}' LOCALE 'C'"
    )
    server._execute(statement, name)


@contextmanager
def places(names: tuple[str, ...]) -> Iterator[dict[str, Open]]:
    """What opens shops at each of these places; a server lives as long as it is needed."""
    with ExitStack() as servers:
        yield {name: _opener(name, servers) for name in names}


def _opener(name: str, servers: ExitStack) -> Open:
    if name == SQLITE:
        return in_memory
    if name == C:
        return OnServer(_started(servers))
    with _programs_that_know_languages():
        return OnServer(_started(servers), "en-US")


def _started(servers: ExitStack) -> postgres.Server:
    server = postgres.start()
    servers.callback(server.stop)
    return server


@contextmanager
def _programs_that_know_languages() -> Iterator[None]:
    """Debian's PostgreSQL sorts as languages do; the one of the wheel was built without that."""
    before = os.environ.get(CHOSEN)
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if before is None and debian:
        os.environ[CHOSEN] = str(debian[-1].parent)
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(CHOSEN, None)
