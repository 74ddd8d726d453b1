"""Whether the server lives, and whether it can answer: for whoever watches over it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends

from earmark.database import opening
from earmark.database.engine import Database
from earmark.http.serving import database

router = APIRouter(include_in_schema=False)


@router.get("/health/live")
def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "live"}


@router.get("/health/ready")
def ready(served: Annotated[Database, Depends(database)]) -> dict[str, str]:
    """The database answers, and has the schema of this version."""
    return {"status": "ready", "schema": opening.revision(served)}
