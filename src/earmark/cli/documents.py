"""`earmark order`: entering, showing and changing documents and their lines."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

import earmark
from earmark.cli.document_page import HeldView, document_page, documents_page, line_page
from earmark.cli.document_text import documents_of, fields_of, kind_of, line_of
from earmark.cli.invocation import CHANGING, READING_AS_OF, Changing, ReadingAsOf, opened
from earmark.cli.options import Day, Line, Quantity, Status
from earmark.core.commands import KEEP, AddLines, ChangeStatus, Delete, EditLine, EnterDocuments
from earmark.core.documents import DocumentEntry, DocumentKind, LineEntry
from earmark.core.references import entry_ref
from earmark.errors import ReferenceInvalid, ValueInvalid

DocumentNo = Annotated[str, Parameter(help="Its number: SO9. Any but . and .. will do.")]
LineFields = Annotated[
    list[str] | None,
    Parameter(
        name="--line",
        metavar="FIELDS",
        help="item=, quantity=, unit=, location=, date=, variant=, bin=, lot=, serial=, package=, "
        "reserve=, for= (the line it is made for and bound to; if the order is merely planned, "
        "once it is firm planned or released), over_receipt_percentage= (of a supply line). "
        "Repeat it for more lines.",
    ),
]
ComponentFields = Annotated[
    list[str] | None,
    Parameter(
        name="--component",
        metavar="FIELDS",
        help="Of a production order: the same fields, and of= the number of its line (1).",
    ),
]


def new(
    kind: Annotated[str, Parameter(help="sales, purchase, production, demand or supply.")],
    document_no: DocumentNo,
    /,
    *,
    customer: str = "",
    description: str = "",
    status: Status | None = None,
    line: LineFields = None,
    component: ComponentFields = None,
    changing: Changing = CHANGING,
) -> None:
    r"""Enter a document: a sales, purchase or production order, or another system's document.

    Demand and supply are lines of another system's documents, under their own numbers.

        earmark order new sales SO9 --customer C1 \\
            --line item=1040,quantity=5,location=EAST,date=2026-12-02
        earmark order new production MO1 --status released \\
            --line item=P,quantity=10,location=EAST,date=2026-12-05 \\
            --component item=X,quantity=20,location=EAST

    Args:
        customer: Customer no.
        description: A few words.
        status: Of a production order: simulated, planned, firm_planned or released.
    """
    document = DocumentEntry(
        kind=kind_of(kind),
        document_no=document_no,
        customer_no=customer,
        status=status,
        description=description,
        lines=_lines_of(line or [], component or []),
    )
    changing.carry_out(earmark.enter_documents, EnterDocuments(documents=(document,)))


def load(file: Path, /, *, changing: Changing = CHANGING) -> None:
    """Enter the documents of a YAML or JSON file: all of them, or none.

    It is written as in a scenario: {sales_order: SO9, customer: C1, lines: [{item: ...}]}.

        earmark order load orders.yaml

    Args:
        file: One document, a list of them, or a list under documents.
    """
    changing.carry_out(earmark.enter_documents, EnterDocuments(documents=documents_of(file)))


def add(
    document_no: DocumentNo,
    /,
    *,
    line: LineFields = None,
    component: ComponentFields = None,
    changing: Changing = CHANGING,
) -> None:
    """Add lines to a document.

    earmark order add SO9 --line item=1040,quantity=12,location=EAST
    """
    lines = _lines_of(line or [], component or [])
    with opened(changing.database) as database:
        kind = DocumentKind(earmark.document(database, document_no).kind)
    entry = DocumentEntry(kind=kind, document_no=document_no, lines=lines)
    changing.carry_out(earmark.add_lines, AddLines(document=entry))


def edit(
    line: Line,
    /,
    *,
    quantity: Quantity | None = None,
    date: Day | None = None,
    location: str | None = None,
    variant: str | None = None,
    unit: str | None = None,
    bin_code: Annotated[str | None, Parameter(name="--bin")] = None,
    item: str | None = None,
    over_receipt_percentage: Quantity | None = None,
    release: bool = False,
    changing: Changing = CHANGING,
) -> None:
    """Change a line; promises that still fit are kept, by moving where that is possible.

        earmark order edit SO9/1 --quantity 3
        earmark order edit SO9/1 --date 2026-12-15 --release

    Args:
        quantity: In the line's unit.
        date: Shipment date, due date or expected receipt date.
        location: Location code.
        variant: Variant code.
        unit: Unit of measure.
        bin_code: Bin code.
        item: Item no.
        over_receipt_percentage: How much more than the quantity may be received.
        release: Give up reservations that no longer fit; else the change is refused.
    """
    command = EditLine(
        line=line,
        quantity=KEEP if quantity is None else quantity,
        date=KEEP if date is None else date,
        location_code=KEEP if location is None else location,
        variant_code=KEEP if variant is None else variant,
        unit=KEEP if unit is None else unit,
        bin_code=KEEP if bin_code is None else bin_code,
        item_no=KEEP if item is None else item,
        over_receipt_percentage=KEEP
        if over_receipt_percentage is None
        else over_receipt_percentage,
        release=release,
    )
    changing.carry_out(earmark.edit_line, command)


def delete(
    reference: Annotated[str, Parameter(help="A line or a document: SO9/1, SO9.")],
    /,
    *,
    changing: Changing = CHANGING,
) -> None:
    """Delete a line or a document; its reservations are released.

    earmark order delete SO9/1
    """
    changing.carry_out(earmark.delete, Delete(reference=reference))


def status(document_no: DocumentNo, to: Status, /, *, changing: Changing = CHANGING) -> None:
    """Change the status of a production order.

        earmark order status MO1 released

    Args:
        to: planned, firm_planned, released, finished or open.
    """
    changing.carry_out(earmark.change_status, ChangeStatus(document_no=document_no, status=to))


def show(
    reference: Annotated[str, Parameter(help="A document or a line: SO9, SO9/1, X#12.")],
    /,
    *,
    reading: ReadingAsOf = READING_AS_OF,
) -> None:
    """Show a document with its lines and their balance, or a line with who serves it.

    earmark order show SO4711
    earmark order show SO4711/2
    earmark order show SO4711 --as-of 2026-11-24T10:00
    """
    with reading.opened() as database:
        from earmark.usecases import looking_up

        place = looking_up.place(database, reference)
        is_line = bool(place.line_no)
        is_entry = not is_line and entry_ref(reference) and not earmark.exists(database, reference)
        if not is_line and not is_entry:
            found = earmark.document(database, place.document_no, as_of=reading.as_of)
            reading.answer(found, document_page)
            return
        view = HeldView(
            reference=reference,
            line=earmark.line(database, reference, as_of=reading.as_of) if is_line else None,
            reservations=earmark.reservations(database, reference, as_of=reading.as_of),
        )
    reading.answer(view, line_page)


def list_(*, reading: ReadingAsOf = READING_AS_OF) -> None:
    """List all documents, and how far each is reserved from stock.

    earmark order list
    """
    with reading.opened() as database:
        views = earmark.documents(database, as_of=reading.as_of)
    reading.answer(views, documents_page)


# -- Input -------------------------------------------------------------------------------------


def _lines_of(lines: Sequence[str], components: Sequence[str]) -> tuple[LineEntry, ...]:
    """Lines from their options; a component goes to the line it is ``of``, the first if unsaid."""
    if not lines and not components:
        raise ValueInvalid(field="--line", value="", why="say at least one line")
    entries = [line_of(fields_of(text)) for text in lines]
    for text in components:
        fields = fields_of(text)
        of = fields.pop("of", "1")
        if not of.isdecimal() or not 0 < int(of) <= len(entries):
            raise ReferenceInvalid(
                reference=f"of={of}", why="there is no such line in this command"
            )
        parent = entries[int(of) - 1]
        made_of = (*parent.components, line_of(fields))
        entries[int(of) - 1] = replace(parent, components=made_of)
    return tuple(entries)
