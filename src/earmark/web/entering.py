"""New orders, new lines, a whole order reserved or shipped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Form, Request, Response

from earmark.core.commands import AddLines, Choice, EnterDocuments, Post, Reserve
from earmark.core.documents import DocumentEntry, DocumentKind, LineEntry, Posting
from earmark.core.outcome import Outcome
from earmark.core.quantity import ZERO
from earmark.database.engine import Database
from earmark.errors import EarmarkError
from earmark.usecases import looking_up, reading
from earmark.usecases.documents import add_lines, enter_documents
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
from earmark.web.rendering import dialog, done, pages
from earmark.web.shell import location_code

router = pages()
Text = Annotated[str, Form()]


@router.get("/sales-orders/new")
def new_order(request: Request, asking: Enterer, served: Served) -> Response:
    """The fields of a new sales order."""
    customers = looking_up.customers(served).values()
    return dialog(request, asking, "new_order.html", customers=customers)


@router.post("/sales-orders")
def enter_order(
    asking: Enterer,
    served: Served,
    document_no: Text = "",
    customer_no: Text = "",
    description: Text = "",
    request_id: RequestId = "",
) -> Response:
    """Enter it without lines, and go to it."""
    entry = DocumentEntry(
        kind=DocumentKind.SALES_ORDER,
        document_no=document_no.strip(),
        customer_no=customer_no.strip(),
        description=description.strip(),
    )
    enter_documents(
        served, EnterDocuments(documents=(entry,), by=asking.user, request_id=request_id)
    )
    return done(go=f"/sales-orders/{entry.document_no}")


@router.get("/sales-orders/{document_no}/lines/new")
def new_line(request: Request, asking: Enterer, served: Served, document_no: str) -> Response:
    """The fields of a new line; place and date are those of the lines there are."""
    order = reading.document(served, document_no)
    last = order.lines[-1] if order.lines else None
    locations = [code for code, x in looking_up.locations(served).items() if not x.is_in_transit]
    return dialog(
        request,
        asking,
        "new_line.html",
        order=order,
        items=looking_up.items(served).values(),
        locations=locations,
        location=last.location_code if last else location_code(request) or locations[0],
        date=last.date if last else served.clock().date(),
    )


@router.post("/sales-orders/{document_no}/lines")
def enter_line(
    asking: Enterer,
    served: Served,
    document_no: str,
    item_no: Text = "",
    quantity: Text = "",
    unit: Text = "",
    variant_code: Text = "",
    location: Text = "",
    date: Text = "",
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
    )
    entry = DocumentEntry(kind=DocumentKind.SALES_ORDER, document_no=document_no, lines=(line,))
    outcome = add_lines(served, AddLines(document=entry, by=asking.user, request_id=request_id))
    new = reading.document(served, document_no).lines[-1].line
    return done(say=said(f"Line {new} is entered", outcome), choose=new.partition("/")[2])


# -- The whole order ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What reserving the whole order does to one of its lines."""

    row: LineRow
    outcome: Outcome | None
    refusal: EarmarkError | None


def _reserve_order(served: Database, document_no: str, by: str, *, preview: bool) -> list[Answer]:
    rows = [r for r in order_page(served, document_no, "").rows if r.line.unreserved > ZERO]
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


@router.get("/sales-orders/{document_no}/auto-reserve")
def preview_auto_reserve(
    request: Request, asking: Reserver, served: Served, document_no: str
) -> Response:
    """What *Auto Reserve order* would do, line by line; not saved."""
    answers = _reserve_order(served, document_no, asking.user, preview=True)
    return dialog(request, asking, "auto_reserve.html", document_no=document_no, answers=answers)


@router.post("/sales-orders/{document_no}/auto-reserve")
def auto_reserve(asking: Reserver, served: Served, document_no: str) -> Response:
    """Reserve for every line of the order: its numbers where it has some, else any."""
    answers = _reserve_order(served, document_no, asking.user, preview=False)
    lines = sum(1 for a in answers if a.outcome and a.outcome.reserved)
    moved = {line for a in answers if a.outcome for line in a.outcome.moved}
    who = f"; {', '.join(sorted(moved))} moved, nothing is lost" if moved else "; 0 moved"
    return done(say=f"Reserved on {lines} of {len(answers)} lines{who}.")


@router.get("/sales-orders/{document_no}/post")
def preview_post(request: Request, asking: Poster, served: Served, document_no: str) -> Response:
    """What shipping the whole order would do; not saved."""
    outcome, refusal = None, None
    wanted = Post(posting=Posting.SHIP, line=document_no, by=asking.user, preview=True)
    try:
        outcome = post(served, wanted)
    except EarmarkError as no:
        refusal = no
    rows = [r for r in order_page(served, document_no, "").rows if r.line.outstanding > ZERO]
    return dialog(
        request,
        asking,
        "post_order.html",
        document_no=document_no,
        rows=rows,
        outcome=outcome,
        refusal=refusal,
    )


@router.post("/sales-orders/{document_no}/post")
def post_order(
    asking: Poster, served: Served, document_no: str, request_id: RequestId = ""
) -> Response:
    """Ship what is outstanding on the order."""
    outcome = post(
        served,
        Post(posting=Posting.SHIP, line=document_no, by=asking.user, request_id=request_id),
    )
    return done(say=said(f"{document_no} is shipped", outcome))
