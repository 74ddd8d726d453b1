"""The driver without anything above it: what the floor is written with, and fills tables fast."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg import sql

from earmark.database.engine import CACHE_KIB

CHUNK = 50_000


class Driver(Protocol):
    """A connection that commits where it is told to, and nowhere else."""

    name: str

    def run(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Execute a statement whose parameters are ``?``; gives back how many rows it touched."""

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query."""

    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Insert very many rows, in a transaction of their own."""

    def take_statistics(self) -> None:
        """Let the planner know the tables, where the server would do so by itself."""

    def close(self) -> None:
        """Let the connection go."""


class SqliteDriver:
    """The standard library's sqlite3, as safe and with as much room as the product sets it."""

    name = "sqlite"

    def __init__(self, path: Path) -> None:
        """On a database file."""
        self.connection = sqlite3.connect(path, isolation_level=None)
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "busy_timeout = 30000",
            f"cache_size = -{CACHE_KIB}",
        ):
            self.connection.execute(f"PRAGMA {pragma}").close()

    def run(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Execute a statement."""
        return self.connection.execute(statement, values).rowcount

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self.connection.execute(statement, values).fetchall()

    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Insert with one prepared statement."""
        names = ", ".join(f'"{column}"' for column in columns)
        marks = ", ".join("?" for _ in columns)
        self.connection.execute("BEGIN IMMEDIATE")
        self.connection.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)
        self.connection.execute("COMMIT")

    def take_statistics(self) -> None:
        """Nothing: SQLite does so only where it is asked to, and the product does not ask."""

    def close(self) -> None:
        """Let the connection go."""
        self.connection.close()


class PostgresDriver:
    """Psycopg 3, which prepares a statement by itself after a few executions."""

    name = "postgresql"

    def __init__(self, url: str) -> None:
        """On a database of a running server."""
        self.connection = psycopg.connect(
            url.replace("postgresql+psycopg", "postgresql"), autocommit=True
        )
        self.texts: dict[str, bytes] = {}

    def _text(self, statement: str) -> bytes:
        if statement not in self.texts:
            self.texts[statement] = statement.replace("?", "%s").encode()
        return self.texts[statement]

    def run(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Execute a statement."""
        return self.connection.execute(self._text(statement), values or None).rowcount

    def rows(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self.connection.execute(self._text(statement), values or None).fetchall()

    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Copy, a chunk at a time, so that triggers on many rows stay within memory."""
        command = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
        )
        for chunk in _chunks(rows):
            with self.connection.cursor() as cursor, cursor.copy(command) as copy:
                for row in chunk:
                    copy.write_row(row)
        self.connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(table)))

    def take_statistics(self) -> None:
        """As autovacuum does within a minute of the first rows."""
        self.connection.execute("ANALYZE")

    def close(self) -> None:
        """Let the connection go."""
        self.connection.close()


def _chunks(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    unread = iter(rows)
    while chunk := list(islice(unread, CHUNK)):
        yield chunk


@contextmanager
def transaction(driver: Driver) -> Iterator[None]:
    """One durable transaction of the floor."""
    driver.run("BEGIN IMMEDIATE" if driver.name == "sqlite" else "BEGIN")
    yield
    driver.run("COMMIT")
