"""The client: one method for each thing a user does, named as in the library."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

from earmark.client.connection import AsOf, Connection, line_path, segment
from earmark.client.events import Events
from earmark.client.webhooks import Webhooks
from earmark.core.alerts import Alert
from earmark.core.appeals import AppealView, AskHolder, Give, KeepUnits, Withdraw
from earmark.core.commands import (
    AddLines,
    AddNumbers,
    Adjust,
    AssignNumbers,
    Cancel,
    Change,
    ChangeNumber,
    ChangeStatus,
    Command,
    Delete,
    EditLine,
    EnterDocuments,
    Hold,
    Post,
    Reclassify,
    Repair,
    Reserve,
    SelectEntries,
    SetUp,
    TakeWayOut,
    Track,
    Undo,
)
from earmark.core.filters import (
    DocumentFilter,
    ItemFilter,
    LineFilter,
    NumberFilter,
    StockFilter,
)
from earmark.core.items import Customer, Item, Location, NumberRecord
from earmark.core.outcome import Outcome
from earmark.core.overview import ItemOverview, NumberOverview
from earmark.core.references import is_line, places
from earmark.core.scans import Scan
from earmark.core.tracking import NO_NUMBERS, Numbers, TrackingCode
from earmark.core.views import (
    CandidateView,
    DocumentView,
    Finding,
    HistoryRow,
    InventoryRow,
    LineView,
    NumberView,
    ReservationView,
    TrackingView,
    WindowView,
)
from earmark.core.why_views import WayTaken, WhyView
from earmark.errors import EarmarkError, LineUnknown
from earmark.http.plain import plain, value_of


class Client(Events, Webhooks):
    """Talks to one server; close it when done, or use it in a ``with`` block.

    Every change carries a request id, one of its own where the command has none, so that a request
    whose answer was lost is sent again without being done twice. ``by`` and ``allowed`` of a
    command are not sent: the server knows who asks.
    """

    def __init__(self, address: str, *, token: str = "", timeout_s: float = 30.0) -> None:
        """A client of the server at ``address``; ``token`` is an API token."""
        self._server = Connection(address, token=token, timeout_s=timeout_s)

    def close(self) -> None:
        """Give the connections back."""
        self._server.close()

    def __enter__(self) -> Self:
        """Open for the length of the block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()

    # -- Documents and their lines -------------------------------------------------------------

    def enter_documents(self, command: EnterDocuments) -> Outcome:
        """Enter documents with their lines: all of them, or none."""
        return self._server.change("POST", "documents", command)

    def add_lines(self, command: AddLines) -> Outcome:
        """Add lines to a document that exists."""
        path = f"documents/{segment(command.document.document_no)}/lines"
        body = {"lines": plain(command.document.lines)}
        return self._server.change("POST", path, command, body=body)

    def edit_line(self, command: EditLine) -> Outcome:
        """Change a document line."""
        return self._server.change_line("PATCH", command, "")

    def delete(self, command: Delete) -> Outcome:
        """Delete a line or a document."""
        reference = command.reference
        if not is_line(reference):
            path = f"documents/{segment(places(reference)[0].document_no)}"
            return self._server.change("DELETE", path, command, body=None)
        return self._server.change("DELETE", line_path(reference), command, body=None)

    def change_status(self, command: ChangeStatus) -> Outcome:
        """Change the status of a production order."""
        path = f"documents/{segment(command.document_no)}/status"
        return self._server.change("PUT", path, command, body={"status": command.status.value})

    def document(self, document_no: str, *, as_of: AsOf = None) -> DocumentView:
        """A document with its lines."""
        return self._server.read(DocumentView, f"documents/{segment(document_no)}", as_of=as_of)

    def documents(
        self, chosen: DocumentFilter | None = None, *, sort: str = ""
    ) -> Iterator[DocumentView]:
        """Documents with their lines, read page by page as they are taken."""
        return self._server.rows(DocumentView, "documents", chosen, sort=sort)

    def lines(self, chosen: LineFilter | None = None, *, sort: str = "") -> Iterator[LineView]:
        """Document lines, read page by page as they are taken."""
        return self._server.rows(LineView, "lines", chosen, sort=sort)

    def line(self, ref: str, *, as_of: AsOf = None) -> LineView:
        """One document line with its figures."""
        return self._server.read(LineView, line_path(ref), as_of=as_of)

    def version(self, ref: str) -> str:
        """The version of a line or a document, for a command to name."""
        document = f"documents/{segment(places(ref)[0].document_no)}"
        try:
            answer = self._server.answer("GET", line_path(ref) if is_line(ref) else document)
        except LineUnknown:
            answer = self._server.answer("GET", document)
        tag: str = answer.headers.get("etag", "")
        return tag.strip('"')

    # -- Item tracking lines -------------------------------------------------------------------

    def track(self, command: Track) -> Outcome:
        """Replace a line's item tracking lines."""
        return self._server.change_line("PUT", command, "/tracking")

    def add_numbers(self, command: AddNumbers) -> Outcome:
        """Add numbers to those that a line has."""
        return self._server.change_line("POST", command, "/tracking")

    def assign_numbers(self, command: AssignNumbers) -> Outcome:
        """Add new numbers from the item's series, or customised ones."""
        return self._server.change_line("POST", command, "/tracking/assign")

    def select_entries(self, command: SelectEntries) -> Outcome:
        """Fill a line's tracking lines from what is available."""
        return self._server.change_line("POST", command, "/tracking/select")

    def tracking_lines(self, ref: str, *, as_of: AsOf = None) -> tuple[TrackingView, ...]:
        """The item tracking lines of a line."""
        return self._server.read(
            tuple[TrackingView, ...], f"{line_path(ref)}/tracking", as_of=as_of
        )

    def track_each(self, commands: Sequence[Track]) -> list[Outcome | EarmarkError]:
        """Replace the item tracking lines of many lines; each has its own answer."""
        return self._server.each("bulk/track", commands)

    # -- Reserving -----------------------------------------------------------------------------

    def reserve(self, command: Reserve) -> Outcome:
        """Reserve for a line."""
        return self._server.change_line("POST", command, "/reserve")

    def hold(self, command: Hold) -> Outcome:
        """Set or lift the time limit of a line's reservations."""
        return self._server.change_line("POST", command, "/hold")

    def cancel(self, command: Cancel) -> Outcome:
        """Cancel a line's reservations."""
        return self._server.change_line("POST", command, "/cancel")

    def change(self, command: Change) -> Outcome:
        """Set the quantity of a line's reservation to less than it is."""
        return self._server.change_line("POST", command, "/change")

    def reserve_each(self, commands: Sequence[Reserve]) -> list[Outcome | EarmarkError]:
        """Reserve for many lines; each has its own answer, in the order given."""
        return self._server.each("bulk/reserve", commands)

    def cancel_each(self, commands: Sequence[Cancel]) -> list[Outcome | EarmarkError]:
        """Cancel for many lines; each has its own answer, in the order given."""
        return self._server.each("bulk/cancel", commands)

    def take_way_out(self, command: TakeWayOut) -> WayTaken:
        """Make the change that a way out of *why* names, and reserve what can be had then."""
        path = f"{line_path(command.line)}/take-way-out"
        content = {"way": command.way, "expects": plain(command.expects)}
        answer = self._server.answer("POST", path, command=command, content=content)
        taken: WayTaken = value_of(WayTaken, answer.json())
        return taken

    def repair(self, command: Repair) -> Outcome:
        """Let a line's reservation from one supply stand on another."""
        return self._server.change_line("POST", command, "/repair")

    def alerts(self, *, item_no: str = "", location_code: str = "") -> tuple[Alert, ...]:
        """Every reservation whose goods are not good for it any more, with repairs."""
        chosen: dict[str, Any] = {"item_no": item_no, "location_code": location_code}
        return self._server.read(tuple[Alert, ...], "alerts", **chosen)

    def reservations(
        self, ref: str, *, as_of: AsOf = None, sort: str = ""
    ) -> Iterator[ReservationView]:
        """The reservation entries of a line, a supply, a ledger entry, a document or a kind."""
        return self._server.rows(ReservationView, "reservations", ref=ref, as_of=as_of, sort=sort)

    def window(self, line: str, numbers: Numbers = NO_NUMBERS, *, as_of: AsOf = None) -> WindowView:
        """The Reservation window of a demand line, or of one of its numbers."""
        return self._server.read(WindowView, f"{line_path(line)}/window", numbers, as_of=as_of)

    def candidates(
        self, line: str, numbers: Numbers = NO_NUMBERS, *, as_of: AsOf = None
    ) -> tuple[CandidateView, ...]:
        """Every supply considered for a demand line, with its obstacle."""
        path = f"{line_path(line)}/candidates"
        return self._server.read(tuple[CandidateView, ...], path, numbers, as_of=as_of)

    def why(self, line: str, *, as_of: AsOf = None) -> WhyView:
        """Why a line is not fully reserved, and what would help."""
        return self._server.read(WhyView, f"{line_path(line)}/why", as_of=as_of)

    # -- Asking each other ---------------------------------------------------------------------

    def ask_holder(self, command: AskHolder) -> Outcome:
        """Ask the user whose reservation holds units to give them up."""
        return self._server.change_line("POST", command, "/ask")

    def give(self, command: Give) -> Outcome:
        """Give up what an appeal asks for; the line that asks has it in the same step."""
        return self._answer(command, command.appeal, "give")

    def keep(self, command: KeepUnits) -> Outcome:
        """Keep what an appeal asks for, and say why."""
        return self._answer(command, command.appeal, "keep")

    def withdraw(self, command: Withdraw) -> Outcome:
        """Take back what one has asked for."""
        return self._answer(command, command.appeal, "withdraw")

    def _answer(self, command: Command, appeal: str, what: str) -> Outcome:
        return self._server.change("POST", f"appeals/{segment(appeal)}/{what}", command, body=None)

    def appeals(
        self, *, line: str = "", by: str = "", asked_of: str = ""
    ) -> tuple[AppealView, ...]:
        """What users ask each other for, and what they answered."""
        chosen: dict[str, Any] = {"line": line, "by": by, "asked_of": asked_of}
        return self._server.read(tuple[AppealView, ...], "appeals", **chosen)

    def appeal(self, name: str) -> AppealView:
        """One appeal, by its name."""
        return self._server.read(AppealView, f"appeals/{segment(name)}")

    # -- Posting -------------------------------------------------------------------------------

    def post(self, command: Post) -> Outcome:
        """Post a line or a document: ship, receive, consume or output."""
        return self._server.change("POST", "postings", command)

    def undo(self, command: Undo) -> Outcome:
        """Take back what one command did; ``posting`` is its moment, or the handle it gave."""
        return self._server.change(
            "POST", f"history/{segment(command.posting)}/undo", command, body=None
        )

    def adjust(self, command: Adjust) -> Outcome:
        """Post positive and negative adjustments."""
        return self._server.change("POST", "adjustments", command)

    def reclassify(self, command: Reclassify) -> Outcome:
        """Move stock to another location, variant or number."""
        return self._server.change("POST", "reclassifications", command)

    def history(self, ref: str = "", *, as_of: AsOf = None, sort: str = "") -> Iterator[HistoryRow]:
        """What was done, by whom and when, newest first; of one document or line if named."""
        return self._server.rows(HistoryRow, "history", ref=ref, as_of=as_of, sort=sort)

    # -- Set-up and stock ----------------------------------------------------------------------

    def set_up(self, command: SetUp) -> Outcome:
        """Enter or replace set-up and master data."""
        return self._server.change("POST", "set-up", command)

    def change_number(self, command: ChangeNumber) -> Outcome:
        """Change the information record of one lot, serial or package no."""
        path = f"items/{segment(command.item_no)}/numbers"
        return self._server.change("PATCH", path, command, in_path=frozenset({"item_no"}))

    def items(self, chosen: ItemFilter | None = None, *, sort: str = "") -> Iterator[Item]:
        """Items, read page by page as they are taken."""
        return self._server.rows(Item, "items", chosen, sort=sort)

    def numbers(self, chosen: NumberFilter, *, sort: str = "") -> Iterator[NumberRecord]:
        """The information records of an item's lots, serials and packages."""
        path = f"items/{segment(chosen.item_no)}/numbers"
        return self._server.rows(NumberRecord, path, replace(chosen, item_no=""), sort=sort)

    def tracking_codes(self) -> Iterator[TrackingCode]:
        """Item tracking codes."""
        return self._server.rows(TrackingCode, "tracking-codes")

    def locations(self) -> Iterator[Location]:
        """Locations."""
        return self._server.rows(Location, "locations")

    def customers(self) -> Iterator[Customer]:
        """Customers."""
        return self._server.rows(Customer, "customers")

    def inventory(
        self, chosen: StockFilter | None = None, *, as_of: AsOf = None, sort: str = ""
    ) -> Iterator[InventoryRow]:
        """What is in stock, by item, variant, location and numbers."""
        return self._server.rows(InventoryRow, "inventory", chosen, as_of=as_of, sort=sort)

    def item_overview(
        self, item_no: str, *, location_code: str = "", as_of: AsOf = None
    ) -> ItemOverview:
        """An item at one place: figures, time line, lots, who holds what."""
        path = f"items/{segment(item_no)}/overview"
        return self._server.read(ItemOverview, path, location_code=location_code, as_of=as_of)

    def number_overview(
        self, item_no: str, numbers: Numbers, *, as_of: AsOf = None
    ) -> NumberOverview:
        """One lot, serial or package: its record, where it is, who holds it."""
        path = f"items/{segment(item_no)}/number"
        return self._server.read(NumberOverview, path, numbers, as_of=as_of)

    def import_csv(self, what: str, text: str, *, preview: bool = False) -> Outcome:
        """Enter all rows of a sheet in CSV, or none; ``what`` is what it is about."""
        headers = {
            "idempotency-key": secrets.token_urlsafe(18),
            "content-type": "text/csv; charset=utf-8",
        }
        asked = {"preview": "true"} if preview else {}
        answer = self._server.send(
            "POST", f"imports/{segment(what)}", asked, headers, text.encode("utf-8")
        )
        outcome: Outcome = value_of(Outcome, answer.json()["outcome"])
        return outcome

    def number(
        self,
        item_no: str,
        location_code: str,
        numbers: Numbers,
        *,
        variant_code: str = "",
        as_of: AsOf = None,
    ) -> NumberView:
        """How much of a number there is, is asked for and is available."""
        path = f"items/{segment(item_no)}/availability"
        chosen = {"location_code": location_code, "variant_code": variant_code}
        return self._server.read(NumberView, path, numbers, as_of=as_of, **chosen)

    def scan(self, text: str, *, line: str = "") -> Scan:
        """Every way to read a scanned or typed code, and with a line whether it fits it."""
        answer = self._server.answer("POST", "scan", content={"text": text, "line": line})
        read: Scan = value_of(Scan, answer.json())
        return read

    def verify(self) -> tuple[Finding, ...]:
        """Recompute every invariant; whatever disagrees is a finding."""
        return self._server.read(tuple[Finding, ...], "verify")
