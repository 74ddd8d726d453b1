"""Whether the server lives, and whether it can answer: for whoever watches over it."""

from __future__ import annotations

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request

from earmark.database import opening
from earmark.http.serving import database

router = APIRouter(include_in_schema=False)


@router.get("/health/live")
async def live() -> dict[str, str]:
    """The process answers: on the event loop, whatever its threads are waiting for."""
    return {"status": "live"}


@router.get("/health/ready")
async def ready(request: Request) -> dict[str, str]:
    """The database answers, and has the schema of this version; in a thread of its own."""
    served = database(request)
    schema = await to_thread.run_sync(opening.revision, served, limiter=CapacityLimiter(1))
    return {"status": "ready", "schema": schema}
