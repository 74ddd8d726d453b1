"""The opened database and how it is served, as every request finds them in the application."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from fastapi import Request

from earmark.core.events import SOURCE
from earmark.database.engine import Database
from earmark.http.attempts import Attempts
from earmark.http.limits import Limits
from earmark.http.openid import OpenId


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """One served database.

    ``open_to`` names the user as whom everybody acts, with every permission and without signing
    in: for the demonstration. ``owner`` is the same until the first account exists, for a database
    that only its owner can reach. ``hosts`` are the names under which it answers, ``*`` any;
    empty means those of loopback where nobody needs to sign in, and any name else. ``public_url``
    is its address as browsers see it, where another server stands before it. ``openid`` is the
    identity provider by which one may sign in, ``event_source`` what events say they come from,
    ``limits`` how much a request may bring.
    """

    database: Database
    open_to: str = ""
    owner: str = ""
    hosts: tuple[str, ...] = ()
    public_url: str = ""
    openid: OpenId | None = None
    attempts: Attempts = field(default_factory=Attempts, repr=False)
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    event_source: str = SOURCE
    allows_private_webhooks: bool = False
    limits: Limits = field(default_factory=Limits)


def serving(request: Request) -> Serving:
    """What this request is served from."""
    found: Serving = request.app.state.serving
    return found


def database(request: Request) -> Database:
    """The database that is served."""
    return serving(request).database


def public_address(request: Request) -> str:
    """Where browsers reach us, without a slash at its end."""
    return serving(request).public_url.rstrip("/") or str(request.base_url).rstrip("/")


def is_https(request: Request) -> bool:
    """Whether the browser reaches us over HTTPS, as far as we are told."""
    return serving(request).public_url.startswith("https:") or request.url.scheme == "https"
