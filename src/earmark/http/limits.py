"""How much a request may bring, and how long it may take to bring it.

A body that is too large is answered, not suffered: what its head announces is refused unread, and
what comes without an announcement is refused at the first byte too many. The rest of it is thrown
away as it comes, for a while, so that whoever sends it gets to read the answer; nothing of it is
kept. A body that trickles in ends after a time; while it comes it holds no thread.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from earmark.errors.requests import BodyTooLarge, BodyTooSlow
from earmark.http.problems import answer

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most bytes of a body, and of one that is a file; the most seconds for it to arrive.

    ``thrown_away`` are the bytes of a body too large that are taken and forgotten, at most.
    """

    body: int = 10 * MIB
    file: int = 64 * MIB
    seconds: float = 60.0
    thrown_away: int = 1024 * MIB


class BodyLimits:
    """Holds the bodies of requests to the limits."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        """Around an application."""
        self.app = app
        self.limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what keeps within them."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = Body(receive, self._most(scope), self.limits)
        headers = dict(scope["headers"])
        if _announced(headers) > body.most:
            if b"expect" not in headers:  # else it waits for a word before it sends anything
                await body.throw_away()
            await answer(BodyTooLarge(most=body.most))(scope, receive, send)
            return
        await self.app(scope, body.receive, send)

    def _most(self, scope: Scope) -> int:
        """Files may be larger than anything else that is sent."""
        path: str = scope["path"]
        is_file = path.startswith(("/api/v1/imports/", "/import"))
        return self.limits.file if is_file else self.limits.body


def _announced(headers: dict[bytes, bytes]) -> int:
    told = headers.get(b"content-length", b"0")
    return int(told) if told.isdigit() else 0


class Body:
    """The body of one request on its way in."""

    def __init__(self, receive: Receive, most: int, limits: Limits) -> None:
        """Of at most so many bytes."""
        self.most = most
        self._receive = receive
        self._limits = limits
        self._size = 0
        self._is_complete = False
        self._ends: float | None = None

    async def receive(self) -> Message:
        """What comes next, within the limits; after the body, whatever there is to hear."""
        if self._is_complete:
            return await self._receive()
        message = await self._in_time()
        if self._size > self.most:
            await self.throw_away()
            raise BodyTooLarge(most=self.most)
        return message

    async def throw_away(self) -> None:
        """Take the rest and forget it, as long as that is not too long."""
        most = self._size + self._limits.thrown_away
        try:
            while not self._is_complete and self._size < most:
                await self._in_time()
        except BodyTooSlow:
            return

    async def _in_time(self) -> Message:
        loop = asyncio.get_running_loop()
        if self._ends is None:
            self._ends = loop.time() + self._limits.seconds
        try:
            async with asyncio.timeout_at(self._ends):
                message = await self._receive()
        except TimeoutError:
            self._is_complete = True
            raise BodyTooSlow(seconds=f"{self._limits.seconds:g}") from None
        self._size += len(message.get("body", b""))
        self._is_complete = not message.get("more_body", False)
        return message
