"""Appeals: what users ask each other to give up."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table and its indexes."""
    op.create_table(
        "appeal",
        sa.Column("item_no", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        *(_text(name) for name in ("by", "holder", "asked_of", "supply")),
        *(_text(name) for name in ("lot_no", "serial_no", "package_no")),
        sa.Column("quantity", sa.BigInteger(), server_default="0", nullable=False),
        *(_text(name) for name in ("note", "answer")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_appeal_quantity")),
        sa.PrimaryKeyConstraint("item_no", "line", "since", name=op.f("pk_appeal")),
    )
    op.create_index("ix_appeal_since", "appeal", ["since"])
    op.create_index("ix_appeal_until", "appeal", ["until"])
    waiting = sa.text("until IS NULL")
    op.create_index(
        "ix_appeal_waiting",
        "appeal",
        ["asked_of"],
        postgresql_where=waiting,
        sqlite_where=waiting,
    )


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)
