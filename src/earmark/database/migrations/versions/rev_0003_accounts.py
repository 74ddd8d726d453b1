"""Accounts, their sessions and tokens; why something was done."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; commands of before have no reason."""
    _account()
    _session()
    _api_token()
    op.add_column("command", _text("reason"))


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def _time(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), server_default="0", nullable=False)


def _account() -> None:
    op.create_table(
        "account",
        sa.Column("user_key", sa.Text(), nullable=False),
        *(_text(name) for name in ("user_name", "name", "role")),
        sa.Column("is_active", sa.Boolean(), server_default=sa.false(), nullable=False),
        *(_text(name) for name in ("password_hash", "issuer", "subject")),
        _time("created"),
        sa.PrimaryKeyConstraint("user_key", name=op.f("pk_account")),
    )
    is_linked = sa.text("subject <> ''")
    op.create_index(
        "ux_account_subject",
        "account",
        ["issuer", "subject"],
        unique=True,
        postgresql_where=is_linked,
        sqlite_where=is_linked,
    )


def _session() -> None:
    op.create_table(
        "session",
        sa.Column("session_id", sa.Text(), nullable=False),
        *(_text(name) for name in ("secret_hash", "user_key", "device")),
        *(_time(name) for name in ("began", "seen", "ends")),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_session")),
    )
    op.create_index("ix_session_user_key", "session", ["user_key"])


def _api_token() -> None:
    op.create_table(
        "api_token",
        sa.Column("token_id", sa.Text(), nullable=False),
        *(_text(name) for name in ("secret_hash", "user_key", "name", "scopes")),
        *(_time(name) for name in ("created", "seen", "ends", "revoked")),
        sa.PrimaryKeyConstraint("token_id", name=op.f("pk_api_token")),
    )
    op.create_index("ix_api_token_user_key", "api_token", ["user_key"])
