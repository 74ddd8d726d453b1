"""The order in which commands were committed: what events are read in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OFFSET = """
CREATE FUNCTION transaction_offset() RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT 0::bigint'
"""
NUMBER = "(pg_current_xact_id()::text::bigint + transaction_offset())"


def upgrade() -> None:
    """Number the transactions that write commands; those of before come first, by moment."""
    _transaction_no()


def _transaction_no() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if not is_sqlite:
        op.get_bind().exec_driver_sql(OFFSET)
    default = "0" if is_sqlite else sa.text(NUMBER)
    op.add_column(
        "command",
        sa.Column("transaction_no", sa.BigInteger(), server_default=default, nullable=False),
    )
    numbered = sa.text("transaction_no > 0")
    op.create_index(
        "ix_command_transaction",
        "command",
        ["transaction_no", "moment"],
        postgresql_where=numbered,
        sqlite_where=numbered,
    )
