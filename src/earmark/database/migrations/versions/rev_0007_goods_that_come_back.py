"""What used a ledger entry may be taken back: the goods are in the very entry that they left."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let an application end; what was undone before stays as it was posted then."""
    op.add_column("application", sa.Column("until", sa.BigInteger()))
