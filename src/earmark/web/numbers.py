"""One lot, serial or package: its record, where it is, who holds it; blocking and dating it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from fastapi import Depends, Form, Request, Response

from earmark.core.changes import ChangePage, HistoryFilter
from earmark.core.commands import ChangeNumber
from earmark.core.outcome import Outcome
from earmark.core.overview import NumberOverview
from earmark.core.roles import Operation
from earmark.core.tracking import Numbers
from earmark.http.identity import Caller, may
from earmark.usecases import catalog, overview
from earmark.usecases.changes import changes
from earmark.web.asking import Reader, RequestId, Served, date_of
from earmark.web.charts import Axis
from earmark.web.history_rows import ShownChange, shown_changes
from earmark.web.links import path_of
from earmark.web.outcomes import remarks
from earmark.web.rendering import dialog, done, page, pages
from earmark.web.ribbon_chart import RibbonChart, ribbon_chart
from earmark.web.words import places_of

router = pages()
Rater = Annotated[Caller, Depends(may(Operation.RATE))]


class Sort(StrEnum):
    """The sorts of number, as the address names them."""

    LOTS = "lots"
    SERIALS = "serials"
    PACKAGES = "packages"


_WORDS = {Sort.LOTS: "Lot No.", Sort.SERIALS: "Serial No.", Sort.PACKAGES: "Package No."}


def _numbers(sort: Sort, number: str) -> Numbers:
    if sort is Sort.LOTS:
        return Numbers(lot_no=number)
    return Numbers(serial_no=number) if sort is Sort.SERIALS else Numbers(package_no=number)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberPage:
    """A number as its page shows it."""

    seen: NumberOverview
    sort: str
    word: str
    number: str
    path: str
    ribbons: RibbonChart
    changes: list[ShownChange]
    places: int


@router.get("/items/{item_no}/{sort}/{number:path}/block")
def ask_block(
    request: Request, asking: Rater, served: Served, item_no: str, sort: Sort, number: str
) -> Response:
    """The dialog: blocked or not, until when it is good, why; with what that would break."""
    seen = overview.number_overview(served, item_no, _numbers(sort, number))
    return dialog(
        request,
        asking,
        "block.html",
        seen=seen,
        number=number,
        sort=_WORDS[sort],
        path=path_of(item_no, seen.numbers),
    )


@router.post("/items/{item_no}/{sort}/{number:path}/block")
def block(
    asking: Rater,
    served: Served,
    item_no: str,
    sort: Sort,
    number: str,
    request_id: RequestId = "",
    blocked: Annotated[str, Form()] = "",
    expires: Annotated[str, Form()] = "",
    description: Annotated[str, Form()] = "",
) -> Response:
    """Block or release a number, and date it."""
    command = ChangeNumber(
        item_no=item_no,
        numbers=_numbers(sort, number),
        is_blocked=bool(blocked),
        expiration_date=date_of(expires),
        description=description.strip(),
        request_id=request_id,
    )
    outcome = catalog.change_number(served, asking.signed(command))
    return done(say=_said(number, outcome, is_blocked=bool(blocked)))


def _said(number: str, outcome: Outcome, *, is_blocked: bool) -> str:
    state = "blocked" if is_blocked else "not blocked"
    alerts = remarks(outcome)
    if not alerts:
        return f"{number} is {state}. No reservation stands on it that it is not good for."
    return f"{number} is {state}. {len(alerts)} to repair: {alerts[0]}"


@router.get("/items/{item_no}/{sort}/{number:path}")
def number(
    request: Request, asking: Reader, served: Served, item_no: str, sort: Sort, number: str
) -> Response:
    """The page of one number."""
    numbers = _numbers(sort, number)
    seen = overview.number_overview(served, item_no, numbers)
    found: ChangePage = changes(served, HistoryFilter(item_no=item_no, numbers=numbers), limit=20)
    axis = Axis.of(seen.work_date, 4)
    shown = NumberPage(
        seen=seen,
        sort=_WORDS[sort],
        word=sort.value.removesuffix("s"),
        number=number,
        path=path_of(item_no, numbers),
        ribbons=ribbon_chart(seen.ribbons, axis, [path_of(item_no, numbers)] * len(seen.ribbons)),
        changes=shown_changes(found.rows),
        places=places_of(seen.item),
    )
    return page(request, asking, "number.html", shown=shown)
