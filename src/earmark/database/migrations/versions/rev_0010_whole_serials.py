"""Nobody is promised a part of a serial number: the tables refuse it."""

from __future__ import annotations

from alembic import op

from earmark.database.guards import WHOLE_POSTGRESQL, WHOLE_SQLITE

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the triggers; what was promised in parts before stays until it is given back."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for guard in WHOLE_SQLITE if is_sqlite else WHOLE_POSTGRESQL:
        op.execute(guard)
