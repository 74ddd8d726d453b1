"""New orders, new lines, a whole order reserved or shipped."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated

from fastapi import Form, Request, Response

from earmark.core.commands import (
    AddLines,
    ChangeStatus,
    Choice,
    EnterDocuments,
    Post,
    Reserve,
)
from earmark.core.documents import (
    POSTED_BY,
    DocumentEntry,
    DocumentStatus,
    LineEntry,
    LineKind,
    Posting,
)
from earmark.core.outcome import Outcome
from earmark.core.quantity import ZERO, exact
from earmark.core.references import document_reference
from earmark.database.engine import Database
from earmark.errors import EarmarkError, ValueInvalid
from earmark.http.addresses import segment
from earmark.usecases import looking_up, reading
from earmark.usecases.documents import add_lines, change_status, enter_documents
from earmark.usecases.many import reserve_each
from earmark.usecases.posting import post
from earmark.web.asking import (
    Enterer,
    Poster,
    RequestId,
    Reserver,
    Served,
    date_of,
    quantity_of,
)
from earmark.web.order_page import LineRow, order_page
from earmark.web.outcomes import said
from earmark.web.previewing import outcome_or_refusal
from earmark.web.rendering import dialog, done, pages
from earmark.web.shell import location_code
from earmark.web.sorts import POSTED, Asked, Sort, for_each

router = pages()
Text = Annotated[str, Form()]
_FIRST_STATUSES = (
    DocumentStatus.SIMULATED,
    DocumentStatus.PLANNED,
    DocumentStatus.FIRM_PLANNED,
    DocumentStatus.RELEASED,
)


@for_each(router.get, "/new")
def new_order(request: Request, asking: Enterer, served: Served, sort: Asked) -> Response:
    """The fields of a new document."""
    customers = looking_up.customers(served).values()
    return dialog(
        request,
        asking,
        "new_order.html",
        sort=sort,
        customers=customers,
        statuses=_FIRST_STATUSES,
    )


@for_each(router.post)
def enter_order(
    asking: Enterer,
    served: Served,
    sort: Asked,
    document_no: Text = "",
    customer_no: Text = "",
    description: Text = "",
    status: Annotated[DocumentStatus | None, Form()] = None,
    request_id: RequestId = "",
) -> Response:
    """Enter it without lines, and go to it."""
    entry = DocumentEntry(
        kind=sort.kind,
        document_no=document_no.strip(),
        customer_no=customer_no.strip(),
        status=status,
        description=description.strip(),
    )
    enter_documents(
        served, EnterDocuments(documents=(entry,), by=asking.user, request_id=request_id)
    )
    return done(go=f"{sort.path}/{segment(entry.document_no)}")


@for_each(router.get, "/{document_no}/lines/new")
def new_line(
    request: Request, asking: Enterer, served: Served, sort: Asked, document_no: str
) -> Response:
    """The fields of a new line; place and date are those of the lines there are."""
    order = reading.document(served, document_no)
    last = order.lines[-1] if order.lines else None
    locations = [code for code, x in looking_up.locations(served).items() if not x.is_in_transit]
    return dialog(
        request,
        asking,
        "new_line.html",
        sort=sort,
        order=order,
        items=looking_up.items(served).values(),
        locations=locations,
        location=last.location_code if last else location_code(request) or locations[0],
        date=last.date if last else served.clock().date(),
    )


@for_each(router.post, "/{document_no}/lines")
def enter_line(
    asking: Enterer,
    served: Served,
    sort: Asked,
    document_no: str,
    item_no: Text = "",
    quantity: Text = "",
    unit: Text = "",
    variant_code: Text = "",
    location: Text = "",
    date: Text = "",
    made_for: Text = "",
    over_receipt_percentage: Text = "",
    components: Text = "",
    request_id: RequestId = "",
) -> Response:
    """Add the line to the order; the page then has it chosen."""
    line = LineEntry(
        item_no=item_no.strip(),
        quantity=quantity_of(quantity),
        unit=unit.strip(),
        variant_code=variant_code.strip(),
        location_code=location.strip(),
        date=date_of(date),
        made_for=made_for.strip(),
        over_receipt_percentage=_percentage(over_receipt_percentage),
    )
    line = replace(line, components=_components(components, line))
    entry = DocumentEntry(kind=sort.kind, document_no=document_no, lines=(line,))
    outcome = add_lines(served, AddLines(document=entry, by=asking.user, request_id=request_id))
    lines = [
        x for x in reading.document(served, document_no).lines if x.is_demand is sort.is_demand
    ]
    new = lines[-1]
    return done(say=said(f"Line {new.line} is entered", outcome), choose=new.line_no)


def _percentage(text: str) -> Decimal | None:
    """A percentage; none where none is written, and the item's holds."""
    return exact(text, "Over-receipt %") if text.strip() else None


def _components(text: str, made: LineEntry) -> tuple[LineEntry, ...]:
    """The components of a production order line: item no. and quantity, one to a row."""
    components = []
    made = replace(made, unit="", made_for="", over_receipt_percentage=None)
    for row in filter(None, (row.strip() for row in text.splitlines())):
        item_no, *rest = row.split()
        if len(rest) != 1:
            why = "a component is written as its item no. and its quantity"
            raise ValueInvalid(field="Components", value=row, why=why)
        components.append(replace(made, item_no=item_no, quantity=quantity_of(rest[0])))
    return tuple(components)


# -- The whole order ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What reserving the whole order does to one of its lines."""

    row: LineRow
    outcome: Outcome | None
    refusal: EarmarkError | None


def _reserve_order(served: Database, document_no: str, by: str, *, preview: bool) -> list[Answer]:
    rows = [
        r
        for r in order_page(served, document_no, "").rows
        if r.line.is_demand and r.line.unreserved > ZERO
    ]
    commands = [
        Reserve(
            line=row.line.line,
            numbers=Choice.ALL if row.line.tracked > row.line.reserved_specific else Choice.ANY,
            by=by,
            preview=preview,
        )
        for row in rows
    ]
    return [
        Answer(
            row=row,
            outcome=answer if isinstance(answer, Outcome) else None,
            refusal=answer if isinstance(answer, EarmarkError) else None,
        )
        for row, answer in zip(rows, reserve_each(served, commands), strict=True)
    ]


@for_each(router.get, "/{document_no}/auto-reserve")
def preview_auto_reserve(
    request: Request, asking: Reserver, served: Served, sort: Asked, document_no: str
) -> Response:
    """What *Auto Reserve order* would do, line by line; not saved."""
    answers = _reserve_order(served, document_no, asking.user, preview=True)
    return dialog(
        request, asking, "auto_reserve.html", sort=sort, document_no=document_no, answers=answers
    )


@for_each(router.post, "/{document_no}/auto-reserve")
def auto_reserve(asking: Reserver, served: Served, document_no: str) -> Response:
    """Reserve for every line of the order: its numbers where it has some, else any."""
    answers = _reserve_order(served, document_no, asking.user, preview=False)
    lines = sum(1 for a in answers if a.outcome and a.outcome.reserved)
    moved = {line for a in answers if a.outcome for line in a.outcome.moved}
    who = f"; {', '.join(sorted(moved))} moved, nothing is lost" if moved else "; 0 moved"
    return done(say=f"Reserved on {lines} of {len(answers)} lines{who}.")


@for_each(router.get, "/{document_no}/post")
def preview_post(
    request: Request, asking: Poster, served: Served, sort: Asked, document_no: str, how: str = ""
) -> Response:
    """What posting the whole order would do; not saved."""
    posting = _posting(sort, how)
    wanted = Post(
        posting=posting, line=document_reference(document_no), by=asking.user, preview=True
    )
    outcome, refusal = outcome_or_refusal(post, served, wanted)
    rows = [
        r
        for r in order_page(served, document_no, "").rows
        if r.line.outstanding > ZERO and POSTED_BY[LineKind(r.line.kind)] is posting
    ]
    return dialog(
        request,
        asking,
        "post_order.html",
        sort=sort,
        posting=posting,
        words=POSTED[posting][0],
        document_no=document_no,
        rows=rows,
        outcome=outcome,
        refusal=refusal,
    )


@for_each(router.post, "/{document_no}/post")
def post_order(
    asking: Poster,
    served: Served,
    sort: Asked,
    document_no: str,
    how: Text = "",
    request_id: RequestId = "",
) -> Response:
    """Post what is outstanding on the order."""
    posting = _posting(sort, how)
    whole = document_reference(document_no)
    command = Post(posting=posting, line=whole, by=asking.user, request_id=request_id)
    outcome = post(served, command)
    return done(say=said(f"{document_no} is {POSTED[posting][1]}", outcome))


def _posting(sort: Sort, how: str) -> Posting:
    """How an order is posted: as was asked, or in its first way."""
    return next((posting for posting in sort.postings if posting == how), sort.postings[0])


# -- Status ------------------------------------------------------------------------------------


@router.get("/production/{document_no}/status")
def preview_status(
    request: Request,
    asking: Enterer,
    served: Served,
    document_no: str,
    to: DocumentStatus | None = None,
) -> Response:
    """What a new status does to reservations; not saved."""
    outcome, refusal = None, None
    if to is not None:
        wanted = ChangeStatus(document_no=document_no, status=to, by=asking.user, preview=True)
        outcome, refusal = outcome_or_refusal(change_status, served, wanted)
    return dialog(
        request,
        asking,
        "order_status.html",
        order=reading.document(served, document_no),
        statuses=[status for status in DocumentStatus if status is not DocumentStatus.OPEN],
        to=to,
        outcome=outcome,
        refusal=refusal,
    )


@router.post("/production/{document_no}/status")
def save_status(
    asking: Enterer,
    served: Served,
    document_no: str,
    to: Annotated[DocumentStatus, Form()],
    request_id: RequestId = "",
) -> Response:
    """Change the status."""
    outcome = change_status(
        served,
        ChangeStatus(document_no=document_no, status=to, by=asking.user, request_id=request_id),
    )
    return done(say=said(f"{document_no} is {to.replace('_', ' ')}", outcome))
