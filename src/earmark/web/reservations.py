"""*Functions -> Reserve*: the question, the *Item Tracking List*, the *Reservation* window."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Form, Query, Request, Response

from earmark.core.commands import Cancel, Change, Choice, Reserve
from earmark.core.outcome import Outcome
from earmark.database.engine import Database
from earmark.errors import EarmarkError
from earmark.http.identity import Caller
from earmark.usecases import looking_up, reading
from earmark.usecases.reservations import cancel, change, reserve
from earmark.usecases.supply_shown import HolderView
from earmark.web.appeals import Way, asks_for, units_of
from earmark.web.asking import Reader, RequestId, Reserver, Served, quantity_of
from earmark.web.entry_rows import entry_rows
from earmark.web.order_page import line_row
from earmark.web.outcomes import moving, said
from earmark.web.previewing import outcome_or_refusal, tried
from earmark.web.rendering import dialog, done, pages
from earmark.web.reservation_page import (
    KINDS,
    LISTED,
    Asked,
    Window,
    asked_for,
    listed_numbers,
    remarks_of,
    reservation_window,
)
from earmark.web.supply_side import reservation_for

router = pages()
Given = Annotated[str, Query()]
Text = Annotated[str, Form()]


def _in_address(request: Request) -> Asked:
    return asked_for(request.query_params)


def _in_form(
    serial: Text = "",
    lot: Text = "",
    package: Text = "",
    each: Annotated[str, Form(alias="all")] = "",
    unnamed: Text = "",
) -> Asked:
    named = {"serial": serial, "lot": lot, "package": package}
    return asked_for({**named, "all": each, "unnamed": unnamed})


InAddress = Annotated[Asked, Depends(_in_address)]
InForm = Annotated[Asked, Depends(_in_form)]


@router.get("/lines/{line:path}/reserve")
def ask(request: Request, asking: Reserver, served: Served, line: str) -> Response:
    """The question, where the line carries numbers; else the window at once."""
    if not reading.line(served, line).is_demand:
        return reservation_for(request, asking, served, line, "")
    numbers = listed_numbers(served, line)
    if not numbers:
        any_number = Asked(numbers=Choice.ANY)
        return _window(request, asking, served, line, any_number, "")
    return dialog(
        request,
        asking,
        "reserve_question.html",
        row=line_row(served, line),
        numbers=numbers,
        customer=_customer(served, line),
        specifically=_tried(served, asking, Reserve(line=line, numbers=Choice.ALL)),
        loosely=_tried(served, asking, Reserve(line=line, numbers=Choice.ANY)),
    )


def _tried(served: Database, asking: Caller, command: Reserve) -> Outcome | EarmarkError:
    """What an answer would do now: the same calculation, not saved."""
    return tried(reserve, served, asking.signed(replace(command, preview=True)))


def _customer(served: Database, line: str) -> str:
    found = looking_up.customers(served).get(reading.line(served, line).customer_no)
    return found.name if found else ""


@router.get("/lines/{line:path}/item-tracking-list")
def item_tracking_list(request: Request, asking: Reserver, served: Served, line: str) -> Response:
    """The numbers on the line, to choose the one that is to be reserved."""
    numbers = listed_numbers(served, line)
    return dialog(
        request,
        asking,
        "item_tracking_list.html",
        row=line_row(served, line),
        numbers=numbers[:LISTED],
        more=max(len(numbers) - LISTED, 0),
    )


@router.get("/lines/{line:path}/reservation")
def window(
    request: Request,
    asking: Reserver,
    served: Served,
    line: str,
    asked: InAddress,
    kind: Given = "",
) -> Response:
    """The *Reservation* window."""
    return _window(request, asking, served, line, asked, kind)


def _window(
    request: Request, asking: Caller, served: Database, line: str, asked: Asked, kind: str
) -> Response:
    shown = reservation_window(served, asking, line, asked, kind)
    return dialog(
        request,
        asking,
        "reservation.html",
        window=shown,
        row=shown.row,
        remarks=remarks_of(served, shown),
        kinds=KINDS,
        customer=_customer(served, line),
        will_move=moving(shown.preview) if shown.preview and shown.preview.moves else "",
        asks=_asks(asking, served, shown),
    )


def _asks(asking: Caller, served: Database, shown: Window) -> dict[HolderView, Way]:
    """Whom one may ask for what he holds; of whom that is done, his answer is awaited."""
    asks = asks_for(asking, served, shown.row.line.line)
    ways = {
        holder: asks.way(units_of(holder.reservation))
        for holder in shown.holders
        if not shown.goes_to(holder.reservation.demand)
    }
    return {holder: way for holder, way in ways.items() if way is not None}


# -- The three actions -------------------------------------------------------------------------


@router.post("/lines/{line:path}/auto-reserve")
def auto_reserve(
    asking: Reserver,
    served: Served,
    line: str,
    asked: InForm,
    supply: Text = "",
    quantity: Text = "",
    request_id: RequestId = "",
) -> Response:
    """*Auto Reserve*, or *Reserve from Current Line* where a supply is named."""
    command = Reserve(
        line=line,
        numbers=asked.numbers,
        supply=supply,
        quantity=quantity_of(quantity) if quantity.strip() else None,
        request_id=request_id,
    )
    outcome = reserve(served, asking.signed(command))
    how = "any number" if asked.numbers is Choice.ANY else "specific"
    return done(say=said(f"{line}, {how}", outcome), stay=True)


@router.get("/lines/{line:path}/reservation/cancel")
def ask_cancel(
    request: Request,
    asking: Reserver,
    served: Served,
    line: str,
    asked: InAddress,
    supply: Given = "",
) -> Response:
    """*Cancel Reservation from Current Line*: what it gives up, before it does."""
    unrestricted = Cancel(line=line, supply=supply, numbers=asked.numbers, preview=True)
    outcome, refusal = outcome_or_refusal(cancel, served, unrestricted)
    return dialog(
        request,
        asking,
        "cancel_reservation.html",
        row=line_row(served, line),
        asked=asked,
        fields=asked.fields(supply),
        supply=KINDS.get(supply, supply),
        outcome=outcome,
        refusal=refusal,
        signed_in=asking.is_signed_in,
    )


@router.post("/lines/{line:path}/reservation/cancel")
def cancel_reservation(
    asking: Reserver,
    served: Served,
    line: str,
    asked: InForm,
    supply: Text = "",
    reason: Text = "",
    request_id: RequestId = "",
) -> Response:
    """Cancel the line's reservations from one supply, or kind of supply, or all."""
    command = Cancel(line=line, supply=supply, numbers=asked.numbers, request_id=request_id)
    outcome = cancel(served, asking.signed(command, reason=reason))
    return done(say=said(f"The reservation of {line} is cancelled", outcome))


# -- Reservation Entries -----------------------------------------------------------------------


@router.get("/lines/{line:path}/reservation-entries")
def reservation_entries(request: Request, asking: Reader, served: Served, line: str) -> Response:
    """The line's reservation entries, to be changed and cancelled."""
    row = line_row(served, line)
    return dialog(
        request,
        asking,
        "reservation_entries.html",
        row=row,
        held=entry_rows(row.line, reading.reservations(served, line)),
        customer=_customer(served, line),
        signed_in=asking.is_signed_in,
    )


@router.post("/lines/{line:path}/reservation-entries/change")
def change_entry(
    asking: Reserver,
    served: Served,
    line: str,
    asked: InForm,
    supply: Text = "",
    quantity: Text = "",
    reason: Text = "",
    request_id: RequestId = "",
) -> Response:
    """*Change*: set what stands in one row to less than it is."""
    command = Change(
        line=line,
        supply=supply,
        numbers=asked.numbers,
        quantity=quantity_of(quantity),
        request_id=request_id,
    )
    outcome = change(served, asking.signed(command, reason=reason))
    released = replace(outcome, reserved=outcome.released * 0)
    return done(say=said(f"The reservation of {line} is changed", released), stay=True)
