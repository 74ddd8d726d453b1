"""A request read: what is asked for, who asks, and every wrong field at once.

What is asked for comes from the address, the head and the body; a value of the core is made of it
only when all of it is right. A field or a parameter that nobody knows is refused, too: a typing
error in ``?preview=true`` must not carry out what was only to be tried.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar

import pydantic
from fastapi import Request
from starlette.concurrency import run_in_threadpool

from earmark.api.shapes import fields_of, given
from earmark.core.commands import Command
from earmark.database.listing import Place
from earmark.errors import EarmarkError
from earmark.errors.requests import BodyUnreadable, MediaTypeUnknown
from earmark.http.plain import CIRCUMSTANCES
from earmark.http.problems import fields_invalid

T = TypeVar("T")
JSON = "application/json"
LARGE = 64 * 1024
"""Bytes from which on a body is checked in a thread, so that nobody else waits for it."""

Errors = list[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What goes with a change beside its body.

    ``preview`` decides and saves nothing. ``reason`` says why, where another's reservation is
    taken over. ``request_id`` is the header ``Idempotency-Key``, ``version`` is ``If-Match``.
    """

    preview: bool = False
    reason: str = ""
    request_id: str = ""
    version: str = ""


HEADERS = {"request_id": "Idempotency-Key", "version": "If-Match"}
_ANY_VERSION = "*"


def _named(error: Any) -> Any:  # noqa: ANN401 - pydantic's
    """An error in the words of the request: a header by its name."""
    first, *rest = error["loc"]
    return {**error, "loc": (HEADERS.get(first, first), *rest)}


_OF_HALVES = ("surrogate", "unexpected end of hex escape")
"""What the parser says of a half of a pair, behind which the other half is missing."""


def _unreadable(why: str) -> EarmarkError:
    """A body that is no JSON; half a surrogate pair in it is a field that cannot be kept."""
    if not any(sign in why for sign in _OF_HALVES):
        return BodyUnreadable(why=why)
    message = f"it holds half of a character, which cannot be kept: {why}"
    return fields_invalid([{"type": "value_error", "loc": (), "msg": message}])


class Part:
    """One part of a request, as a shape: some of the fields of a dataclass."""

    def __init__(self, of: type, names: frozenset[str], *, never: frozenset[str]) -> None:
        """The fields of ``of`` with these names, or all but ``never`` where there are none."""
        known = frozenset(field.name for field in fields(of))
        left_out = known - names if names else never & known
        self.names = known - left_out
        self.shape: type[pydantic.BaseModel] = given(of, without=left_out)

    def of_texts(self, texts: Mapping[str, str], errors: Errors) -> dict[str, Any]:
        """What an address or a head says."""
        try:
            return fields_of(self.shape.model_validate_strings(texts))
        except pydantic.ValidationError as error:
            errors += [_named(one) for one in error.errors(include_input=False, include_url=False)]
            return {}

    def of_json(self, body: bytes, errors: Errors) -> dict[str, Any]:
        """What a body says; an empty one says nothing."""
        try:
            return fields_of(self.shape.model_validate_json(body or b"{}"))
        except pydantic.ValidationError as error:
            found = error.errors(include_input=False, include_url=False)
        if found[0]["type"] == "json_invalid":
            raise _unreadable(str(found[0]["ctx"]["error"])) from None
        errors += found
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """How a list is read: ``sort`` is an order, backwards with a minus; ``cursor`` a next page."""

    sort: str | None = None
    limit: int = 100
    cursor: str = ""


def command_of(
    asks: type[T], path: frozenset[str], without: frozenset[str]
) -> Callable[[Request], Awaitable[tuple[T, dict[str, Any]]]]:
    """A dependency: what a changing request asks for, and its circumstances but for some."""
    address = Part(asks, path, never=frozenset()) if path else None
    never = path | CIRCUMSTANCES if issubclass(asks, Command) else path
    body = Part(asks, frozenset(), never=never)
    beside = Part(Circumstances, frozenset(), never=without)

    async def read(request: Request) -> tuple[T, dict[str, Any]]:
        errors: Errors = []
        said = address.of_texts(request.path_params, errors) if address else {}
        said |= await _body(request, body, errors) if body.names else {}
        circumstances = beside.of_texts(circumstances_of(request), errors)
        if errors:
            raise fields_invalid(errors)
        return asks(**said), circumstances

    return read


def query_of(asks: type[T]) -> Callable[[Request], Awaitable[T]]:
    """A dependency: what a reading request asks for, by its address alone."""
    part = Part(asks, frozenset(), never=frozenset())

    async def read(request: Request) -> T:
        errors: Errors = []
        said = part.of_texts({**request.query_params, **request.path_params}, errors)
        if errors:
            raise fields_invalid(errors)
        return asks(**said)

    return read


def page_of(
    asks: type[Any], place_of: Callable[[Any, Any, Errors], Place]
) -> Callable[[Request], Awaitable[tuple[Any, Place]]]:
    """A dependency: which rows of a list are asked for, and which page of them."""
    filters = Part(asks, frozenset(), never=frozenset())
    paging = Part(Paging, frozenset(), never=frozenset())

    async def read(request: Request) -> tuple[Any, Place]:
        errors: Errors = []
        asked = {**request.query_params, **request.path_params}
        paged = {name: asked.pop(name) for name in paging.names & asked.keys()}
        said = filters.of_texts(asked, errors)
        page = Paging(**paging.of_texts(paged, errors))
        chosen = asks(**said) if not errors else None
        place = place_of(page, chosen, errors)
        if errors:
            raise fields_invalid(errors)
        return chosen, place

    return read


async def _body(request: Request, part: Part, errors: Errors) -> dict[str, Any]:
    body = await request.body()
    if body:
        check_media_type(request, JSON)
    if len(body) < LARGE:
        return part.of_json(body, errors)
    return await run_in_threadpool(part.of_json, body, errors)


def check_media_type(request: Request, *wanted: str) -> None:
    """Refuse a body of another type than is read here."""
    told = request.headers.get("content-type", "")
    if told.partition(";")[0].strip().lower() not in wanted:
        raise MediaTypeUnknown(given=told or "no type", wanted=" or ".join(wanted))


def circumstances_of(request: Request) -> dict[str, str]:
    """The parameters and the headers that go with a change, by our names."""
    said = dict(request.query_params)
    for name in HEADERS.keys() & said.keys():
        said[f"?{name}"] = said.pop(name)  # a header's name in the address is a mistake
    for name, header in HEADERS.items():
        if header in request.headers:
            said[name] = request.headers[header]
    version = said.pop("version", _ANY_VERSION).strip()
    if version != _ANY_VERSION:
        said["version"] = version.strip('"') or "none"
    return said
