"""Who asks, and whether he may."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Annotated, TypeVar

from fastapi import Depends, Request

from earmark.core.accounts import Account
from earmark.core.commands import Command
from earmark.core.roles import Operation, Role, allowed_to
from earmark.errors import NotAllowed, NotFound, NotSignedIn
from earmark.http import cookies
from earmark.http.serving import Serving, serving
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


def caller(request: Request) -> Caller:
    """Who asks, by his token or his session; ``not-signed-in`` where that can not be told.

    A token that is sent counts alone: a program that made a mistake must not act as whoever
    happens to be signed in.
    """
    found = _found(request)
    request.state.user = found.user
    return found


def _found(request: Request) -> Caller:
    served = serving(request)
    if "authorization" in request.headers:
        return _by_token(served, request.headers["authorization"])
    secret = cookies.read(request, cookies.SESSION)
    found = signing_in.signed_in(served.database, secret) if secret else None
    if found is not None:
        return _of(found[0], session_id=found[1].session_id)
    user = open_to(request)
    if user:
        return Caller(user=user, role=Role.ADMINISTRATOR, is_signed_in=False)
    raise NotSignedIn


def open_to(request: Request) -> str:
    """As whom everybody acts without signing in; empty where all must sign in.

    For the owner of the machine that ends with the first account, while the server runs; and it
    is not for what another server on this machine passes on, from who knows where.
    """
    served = serving(request)
    if not served.owner:
        return served.open_to
    is_passed_on = any(name in request.headers for name in PASSED_ON)
    return "" if is_passed_on or accounts.are_there_accounts(served.database) else served.owner


def _by_token(served: Serving, authorization: str) -> Caller:
    scheme, _, secret = authorization.partition(" ")
    found = None
    if scheme.lower() == "bearer":
        found = signing_in.bearer(served.database, secret.strip())
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
