"""Links lead to what they name."""

import re

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.web.browsing import dialog_named

HTML = {"accept": "text/html"}


@pytest.mark.parametrize(
    ("reference", "path", "chosen"),
    [
        ("SO4711", "/sales-orders/SO4711", "1"),
        ("SO4711/2", "/sales-orders/SO4711", "2"),
        ("MO308/1/2", "/production/MO308", "1/2"),
        ("PO1208/1", "/purchases/PO1208", "1"),
        ("CART88213/1", "/demand/CART88213", "1"),
        ("TO61/1", "/supply/TO61", "1"),
    ],
)
def test_a_reference_leads_to_its_page_with_its_line_chosen(
    address: str, reference: str, path: str, chosen: str
) -> None:
    page = httpx.get(f"{address}/open/{reference}", headers=HTML, follow_redirects=True)
    assert page.url.path == path
    lines = page.text.partition('id="lines"')[2]
    assert re.findall(r'<tr data-key="([^"]*)"[^>]*aria-selected="true"', lines)[0] == chosen


def test_a_ledger_entry_leads_to_its_item_and_what_is_gone_to_its_history(address: str) -> None:
    entry = httpx.get(f"{address}/open/1040%233", headers=HTML)
    assert entry.headers["location"] == "/items/1040"
    gone = httpx.get(f"{address}/open/SO9999/1", headers=HTML, follow_redirects=True)
    assert 'value="SO9999/1"' in gone.text


def test_the_history_of_a_line_is_of_this_line_alone(window: Page) -> None:
    window.goto("/sales-orders/SO4711?line=2")
    window.keyboard.press("h")
    expect(window.get_by_role("searchbox").first).to_have_value("SO4711/2")


def test_a_holder_leads_to_his_own_order(window: Page) -> None:
    window.goto("/lines/SO4711/2/reservation?lot=L2503")
    holder = dialog_named(window, "Reservation").get_by_role("link", name="CART88213/1")
    holder.click()
    expect(window).to_have_url(re.compile("/demand/CART88213"))


@pytest.mark.parametrize("order", ["purchases/PO1208", "supply/TO61", "production/MO309"])
def test_a_menu_offers_nothing_that_no_line_of_its_order_can_do(window: Page, order: str) -> None:
    window.goto(f"/{order}")
    window.locator("#line-menu").click()
    expect(window.get_by_role("menuitem", name="Item Tracking Lines")).to_be_visible()
    for name in ("Item Availability by Lot", "Why not reserved?", "Auto Reserve order"):
        expect(window.locator("[role=menuitem]", has_text=name)).to_have_count(0)


def test_item_availability_by_lot_has_every_lot_with_its_reason(window: Page) -> None:
    window.goto("/sales-orders/SO4711?line=2")
    window.keyboard.press("v")
    lots = dialog_named(window, "Item Availability by Lot")
    expect(lots.get_by_role("row", name="L2417")).to_contain_text("QN118")
    expect(lots.get_by_role("row", name="L2503").first).to_contain_text("40 more if SO4698/1")


def test_the_palette_offers_what_can_be_done_with_a_line_that_is_named(window: Page) -> None:
    window.goto("/today")
    window.keyboard.press("Control+k")
    field = window.get_by_role("combobox", name="Go to or do")
    options = window.get_by_role("listbox").get_by_role("option")
    field.fill("SO4711/2")
    expect(options.filter(has_text="Reserve line 2 of SO4711")).to_be_visible()
    expect(options.filter(has_text="Item Tracking Lines, line 2 of SO4711")).to_be_visible()
    field.fill("tracking SO4711/2")
    expect(options.filter(has_text="Item Tracking Lines, line 2 of SO4711")).to_be_visible()
    expect(options.filter(has_text="Reserve line 2")).to_have_count(0)
    field.fill("SO4711/4")
    expect(options.filter(has_text="Reservation Entries of SO4711/4")).to_be_visible()
    options.filter(has_text="Hold until… for SO4711/4").click()
    dialog_named(window, "Hold until…")
