"""`verify` finds what is wrong: every invariant is broken by hand, past the guards, and found."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

import earmark
from earmark import (
    Choice,
    DocumentEntry,
    DocumentKind,
    EnterDocuments,
    LineEntry,
    Reserve,
)
from tests import stories
from tests.stories import PLACE, SERIAL, lots


@pytest.fixture
def shop() -> Iterator[earmark.Database]:
    """Stock, demand and supply with reservations, without triggers and constraints."""
    database = earmark.open("sqlite:///:memory:")
    stories.open_shop(database)
    stories.stock(database, stories.row("A", 10), stories.row("B", 5), stories.row("S1", 1, SERIAL))
    named = LineEntry(item_no="X", quantity=Decimal(3), location_code=PLACE, numbers=lots({"A": 3}))
    coming = LineEntry(item_no="X", quantity=Decimal(4), location_code=PLACE, date=date(2026, 1, 1))
    documents = (
        DocumentEntry(kind=DocumentKind.SALES_ORDER, document_no="SO1", lines=(named,)),
        DocumentEntry(kind=DocumentKind.PURCHASE_ORDER, document_no="PO1", lines=(coming,)),
    )
    earmark.enter_documents(database, EnterDocuments(documents=documents))
    earmark.reserve(database, Reserve(line="SO1/1", numbers=Choice.ALL))
    assert earmark.verify(database) == ()
    with database.transaction(writes=True) as session:
        asked = session.channel.ask("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in asked.rows():
            session.channel.tell(f"DROP TRIGGER {name}")
    connection = database.engine.raw_connection()
    connection.cursor().execute("PRAGMA ignore_check_constraints = ON")
    connection.cursor().execute("PRAGMA foreign_keys = OFF")
    connection.close()
    yield database
    database.close()


@pytest.mark.parametrize(
    ("check", "damage"),
    [
        ("over-reserved supply", "UPDATE supply SET quantity = 100000 WHERE lot_no = 'A'"),
        ("supply total", "UPDATE supply SET reserved = 0 WHERE lot_no = 'A'"),
        ("supply total", "UPDATE supply SET nonspecific = 100000 WHERE lot_no = 'A'"),
        ("serial", "UPDATE supply SET quantity = 200000 WHERE serial_no = 'S1'"),
        ("serial", "UPDATE supply SET quantity = 50000 WHERE serial_no = 'S1'"),
        ("serial", "UPDATE supply SET reserved = 50000, serial_no = 'S2' WHERE lot_no = 'A'"),
        ("over-reserved line", "UPDATE document_line SET quantity = 100000 WHERE line = 'SO1/1'"),
        ("line total", "UPDATE document_line SET reserved = 0 WHERE line = 'SO1/1'"),
        ("supply", "UPDATE reservation_entry SET supply_no = 99"),
        ("line", "UPDATE reservation_entry SET line = 'NO/1'"),
        ("ledger", "UPDATE supply SET quantity = 400000 WHERE lot_no = 'B'"),
        ("supply line", "UPDATE supply SET quantity = 300000 WHERE source = 'PO1/1'"),
        ("supply line", "UPDATE supply SET source = 'PO2/1' WHERE source = 'PO1/1'"),
        ("stock key", "UPDATE supply SET location_code = 'WEST' WHERE lot_no = 'A'"),
        ("specific", "UPDATE supply SET lot_no = 'Z' WHERE lot_no = 'A'"),
        ("specific", "DELETE FROM tracking_line"),
        ("ledger", "UPDATE ledger_entry SET location_code = 'WEST' WHERE lot_no = 'B'"),
        ("serial", "UPDATE supply SET serial_no = 'S9', quantity = 250000 WHERE lot_no = 'B'"),
        ("supply line", "UPDATE supply SET location_code = 'WEST' WHERE source = 'PO1/1'"),
        ("supply line", "UPDATE supply SET variant_code = 'RED' WHERE source = 'PO1/1'"),
        ("figures", "UPDATE supply SET reserved = 0 WHERE lot_no = 'A'"),
        ("history", "UPDATE reservation_entry SET quantity = 1100000"),
        ("history", "UPDATE document_line_version SET quantity = 100000 WHERE line = 'SO1/1'"),
    ],
)
def test_what_is_broken_by_hand_is_found(shop: earmark.Database, check: str, damage: str) -> None:
    with shop.transaction(writes=True) as session:
        assert session.channel.ask(damage).count() > 0
    findings = earmark.verify(shop)
    assert check in {finding.check for finding in findings}
    assert all(finding.record and finding.message for finding in findings)
