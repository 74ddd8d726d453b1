"""Names that were there before they were folded: entered by the migration, each found as it is."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

import earmark
from earmark import Numbers, StockRow
from earmark.database import opening
from earmark.errors import SerialInStock

BEFORE = "0007"
SERIALS = ["AB12", "ab12", "S 1", "S 1\u00a0"]


@pytest.fixture
def old(postgres_template: str, database_url: str) -> str:
    """A database as it was before there were spellings: two numbers that differ in case alone."""
    assert postgres_template
    database = opening.connect(database_url)
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            connection.execute(sa.text("DROP SCHEMA public CASCADE"))
            connection.execute(sa.text("CREATE SCHEMA public"))
        connection.exec_driver_sql("BEGIN")
        config = Config()
        scripts = Path(opening.__file__).parent / "migrations"
        config.set_main_option("script_location", str(scripts))
        config.attributes["connection"] = connection
        command.upgrade(config, BEFORE)
        for statement in _rows():
            connection.execute(statement)
        connection.exec_driver_sql("COMMIT")
    database.close()
    return database_url


def _rows() -> list[sa.Insert]:
    def insert(name: str, **values: object) -> sa.Insert:
        return sa.insert(sa.table(name, *map(sa.column, values))).values(**values)

    rows = [
        insert("tracking_code", tracking_code="SN", specific="serial"),
        insert("location", location_code="EAST"),
        insert("item", item_no="X", tracking_code="SN", base_unit="PCS", reserve="optional"),
        insert("item", item_no="x", base_unit="PCS", reserve="optional"),
        insert("document", document_no="M", kind="production_order", status="released"),
    ]
    for at, serial_no in enumerate(SERIALS, 1):
        record = {"item_no": "X", "dimension": "serial", "number": serial_no, "since": at}
        rows.append(insert("number_record", **record))
    return rows


def test_what_was_there_is_found_as_it_is_and_nothing_is_merged(old: str) -> None:
    database = opening.connect(old)
    assert opening.upgrade(database) == BEFORE
    database.close()
    database = earmark.open(old)
    for written, known in (("AB12", "AB12"), ("ab12", "ab12"), ("Ab12", "AB12")):
        assert earmark.number_overview(database, "X", Numbers(serial_no=written)).numbers == (
            Numbers(serial_no=known)
        )
    found = earmark.number_overview(database, "X", Numbers(serial_no="S 1~2")).numbers
    assert found == Numbers(serial_no="S 1\u00a0")
    assert earmark.item_overview(database, "x").item.tracking_code == ""
    assert earmark.item_overview(database, "X").item.tracking_code == "SN"
    assert earmark.exists(database, "m")
    row = StockRow(
        item_no="X", location_code="east", quantity=Decimal(1), numbers=Numbers(serial_no="AB12")
    )
    earmark.adjust(database, earmark.Adjust(rows=(row,)))
    with pytest.raises(SerialInStock):
        earmark.adjust(database, earmark.Adjust(rows=(row,)))
    assert not earmark.verify(database)
    database.close()
