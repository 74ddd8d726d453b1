"""The tables themselves promise no part of a serial number, whoever writes to them."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

import earmark
from earmark import DocumentEntry, DocumentKind, EnterDocuments, LineEntry, Reserve
from earmark.errors import EarmarkError
from tests.stories import PLACE, SERIAL, open_shop, row, stock

HALF = """
INSERT INTO reservation_entry (item_no, line, since, ordinal, supply_no, quantity)
SELECT item_no, 'SO1/1', 1, 1, supply_no, 50000 FROM supply WHERE serial_no = 'S1'
"""
PART = "UPDATE supply SET quantity = 50000 WHERE serial_no = 'S1'"
NEW = """
INSERT INTO supply (item_no, supply_no, kind, location_code, serial_no, quantity)
SELECT item_no, 99, kind, location_code, 'S9', 50000 FROM supply WHERE serial_no = 'S1'
"""


@pytest.mark.parametrize("written", [HALF, PART, NEW])
def test_half_a_serial_number_is_refused_by_the_tables(
    database: earmark.Database, written: str
) -> None:
    open_shop(database)
    stock(database, row("S1", 1, SERIAL))
    line = LineEntry(item_no=SERIAL, quantity=Decimal(1), location_code=PLACE)
    order = DocumentEntry(kind=DocumentKind.SALES_ORDER, document_no="SO1", lines=(line,))
    earmark.enter_documents(database, EnterDocuments(documents=(order,)))
    with database.engine.connect() as connection:
        connection.exec_driver_sql("BEGIN")
        with pytest.raises(sa.exc.DBAPIError, match="whole"):
            connection.execute(sa.text(written))
    with pytest.raises(EarmarkError):
        earmark.reserve(database, Reserve(line="SO1/1", quantity=Decimal("0.5")))
    assert earmark.reserve(database, Reserve(line="SO1/1")).reserved == 1
    assert earmark.verify(database) == ()
