"""One's own account: password, sessions, and the tokens of programs that act for oneself."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from earmark.core.accounts import TOKEN_PREFIX, MakeToken, RevokeToken, SetPassword
from earmark.core.roles import Operation
from earmark.database.engine import Database
from earmark.errors import EarmarkError
from earmark.errors.access import PasswordUnfit
from earmark.http import problems
from earmark.http.identity import Caller, in_person
from earmark.http.serving import database, serving
from earmark.usecases import accounts, signing_in
from earmark.usecases.passwords import SALT_LENGTH
from earmark.web.rendering import page, pages

router = pages()
Oneself = Annotated[Caller, Depends(in_person)]
Served = Annotated[Database, Depends(database)]
HERE = "/account"


@router.get(HERE)
def account(request: Request, asking: Oneself, served: Served) -> Response:
    """The page of one's own account."""
    return _page(request, asking, served)


@router.post(f"{HERE}/password")
def change_password(
    request: Request,
    asking: Oneself,
    served: Served,
    now: Annotated[str, Form()] = "",
    new: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """Set another password; who knows the one of now may, and all other sessions end."""
    address = request.client.host if request.client else ""
    try:
        serving(request).attempts.count(asking.user, address)
        if not accounts.has_password(served, asking.user, now):
            raise PasswordUnfit(why="the password of now is another one")
        if new != again:
            raise PasswordUnfit(why="it was typed differently the second time")
        accounts.set_password(
            served,
            asking.signed(SetPassword(user_name=asking.user)),
            password=new,
            salt=secrets.token_bytes(SALT_LENGTH),
            session_id=asking.session_id,
        )
    except EarmarkError as refusal:
        return _page(request, asking, served, refusal=refusal)
    return RedirectResponse(HERE, 303)


@router.post(f"{HERE}/sessions/{{session_id}}/end")
def end_session(asking: Oneself, served: Served, session_id: str) -> Response:
    """End one of one's own sessions."""
    signing_in.sign_out(served, asking.user, session_id)
    return RedirectResponse(HERE, 303)


@router.post(f"{HERE}/tokens")
def make_token(
    request: Request,
    asking: Oneself,
    served: Served,
    name: Annotated[str, Form()] = "",
    scopes: Annotated[list[Operation] | None, Form()] = None,
    days: Annotated[int, Form(ge=0, le=3650)] = 0,
) -> Response:
    """Make a token, and show it this once."""
    token = f"{TOKEN_PREFIX}{secrets.token_urlsafe(32)}"
    command = MakeToken(
        user_name=asking.user,
        name=name.strip() or "API",
        scopes=frozenset(scopes or ()),
        ends=served.clock() + timedelta(days=days) if days else None,
    )
    try:
        accounts.make_token(served, asking.signed(command), secret=token)
    except EarmarkError as refusal:
        return _page(request, asking, served, refusal=refusal)
    return _page(request, asking, served, token=token)


@router.post(f"{HERE}/tokens/{{token_id}}/revoke")
def revoke_token(asking: Oneself, served: Served, token_id: str) -> Response:
    """End one of one's own tokens."""
    command = RevokeToken(token_id=token_id, user_name=asking.user)
    accounts.revoke_token(served, asking.signed(command))
    return RedirectResponse(HERE, 303)


def _page(
    request: Request,
    asking: Caller,
    served: Database,
    *,
    refusal: EarmarkError | None = None,
    token: str = "",
) -> Response:
    now = served.clock()
    return page(
        request,
        asking,
        "account.html",
        problems.status_of(refusal) if refusal else 200,
        refusal=refusal,
        who=asking,
        token=token,
        has_password=accounts.signs_in_by_password(served, asking.user),
        sessions=signing_in.sessions(served, asking.user),
        tokens=[t for t in accounts.tokens(served, asking.user) if not t.is_over(now)],
        operations=[one for one in Operation if one in asking.allowed],
    )
