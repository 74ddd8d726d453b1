"""What an operation of the API is, and how it becomes a route: a row of a table, all alike.

Something is done (an :class:`Action`: a command goes in, an outcome comes out) or read (a
:class:`Reading`). A row says who may, what is asked for and which use case answers; permissions,
idempotency keys, versions, previews and the OpenAPI document follow from it, so that no operation
can lack one of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from fastapi import APIRouter, Depends, Request, Response

from earmark.api.asking import JSON, Errors, Paging, command_of, page_of, query_of
from earmark.api.paging import Values, place_of, texts
from earmark.api.paging import told as told_page
from earmark.api.shapes import names_of
from earmark.core.commands import Command
from earmark.core.outcome import Outcome
from earmark.core.roles import Operation
from earmark.database.engine import Database
from earmark.database.listing import Place
from earmark.errors import EarmarkError
from earmark.http import addresses as _addresses  # noqa: F401 - registers how names are read
from earmark.http.identity import Caller, may
from earmark.http.metrics import figures
from earmark.http.observing import Figures
from earmark.http.plain import to_json
from earmark.http.problems import details
from earmark.http.serving import database
from earmark.http.waiting import Together, in_turn, waiting
from earmark.usecases import reading
from earmark.usecases.listing import Page

PREFIX = "/api/v1"
Done = Callable[[Database, Any], Any]
"""A use case: its answer says whether it is a preview, and whether it is told again."""


async def _served(request: Request) -> Database:
    return database(request)


async def _figures(request: Request) -> Figures:
    return figures(request)


SERVED = Depends(_served)
FIGURES = Depends(_figures)


def _itself(asked: Any) -> Any:  # noqa: ANN401
    return asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something that can be done.

    ``asks`` is what is sent: the command, without what stands in the address; or a type of the
    core, of which ``makes`` makes the command.
    """

    name: str
    method: str
    path: str
    asks: type
    may: Operation
    does: Done
    tag: str
    makes: Callable[[Any], Command] = _itself
    tells: type = Outcome
    says: str = ""
    """What it is, where the use case does not say it."""
    together: Together | None = None
    """The use case for several that wait, where there is one; ``None`` for who must be alone."""

    @property
    def in_path(self) -> frozenset[str]:
        """The fields that stand in the address."""
        return frozenset(re.findall(r"{(\w+)", self.path))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """Something that can be done for many lines at once; ``asks`` holds their ``commands``."""

    name: str
    path: str
    asks: type
    may: Operation
    does: Callable[[Database, Any], list[Outcome | EarmarkError]]
    tag: str
    says: str = ""
    method: str = field(default="POST", init=False)
    in_path: frozenset[str] = field(default=frozenset(), init=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Something that can be read: ``reads`` answers with ``tells``, or with several of them."""

    name: str
    path: str
    asks: type
    tells: type
    reads: Callable[[Database, Any], object]
    tag: str
    is_list: bool = False
    version_of: str = ""
    """The field that names what the answer's version (``ETag``) is of."""
    says: str = ""
    may: Operation = Operation.READ
    method: str = field(default="GET", init=False)

    @property
    def in_path(self) -> frozenset[str]:
        """The fields that stand in the address."""
        return frozenset(re.findall(r"{(\w+)", self.path))


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list that is read page by page: of ``tells``, by the filters that ``asks`` has.

    ``orders`` are those that it can come in, the first of them by default.
    """

    name: str
    path: str
    asks: type
    tells: type
    reads: Callable[[Database, Any, Place], Page[Any]]
    orders: tuple[str, ...]
    tag: str
    values: Values = texts
    says: str = ""
    may: Operation = Operation.READ
    method: str = field(default="GET", init=False)

    @property
    def in_path(self) -> frozenset[str]:
        """The fields that stand in the address."""
        return frozenset(re.findall(r"{(\w+)", self.path))


def is_versioned(row: Action | Bulk) -> bool:
    """Whether what is changed has a version that a request may name: a line or a document."""
    return not {"line", "document_no"}.isdisjoint(names_of(row.asks))


def add_action(router: APIRouter, action: Action) -> None:
    """Add the route by which something is done."""
    read, allowed = Depends(_command_of(action)), Depends(may(action.may))

    async def do(
        request: Request,
        asking: Caller = allowed,
        asked: tuple[Any, dict[str, Any]] = read,
        served: Database = SERVED,
        counting: Figures = FIGURES,
    ) -> Response:
        command = signed(asking, action.makes(asked[0]), asked[1])
        outcome = await _done_together(request, action, command)
        if outcome is None:
            outcome = await in_turn(request, action.does, served, command)
        if isinstance(outcome, Outcome):
            counting.count_outcome(outcome)
        return told(outcome)

    router.add_api_route(
        f"{PREFIX}{action.path}",
        do,
        methods=[action.method],
        name=action.name,
        include_in_schema=False,
    )


async def _done_together(request: Request, action: Action, command: Command) -> Outcome | None:
    """What came of a command done with others that wait; ``None`` if it is to be done alone.

    What went wrong for all may be the fault of one: then each is done alone.
    """
    if action.together is None:
        return None
    try:
        outcome: Outcome | None = await waiting(request, action.together).answer(command)
    except EarmarkError:
        return None
    return outcome


def _command_of(row: Action | Bulk) -> Callable[..., Any]:
    without = frozenset() if is_versioned(row) else frozenset({"version"})
    return command_of(row.asks, row.in_path, without)


def signed(asking: Caller, command: Any, circumstances: dict[str, Any]) -> Any:  # noqa: ANN401
    """A command in the caller's name, with the circumstances of its request."""
    return asking.signed(replace(command, **circumstances))


def told(outcome: Any) -> Response:  # noqa: ANN401
    """An outcome as an answer."""
    headers = {"idempotency-replayed": "true"} if outcome.is_repeated else None
    return Response(to_json(outcome), headers=headers, media_type=JSON)


def add_bulk(router: APIRouter, bulk: Bulk) -> None:
    """Add the route by which something is done for many lines."""
    read, allowed = Depends(_command_of(bulk)), Depends(may(bulk.may))

    def do(
        asking: Caller = allowed,
        asked: tuple[Any, dict[str, Any]] = read,
        served: Database = SERVED,
        counting: Figures = FIGURES,
    ) -> Response:
        given, circumstances = asked
        commands = [signed(asking, command, circumstances) for command in given.commands]
        answers = bulk.does(served, commands)
        for answer in answers:
            if isinstance(answer, Outcome):
                counting.count_outcome(answer)
            else:
                counting.count_refusal(answer.code)
        return told_each(answers)

    router.add_api_route(
        f"{PREFIX}{bulk.path}", do, methods=["POST"], name=bulk.name, include_in_schema=False
    )


def told_each(answers: list[Outcome | EarmarkError]) -> Response:
    """A result for each line: its outcome, or the problem that it met."""
    results = [
        {"outcome": None, "problem": details(answer)}
        if isinstance(answer, EarmarkError)
        else {"outcome": answer, "problem": None}
        for answer in answers
    ]
    repeated = any(isinstance(answer, Outcome) and answer.is_repeated for answer in answers)
    headers = {"idempotency-replayed": "true"} if repeated else None
    return Response(to_json({"results": results}), headers=headers, media_type=JSON)


def add_reading(router: APIRouter, row: Reading) -> None:
    """Add the route by which something is read."""
    read, allowed = Depends(query_of(row.asks)), Depends(may(row.may))

    def answer(
        asking: Caller = allowed,  # noqa: ARG001 - who may not is refused by it
        asked: Any = read,  # noqa: ANN401
        served: Database = SERVED,
    ) -> Response:
        headers = _version(served, row, asked)
        found = row.reads(served, asked)
        return Response(to_json(found), headers=headers, media_type=JSON)

    router.add_api_route(
        f"{PREFIX}{row.path}", answer, methods=["GET"], name=row.name, include_in_schema=False
    )


def _version(served: Database, row: Reading, asked: object) -> dict[str, str]:
    """The answer's version, where it has one; of a past moment there is none."""
    if not row.version_of or getattr(asked, "as_of", None) is not None:
        return {}
    version = reading.version(served, getattr(asked, row.version_of))
    return {"etag": f'"{version}"'} if version else {}


def add_listing(router: APIRouter, row: Listing) -> None:
    """Add the route by which a list is read."""

    def place(paging: Paging, chosen: object, errors: Errors) -> Place:
        return place_of(paging, row.orders, row.values, chosen, errors)

    read, allowed = Depends(page_of(row.asks, place)), Depends(may(row.may))

    def answer(
        asking: Caller = allowed,  # noqa: ARG001 - who may not is refused by it
        asked: tuple[Any, Place] = read,
        served: Database = SERVED,
    ) -> Response:
        chosen, where = asked
        page = row.reads(served, chosen, where)
        return Response(to_json(told_page(page, where, chosen)), media_type=JSON)

    router.add_api_route(
        f"{PREFIX}{row.path}", answer, methods=["GET"], name=row.name, include_in_schema=False
    )
