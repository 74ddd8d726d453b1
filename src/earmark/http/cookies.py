"""Earmark's cookies: what they are called, and how a browser is to keep them.

Both are out of the reach of scripts, and sent on nothing that another site begins but a followed
link. Over HTTPS they are bound to this very host, by the prefix that browsers enforce.
"""

from __future__ import annotations

import secrets

from fastapi import Request, Response

from earmark.http.serving import is_https

SESSION = "session"
"""Who is signed in: a random text, of which the database keeps the hash."""
VISIT = "visit"
"""A browser that has not signed in yet: what its sign-in form and its provider are bound to."""


def name_of(request: Request, cookie: str) -> str:
    """What a cookie is called on this address."""
    return f"{'__Host-' if is_https(request) else ''}earmark-{cookie}"


def read(request: Request, cookie: str) -> str:
    """What the browser sent; empty where it sent nothing."""
    return request.cookies.get(name_of(request, cookie), "")


def write(request: Request, response: Response, cookie: str, value: str, seconds: int) -> None:
    """Have the browser keep a cookie for so long."""
    response.set_cookie(
        name_of(request, cookie),
        value,
        max_age=seconds,
        path="/",
        secure=is_https(request),
        httponly=True,
        samesite="lax",
    )


def forget(request: Request, response: Response, cookie: str) -> None:
    """Have the browser throw a cookie away."""
    response.delete_cookie(
        name_of(request, cookie),
        path="/",
        secure=is_https(request),
        httponly=True,
        samesite="lax",
    )


def visit(request: Request) -> str:
    """The secret of a browser that has not signed in; a new one where it has none yet.

    Whoever asks for it sends it along with :func:`keep_visit`.
    """
    known: str | None = getattr(request.state, "visit", None)
    if known is None:
        known = read(request, VISIT) or secrets.token_urlsafe(32)
        request.state.visit = known
    return known


def keep_visit(request: Request, response: Response) -> None:
    """Have the browser keep the secret of its visit for an hour."""
    write(request, response, VISIT, visit(request), 3600)
