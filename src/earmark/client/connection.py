"""One server over HTTP: commands and questions sent, answers read, refusals raised."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import quote

import httpx

from earmark.client.refusals import refusal_from, refusal_of
from earmark.core.commands import KEEP, Command
from earmark.core.outcome import Outcome
from earmark.core.tracking import NO_NUMBERS, Numbers
from earmark.errors import EarmarkError
from earmark.errors.requests import ServerUnusable
from earmark.http.plain import CIRCUMSTANCES, plain, to_json, value_of

T = TypeVar("T")
AsOf = int | datetime | None
_TRIES = 3
_ROWS = 500
_SILENT_AT_MOST_S = 60.0
"""A stream says every quarter of a minute that it stands; one that says nothing has broken."""


class Connection:
    """The connections to one server."""

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

    def change_line(self, method: str, command: Any, below: str) -> Outcome:  # noqa: ANN401
        path = f"{line_path(command.line)}{below}"
        return self.change(method, path, command, in_path=frozenset({"line"}))

    def change(
        self,
        method: str,
        path: str,
        command: Command,
        *,
        in_path: frozenset[str] = frozenset(),
        body: object = KEEP,
    ) -> Outcome:
        content = body_of(command, in_path) if body is KEEP else body
        answer = self.answer(method, path, command=command, content=content)
        outcome: Outcome = value_of(Outcome, answer.json())
        return outcome

    def read(
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
        found: T = value_of(tells, self.answer("GET", path, params=wanted).json())
        return found

    def rows(
        self,
        tells: type[T],
        path: str,
        chosen: object = None,
        *,
        as_of: AsOf = None,
        **asked: str,
    ) -> Iterator[T]:
        filters = plain(chosen) if chosen is not None else {}
        wanted = {**filters, **asked, "as_of": plain(as_of), "limit": _ROWS}
        params = {name: _said(v) for name, v in wanted.items() if v not in ("", None)}
        cursor: str | None = ""
        while cursor is not None:
            page = self.answer("GET", path, params={**params, "cursor": cursor}).json()
            yield from (value_of(tells, row) for row in page["rows"])
            cursor = page["next_cursor"]

    def each(self, path: str, commands: Sequence[Any]) -> list[Outcome | EarmarkError]:
        if not commands:
            return []
        content = {"commands": [body_of(command) for command in commands]}
        answer = self.answer("POST", path, command=commands[0], content=content)
        return [
            refusal_from(result["problem"])
            if result["outcome"] is None
            else value_of(Outcome, result["outcome"])
            for result in answer.json()["results"]
        ]

    def answer(
        self,
        method: str,
        path: str,
        *,
        command: Command | None = None,
        content: object = None,
        params: Mapping[str, Any] | None = None,
    ) -> httpx.Response:
        headers, asked = _circumstances(command) if command else ({}, dict(params or {}))
        if content is None:
            return self.send(method, path, asked, headers, None)
        headers["content-type"] = "application/json"
        return self.send(method, path, asked, headers, to_json(content))

    def stream(self, path: str, asked: Mapping[str, Any], *, last: str) -> httpx.Response:
        """An answer that is read while it comes, after ``last`` or from now on; to be closed."""
        headers = {"last-event-id": last} if last else {}
        patience = httpx.Timeout(self._http.timeout.connect, read=_SILENT_AT_MOST_S)
        request = self._http.build_request(
            "GET", path, params=asked, headers=headers, timeout=patience
        )
        answer = self._tried(lambda: self._http.send(request, stream=True))
        if answer.is_success:
            return answer
        answer.read()
        raise refusal_of(answer)

    def send(
        self,
        method: str,
        path: str,
        asked: Mapping[str, Any],
        headers: Mapping[str, str],
        body: bytes | None,
    ) -> httpx.Response:
        """Send a request, again where no answer came; a change is known by its key."""
        answer = self._tried(
            lambda: self._http.request(method, path, params=asked, content=body, headers=headers)
        )
        if answer.is_success:
            return answer
        raise refusal_of(answer)

    def _tried(self, ask: Callable[[], httpx.Response]) -> httpx.Response:
        for left in reversed(range(_TRIES)):
            try:
                answer = ask()
                break
            except httpx.TransportError as error:
                if not left:
                    why = str(error) or type(error).__name__
                    raise ServerUnusable(address=self.address, why=why) from error
        return answer


def line_path(ref: str) -> str:
    return f"lines/{segment(ref)}"


def _said(value: object) -> str:
    """A value as an address says it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def segment(reference: str) -> str:
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


def body_of(command: Command, in_path: frozenset[str] = frozenset()) -> dict[str, Any]:
    """A command as it is sent: what was left as it is is left out."""
    return {
        field.name: plain(value)
        for field in fields(command)
        if field.name not in CIRCUMSTANCES | in_path
        and (value := getattr(command, field.name)) is not KEEP
        and value != field.default
    }
