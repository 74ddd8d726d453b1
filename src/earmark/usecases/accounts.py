"""Accounts: letting somebody in, changing what he may do, his password, the tokens of programs.

Every one of these is in the history, as any other command; passwords and secrets are not, which is
why they stand beside the command and not in it. Salts and secrets are arguments: whoever calls has
the randomness.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from earmark.core.accounts import (
    Account,
    AddAccount,
    ChangeAccount,
    MakeToken,
    RevokeToken,
    SetPassword,
    TokenView,
    check_administrator_stays,
    check_password,
    check_scopes,
    check_user_name,
    key_of,
)
from earmark.core.commands import KEEP
from earmark.core.outcome import Outcome
from earmark.database import accounts
from earmark.database.engine import Database
from earmark.database.unit_of_work import Work, reading, unit_of_work
from earmark.errors import ValueInvalid
from earmark.errors.access import (
    AccountExists,
    AccountUnknown,
    AdministratorFirst,
    TokenUnknown,
)
from earmark.usecases.passwords import hashed, is_right


def add_account(database: Database, command: AddAccount, *, password: str, salt: bytes) -> Outcome:
    """Let somebody sign in with a password; the first one is an administrator."""
    account = Account(user_name=command.user_name, name=command.name, role=command.role)
    check_user_name(account.user_name)
    check_password(password, account)
    password_hash = hashed(password, salt)
    with unit_of_work(database, command) as work:
        if work.repeated:
            return work.repeated[0]
        if accounts.by_name(work.session, account.user_name):
            raise AccountExists(user_name=account.user_name)
        if not account.is_administrator and not accounts.are_there_any(work.session):
            raise AdministratorFirst(user_name=account.user_name)
        accounts.insert(work.session, replace(account, password_hash=password_hash), work.at)
        return work.report("add account", account.user_name, Outcome())


def change_account(database: Database, command: ChangeAccount) -> Outcome:
    """Change somebody's role or name, deactivate or activate him; it holds at once.

    A deactivated account's sessions end and its tokens do nothing until it is active again.
    """
    with unit_of_work(database, command) as work:
        if work.repeated:
            return work.repeated[0]
        administrators = accounts.lock_administrators(work.session)
        before = _account(work, command.user_name)
        given = {name: getattr(command, name) for name in ("name", "role", "is_active")}
        after = replace(before, **{name: new for name, new in given.items() if new is not KEEP})
        check_administrator_stays(before, after, administrators)
        accounts.update(work.session, after)
        if not after.is_active:
            accounts.end_sessions(work.session, after.user_name)
        return work.report("change account", after.user_name, Outcome())


def set_password(
    database: Database, command: SetPassword, *, password: str, salt: bytes, session_id: str = ""
) -> Outcome:
    """Give an account another password; its sessions end, but the one that is named."""
    with reading(database) as session:
        known = accounts.by_name(session, command.user_name)
    if known is None:
        raise AccountUnknown(user_name=command.user_name)
    check_password(password, known)
    password_hash = hashed(password, salt)
    with unit_of_work(database, command) as work:
        if work.repeated:
            return work.repeated[0]
        account = replace(_account(work, command.user_name), password_hash=password_hash)
        accounts.update(work.session, account)
        accounts.end_sessions(work.session, account.user_name, but=session_id)
        return work.report("set password", account.user_name, Outcome())


def has_password(database: Database, user_name: str, password: str) -> bool:
    """Whether this is somebody's password: asked before he changes it."""
    with reading(database) as session:
        account = accounts.by_name(session, user_name)
    return is_right(account.password_hash if account else "", password)


def signs_in_by_password(database: Database, user_name: str) -> bool:
    """Whether somebody has a password here, and not an identity provider that vouches for him."""
    with reading(database) as session:
        account = accounts.by_name(session, user_name)
    return account is not None and bool(account.password_hash)


def all_accounts(database: Database) -> list[Account]:
    """All accounts, by name."""
    with reading(database) as session:
        return accounts.everybody(session)


def are_there_accounts(database: Database) -> bool:
    """Whether anybody can be asked to sign in."""
    with reading(database) as session:
        return accounts.are_there_any(session)


def is_there_an_administrator(database: Database) -> bool:
    """Whether somebody can let others in."""
    return any(account.is_administrator for account in all_accounts(database))


def _account(work: Work, user_name: str) -> Account:
    account = accounts.lock(work.session, user_name)
    if account is None:
        raise AccountUnknown(user_name=user_name)
    return account


# -- Tokens ------------------------------------------------------------------------------------


def make_token(database: Database, command: MakeToken, *, secret: str) -> Outcome:
    """Let a program act for an account; ``secret`` is the token, of which only a hash is kept.

    The outcome's reference is the token's id.
    """
    with unit_of_work(database, command) as work:
        if work.repeated:
            return work.repeated[0]
        account = _account(work, command.user_name)
        check_scopes(command.scopes, account.role)
        _check_ends(command.ends, work.at)
        token_id = accounts.insert_token(
            work.session,
            account,
            secret=secret,
            name=command.name,
            scopes=command.scopes,
            at=work.at,
            ends=command.ends,
        )
        return work.report("make token", token_id, Outcome())


def _check_ends(ends: datetime | None, now: datetime) -> None:
    if ends is not None and ends <= now:
        raise ValueInvalid(field="End", value=f"{ends:%Y-%m-%d %H:%M}", why="it is in the past")


def revoke_token(database: Database, command: RevokeToken) -> Outcome:
    """End a token: from now on it is as if it had never been."""
    with unit_of_work(database, command) as work:
        if work.repeated:
            return work.repeated[0]
        _check_token(work, command)
        accounts.revoke_token(work.session, command.token_id, work.at)
        return work.report("revoke token", command.token_id, Outcome())


def _check_token(work: Work, command: RevokeToken) -> None:
    known = [t for t in accounts.tokens(work.session) if t.token_id == command.token_id]
    owners = [key_of(token.user_name) for token in known if token.revoked is None]
    if not owners or (command.user_name and owners != [key_of(command.user_name)]):
        raise TokenUnknown(token_id=command.token_id)


def tokens(database: Database, user_name: str = "") -> list[TokenView]:
    """All API tokens, or those of one account, the newest first."""
    with reading(database) as session:
        return accounts.tokens(session, user_name)
