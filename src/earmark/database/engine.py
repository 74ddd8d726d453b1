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
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from earmark.database.channels import Asked, Channel, DirectChannel, PipelinedChannel
from earmark.database.statements import HintingCompiler, Insert, Prepared, Row, Statement
from earmark.errors import Conflict, DatabaseUnusable, EarmarkError, ValueInvalid
from earmark.errors.holds import SerialInParts
from earmark.errors.requests import Locked

PATIENCE_S = 30
"""How long a program waits for records that another has locked, where nothing else is said."""
STATEMENT_S = 60
"""How long one statement may take on PostgreSQL at a server."""
MOMENTS_RISE = "NOT NULL constraint failed: command.moment"
"""What SQLite says of a command whose moment is not after all others: see ``history.py``."""
SERIAL_IN_PARTS = "a serial number is one unit"
"""What the guard of whole serial numbers says: see ``guards.py``."""
CONNECTIONS = 60
"""How many transactions of a process may be under way at once; others wait for their turn."""
CACHE_KIB = 16_384
"""What a connection to SQLite may remember: the pages that a thousand lines change, all at once."""


def system_clock() -> datetime:
    """The time now, aware."""
    return datetime.now(UTC)


class Moments:
    """Gives every command a moment: after all that it can know of, and else by the clock.

    A moment is microseconds since 1970 times 1024, with ten bits to tell apart what falls in one
    microsecond. It is taken under the lock and after the newest moment in the database, so that
    the moments of a stock key are in the order of its changes whatever the clocks of several
    servers say, or one that is set back.
    """

    def __init__(self) -> None:
        """Nothing has happened yet."""
        self._lock = threading.Lock()
        self._last = 0
        self._salt = int.from_bytes(os.urandom(2), "big") % 1024

    def next(self, count: int = 1, *, after: int = 0) -> int:
        """The moment of what happens now; the first of them where several things do.

        ``after`` is the newest moment in the database. Each process follows it with ten bits of
        its own, so that two which follow the same one at once are told apart.
        """
        with self._lock:
            now = time.time_ns() // 1000 * 1024 + self._salt
            following = (after // 1024 + 1) * 1024 + self._salt if after >= now else now
            first = max(following, self._last + 1)
            self._last = first + count - 1
            return first

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
        prepared_for = _hinting_dialect if self.is_sqlite else _numbering_dialect
        self.dialect = prepared_for(self.engine)
        # A database in memory has one connection, so its users take turns.
        self._seat = threading.RLock() if self.is_in_memory else threading.Semaphore(CONNECTIONS)
        self._idle: list[Channel] = []
        self._process = os.getpid()
        self._inserts: dict[tuple[str, tuple[str, ...]], Insert] = {}
        self.patience = PATIENCE_S
        self._statement_s = 0

    def serve(self, *, patience: int) -> None:
        """From now on this database is a server's, on which many wait.

        Nobody waits longer than ``patience`` seconds for what another has locked, and no statement
        takes longer than a minute on PostgreSQL.
        """
        self.patience, self._statement_s = patience, STATEMENT_S
        if not self.is_in_memory:
            while self._idle:
                self._idle.pop().close()

    def close(self) -> None:
        """Give every connection back."""
        while self._idle:
            self._idle.pop().close()
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
        with self._seat:
            channel = self._open_channel()
            session = Session(self, channel)
            try:
                channel.tell(self._begin(writes=writes))
                yield session
                channel.tell("ROLLBACK" if session.is_abandoned else "COMMIT")
                channel.settle()
            except BaseException as error:
                with suppress(Exception):  # a broken connection has nothing to roll back
                    channel.roll_back()
                if MOMENTS_RISE in str(error):
                    self._catch_up(channel)
                refused = self.refusal(error)
                if refused is error:
                    raise
                raise refused from error
            finally:
                if channel.is_idle:
                    self._idle.append(channel)
                else:
                    channel.close()

    def _begin(self, *, writes: bool) -> str:
        if self.is_sqlite:
            return "BEGIN IMMEDIATE" if writes else "BEGIN"
        return "BEGIN" if writes else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

    def _open_channel(self) -> Channel:
        """A channel that nobody uses, or a new one."""
        if self._process != os.getpid():  # what a fork inherits goes on serving its parent
            self._process, self._inherited, self._idle = os.getpid(), self._idle, []
        try:
            return self._idle.pop()
        except IndexError:
            pass
        try:
            connection = self.engine.raw_connection()
            self._be_patient(connection)
            return DirectChannel(connection) if self.is_sqlite else PipelinedChannel(connection)
        except Exception as error:
            raise self.refusal(error) from error

    def _be_patient(self, connection: Any) -> None:  # noqa: ANN401 - of either driver
        """Let a new connection wait for locks as long as this database says, and no longer."""
        cursor = connection.cursor()
        if self.is_sqlite:
            cursor.execute(f"PRAGMA busy_timeout = {self.patience * 1000}")
        else:
            cursor.execute(f"SET lock_timeout = '{self.patience}s'")
            cursor.execute(f"SET statement_timeout = '{self._statement_s}s'")
        cursor.close()

    def _catch_up(self, channel: Channel) -> None:
        """Let moments go on from the last in the database: the clock is behind it."""
        self.moments.rise_to(channel.ask("SELECT max(moment) FROM command").rows()[0][0])

    def refusal(self, error: BaseException) -> BaseException:
        """What a driver complains of, in our words; anything else stays what it is."""
        if isinstance(error, UnicodeEncodeError) or "NUL (0x00)" in str(error):
            why = "it holds a character that cannot be kept"
            return ValueInvalid(field="A text", value="", why=why)
        if isinstance(error, EarmarkError) or not _is_drivers(error):
            return error
        text = str(getattr(error, "orig", None) or error).strip().splitlines()
        why = text[0] if text else type(error).__name__
        if SERIAL_IN_PARTS in why:
            return SerialInParts()
        if _means_locked(error, why):
            return Locked(seconds=self.patience)
        if _means_conflict(error, why):
            return Conflict(what="the same records")
        return DatabaseUnusable(database=self.name, why=why)


class Session:
    """A transaction under way: executes statements and reads rows."""

    def __init__(self, database: Database, channel: Channel) -> None:
        """On a channel to the database."""
        self.database = database
        self.channel = channel
        self.dialect = database.dialect
        self.is_abandoned = False
        self.at = database.clock()
        """The time at which things are judged: now, or that of the moment which is looked at."""

    def work_date_at(self, location_code: str) -> date:  # noqa: ARG002 - one zone so far
        """The day it is at a location."""
        return self.at.date()

    def ask(self, statement: Statement, **values: Any) -> Answer:  # noqa: ANN401
        """A query whose rows will be wanted, not necessarily at once."""
        prepared = statement.on(self.dialect, values)
        return Answer(prepared, self.channel.ask(prepared.text, prepared.parameters(values)))

    def rows(self, statement: Statement, **values: Any) -> list[Row]:  # noqa: ANN401
        """All rows of a query."""
        return self.ask(statement, **values).rows()

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
        prepared = statement.on(self.dialect, values)
        return self.channel.ask(prepared.text, prepared.parameters(values)).count()

    def tell(self, statement: Statement, **values: Any) -> None:  # noqa: ANN401
        """Execute a change."""
        prepared = statement.on(self.dialect, values)
        self.channel.tell(prepared.text, prepared.parameters(values))

    def run_each(self, statement: Statement, each: Sequence[dict[str, Any]]) -> None:
        """Execute a change once for each set of values."""
        if each:
            prepared = statement.on(self.dialect)
            self.channel.tell_each(prepared.text, [prepared.parameters(one) for one in each])

    def insert_missing(self, table: sa.Table, columns: tuple[str, ...], row: Sequence[Any]) -> None:
        """Insert a row, unless another transaction has just done so."""
        insert = self.database.insert_into(table, columns)
        self.channel.tell(insert.one + insert.missing, insert.written([row])[0])

    def insert_missing_rows(
        self, table: sa.Table, columns: tuple[str, ...], rows: Sequence[Sequence[Any]]
    ) -> None:
        """Insert rows, but for those that are there or that another transaction has inserted."""
        if not rows:
            return
        insert = self.database.insert_into(table, columns)
        written = insert.written(rows)
        if insert.many:
            arrays = [list(column) for column in zip(*written, strict=True)]
            self.channel.tell(insert.many + insert.missing, arrays)
        else:
            self.channel.tell_each(insert.one + insert.missing, written)

    def insert(
        self, table: sa.Table, columns: tuple[str, ...], rows: Iterable[Sequence[Any]]
    ) -> None:
        """Insert rows, given as values in the order of the columns."""
        unwritten = list(rows)
        if not unwritten:
            return
        insert = self.database.insert_into(table, columns)
        written = insert.written(unwritten)
        if len(written) == 1:
            self.channel.tell(insert.one, written[0])
        elif insert.many:
            self.channel.tell(insert.many, [list(column) for column in zip(*written, strict=True)])
        else:
            self.channel.tell_each(insert.one, written)


class Answer:
    """The rows of a query, read when they are wanted."""

    __slots__ = ("_asked", "_prepared")

    def __init__(self, prepared: Prepared, asked: Asked) -> None:
        """Of a query that was asked."""
        self._prepared = prepared
        self._asked = asked

    def rows(self) -> list[Row]:
        """All of them."""
        return self._prepared.read(self._asked.rows())


def _engine(url: sa.URL, *, in_memory: bool) -> sa.Engine:
    """The engine makes connections; which of them are idle is known to the database alone."""
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(
            url,
            isolation_level="AUTOCOMMIT",
            poolclass=sa.pool.NullPool,
            connect_args={"connect_timeout": 10},
        )
    engine = sa.create_engine(
        url,
        poolclass=sa.pool.StaticPool if in_memory else sa.pool.NullPool,
        pool_reset_on_return=None,
        connect_args={"check_same_thread": False},
    )

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout = {PATIENCE_S * 1000}",
            "foreign_keys = ON",
            "journal_mode = WAL",
            "synchronous = FULL",
            f"cache_size = -{CACHE_KIB}",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    return engine


def _hinting_dialect(engine: sa.Engine) -> sa.Dialect:
    """The engine's dialect, writing the index that a statement names."""
    own: type[Any] = type(engine.dialect)
    dialect: sa.Dialect = own()
    dialect.statement_compiler = HintingCompiler
    return dialect


def _numbering_dialect(engine: sa.Engine) -> sa.Dialect:
    """The engine's dialect, writing parameters as libpq takes them: ``$1``."""
    with_numbers: type[Any] = type(engine.dialect)
    dialect: sa.Dialect = with_numbers(paramstyle="numeric_dollar")
    return dialect


def _is_drivers(error: BaseException) -> bool:
    module = type(error).__module__.partition(".")[0]
    return module in ("sqlite3", "psycopg", "sqlalchemy", "psycopg_pool")


_CONFLICTS = (
    MOMENTS_RISE,
    "UNIQUE constraint",
    "CHECK constraint",
    "FOREIGN KEY constraint",
)


_WAITED_IN_VAIN = ("55P03", "57014")
"""What PostgreSQL calls a lock that was not to be had, and a statement that took too long."""


def _means_locked(error: BaseException, why: str) -> bool:
    """Whether what another transaction has locked was waited for in vain."""
    if (getattr(error, "sqlstate", None) or "") in _WAITED_IN_VAIN:
        return True
    return "locked" in why or "busy" in why


def _means_conflict(error: BaseException, why: str) -> bool:
    """Whether another transaction was first: deadlocks and violated constraints."""
    if any(sign in why for sign in _CONFLICTS):
        return True
    state = getattr(error, "sqlstate", None) or ""
    return state.startswith(("23", "40"))
