"""A request id belongs to the user who gave it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Put the user before every id that was given."""
    command = sa.table("command", sa.column("request_id", sa.Text), sa.column("by", sa.Text))
    op.execute(
        sa.update(command)
        .where(command.c.by != "", sa.not_(command.c.request_id.startswith("~")))
        .values(request_id=command.c.by + "\x1f" + command.c.request_id)
    )
