"""The database: SQLite or PostgreSQL, opened once, used through units of work.

Here are the few differences between the two, and the one door at which what a driver complains of
becomes one of our refusals.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from earmark.database.guards import MOMENTS_RISE
from earmark.database.statements import Insert, Row, Statement
from earmark.errors import Conflict, DatabaseUnusable, EarmarkError

BUSY_TIMEOUT_MS = 30_000


def system_clock() -> datetime:
    """The time now, aware."""
    return datetime.now(UTC)


class Moments:
    """Gives every command a moment: ever increasing in a process, and by the clock between them.

    A moment is microseconds since 1970 times 1024, with ten bits to tell apart what falls in one
    microsecond; taken under the lock, so that moments of one stock key are in the order of its
    changes.
    """

    def __init__(self) -> None:
        """Nothing has happened yet."""
        self._lock = threading.Lock()
        self._last = 0
        self._salt = int.from_bytes(os.urandom(2), "big") % 1024

    def next(self) -> int:
        """The moment of what happens now."""
        with self._lock:
            now = time.time_ns() // 1000 * 1024 + self._salt
            self._last = max(now, self._last + 1)
            return self._last

    def rise_to(self, moment: int) -> None:
        """Everything from now on happens after this moment."""
        with self._lock:
            self._last = max(self._last, moment)


class Database:
    """An opened database; safe to use from several threads. Close it when done."""

    def __init__(self, url: sa.URL, clock: Callable[[], datetime] | None = None) -> None:
        """Open without looking at what is inside; ``earmark.open`` looks and upgrades."""
        self.url = url
        self.name = url.render_as_string(hide_password=True)
        self.clock = clock or system_clock
        self.moments = Moments()
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self.is_in_memory = self.is_sqlite and url.database in (None, "", ":memory:")
        self.engine = _engine(url, in_memory=self.is_in_memory)
        self.dialect = self.engine.dialect
        self._one_at_a_time = threading.RLock() if self.is_in_memory else None
        self._inserts: dict[tuple[str, tuple[str, ...]], Insert] = {}

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()

    def insert_into(self, table: sa.Table, columns: tuple[str, ...]) -> Insert:
        """The prepared insert of a table and its columns."""
        key = (table.name, columns)
        if key not in self._inserts:
            self._inserts[key] = Insert(table, columns, self.dialect)
        return self._inserts[key]

    @contextmanager
    def transaction(self, *, writes: bool) -> Iterator[Session]:
        """One transaction: commits on leaving, rolls back on any exception."""
        with self._alone(), self._connection() as connection:
            session = Session(self, connection)
            begin = self._begin(writes=writes)
            try:
                session.cursor.execute(begin)
                yield session
                session.cursor.execute("ROLLBACK" if session.is_abandoned else "COMMIT")
            except BaseException as error:
                self._roll_back(connection, session)
                if MOMENTS_RISE in str(error):
                    self._catch_up(session)
                refused = self.refusal(error)
                if refused is error:
                    raise
                raise refused from error
            finally:
                with suppress(Exception):
                    session.cursor.close()

    def _begin(self, *, writes: bool) -> str:
        if self.is_sqlite:
            return "BEGIN IMMEDIATE" if writes else "BEGIN"
        return "BEGIN" if writes else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """A database in memory has one connection, so its users take turns."""
        if self._one_at_a_time is None:
            yield
            return
        with self._one_at_a_time:
            yield

    @contextmanager
    def _connection(self) -> Iterator[Any]:
        try:
            connection = self.engine.raw_connection()
        except Exception as error:
            raise self.refusal(error) from error
        try:
            yield connection
        finally:
            connection.close()

    def _roll_back(self, connection: Any, session: Session) -> None:  # noqa: ANN401
        """Roll back; a connection that can not is thrown away."""
        try:
            session.cursor.execute("ROLLBACK")
        except Exception:  # noqa: BLE001 - a broken connection has nothing to roll back
            with suppress(Exception):
                connection.invalidate()

    def _catch_up(self, session: Session) -> None:
        """Let moments go on from the last in the database: the clock is behind it."""
        session.cursor.execute("SELECT max(moment) FROM command")
        self.moments.rise_to(session.cursor.fetchone()[0])

    def refusal(self, error: BaseException) -> BaseException:
        """What a driver complains of, in our words; anything else stays what it is."""
        if isinstance(error, EarmarkError) or not _is_drivers(error):
            return error
        text = str(getattr(error, "orig", None) or error).strip().splitlines()
        why = text[0] if text else type(error).__name__
        if _means_conflict(error, why):
            return Conflict(what="the same records")
        return DatabaseUnusable(database=self.name, why=why)


class Session:
    """A transaction under way: executes statements and reads rows."""

    def __init__(self, database: Database, connection: Any) -> None:  # noqa: ANN401
        """On a connection of the pool."""
        self.database = database
        self.cursor = connection.cursor()
        self.is_abandoned = False

    def rows(self, statement: Statement, **values: Any) -> list[Row]:  # noqa: ANN401
        """All rows of a query."""
        prepared = statement.on(self.database.dialect, values)
        self.cursor.execute(prepared.text, prepared.parameters(values))
        return prepared.read(self.cursor.fetchall())

    def stream(self, statement: Statement, chunk: int, **values: Any) -> Iterator[Row]:  # noqa: ANN401
        """The rows of a query whose parameters ``chunk`` and ``after`` page through it."""
        after = 0
        while True:
            rows = self.rows(statement, chunk=chunk, after=after, **values)
            yield from rows
            if len(rows) < chunk:
                return
            after += chunk
            chunk = min(chunk * 4, 10_000)

    def run(self, statement: Statement, **values: Any) -> int:  # noqa: ANN401
        """Execute a change; gives back how many rows it touched."""
        prepared = statement.on(self.database.dialect, values)
        self.cursor.execute(prepared.text, prepared.parameters(values))
        count: int = self.cursor.rowcount
        return count

    def run_each(self, statement: Statement, each: Sequence[dict[str, Any]]) -> None:
        """Execute a change once for each set of values."""
        if not each:
            return
        prepared = statement.on(self.database.dialect)
        values = [prepared.parameters(one) for one in each]
        if len(values) == 1:
            self.cursor.execute(prepared.text, values[0])
        else:
            self.cursor.executemany(prepared.text, values)

    def insert_missing(self, table: sa.Table, columns: tuple[str, ...], row: Sequence[Any]) -> None:
        """Insert a row, unless another transaction has just done so."""
        insert = self.database.insert_into(table, columns)
        self.cursor.execute(insert.one + insert.missing, insert.written([row])[0])

    def insert(
        self, table: sa.Table, columns: tuple[str, ...], rows: Iterable[Sequence[Any]]
    ) -> None:
        """Insert rows, given as values in the order of the columns."""
        insert = self.database.insert_into(table, columns)
        written = insert.written(rows)
        if not written:
            return
        if len(written) == 1:
            self.cursor.execute(insert.one, written[0])
        elif insert.many:
            self.cursor.execute(
                insert.many, [list(column) for column in zip(*written, strict=True)]
            )
        else:
            self.cursor.executemany(insert.one, written)


def _engine(url: sa.URL, *, in_memory: bool) -> sa.Engine:
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(
            url,
            isolation_level="AUTOCOMMIT",
            pool_size=20,
            max_overflow=40,
            pool_reset_on_return=None,
            connect_args={"connect_timeout": 10},
        )
    options: dict[str, Any] = {"connect_args": {"check_same_thread": False}}
    if in_memory:
        options["poolclass"] = sa.pool.StaticPool
    else:
        options.update(pool_size=20, max_overflow=40)
    engine = sa.create_engine(url, pool_reset_on_return=None, **options)

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout = {BUSY_TIMEOUT_MS}",
            "foreign_keys = ON",
            "journal_mode = WAL",
            "synchronous = FULL",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    return engine


def _is_drivers(error: BaseException) -> bool:
    module = type(error).__module__.partition(".")[0]
    return module in ("sqlite3", "psycopg", "sqlalchemy", "psycopg_pool")


_CONFLICTS = (
    MOMENTS_RISE,
    "locked",
    "busy",
    "UNIQUE constraint",
    "CHECK constraint",
    "FOREIGN KEY constraint",
)


def _means_conflict(error: BaseException, why: str) -> bool:
    """Whether another transaction was first: locks, deadlocks and violated constraints."""
    if any(sign in why for sign in _CONFLICTS):
        return True
    state = getattr(error, "sqlstate", None) or ""
    return state.startswith(("23", "40")) or state == "55P03"
