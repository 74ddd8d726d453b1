"""More than a line says may be received, up to a percentage: the line's own, or the item's."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_NAME = "over_receipt_percentage"


def upgrade() -> None:
    """Let items and lines have one; what is there may not be exceeded, as before."""
    op.add_column("item", sa.Column(_NAME, sa.BigInteger(), server_default="0", nullable=False))
    for table in ("document_line", "document_line_version"):
        op.add_column(table, sa.Column(_NAME, sa.BigInteger()))
