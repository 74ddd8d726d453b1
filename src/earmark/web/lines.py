"""A document line: entered, changed with its consequences shown first, held, deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Form, Request, Response

from earmark.core.commands import KEEP, Cancel, Delete, EditLine, Hold
from earmark.errors import EarmarkError, InvalidRequest
from earmark.http.addresses import reference_path
from earmark.usecases.documents import delete
from earmark.usecases.line_edits import edit_line
from earmark.usecases.numbers import remarks
from earmark.usecases.reservations import cancel, hold
from earmark.usecases.supply_shown import supply_to_look_at
from earmark.web.asking import (
    Enterer,
    Reader,
    RequestId,
    Reserver,
    Served,
    date_of,
    quantity_of,
    time_of,
)
from earmark.web.order_page import SUPPLY_PIXELS, line_row
from earmark.web.outcomes import said
from earmark.web.previewing import outcome_or_refusal
from earmark.web.rendering import dialog, done, pages
from earmark.web.supply_rows import supply_rows

router = pages()
Text = Annotated[str | None, Form()]


@router.get("/lines/{line:path}/availability-by-lot")
def availability_by_lot(request: Request, asking: Reader, served: Served, line: str) -> Response:
    """Every supply considered for the line, by lot."""
    row = line_row(served, line)
    found = supply_to_look_at(served, line)
    known = remarks(served, row.line.item_no, (s.numbers for s in found if s.reasons))
    supplies = supply_rows(found, row.line.location_code, known, pixels=SUPPLY_PIXELS)
    return dialog(request, asking, "availability.html", row=row, supplies=supplies)


# -- Changing ----------------------------------------------------------------------------------


@router.get("/lines/{line:path}/edit")
def preview_edit(
    request: Request,
    asking: Enterer,
    served: Served,
    line: str,
    quantity: str | None = None,
    date: str | None = None,
    location: str | None = None,
) -> Response:
    """What a change would do to the line's reservations: the same calculation, not saved."""
    given = _edit(line, quantity, date, location, asking.user)
    wanted = replace(given, release=True, preview=True)
    outcome, refusal = outcome_or_refusal(edit_line, served, wanted)
    return dialog(
        request,
        asking,
        "edit_line.html",
        row=line_row(served, line),
        fields={"quantity": quantity, "date": date, "location": location},
        outcome=outcome,
        refusal=refusal,
    )


def _edit(
    line: str, quantity: str | None, date: str | None, location: str | None, by: str
) -> EditLine:
    return EditLine(
        line=line,
        quantity=KEEP if quantity is None else quantity_of(quantity),
        date=KEEP if date is None else date_of(date),
        location_code=KEEP if location is None else location,
        by=by,
    )


@router.get("/lines/{line:path}/delete")
def preview_delete(request: Request, asking: Enterer, served: Served, line: str) -> Response:
    """What deleting the line would release."""
    wanted = Delete(reference=line, by=asking.user, preview=True)
    outcome, refusal = outcome_or_refusal(delete, served, wanted)
    row = line_row(served, line)
    return dialog(request, asking, "delete_line.html", row=row, outcome=outcome, refusal=refusal)


@router.post("/lines/{line:path}/delete")
def delete_line(asking: Enterer, served: Served, line: str, request_id: RequestId = "") -> Response:
    """Delete the line."""
    outcome = delete(served, Delete(reference=line, by=asking.user, request_id=request_id))
    return done(say=said(f"Line {line} is deleted", outcome))


# -- Holding and cancelling all ----------------------------------------------------------------


@router.get("/lines/{line:path}/hold")
def ask_hold(request: Request, asking: Reserver, served: Served, line: str) -> Response:
    """Until when the line's reservations are held."""
    until = (served.clock() + timedelta(hours=4)).strftime("%Y-%m-%dT%H:%M")
    return dialog(request, asking, "hold.html", row=line_row(served, line), until=until, who=asking)


@router.post("/lines/{line:path}/hold")
def hold_line(
    asking: Reserver,
    served: Served,
    line: str,
    until: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
    request_id: RequestId = "",
) -> Response:
    """Set or lift the time limit of the line's reservations."""
    end = time_of(until, served.clock())
    if end is not None and end <= served.clock():
        raise InvalidRequest(what=f"{until} is over: a hold ends later than now")
    command = Hold(line=line, until=end, request_id=request_id)
    outcome = hold(served, asking.signed(command, reason=reason))
    limit = "without a time limit" if end is None else f"until {end:%Y-%m-%d %H:%M}"
    held = replace(outcome, reserved=outcome.released)
    return done(say=said(f"The reservations of {line} are held {limit}", held))


@router.get("/lines/{line:path}/cancel-reservation")
def ask_cancel(request: Request, asking: Reserver, served: Served, line: str) -> Response:
    """What cancelling all of the line's reservations gives up."""
    outcome, refusal = outcome_or_refusal(cancel, served, Cancel(line=line, preview=True))
    row = line_row(served, line)
    return dialog(
        request, asking, "cancel_line.html", row=row, outcome=outcome, refusal=refusal, who=asking
    )


@router.post("/lines/{line:path}/cancel-reservation")
def cancel_line(
    asking: Reserver,
    served: Served,
    line: str,
    reason: Annotated[str, Form()] = "",
    request_id: RequestId = "",
) -> Response:
    """Cancel all of the line's reservations."""
    command = Cancel(line=line, request_id=request_id)
    outcome = cancel(served, asking.signed(command, reason=reason))
    return done(say=said(f"The reservations of {line} are cancelled", outcome))


changes = pages()
"""Last of all routers of lines: its address is the beginning of theirs."""


@changes.post("/lines/{line:path}")
def change_line(
    asking: Enterer,
    served: Served,
    line: str,
    quantity: Text = None,
    date: Text = None,
    location: Text = None,
    release: Annotated[str, Form()] = "",
    request_id: RequestId = "",
) -> Response:
    """Change the line; what would release or move reservations is shown before it is done."""
    wanted = _edit(line, quantity, date, location, asking.user)
    if not release and _needs_a_look(served, wanted):
        given = {"quantity": quantity, "date": date, "location": location}
        query = urlencode({name: value for name, value in given.items() if value is not None})
        return done(then=f"/lines/{reference_path(line)}/edit?{query}")
    command = replace(wanted, release=bool(release), request_id=request_id)
    outcome = edit_line(served, command)
    return done(say=said(f"Line {line} is changed", outcome))


def _needs_a_look(served: Served, wanted: EditLine) -> bool:
    """Whether a change gives up or moves something, or is only possible by releasing."""
    try:
        outcome = edit_line(served, replace(wanted, preview=True))
    except EarmarkError:
        edit_line(served, replace(wanted, preview=True, release=True))
        return True
    return bool(outcome.releases or outcome.moves)
