"""Requests that came while others were under way are done together.

One thread does what has gathered, over and over. What cannot be done together is told so, and is
done by its own request in a thread of its own. So the more there is to do the less each of it
costs, and a request that takes long holds up nobody else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from anyio import to_thread
from fastapi import Request
from starlette.concurrency import run_in_threadpool

from earmark.database.engine import Database

AT_MOST = 64
"""What is done together: as much as a server usually has at once, and soon done."""

Together = Callable[[Database, Sequence[Any]], Sequence[Any]]
"""What answers several at once, each in its place."""

_Gathered = list[tuple[Any, asyncio.Future[Any]]]


class Waiting:
    """All that wait for one kind of answer; used on the event loop only."""

    def __init__(self, database: Database, together: Together) -> None:
        """Nobody waits yet."""
        self._database = database
        self._together = together
        self._gathered: _Gathered = []
        self._worker: asyncio.Task[None] | None = None

    async def answer(self, asked: Any) -> Any:  # noqa: ANN401 - what the use case answers
        """The answer, found after this call began, together with those of others.

        A failure is that of all who were answered together.
        """
        told: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._gathered.append((asked, told))
        if self._worker is None:
            self._worker = asyncio.create_task(self._work())
        return await told

    async def _work(self) -> None:
        """Answer what has gathered, until nothing has."""
        try:
            while self._gathered:
                now, self._gathered = self._gathered[:AT_MOST], self._gathered[AT_MOST:]
                await self._answer_each(now)
        finally:
            self._worker = None

    async def _answer_each(self, gathered: _Gathered) -> None:
        asked = [one for one, _ in gathered]
        try:
            _tell(gathered, await run_in_threadpool(self._together, self._database, asked))
        except Exception as failure:  # noqa: BLE001 - it is raised where it is waited for
            _fail(gathered, failure)


def _tell(gathered: _Gathered, answers: Sequence[Any]) -> None:
    for (_, told), answer in zip(gathered, answers, strict=True):
        if not told.done():  # who asked has not gone meanwhile
            told.set_result(answer)


def _fail(gathered: _Gathered, failure: Exception) -> None:
    for _, told in gathered:
        if not told.done():
            told.set_exception(failure)


def waiting(request: Request, together: Together) -> Waiting:
    """All that wait for this kind of answer at the server that was asked."""
    every: dict[Together, Waiting] = request.app.state.waiting
    if together not in every:
        every[together] = Waiting(request.app.state.serving.database, together)
    return every[together]


async def in_turn(request: Request, does: Callable[..., Any], *arguments: Any) -> Any:  # noqa: ANN401
    """What a use case that changes something answers, from one of the threads for such.

    Whoever waits for one of them takes none from those who only read.
    """
    writers = getattr(request.app.state, "writers", None)
    return await to_thread.run_sync(does, *arguments, limiter=writers)


def each_once(find: Callable[[Database, str], Any]) -> Together:
    """Looks up what several ask for, once where several ask for the same."""

    def find_each(database: Database, asked: Sequence[str]) -> list[Any]:
        found = {one: find(database, one) for one in dict.fromkeys(asked)}
        return [found[one] for one in asked]

    return find_each
