"""What was committed, as events: page by page, or as a stream that is taken up where it ended."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from types import TracebackType
from typing import Any, Self

import httpx

from earmark.client.connection import Connection
from earmark.core.events import EVERYTHING, Chosen, Event, EventsRead

_STREAM = "events/stream"
_BREATH_S = 1.0


class EventStream:
    """Events as they are committed, without an end; close it when done, or use it in a ``with``.

    A server ends a stream from time to time, and a connection may break: then it is taken up
    again after ``place``, the last event that was heard, so that none is missed. Where the server
    answers no more, ``server-unusable`` is raised; asked for the next one all the same, it is
    tried again from the same place.
    """

    def __init__(self, server: Connection, asked: Mapping[str, Any], place: str) -> None:
        """Opened, so that whatever is committed from now on is heard."""
        self.place = place
        self._server, self._asked = server, asked
        self._again_after_s = _BREATH_S
        self._is_closed = False
        self._lines: Iterator[str] = iter(())
        self._open()

    def __iter__(self) -> Iterator[Event]:
        """Itself."""
        return self

    def __next__(self) -> Event:
        """The next event; waits until there is one."""
        while not self._is_closed:
            said = self._said()
            if said is None:
                self._take_up_again()
            elif "data" in said:
                return _event(json.loads(said["data"]))
        raise StopIteration

    def close(self) -> None:
        """Hear no more."""
        self._is_closed = True
        self._let_go()

    def __enter__(self) -> Self:
        """Heard for the length of the block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()

    def _open(self) -> None:
        self._answer = self._server.stream(_STREAM, self._asked, last=self.place)
        self._lines = self._answer.iter_lines()
        self._said()  # where it begins: from here on nothing is missed

    def _let_go(self) -> None:
        self._answer.close()
        self._lines = iter(())

    def _take_up_again(self) -> None:
        self._let_go()
        time.sleep(self._again_after_s)
        self._open()

    def _said(self) -> dict[str, str] | None:
        """What is told next, which moves the place; nothing where the stream has ended."""
        said: dict[str, str] = {}
        try:
            for line in self._lines:
                if not line and said:
                    self.place = said.get("id", self.place)
                    self._again_after_s = int(said.get("retry", self._again_after_s * 1000)) / 1000
                    return said
                name, _, value = line.partition(": ")
                if name:
                    said[name] = value
        except httpx.TransportError:
            pass  # a connection that broke is a stream that has ended
        return None


class Events:
    """The part of the client that reads events."""

    _server: Connection

    def events(
        self, *, after: str = "", limit: int = 100, chosen: Chosen = EVERYTHING
    ) -> EventsRead:
        """The events after one whose id is given, or from the beginning, in commit order."""
        asked = {**_asked(chosen), "after": after, "limit": limit}
        told = self._server.answer("GET", "events", params=asked).json()
        found = tuple(_event(one) for one in told["events"])
        return EventsRead(events=found, next=told["next"], has_more=told["has_more"])

    def follow_events(self, *, after: str = "", chosen: Chosen = EVERYTHING) -> EventStream:
        """Events as they are committed, from now on or after one whose id is given."""
        return EventStream(self._server, _asked(chosen), after)


def _asked(chosen: Chosen) -> dict[str, Any]:
    asked = {"type": chosen.types, "subject": chosen.subjects, "item": chosen.items}
    return {name: list(wanted) for name, wanted in asked.items() if wanted}


def _event(told: Mapping[str, Any]) -> Event:
    """An event, of a CloudEvent."""
    time_ = datetime.fromisoformat(told["time"])
    same = {name: told[name] for name in ("id", "source", "type", "subject", "data")}
    return Event(time=time_, **same)
