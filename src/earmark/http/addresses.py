"""Names in addresses: a slash within a name is no slash of the address.

A document no. may be ``SO/2026/0001``, an item ``A/1``. In an address that slash is written
``%2F``. Servers decode addresses before anybody looks for a route, and then nobody can tell it
from a slash that separates. So it is kept apart until the route is found, and decoded with its
parameter.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from fastapi import Request
from starlette.convertors import PathConvertor, StringConvertor, register_url_convertor
from starlette.types import ASGIApp, Receive, Scope, Send

_KEPT = "\ufdd0"
"""Stands for a slash within a name: a code point that is no character, and so in no name."""
_ENCODED = re.compile("%2f", re.IGNORECASE)
_NUMBERS_AT_THE_END = re.compile(r"(?:/[1-9][0-9]*){1,2}$")


def segment(name: str) -> str:
    """A name as one step of an address."""
    return quote(name, safe="")


def reference_path(reference: str) -> str:
    """A reference in an address: its document no. as one step, the numbers behind it as they are.

    >>> reference_path("SO/2026/0001/1"), reference_path("MO1/1/2")
    ('SO%2F2026%2F0001/1', 'MO1/1/2')
    """
    end = _NUMBERS_AT_THE_END.search(reference)
    place = end.start() if end else len(reference)
    return segment(reference[:place]) + reference[place:]


def routed(path: str) -> str:
    """An encoded path as routes are looked for by it."""
    return unquote(_ENCODED.sub(_KEPT, path))


def path_of(request: Request) -> str:
    """The path that was asked for, encoded."""
    return quote(request.scope["path"]).replace(quote(_KEPT), "%2F")


def shown(path: str) -> str:
    """A path to be read by a person."""
    return path.replace(_KEPT, "/")


class NamesInAddresses:
    """Keeps the slashes within names apart until the route is found."""

    def __init__(self, app: ASGIApp) -> None:
        """Around the routes themselves."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with a path in which such slashes are told apart."""
        raw: bytes = scope.get("raw_path") or b""
        if scope["type"] != "http" or b"%2f" not in raw.lower():
            await self.app(scope, receive, send)
            return
        path = raw.decode("ascii", errors="replace").partition("?")[0]
        inner = {**scope, "path": routed(path)}
        try:
            await self.app(inner, receive, send)
        finally:
            scope["route"] = inner.get("route")  # whoever counts by routes looks for it out here


class _Step(StringConvertor):
    def convert(self, value: str) -> str:
        return shown(value)


class _Steps(PathConvertor):
    def convert(self, value: str) -> str:
        return shown(value)


LINE = r"[^/]+(?:/[0-9]+){0,2}"
"""A line's reference in an address: one step, or the slashes before its numbers as they are."""


class _Line(StringConvertor):
    regex = LINE

    def convert(self, value: str) -> str:
        return shown(value)


register_url_convertor("str", _Step())
register_url_convertor("path", _Steps())
register_url_convertor("line", _Line())
