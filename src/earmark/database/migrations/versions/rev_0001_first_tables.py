"""The first tables, with the triggers that guard the totals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from earmark.database.guards import POSTGRESQL, SQLITE

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create every table, index and trigger."""
    _application()
    _command()
    _document()
    _document_line()
    _document_line_indexes()
    _document_line_version()
    _document_line_version_indexes()
    _item()
    _ledger_entry()
    _location()
    _number_record()
    _stock_key()
    _supply()
    _supply_indexes()
    _supply_indexes_more()
    _tracking_line()
    _tracking_line_indexes()
    _reservation_entry()
    _reservation_entry_indexes()
    guards = SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL
    for guard in guards:
        op.get_bind().exec_driver_sql(guard)


def _index(
    name: str, table: str, columns: list[str], *, unique: bool = False, where: str = ""
) -> None:
    """Create an index, of some of the rows where a condition is given."""
    condition = sa.text(where) if where else None
    op.create_index(
        name, table, columns, unique=unique, postgresql_where=condition, sqlite_where=condition
    )


def _application() -> None:
    op.create_table(
        "application",
        sa.Column("item_no", sa.Text(), nullable=False),
        sa.Column("out_entry_no", sa.BigInteger(), nullable=False),
        sa.Column("in_entry_no", sa.BigInteger(), nullable=False),
        sa.Column("moment", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_application_quantity")),
        sa.PrimaryKeyConstraint(
            "item_no", "out_entry_no", "in_entry_no", name=op.f("pk_application")
        ),
    )
    _index("ix_application_in", "application", ["item_no", "in_entry_no"])


def _command() -> None:
    op.create_table(
        "command",
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("moment", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.Text(), server_default="", nullable=False),
        sa.Column("verb", sa.Text(), server_default="", nullable=False),
        sa.Column("reference", sa.Text(), server_default="", nullable=False),
        sa.Column("fingerprint", sa.Text(), server_default="", nullable=False),
        sa.Column("content", sa.Text(), server_default="", nullable=False),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_command")),
        sqlite_with_rowid=False,
    )
    _index("ix_command_moment", "command", ["moment"])


def _document() -> None:
    op.create_table(
        "document",
        sa.Column("document_no", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("customer_no", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), server_default="", nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("last_position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("is_deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("document_no", name=op.f("pk_document")),
    )


def _document_line() -> None:
    op.create_table(
        "document_line",
        sa.Column("item_no", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("document_no", sa.Text(), server_default="", nullable=False),
        sa.Column("line_no", sa.Text(), server_default="", nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("component", sa.Integer(), server_default="0", nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("variant_code", sa.Text(), server_default="", nullable=False),
        sa.Column("location_code", sa.Text(), server_default="", nullable=False),
        sa.Column("customer_no", sa.Text(), server_default="", nullable=False),
        sa.Column("quantity_in_unit", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("unit", sa.Text(), server_default="", nullable=False),
        sa.Column("quantity", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("posted", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("bin_code", sa.Text(), server_default="", nullable=False),
        sa.Column("reserve", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), server_default="", nullable=False),
        sa.Column("is_demand", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("takes_part", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("made_for", sa.Text(), server_default="", nullable=False),
        sa.Column("reserved", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "quantity >= 0 AND posted >= 0 AND posted <= quantity",
            name=op.f("ck_document_line_posted"),
        ),
        sa.CheckConstraint(
            "reserved >= 0 AND reserved <= quantity - posted",
            name=op.f("ck_document_line_over_reserved"),
        ),
        sa.PrimaryKeyConstraint("item_no", "line", name=op.f("pk_document_line")),
        postgresql_with={"fillfactor": 70},
    )


def _document_line_indexes() -> None:
    _index("ix_document_line_document_no", "document_line", ["document_no"])
    _index(
        "ix_document_line_key",
        "document_line",
        ["item_no", "variant_code", "location_code", "kind"],
    )
    _index("ix_document_line_line", "document_line", ["line"])


def _document_line_version() -> None:
    op.create_table(
        "document_line_version",
        sa.Column("item_no", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("document_no", sa.Text(), server_default="", nullable=False),
        sa.Column("line_no", sa.Text(), server_default="", nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("component", sa.Integer(), server_default="0", nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("variant_code", sa.Text(), server_default="", nullable=False),
        sa.Column("location_code", sa.Text(), server_default="", nullable=False),
        sa.Column("customer_no", sa.Text(), server_default="", nullable=False),
        sa.Column("quantity_in_unit", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("unit", sa.Text(), server_default="", nullable=False),
        sa.Column("quantity", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("posted", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("bin_code", sa.Text(), server_default="", nullable=False),
        sa.Column("reserve", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), server_default="", nullable=False),
        sa.Column("is_demand", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("takes_part", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("made_for", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("item_no", "line", "since", name=op.f("pk_document_line_version")),
    )


def _document_line_version_indexes() -> None:
    _index("ix_document_line_version_line", "document_line_version", ["line"])


def _item() -> None:
    op.create_table(
        "item",
        sa.Column("item_no", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("base_unit", sa.Text(), server_default="", nullable=False),
        sa.Column("units", sa.Text(), server_default="", nullable=False),
        sa.Column("rounding_precision", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("variants", sa.Text(), server_default="", nullable=False),
        sa.Column("tracking_code", sa.Text(), server_default="", nullable=False),
        sa.Column("reserve", sa.Text(), server_default="", nullable=False),
        sa.Column("picking_order", sa.Text(), server_default="", nullable=False),
        sa.Column("location_picking_orders", sa.Text(), server_default="", nullable=False),
        sa.Column("serial_series", sa.Text(), server_default="", nullable=False),
        sa.Column("lot_series", sa.Text(), server_default="", nullable=False),
        sa.Column("last_supply_no", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("item_no", name=op.f("pk_item")),
    )


def _ledger_entry() -> None:
    op.create_table(
        "ledger_entry",
        sa.Column("item_no", sa.Text(), nullable=False),
        sa.Column("entry_no", sa.BigInteger(), nullable=False),
        sa.Column("moment", sa.BigInteger(), nullable=False),
        sa.Column("verb", sa.Text(), server_default="", nullable=False),
        sa.Column("variant_code", sa.Text(), server_default="", nullable=False),
        sa.Column("location_code", sa.Text(), server_default="", nullable=False),
        sa.Column("bin_code", sa.Text(), server_default="", nullable=False),
        sa.Column("lot_no", sa.Text(), server_default="", nullable=False),
        sa.Column("serial_no", sa.Text(), server_default="", nullable=False),
        sa.Column("package_no", sa.Text(), server_default="", nullable=False),
        sa.Column("quantity", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("line", sa.Text(), server_default="", nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("undone", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("item_no", "entry_no", name=op.f("pk_ledger_entry")),
    )
    _index("ix_ledger_entry_line", "ledger_entry", ["item_no", "line"])
    _index("ix_ledger_entry_moment", "ledger_entry", ["moment"])


def _location() -> None:
    op.create_table(
        "location",
        sa.Column("location_code", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("is_in_transit", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("bins", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("location_code", name=op.f("pk_location")),
    )
    op.create_table(
        "tracking_code",
        sa.Column("tracking_code", sa.Text(), nullable=False),
        sa.Column("specific", sa.Text(), server_default="", nullable=False),
        sa.Column("required", sa.Text(), server_default="", nullable=False),
        sa.Column("expiration_used", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("expiration_required", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("expiration_strict", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("tracking_code", name=op.f("pk_tracking_code")),
    )
    op.create_table(
        "customer",
        sa.Column("customer_no", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("priority", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reserve", sa.Text(), server_default="", nullable=False),
        sa.Column("minimum_shelf_life_days", sa.Integer(), server_default="0", nullable=False),
        sa.Column("transit_days", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("customer_no", name=op.f("pk_customer")),
    )


def _number_record() -> None:
    op.create_table(
        "number_record",
        sa.Column("item_no", sa.Text(), nullable=False),
        sa.Column("dimension", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("is_blocked", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("expiration_date", sa.Date(), nullable=True),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint(
            "item_no", "dimension", "number", "since", name=op.f("pk_number_record")
        ),
    )
    _index(
        "ux_number_record_current",
        "number_record",
        ["item_no", "dimension", "number"],
        unique=True,
        where="until IS NULL",
    )


def _stock_key() -> None:
    op.create_table(
        "stock_key",
        sa.Column("item_no", sa.Text(), nullable=False),
        sa.Column("variant_code", sa.Text(), nullable=False),
        sa.Column("location_code", sa.Text(), nullable=False),
        sa.Column("next_hold_end", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint(
            "item_no", "variant_code", "location_code", name=op.f("pk_stock_key")
        ),
    )
    _index(
        "ix_stock_key_next_hold_end",
        "stock_key",
        ["next_hold_end"],
        where="next_hold_end > 0",
    )


def _supply() -> None:
    op.create_table(
        "supply",
        sa.Column("item_no", sa.Text(), nullable=False),
        sa.Column("supply_no", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("variant_code", sa.Text(), server_default="", nullable=False),
        sa.Column("location_code", sa.Text(), server_default="", nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("lot_no", sa.Text(), server_default="", nullable=False),
        sa.Column("serial_no", sa.Text(), server_default="", nullable=False),
        sa.Column("package_no", sa.Text(), server_default="", nullable=False),
        sa.Column("specific_serial_no", sa.Text(), server_default="", nullable=False),
        sa.Column("quantity", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("reserved", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("nonspecific", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("is_free", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("available_on", sa.Date(), nullable=True),
        sa.Column("posted_on", sa.Date(), nullable=True),
        sa.Column("expiration_date", sa.Date(), server_default="9999-12-31", nullable=False),
        sa.Column("is_blocked", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("serial_no = '' OR quantity <= 100000", name=op.f("ck_supply_serial")),
        sa.CheckConstraint(
            "nonspecific >= 0 AND nonspecific <= reserved", name=op.f("ck_supply_nonspecific")
        ),
        sa.CheckConstraint("is_free = (quantity > reserved)", name=op.f("ck_supply_free")),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_supply_quantity")),
        sa.CheckConstraint(
            "reserved >= 0 AND reserved <= quantity", name=op.f("ck_supply_over_reserved")
        ),
        sa.PrimaryKeyConstraint("item_no", "supply_no", name=op.f("pk_supply")),
        postgresql_with={"fillfactor": 70},
    )


def _supply_indexes() -> None:
    _index(
        "ix_supply_first_expired",
        "supply",
        ["item_no", "variant_code", "location_code", "expiration_date", "posted_on", "supply_no"],
        unique=False,
        where="is_free AND kind = 'stock'",
    )
    _index(
        "ix_supply_first_in",
        "supply",
        ["item_no", "variant_code", "location_code", "posted_on", "supply_no"],
        unique=False,
        where="is_free AND kind = 'stock'",
    )
    _index(
        "ix_supply_lot",
        "supply",
        ["item_no", "lot_no"],
        unique=False,
        where="lot_no <> '' AND quantity > 0",
    )


def _supply_indexes_more() -> None:
    _index(
        "ix_supply_open",
        "supply",
        ["item_no", "variant_code", "location_code", "kind", "lot_no"],
        unique=False,
        where="quantity > 0",
    )
    _index(
        "ix_supply_package",
        "supply",
        ["item_no", "package_no"],
        unique=False,
        where="package_no <> '' AND quantity > 0",
    )
    _index(
        "ix_supply_serial",
        "supply",
        ["item_no", "serial_no"],
        unique=False,
        where="serial_no <> '' AND quantity > 0",
    )
    _index("ix_supply_source", "supply", ["item_no", "source"], unique=False, where="source <> ''")
    _index(
        "ux_supply_serial_in_stock",
        "supply",
        ["item_no", "variant_code", "specific_serial_no"],
        unique=True,
        where="specific_serial_no <> '' AND quantity > 0",
    )


def _tracking_line() -> None:
    op.create_table(
        "tracking_line",
        sa.Column("item_no", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("lot_no", sa.Text(), server_default="", nullable=False),
        sa.Column("serial_no", sa.Text(), server_default="", nullable=False),
        sa.Column("package_no", sa.Text(), server_default="", nullable=False),
        sa.Column("quantity", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("to_handle", sa.BigInteger(), nullable=True),
        sa.Column("handled", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("expiration_date", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "quantity > 0 AND handled >= 0 AND handled <= quantity",
            name=op.f("ck_tracking_line_handled"),
        ),
        sa.PrimaryKeyConstraint(
            "item_no", "line", "since", "ordinal", name=op.f("pk_tracking_line")
        ),
    )


def _tracking_line_indexes() -> None:
    _index(
        "ux_tracking_line_current",
        "tracking_line",
        ["item_no", "line", "lot_no", "serial_no", "package_no"],
        unique=True,
        where="until IS NULL",
    )


def _reservation_entry() -> None:
    op.create_table(
        "reservation_entry",
        sa.Column("item_no", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("supply_no", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("lot_no", sa.Text(), server_default="", nullable=False),
        sa.Column("serial_no", sa.Text(), server_default="", nullable=False),
        sa.Column("package_no", sa.Text(), server_default="", nullable=False),
        sa.Column("binding", sa.Text(), server_default="", nullable=False),
        sa.Column("hold_until", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("by", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_reservation_entry_quantity")),
        sa.CheckConstraint(
            "until IS NULL OR until >= since", name=op.f("ck_reservation_entry_until")
        ),
        sa.PrimaryKeyConstraint(
            "item_no", "line", "since", "ordinal", name=op.f("pk_reservation_entry")
        ),
        sqlite_with_rowid=False,
    )


def _reservation_entry_indexes() -> None:
    _index(
        "ix_reservation_entry_hold",
        "reservation_entry",
        ["item_no", "hold_until"],
        where="until IS NULL AND hold_until > 0",
    )
    _index(
        "ux_reservation_entry_slot",
        "reservation_entry",
        [
            "item_no",
            "supply_no",
            "line",
            "lot_no",
            "serial_no",
            "package_no",
            "binding",
            "hold_until",
        ],
        unique=True,
        where="until IS NULL",
    )
