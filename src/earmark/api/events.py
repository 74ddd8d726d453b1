"""``/api/v1/events``: what was committed, as CloudEvents: page by page, or as a stream."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from earmark.core.events import Chosen, Event
from earmark.core.recorded import Cursor, cursor_of
from earmark.core.roles import Operation
from earmark.database.engine import Database
from earmark.http.identity import may
from earmark.http.live import Batch, Feed, feed, heard
from earmark.http.serving import Serving, database, serving
from earmark.http.streams import HEARTBEAT, LastEventId, answer, block, opening
from earmark.usecases import events as use_cases

router = APIRouter(
    prefix="/api/v1/events", tags=["Events"], dependencies=[Depends(may(Operation.READ))]
)

After = Annotated[str, Query(description="The id of the last event that was handled.")]
Several = Annotated[list[str], Query()]


class CloudEvent(BaseModel):
    """A CloudEvent 1.0 in JSON; `data` is described in docs/events.md."""

    specversion: str
    id: str
    source: str
    type: str
    subject: str
    time: datetime
    datacontenttype: str
    data: dict[str, Any]


class EventPage(BaseModel):
    """Some events in order; read on after `next`."""

    events: list[CloudEvent]
    next: str
    has_more: bool


def chosen(
    type_: Annotated[list[str], Query(alias="type")] = [],  # noqa: B006 - FastAPI copies it
    subject: Several = [],  # noqa: B006
    item: Several = [],  # noqa: B006
) -> Chosen:
    """Which events are asked for; each may be said several times."""
    return Chosen(types=type_, subjects=subject, items=item)


@router.get("", response_model=EventPage)
def events(
    served: Annotated[Database, Depends(database)],
    serves: Annotated[Serving, Depends(serving)],
    asked: Annotated[Chosen, Depends(chosen)],
    after: After = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> dict[str, Any]:
    """The events after one, or from the beginning, in the order of the commits."""
    read = use_cases.events(
        served, after=after, limit=limit, chosen=asked, source=serves.event_source
    )
    told = [event.as_cloud_event() for event in read.events]
    return {"events": told, "next": read.next, "has_more": read.has_more}


@router.get(
    "/stream",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {}}, "description": "Server-sent events"}},
)
async def stream(
    watched: Annotated[Feed, Depends(feed)],
    serves: Annotated[Serving, Depends(serving)],
    asked: Annotated[Chosen, Depends(chosen)],
    after: After = "",
    last_event_id: LastEventId = "",
) -> StreamingResponse:
    """Server-sent events from now on, or after `after` or the header `Last-Event-ID`."""
    place = last_event_id or after
    cursor = cursor_of(place) if place else None
    return answer(_told(watched, cursor, asked, serves.event_source))


async def _told(
    watched: Feed, after: Cursor | None, asked: Chosen, source: str
) -> AsyncIterator[str]:
    async with watched.listening() as listener:
        yield opening(listener, after)
        async for batch in heard(watched, listener, after):
            settled = [one for one in batch if one.is_settled]
            told = await to_thread.run_sync(_events_of, watched.database, settled, source)
            unread = [event for event in told if not (after and after.has_read(event.cursor))]
            yield "".join(_blocks(settled, unread, asked)) or HEARTBEAT


def _events_of(served: Database, settled: Batch, source: str) -> list[Event]:
    return use_cases.events_of_all(served, settled, source)


def _blocks(settled: Batch, unread: Sequence[Event], asked: Chosen) -> Iterator[str]:
    """The events asked for; what is passed over moves the place where to read on all the same."""
    for event in unread:
        if asked.has(event):
            yield block(data=event.as_cloud_event(), last=event.id)
    if settled:
        yield block(last=str(settled[-1].position))
