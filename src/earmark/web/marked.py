"""Several numbers marked in the *Item Tracking List*: reserved in turn, after a preview."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Form, Query, Request, Response

from earmark.core.commands import Reserve
from earmark.core.outcome import Outcome
from earmark.core.tracking import Numbers
from earmark.errors import EarmarkError, InvalidRequest
from earmark.http.addresses import reference_path
from earmark.usecases.many import reserve_each
from earmark.web.appeals import name_of
from earmark.web.asking import RequestId, Reserver, Served
from earmark.web.outcomes import said
from earmark.web.rendering import dialog, done, pages
from earmark.web.reservation_page import asked_for
from earmark.web.trying import Trial

router = pages()

MOST_MARKED = 100
"""Numbers that are reserved in turn; *All numbers* takes more."""


def _numbers(text: str) -> list[Numbers]:
    """The numbers that were marked, each as its window's address says it."""
    asked = [asked_for(dict(parse_qsl(part))).numbers for part in text.split(",") if part]
    named = [numbers for numbers in asked if isinstance(numbers, Numbers)]
    if not named or len(named) > MOST_MARKED:
        what = f"Mark 1 to {MOST_MARKED} numbers, not {len(named)}; All numbers takes all of them"
        raise InvalidRequest(what=what)
    return named


def _called(line: str, numbers: Numbers) -> str:
    return f"{line} {name_of(numbers, '', '')}"


@router.get("/lines/{line:path}/reserve-marked")
def ask_marked(
    request: Request, asking: Reserver, served: Served, line: str, numbers: Annotated[str, Query()]
) -> Response:
    """The dialog that shows what reserving the marked numbers would do."""
    wanted = _numbers(numbers)
    commands = [asking.signed(Reserve(line=line, numbers=one, preview=True)) for one in wanted]
    answers = reserve_each(served, commands)
    trial = Trial(
        title=f"Reserve {len(wanted)} {'number' if len(wanted) == 1 else 'numbers'} for {line}",
        over="Preview, not saved: the same calculation",
        does="Reserve",
        action=f"/lines/{reference_path(line)}/reserve-marked",
        fields={"numbers": numbers},
        answers=[(_called(line, n), a) for n, a in zip(wanted, answers, strict=True)],
    )
    return dialog(request, asking, "trial.html", trial=trial)


@router.post("/lines/{line:path}/reserve-marked")
def reserve_marked(
    asking: Reserver,
    served: Served,
    line: str,
    numbers: Annotated[str, Form()],
    request_id: RequestId = "",
) -> Response:
    """Reserve them, each specifically and one after the other; each has its own answer."""
    wanted = _numbers(numbers)
    commands = [
        asking.signed(Reserve(line=line, numbers=one, request_id=request_id)) for one in wanted
    ]
    answers = reserve_each(served, commands)
    refused = [answer for answer in answers if isinstance(answer, EarmarkError)]
    if len(refused) == len(answers):
        raise refused[0]
    sentences = [
        said(_called(line, one), answer) if isinstance(answer, Outcome) else answer.message
        for one, answer in zip(wanted, answers, strict=True)
    ]
    return done(say=" ".join(sentences))
