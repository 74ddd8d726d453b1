"""Who may do what: roles, the operations they may carry out, and the one table of both."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from earmark.errors import NotAllowed, ReasonMissing


class Role(StrEnum):
    """What somebody's work is; an account has one."""

    VIEWER = "viewer"
    ORDER_PROCESSOR = "order-processor"
    PLANNER = "planner"
    WAREHOUSE = "warehouse"
    QUALITY = "quality"
    ADMINISTRATOR = "administrator"


class Operation(StrEnum):
    """A sort of thing that can be done, as far as permission tells them apart."""

    READ = "read"
    ENTER = "enter"
    """Enter, change and delete documents and their lines."""
    TRACK = "track"
    """Enter item tracking lines."""
    RESERVE = "reserve"
    """Reserve, hold, change and cancel what one reserved oneself."""
    TAKE_OVER = "take-over"
    """Change or cancel what another has reserved; it needs a reason."""
    POST = "post"
    RATE = "rate"
    """Block lots, serials and packages, and date them."""
    SET_UP = "set-up"
    """Items, tracking codes, locations, customers; importing them."""
    ADMINISTER = "administer"
    """Accounts, tokens and webhooks."""


_ENTERING = frozenset({Operation.READ, Operation.ENTER, Operation.TRACK, Operation.RESERVE})
_ALLOWED = {
    Role.VIEWER: frozenset({Operation.READ}),
    Role.ORDER_PROCESSOR: _ENTERING,
    Role.PLANNER: _ENTERING | {Operation.TAKE_OVER, Operation.SET_UP},
    Role.WAREHOUSE: frozenset({Operation.READ, Operation.TRACK, Operation.POST}),
    Role.QUALITY: frozenset({Operation.READ, Operation.RATE}),
    Role.ADMINISTRATOR: frozenset(Operation),
}


def allowed_to(role: Role) -> frozenset[Operation]:
    """What a role may do."""
    return _ALLOWED[role]


def allows(role: Role, operation: Operation) -> bool:
    """Whether a role may carry out an operation."""
    return operation in _ALLOWED[role]


def check_take_over(
    line: str, holders: Iterable[str], *, by: str, allowed: frozenset[Operation] | None, reason: str
) -> None:
    """Refuse to change what another has reserved without the permission and a reason.

    Whose reservation nobody knows is nobody's; where nobody has a role (``allowed`` is ``None``)
    everybody may. Late binding is no take-over: whom it moves loses nothing.
    """
    others = sorted({holder for holder in holders if holder not in ("", by)})
    if allowed is None or not others:
        return
    whose = ", ".join(others)
    if Operation.TAKE_OVER not in allowed:
        raise NotAllowed(user=by, operation=Operation.TAKE_OVER, of_whom=f" of {whose}")
    if not reason.strip():
        raise ReasonMissing(line=line, holders=whose)
