"""Server-sent events: the format on the wire, and the stream that every page listens to.

``GET /live`` tells a page, in a few words, of each command as it is committed: an event ``change``
whose data is ``{id, at, by, verb, reference, items, lines, summary}``.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header
from fastapi.responses import StreamingResponse

from earmark.core.recorded import Cursor, Position, Recorded, cursor_of
from earmark.core.roles import Operation
from earmark.database.history import summary_of
from earmark.http.identity import may
from earmark.http.live import Batch, Feed, Listener, feed, heard

router = APIRouter(include_in_schema=False)

AGAIN_AFTER_MS = 1000
"""What a browser waits before it comes again."""
LastEventId = Annotated[str, Header(alias="Last-Event-ID")]


def block(*, event: str = "", data: Mapping[str, Any] | None = None, last: str = "") -> str:
    """One server-sent event; without data it only moves the place where to read on."""
    lines = [f"event: {event}"] if event else []
    if last:
        lines.append(f"id: {last}")
    if data is not None:
        lines.append(f"data: {json.dumps(data, ensure_ascii=False, separators=(',', ':'))}")
    return "".join(f"{line}\n" for line in lines) + "\n"


HEARTBEAT = ": still here\n\n"


def answer(blocks: AsyncIterator[str]) -> StreamingResponse:
    """A stream that no proxy keeps or gathers up."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(blocks, media_type="text/event-stream", headers=headers)


@router.get("/live", dependencies=[Depends(may(Operation.READ))])
async def live(
    watched: Annotated[Feed, Depends(feed)], last_event_id: LastEventId = ""
) -> StreamingResponse:
    """Every change from now on, or from the last one that the browser has heard of."""
    after = cursor_of(last_event_id) if last_event_id else None
    return answer(_changes(watched, after))


async def _changes(watched: Feed, after: Cursor | None) -> AsyncIterator[str]:
    told: set[Position] = set()
    async with watched.listening() as listener:
        yield opening(listener, after)
        async for batch in heard(watched, listener, after):
            yield "".join(_blocks(batch, told)) or HEARTBEAT


def opening(listener: Listener, after: Cursor | None) -> str:
    """What a stream begins with, once nothing is missed: when to come again, and from where on."""
    return f"retry: {AGAIN_AFTER_MS}\n" + block(last=str(after or listener.begins))


def _blocks(batch: Batch, told: set[Position]) -> Iterator[str]:
    """Each command once. Only a settled one moves the place where to read on."""
    for one in batch:
        if not one.is_settled:
            told.add(one.position)
            yield block(event="change", data=change(one))
        elif one.position in told:
            told.remove(one.position)
            yield block(last=str(one.position))
        else:
            yield block(event="change", data=change(one), last=str(one.position))


def change(one: Recorded) -> dict[str, Any]:
    """A command in a few words, for a page to mark what has changed."""
    return {
        "id": str(one.position),
        "at": one.at.isoformat(),
        "by": one.by,
        "verb": one.verb,
        "reference": one.reference,
        "items": list(one.items),
        "lines": list(one.lines),
        "summary": "; ".join(filter(None, map(summary_of, one.outcomes[:3]))),
    }
