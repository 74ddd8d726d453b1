"""Accounts, for administrators: who may sign in, and what he may do."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from earmark.core.accounts import AddAccount, ChangeAccount, SetPassword
from earmark.core.roles import Operation, Role
from earmark.database.engine import Database
from earmark.errors import EarmarkError
from earmark.http import problems
from earmark.http.identity import Caller, may
from earmark.http.serving import database
from earmark.usecases import accounts
from earmark.usecases.passwords import SALT_LENGTH
from earmark.web.rendering import page, pages

router = pages()
Administrator = Annotated[Caller, Depends(may(Operation.ADMINISTER))]
Served = Annotated[Database, Depends(database)]
HERE = "/accounts"


@router.get(HERE)
def all_accounts(request: Request, asking: Administrator, served: Served) -> Response:
    """Everybody who may sign in."""
    return _page(request, asking, served)


@router.post(HERE)
def add(
    request: Request,
    asking: Administrator,
    served: Served,
    user_name: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    role: Annotated[Role, Form()] = Role.VIEWER,
    password: Annotated[str, Form()] = "",
) -> Response:
    """Let somebody sign in. The first account ends the time in which nobody needed to."""
    command = AddAccount(user_name=user_name.strip(), name=name.strip(), role=role)
    try:
        accounts.add_account(
            served,
            asking.signed(command),
            password=password,
            salt=secrets.token_bytes(SALT_LENGTH),
        )
    except EarmarkError as refusal:
        typed = {"user_name": user_name, "name": name, "role": role}
        return _page(request, asking, served, refusal=refusal, typed=typed)
    return RedirectResponse(HERE, 303)


@router.post(f"{HERE}/{{user_name}}/role")
def change_role(
    request: Request,
    asking: Administrator,
    served: Served,
    user_name: str,
    role: Annotated[Role, Form()],
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Give somebody another role."""
    command = ChangeAccount(user_name=user_name, role=role, reason=reason)
    return _change(request, asking, served, command)


@router.post(f"{HERE}/{{user_name}}/deactivate")
def deactivate(request: Request, asking: Administrator, served: Served, user_name: str) -> Response:
    """Let somebody in no more."""
    command = ChangeAccount(user_name=user_name, is_active=False)
    return _change(request, asking, served, command)


@router.post(f"{HERE}/{{user_name}}/activate")
def activate(request: Request, asking: Administrator, served: Served, user_name: str) -> Response:
    """Let somebody in again."""
    return _change(request, asking, served, ChangeAccount(user_name=user_name, is_active=True))


@router.post(f"{HERE}/{{user_name}}/password")
def set_password(
    request: Request,
    asking: Administrator,
    served: Served,
    user_name: str,
    password: Annotated[str, Form()] = "",
) -> Response:
    """Set somebody's password, who has forgotten his."""
    command = asking.signed(SetPassword(user_name=user_name))
    salt = secrets.token_bytes(SALT_LENGTH)
    try:
        accounts.set_password(served, command, password=password, salt=salt)
    except EarmarkError as refusal:
        return _page(request, asking, served, refusal=refusal)
    return RedirectResponse(HERE, 303)


def _change(request: Request, asking: Caller, served: Database, command: ChangeAccount) -> Response:
    try:
        accounts.change_account(served, asking.signed(command))
    except EarmarkError as refusal:
        return _page(request, asking, served, refusal=refusal)
    return RedirectResponse(HERE, 303)


def _page(
    request: Request,
    asking: Caller,
    served: Database,
    *,
    refusal: EarmarkError | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    return page(
        request,
        asking,
        "accounts.html",
        problems.status_of(refusal) if refusal else 200,
        refusal=refusal,
        typed=typed or {"user_name": "", "name": "", "role": ""},
        accounts=accounts.all_accounts(served),
        roles=list(Role),
    )
