"""All that a command could have changed, row by row."""

from typing import Any

import earmark
from earmark.database.channels import Channel
from earmark.database.unit_of_work import reading

TABLES = (
    "item",
    "document",
    "document_line",
    "supply",
    "reservation_entry",
    "tracking_line",
    "ledger_entry",
    "number_record",
    "appeal",
    "command",
)


def rows_of(database: earmark.Database) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of these tables, in one order."""
    with reading(database) as session:
        return {table: _rows(session.channel, table) for table in TABLES}


def _rows(channel: Channel, table: str) -> list[tuple[Any, ...]]:
    asked = channel.ask(f"SELECT * FROM {table}")  # noqa: S608 - one of ours, from above
    return sorted(asked.rows(), key=repr)
