"""*Line -> Item Tracking Lines*: the numbers of a line, entered, read, selected or assigned."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from earmark.core.commands import AssignNumbers, SelectEntries, Track
from earmark.core.eligibility import Reason
from earmark.core.outcome import Outcome
from earmark.core.pasted import NumberRow
from earmark.core.quantity import ZERO
from earmark.core.tracking import Dimension, Numbers, TrackingLine
from earmark.core.views import TrackingView
from earmark.database.engine import Database
from earmark.errors import Conflict
from earmark.http.addresses import reference_path
from earmark.http.identity import Caller
from earmark.usecases import reading
from earmark.usecases.numbers import availability_of, read_for_line, remarks, rules_of
from earmark.usecases.supply_shown import supply_to_look_at
from earmark.usecases.tracking import assign_numbers, select_entries, track
from earmark.web.asking import Reader, RequestId, Served, Tracker, quantity_of
from earmark.web.number_words import as_entered, in_words, scanned
from earmark.web.order_page import line_row
from earmark.web.outcomes import remarks as warnings_of
from earmark.web.rendering import dialog, done, pages
from earmark.web.supply_rows import supply_rows
from earmark.web.words import quantity

LOT_PIXELS = 130

router = pages()


class Then(StrEnum):
    """What is done once the numbers are saved."""

    CLOSE = ""
    RESERVE = "reserve"
    SELECT = "select"
    SERIAL = "serial"
    LOT = "lot"
    CUSTOMISED = "customised"


class EnteredRow(BaseModel):
    """One row of the dialog."""

    serial_no: str = ""
    lot_no: str = ""
    package_no: str = ""
    quantity: str = "1"
    to_handle: str | None = None
    expiration_date: date | None = None

    def tracking_line(self) -> TrackingLine:
        """The item tracking line it is."""
        return TrackingLine(
            serial_no=self.serial_no.strip(),
            lot_no=self.lot_no.strip(),
            package_no=self.package_no.strip(),
            quantity=quantity_of(self.quantity),
            to_handle=None if self.to_handle is None else quantity_of(self.to_handle),
            expiration_date=self.expiration_date,
        )


class EnteredRows(BaseModel):
    """All rows of the dialog, what was there when it opened, and what is to follow."""

    rows: list[EnteredRow]
    seen: str
    then: Then = Then.CLOSE
    first_no: str = ""
    step: int = 1
    count: str = ""


class Asked(BaseModel):
    """Numbers of which somebody wants to know: serial, lot, package each."""

    numbers: list[tuple[str, str, str]]


class Pasted(Asked):
    """What was typed or pasted, and the numbers entered so far."""

    text: str


@router.get("/lines/{line:path}/item-tracking-lines")
def item_tracking_lines(request: Request, asking: Reader, served: Served, line: str) -> Response:
    """The dialog, with what it needs to begin."""
    row = line_row(served, line)
    rules = rules_of(served, line)
    tracking = reading.tracking_lines(served, line)
    lots = supply_to_look_at(served, line) if row.line.is_demand else ()
    blocked = remarks(served, row.line.item_no, (s.numbers for s in lots if s.reasons))
    return dialog(
        request,
        asking,
        "item_tracking_lines.html",
        row=row,
        rules=rules,
        start=_start(served, line, tracking),
        lots=supply_rows(lots, row.line.location_code, blocked, pixels=LOT_PIXELS),
        checked=served.clock(),
    )


def _start(served: Database, line: str, tracking: Sequence[TrackingView]) -> dict[str, Any]:
    numbers = [tracked.numbers for tracked in tracking]
    return {
        "seen": _digest(tracking),
        "rows": [_row(tracked) for tracked in tracking],
        "judged": _judged(served, line, numbers),
    }


def _row(tracked: TrackingView) -> dict[str, Any]:
    return {
        "serial_no": tracked.numbers.serial_no,
        "lot_no": tracked.numbers.lot_no,
        "package_no": tracked.numbers.package_no,
        "quantity": str(tracked.quantity),
        "to_handle": str(tracked.to_handle),
        "handled": str(tracked.handled),
        "expiration_date": tracked.expiration_date.isoformat() if tracked.expiration_date else "",
    }


def _digest(tracking: Iterable[TrackingView]) -> str:
    """What the numbers of a line are at one moment, to see whether they are so still."""
    kept = repr([(t.numbers, str(t.quantity.normalize()), t.expiration_date) for t in tracking])
    return hashlib.sha256(kept.encode()).hexdigest()[:16]


# -- What is to be said of a number ------------------------------------------------------------


@router.post("/lines/{line:path}/numbers")
def judge(_asking: Reader, served: Served, line: str, asked: Asked) -> Response:
    """What the line can have of each of these numbers, in words."""
    numbers = [_numbers(given) for given in asked.numbers]
    return JSONResponse({"judged": _judged(served, line, numbers)})


@router.post("/lines/{line:path}/numbers/read")
def read(_asking: Reader, served: Served, line: str, pasted: Pasted) -> Response:
    """What was typed, pasted or scanned, as rows, each judged; nothing is added yet."""
    known = [_numbers(given) for given in pasted.numbers]
    rows = read_for_line(served, line, pasted.text, known)
    read_rows = [scanned(served, line, row) if row.code else (row, "", "") for row in rows]
    judged = _judged(served, line, [row.numbers for row, _, _ in read_rows])
    said = [
        _read_row(row, words, error, word)
        for (row, words, error), word in zip(read_rows, judged, strict=True)
    ]
    return JSONResponse({"rows": said})


def _read_row(row: NumberRow, words: str, error: str, judged: dict[str, Any]) -> dict[str, Any]:
    return {
        "serial_no": judged["serial_no"],
        "lot_no": judged["lot_no"],
        "package_no": judged["package_no"],
        "quantity": str(row.quantity),
        "expiration_date": row.expiration_date.isoformat() if row.expiration_date else "",
        "text": row.text,
        "words": words,
        "error": error or (row.error.message if row.error else ""),
        "duplicate_of": row.duplicate_of,
        "judged": judged,
    }


def _numbers(given: tuple[str, str, str]) -> Numbers:
    return Numbers(serial_no=given[0], lot_no=given[1], package_no=given[2])


def _judged(served: Database, line: str, numbers: Sequence[Numbers]) -> list[dict[str, Any]]:
    if not reading.line(served, line).is_demand:
        return [as_entered(one) for one in numbers]
    found = availability_of(served, line, numbers)
    blocked = [one.completed for one in found if one.reason == Reason.BLOCKED]
    item_no = reading.line(served, line).item_no if blocked else ""
    said = remarks(served, item_no, blocked) if blocked else {}
    return [in_words(one, said.get(one.completed, "")) for one in found]


# -- Saving ------------------------------------------------------------------------------------


@router.post("/lines/{line:path}/item-tracking-lines")
def save(
    asking: Tracker, served: Served, line: str, entered: EnteredRows, request_id: RequestId = ""
) -> Response:
    """Save the numbers, refusing what exceeds the line; then what was asked for besides."""
    if entered.seen != _digest(reading.tracking_lines(served, line)):
        raise Conflict(what=f"the item tracking lines of {line}")
    numbers = tuple(row.tracking_line() for row in entered.rows)
    outcome = track(
        served,
        asking.signed(Track(line=line, numbers=numbers, request_id=request_id)),
    )
    if entered.then in (Then.CLOSE, Then.RESERVE):
        then = f"/lines/{reference_path(line)}/reserve" if entered.then is Then.RESERVE else ""
        return done(say=_said(line, numbers, outcome), then=then)
    outcome = _go_on(served, asking, line, entered)
    tracking = reading.tracking_lines(served, line)
    short = f"{quantity(outcome.shortfall)} could not be found." if outcome.shortfall else ""
    return done(say=short, stay=True, start=_start(served, line, tracking))


def _go_on(served: Database, asking: Caller, line: str, entered: EnteredRows) -> Outcome:
    count = quantity_of(entered.count) if entered.count.strip() else None
    if entered.then is Then.SELECT:
        return select_entries(served, asking.signed(SelectEntries(line=line, quantity=count)))
    what = Dimension.LOT if entered.then is Then.LOT else Dimension.SERIAL
    command = AssignNumbers(
        line=line, what=what, quantity=count, first_no=entered.first_no.strip(), step=entered.step
    )
    return assign_numbers(served, asking.signed(command))


def _said(line: str, numbers: Sequence[TrackingLine], outcome: Outcome) -> str:
    total = sum((entry.quantity for entry in numbers), ZERO)
    rows = f"{len(numbers)} row{'' if len(numbers) == 1 else 's'}"
    warnings = " ".join(warnings_of(outcome)[:2])
    released = f" {quantity(outcome.released)} released." if outcome.released else ""
    return f"{rows} with {quantity(total)} saved on {line}.{released} {warnings}".strip()
