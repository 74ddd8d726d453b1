"""Every route of the application, and what somebody needs to be let in."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from earmark.core.roles import Operation
from earmark.http.identity import anybody, in_person


@dataclass(frozen=True)
class Door:
    """One method of one route."""

    method: str
    path: str
    operations: frozenset[Operation]
    is_for_oneself: bool
    is_for_anybody: bool

    def __str__(self) -> str:
        """As a request line."""
        return f"{self.method} {self.path}"

    @property
    def address(self) -> str:
        """Where to knock: with something in the place of every parameter."""
        with_lines = re.sub(r"\{\w+:line\}", "SO1/1", self.path)
        return re.sub(r"\{[^}]*\}", "1", with_lines)


def doors(app: FastAPI) -> list[Door]:
    """Every method of every route, but for HEAD, which does what GET does."""
    found = []
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if isinstance(route, APIRoute):
            calls = set(_calls(route.dependant))
            methods = sorted(set(context.methods or ()) - {"HEAD"})
            found += [_door(method, str(context.path), calls) for method in methods]
    return found


def _calls(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    for inner in dependant.dependencies:
        if inner.call is not None:
            yield inner.call
        yield from _calls(inner)


def _door(method: str, path: str, calls: set[Callable[..., Any]]) -> Door:
    operations = frozenset(
        operation for call in calls if (operation := getattr(call, "operation", None))
    )
    return Door(method, path, operations, in_person in calls, anybody in calls)
