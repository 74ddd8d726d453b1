"""Dialogs that try a command, show what would come of it, and carry it out: repair, reserve, undo.

The preview is the command itself, not saved: what it says is what happens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated

from fastapi import Form, Query, Request, Response

from earmark.core.commands import Choice, EditLine, Hold, Repair, Reserve, Undo
from earmark.core.outcome import Outcome
from earmark.core.quantity import ZERO
from earmark.errors import EarmarkError, InvalidRequest
from earmark.usecases.line_edits import edit_line
from earmark.usecases.many import reserve_each
from earmark.usecases.repairing import repair
from earmark.usecases.reservations import hold
from earmark.usecases.undoing import undo
from earmark.web.asking import Enterer, Reader, RequestId, Reserver, Served, date_of
from earmark.web.outcomes import remarks, said
from earmark.web.previewing import tried
from earmark.web.rendering import dialog, done, pages

router = pages()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a command would do, or why it can not be done."""

    title: str
    over: str
    does: str
    action: str
    fields: dict[str, str]
    answers: Sequence[tuple[str, Outcome | EarmarkError]]
    wants_reason: bool = False
    remarks: list[str] = field(default_factory=list)

    @property
    def is_possible(self) -> bool:
        """Whether anything of it can be done."""
        return any(isinstance(answer, Outcome) for _, answer in self.answers)

    @property
    def moved(self) -> int:
        """How many lines change their place by it."""
        return len({line for answer in self._done() for line in answer.moved})

    @property
    def lost(self) -> Decimal:
        """How much lines have no more by it."""
        return sum((one.quantity for answer in self._done() for one in answer.releases), ZERO)

    def _done(self) -> list[Outcome]:
        return [answer for _, answer in self.answers if isinstance(answer, Outcome)]


# -- Repair ------------------------------------------------------------------------------------


@router.get("/repair")
def ask_repair(
    request: Request, asking: Reserver, served: Served, line: str, supply: str, to: str = ""
) -> Response:
    """The dialog that shows what a repair would do."""
    command = Repair(line=line, supply=supply, to_supply=to, preview=True)
    answer = tried(repair, served, asking.signed(command, reason="tried"))
    trial = Trial(
        title=f"Move the reservation of {line}",
        over="Preview, not saved: the same calculation",
        does="Move it",
        action="/repair",
        fields={"line": line, "supply": supply, "to": to},
        answers=[(line, answer)],
        wants_reason=True,
    )
    return dialog(request, asking, "trial.html", trial=trial)


@router.post("/repair")
def carry_out_repair(
    asking: Reserver,
    served: Served,
    line: Annotated[str, Form()],
    supply: Annotated[str, Form()],
    to: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
    request_id: RequestId = "",
) -> Response:
    """Let the reservation stand on other supply."""
    command = Repair(line=line, supply=supply, to_supply=to, request_id=request_id)
    outcome = repair(served, asking.signed(command, reason=reason))
    return done(say=said(f"{line} is repaired", outcome))


# -- Ship on another day; reserve what was held for a time ---------------------------------------


@router.get("/redate")
def ask_redate(request: Request, asking: Enterer, served: Served, line: str, date: str) -> Response:
    """The dialog that shows what another date would do."""
    command = EditLine(line=line, date=date_of(date), preview=True)
    answer = tried(edit_line, served, asking.signed(command))
    trial = Trial(
        title=f"Ship {line} on {date}",
        over="Preview, not saved: the same calculation",
        does=f"Ship {date}",
        action="/redate",
        fields={"line": line, "date": date},
        answers=[(line, answer)],
    )
    return dialog(request, asking, "trial.html", trial=trial)


@router.post("/redate")
def carry_out_redate(
    asking: Enterer,
    served: Served,
    line: Annotated[str, Form()],
    date: Annotated[str, Form()],
    request_id: RequestId = "",
) -> Response:
    """Ship a line on another day."""
    command = EditLine(line=line, date=date_of(date), request_id=request_id)
    return done(say=said(f"{line} ships {date}", edit_line(served, asking.signed(command))))


@router.get("/lift-hold")
def ask_lift(request: Request, asking: Reserver, served: Served, line: str) -> Response:
    """The dialog that makes a hold an ordinary reservation."""
    command = Hold(line=line, until=None, preview=True)
    answer = tried(hold, served, asking.signed(command, reason="tried"))
    trial = Trial(
        title=f"Reserve what is on hold for {line}",
        over="Preview, not saved: the same calculation",
        does="Reserve",
        action="/lift-hold",
        fields={"line": line},
        answers=[(line, answer)],
        wants_reason=True,
    )
    return dialog(request, asking, "trial.html", trial=trial)


@router.post("/lift-hold")
def carry_out_lift(
    asking: Reserver,
    served: Served,
    line: Annotated[str, Form()],
    reason: Annotated[str, Form()] = "",
    request_id: RequestId = "",
) -> Response:
    """Lift the time limit: the hold is a reservation like any other."""
    command = Hold(line=line, until=None, request_id=request_id)
    outcome = hold(served, asking.signed(command, reason=reason))
    return done(say=said(f"{line} is reserved without a time limit", outcome))


# -- Reserve several lines ---------------------------------------------------------------------

MOST_LINES = 100


def _lines(text: str) -> list[str]:
    wanted = [line for line in text.split(",") if line]
    if not wanted or len(wanted) > MOST_LINES:
        raise InvalidRequest(what=f"Name 1 to {MOST_LINES} lines, not {len(wanted)}")
    return wanted


@router.get("/reserve-lines")
def ask_reserve(
    request: Request, asking: Reserver, served: Served, lines: Annotated[str, Query()]
) -> Response:
    """The dialog that shows what reserving several lines would do."""
    wanted = _lines(lines)
    commands = [
        asking.signed(Reserve(line=line, numbers=Choice.ANY, preview=True)) for line in wanted
    ]
    answers = reserve_each(served, commands)
    trial = Trial(
        title=f"Reserve {' and '.join(wanted[:3])}",
        over="Preview, not saved: the same calculation",
        does="Reserve",
        action="/reserve-lines",
        fields={"lines": lines},
        answers=list(zip(wanted, answers, strict=True)),
    )
    return dialog(request, asking, "trial.html", trial=trial)


@router.post("/reserve-lines")
def carry_out_reserve(
    asking: Reserver,
    served: Served,
    lines: Annotated[str, Form()],
    request_id: RequestId = "",
) -> Response:
    """Reserve them, any goods that are good enough."""
    wanted = _lines(lines)
    commands = [asking.signed(Reserve(line=line, request_id=request_id)) for line in wanted]
    answers = reserve_each(served, commands)
    refused = [answer for answer in answers if isinstance(answer, EarmarkError)]
    if len(refused) == len(answers):
        raise refused[0]
    sentences = [
        said(line, answer) if isinstance(answer, Outcome) else answer.message
        for line, answer in zip(wanted, answers, strict=True)
    ]
    return done(say=" ".join(sentences))


# -- Undo --------------------------------------------------------------------------------------


@router.get("/undo/{moment}")
def ask_undo(request: Request, asking: Reader, served: Served, moment: str) -> Response:
    """The dialog that shows what undoing a command would do."""
    command = Undo(posting=moment, preview=True)
    answer = tried(undo, served, asking.signed(command, reason="tried"))
    about = answer.reference if isinstance(answer, Outcome) else ""
    trial = Trial(
        title=f"Undo what was done to {about}" if about else "This can not be undone",
        over="Preview, not saved. Undo is a new entry; nothing in history is rewritten",
        does="Undo",
        action=f"/undo/{moment}",
        fields={},
        answers=[(about, answer)],
        wants_reason=True,
        remarks=remarks(answer) if isinstance(answer, Outcome) else [],
    )
    return dialog(request, asking, "trial.html", trial=trial)


@router.post("/undo/{moment}")
def carry_out_undo(
    asking: Reader,
    served: Served,
    moment: str,
    reason: Annotated[str, Form()] = "",
    request_id: RequestId = "",
) -> Response:
    """Undo it: who may do such a thing may undo it."""
    command = Undo(posting=moment, request_id=request_id)
    outcome = undo(served, asking.signed(command, reason=reason))
    return done(say=said(f"Undone: {outcome.reference}", outcome), undone=str(outcome.moment))
