"""*Reservation Entries*: each row is changed and cancelled by itself, from either side."""

from decimal import Decimal

from playwright.sync_api import Locator, Page, expect

import earmark
from earmark import (
    Choice,
    DocumentEntry,
    DocumentKind,
    EnterDocuments,
    LineEntry,
    Numbers,
    Reserve,
    SupplyTake,
    Take,
    TrackingLine,
)
from tests.web.browsing import dialog_named, violations


def entries_of(window: Page, address: str) -> Locator:
    """The dialog of the chosen line."""
    window.goto(address)
    window.keyboard.press("e")
    return dialog_named(window, "Reservation Entries")


def both_ways(demo: earmark.Database) -> None:
    """A line that holds five of lot L2406 because it names them, and seven that are any."""
    numbers = (TrackingLine(lot_no="L2406", quantity=Decimal(5)),)
    line = LineEntry(item_no="1040", quantity=Decimal(12), location_code="EAST", numbers=numbers)
    order = DocumentEntry(kind=DocumentKind.SALES_ORDER, document_no="SO5000", lines=(line,))
    earmark.enter_documents(demo, EnterDocuments(documents=(order,)))
    earmark.reserve(demo, Reserve(line="SO5000/1", numbers=Choice.ALL))
    earmark.reserve(demo, Reserve(line="SO5000/1", supply="1040#3"))


def test_the_row_that_names_no_number_is_changed_and_cancelled_alone(
    window: Page, demo: earmark.Database
) -> None:
    both_ways(demo)
    entries = entries_of(window, "/sales-orders/SO5000")
    loose = entries.get_by_role("row", name="Nonspecific")
    loose.locator("td[data-edit]").dblclick()
    window.keyboard.type("3")
    window.keyboard.press("Enter")
    expect(window.locator(".said")).to_contain_text("4 released")
    expect(loose.locator("td[data-edit]")).to_have_text("3")
    loose.get_by_role("button", name="Cancel Reservation").click()
    preview = dialog_named(window, "Cancel Reservation from Current Line?")
    expect(preview).to_contain_text("3 from 1040#3 will be free")
    window.keyboard.press("Control+Enter")
    expect(loose).to_have_count(0)
    (left,) = earmark.reservations(demo, "SO5000/1")
    assert left.is_specific
    assert left.quantity == 5


def test_what_a_purchase_line_is_promised_to_is_changed_and_cancelled_from_its_side(
    window: Page, demo: earmark.Database
) -> None:
    for line, quantity in (("SO4718/3", 12), ("SO4716/1", 10)):
        taken = SupplyTake(
            supply="PO1208/1",
            quantity=Decimal(quantity),
            numbers=Numbers("L2521"),
            is_specific=True,
        )
        earmark.take(demo, Take(line=line, takes=(taken,)))
    entries = entries_of(window, "/purchases/PO1208")
    assert violations(window) == []
    row = entries.get_by_role("row", name="SO4718/3")
    row.locator("td[data-edit]").dblclick()
    window.keyboard.type("5")
    window.keyboard.press("Enter")
    expect(window.locator(".said")).to_contain_text("7 released")
    assert earmark.line(demo, "SO4718/3").reserved == 5
    row.get_by_role("button", name="Cancel Reservation").click()
    preview = dialog_named(window, "Cancel Reservation from Current Line?")
    expect(preview).to_contain_text("5 for SO4718/3 will be free")
    window.keyboard.press("Control+Enter")
    expect(row).to_have_count(0)
    assert earmark.line(demo, "SO4718/3").reserved == 0
    assert earmark.line(demo, "SO4716/1").reserved == 10


def test_what_was_made_for_somebody_is_not_given_up_from_its_own_side(window: Page) -> None:
    entries = entries_of(window, "/purchases/PO1208")
    entries.get_by_role("button", name="Cancel Reservation").click()
    refused = dialog_named(window, "Cancel Reservation from Current Line?").get_by_role("alert")
    expect(refused).to_contain_text("PO1208/1 was made for line SO4709/1")
