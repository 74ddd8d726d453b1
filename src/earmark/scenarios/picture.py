"""Everything that can be read of a database, as one value: to see that a step changed nothing."""

from __future__ import annotations

from dataclasses import dataclass, fields

from earmark.core.items import NumberRecord
from earmark.core.views import (
    DocumentView,
    HistoryRow,
    InventoryRow,
    ReservationView,
    TrackingView,
)
from earmark.database.engine import Database
from earmark.scenarios.comparing import said
from earmark.usecases import catalog, reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What is in a database at one moment, and what was done last."""

    documents: tuple[DocumentView, ...]
    reservations: tuple[ReservationView, ...]
    tracking: tuple[tuple[str, TrackingView], ...]
    inventory: tuple[InventoryRow, ...]
    numbers: tuple[NumberRecord, ...]
    history: tuple[HistoryRow, ...]


def picture_of(database: Database) -> Picture:
    """Read everything."""
    documents = reading.documents(database)
    lines = [line.line for document in documents for line in document.lines]
    return Picture(
        documents=documents,
        reservations=tuple(
            view
            for document in documents
            for view in reading.reservations(database, document.document_no)
        ),
        tracking=tuple(
            (line, view) for line in lines for view in reading.tracking_lines(database, line)
        ),
        inventory=reading.inventory(database),
        numbers=tuple(catalog.number_records(database)),
        history=reading.history(database, limit=1),
    )


def changes(before: Picture, after: Picture) -> str:
    """What differs between two pictures, in words; empty where nothing does."""
    return "; ".join(
        f"{part.name}: {_changed(getattr(before, part.name), getattr(after, part.name))}"
        for part in fields(Picture)
        if getattr(before, part.name) != getattr(after, part.name)
    )


def _changed(before: tuple[object, ...], after: tuple[object, ...]) -> str:
    gone = [row for row in before if row not in after]
    new = [row for row in after if row not in before]
    return f"was {said(gone)}, is {said(new)}"
