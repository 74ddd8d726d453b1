"""The history of one line or document: everything that touched it, and nothing else."""

import earmark
from earmark import DocumentKind, Reserve
from tests import stories


def verbs(shop: earmark.Database, ref: str) -> list[str]:
    """What was done, newest first."""
    return [row.verb for row in earmark.history(shop, ref)]


def test_a_document_whose_number_looks_like_a_pattern_has_a_history_of_its_own(
    database: earmark.Database,
) -> None:
    stories.open_shop(database)
    stories.stock(database, stories.row("A", 10))
    stories.sales(database, S_1=1)
    stories.sales(database, SX1=1)
    earmark.reserve(database, Reserve(line="SX1/1"))
    assert verbs(database, "S_1") == ["enter"]
    assert verbs(database, "S_1/1") == ["enter"]
    assert verbs(database, "SX1") == ["reserve", "enter"]


def test_a_line_of_supply_tells_who_reserved_of_it(database: earmark.Database) -> None:
    stories.open_shop(database)
    stories.orders(database, DocumentKind.PURCHASE_ORDER, [("PO", stories.line(5))])
    stories.sales(database, SO=3)
    earmark.reserve(database, Reserve(line="SO/1"))
    earmark.cancel(database, earmark.Cancel(line="SO/1"))
    assert verbs(database, "PO/1") == ["cancel", "reserve", "enter"]
    assert verbs(database, "PO") == verbs(database, "PO/1")
    assert verbs(database, "P") == []


def test_a_document_has_the_history_of_all_its_lines(database: earmark.Database) -> None:
    stories.open_shop(database)
    stories.stock(database, stories.row("A", 10))
    entry = earmark.DocumentEntry(
        kind=DocumentKind.SALES_ORDER, document_no="SO", lines=(stories.line(1), stories.line(2))
    )
    earmark.enter_documents(database, earmark.EnterDocuments(documents=(entry,)))
    for line in ("SO/1", "SO/2"):
        earmark.reserve(database, Reserve(line=line))
    earmark.delete(database, earmark.Delete(reference="SO/2"))
    assert verbs(database, "SO") == ["delete", "reserve", "reserve", "enter"]
    assert verbs(database, "SO/1") == ["reserve", "enter"]
    assert verbs(database, "SO/2") == ["delete", "reserve", "enter"]
