"""An office with two people in it: what the tests of accounts begin with."""

from datetime import UTC, datetime

import earmark
from earmark.core.accounts import (
    Account,
    AddAccount,
    ChangeAccount,
    MakeToken,
    NewSession,
)
from earmark.core.roles import Operation, Role
from earmark.usecases import accounts, signing_in

PASSWORD = "correct horse battery"
SALT = bytes(16)
NOW = datetime(2026, 11, 24, 10, 45, tzinfo=UTC)
READ = frozenset({Operation.READ})


class Clock:
    """A clock that a test winds on."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def add(database: earmark.Database, user_name: str, role: Role) -> None:
    command = AddAccount(user_name=user_name, role=role, by="Ada")
    accounts.add_account(database, command, password=PASSWORD, salt=SALT)


def change(database: earmark.Database, user_name: str, **fields: object) -> None:
    command = ChangeAccount(user_name=user_name, by="Ada", **fields)  # type: ignore[arg-type]
    accounts.change_account(database, command)


def sign_in(database: earmark.Database, user_name: str, secret: str = "s1") -> Account:
    new = NewSession(secret=secret, device="Firefox")
    return signing_in.sign_in(database, user_name, PASSWORD, new=new, salt=SALT)


def is_signed_in(database: earmark.Database, secret: str = "s1") -> bool:
    return signing_in.signed_in(database, secret) is not None


def token(database: earmark.Database, secret: str = "t1", **fields: object) -> str:
    command = MakeToken(user_name="ben", name="Shop", **{"scopes": READ, **fields})  # type: ignore[arg-type]
    return accounts.make_token(database, command, secret=secret).reference
