"""The palette: what may be done and where one may go, for a few words typed or a number scanned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from time import perf_counter
from urllib.parse import quote, unquote

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from earmark.core.documents import DocumentKind
from earmark.core.hits import Hit, HitKind
from earmark.core.references import document_reference
from earmark.core.tracking import Numbers
from earmark.core.views import DocumentView, LineView
from earmark.database.engine import Database
from earmark.http.addresses import reference_path, segment
from earmark.usecases import reading
from earmark.usecases.searching import search
from earmark.web.asking import Reader, Served
from earmark.web.links import path_of
from earmark.web.rendering import pages
from earmark.web.shell import is_served
from earmark.web.words import iso, quantity

router = pages()

MOST = 14
MOST_LINES = 3
"""Of how many lines of one order something is offered to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the palette: a dialog to open (*Do*), or an address to go to."""

    group: str
    label: str
    detail: str = ""
    icon: str = "right"
    key: str = ""
    dialog: str = ""
    href: str = ""


@router.get("/go")
def go(request: Request, _asking: Reader, served: Served, q: str = "") -> Response:
    """What fits a few words: what to do holds all of them, where to go one of them at least."""
    began = perf_counter()
    hits = _hits(served, q)
    offered = [e for e in _entries(served, hits) if _is_served(request, e)]
    fitting = [entry for entry in offered if _fits(entry, q)]
    shown = sorted(fitting, key=lambda entry: entry.group != "Do")[:MOST]
    return JSONResponse(
        {
            "entries": [asdict(entry) for entry in shown],
            "found": len(fitting),
            "milliseconds": round((perf_counter() - began) * 1000),
        }
    )


def _hits(served: Database, words: str) -> list[Hit]:
    """Records for the whole text, else for its words, those with a digit first."""
    found = list(search(served, words))
    if found:
        return found
    parts = sorted(words.split(), key=lambda word: not any(c.isdigit() for c in word))
    for part in parts:
        if len(part) > 1:
            found = list(search(served, part))
        if found:
            return found
    return []


def _fits(entry: Entry, words: str) -> bool:
    """Whether an entry is meant; a line may be named as its address names it, ``SO1/1``."""
    named = unquote(entry.dialog or entry.href)
    said = f"{entry.label} {entry.detail} {named}".casefold()
    found = [word in said for word in words.casefold().split()]
    return all(found) if entry.group == "Do" else any(found)


def _is_served(request: Request, entry: Entry) -> bool:
    return is_served(request, (entry.dialog or entry.href).partition("?")[0])


def _entries(served: Database, hits: Iterable[Hit]) -> Iterator[Entry]:
    orders = 0
    for hit in hits:
        if hit.kind is HitKind.DOCUMENT:
            if orders < MOST_LINES:
                yield from _of_document(reading.document(served, hit.reference), hit)
            orders += 1
        elif hit.kind is HitKind.LINE:
            yield from _of_line(reading.line(served, hit.reference), hit.reference)
        elif hit.kind is HitKind.ITEM:
            href = path_of(hit.reference, Numbers())
            yield Entry(group="Go to", label=f"Item {hit.reference}", detail=hit.name, href=href)
        elif hit.kind is HitKind.CUSTOMER:
            href = f"/sales-orders?filter={quote(hit.name or hit.reference)}"
            label = f"Sales orders of {hit.name or hit.reference}"
            yield Entry(group="Go to", label=label, detail=hit.reference, href=href)
        else:
            yield _of_number(hit)


# -- Documents ---------------------------------------------------------------------------------


def _of_document(document: DocumentView, hit: Hit) -> Iterator[Entry]:
    no = document.document_no
    path, whole = segment(no), segment(document_reference(no))
    open_lines = [x for x in document.lines if x.is_demand and x.unreserved > 0]
    if document.kind == DocumentKind.SALES_ORDER:
        yield from _reserving(no, path, open_lines)
        dates = [line.date for line in document.lines if line.date is not None]
        ships = f"ships {iso(min(dates))}" if dates else ""
        detail = " · ".join(filter(None, (hit.name, ships)))
        href = f"/sales-orders/{path}"
        yield Entry(group="Go to", label=f"Sales order {no}", detail=detail, href=href)
        href = f"/sales-orders/{path}/split"
        yield Entry(group="Go to", label=f"Split screen of {no}", href=href, key="S")
    else:
        kind = document.kind.replace("_", " ").capitalize()
        yield Entry(
            group="Go to",
            label=f"{kind} {no}",
            detail=hit.name,
            href=f"/open/{reference_path(document_reference(no))}",
        )
    yield Entry(group="Go to", label=f"History of {no}", href=f"/history?q={whole}", key="H")


def _reserving(no: str, path: str, open_lines: list[LineView]) -> Iterator[Entry]:
    for line in sorted(open_lines, key=lambda line: -line.unreserved)[:MOST_LINES]:
        yield from _line_reserving(line)
    if open_lines:
        count = f"{len(open_lines)} {'line' if len(open_lines) == 1 else 'lines'} open"
        yield Entry(
            group="Do",
            label=f"Auto Reserve order {no}",
            detail=count,
            icon="check",
            key="Shift A",
            dialog=f"/sales-orders/{path}/auto-reserve",
        )
        worst = max(open_lines, key=lambda line: line.unreserved)
        yield Entry(
            group="Do",
            label=f"Why is {no} not fully reserved?",
            detail=f"{count}, line {worst.line_no} most",
            icon="warning",
            key="W",
            href=f"/lines/{reference_path(worst.line)}/why",
        )


def _line_reserving(line: LineView) -> Iterator[Entry]:
    document_no, number = line.document_no, line.line_no
    detail = f"{line.item_no} · open {quantity(line.unreserved)}"
    yield Entry(
        group="Do",
        label=f"Reserve line {number} of {document_no}",
        detail=detail,
        icon="check",
        dialog=f"/lines/{reference_path(line.line)}/reserve",
    )


def _of_line(line: LineView, reference: str) -> Iterator[Entry]:
    document_no, number = line.document_no, line.line_no
    path = reference_path(reference)
    if line.is_demand and line.unreserved > 0:
        yield from _line_reserving(line)
    tracked = f"{line.item_no} · undefined {quantity(line.untracked)}"
    yield Entry(
        group="Do",
        label=f"Item Tracking Lines, line {number} of {document_no}",
        detail=tracked,
        icon="scan",
        key="T",
        dialog=f"/lines/{path}/item-tracking-lines",
    )
    if line.is_demand and line.reserved > 0:
        detail = f"{quantity(line.reserved)} reserved"
        yield Entry(
            group="Do",
            label=f"Hold until… for {reference}",
            detail=detail,
            icon="clock",
            dialog=f"/lines/{path}/hold",
        )
        yield Entry(
            group="Go to",
            label=f"Reservation Entries of {reference}",
            detail=detail,
            key="E",
            dialog=f"/lines/{path}/reservation-entries",
        )
    yield Entry(
        group="Go to",
        label=f"Line {reference}",
        detail=f"{line.item_no} {line.description}",
        href=f"/open/{path}",
    )


# -- Numbers -----------------------------------------------------------------------------------


def _of_number(hit: Hit) -> Entry:
    numbers = {
        HitKind.LOT: Numbers(lot_no=hit.reference),
        HitKind.SERIAL: Numbers(serial_no=hit.reference),
        HitKind.PACKAGE: Numbers(package_no=hit.reference),
    }[hit.kind]
    there = hit.place or "nothing left of it"
    held = f"held by {', '.join(hit.holders)}" if hit.holders else "held by nobody"
    detail = " · ".join((hit.item_no, there, held) if hit.quantity else (hit.item_no, there))
    return Entry(
        group="Go to",
        label=f"{hit.kind.capitalize()} {hit.reference}",
        detail=detail,
        href=path_of(hit.item_no, numbers),
    )
