"""Signing in and out, and who asks: by a session, by a token, by an identity provider."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import count

from earmark.core.accounts import (
    Account,
    AddAccount,
    ChangeAccount,
    Identity,
    NewSession,
    SessionView,
    TokenView,
    session_end,
    user_name_like,
)
from earmark.core.outcome import Outcome
from earmark.core.roles import Role
from earmark.database import accounts
from earmark.database.engine import Database
from earmark.database.unit_of_work import Work, reading, unit_of_work
from earmark.errors.access import AdministratorNeeded, SignInFailed
from earmark.usecases.accounts import change_account
from earmark.usecases.passwords import hashed, is_outdated, is_right

SEEN_EVERY = timedelta(minutes=5)
"""A session or a token that is used all the time is written to this often, and no more."""


def sign_in(
    database: Database, user_name: str, password: str, *, new: NewSession, salt: bytes
) -> Account:
    """Begin a session; ``sign-in-failed`` says not what was wrong.

    Nor does the time it takes. A password that was hashed with other figures than today's is
    hashed anew, with ``salt``.
    """
    with reading(database) as session:
        known = accounts.by_name(session, user_name)
    if not is_right(known.password_hash if known else "", password):
        raise SignInFailed
    assert known is not None, "nobody's password is right"
    if not known.is_active:
        raise SignInFailed
    fresh = hashed(password, salt) if is_outdated(known.password_hash) else ""
    with database.transaction(writes=True) as session:
        if fresh:
            accounts.rehash(session, known, fresh)
        accounts.begin_session(session, known, new, database.clock())
    return known


def sign_out(database: Database, user_name: str, session_id: str) -> None:
    """End one of somebody's sessions."""
    with database.transaction(writes=True) as session:
        accounts.end_session(session, user_name, session_id)


def sessions(database: Database, user_name: str) -> list[SessionView]:
    """Where somebody is signed in, the latest first."""
    now = database.clock()
    with reading(database) as session:
        return [one for one in accounts.sessions_of(session, user_name) if not one.is_over(now)]


# -- Who asks ----------------------------------------------------------------------------------


def signed_in(database: Database, secret: str) -> tuple[Account, SessionView] | None:
    """Who has the session with this secret; nobody where it is over, or his account not active."""
    now = database.clock()
    with reading(database) as session:
        found = accounts.session_of(session, secret)
    if found is None or found[1].is_over(now) or not found[0].is_active:
        return None
    if now - found[1].seen >= SEEN_EVERY:
        with database.transaction(writes=True) as session:
            accounts.see_session(session, secret, now, session_end(found[1].began, now))
    return found


def bearer(database: Database, secret: str) -> tuple[Account, TokenView] | None:
    """For whom a token acts; nobody where it is over, or the account not active."""
    now = database.clock()
    with reading(database) as session:
        found = accounts.token_of(session, secret)
    if found is None or found[1].is_over(now) or not found[0].is_active:
        return None
    if found[1].seen is None or now - found[1].seen >= SEEN_EVERY:
        with database.transaction(writes=True) as session:
            accounts.see_token(session, secret, now)
    return found


# -- By an identity provider -------------------------------------------------------------------


def sign_in_as(
    database: Database, identity: Identity, *, default: Role, new: NewSession
) -> Account:
    """Begin a session for whom an identity provider vouches; he gets an account the first time.

    An account belongs to him by the provider's ``issuer`` and ``subject`` and by nothing else: an
    account that is there already under the name he would like, or with his e-mail address, stays
    with whoever has it, and he is called by that name with a number. The role the provider gives
    is his from now on, unless that would leave no administrator.
    """
    with reading(database) as session:
        known = accounts.by_subject(session, identity.issuer, identity.subject)
    if known is None:
        known = _add(database, identity, default)
    if not known.is_active:
        raise SignInFailed
    if identity.role not in (None, known.role):
        known = _with_role(database, known, identity)
    with database.transaction(writes=True) as session:
        accounts.begin_session(session, known, new, database.clock())
    return known


def _add(database: Database, identity: Identity, default: Role) -> Account:
    command = AddAccount(
        user_name=user_name_like(identity.user_name),
        name=identity.name,
        role=identity.role or default,
    )
    with unit_of_work(database, replace(command, by=command.user_name)) as work:
        account = Account(
            user_name=_free_name(work, command.user_name),
            name=command.name,
            role=command.role,
            issuer=identity.issuer,
            subject=identity.subject,
        )
        accounts.insert(work.session, account, work.at)
        work.report("add account", account.user_name, Outcome())
        return account


def _free_name(work: Work, wanted: str) -> str:
    names = (wanted if number == 1 else f"{wanted}-{number}" for number in count(1))
    return next(name for name in names if accounts.by_name(work.session, name) is None)


def _with_role(database: Database, account: Account, identity: Identity) -> Account:
    """The role that the provider gives; the last administrator stays one whatever it says."""
    assert identity.role is not None, "the provider gives no role"
    command = ChangeAccount(
        user_name=account.user_name,
        role=identity.role,
        by=account.user_name,
        reason=identity.issuer,
    )
    try:
        change_account(database, command)
    except AdministratorNeeded:
        return account
    return replace(account, role=identity.role)
