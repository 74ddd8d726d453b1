"""Item ledger entries are found by their numbers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create an index for each dimension."""
    for dimension in ("lot", "serial", "package"):
        column = f"{dimension}_no"
        named = sa.text(f"{column} <> ''")
        op.create_index(
            f"ix_ledger_entry_{dimension}",
            "ledger_entry",
            ["item_no", column],
            postgresql_where=named,
            sqlite_where=named,
        )
