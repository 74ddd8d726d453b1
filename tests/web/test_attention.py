"""Today, and the palette, as a person starts the day with them."""

from datetime import date

import pytest
from playwright.sync_api import Page, ViewportSize, expect

import earmark
from earmark import ChangeNumber, Numbers
from tests.web.browsing import Shot, Windows, violations


def test_the_day_begins_with_what_needs_a_person(window: Page) -> None:
    window.goto("/")
    expect(window.get_by_role("heading", level=1)).to_have_text("Today, 2026-11-24")
    figures = window.locator(".key-figure .balance-figure")
    expect(figures).to_have_text(["1", "4", "7", "214", "4", "1", "1"])
    expect(window.locator("#alerts tbody tr")).to_contain_text(
        "lot blocked today 09:41, QN119, seal"
    )
    expect(window.locator("#expiring-goods")).to_contain_text("2 lines can take 88")
    expect(window.locator("#appeals")).to_contain_text("Ben asks for 12 of L2503 held by SO4702/1")


@pytest.mark.parametrize("width", [1440, 1280, 1200, 820])
def test_nothing_that_needs_a_person_is_cut_at_the_edge(
    window: Page, shot: Shot, width: int
) -> None:
    window.set_viewport_size(ViewportSize(width=width, height=900))
    window.goto("/today")
    expect(window.locator("#arrivals")).to_contain_text("SO4711/8 waits: 80 promised, 200 free")
    shot(window, f"today-{width}")
    cut = window.locator("main, main .section, main .scroller").evaluate_all(
        "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.className)"
    )
    assert cut == []
    tops = window.locator(".key-figure").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().top)"
    )
    assert len(set(tops)) == (1 if width > 1000 else 2)


def test_a_promise_is_repaired_with_two_keys(window: Page, demo: earmark.Database) -> None:
    window.goto("/today")
    expect(window.locator("#alerts tr[aria-selected=true]")).to_contain_text("SO4706/2")
    window.keyboard.press("Enter")
    trial = window.get_by_role("dialog")
    expect(trial).to_contain_text("F116")
    window.keyboard.press("Control+Enter")
    expect(window.locator(".said")).to_contain_text("20 of SO4706/2 moved from F116 to F121")
    expect(window.locator("#alerts")).to_contain_text("No promise breaks")
    assert earmark.alerts(demo) == ()


def test_a_promise_is_kept_by_shipping_a_day_earlier(window: Page, demo: earmark.Database) -> None:
    expires = ChangeNumber(
        item_no="1040", numbers=Numbers("L2503"), expiration_date=date(2026, 12, 26)
    )
    earmark.change_number(demo, expires)
    window.goto("/today")
    row = window.locator("#alerts tr", has_text="SO4698/1")
    row.get_by_role("button", name="Ship 2026-11-26").click()
    trial = window.get_by_role("dialog", name="Ship SO4698/1 on 2026-11-26")
    expect(trial).to_contain_text("Preview, not saved")
    assert earmark.line(demo, "SO4698/1").date == date(2026, 11, 27)
    window.keyboard.press("Control+Enter")
    expect(window.locator(".said")).to_contain_text("SO4698/1 ships 2026-11-26")
    expect(row).to_have_count(0)
    assert earmark.line(demo, "SO4698/1").date == date(2026, 11, 26)
    assert earmark.line(demo, "SO4698/1").reserved == 40


def test_a_hold_becomes_a_reservation(window: Page, demo: earmark.Database) -> None:
    window.goto("/today")
    window.locator("#ending-holds").get_by_role("button", name="Reserve").click()
    window.get_by_role("dialog").get_by_role("button", name="Reserve").click()
    expect(window.locator("#ending-holds")).to_contain_text("No hold ends today")
    assert [r.hold_until for r in earmark.reservations(demo, "CART88213/1")] == [None]


def test_a_short_line_is_reserved_after_a_preview(window: Page) -> None:
    window.goto("/today")
    row = window.locator("#short-lines tr", has_text="SO4720/1")
    row.get_by_role("button").click()
    expect(window.get_by_role("dialog")).to_contain_text("reserved")
    window.keyboard.press("Control+Enter")
    expect(window.locator("#short-lines")).not_to_contain_text("SO4720/1")


def test_the_palette_offers_what_can_be_done_and_where_one_may_go(window: Page) -> None:
    window.goto("/today")
    window.keyboard.press("Control+k")
    window.keyboard.type("res 4711")
    chosen = window.locator("[role=option][aria-selected=true]")
    expect(chosen).to_contain_text("Reserve line 2 of SO4711")
    expect(window.get_by_role("option", name="Sales order SO4711")).to_be_visible()
    expect(window.get_by_role("option", name="History of SO4711")).to_be_visible()
    window.keyboard.press("Enter")
    expect(window.get_by_role("dialog")).to_contain_text("SO4711")


def test_a_scanned_number_finds_who_holds_it(window: Page) -> None:
    window.goto("/today")
    window.keyboard.press("Control+k")
    window.keyboard.type("VP2-0403")
    expect(window.get_by_role("option", name="Serial VP2-0403")).to_contain_text(
        "2230 · in stock, EAST · held by SO4703/1"
    )
    window.keyboard.press("Enter")
    expect(window.get_by_role("heading", level=1)).to_have_text("VP2-0403")


def test_a_scanner_that_types_faster_than_the_server_answers_still_arrives(window: Page) -> None:
    window.goto("/today")
    window.keyboard.press("Control+k")
    window.get_by_role("combobox").fill("L2411")
    window.keyboard.press("Enter")
    expect(window.get_by_role("heading", level=1)).to_have_text("L2411")


def test_a_letter_right_after_a_page_has_loaded_goes_nowhere(window: Page) -> None:
    window.goto("/today")
    window.keyboard.press("u")
    expect(window.get_by_role("heading", level=1)).to_have_text("Today, 2026-11-24")


def test_the_first_page_and_the_palette_pass_axe_in_light_and_dark(
    windows: Windows, shot: Shot
) -> None:
    for colors in ("light", "dark"):
        page = windows(colors)
        page.goto("/today")
        assert violations(page) == []
        shot(page, f"today-{colors}")
        page.keyboard.press("Control+k")
        page.keyboard.type("4711")
        expect(page.get_by_role("option", name="Sales order SO4711")).to_be_visible()
        assert violations(page) == []
        shot(page, f"palette-{colors}")
