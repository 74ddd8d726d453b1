"""What stands around every page: the places one can go, where and when one works, who one is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from urllib.parse import unquote

from fastapi import Request
from starlette.routing import Match

from earmark.database.engine import Database
from earmark.http.addresses import routed
from earmark.http.csrf import token_for
from earmark.http.identity import Caller
from earmark.http.serving import database
from earmark.usecases import reading
from earmark.web.words import initials

SIGN_IN = "/login"
LIVE_PATH = "/live"
"""The stream of changes; a page listens to it where the application serves it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A page of the top bar, and the letter that goes there after ``G``."""

    name: str
    path: str
    letter: str


PLACES = (
    Place(name="Today", path="/today", letter="T"),
    Place(name="Sales Orders", path="/sales-orders", letter="S"),
    Place(name="Purchases", path="/purchases", letter="P"),
    Place(name="Production", path="/production", letter="M"),
    Place(name="Items", path="/items", letter="I"),
    Place(name="History", path="/history", letter="H"),
    Place(name="Set-up", path="/set-up", letter="U"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """The frame of one page."""

    places: tuple[Place, ...]
    here: str
    location_code: str
    work_date: date
    user: str
    role: str
    theme: str
    csrf_token: str
    live: str
    last_change: str
    serves: Callable[[str], bool]
    """Whether a path is served: a link to a page that does not exist is not drawn."""

    @property
    def initials(self) -> str:
        """Two letters for whoever is signed in."""
        return initials(self.user)


def shell(request: Request, asking: Caller | None) -> Shell:
    """The frame of the page that is asked for; of the places, those that are served.

    Whoever has not signed in is told nothing: not who changed what last, nor where one can go.
    """
    path = request.url.path
    places = () if path.startswith(SIGN_IN) else served_places(request)
    here = next((p.path for p in places if path == p.path or path.startswith(f"{p.path}/")), "")
    theme = request.cookies.get("theme", "")
    return Shell(
        places=places,
        here=here,
        location_code=location_code(request),
        work_date=database(request).clock().date(),
        user=asking.user if asking else "",
        role=asking.role.value if asking else "",
        theme=theme if theme in ("light", "dark") else "",
        csrf_token=token_for(request),
        live=LIVE_PATH if asking and is_served(request, LIVE_PATH) else "",
        last_change=_last_change(database(request)) if asking else "",
        serves=partial(is_served, request),
    )


def _last_change(of: Database) -> str:
    """When something was changed last, and by whom."""
    return next((f"{row.at:%H:%M} by {row.by}" for row in reading.history(of, limit=1)), "")


def served_places(request: Request) -> tuple[Place, ...]:
    """The places that this application serves."""
    return tuple(place for place in PLACES if is_served(request, place.path))


def is_served(request: Request, path: str) -> bool:
    """Whether this application answers at a path, in which names are encoded."""
    asked = {**request.scope, "path": routed(path), "method": "GET", "root_path": ""}
    return any(route.matches(asked)[0] is Match.FULL for route in request.app.routes)


def location_code(request: Request) -> str:
    """The location somebody works at, as chosen in the top bar; empty means all of them."""
    return unquote(request.cookies.get("location", ""))
