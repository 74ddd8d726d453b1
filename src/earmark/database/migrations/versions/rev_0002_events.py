"""The order in which commands were committed; the GTINs of items, and finding a scanned number."""

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
    _item_gtin()
    _index("ix_number_record_number", "number_record", ["number"], where="until IS NULL")


def _index(name: str, table: str, columns: list[str], *, where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, postgresql_where=condition, sqlite_where=condition)


def _item_gtin() -> None:
    op.create_table(
        "item_gtin",
        sa.Column("item_no", sa.Text(), nullable=False),
        sa.Column("gtin", sa.Text(), nullable=False),
        sa.Column("variant_code", sa.Text(), server_default="", nullable=False),
        sa.Column("unit", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("item_no", "gtin", name=op.f("pk_item_gtin")),
    )
    op.create_index("ix_item_gtin_gtin", "item_gtin", ["gtin"])


def _transaction_no() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if not is_sqlite:
        op.get_bind().exec_driver_sql(OFFSET)
    default = "0" if is_sqlite else sa.text(NUMBER)
    op.add_column(
        "command",
        sa.Column("transaction_no", sa.BigInteger(), server_default=default, nullable=False),
    )
    _index(
        "ix_command_transaction",
        "command",
        ["transaction_no", "moment"],
        where="transaction_no > 0",
    )
