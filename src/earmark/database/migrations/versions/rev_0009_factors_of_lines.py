"""A line keeps how many base units its unit held when it was entered."""

from __future__ import annotations

import json
from collections.abc import Iterable
from fractions import Fraction

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_TABLES = ("document_line", "document_line_version")


def upgrade() -> None:
    """Add the column; lines in another unit than the base unit get the factor they came by."""
    for table in _TABLES:
        column = sa.Column("quantity_per_unit", sa.Text(), server_default="1", nullable=False)
        op.add_column(table, column)
    connection = op.get_bind()
    items = connection.execute(sa.text("SELECT item_no, base_unit, units FROM item"))
    units = {item_no: (base, json.loads(kept or "{}")) for item_no, base, kept in items}
    for table in _TABLES:
        _fill(connection, table, units)


def _fill(
    connection: sa.Connection, table: str, units: dict[str, tuple[str, dict[str, str]]]
) -> None:
    found = connection.execute(
        sa.text(
            "SELECT DISTINCT l.item_no, l.unit, l.quantity, l.quantity_in_unit"
            f" FROM {table} l JOIN item i ON i.item_no = l.item_no"
            " WHERE l.unit NOT IN ('', i.base_unit) OR l.quantity <> l.quantity_in_unit"
        )
    )
    update = sa.text(
        f"UPDATE {table} SET quantity_per_unit = :factor WHERE item_no = :item_no"
        " AND unit = :unit AND quantity = :quantity AND quantity_in_unit = :quantity_in_unit"
    )
    rows = list(_filled([(r[0], r[1], r[2], r[3]) for r in found], units))
    if rows:
        connection.execute(update, rows)


def _filled(
    found: Iterable[tuple[str, str, int, int]],
    units: dict[str, tuple[str, dict[str, str]]],
) -> Iterable[dict[str, object]]:
    for item_no, unit, quantity, quantity_in_unit in found:
        given = units[item_no][1].get(unit)
        yield {
            "item_no": item_no,
            "unit": unit,
            "quantity": quantity,
            "quantity_in_unit": quantity_in_unit,
            "factor": str(_factor(given, quantity, quantity_in_unit)),
        }


def _factor(given: str | None, quantity: int, quantity_in_unit: int) -> Fraction:
    """The item's factor, where the line's quantity came of it; else what its quantities say."""
    if given is not None and abs(Fraction(given) * quantity_in_unit - quantity) <= 1:
        return Fraction(given)
    if quantity > 0 and quantity_in_unit > 0:
        return Fraction(quantity, quantity_in_unit)
    return Fraction(1)
