"""How statements reach a database: SQLite is in the room, PostgreSQL is a round trip away.

A statement is *told* where nobody waits for an answer, and *asked* where its rows are wanted; rows
are read when they are needed and not before. SQLite does everything at once. To PostgreSQL all that
was told and asked travels together with the next rows that are wanted, or with the commit: a
reservation is two round trips instead of nine. The order is that of the calls on both, every
statement sees what those before it did, and after a complaint nothing further is done.
"""

from __future__ import annotations

import selectors
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import count
from typing import Any, Protocol

Row = tuple[Any, ...]
Values = Sequence[Any]


class Asked(Protocol):
    """A statement under way."""

    def rows(self) -> list[Row]:
        """The rows it gives, as the driver reads them."""

    def count(self) -> int:
        """How many rows it touched."""


class Channel(Protocol):
    """A connection, and how it is spoken to."""

    def ask(self, text: str, values: Values = ()) -> Asked:
        """Have a statement executed whose rows or whose count will be wanted."""

    def tell(self, text: str, values: Values = ()) -> None:
        """Have a statement executed."""

    def tell_each(self, text: str, each: Iterable[Values]) -> None:
        """Have a statement executed for each set of values."""

    def settle(self) -> None:
        """Everything told and asked has been done when this returns; raises what went wrong."""

    def roll_back(self) -> None:
        """Undo the transaction, as far as the database can still be spoken to."""

    @property
    def is_idle(self) -> bool:
        """Whether it may serve the next transaction."""

    def close(self) -> None:
        """Let the connection go."""


class Done:
    """The answer of a database that does everything at once."""

    __slots__ = ("_count", "_rows")

    def __init__(self, rows: list[Row], count: int) -> None:
        """What it said."""
        self._rows = rows
        self._count = count

    def rows(self) -> list[Row]:
        """The rows it gave."""
        return self._rows

    def count(self) -> int:
        """How many rows it touched."""
        return self._count


class DirectChannel:
    """SQLite: a call is the execution."""

    def __init__(self, connection: Any) -> None:  # noqa: ANN401 - the pool's
        """On a connection of the pool."""
        self._connection = connection
        self._cursor = connection.driver_connection.cursor()

    def ask(self, text: str, values: Values = ()) -> Asked:
        """Execute now."""
        self._cursor.execute(text, values)
        return Done(self._cursor.fetchall(), self._cursor.rowcount)

    def tell(self, text: str, values: Values = ()) -> None:
        """Execute now."""
        self._cursor.execute(text, values)

    def tell_each(self, text: str, each: Iterable[Values]) -> None:
        """Execute now, one after the other."""
        self._cursor.executemany(text, each)

    def settle(self) -> None:
        """Everything has been done."""

    def roll_back(self) -> None:
        """Undo; SQLite may have done so by itself, for want of room say."""
        if self._connection.driver_connection.in_transaction:
            self._cursor.execute("ROLLBACK")

    @property
    def is_idle(self) -> bool:
        """Whether no transaction is left open."""
        return not self._connection.driver_connection.in_transaction

    def close(self) -> None:
        """Let the connection go."""
        self._cursor.close()
        self._connection.close()


class Sent:
    """A statement on its way to PostgreSQL, and what came back."""

    __slots__ = ("_channel", "_result")

    def __init__(self, channel: PipelinedChannel) -> None:
        """Nothing came back yet."""
        self._channel = channel
        self._result: Any = None

    def answer(self, result: Any) -> None:  # noqa: ANN401 - libpq's
        """Take in what came back."""
        self._result = result

    def rows(self) -> list[Row]:
        """The rows it gave, after all that was said before it."""
        if self._result is None:
            self._channel.settle()
        return self._channel.read(self._result)

    def count(self) -> int:
        """How many rows it touched."""
        if self._result is None:
            self._channel.settle()
        return int(self._result.command_tuples or 0)


class PipelinedChannel:
    """PostgreSQL in libpq's pipeline mode, with each statement prepared once for a connection.

    Psycopg's cursors have a pipeline mode too; its bookkeeping costs more than the round trips it
    saves. Its adaptation of values is used here as it is.
    """

    def __init__(self, connection: Any) -> None:  # noqa: ANN401 - the pool's
        """On a connection of the pool."""
        import psycopg  # noqa: PLC0415 - only who uses PostgreSQL has it installed
        from psycopg import adapt, errors, pq  # noqa: PLC0415

        self._connection = connection
        self._wire = connection.driver_connection.pgconn
        self._wire.enter_pipeline_mode()
        self._adapt = adapt.Transformer(connection.driver_connection)
        self._as_text = psycopg.adapt.PyFormat.TEXT
        self._error_of = errors.error_from_result
        self._failed = pq.ExecStatus.FATAL_ERROR
        self._outside = pq.TransactionStatus.IDLE
        self._connected = pq.ConnStatus.OK
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._wire.socket, selectors.EVENT_READ)
        self._names: dict[str, bytes] = {}
        self._numbers = count(1)
        self._under_way: list[tuple[str, Sent | None]] = []
        self._is_lost = False

    @property
    def is_idle(self) -> bool:
        """Whether all was answered, no transaction is left open, and the server is there."""
        return not self._under_way and self._wire.transaction_status == self._outside

    def roll_back(self) -> None:
        """Undo, unless the wait for an answer was broken off: nothing can be said then."""
        if not self._is_lost:
            self.tell("ROLLBACK")
            self.settle()

    def close(self) -> None:
        """Let the connection go; what still runs there is broken off, and rolled back."""
        if self._is_lost and self._wire.status == self._connected:
            with suppress(Exception):  # the server may have gone meanwhile
                self._wire.get_cancel().cancel()
        self._selector.close()
        self._connection.close()

    def ask(self, text: str, values: Values = ()) -> Asked:
        """Send; the answer is waited for when it is wanted."""
        sent = Sent(self)
        self._send(text, values, sent)
        return sent

    def tell(self, text: str, values: Values = ()) -> None:
        """Send."""
        self._send(text, values, None)

    def tell_each(self, text: str, each: Iterable[Values]) -> None:
        """Send each."""
        for values in each:
            self._send(text, values, None)

    def _send(self, text: str, values: Values, sent: Sent | None) -> None:
        name = self._names.get(text)
        if name is None:
            name = b"earmark_%d" % next(self._numbers)
            self._wire.send_prepare(name, text.encode())
            self._names[text] = name
            self._under_way.append((text, None))
        written = self._adapt.dump_sequence(values, [self._as_text] * len(values))
        self._wire.send_query_prepared(name, written)
        self._under_way.append(("", sent))

    def settle(self) -> None:
        """Wait until everything sent has been answered."""
        if not self._under_way:
            return
        self._is_lost = True  # and stays so where an interrupt or a lost server ends the wait
        self._wire.pipeline_sync()
        while self._wire.flush():
            self._wait(selectors.EVENT_READ | selectors.EVENT_WRITE)
        failure = None
        for prepared, sent in self._under_way:
            result = self._next()
            if result.status == self._failed and failure is None:
                failure = self._error_of(result)
            if failure is not None:
                self._names.pop(prepared, None)
            elif sent is not None:
                sent.answer(result)
            self._next()
        self._next()
        self._under_way.clear()
        self._is_lost = False
        if failure is not None:
            raise failure

    def _next(self) -> Any:  # noqa: ANN401 - libpq's
        """The next result; waited for without the interpreter's lock, open to an interrupt."""
        while self._wire.is_busy():
            self._wait(selectors.EVENT_READ)
        return self._wire.get_result()

    def _wait(self, events: int) -> None:
        if events != selectors.EVENT_READ:
            self._selector.modify(self._wire.socket, events)
        self._selector.select()
        if events != selectors.EVENT_READ:
            self._selector.modify(self._wire.socket, selectors.EVENT_READ)
        self._wire.consume_input()

    def read(self, result: Any) -> list[Row]:  # noqa: ANN401 - libpq's
        """The rows of a result."""
        self._adapt.set_pgresult(result)
        rows: list[Row] = self._adapt.load_rows(0, result.ntuples, tuple)
        return rows
