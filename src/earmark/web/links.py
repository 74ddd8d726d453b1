"""Where things are: the addresses of the pages of numbers, lines and documents."""

from __future__ import annotations

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from earmark.core.documents import DocumentKind
from earmark.core.overview import Ribbon
from earmark.core.tracking import Numbers
from earmark.errors import EarmarkError
from earmark.http.addresses import segment
from earmark.usecases import looking_up, reading
from earmark.usecases.naming import entry_ref
from earmark.web.asking import Reader, Served
from earmark.web.rendering import pages
from earmark.web.shell import is_served

router = pages()


def number_path(item_no: str, ribbon: Ribbon) -> str:
    """The page of a ribbon's number; that of the item where it has none."""
    return path_of(item_no, ribbon.numbers)


def path_of(item_no: str, numbers: Numbers) -> str:
    """The page of a lot, a serial or a package no., the first that there is."""
    item = f"/items/{segment(item_no)}"
    for sort, number in (
        ("lots", numbers.lot_no),
        ("serials", numbers.serial_no),
        ("packages", numbers.package_no),
    ):
        if number:
            return f"{item}/{sort}/{segment(number)}"
    return item


@router.get("/open/{reference:path}")
def go_to(request: Request, _asking: Reader, served: Served, reference: str) -> Response:
    """Go to the page of a line, a document or a ledger entry; to its history where it has none."""
    entry = entry_ref(reference)
    if entry is not None and not reading.exists(served, reference):
        return RedirectResponse(f"/items/{segment(entry.item_no)}", 307)
    path = f"/history?ref={segment(reference)}"
    try:
        place = looking_up.place(served, reference)
        kind = reading.document(served, place.document_no).kind
    except EarmarkError:
        return RedirectResponse(path, 307)
    own = f"/{_PLACES[DocumentKind(kind)]}/{segment(place.document_no)}"
    if is_served(request, own):
        path = f"{own}?line={segment(place.line_no)}" if place.line_no else own
    return RedirectResponse(path, 307)


_PLACES = {
    DocumentKind.SALES_ORDER: "sales-orders",
    DocumentKind.PURCHASE_ORDER: "purchases",
    DocumentKind.PRODUCTION_ORDER: "production",
    DocumentKind.DEMAND: "demand",
    DocumentKind.SUPPLY: "supply",
}
