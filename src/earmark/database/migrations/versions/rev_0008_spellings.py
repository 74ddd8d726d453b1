"""Names are known by one spelling: what is there is entered in the order in which it came.

Two names that differ only in their letters' case stay two: the second is found by what it is
exactly. One that differs only in blanks that nobody sees is found under its number and ``~2``.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import sqlalchemy as sa
from alembic import op

from earmark.core.spelling import cleaned, folded
from earmark.errors import ValueInvalid

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_RECORDS = {
    "item": "item_no",
    "location": "location_code",
    "customer": "customer_no",
    "tracking_code": "tracking_code",
    "document": "document_no",
}
_Key = tuple[str, str, str]


def upgrade() -> None:
    """Create the table, and enter every name that is there."""
    op.create_table(
        "spelling",
        sa.Column("item_no", sa.Text(), nullable=False),
        sa.Column("sort", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("item_no", "sort", "key", name=op.f("pk_spelling")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_spelling_key", "spelling", ["key"])
    op.add_column(
        "tracking_code",
        sa.Column("case_matters", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    known: dict[_Key, str] = {}
    for item_no, sort, name in _names():
        known.setdefault(_key(known, item_no, sort, name), name)
    for line, document_no, line_no in _rows(
        "SELECT line, document_no, line_no FROM document_line WHERE component > 0"
    ):
        known["", "line", f"={line}"] = f'"{document_no}"/{line_no}'
    rows = [
        {"item_no": key[0], "sort": key[1], "key": key[2], "name": name}
        for key, name in known.items()
    ]
    table = sa.table("spelling", *(sa.column(c) for c in ("item_no", "sort", "key", "name")))
    for first in range(0, len(rows), 10_000):
        op.get_bind().execute(sa.insert(table), rows[first : first + 10_000])


def _key(known: dict[_Key, str], item_no: str, sort: str, name: str) -> _Key:
    """By which a name will be found: whatever the case, where no other is found so already."""
    clean = name
    with suppress(ValueInvalid):
        clean = cleaned(name)
    key = (item_no, sort, f"~{folded(clean)}")
    if known.get(key, name) == name:
        return key
    if clean != name and known[key] == clean:
        return item_no, sort, f"~{folded(clean)}~2"
    return item_no, sort, f"={name}"


def _names() -> Iterator[tuple[str, str, str]]:
    """Every name: the records, then the numbers of items, those in stock first."""
    for sort, column in _RECORDS.items():
        for (name,) in _rows(f"SELECT {column} FROM {sort} ORDER BY {column}"):
            yield "", sort, name
    yield from _rows("SELECT item_no, dimension, number FROM number_record ORDER BY since")
    for dimension in ("lot", "serial", "package"):
        column = f"{dimension}_no"
        rows = _rows(
            f"SELECT item_no, {column} FROM tracking_line WHERE {column} <> '' ORDER BY since"
        )
        yield from ((item_no, dimension, number) for item_no, number in rows)


def _rows(statement: str) -> list[Any]:
    return [tuple(row) for row in op.get_bind().execute(sa.text(statement))]
