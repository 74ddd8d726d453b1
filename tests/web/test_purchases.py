"""Purchases and production: entered, received under lots with dates, reserved from their side."""

from playwright.sync_api import Page, expect

import earmark
from earmark import Reserve
from tests.web.browsing import Shot, Windows, violations

PASTED = "N1\t10\t2027-10-31\nN2\t20\t2027-11-30"


def test_a_purchase_is_entered_tracked_and_received(
    window: Page, demo: earmark.Database, shot: Shot
) -> None:
    window.goto("/purchases")
    window.get_by_role("button", name="New order").click()
    window.get_by_label("No.", exact=True).fill("PO9001")
    window.get_by_label("Description").fill("Nordmilk")
    window.keyboard.press("Control+Enter")
    expect(window.get_by_role("heading", name="PO9001")).to_be_visible()
    window.get_by_role("button", name="New line").first.click()
    window.get_by_label("Item No.").fill("1040")
    window.get_by_label("Quantity").fill("30")
    window.get_by_label("Over-receipt %").fill("2.5")
    window.keyboard.press("Control+Enter")
    line = window.locator("#lines tr[data-key='1']")
    expect(line).to_contain_text("30")
    line.locator("td").first.focus()
    window.keyboard.press("t")
    field = window.get_by_role("textbox", name="Add many")
    field.fill(PASTED)
    expect(window.locator("#read-as")).to_contain_text("2")
    field.press("Enter")
    expect(window.locator("#tracked-quantity")).to_have_text("30")
    shot(window, "purchase-tracking")
    window.keyboard.press("Control+Enter")
    expect(line).to_contain_text("N1 10, N2 20")
    window.keyboard.press("F9")
    window.get_by_role("button", name="Post receipt").click()
    expect(line).to_contain_text("0")
    expect(window.get_by_role("dialog")).to_have_count(0)
    assert f"{earmark.line(demo, 'PO9001/1').over_receipt_percentage}" == "2.5"
    stock = earmark.inventory(demo, item_no="1040", numbers=earmark.Numbers(lot_no="N2"))
    assert [(f"{row.quantity:f}", f"{row.expiration_date}") for row in stock] == [
        ("20", "2027-11-30")
    ]


def test_a_purchase_line_is_reserved_for_a_sales_line_from_its_own_side(
    window: Page, demo: earmark.Database, shot: Shot
) -> None:
    window.goto("/purchases/PO1208")
    window.get_by_role("button", name="Functions").click()
    window.get_by_role("menuitem", name="Reserve", exact=False).first.click()
    row = window.locator("#reservation-demands tr[data-key='SO4716/1']")
    row.get_by_role("button", name="Reserve from Current Line").click()
    expect(row.get_by_role("button", name="Cancel Reservation from Current Line")).to_be_visible()
    shot(window, "reservation-from-supply")
    held = earmark.reservations(demo, "SO4716/1")
    assert [(entry.supply, f"{entry.quantity:f}") for entry in held] == [("PO1208/1", "30")]


def test_a_finished_production_order_says_first_what_it_releases(
    window: Page, demo: earmark.Database
) -> None:
    window.goto("/production/MO309")
    window.get_by_role("button", name="Status…").click()
    window.get_by_role("button", name="Finished").click()
    expect(window.get_by_role("dialog")).to_contain_text("SO4711/5")
    window.get_by_role("button", name="Change status").click()
    expect(window.locator("#order-head")).to_contain_text("Finished")
    assert earmark.document(demo, "MO309").status == "finished"


def test_a_component_has_all_that_a_sales_line_has(window: Page, demo: earmark.Database) -> None:
    earmark.cancel(demo, earmark.Cancel(line="MO308/1/2"))
    window.goto("/production/MO308?line=1/2")
    row = window.locator("#lines tr[data-key='1/2']")
    row.locator("td").first.focus()
    window.keyboard.press("r")
    expect(
        window.get_by_text("Do you want to reserve specific item tracking numbers?")
    ).to_be_visible()
    window.keyboard.press("y")
    expect(window.get_by_role("heading", name="Item Tracking List")).to_be_visible()
    window.get_by_role("button", name="OK").click()
    window.get_by_role("dialog").get_by_role("button", name="Auto Reserve").click()
    expect(row).to_contain_text("Full")
    assert earmark.line(demo, "MO308/1/2").reserved_specific == 15


def test_what_others_reserve_of_a_purchase_is_seen_at_once(
    window: Page, demo: earmark.Database
) -> None:
    window.goto("/purchases/PO1208")
    expect(window.locator("#live-mark")).to_contain_text("Live")
    earmark.reserve(demo, Reserve(line="SO4718/3", supply="PO1208/1", by="Ben"))
    expect(window.locator("#lines tr[data-key='1']")).to_contain_text("108")


def test_documents_of_every_sort_pass_axe(windows: Windows, shot: Shot) -> None:
    for colors in ("light", "dark"):
        page = windows(colors)
        for path in ("purchases", "purchases/PO1208", "production/MO308", "lines/MO309/1/reserve"):
            page.goto(f"/{path}")
            assert violations(page) == []
            shot(page, f"{path.replace('/', '-')}-{colors}")
