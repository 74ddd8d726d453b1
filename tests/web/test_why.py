"""Why a line is short: counted down, the ways out tried, one of them taken."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

import earmark
from earmark import EditLine, Numbers, SupplyTake, Take, TrackingLine
from earmark.web.words import MINUS
from tests.web.browsing import Shot, Windows, violations

HERE = "/lines/SO4711/2/why"


def counted(page: Page) -> list[tuple[str, str]]:
    """The steps of the count, each with what it takes away."""
    rows = page.locator("#counted tr.first, #counted tr.single").all()
    return [(r.locator("th").inner_text(), r.locator("td").first.inner_text()) for r in rows]


def test_all_supply_is_counted_down_to_what_can_be_reserved(window: Page) -> None:
    window.goto(HERE)
    expect(window.get_by_role("heading", level=1)).to_have_text(
        "60 of 240 PCS of 1040 cannot be reserved for St. Anna Hospital, 2026-12-02"
    )
    assert counted(window) == [
        ("Supply of 1040 in EAST, any date", "744"),
        ("Expected too late", f"{MINUS}240"),
        ("Blocked", f"{MINUS}60"),
        ("Too little shelf life", f"{MINUS}168"),
        ("Held specifically", f"{MINUS}24"),
        ("On hold until 14:20", f"{MINUS}12"),
        ("Order-to-order", f"{MINUS}60"),
        ("Can be reserved", "180"),
        ("Needed", "240"),
        ("Missing", "60"),
    ]
    expect(window.locator("#counted")).to_contain_text("140 free, and 40 by moving SO4698/1")
    expect(window.locator("#left-over")).to_contain_text("SO4716/1 and SO4718/3 need 78 of them")


def test_a_number_previews_a_change_and_ctrl_enter_makes_it(
    window: Page, demo: earmark.Database, shot: Shot
) -> None:
    window.goto(HERE)
    expect(window.locator("#ways tbody tr")).to_have_count(8)
    expect(window.locator("#preview h2")).to_have_text(
        "Preview of 1: Ship 2 days earlier, 2026-11-30"
    )
    window.keyboard.press("2")
    expect(window.locator("#preview h2")).to_have_text("Preview of 2: Split: 60 on 2026-12-15")
    preview = window.locator("#preview tbody tr")
    expect(preview.nth(0)).to_contain_text("L2503 60, TO61/1 L2503 36, PO1208/1 L2521 84")
    expect(preview.nth(1)).to_contain_text("new line")
    expect(preview.nth(2)).to_contain_text("L2503 → L2411 65 days left on arrival, 30 required")
    expect(preview.nth(3)).to_contain_text("5 others")
    expect(window.locator("#preview")).to_contain_text("1 moved · 0 lost · 1 line added")
    shot(window, "why")
    assert not earmark.exists(demo, "SO4711/11")
    window.keyboard.press("Control+Enter")
    expect(window.locator(".said")).to_contain_text("240 reserved. line SO4711/11 added")
    expect(window.get_by_role("heading", level=1)).to_contain_text(
        "All 180 PCS of 1040 are reserved"
    )
    assert earmark.line(demo, "SO4711/11").reserved == Decimal(60)
    assert not earmark.verify(demo)


def test_arrows_choose_a_change_and_the_address_says_which(window: Page) -> None:
    window.goto(HERE)
    expect(window.locator("#ways td:focus")).to_have_count(1)
    window.keyboard.press("ArrowDown")
    window.keyboard.press("ArrowDown")
    expect(window.locator("#preview h2")).to_contain_text("Release Lot L2417")
    assert "way=release" in window.url
    window.reload()
    expect(window.locator("#preview h2")).to_contain_text("Release Lot L2417")
    window.locator("#counted").get_by_role("link", name="Ship earlier").click()
    expect(window.locator("#preview h2")).to_contain_text("Ship 2 days earlier")
    window.keyboard.press("Escape")
    expect(window.locator("#demand")).to_be_visible()


def test_the_date_is_changed_and_all_of_it_reserved(window: Page, demo: earmark.Database) -> None:
    window.goto(HERE)
    window.get_by_role("button", name="Change the date and reserve 240").click()
    expect(window.locator(".said")).to_contain_text("240 reserved")
    line = earmark.line(demo, "SO4711/2")
    assert (line.date, line.reserved) == (date(2026, 11, 30), Decimal(240))


def test_advice_has_no_button_and_what_can_be_had_is_reserved_without_it(
    window: Page, demo: earmark.Database
) -> None:
    window.goto(f"{HERE}?way=accept%3A58")
    expect(window.locator("#preview")).to_contain_text("when the customer has seen to it")
    expect(window.locator("#take-way")).to_have_count(0)
    window.get_by_role("button", name="Reserve 180 only").click()
    expect(window.locator(".said")).to_contain_text("180 reserved")
    assert earmark.line(demo, "SO4711/2").reserved == Decimal(180)


def test_a_holder_who_agreed_keeps_his_goods_without_his_number(
    window: Page, demo: earmark.Database
) -> None:
    window.goto(HERE)
    window.keyboard.press("7")
    window.get_by_role("button", name="They agreed: reserve 204").click()
    expect(window.locator(".said")).to_contain_text("204 reserved")
    (held,) = earmark.reservations(demo, "SO4702/1")
    assert (held.quantity, held.is_specific) == (Decimal(24), False)


def test_what_would_do_something_else_by_now_is_refused(
    window: Page, demo: earmark.Database
) -> None:
    window.goto(f"{HERE}?way=split%3A2026-12-15%3A60")
    button = window.get_by_role("button", name="Split and reserve 240")
    expect(button).to_be_visible()
    # Nothing is read again, as if the change came between the look and the press.
    window.route("**/lines/SO4711/2/why?*", lambda route: route.fulfill(status=404))
    twelve = SupplyTake(
        supply="PO1208/1", quantity=Decimal(12), numbers=Numbers("L2521"), is_specific=True
    )
    earmark.take(demo, Take(line="SO4718/3", takes=(twelve,)))
    button.click()
    expect(window.get_by_role("alert")).to_contain_text("is no way out for SO4711/2")
    assert not earmark.exists(demo, "SO4711/11")


def test_others_changes_come_into_the_count(window: Page, demo: earmark.Database) -> None:
    window.goto(HERE)
    expect(window.locator("#live-mark")).to_have_attribute("data-state", "on")
    earmark.edit_line(demo, EditLine(line="SO4711/2", quantity=Decimal(200), by="Ben"))
    expect(window.get_by_role("heading", level=1)).to_contain_text("20 of 200 PCS")


def test_a_line_that_can_have_all_says_so(window: Page, demo: earmark.Database) -> None:
    window.goto("/lines/SO4718/3/why")
    expect(window.get_by_role("heading", level=1)).to_contain_text(
        "All 48 PCS of 1040 can be reserved"
    )
    expect(window.locator("#no-ways")).to_contain_text("Nothing is missing")
    window.keyboard.press("Control+Enter")
    expect(window.locator(".said")).to_contain_text("48 reserved")
    assert earmark.line(demo, "SO4718/3").reserved == Decimal(48)
    expect(window.locator("#preview h2")).to_have_text("Nothing more can be reserved")


def test_it_can_be_copied_as_text(window: Page) -> None:
    window.goto(HERE)
    window.keyboard.press("y")
    expect(window.locator(".said")).to_have_text("Copied as text.")
    text = window.evaluate("navigator.clipboard.readText()")
    assert text.startswith("60 of 240 PCS of 1040 cannot be reserved")
    assert f"Blocked  {MINUS}60  444" in text


@pytest.mark.parametrize("colors", ["light", "dark"])
def test_why_passes_axe(windows: Windows, shot: Shot, colors: str) -> None:
    page = windows(colors)
    page.goto(f"{HERE}?way=split%3A2026-12-15%3A60")
    expect(page.locator("#preview h2")).to_contain_text("Split")
    assert violations(page) == []
    shot(page, f"why-{colors}")


def test_a_component_is_explained_too(window: Page, demo: earmark.Database) -> None:
    earmark.track(
        demo,
        earmark.Track(line="MO308/1/1", numbers=(TrackingLine(lot_no="W31", quantity=Decimal(5)),)),
    )
    window.goto("/lines/MO308/1/1/why")
    expect(window.get_by_role("heading", level=1)).to_contain_text("for MO308, 2026-12-01")
