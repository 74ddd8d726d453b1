"""The client: one method for each thing a user does, named as in the library."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import quote

import httpx

from earmark.client.refusals import refusal_of
from earmark.core.commands import (
    KEEP,
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
    Reserve,
    SelectEntries,
    SetUp,
    Track,
    Undo,
)
from earmark.core.outcome import Outcome
from earmark.core.tracking import NO_NUMBERS, Numbers
from earmark.core.views import (
    CandidateView,
    DocumentView,
    Finding,
    LineView,
    NumberView,
    TrackingView,
    WindowView,
)
from earmark.core.why_views import WhyView
from earmark.errors.requests import ServerUnusable
from earmark.http.plain import plain, to_json, value_of

T = TypeVar("T")
AsOf = int | datetime | None
_CIRCUMSTANCES = frozenset({"by", "reason", "request_id", "preview", "allowed", "version"})
_TRIES = 3


class Client:
    """Talks to one server; close it when done, or use it in a ``with`` block.

    Every change carries a request id, one of its own where the command has none, so that a request
    whose answer was lost is sent again without being done twice. ``by`` and ``allowed`` of a
    command are not sent: the server knows who asks.
    """

    def __init__(self, address: str, *, token: str = "", timeout_s: float = 30.0) -> None:
        """A client of the server at ``address``; ``token`` is an API token."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        self.address = address.rstrip("/")
        self._http = httpx.Client(
            base_url=f"{self.address}/api/v1/", headers=headers, timeout=timeout_s
        )

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

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
        return self._change("POST", "documents", command)

    def add_lines(self, command: AddLines) -> Outcome:
        """Add lines to a document that exists."""
        path = f"documents/{_in_path(command.document.document_no)}/lines"
        body = {"lines": plain(command.document.lines)}
        return self._change("POST", path, command, body=body)

    def edit_line(self, command: EditLine) -> Outcome:
        """Change a document line."""
        return self._of_line("PATCH", command, "")

    def delete(self, command: Delete) -> Outcome:
        """Delete a line or a document."""
        sort = "lines" if "/" in command.reference else "documents"
        return self._change("DELETE", f"{sort}/{_in_path(command.reference)}", command, body=None)

    def change_status(self, command: ChangeStatus) -> Outcome:
        """Change the status of a production order."""
        path = f"documents/{_in_path(command.document_no)}/status"
        return self._change("PUT", path, command, body={"status": command.status.value})

    def document(self, document_no: str, *, as_of: AsOf = None) -> DocumentView:
        """A document with its lines."""
        return self._read(DocumentView, f"documents/{_in_path(document_no)}", as_of=as_of)

    def line(self, ref: str, *, as_of: AsOf = None) -> LineView:
        """One document line with its figures."""
        return self._read(LineView, _line(ref), as_of=as_of)

    def version(self, ref: str) -> str:
        """The version of a line or a document, for a command to name."""
        path = _line(ref) if "/" in ref else f"documents/{_in_path(ref)}"
        tag: str = self._answer("GET", path).headers.get("etag", "")
        return tag.strip('"')

    # -- Item tracking lines -------------------------------------------------------------------

    def track(self, command: Track) -> Outcome:
        """Replace a line's item tracking lines."""
        return self._of_line("PUT", command, "/tracking")

    def add_numbers(self, command: AddNumbers) -> Outcome:
        """Add numbers to those that a line has."""
        return self._of_line("POST", command, "/tracking")

    def assign_numbers(self, command: AssignNumbers) -> Outcome:
        """Add new numbers from the item's series, or customised ones."""
        return self._of_line("POST", command, "/tracking/assign")

    def select_entries(self, command: SelectEntries) -> Outcome:
        """Fill a line's tracking lines from what is available."""
        return self._of_line("POST", command, "/tracking/select")

    def tracking_lines(self, ref: str, *, as_of: AsOf = None) -> tuple[TrackingView, ...]:
        """The item tracking lines of a line."""
        return self._read(tuple[TrackingView, ...], f"{_line(ref)}/tracking", as_of=as_of)

    # -- Reserving -----------------------------------------------------------------------------

    def reserve(self, command: Reserve) -> Outcome:
        """Reserve for a line."""
        return self._of_line("POST", command, "/reserve")

    def hold(self, command: Hold) -> Outcome:
        """Set or lift the time limit of a line's reservations."""
        return self._of_line("POST", command, "/hold")

    def cancel(self, command: Cancel) -> Outcome:
        """Cancel a line's reservations."""
        return self._of_line("POST", command, "/cancel")

    def change(self, command: Change) -> Outcome:
        """Set the quantity of a line's reservation to less than it is."""
        return self._of_line("POST", command, "/change")

    def window(self, line: str, numbers: Numbers = NO_NUMBERS, *, as_of: AsOf = None) -> WindowView:
        """The Reservation window of a demand line, or of one of its numbers."""
        return self._read(WindowView, f"{_line(line)}/window", numbers, as_of=as_of)

    def candidates(
        self, line: str, numbers: Numbers = NO_NUMBERS, *, as_of: AsOf = None
    ) -> tuple[CandidateView, ...]:
        """Every supply considered for a demand line, with its obstacle."""
        path = f"{_line(line)}/candidates"
        return self._read(tuple[CandidateView, ...], path, numbers, as_of=as_of)

    def why(self, line: str, *, as_of: AsOf = None) -> WhyView:
        """Why a line is not fully reserved, and what would help."""
        return self._read(WhyView, f"{_line(line)}/why", as_of=as_of)

    # -- Posting -------------------------------------------------------------------------------

    def post(self, command: Post) -> Outcome:
        """Post a line or a document: ship, receive, consume or output."""
        return self._change("POST", "postings", command)

    def undo(self, command: Undo) -> Outcome:
        """Reverse a posting."""
        return self._change(
            "POST", f"postings/{_in_path(command.posting)}/undo", command, body=None
        )

    def adjust(self, command: Adjust) -> Outcome:
        """Post positive and negative adjustments."""
        return self._change("POST", "adjustments", command)

    def reclassify(self, command: Reclassify) -> Outcome:
        """Move stock to another location, variant or number."""
        return self._change("POST", "reclassifications", command)

    # -- Set-up and stock ----------------------------------------------------------------------

    def set_up(self, command: SetUp) -> Outcome:
        """Enter or replace set-up and master data."""
        return self._change("POST", "set-up", command)

    def change_number(self, command: ChangeNumber) -> Outcome:
        """Change the information record of one lot, serial or package no."""
        path = f"items/{_in_path(command.item_no)}/numbers"
        return self._change("PATCH", path, command, in_path=frozenset({"item_no"}))

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
        path = f"items/{_in_path(item_no)}/availability"
        chosen = {"location_code": location_code, "variant_code": variant_code}
        return self._read(NumberView, path, numbers, as_of=as_of, **chosen)

    def verify(self) -> tuple[Finding, ...]:
        """Recompute every invariant; whatever disagrees is a finding."""
        return self._read(tuple[Finding, ...], "verify")

    # -- On the wire ---------------------------------------------------------------------------

    def _of_line(self, method: str, command: Any, below: str) -> Outcome:  # noqa: ANN401
        path = f"{_line(command.line)}{below}"
        return self._change(method, path, command, in_path=frozenset({"line"}))

    def _change(
        self,
        method: str,
        path: str,
        command: Command,
        *,
        in_path: frozenset[str] = frozenset(),
        body: object = KEEP,
    ) -> Outcome:
        content = _body(command, in_path) if body is KEEP else body
        answer = self._answer(method, path, command=command, content=content)
        outcome: Outcome = value_of(Outcome, answer.json())
        return outcome

    def _read(
        self,
        tells: type[T],
        path: str,
        numbers: Numbers = NO_NUMBERS,
        *,
        as_of: AsOf = None,
        **chosen: str,
    ) -> T:
        asked = {**chosen, **plain(numbers), "as_of": "" if as_of is None else plain(as_of)}
        wanted = {name: value for name, value in asked.items() if value not in ("", None)}
        found: T = value_of(tells, self._answer("GET", path, params=wanted).json())
        return found

    def _answer(
        self,
        method: str,
        path: str,
        *,
        command: Command | None = None,
        content: object = None,
        params: Mapping[str, Any] | None = None,
    ) -> httpx.Response:
        headers, asked = _circumstances(command) if command else ({}, dict(params or {}))
        body = None if content is None else to_json(content)
        if body is not None:
            headers["content-type"] = "application/json"
        for left in reversed(range(_TRIES)):
            try:
                answer = self._http.request(
                    method, path, params=asked, content=body, headers=headers
                )
                break
            except httpx.TransportError as error:
                if not left:
                    why = str(error) or type(error).__name__
                    raise ServerUnusable(address=self.address, why=why) from error
        if answer.is_success:
            return answer
        raise refusal_of(answer)


def _line(ref: str) -> str:
    return f"lines/{_in_path(ref)}"


def _in_path(reference: str) -> str:
    return quote(reference, safe="")


def _circumstances(command: Command) -> tuple[dict[str, str], dict[str, Any]]:
    """What goes with a command beside its body: headers and parameters."""
    headers = {"idempotency-key": command.request_id or secrets.token_urlsafe(18)}
    if command.version:
        headers["if-match"] = f'"{command.version}"'
    asked: dict[str, Any] = {"preview": "true"} if command.preview else {}
    if command.reason:
        asked["reason"] = command.reason
    return headers, asked


def _body(command: Command, in_path: frozenset[str]) -> dict[str, Any]:
    """A command as it is sent: what was left as it is is left out."""
    return {
        field.name: plain(value)
        for field in fields(command)
        if field.name not in _CIRCUMSTANCES | in_path
        and (value := getattr(command, field.name)) is not KEEP
        and value != field.default
    }
