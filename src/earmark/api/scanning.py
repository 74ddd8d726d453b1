"""``/api/v1/scan``: what a code says, and whether it fits a line."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from earmark.core.roles import Operation
from earmark.core.scans import Scan
from earmark.database.engine import Database
from earmark.http.identity import may
from earmark.http.serving import database
from earmark.usecases import scanning

router = APIRouter(prefix="/api/v1", tags=["Scanning"])


class Scanned(BaseModel):
    """A code as it was scanned or typed."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=2000, examples=["(01)05712345000427(10)P2609(21)VP2-0429"])
    line: str = Field(default="", examples=["SO1/1"])


@router.post("/scan", dependencies=[Depends(may(Operation.READ))])
def scan(served: Annotated[Database, Depends(database)], scanned: Scanned) -> Scan:
    """Every way to read a code, those that more speaks for first; it changes nothing."""
    return scanning.scan(served, scanned.text, line=scanned.line)
