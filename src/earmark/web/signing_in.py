"""Signing in, by password or by an identity provider, and signing out."""

from __future__ import annotations

import secrets
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from earmark.core.accounts import SESSION_LASTS, NewSession
from earmark.core.roles import Role
from earmark.errors import EarmarkError, NotFound
from earmark.errors.access import ProviderRefused, SignInFailed, TooManyAttempts
from earmark.http import cookies, openid, problems
from earmark.http.identity import anybody, open_to
from earmark.http.serving import public_address, serving
from earmark.usecases import signing_in
from earmark.usecases.passwords import SALT_LENGTH
from earmark.web.rendering import page, pages

router = pages()
Anybody = Depends(anybody)
RETURN = "/login/openid/return"


@router.get("/login", dependencies=[Anybody])
def login(request: Request, next: str = "/") -> Response:  # noqa: A002 - its name in the address
    """The page to sign in on; where nobody needs to, the page that was wanted."""
    if _is_in(request):
        return RedirectResponse(_local(next), 303)
    return _form(request, next)


@router.post("/login", dependencies=[Anybody])
def sign_in(
    request: Request,
    user_name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",  # noqa: A002 - as above
) -> Response:
    """Sign in by password."""
    served = serving(request)
    address = request.client.host if request.client else ""
    new = _new_session(request)
    try:
        served.attempts.count(user_name, address)
        salt = secrets.token_bytes(SALT_LENGTH)
        signing_in.sign_in(served.database, user_name, password, new=new, salt=salt)
    except (SignInFailed, TooManyAttempts) as refusal:
        return _form(request, next, user_name=user_name, refusal=refusal)
    served.attempts.forgive(user_name, address)
    return _begun(request, new, next)


@router.post("/logout", dependencies=[Anybody])
def sign_out(request: Request) -> Response:
    """End the session of this browser."""
    _end(request)
    answer = RedirectResponse("/login", 303)
    cookies.forget(request, answer, cookies.SESSION)
    return answer


# -- By an identity provider -------------------------------------------------------------------


@router.get("/login/openid", dependencies=[Anybody])
def go_to_provider(request: Request, next: str = "/") -> Response:  # noqa: A002 - as above
    """Send the browser to the identity provider."""
    going = openid.journey(cookies.visit(request), _local(next))
    try:
        where = _provider(request).address(going, _return_to(request))
    except EarmarkError as refusal:
        return _form(request, next, refusal=refusal)
    answer = RedirectResponse(where, 303)
    cookies.keep_visit(request, answer)
    return answer


@router.get(RETURN, dependencies=[Anybody])
def come_back(request: Request, state: str = "", code: str = "", error: str = "") -> Response:
    """The browser comes back from the identity provider, with a code or without."""
    served, known = serving(request), _provider(request)
    new = _new_session(request)
    try:
        coming = openid.journey_back(cookies.read(request, cookies.VISIT), state)
        if error or not code:
            raise ProviderRefused(why=error or "it sent no code")
        now = served.database.clock()
        identity = known.identity(coming, code, _return_to(request), now)
        default = known.provider.default_role or Role.VIEWER
        signing_in.sign_in_as(served.database, identity, default=default, new=new)
    except EarmarkError as refusal:
        return _form(request, "/", refusal=refusal)
    return _begun(request, new, coming.then)


def _provider(request: Request) -> openid.OpenId:
    known = serving(request).openid
    if known is None:
        raise NotFound(what="No identity provider is set up here.")
    return known


def _return_to(request: Request) -> str:
    return f"{public_address(request)}{RETURN}"


# -- What they share ---------------------------------------------------------------------------


def _form(
    request: Request, then: str, *, user_name: str = "", refusal: EarmarkError | None = None
) -> Response:
    """The page to sign in on, with what was wrong the last time."""
    cookies.visit(request)  # first: the token of the page belongs to it
    known = serving(request).openid
    answer = page(
        request,
        None,
        "login.html",
        problems.status_of(refusal) if refusal else 200,
        then=_local(then),
        user_name=user_name,
        refusal=refusal,
        provider=known.provider.name if known else "",
    )
    if isinstance(refusal, TooManyAttempts):
        answer.headers["Retry-After"] = str(refusal.facts["seconds"])
    cookies.keep_visit(request, answer)
    return answer


def _is_in(request: Request) -> bool:
    secret = cookies.read(request, cookies.SESSION)
    served = serving(request)
    return bool(
        open_to(request) or (secret and signing_in.signed_in(served.database, secret) is not None)
    )


def _new_session(request: Request) -> NewSession:
    device = request.headers.get("user-agent", "")
    return NewSession(secret=secrets.token_urlsafe(32), device=device)


def _begun(request: Request, new: NewSession, then: str) -> Response:
    """Signed in: an earlier session of this browser ends, and the page that was wanted follows."""
    _end(request)
    answer = RedirectResponse(_local(then), 303)
    seconds = int(SESSION_LASTS.total_seconds())
    cookies.write(request, answer, cookies.SESSION, new.secret, seconds)
    cookies.forget(request, answer, cookies.VISIT)
    return answer


def _end(request: Request) -> None:
    database = serving(request).database
    found = signing_in.signed_in(database, cookies.read(request, cookies.SESSION))
    if found is not None:
        signing_in.sign_out(database, found[0].user_name, found[1].session_id)


def _local(then: str) -> str:
    """A page of ours to go to; the first, where something else was named."""
    parts = urlsplit(then.replace("\\", "/"))
    is_ours = not parts.scheme and not parts.netloc and parts.path.startswith("/")
    return then if is_ours and not then.startswith("//") and then.isprintable() else "/"
