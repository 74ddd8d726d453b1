"""Templates into answers: whole pages, dialogs, and what a script is told after doing something."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from functools import cache
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.filters import do_urlencode

from earmark import __version__
from earmark.errors import EarmarkError, NotSignedIn
from earmark.http import problems
from earmark.http.addresses import path_of, segment
from earmark.http.identity import Caller
from earmark.web import bars
from earmark.web.shell import shell
from earmark.web.static_files import address
from earmark.web.words import FILTERS

FRAGMENT = "x-fragment"
"""The header by which a script asks for a dialog alone, without the page around it."""


@cache
def environment() -> Environment:
    """The templates; what is undefined in one is an error, what comes from outside is escaped."""
    made = Environment(
        loader=PackageLoader("earmark.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(FILTERS, urlencode=_encoded)
    made.globals.update(static=address, version=__version__, legend_of=bars.legend)
    return made


def _encoded(value: Any) -> str:  # noqa: ANN401 - as Jinja's own
    """As Jinja's own; but a name is one step of an address, with its slashes encoded."""
    return segment(value) if isinstance(value, str) else do_urlencode(value)


def page(
    request: Request,
    asking: Caller | None,
    template: str,
    status: int = 200,
    *,
    here: str = "",
    **context: object,
) -> HTMLResponse:
    """A whole page in its frame; ``here`` is its place in the top bar, if its address is not."""
    frame = shell(request, asking)
    if here:
        frame = replace(frame, here=here)
    text = environment().get_template(template).render(shell=frame, request=request, **context)
    return HTMLResponse(text, status)


def dialog(
    request: Request, asking: Caller | None, template: str, **context: object
) -> HTMLResponse:
    """One dialog: alone for a script, within a page of its own for who follows its link."""
    if FRAGMENT not in request.headers:
        return page(request, asking, "dialog_page.html", 200, here="", dialog=template, **context)
    frame = shell(request, asking)
    text = environment().get_template(template).render(shell=frame, request=request, **context)
    return HTMLResponse(text)


def done(*, say: str = "", then: str = "", **facts: object) -> JSONResponse:
    """What a script is told after its form was carried out.

    It closes the dialog it came from, reads the page again, and shows ``say`` at the foot;
    ``then`` is the address of a dialog to open next. Further facts are for the script that asked.
    """
    return JSONResponse({"say": say, "then": then, **facts})


def pages() -> APIRouter:
    """A router of pages: none of them stands in the API's description, refusals are answered."""
    return APIRouter(include_in_schema=False, route_class=_PageRoute)


class _PageRoute(APIRoute):
    """Answers a refusal as whoever asked can read it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def answered(request: Request) -> Response:
            try:
                return await handle(request)
            except EarmarkError as refusal:
                return refused(request, refusal)

        return answered


def refused(request: Request, refusal: EarmarkError) -> Response:
    """A refusal: a page for a person, problem details (RFC 9457) for a script.

    A person who has to sign in first is asked to, and then comes back to where he wanted to go.
    """
    if FRAGMENT in request.headers or "text/html" not in request.headers.get("accept", ""):
        return problems.problem(request, refusal)
    if isinstance(refusal, NotSignedIn):
        wanted = path_of(request) if request.method == "GET" else "/"
        return RedirectResponse(f"/login?{urlencode({'next': wanted})}", 303)
    status = problems.status_of(refusal)
    return page(request, None, "refused.html", status, refusal=refusal)
