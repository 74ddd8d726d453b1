"""The frame of every page."""

import httpx
from playwright.sync_api import Page, expect

from tests.web.browsing import Shot, Windows, violations


def test_the_first_order_has_the_focus_and_arrows_choose_another(window: Page, shot: Shot) -> None:
    window.goto("/sales-orders")
    chosen = window.locator("#orders tr[aria-selected=true]")
    expect(chosen).to_have_attribute("data-key", "SO4695")
    window.keyboard.press("ArrowDown")
    expect(chosen).to_have_attribute("data-key", "SO4702")
    expect(window.locator("#keybar")).to_contain_text("open")
    shot(window, "sales-orders")


def test_a_filter_narrows_a_table_and_stands_in_the_address(window: Page) -> None:
    window.goto("/sales-orders")
    window.keyboard.press("/")
    window.keyboard.type("anna")
    expect(window.locator("[data-count-of=orders]")).to_have_text("1")
    assert window.url.endswith("?filter=anna")
    window.reload()
    expect(window.locator("#orders tbody tr:visible")).to_have_count(1)


def test_a_head_sorts_and_the_question_mark_lists_the_keys(window: Page) -> None:
    window.goto("/sales-orders")
    window.get_by_role("button", name="Lines").click()
    window.get_by_role("button", name="Lines").click()
    expect(window.locator("#orders tbody tr").first).to_contain_text("SO4711")
    window.locator("#orders tbody td").first.focus()
    window.keyboard.press("?")
    expect(window.get_by_role("dialog", name="All keys")).to_contain_text("G S Sales Orders")
    window.keyboard.press("Escape")
    expect(window.locator("#orders tbody td").first).to_be_focused()


def test_light_or_dark_is_chosen_in_the_settings(window: Page) -> None:
    window.goto("/sales-orders")
    window.get_by_role("button", name="settings").click()
    window.get_by_label("Light or dark").select_option("dark")
    window.get_by_label("Location").select_option("EAST")
    window.keyboard.press("Control+Enter")
    expect(window.locator("html[data-theme=dark]")).to_be_attached()
    expect(window.locator(".top")).to_contain_text("Location EAST")


def test_pages_pass_axe_in_light_and_dark(windows: Windows, shot: Shot) -> None:
    for colors in ("light", "dark"):
        page = windows(colors)
        page.goto("/sales-orders")
        assert violations(page) == []
        shot(page, f"sales-orders-{colors}")


def test_static_files_are_kept_for_ever_and_pages_run_under_a_strict_policy(address: str) -> None:
    page = httpx.get(f"{address}/sales-orders", headers={"accept": "text/html"})
    assert "script-src 'self'; style-src 'self'" in page.headers["content-security-policy"]
    assert " style=" not in page.text
    assert " onclick=" not in page.text
    sheet = page.text.split('<link rel="stylesheet" href="')[1].split('"')[0]
    assert "immutable" in httpx.get(address + sheet).headers["cache-control"]
    assert httpx.get(f"{address}/static/old/mark.svg").headers["cache-control"] == "no-cache"
    assert httpx.get(f"{address}/static/old/%2e%2e/shell.py").status_code == 404
    assert httpx.get(f"{address}/favicon.ico").status_code == 200
