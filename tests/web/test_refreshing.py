"""What others change is drawn in place; what was refused, and how the page is set up, stays."""

from __future__ import annotations

import re
from decimal import Decimal

from playwright.sync_api import Locator, Page, Route, expect

import earmark
from earmark import (
    Cancel,
    Change,
    ChangeNumber,
    Choice,
    Delete,
    EditLine,
    Numbers,
    SelectEntries,
    SupplyTake,
    Take,
)
from tests.web.browsing import dialog_named

WINDOW = "/lines/SO4711/2/reservation?lot=L2503"
SPLIT = "/sales-orders/SO4711/split?line=2"
WHY = "/lines/SO4711/2/why"
SPLIT_LINE = f"{WHY}?way=split%3A2026-12-15%3A60"


def opened(window: Page, address: str) -> None:
    """The page, once it hears what others do."""
    window.goto(address)
    expect(window.locator("#live-mark")).to_have_attribute("data-state", "on")


def held_back(window: Page, address: str, method: str = "POST") -> list[Route]:
    """Requests to this address wait here until the test lets them go on."""
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == method:
            waiting.append(route)
        else:
            route.continue_()

    window.route(address, hold)
    return waiting


def block(demo: earmark.Database, *, is_blocked: bool) -> None:
    """Eva blocks lot L2503, or releases it."""
    lot = Numbers("L2503")
    change = ChangeNumber(item_no="1040", numbers=lot, is_blocked=is_blocked, by="Eva")
    earmark.change_number(demo, change)


def take_of_po1208(demo: earmark.Database, quantity: int) -> None:
    """Ben takes of what the split screen and Why count with."""
    taken = SupplyTake(
        supply="PO1208/1", quantity=Decimal(quantity), numbers=Numbers("L2521"), is_specific=True
    )
    earmark.take(demo, Take(line="SO4718/3", takes=(taken,), by="Ben"))


def of_po1208(window: Page) -> Locator:
    """What the split screen shows to be available of it."""
    return window.locator('#supply tr.main[data-name="PO1208/1 L2521"] td.available')


def test_a_refusal_in_the_reservation_window_outlives_what_others_do(
    window: Page, demo: earmark.Database
) -> None:
    block(demo, is_blocked=True)
    opened(window, WINDOW)
    reservation = dialog_named(window, "Reservation")
    reservation.get_by_text("Reserve from Current Line").first.click()
    refused = reservation.get_by_role("alert")
    expect(refused).to_contain_text("Lot L2503 of item 1040 is blocked")
    block(demo, is_blocked=False)
    expect(window.locator("#live-mark")).to_contain_text("by Eva")
    expect(reservation).to_contain_text("Auto Reserve takes 96")
    assert refused.count() == 1
    reservation.get_by_role("button", name="Auto Reserve").click()
    expect(window.locator(".said")).to_contain_text("96 reserved")
    assert refused.count() == 0


def test_a_refusal_shows_though_the_window_was_drawn_again_while_it_was_on_its_way(
    window: Page, demo: earmark.Database
) -> None:
    opened(window, WINDOW)
    reservation = dialog_named(window, "Reservation")
    waiting = held_back(window, "**/auto-reserve")
    reservation.get_by_text("Reserve from Current Line").first.click()
    block(demo, is_blocked=True)
    expect(reservation).to_contain_text("Auto Reserve takes 0")
    waiting[0].continue_()
    expect(reservation.get_by_role("alert")).to_contain_text("is blocked")


def test_a_refusal_that_comes_after_its_window_was_closed_is_said_at_the_foot(
    window: Page, demo: earmark.Database
) -> None:
    opened(window, "/sales-orders/SO4711?line=2")
    window.keyboard.press("r")
    dialog_named(window, "Do you want to reserve specific item tracking numbers?")
    window.keyboard.press("n")
    reservation = dialog_named(window, "Reservation")
    waiting = held_back(window, "**/auto-reserve")
    reservation.get_by_role("button", name="Auto Reserve").click()
    window.keyboard.press("Escape")
    expect(reservation).to_have_count(0)
    earmark.delete(demo, Delete(reference="SO4711/2", by="Ben"))
    waiting[0].continue_()
    refused = window.get_by_role("alert")
    expect(refused).to_contain_text("SO4711/2")
    refused.get_by_role("button", name="Close").click()
    assert refused.count() == 0


def test_a_refusal_for_a_row_that_has_gone_meanwhile_stands_in_its_window(
    window: Page, demo: earmark.Database
) -> None:
    opened(window, "/purchases/PO1208")
    window.get_by_role("button", name="Functions").click()
    window.get_by_role("menuitem", name="Reserve", exact=False).first.click()
    reservation = dialog_named(window, "Reservation")
    row = window.locator("#reservation-demands tr[data-key='SO4716/1']")
    waiting = held_back(window, "**/auto-reserve")
    row.get_by_role("button", name="Reserve from Current Line").click()
    earmark.delete(demo, Delete(reference="SO4716/1", by="Ben"))
    expect(row).to_have_count(0)
    waiting[0].continue_()
    expect(reservation.get_by_role("alert")).to_contain_text("SO4716/1")


def test_a_refused_change_of_an_entry_outlives_what_others_do(
    window: Page, demo: earmark.Database
) -> None:
    opened(window, "/sales-orders/SO4711?line=4")
    window.keyboard.press("e")
    entries = dialog_named(window, "Reservation Entries")
    window.keyboard.type("900")
    window.keyboard.press("Enter")
    refused = entries.get_by_role("alert")
    expect(refused).to_contain_text("900")
    (entry,) = earmark.reservations(demo, "SO4711/4")
    less = Change(
        line="SO4711/4", supply=entry.supply, numbers=Choice.ANY, quantity=Decimal(250), by="Ben"
    )
    earmark.change(demo, less)
    expect(entries.locator("td[data-edit]")).to_have_text("250")
    assert refused.count() == 1
    window.keyboard.type("120")
    window.keyboard.press("Enter")
    expect(window.locator(".said")).to_contain_text("130 released")
    assert refused.count() == 0


def test_a_refusal_on_the_split_screen_stays_until_something_else_is_typed(
    window: Page, demo: earmark.Database
) -> None:
    opened(window, SPLIT)
    of_po1208(window).locator("xpath=following-sibling::td[contains(@class,'take')]").dblclick()
    window.keyboard.type("84")
    window.keyboard.press("Enter")
    waiting = held_back(window, "**/take")
    window.get_by_role("button", name="Reserve 84").click()
    take_of_po1208(demo, 12)
    expect(of_po1208(window)).to_contain_text("72")
    waiting[0].continue_()
    refused = window.get_by_role("alert")
    expect(refused).to_contain_text("Nothing was reserved")
    earmark.cancel(demo, Cancel(line="SO4718/3", by="Ben"))
    expect(of_po1208(window)).to_have_text("84")
    assert refused.count() == 1
    of_po1208(window).locator("xpath=..").get_by_role("button", name="specific").click()
    expect(refused).to_have_count(0)


def test_a_refusal_on_why_shows_though_its_button_has_gone_meanwhile(
    window: Page, demo: earmark.Database
) -> None:
    opened(window, SPLIT_LINE)
    waiting = held_back(window, "**/lines/SO4711/2/why")
    window.get_by_role("button", name="Split and reserve 240").click()
    take_of_po1208(demo, 12)
    expect(window.locator("#take-way")).to_have_count(0)
    waiting[0].continue_()
    refused = window.get_by_role("alert")
    expect(refused).to_contain_text("is no way out for SO4711/2")
    earmark.cancel(demo, Cancel(line="SO4718/3", by="Ben"))
    expect(window.get_by_role("button", name="Split and reserve 240")).to_be_visible()
    assert refused.count() == 1
    window.locator("#counted").get_by_role("link", name="Ship earlier").click()
    expect(refused).to_have_count(0)


def test_a_refusal_on_why_stays_where_its_button_was_though_that_goes(
    window: Page, demo: earmark.Database
) -> None:
    opened(window, SPLIT_LINE)
    waiting = held_back(window, "**/lines/SO4711/2/why")
    window.get_by_role("button", name="Split and reserve 240").click()
    waiting[0].abort()
    refused = window.locator("#preview").get_by_role("alert")
    expect(refused).to_contain_text("The server does not answer")
    take_of_po1208(demo, 12)
    expect(window.locator("#take-way")).to_have_count(0)
    assert refused.count() == 1


def test_what_is_on_its_way_is_sent_once_though_the_page_is_drawn_again(
    window: Page, demo: earmark.Database
) -> None:
    opened(window, WHY)
    waiting = held_back(window, "**/lines/SO4711/2/why")
    button = window.locator("#reserve-only button")
    button.click()
    earmark.edit_line(demo, EditLine(line="SO4711/2", quantity=Decimal(200), by="Ben"))
    expect(window.get_by_role("heading", level=1)).to_contain_text("20 of 200 PCS")
    button.click()
    assert len(waiting) == 1
    once = waiting[0].request
    waiting[0].abort()
    expect(window.get_by_role("alert")).to_contain_text("The server does not answer")
    earmark.edit_line(demo, EditLine(line="SO4711/2", quantity=Decimal(210), by="Ben"))
    expect(window.get_by_role("heading", level=1)).to_contain_text("30 of 210 PCS")
    with window.expect_request(lambda request: request.method == "POST") as again:
        button.click()
    first, second = (sent.header_value("idempotency-key") for sent in (once, again.value))
    assert first == second


def test_a_refused_save_of_item_tracking_lines_outlives_what_others_do(
    window: Page, demo: earmark.Database
) -> None:
    opened(window, "/sales-orders/SO4711?line=1")
    window.keyboard.press("t")
    tracking = dialog_named(window, "Item Tracking Lines")
    tracking.get_by_role("textbox", name="Add many").fill("VP2-0431..VP2-0436")
    tracking.get_by_role("button", name="Add all 5, exceed by 2").click()
    tracking.get_by_role("button", name="Save", exact=True).click()
    refused = tracking.get_by_role("alert")
    expect(refused).to_contain_text("add up to 14; the line has 12")
    window.route("**/lines/SO4711/1/numbers", lambda route: route.abort())
    with window.expect_event("requestfailed"):
        earmark.select_entries(demo, SelectEntries(line="SO4711/1", by="Ben"))
    expect(window.locator("#lines tr[data-key='1'] td.changed").first).to_be_attached()
    expect(refused).to_contain_text("add up to 14; the line has 12")
    window.keyboard.press("Control+z")
    expect(refused).to_have_text("")


def test_a_refused_change_of_a_line_stays_at_the_foot_until_the_next(
    window: Page, demo: earmark.Database
) -> None:
    opened(window, "/sales-orders/SO4711?line=3")
    window.keyboard.type("90")
    window.keyboard.press("Enter")
    refused = window.locator(".said[role=alert]")
    expect(refused).to_contain_text("add up to 96; the line has 90")
    earmark.edit_line(demo, EditLine(line="SO4711/2", quantity=Decimal(200), by="Ben"))
    expect(window.locator("#lines tr[data-key='2']")).to_contain_text("200")
    assert refused.count() == 1
    window.keyboard.press("t")
    dialog_named(window, "Item Tracking Lines")
    assert refused.count() == 0


def test_what_is_typed_while_the_page_is_read_again_is_not_drawn_over(
    window: Page, demo: earmark.Database
) -> None:
    opened(window, SPLIT)
    waiting = held_back(window, "**/SO4711/split?line=2", "GET")
    with window.expect_request("**/SO4711/split?line=2"):
        take_of_po1208(demo, 12)
    window.keyboard.press("a")
    expect(window.locator("#take-form")).to_contain_text("yours 84, now 72")
    with window.expect_response(lambda answer: "take=" in answer.url):
        waiting[0].continue_()
    expect(window.locator("#take-form")).to_contain_text("yours 84, now 72")


def more_in_line_2(demo: earmark.Database) -> None:
    """Ben changes line 2 of SO4711 from 240 to 9000."""
    earmark.edit_line(demo, EditLine(line="SO4711/2", quantity=Decimal(9000), by="Ben"))


def test_a_table_that_was_sorted_stays_sorted_and_the_focus_where_it_was(
    window: Page, demo: earmark.Database
) -> None:
    opened(window, "/sales-orders/SO4711")
    head = window.locator("#lines th button", has_text=re.compile("^Quantity$"))
    head.dblclick()
    line = window.locator("#lines tr[data-key='2']")
    line.locator("td").first.focus()
    more_in_line_2(demo)
    expect(line).to_contain_text("9\u2009000")
    quantities = [
        int(str(text))
        for text in window.locator("#lines td[data-edit=quantity]").evaluate_all(
            "cells => cells.map((cell) => cell.dataset.value)"
        )
    ]
    assert quantities == sorted(quantities, reverse=True)
    expect(line.locator("td").first).to_be_focused()


def test_figures_shown_as_a_table_stay_a_table(window: Page, demo: earmark.Database) -> None:
    opened(window, "/items/1040")
    window.get_by_role("button", name="As table").click()
    more_in_line_2(demo)
    expect(window.locator("#open")).to_contain_text("9\u2009000")
    assert window.locator("#as-table").is_visible()
    assert window.locator("#expiry").is_hidden()
    window.get_by_role("button", name="As table").click()
    assert window.locator("#expiry").is_visible()


def test_a_menu_stays_open(window: Page, demo: earmark.Database) -> None:
    opened(window, "/history")
    window.get_by_role("button", name="Export").click()
    more_in_line_2(demo)
    expect(window.locator("#changes tbody tr").first).to_contain_text("Ben")
    assert window.get_by_role("menuitem", name="CSV").is_visible()


def test_a_hold_whose_end_will_be_told_stays_marked(window: Page, demo: earmark.Database) -> None:
    opened(window, SPLIT)
    window.get_by_role("button", name="Holders of L2503").click()
    tell = window.get_by_role("button", name="Tell me")
    tell.click()
    take_of_po1208(demo, 12)
    expect(of_po1208(window)).to_contain_text("72")
    expect(tell).to_have_attribute("aria-pressed", "true")
