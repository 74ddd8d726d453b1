"""What the pages' functions take: who asks with which permission, the database, typed fields."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from fastapi import Depends, Header

from earmark.core.quantity import exact
from earmark.core.roles import Operation
from earmark.database.engine import Database
from earmark.errors import DateInvalid
from earmark.http.identity import Caller, may
from earmark.http.serving import database

Reader = Annotated[Caller, Depends(may(Operation.READ))]
Enterer = Annotated[Caller, Depends(may(Operation.ENTER))]
Tracker = Annotated[Caller, Depends(may(Operation.TRACK))]
Reserver = Annotated[Caller, Depends(may(Operation.RESERVE))]
Poster = Annotated[Caller, Depends(may(Operation.POST))]
Keeper = Annotated[Caller, Depends(may(Operation.SET_UP))]
Served = Annotated[Database, Depends(database)]
RequestId = Annotated[str, Header(alias="idempotency-key")]
"""Scripts send one with every form: pressed twice, or sent again, it is done once."""

_SPACES = str.maketrans("", "", " \u00a0\u2009\u202f")


def quantity_of(text: str, what: str = "Quantity") -> Decimal:
    """A quantity as people type it: spaces between thousands, a comma for a point."""
    plain = text.translate(_SPACES).replace("\u2212", "-")
    if "," in plain and "." not in plain:
        plain = plain.replace(",", ".")
    return exact(plain, what)


def date_of(text: str) -> date | None:
    """A date as the browser sends it; none where the field is empty."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise DateInvalid(value=text) from None


def time_of(text: str, now: datetime) -> datetime | None:
    """A moment as the browser sends it, in the zone of ``now``; none where the field is empty."""
    if not text.strip():
        return None
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=now.tzinfo)
    except ValueError:
        raise DateInvalid(value=text) from None
