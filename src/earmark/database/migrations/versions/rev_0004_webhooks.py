"""Webhooks, and the log of what was sent to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables."""
    _webhook()
    _webhook_attempt()


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), server_default="0", nullable=False)


def _webhook() -> None:
    op.create_table(
        "webhook",
        sa.Column("webhook_id", sa.Text(), nullable=False),
        *(_text(name) for name in ("url", "secret", "types")),
        sa.Column("is_active", sa.Boolean(), server_default=sa.false(), nullable=False),
        _text("inactive_because"),
        _text("reached"),
        *(_count(name) for name in ("created", "failures", "failing_since", "next_try")),
        _text("claimed_by"),
        _count("claimed_until"),
        sa.PrimaryKeyConstraint("webhook_id", name=op.f("pk_webhook")),
    )


def _webhook_attempt() -> None:
    op.create_table(
        "webhook_attempt",
        sa.Column("webhook_id", sa.Text(), nullable=False),
        sa.Column("attempt_no", sa.BigInteger(), nullable=False),
        *(_text(name) for name in ("event_id", "event_type")),
        *(_count(name) for name in ("at", "duration_ms", "status")),
        *(_text(name) for name in ("answer", "error")),
        _count("next_try"),
        sa.PrimaryKeyConstraint("webhook_id", "attempt_no", name=op.f("pk_webhook_attempt")),
    )
