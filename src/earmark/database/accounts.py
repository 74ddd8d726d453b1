"""Accounts, their sessions and their API tokens as rows.

Of the secret of a session or a token only the SHA-256 is kept: it is random and long, so that
nothing slower is needed, and who reads the database can not act as anybody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from earmark.core.accounts import (
    Account,
    NewSession,
    SessionView,
    TokenView,
    key_of,
    session_end,
)
from earmark.core.roles import Operation, Role
from earmark.database import schema
from earmark.database.engine import Session
from earmark.database.history import from_micros, to_micros
from earmark.database.statements import Row, Statement

_ACCOUNT = schema.account
_SESSION = schema.session
_TOKEN = schema.api_token
_COLUMNS = (
    "user_name",
    "name",
    "role",
    "is_active",
    "password_hash",
    "issuer",
    "subject",
)
_WIDTH = len(_COLUMNS)
_ID_LENGTH = 16
_DEVICE_LENGTH = 200


def _kept(secret: str) -> tuple[str, str]:
    """What is kept of a secret: an id by which it is found and named, and the whole hash."""
    secret_hash = hashlib.sha256(secret.encode()).hexdigest()
    return secret_hash[:_ID_LENGTH], secret_hash


def id_of(secret: str) -> str:
    """The id of the session or the token that has this secret."""
    return _kept(secret)[0]


# -- Accounts ----------------------------------------------------------------------------------

_SELECTED = sa.select(*(_ACCOUNT.c[c] for c in _COLUMNS))
_BY_KEY = Statement(_SELECTED.where(_ACCOUNT.c.user_key == sa.bindparam("user_key")))
_BY_SUBJECT = Statement(
    _SELECTED.where(
        _ACCOUNT.c.issuer == sa.bindparam("issuer"),
        _ACCOUNT.c.subject == sa.bindparam("subject"),
        _ACCOUNT.c.subject != "",
    )
)
_ALL = Statement(_SELECTED.order_by(_ACCOUNT.c.user_key))
_ANY = Statement(sa.select(_ACCOUNT.c.user_key).limit(1))
_LOCKED = Statement(
    _SELECTED.where(_ACCOUNT.c.role == Role.ADMINISTRATOR.value, _ACCOUNT.c.is_active)
    .order_by(_ACCOUNT.c.user_key)
    .with_for_update()
)
_LOCKED_BY_KEY = Statement(
    _SELECTED.where(_ACCOUNT.c.user_key == sa.bindparam("user_key")).with_for_update()
)
_REHASH = Statement(
    sa.update(_ACCOUNT)
    .where(
        _ACCOUNT.c.user_key == sa.bindparam("v_user_key"),
        _ACCOUNT.c.password_hash == sa.bindparam("v_before"),
    )
    .values(password_hash=sa.bindparam("v_after", type_=sa.Text))
)
_UPDATE = Statement(
    sa.update(_ACCOUNT)
    .where(_ACCOUNT.c.user_key == sa.bindparam("v_user_key"))
    .values({c: sa.bindparam(f"v_{c}", type_=_ACCOUNT.c[c].type) for c in _COLUMNS})
)


def by_name(session: Session, user_name: str) -> Account | None:
    """The account of a user name, however it is written."""
    rows = session.rows(_BY_KEY, user_key=key_of(user_name))
    return _account(rows[0]) if rows else None


def lock(session: Session, user_name: str) -> Account | None:
    """The account of a user name, held until the end of the transaction."""
    rows = session.rows(_LOCKED_BY_KEY, user_key=key_of(user_name))
    return _account(rows[0]) if rows else None


def by_subject(session: Session, issuer: str, subject: str) -> Account | None:
    """The account that belongs to somebody at an identity provider."""
    rows = session.rows(_BY_SUBJECT, issuer=issuer, subject=subject)
    return _account(rows[0]) if rows else None


def everybody(session: Session) -> list[Account]:
    """All accounts, by name."""
    return [_account(row) for row in session.rows(_ALL)]


def are_there_any(session: Session) -> bool:
    """Whether there is an account at all."""
    return bool(session.rows(_ANY))


def lock_administrators(session: Session) -> list[Account]:
    """The active administrators, held until the end of the transaction.

    Two who deactivate each other at once take turns here, and the second is refused.
    """
    return [_account(row) for row in session.rows(_LOCKED)]


def insert(session: Session, account: Account, at: datetime) -> None:
    """A new account."""
    values = (key_of(account.user_name), *(getattr(account, c) for c in _COLUMNS), to_micros(at))
    session.insert(_ACCOUNT, ("user_key", *_COLUMNS, "created"), [values])


def update(session: Session, account: Account) -> None:
    """An account as it is now; its user name stays."""
    values = {f"v_{c}": getattr(account, c) for c in _COLUMNS}
    session.run(_UPDATE, v_user_key=key_of(account.user_name), **values)


def rehash(session: Session, account: Account, password_hash: str) -> None:
    """The same password, hashed anew; nothing where it was changed in between."""
    values = {"v_before": account.password_hash, "v_after": password_hash}
    session.run(_REHASH, v_user_key=key_of(account.user_name), **values)


def _account(row: Row) -> Account:
    user_name, name, role, is_active, password_hash, issuer, subject = row
    return Account(
        user_name=user_name,
        name=name,
        role=Role(role),
        is_active=is_active,
        password_hash=password_hash,
        issuer=issuer,
        subject=subject,
    )


# -- Sessions ----------------------------------------------------------------------------------

_SESSION_COLUMNS = ("session_id", "device", "began", "seen", "ends")
_OPEN = sa.select(
    *(_ACCOUNT.c[c] for c in _COLUMNS), *(_SESSION.c[c] for c in _SESSION_COLUMNS)
).join(_SESSION, _SESSION.c.user_key == _ACCOUNT.c.user_key)
_SESSION_OF = Statement(
    _OPEN.where(
        _SESSION.c.session_id == sa.bindparam("id"),
        _SESSION.c.secret_hash == sa.bindparam("secret_hash"),
    )
)
_SESSIONS_OF = Statement(
    _OPEN.where(_SESSION.c.user_key == sa.bindparam("user_key")).order_by(_SESSION.c.seen.desc())
)
_SEE_SESSION = Statement(
    sa.update(_SESSION)
    .where(_SESSION.c.session_id == sa.bindparam("v_id"))
    .values(
        seen=sa.bindparam("v_seen", type_=sa.BigInteger),
        ends=sa.bindparam("v_ends", type_=sa.BigInteger),
    )
)
_END_SESSION = Statement(
    sa.delete(_SESSION).where(
        _SESSION.c.user_key == sa.bindparam("user_key"),
        _SESSION.c.session_id == sa.bindparam("id"),
    )
)
_END_OTHERS = Statement(
    sa.delete(_SESSION).where(
        _SESSION.c.user_key == sa.bindparam("user_key"),
        _SESSION.c.session_id != sa.bindparam("but"),
    )
)
_END_OVER = Statement(sa.delete(_SESSION).where(_SESSION.c.ends <= sa.bindparam("now")))


def begin_session(session: Session, account: Account, new: NewSession, at: datetime) -> None:
    """Somebody is signed in; sessions that are over are forgotten."""
    session.run(_END_OVER, now=to_micros(at))
    key, now = key_of(account.user_name), to_micros(at)
    ends = to_micros(session_end(at, at))
    values = (*_kept(new.secret), key, new.device[:_DEVICE_LENGTH], now, now, ends)
    columns = ("session_id", "secret_hash", "user_key", "device", "began", "seen", "ends")
    session.insert(_SESSION, columns, [values])


def session_of(session: Session, secret: str) -> tuple[Account, SessionView] | None:
    """Whose session has this secret; also one that is over."""
    session_id, secret_hash = _kept(secret)
    rows = session.rows(_SESSION_OF, id=session_id, secret_hash=secret_hash)
    return (_account(rows[0][:_WIDTH]), _session(rows[0][_WIDTH:])) if rows else None


def sessions_of(session: Session, user_name: str) -> list[SessionView]:
    """Somebody's sessions, the latest first."""
    rows = session.rows(_SESSIONS_OF, user_key=key_of(user_name))
    return [_session(row[_WIDTH:]) for row in rows]


def see_session(session: Session, secret: str, seen: datetime, ends: datetime) -> None:
    """A session was used."""
    session.run(_SEE_SESSION, v_id=id_of(secret), v_seen=to_micros(seen), v_ends=to_micros(ends))


def end_session(session: Session, user_name: str, session_id: str) -> None:
    """One of somebody's sessions is over."""
    session.run(_END_SESSION, user_key=key_of(user_name), id=session_id)


def end_sessions(session: Session, user_name: str, *, but: str = "") -> None:
    """Somebody's sessions are over, but the one with this id."""
    session.run(_END_OTHERS, user_key=key_of(user_name), but=but)


def _session(row: Row) -> SessionView:
    session_id, device, began, seen, ends = row
    return SessionView(
        session_id=session_id,
        device=device,
        began=_time(began),
        seen=_time(seen),
        ends=_time(ends),
    )


def _time(micros: int) -> datetime:
    at = from_micros(micros)
    assert at is not None, "a time that is always there is missing"
    return at


# -- Tokens ------------------------------------------------------------------------------------

_TOKEN_COLUMNS = ("token_id", "name", "scopes", "created", "seen", "ends", "revoked")
_TOKENS = sa.select(
    *(_ACCOUNT.c[c] for c in _COLUMNS), *(_TOKEN.c[c] for c in _TOKEN_COLUMNS)
).join(_TOKEN, _TOKEN.c.user_key == _ACCOUNT.c.user_key)
_NEWEST_FIRST = (_TOKEN.c.created.desc(), _TOKEN.c.token_id)
_TOKEN_OF = Statement(
    _TOKENS.where(
        _TOKEN.c.token_id == sa.bindparam("id"),
        _TOKEN.c.secret_hash == sa.bindparam("secret_hash"),
    )
)
_TOKENS_OF = Statement(
    _TOKENS.where(_TOKEN.c.user_key == sa.bindparam("user_key")).order_by(*_NEWEST_FIRST)
)
_ALL_TOKENS = Statement(_TOKENS.order_by(*_NEWEST_FIRST))
_SEE_TOKEN = Statement(
    sa.update(_TOKEN)
    .where(_TOKEN.c.token_id == sa.bindparam("v_id"))
    .values(seen=sa.bindparam("v_seen", type_=sa.BigInteger))
)
_REVOKE = Statement(
    sa.update(_TOKEN)
    .where(_TOKEN.c.token_id == sa.bindparam("v_id"))
    .values(revoked=sa.bindparam("v_revoked", type_=sa.BigInteger))
)


def insert_token(  # noqa: PLR0913 - the columns of one row
    session: Session,
    account: Account,
    *,
    secret: str,
    name: str,
    scopes: frozenset[Operation],
    at: datetime,
    ends: datetime | None,
) -> str:
    """A program may act for somebody; gives the id of its token."""
    given = (" ".join(sorted(scopes)), to_micros(at), to_micros(ends))
    columns = ("token_id", "secret_hash", "user_key", "name", "scopes", "created", "ends")
    session.insert(_TOKEN, columns, [(*_kept(secret), key_of(account.user_name), name, *given)])
    return id_of(secret)


def token_of(session: Session, secret: str) -> tuple[Account, TokenView] | None:
    """Whose token has this secret; also one that is over."""
    token_id, secret_hash = _kept(secret)
    rows = session.rows(_TOKEN_OF, id=token_id, secret_hash=secret_hash)
    return (_account(rows[0][:_WIDTH]), _token(rows[0])) if rows else None


def tokens(session: Session, user_name: str = "") -> list[TokenView]:
    """All tokens, or somebody's, the newest first."""
    if user_name:
        rows: Sequence[Row] = session.rows(_TOKENS_OF, user_key=key_of(user_name))
    else:
        rows = session.rows(_ALL_TOKENS)
    return [_token(row) for row in rows]


def see_token(session: Session, secret: str, seen: datetime) -> None:
    """A token was used."""
    session.run(_SEE_TOKEN, v_id=id_of(secret), v_seen=to_micros(seen))


def revoke_token(session: Session, token_id: str, at: datetime) -> None:
    """A token is over."""
    session.run(_REVOKE, v_id=token_id, v_revoked=to_micros(at))


def _token(row: Row) -> TokenView:
    token_id, name, scopes, created, seen, ends, revoked = row[_WIDTH:]
    return TokenView(
        token_id=token_id,
        user_name=row[0],
        name=name,
        scopes=frozenset(Operation(scope) for scope in scopes.split()),
        created=_time(created),
        seen=from_micros(seen),
        ends=from_micros(ends),
        revoked=from_micros(revoked),
    )
