"""Items, lots, serials and packages, as a person reads them and blocks a lot."""

import re

import httpx
from playwright.sync_api import Page, expect

import earmark
from tests.web.browsing import Shot, Windows, violations


def test_the_item_page_shows_the_figures_and_the_shortage(window: Page) -> None:
    window.goto("/items/1040?location=EAST")
    figures = window.locator(".balances dd")
    expect(figures).to_have_text(["324", "108", "60", "156", "420"])
    expect(window.locator("#time-line")).to_have_attribute(
        "aria-label", "From 2026-11-24: supply that may be used 264 PCS, in the end 492; "
        "demand 474, of it reserved 156. 30 short from 2026-12-11 to 2026-12-15. "
        "SO4711/2 needs 240 and can have 180.",
    )  # fmt: skip
    expect(window.locator("#holders tfoot")).to_contain_text("168")
    expect(window.locator("#open tfoot")).to_contain_text("318")
    expect(window.locator("#waste")).to_contain_text("136 PCS will expire unused")
    expect(window.locator("#waste")).to_contain_text("moving SO4698/1 to L2411 saves 40 more")


def test_items_are_filtered_and_opened_by_keyboard_alone(window: Page) -> None:
    window.goto("/items")
    window.keyboard.press("/")
    window.keyboard.type("enteral")
    expect(window.locator("[data-count-of=items]")).to_have_text("1")
    window.keyboard.press("Escape")
    window.locator("#items tr[data-key='1040'] td").first.focus()
    window.keyboard.press("Enter")
    expect(window).to_have_url(re.compile("/items/1040"))


def test_the_drawing_is_a_table_as_well_and_the_address_says_so(window: Page) -> None:
    window.goto("/items/1040?location=EAST")
    window.locator("#time-line").focus()
    window.keyboard.press("t")
    table = window.get_by_role("table", name="Lots and supply on order")
    expect(table.locator("tr", has_text="L2406")).to_contain_text("2026-12-18")
    expect(window.locator("#time-line")).to_be_hidden()
    window.reload()
    expect(table).to_be_visible()
    window.keyboard.press("t")
    expect(window.locator("#time-line")).to_be_visible()


def test_arrows_go_from_day_to_day_and_from_lot_to_lot(window: Page) -> None:
    window.goto("/items/1040?location=EAST")
    window.locator("#time-line").focus()
    for _ in range(4):
        window.keyboard.press("ArrowRight")
    expect(window.locator(".day-said")).to_contain_text("2026-11-27: TO61/1 +36")
    window.keyboard.press("ArrowDown")
    window.keyboard.press("ArrowDown")
    lot = window.locator("a.ribbon:focus")
    expect(lot).to_have_attribute("aria-label", re.compile("^L2411: 120"))
    window.keyboard.press("Enter")
    expect(window.get_by_role("heading", level=1)).to_have_text("L2411")


def test_weeks_are_chosen_and_stand_in_the_address(window: Page) -> None:
    window.goto("/items/1040?location=EAST")
    window.get_by_role("link", name="8 weeks").click()
    expect(window.locator("#time")).to_contain_text("days to 2027-01-19")
    assert "weeks=8" in window.url


def test_a_holder_is_moved_to_goods_that_would_be_wasted(
    window: Page, demo: earmark.Database
) -> None:
    window.goto("/items/1040?location=EAST")
    window.get_by_role("button", name="Move SO4698/1").click()
    trial = window.get_by_role("dialog")
    expect(trial).to_contain_text("Preview, not saved")
    expect(trial.locator("tbody tr")).to_contain_text("L2503")
    expect(trial).to_contain_text("1 moved · 0 lost")
    assert earmark.item_overview(demo, "1040", location_code="EAST").waste.quantity == 136
    window.keyboard.press("Control+Enter")
    expect(window.locator(".said")).to_contain_text("40 of SO4698/1 moved from L2503 to L2411")
    expect(window.locator("#waste")).to_contain_text("96 PCS will expire unused")


def test_open_lines_are_reserved_from_what_would_be_wasted(window: Page) -> None:
    window.goto("/items/1040?location=EAST")
    window.get_by_role("button", name="Reserve 2 lines").click()
    window.get_by_role("dialog").get_by_role("button", name="Reserve").click()
    expect(window.locator("#waste")).to_contain_text("58 PCS will expire unused")


def test_a_lot_is_blocked_while_it_is_reserved_and_what_breaks_is_said(window: Page) -> None:
    window.goto("/items/1040/lots/L2411")
    expect(window.locator("#came")).to_contain_text("PO1183/1")
    expect(window.locator("#holders")).to_contain_text("SO4705/1")
    window.locator("body").press("b")
    window.get_by_label("Blocked").check()
    window.get_by_label("Why, or a note").fill("QN120, seal")
    window.keyboard.press("Control+Enter")
    expect(window.locator(".said")).to_contain_text("1 to repair: SO4705/1 holds 20")
    expect(window.locator("#number-head")).to_contain_text("Blocked")
    expect(window.locator("#happened tbody tr").first).to_contain_text("QN120, seal")


def test_a_serial_number_and_a_package_have_pages(window: Page) -> None:
    window.goto("/items/2230/serials/VP2-0403")
    expect(window.locator("#holders")).to_contain_text("SO4703/1")
    window.goto("/items/2230/packages/PK-00871")
    expect(window.get_by_role("heading", level=1)).to_have_text("PK-00871")


def test_what_does_not_exist_is_said_in_words(address: str) -> None:
    html = {"accept": "text/html"}
    for path in ("/items/9999", "/items/1040/lots/L9"):
        answer = httpx.get(address + path, headers=html)
        assert answer.status_code == 404
        assert "There is no item 9999" in answer.text or "never had Lot L9" in answer.text
    assert httpx.get(f"{address}/items/1040?weeks=3", headers=html).status_code == 422


def test_item_pages_pass_axe_in_light_dark_and_at_200_percent(windows: Windows, shot: Shot) -> None:
    for colors in ("light", "dark"):
        page = windows(colors)
        for name, path in (
            ("items", "/items"),
            ("item", "/items/1040?location=EAST"),
            ("lot", "/items/1040/lots/L2411"),
        ):
            page.goto(path)
            assert violations(page) == []
            shot(page, f"{name}-{colors}")
    page.set_viewport_size({"width": 720, "height": 450})
    page.goto("/items/1040?location=EAST")
    assert page.evaluate("document.documentElement.scrollWidth") <= 720
    shot(page, "item-at-200-percent")


def test_an_item_prints_without_the_shell(window: Page, shot: Shot) -> None:
    window.goto("/items/1040?location=EAST")
    window.emulate_media(media="print")
    expect(window.locator(".top")).to_be_hidden()
    expect(window.locator("#time-line")).to_be_visible()
    expect(window.locator(".printed-head")).to_contain_text("work date 2026-11-24")
    shot(window, "item-printed")
