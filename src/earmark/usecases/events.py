"""Reading events: what was committed, in order, from any place on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from earmark.core.events import EVERYTHING, SOURCE, Chosen, Event, EventsRead, events_of
from earmark.core.quantity import positive
from earmark.core.recorded import Cursor, Recorded, cursor_of
from earmark.database import events as committed
from earmark.database.engine import Database, Session
from earmark.database.unit_of_work import reading

COMMANDS_A_PAGE = 200
COMMANDS_AT_MOST = 5_000
"""Commands read for one call; one that chooses few events gets none then, and reads on."""


def events(
    database: Database,
    *,
    after: str = "",
    limit: int = 100,
    chosen: Chosen = EVERYTHING,
    source: str = SOURCE,
) -> EventsRead:
    """The events after one whose id is given, or from the beginning, in the order of the commits.

    Every event is read once by who goes on from ``next``, whatever is committed meanwhile. Those
    of a transaction are not read before all that was begun earlier has ended.
    """
    positive(limit, "Limit")
    cursor = cursor_of(after)
    found: list[Event] = []
    with reading(database) as session:
        for one in _recorded(session, cursor):
            if one is None:
                return EventsRead(events=tuple(found), next=str(cursor), has_more=True)
            for event in _unread(one, cursor, source):
                if len(found) == limit:
                    return EventsRead(events=tuple(found), next=str(cursor), has_more=True)
                cursor = event.cursor
                if chosen.has(event):
                    found.append(event)
            cursor = Cursor(one.position)
    return EventsRead(events=tuple(found), next=str(cursor), has_more=False)


def newest(database: Database) -> str:
    """Where to read on for somebody who wants to hear only of what happens from now on."""
    with reading(database) as session:
        return str(committed.newest(session))


def events_of_all(
    database: Database, found: Iterable[Recorded], source: str = SOURCE
) -> list[Event]:
    """The events of commands that have just been heard of."""
    with reading(database) as session:
        whole = committed.with_entries(session, list(found))
    return [event for one in whole for event in events_of(one, source)]


def _recorded(session: Session, cursor: Cursor) -> Iterator[Recorded | None]:
    """The commands that may have unread events, page by page; none where enough was read."""
    reached = cursor.begins
    for _ in range(COMMANDS_AT_MOST // COMMANDS_A_PAGE):
        page = committed.settled(session, reached, COMMANDS_A_PAGE)
        yield from committed.with_entries(session, page)
        if len(page) < COMMANDS_A_PAGE:
            return
        reached = page[-1].position
    yield None


def _unread(one: Recorded, cursor: Cursor, source: str) -> Iterator[Event]:
    """The events of a command that come after what was read."""
    return (event for event in events_of(one, source) if not cursor.has_read(event.cursor))
