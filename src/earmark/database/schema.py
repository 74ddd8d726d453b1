"""The tables and their constraints.

Laid out for a cluster sharded by item from the first migration on: every table that belongs to an
item has ``item_no`` first in its primary key and in every unique constraint, foreign keys stay
within the item, set-up is small enough to be copied to every node, and documents and commands live
by their own key. ``tests/database/test_layout.py`` holds the tables to it.

Rows that history needs are never changed in place: they carry the moment ``since`` which and
``until`` which they held. ``reserved`` and ``nonspecific`` on a supply, and ``reserved`` on a line,
are totals that triggers keep in the same statement that writes a reservation entry; with the CHECK
beside them the database itself refuses a promise of more than there is.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from earmark.core.quantity import SCALE
from earmark.database import access_tables as access
from earmark.database import columns

metadata, FAR, Quantity = columns.metadata, columns.FAR, columns.Quantity
_flag, _moment, _number = columns.flag, columns.moment, columns.number
_numbers, _text, _where = columns.numbers, columns.text, columns.where

_ROOM_FOR_TOTALS: dict[str, Any] = {"postgresql_with": {"fillfactor": 70}}
"""Leaves room in every page of PostgreSQL, so that a row whose total changes stays where it is."""

_CLUSTERED: dict[str, Any] = {"sqlite_with_rowid": False}
"""Keeps rows in the primary key itself on SQLite: one page less to write for each new row."""

# -- Set-up: small, copied to every node -------------------------------------------------------

tracking_code = sa.Table(
    "tracking_code",
    metadata,
    sa.Column("tracking_code", sa.Text, primary_key=True),
    _text("specific"),
    _text("required"),
    _flag("expiration_used"),
    _flag("expiration_required"),
    _flag("expiration_strict"),
    _flag("case_matters"),
)

location = sa.Table(
    "location",
    metadata,
    sa.Column("location_code", sa.Text, primary_key=True),
    _text("description"),
    _flag("is_in_transit"),
    _text("bins"),
)

customer = sa.Table(
    "customer",
    metadata,
    sa.Column("customer_no", sa.Text, primary_key=True),
    _text("name"),
    sa.Column("priority", sa.Integer, nullable=False, server_default="0"),
    _text("reserve"),
    sa.Column("minimum_shelf_life_days", sa.Integer, nullable=False, server_default="0"),
    sa.Column("transit_days", sa.Integer, nullable=False, server_default="0"),
)

# -- By item -----------------------------------------------------------------------------------

spelling = sa.Table(
    "spelling",
    metadata,
    sa.Column("item_no", sa.Text, primary_key=True),
    sa.Column("sort", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    _text("name"),
    sa.Index("ix_spelling_key", "key"),
    **_CLUSTERED,
)
"""How names are spelled, by what they have in common in every case: see ``spellings.py``."""

item = sa.Table(
    "item",
    metadata,
    sa.Column("item_no", sa.Text, primary_key=True),
    _text("description"),
    _text("base_unit"),
    _text("units"),
    _number("rounding_precision"),
    _number("over_receipt_percentage"),
    _text("variants"),
    _text("tracking_code"),
    _text("reserve"),
    _text("picking_order"),
    _text("location_picking_orders"),
    _text("serial_series"),
    _text("lot_series"),
    sa.Column("last_supply_no", sa.BigInteger, nullable=False, server_default="0"),
)

stock_key = sa.Table(
    "stock_key",
    metadata,
    sa.Column("item_no", sa.Text, primary_key=True),
    sa.Column("variant_code", sa.Text, primary_key=True),
    sa.Column("location_code", sa.Text, primary_key=True),
    _moment("next_hold_end", server_default="0"),
    sa.Index(
        "ix_stock_key_next_hold_end",
        "next_hold_end",
        **_where("next_hold_end > 0"),
    ),
)

number_record = sa.Table(
    "number_record",
    metadata,
    sa.Column("item_no", sa.Text, primary_key=True),
    sa.Column("dimension", sa.Text, primary_key=True),
    sa.Column("number", sa.Text, primary_key=True),
    sa.Column("since", sa.BigInteger, primary_key=True),
    sa.Column("until", sa.BigInteger),
    _flag("is_blocked"),
    sa.Column("expiration_date", sa.Date),
    _text("description"),
    sa.Index(
        "ix_number_record_number",
        "number",
        **_where("until IS NULL"),
    ),
    sa.Index(
        "ux_number_record_current",
        "item_no",
        "dimension",
        "number",
        unique=True,
        **_where("until IS NULL"),
    ),
)

item_gtin = sa.Table(
    "item_gtin",
    metadata,
    sa.Column("item_no", sa.Text, primary_key=True),
    sa.Column("gtin", sa.Text, primary_key=True),
    _text("variant_code"),
    _text("unit"),
    sa.Index("ix_item_gtin_gtin", "gtin"),
)


def _line_columns() -> tuple[sa.Column[Any], ...]:
    return (
        _text("document_no"),
        _text("line_no"),
        sa.Column("position", sa.Integer, nullable=False, server_default="0"),
        sa.Column("component", sa.Integer, nullable=False, server_default="0"),
        _text("kind"),
        _text("variant_code"),
        _text("location_code"),
        _text("customer_no"),
        _number("quantity_in_unit"),
        _text("unit"),
        columns.factor("quantity_per_unit"),
        _number("quantity"),
        _number("posted"),
        sa.Column("date", sa.Date),
        _text("bin_code"),
        _text("reserve"),
        _text("status"),
        _flag("is_demand"),
        _flag("takes_part"),
        _flag("is_deleted"),
        _text("made_for"),
        sa.Column("over_receipt_percentage", Quantity),
    )


document_line = sa.Table(
    "document_line",
    metadata,
    sa.Column("item_no", sa.Text, primary_key=True),
    sa.Column("line", sa.Text, primary_key=True),
    *_line_columns(),
    _number("reserved"),
    sa.CheckConstraint("quantity >= 0 AND posted >= 0 AND posted <= quantity", name="posted"),
    sa.CheckConstraint("reserved >= 0 AND reserved <= quantity - posted", name="over_reserved"),
    sa.Index("ix_document_line_line", "line"),
    sa.Index("ix_document_line_document_no", "document_no"),
    sa.Index("ix_document_line_key", "item_no", "variant_code", "location_code", "kind"),
    **_ROOM_FOR_TOTALS,
)

document_line_version = sa.Table(
    "document_line_version",
    metadata,
    sa.Column("item_no", sa.Text, primary_key=True),
    sa.Column("line", sa.Text, primary_key=True),
    sa.Column("since", sa.BigInteger, primary_key=True),
    *_line_columns(),
    sa.Index("ix_document_line_version_line", "line"),
)

tracking_line = sa.Table(
    "tracking_line",
    metadata,
    sa.Column("item_no", sa.Text, primary_key=True),
    sa.Column("line", sa.Text, primary_key=True),
    sa.Column("since", sa.BigInteger, primary_key=True),
    sa.Column("ordinal", sa.Integer, primary_key=True),
    sa.Column("until", sa.BigInteger),
    *_numbers(),
    _number("quantity"),
    sa.Column("to_handle", Quantity),
    _number("handled"),
    sa.Column("expiration_date", sa.Date),
    sa.CheckConstraint("quantity > 0 AND handled >= 0 AND handled <= quantity", name="handled"),
    sa.Index(
        "ux_tracking_line_current",
        "item_no",
        "line",
        "lot_no",
        "serial_no",
        "package_no",
        unique=True,
        **_where("until IS NULL"),
    ),
)


def _of_number(table: str, dimension: str) -> sa.Index:
    """Finds the rows of an item under a number; those without one take no room in it."""
    column = f"{dimension}_no"
    return sa.Index(f"ix_{table}_{dimension}", "item_no", column, **_where(f"{column} <> ''"))


ledger_entry = sa.Table(
    "ledger_entry",
    metadata,
    sa.Column("item_no", sa.Text, primary_key=True),
    sa.Column("entry_no", sa.BigInteger, primary_key=True),
    _moment("moment"),
    _text("verb"),
    _text("variant_code"),
    _text("location_code"),
    _text("bin_code"),
    *_numbers(),
    _number("quantity"),
    sa.Column("posted_on", sa.Date, nullable=False),
    _text("line"),
    _text("description"),
    _moment("undone", server_default="0"),
    sa.Index("ix_ledger_entry_line", "item_no", "line"),
    sa.Index("ix_ledger_entry_moment", "moment"),
    *(_of_number("ledger_entry", dimension) for dimension in ("lot", "serial", "package")),
)

application = sa.Table(
    "application",
    metadata,
    sa.Column("item_no", sa.Text, primary_key=True),
    sa.Column("out_entry_no", sa.BigInteger, primary_key=True),
    sa.Column("in_entry_no", sa.BigInteger, primary_key=True),
    _moment("moment"),
    sa.Column("until", sa.BigInteger),
    _number("quantity"),
    sa.CheckConstraint("quantity > 0", name="quantity"),
    sa.Index("ix_application_in", "item_no", "in_entry_no"),
)

supply = sa.Table(
    "supply",
    metadata,
    sa.Column("item_no", sa.Text, primary_key=True),
    sa.Column("supply_no", sa.BigInteger, primary_key=True),
    _text("kind"),
    _text("variant_code"),
    _text("location_code"),
    _text("source"),
    *_numbers(),
    _text("specific_serial_no"),
    _number("quantity"),
    _number("reserved"),
    _number("nonspecific"),
    sa.Column("is_free", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("available_on", sa.Date),
    sa.Column("posted_on", sa.Date),
    sa.Column("expiration_date", sa.Date, nullable=False, server_default=FAR.isoformat()),
    _flag("is_blocked"),
    sa.CheckConstraint("quantity >= 0", name="quantity"),
    sa.CheckConstraint("reserved >= 0 AND reserved <= quantity", name="over_reserved"),
    sa.CheckConstraint("nonspecific >= 0 AND nonspecific <= reserved", name="nonspecific"),
    sa.CheckConstraint("is_free = (quantity > reserved)", name="free"),
    sa.CheckConstraint(f"serial_no = '' OR quantity <= {SCALE}", name="serial"),
    sa.Index(
        "ux_supply_serial_in_stock",
        "item_no",
        "variant_code",
        "specific_serial_no",
        unique=True,
        **_where("specific_serial_no <> '' AND quantity > 0"),
    ),
    **_ROOM_FOR_TOTALS,
)

_FREE = "is_free AND kind = 'stock'"
_OPEN = "quantity > 0"


def _supply_index(name: str, where: str, *columns: str) -> sa.Index:
    chosen = [supply.c[column] for column in columns]
    return sa.Index(name, *chosen, **_where(where))


_KEY = ("item_no", "variant_code", "location_code")
_supply_index("ix_supply_first_in", _FREE, *_KEY, "posted_on", "supply_no")
_supply_index("ix_supply_first_expired", _FREE, *_KEY, "expiration_date", "posted_on", "supply_no")
_supply_index("ix_supply_open", _OPEN, *_KEY, "kind", "lot_no")
_supply_index("ix_supply_lot", "lot_no <> '' AND quantity > 0", "item_no", "lot_no")
_supply_index("ix_supply_serial", "serial_no <> '' AND quantity > 0", "item_no", "serial_no")
_supply_index("ix_supply_package", "package_no <> '' AND quantity > 0", "item_no", "package_no")
_supply_index("ix_supply_source", "source <> ''", "item_no", "source")

reservation_entry = sa.Table(
    "reservation_entry",
    metadata,
    sa.Column("item_no", sa.Text, primary_key=True),
    sa.Column("line", sa.Text, primary_key=True),
    sa.Column("since", sa.BigInteger, primary_key=True),
    sa.Column("ordinal", sa.Integer, primary_key=True),
    sa.Column("until", sa.BigInteger),
    sa.Column("supply_no", sa.BigInteger, nullable=False),
    _number("quantity"),
    *_numbers(),
    _text("binding"),
    _moment("hold_until", server_default="0"),
    _text("by"),
    sa.CheckConstraint("quantity > 0", name="quantity"),
    sa.CheckConstraint("until IS NULL OR until >= since", name="until"),
    sa.Index(
        "ux_reservation_entry_slot",
        "item_no",
        "supply_no",
        "line",
        "lot_no",
        "serial_no",
        "package_no",
        "binding",
        "hold_until",
        unique=True,
        **_where("until IS NULL"),
    ),
    sa.Index(
        "ix_reservation_entry_hold",
        "item_no",
        "hold_until",
        **_where("until IS NULL AND hold_until > 0"),
    ),
    **_CLUSTERED,
)
"""The primary key finds the entries of a line, the slot those of a supply; there is no index more,
for each is a page to write with every reservation. Triggers stand where foreign keys would."""

appeal = sa.Table(
    "appeal",
    metadata,
    sa.Column("item_no", sa.Text, primary_key=True),
    sa.Column("line", sa.Text, primary_key=True),
    sa.Column("since", sa.BigInteger, primary_key=True),
    sa.Column("until", sa.BigInteger),
    *(_text(name) for name in ("by", "holder", "asked_of", "supply")),
    *_numbers(),
    _number("quantity"),
    *(_text(name) for name in ("note", "answer")),
    sa.CheckConstraint("quantity > 0", name="quantity"),
    sa.Index("ix_appeal_since", "since"),
    sa.Index("ix_appeal_until", "until"),
    sa.Index("ix_appeal_waiting", "asked_of", **_where("until IS NULL")),
)

# -- By their own key --------------------------------------------------------------------------

document = sa.Table(
    "document",
    metadata,
    sa.Column("document_no", sa.Text, primary_key=True),
    _text("kind"),
    _text("customer_no"),
    _text("status"),
    _text("description"),
    sa.Column("last_position", sa.Integer, nullable=False, server_default="0"),
    _flag("is_deleted"),
)

command = sa.Table(
    "command",
    metadata,
    sa.Column("request_id", sa.Text, primary_key=True),
    _moment("moment", index=True),
    _moment("at"),
    _text("by"),
    _text("reason"),
    _text("verb"),
    _text("reference"),
    _text("fingerprint"),
    _text("content"),
    _text("outcome"),
    # Counts up with the transactions of a PostgreSQL server: see events.py. Zero on SQLite, where
    # moments are in the order of commits already.
    sa.Column("transaction_no", sa.BigInteger, nullable=False, server_default="0"),
    sa.Index(
        "ix_command_transaction",
        "transaction_no",
        "moment",
        **_where("transaction_no > 0"),
    ),
    **_CLUSTERED,
)

account, session, api_token = access.account, access.session, access.api_token
webhook, webhook_attempt = access.webhook, access.webhook_attempt

BY_ITEM = (
    spelling,
    item,
    item_gtin,
    stock_key,
    number_record,
    document_line,
    document_line_version,
    tracking_line,
    ledger_entry,
    application,
    supply,
    reservation_entry,
    appeal,
)
REFERENCE = (tracking_code, location, customer)
BY_OWN_KEY = (document, command, account, session, api_token, webhook, webhook_attempt)
