"""What others change, while they change it: one watcher for all who listen.

A thread reads the commands committed since it last looked, five times a second and only while
somebody listens, and hands them to every listener: a page, or a program that reads the events as a
stream. Each has a queue of his own; one who does not keep up is let go, and comes again with the
id of the last thing he has heard, from which all is told anew.

Pages hear of a command as soon as it can be seen; programs once nothing can be committed before it
any more (see ``database/events.py``), so that what they hear has an order. Why the watcher asks,
and is not told by the database: docs/adr/0011.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from anyio import to_thread
from fastapi import Request

from earmark.core.recorded import BEGINNING, Cursor, Position, Recorded
from earmark.database import events
from earmark.database.engine import Database
from earmark.database.unit_of_work import reading
from earmark.errors import EarmarkError

PAUSE_S = 0.2
"""Between two looks: the most that a change waits before it is told."""
PAGE = 500
"""Commands read in one look."""
WAITING_AT_MOST = 1000
"""Commands that wait for one listener; with one more he is let go."""
HEARTBEAT_S = 15.0
LISTENS_AT_MOST_S = 900.0
"""Then the stream ends and the listener comes again: who may no longer read is found out."""

Batch = Sequence[Recorded]
"""Commands heard together; none where nothing has happened for as long as a heartbeat."""


@dataclass(slots=True, eq=False)
class Listener:
    """Somebody who listens from ``begins`` on, on the event loop of his request."""

    loop: asyncio.AbstractEventLoop
    begins: Position
    waiting: asyncio.Queue[Recorded | None] = field(default_factory=asyncio.Queue)
    is_let_go: bool = False

    def tell(self, news: Batch) -> None:
        """Hand over what is new; from any thread."""
        self.loop.call_soon_threadsafe(self._take, news)

    def let_go(self) -> None:
        """Tell him that nothing more comes; from any thread."""
        self.loop.call_soon_threadsafe(self._end)

    async def hear(self) -> Batch | None:
        """What has come, at the latest nothing after a heartbeat's time; ``None`` at the end."""
        try:
            async with asyncio.timeout(HEARTBEAT_S):
                heard = [await self.waiting.get()]
        except TimeoutError:
            return ()
        while not self.waiting.empty():
            heard.append(self.waiting.get_nowait())
        return [one for one in heard if one is not None] or None

    def _take(self, news: Batch) -> None:
        if self.waiting.qsize() + len(news) > WAITING_AT_MOST:
            self._end()
        if not self.is_let_go:
            for one in news:
                self.waiting.put_nowait(one)

    def _end(self) -> None:
        if not self.is_let_go:
            self.is_let_go = True
            self.waiting.put_nowait(None)


class Feed:
    """Watches one database for all who listen in this process."""

    def __init__(self, database: Database) -> None:
        """Nobody listens yet, so nothing is read."""
        self.database = database
        self._lock = threading.Lock()
        self._hurry = threading.Condition(self._lock)
        self._listeners: set[Listener] = set()
        self._watcher: threading.Thread | None = None
        self._position = BEGINNING
        self._ahead: frozenset[Position] = frozenset()
        self._is_closed = False

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[Listener]:
        """Somebody listens for the length of the block, to all that is committed from here on."""
        loop = asyncio.get_running_loop()
        listener = await to_thread.run_sync(self._join, loop)
        try:
            yield listener
        finally:
            with self._lock:
                self._listeners.discard(listener)
                self._hurry.notify_all()

    def close(self) -> None:
        """Let everybody go, and watch no more."""
        with self._lock:
            self._is_closed = True
            watcher = self._watcher
            self._let_all_go()
            self._hurry.notify_all()
        if watcher is not None:
            watcher.join()

    def _let_all_go(self) -> None:
        for listener in self._listeners:
            listener.let_go()
        self._listeners.clear()

    def _join(self, loop: asyncio.AbstractEventLoop) -> Listener:
        """Add a listener; the first one starts the watcher, from what is there now."""
        with self._lock:
            if not self._listeners:
                with reading(self.database) as session:
                    self._position = events.newest(session)
                self._ahead = frozenset()
            listener = Listener(loop, self._position)
            if self._is_closed:
                listener.let_go()
                return listener
            self._listeners.add(listener)
            if self._watcher is None:
                watch = threading.Thread(target=self._watch, name="earmark-live", daemon=True)
                self._watcher = watch
                watch.start()
            return listener

    # -- The watcher's thread ------------------------------------------------------------------

    def _watch(self) -> None:
        """Look and pause, until nobody listens any more."""
        try:
            while self._goes_on():
                self._look_again()
        finally:
            with self._lock:
                self._watcher = None
                self._let_all_go()

    def _goes_on(self) -> bool:
        with self._lock:
            if not self._listeners:
                # Said under the lock: who joins from here on finds no watcher and starts one.
                self._watcher = None
            return bool(self._listeners)

    def _look_again(self) -> None:
        try:
            while self._look():
                pass
        except EarmarkError:
            # The database does not answer just now. The position has not moved, so whoever
            # listens will hear of it all when it does.
            pass
        with self._lock:
            if self._listeners:
                self._hurry.wait(PAUSE_S)

    def _look(self) -> bool:
        """Tell what is new; says whether there is more of it."""
        with reading(self.database) as session:
            found = events.committed(session, self._position, PAGE)
        settled = [one for one in found if one.is_settled]
        with self._lock:
            news = [one for one in found if one.is_settled or one.position not in self._ahead]
            self._ahead = frozenset(one.position for one in found if not one.is_settled)
            if settled:
                self._position = settled[-1].position
            listeners = list(self._listeners)
        if news:
            for listener in listeners:
                listener.tell(news)
        return len(settled) == PAGE


def feed(request: Request) -> Feed:
    """The feed of the application that serves this request."""
    found: Feed = request.app.state.feed
    return found


async def heard(live: Feed, listener: Listener, after: Cursor | None) -> AsyncIterator[Batch]:
    """What is committed after a place, or from now on, batch by batch; a settled one only once.

    One that is not settled yet comes again when it is.
    """
    ends = listener.loop.time() + LISTENS_AT_MOST_S
    reached = listener.begins
    if after is not None:
        reached = after.begins
        while batch := await to_thread.run_sync(_settled, live.database, reached):
            yield batch
            reached = batch[-1].position
    while listener.loop.time() < ends:
        news = await listener.hear()
        if news is None:
            return
        fresh = [one for one in news if not one.is_settled or one.position > reached]
        if fresh or not news:
            yield fresh


def _settled(database: Database, after: Position) -> Batch:
    with reading(database) as session:
        return events.settled(session, after, PAGE)
