"""Ask holder: what users ask each other for, in words; the dialogs that ask and answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, NamedTuple
from urllib.parse import urlencode

from fastapi import Form, Request, Response

from earmark.core.appeals import (
    AppealState,
    AppealView,
    AskHolder,
    Give,
    KeepUnits,
    Withdraw,
    may_act_for,
)
from earmark.core.outcome import Outcome
from earmark.core.roles import Operation
from earmark.core.tracking import Numbers
from earmark.core.views import ReservationView
from earmark.database.engine import Database
from earmark.errors import EarmarkError
from earmark.http.addresses import reference_path
from earmark.http.identity import Caller
from earmark.usecases import appeals
from earmark.web.asking import RequestId, Reserver, Served, quantity_of
from earmark.web.order_page import line_row
from earmark.web.outcomes import said
from earmark.web.previewing import tried
from earmark.web.rendering import dialog, done, pages
from earmark.web.trying import Trial
from earmark.web.words import clock, quantity, short

router = pages()
Text = Annotated[str, Form()]


# -- In words ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A button on the row: it opens a dialog, does one thing at once, or leads to a page."""

    words: str
    dialog: str = ""
    post: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownAppeal:
    """An appeal as a row: since when, what is asked or answered, and what can be done."""

    appeal: AppealView
    since: str
    words: str
    note: str
    ways: Sequence[Way]


def of_you(found: Iterable[AppealView], now: datetime) -> list[ShownAppeal]:
    """What waits for the answer of whoever looks."""
    return [
        ShownAppeal(
            appeal=one,
            since=_since(one.at, now),
            words=f"{one.by or 'Somebody'} asks for {_units(one)}",
            note=one.note,
            ways=_answers(one),
        )
        for one in found
    ]


def by_you(found: Iterable[AppealView], now: datetime) -> list[ShownAppeal]:
    """What whoever looks has asked, and what was answered."""
    return [
        ShownAppeal(
            appeal=one,
            since=_since(one.answered_at or one.at, now),
            words=_answer(one) or f"You ask {one.asked_of} for {_units(one)}",
            note=one.reason,
            ways=[*_withdrawal(one), _look(one)],
        )
        for one in found
    ]


def of_line(asking: Caller, found: Iterable[AppealView], now: datetime) -> list[ShownAppeal]:
    """What was asked for a line, with what whoever looks may do about it."""
    return [
        ShownAppeal(
            appeal=one,
            since=_since(one.answered_at or one.at, now),
            words=_answer(one) or f"{one.by or 'Somebody'} asks {one.asked_of} for {_units(one)}",
            note=one.reason or one.note,
            ways=[
                *(_answers(one) if _may(asking, one.asked_of) else ()),
                *(_withdrawal(one) if _may(asking, one.by) else ()),
            ],
        )
        for one in found
    ]


def _may(asking: Caller, user: str) -> bool:
    allowed = asking.allowed if asking.is_signed_in else None
    return Operation.RESERVE in asking.allowed and may_act_for(user, asking.user, allowed)


def _answers(shown: AppealView) -> list[Way]:
    if shown.state is not AppealState.WAITING:
        return []
    at = f"/appeals/{shown.appeal}"
    return [Way(words="Give", dialog=f"{at}/give"), Way(words="Keep", dialog=f"{at}/keep")]


def _withdrawal(shown: AppealView) -> list[Way]:
    is_waiting = shown.state is AppealState.WAITING
    return [Way(words="Withdraw", post=f"/appeals/{shown.appeal}/withdraw")] if is_waiting else []


def _look(shown: AppealView) -> Way:
    is_over = shown.state is AppealState.OVER
    line = reference_path(shown.line)
    return Way(words="Look", href=f"/open/{line}" if is_over else f"/lines/{line}/why")


def _units(shown: AppealView) -> str:
    """How much of what: what could be given now, and what was asked where that is more."""
    much = quantity(shown.open)
    if shown.open != shown.quantity:
        much = f"{much} (asked for {quantity(shown.quantity)})"
    return f"{much} of {name_of(shown.numbers, shown.supply, shown.item_no)} held by {shown.holder}"


def name_of(numbers: Numbers, supply: str, item_no: str) -> str:
    """What goods are called in a sentence: by their number, their line or their item."""
    return numbers.serial_no or numbers.lot_no or numbers.package_no or supply or item_no


def _answer(shown: AppealView) -> str:
    """What became of it; empty as long as it waits."""
    name = name_of(shown.numbers, shown.supply, shown.item_no)
    if shown.state is AppealState.GIVEN:
        return f"{shown.answered_by} gave {quantity(shown.given)} of {name} to {shown.line}"
    if shown.state is AppealState.KEPT:
        return f"{shown.answered_by} keeps {quantity(shown.quantity)} of {name} for {shown.holder}"
    if shown.state is AppealState.WITHDRAWN:
        return f"{shown.answered_by} asks for {name} of {shown.holder} no more"
    if shown.state is AppealState.OVER:
        return f"{name} of {shown.holder}: no longer held, or no longer needed"
    return ""


def _since(at: datetime | None, now: datetime) -> str:
    is_same_day = at is not None and at.date() == now.date()
    return clock(at) if is_same_day else short(at)


def age(at: datetime | None, now: datetime) -> str:
    """How long something waits: ``45 min``, ``3 h``, ``2 days``."""
    minutes = 0 if at is None else max(int((now - at).total_seconds()) // 60, 0)
    hours, days = minutes // 60, minutes // (24 * 60)
    if days:
        return f"{days} {'day' if days == 1 else 'days'}"
    return f"{hours} h" if hours else f"{minutes} min"


# -- Asking ------------------------------------------------------------------------------------


class Units(NamedTuple):
    """What a line holds of a supply, as one asks for it: by its numbers where it has any."""

    holder: str
    by: str
    is_bound: bool
    numbers: Numbers
    supply: str


def units_of(entry: ReservationView) -> Units:
    """What a reservation entry holds."""
    return Units(entry.demand, entry.by, bool(entry.binding), entry.numbers, entry.supply)


def ask_path(asking: Caller, line: str, units: Units) -> str:
    """Where one asks for what another line holds; empty where there is nobody to ask."""
    is_own = units.holder == line or units.by in ("", asking.user)
    if is_own or units.is_bound or Operation.RESERVE not in asking.allowed:
        return ""
    numbers = units.numbers
    fields = {
        "holder": units.holder,
        "serial": numbers.serial_no,
        "lot": numbers.lot_no,
        "package": numbers.package_no,
        "supply": "" if numbers else units.supply,
    }
    asked = urlencode({name: value for name, value in fields.items() if value})
    return f"/lines/{reference_path(line)}/ask?{asked}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asks:
    """Whom one may ask for a line; of whom that is done, his answer is awaited."""

    asking: Caller
    line: str
    waiting: frozenset[tuple[str, Numbers]]

    def way(self, units: Units) -> Way | None:
        """*Ask holder*, or that he is asked; none where there is nobody to ask."""
        address = ask_path(self.asking, self.line, units)
        if not address:
            return None
        if (units.holder, units.numbers) in self.waiting:
            return Way(words=f"{units.by} is asked", href=f"/lines/{reference_path(self.line)}/why")
        return Way(words="Ask holder", dialog=address)


def asks_for(asking: Caller, served: Database, line: str) -> Asks:
    """Whom one may ask for a line, and who is asked already."""
    waiting = frozenset(
        (one.holder, one.numbers)
        for one in appeals.appeals(served, line=line)
        if one.state is AppealState.WAITING
    )
    return Asks(asking=asking, line=line, waiting=waiting)


@router.get("/lines/{line:path}/ask")
def ask(
    request: Request,
    asking: Reserver,
    served: Served,
    line: str,
    holder: str,
    serial: str = "",
    lot: str = "",
    package: str = "",
    supply: str = "",
) -> Response:
    """The dialog that asks: who is asked, how much of it he could give, and a note."""
    numbers = Numbers(serial_no=serial, lot_no=lot, package_no=package)
    command = AskHolder(line=line, holder=holder, numbers=numbers, supply=supply)
    found = _proposed(served, asking.signed(command))
    return dialog(
        request,
        asking,
        "ask_holder.html",
        row=line_row(served, line),
        holder=holder,
        fields={"holder": holder, "serial": serial, "lot": lot, "package": package}
        | {"supply": supply},
        found=found if isinstance(found, AppealView) else None,
        refusal=found if isinstance(found, EarmarkError) else None,
        name=name_of(numbers, supply, "its units"),
    )


def _proposed(served: Served, command: AskHolder) -> AppealView | EarmarkError:
    try:
        return appeals.proposed(served, command)
    except EarmarkError as refusal:
        return refusal


@router.post("/lines/{line:path}/ask")
def carry_out_ask(
    asking: Reserver,
    served: Served,
    line: str,
    holder: Text,
    quantity: Text = "",
    note: Text = "",
    serial: Text = "",
    lot: Text = "",
    package: Text = "",
    supply: Text = "",
    request_id: RequestId = "",
) -> Response:
    """Ask."""
    command = AskHolder(
        line=line,
        holder=holder,
        numbers=Numbers(serial_no=serial, lot_no=lot, package_no=package),
        supply=supply,
        quantity=quantity_of(quantity) if quantity.strip() else None,
        note=note.strip(),
        request_id=request_id,
    )
    outcome = appeals.ask_holder(served, asking.signed(command))
    return done(say=" ".join(warning.message for warning in outcome.warnings))


# -- Answering ---------------------------------------------------------------------------------


@router.get("/appeals/{appeal}/give")
def ask_give(request: Request, asking: Reserver, served: Served, appeal: str) -> Response:
    """The dialog that shows what giving would do."""
    shown = appeals.appeal(served, appeal)
    command = Give(appeal=appeal, preview=True)
    answer = tried(appeals.give, served, asking.signed(command, reason="tried"))
    much = quantity(answer.reserved if isinstance(answer, Outcome) else shown.quantity)
    name = name_of(shown.numbers, shown.supply, shown.item_no)
    trial = Trial(
        title=f"Give {much} of {name} to {shown.line}",
        over="Preview, not saved: the same calculation",
        does="Give",
        action=f"/appeals/{appeal}/give",
        fields={},
        answers=[(shown.line, answer)],
        wants_reason=asking.is_signed_in and asking.user != shown.asked_of,
        remarks=_remarks(shown),
    )
    return dialog(request, asking, "trial.html", trial=trial)


def _remarks(shown: AppealView) -> list[str]:
    who = f"{shown.by or 'Somebody'} asks for {shown.line}, {shown.customer or 'no customer'}"
    return [f"{who}: {shown.note}" if shown.note else f"{who}."]


@router.post("/appeals/{appeal}/give")
def carry_out_give(
    asking: Reserver,
    served: Served,
    appeal: str,
    reason: Text = "",
    request_id: RequestId = "",
) -> Response:
    """Give it."""
    command = Give(appeal=appeal, request_id=request_id)
    outcome = appeals.give(served, asking.signed(command, reason=reason))
    given = ", ".join(dict.fromkeys(release.line for release in outcome.releases))
    return done(say=said(f"{given} gives to {outcome.reference}", outcome))


@router.get("/appeals/{appeal}/keep")
def ask_keep(request: Request, asking: Reserver, served: Served, appeal: str) -> Response:
    """The dialog that asks why it is kept."""
    shown = appeals.appeal(served, appeal)
    name = name_of(shown.numbers, shown.supply, shown.item_no)
    return dialog(request, asking, "keep.html", shown=shown, name=name)


@router.post("/appeals/{appeal}/keep")
def carry_out_keep(
    asking: Reserver,
    served: Served,
    appeal: str,
    reason: Text = "",
    request_id: RequestId = "",
) -> Response:
    """Keep it."""
    command = KeepUnits(appeal=appeal, request_id=request_id)
    outcome = appeals.keep(served, asking.signed(command, reason=reason))
    return done(say=f"Kept; who asked for {outcome.reference} reads why.")


@router.post("/appeals/{appeal}/withdraw")
def carry_out_withdraw(
    asking: Reserver, served: Served, appeal: str, request_id: RequestId = ""
) -> Response:
    """Take it back."""
    command = Withdraw(appeal=appeal, request_id=request_id)
    outcome = appeals.withdraw(served, asking.signed(command))
    return done(say=f"Withdrawn: nothing is asked for {outcome.reference} any more.", stay=True)
