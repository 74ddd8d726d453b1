"""Who is known by name: accounts, and what is asked of names, passwords and tokens.

A password or the secret of a token is never a part of a command, since commands are kept in the
history for good.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from earmark.core.commands import KEEP, Command, Keep
from earmark.core.roles import Operation, Role, allowed_to
from earmark.errors import ValueInvalid
from earmark.errors.access import (
    AdministratorNeeded,
    PasswordUnfit,
    ScopeExceedsRole,
    UserNameInvalid,
)

TOKEN_PREFIX = "earmark_"  # noqa: S105 - it marks a token, for people and for scanners of secrets
PASSWORD_LENGTH_LEAST = 12
PASSWORD_LENGTH_MOST = 256
DIFFERENT_CHARACTERS_LEAST = 5
NAME_LENGTH_MOST = 64
SESSION_LASTS = timedelta(days=14)
SESSION_RESTS = timedelta(hours=12)
"""A session ends after ``SESSION_LASTS`` at the latest, and when it was not used for this long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody who may sign in.

    ``issuer`` and ``subject`` are who he is to an identity provider, where he signs in by one.
    """

    user_name: str
    name: str = ""
    role: Role = Role.VIEWER
    is_active: bool = True
    password_hash: str = ""
    issuer: str = ""
    subject: str = ""

    @property
    def is_administrator(self) -> bool:
        """Whether he can let others in: an administrator who may sign in himself."""
        return self.is_active and self.role is Role.ADMINISTRATOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Whom an identity provider vouches for; ``issuer`` and ``subject`` are his for ever.

    ``user_name`` is what he would like to be called here, ``role`` what the provider gives him.
    """

    issuer: str
    subject: str
    user_name: str
    name: str = ""
    role: Role | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """A session that is to begin: the secret its browser will show, and what browser it is."""

    secret: str = field(repr=False)
    device: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    """Where somebody is signed in: on which device, since when, last used when."""

    session_id: str
    device: str
    began: datetime
    seen: datetime
    ends: datetime

    def is_over(self, at: datetime) -> bool:
        """Whether it has ended."""
        return self.ends <= at


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenView:
    """What a program may do in somebody's name, until when; never the token itself."""

    token_id: str
    user_name: str
    name: str
    scopes: frozenset[Operation]
    created: datetime
    seen: datetime | None = None
    ends: datetime | None = None
    revoked: datetime | None = None

    def is_over(self, at: datetime) -> bool:
        """Whether it was revoked or has ended."""
        return self.revoked is not None or (self.ends is not None and self.ends <= at)


# -- What can be asked for ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class AddAccount(Command):
    """Let somebody sign in."""

    user_name: str
    name: str = ""
    role: Role = Role.VIEWER


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeAccount(Command):
    """Change somebody's role or name; deactivate or activate his account."""

    user_name: str
    name: str | Keep = KEEP
    role: Role | Keep = KEEP
    is_active: bool | Keep = KEEP


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPassword(Command):
    """Give an account another password; its sessions end."""

    user_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeToken(Command):
    """Let a program act for an account, within these scopes, until it ends or is revoked."""

    user_name: str
    name: str
    scopes: frozenset[Operation]
    ends: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeToken(Command):
    """End a token, by its id; with ``user_name`` only if it is his."""

    token_id: str
    user_name: str = ""


# -- What is asked of them ---------------------------------------------------------------------

_USER_NAME = re.compile(r"[\w][\w.@+-]*", re.ASCII)


def key_of(user_name: str) -> str:
    """What tells accounts apart: a user name without regard to case."""
    return user_name.strip().casefold()


def check_user_name(user_name: str) -> None:
    """Refuse a user name that could not be typed, or be taken for another."""
    if not _USER_NAME.fullmatch(user_name):
        raise UserNameInvalid(
            user_name=user_name, why="it is made of letters, digits and . _ - @ +"
        )
    if len(user_name) > NAME_LENGTH_MOST:
        raise UserNameInvalid(user_name=user_name, why=f"it has at most {NAME_LENGTH_MOST}")


def user_name_like(wanted: str) -> str:
    """The nearest to a name that can be a user name here, with room for a number after it."""
    typed = re.sub(r"[^\w.@+-]", "-", wanted, flags=re.ASCII).strip("-.@+")
    return typed[: NAME_LENGTH_MOST - 4] or "user"


def normalized(password: str) -> str:
    """A password as it is hashed: typed on any keyboard, the same characters are the same."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, account: Account) -> None:
    """Refuse a password that is guessed soon: too short, too monotonous, or the user's own name.

    Nothing is asked about kinds of characters, and nothing about changing it from time to time:
    both make passwords worse (NIST SP 800-63B).
    """
    plain = normalized(password).casefold()
    if len(plain) < PASSWORD_LENGTH_LEAST:
        raise PasswordUnfit(why=f"it needs at least {PASSWORD_LENGTH_LEAST} characters")
    if len(plain) > PASSWORD_LENGTH_MOST:
        raise PasswordUnfit(why=f"it may have at most {PASSWORD_LENGTH_MOST} characters")
    if len(set(plain)) < DIFFERENT_CHARACTERS_LEAST:
        raise PasswordUnfit(why=f"it needs {DIFFERENT_CHARACTERS_LEAST} different characters")
    words = filter(None, (*re.split(r"\W+", account.user_name), *account.name.split(), "earmark"))
    rest = plain
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word.casefold(), "")
    if len(rest) < PASSWORD_LENGTH_LEAST // 2:
        raise PasswordUnfit(why="it is little more than your name or ours")


def check_scopes(scopes: Iterable[Operation], role: Role) -> None:
    """Refuse a token that may do more than whoever it acts for, or nothing at all."""
    wanted = frozenset(scopes)
    beyond = sorted(wanted - allowed_to(role))
    if beyond:
        raise ScopeExceedsRole(scopes=", ".join(beyond), role=role)
    if not wanted:
        raise ValueInvalid(field="Scopes", value="", why="a token without any can do nothing")


def check_administrator_stays(
    before: Account, after: Account, administrators: Iterable[Account]
) -> None:
    """Refuse the change that would leave nobody to administer accounts."""
    others = [one for one in administrators if key_of(one.user_name) != key_of(before.user_name)]
    if before.is_administrator and not after.is_administrator and not others:
        raise AdministratorNeeded(user_name=before.user_name)


def session_end(began: datetime, seen: datetime) -> datetime:
    """When a session ends that is not used any more."""
    return min(began + SESSION_LASTS, seen + SESSION_RESTS)
