"""Who asks, and whether he may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from earmark.core.roles import Operation, Role, allows
from earmark.errors import NotAllowed, NotSignedIn
from earmark.http.serving import serving


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks: the name that history keeps, and the role that decides."""

    user: str
    role: Role

    def check(self, operation: Operation) -> None:
        """Refuse what the role may not do."""
        if not allows(self.role, operation):
            raise NotAllowed(user=self.user, operation=operation, of_whom="")


def caller(request: Request) -> Caller:
    """Who asks; ``not-signed-in`` where that can not be told."""
    open_to = serving(request).open_to
    if open_to:
        return Caller(user=open_to, role=Role.ADMINISTRATOR)
    raise NotSignedIn


def may(operation: Operation) -> Callable[[Caller], Caller]:
    """A dependency: who asks, refused unless he may do this."""

    def allowed(asking: Annotated[Caller, Depends(caller)]) -> Caller:
        asking.check(operation)
        return asking

    return allowed
