"""Who asks, and whether he may."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Annotated, TypeVar

from fastapi import Depends, Request

from earmark.core.accounts import Account
from earmark.core.commands import Command
from earmark.core.roles import Operation, Role, allowed_to
from earmark.database.engine import Database
from earmark.errors import NotAllowed, NotFound, NotSignedIn
from earmark.http import cookies
from earmark.http.serving import serving
from earmark.http.waiting import each_once, waiting
from earmark.usecases import accounts, signing_in

PASSED_ON = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")

Asked = TypeVar("Asked", bound=Command)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks: the name that history keeps, and the role that decides.

    ``scopes`` are those of the token that came, if one did. ``is_signed_in`` is false where all
    may come in, and nobody has a role in truth. ``session_id`` is the session that came.
    """

    user: str
    role: Role
    scopes: frozenset[Operation] = frozenset(Operation)
    is_signed_in: bool = True
    session_id: str = ""

    @property
    def allowed(self) -> frozenset[Operation]:
        """What he may do: what his role allows, within the scopes of his token."""
        return allowed_to(self.role) & self.scopes

    def check(self, operation: Operation) -> None:
        """Refuse what he may not do."""
        if operation not in self.allowed:
            raise NotAllowed(user=self.user, operation=operation, of_whom="")

    def signed(self, command: Asked, *, reason: str = "") -> Asked:
        """A command in his name, with what he may do: every command goes through here.

        Where nobody signs in, nobody is restricted in what another has reserved.
        """
        allowed = self.allowed if self.is_signed_in else None
        return replace(command, by=self.user, allowed=allowed, reason=reason or command.reason)


async def caller(request: Request) -> Caller:
    """Who asks, by his token or his session; ``not-signed-in`` where that can not be told.

    A token that is sent counts alone: a program that made a mistake must not act as whoever
    happens to be signed in.
    """
    found = await _found(request)
    request.state.user = found.user
    return found


async def _found(request: Request) -> Caller:
    if "authorization" in request.headers:
        return await _by_token(request, request.headers["authorization"])
    secret = cookies.read(request, cookies.SESSION)
    found = await waiting(request, _SIGNED_IN).answer(secret) if secret else None
    if found is not None:
        return _of(found[0], session_id=found[1].session_id)
    user = _open_to_whom(request)
    if user and not (_ends_with_accounts(request) and await waiting(request, _CLOSED).answer("")):
        return Caller(user=user, role=Role.ADMINISTRATOR, is_signed_in=False)
    raise NotSignedIn


def open_to(request: Request) -> str:
    """As whom everybody acts without signing in; empty where all must sign in.

    For the owner of the machine that ends with the first account, while the server runs; and it
    is not for what another server on this machine passes on, from who knows where.
    """
    user = _open_to_whom(request)
    is_closed = _ends_with_accounts(request) and _closed(serving(request).database, "")
    return "" if is_closed else user


def _open_to_whom(request: Request) -> str:
    served = serving(request)
    if not served.owner:
        return served.open_to
    is_passed_on = any(name in request.headers for name in PASSED_ON)
    return "" if is_passed_on else served.owner


def _ends_with_accounts(request: Request) -> bool:
    return bool(serving(request).owner)


def _closed(database: Database, _: str) -> bool:
    return accounts.are_there_accounts(database)


_BEARERS = each_once(signing_in.bearer)
_SIGNED_IN = each_once(signing_in.signed_in)
_CLOSED = each_once(_closed)


async def _by_token(request: Request, authorization: str) -> Caller:
    scheme, _, secret = authorization.partition(" ")
    found = None
    if scheme.lower() == "bearer":
        found = await waiting(request, _BEARERS).answer(secret.strip())
    if found is None:
        raise NotSignedIn
    return replace(_of(found[0]), scopes=found[1].scopes)


def _of(account: Account, *, session_id: str = "") -> Caller:
    return Caller(user=account.user_name, role=account.role, session_id=session_id)


def in_person(asking: Annotated[Caller, Depends(caller)]) -> Caller:
    """A dependency: who asks, refused unless he has signed in himself.

    What belongs to an account alone is out of the reach of its tokens: one that may little could
    make another that may more.
    """
    if not asking.is_signed_in:
        raise NotFound(what="Nobody needs to sign in here, and nobody has an account of his own.")
    if not asking.session_id:
        raise NotSignedIn
    return asking


def may(operation: Operation) -> Callable[[Caller], Awaitable[Caller]]:
    """A dependency: who asks, refused unless he may do this."""

    async def allowed(asking: Annotated[Caller, Depends(caller)]) -> Caller:
        asking.check(operation)
        return asking

    allowed.operation = operation  # type: ignore[attr-defined]  # read by the matrix of the tests
    return allowed


def anybody(request: Request) -> None:
    """A dependency of a route that asks nobody who he is: it says so, and the matrix reads it."""
