"""What ARCHITECTURE.md works out on paper is what happens, and the places it names exist."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import earmark
from earmark import (
    Adjust,
    Dimension,
    DocumentEntry,
    DocumentKind,
    EnterDocuments,
    Item,
    LineEntry,
    Location,
    Numbers,
    Reserve,
    SetUp,
    StockRow,
    TrackingCode,
    TrackingLine,
)
from tests.docs.pages import ROOT

PAGE = ROOT / "ARCHITECTURE.md"
L1, L2 = Numbers(lot_no="L1"), Numbers(lot_no="L2")
TEN = Decimal(10)


def _document(document_no: str, day: int, quantity: Decimal, lot_no: str = "") -> DocumentEntry:
    is_order_to_buy = document_no.startswith("PO")
    tracking = (TrackingLine(lot_no=lot_no, quantity=quantity),) if lot_no else ()
    line = LineEntry(
        item_no="X",
        quantity=quantity,
        location_code="EAST",
        date=date(2026, 12, day),
        numbers=tracking,
    )
    kind = DocumentKind.PURCHASE_ORDER if is_order_to_buy else DocumentKind.SALES_ORDER
    return DocumentEntry(kind=kind, document_no=document_no, lines=(line,))


def _two_lots_and_a_purchase() -> earmark.Database:
    """Hard case 1, before SO1 asks."""
    database = earmark.open("sqlite:///:memory:", lambda: datetime(2026, 11, 24, tzinfo=UTC))
    code = TrackingCode("LOT", specific=frozenset({Dimension.LOT}))
    items, places = (Item(item_no="X", tracking_code="LOT"),), (Location(location_code="EAST"),)
    earmark.set_up(database, SetUp(tracking_codes=(code,), items=items, locations=places))
    rows = (
        StockRow(item_no="X", location_code="EAST", quantity=TEN, numbers=lot) for lot in (L1, L2)
    )
    earmark.adjust(database, Adjust(rows=tuple(rows)))
    documents = (
        _document("SO2", 1, TEN),
        _document("SO3", 10, TEN),
        _document("PO1", 5, TEN),
        _document("SO1", 1, Decimal(7), "L1"),
        _document("SO4", 1, Decimal(7)),
    )
    earmark.enter_documents(database, EnterDocuments(documents=documents))
    for line in ("SO2/1", "SO3/1"):
        earmark.reserve(database, Reserve(line=line))
    return database


def _held(database: earmark.Database, line: str) -> dict[str, Decimal]:
    return {entry.supply: entry.quantity for entry in earmark.reservations(database, line)}


def test_hard_case_1_two_hops_across_stock_and_purchase() -> None:
    database = _two_lots_and_a_purchase()
    assert _held(database, "SO2/1") == {"X#1": TEN}
    assert _held(database, "SO3/1") == {"X#2": TEN}
    outcome = earmark.reserve(database, Reserve(line="SO1/1", numbers=L1))
    assert outcome.reserved == 7
    assert set(outcome.moved) == {"SO2/1", "SO3/1"}
    assert _held(database, "SO1/1") == {"X#1": 7}
    assert _held(database, "SO2/1") == {"X#1": 3, "X#2": 7}
    assert _held(database, "SO3/1") == {"X#2": 3, "PO1/1": 7}
    database.close()


def test_who_takes_any_lot_pushes_nobody_to_order() -> None:
    database = _two_lots_and_a_purchase()
    outcome = earmark.reserve(database, Reserve(line="SO4/1"))
    assert outcome.reserved == 0
    assert outcome.shortfall == 7
    assert not outcome.moves
    database.close()


def test_the_files_and_functions_that_the_page_names_exist() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for name in re.findall(r"`(?:(?:core|cli|database|usecases)/)?(\w+\.py)[`:]", text):
        assert list((ROOT / "src").rglob(name)), name
    for place, name in re.findall(r"`([\w/]+\.py): (\w+)", text):
        source = (ROOT / "src" / "earmark" / place).read_text(encoding="utf-8")
        assert re.search(rf"(def|class) {name}\b", source), f"{place}: {name}"
