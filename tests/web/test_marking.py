"""Several numbers are marked in the Item Tracking List, with the keyboard, and reserved in turn."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Locator, Page, expect

import earmark
from earmark import Cancel
from tests.web.browsing import Shot, Windows, dialog_named, violations

LOTS = "/sales-orders/SO4711?line=2"
SERIALS = "/lines/SO4711/1/item-tracking-list"


def to_the_list(window: Page) -> Locator:
    """*Functions -> Reserve*, *Yes*, with their keys."""
    window.goto(LOTS)
    window.keyboard.press("r")
    dialog_named(window, "Do you want to reserve specific item tracking numbers?")
    window.keyboard.press("y")
    return dialog_named(window, "Item Tracking List")


def held(demo: earmark.Database, line: str) -> dict[str, Decimal]:
    """What a line has specifically, by its number."""
    found: dict[str, Decimal] = {}
    for entry in earmark.reservations(demo, line):
        name = entry.asked.serial_no or entry.asked.lot_no
        found[name] = found.get(name, Decimal(0)) + entry.quantity
    return found


def test_space_marks_several_and_enter_shows_what_reserving_them_does(
    window: Page, demo: earmark.Database, shot: Shot
) -> None:
    numbers = to_the_list(window)
    expect(numbers).to_contain_text("Space marks more than one; they are reserved in turn")
    window.keyboard.press("Space")
    window.keyboard.press("ArrowDown")
    window.keyboard.press("Space")
    expect(numbers.locator("#list-marked")).to_have_text("2 marked")
    shot(window, "marked")
    window.keyboard.press("Enter")
    preview = dialog_named(window, "Reserve 2 numbers for SO4711/2")
    expect(preview.get_by_role("row", name="SO4711/2 L2503")).to_contain_text("96")
    expect(preview.get_by_role("row", name="SO4711/2 L2521")).to_contain_text("84")
    expect(preview.get_by_role("row", name="SO4698/1")).to_contain_text("moves, loses nothing")
    shot(window, "reserve-marked")
    assert earmark.reservations(demo, "SO4711/2") == ()
    window.keyboard.press("Control+Enter")
    expect(window.locator(".said")).to_contain_text("SO4711/2 L2503. 96 reserved")
    expect(window.locator(".said")).to_contain_text("SO4711/2 L2521. 84 reserved")
    assert held(demo, "SO4711/2") == {"L2503": Decimal(96), "L2521": Decimal(84)}
    reserved = numbers.get_by_role("row", name="L2521").get_by_role("gridcell").nth(6)
    expect(reserved).to_have_text("84")
    expect(numbers.locator("#list-marked")).to_have_text("")
    window.keyboard.press("Escape")
    expect(window.locator("#lines tr[aria-selected=true]")).to_contain_text("180")
    assert earmark.verify(demo) == ()


def test_without_a_mark_or_with_one_the_window_of_that_number_opens(window: Page) -> None:
    to_the_list(window)
    window.keyboard.press("Enter")
    expect(dialog_named(window, "Reservation")).to_contain_text("Lot No. L2503")
    numbers = to_the_list(window)
    window.keyboard.press("ArrowDown")
    window.keyboard.press("Space")
    window.keyboard.press("ArrowUp")
    expect(numbers.locator("#list-says")).to_contain_text("L2503: 96 wanted")
    numbers.get_by_role("button", name="OK").click()
    expect(dialog_named(window, "Reservation")).to_contain_text("Lot No. L2521")


def test_from_the_preview_one_comes_back_to_what_was_marked(
    window: Page, demo: earmark.Database
) -> None:
    numbers = to_the_list(window)
    window.keyboard.press("Shift+ArrowDown")
    expect(numbers.locator("#list-marked")).to_have_text("2 marked")
    window.keyboard.press("Enter")
    dialog_named(window, "Reserve 2 numbers for SO4711/2")
    window.keyboard.press("Escape")
    expect(numbers.locator("#list-marked")).to_have_text("2 marked")
    window.keyboard.press("Space")
    expect(numbers.locator("#list-marked")).to_have_text("1 marked")
    expect(numbers.get_by_label("Mark all shown")).to_be_checked(indeterminate=True)
    assert earmark.reservations(demo, "SO4711/2") == ()


def test_all_that_a_filter_shows_are_marked_at_once_and_each_has_its_own_answer(
    window: Page, demo: earmark.Database
) -> None:
    earmark.cancel(demo, Cancel(line="SO4711/1", numbers=earmark.Numbers(serial_no="VP2-0417")))
    window.goto(SERIALS)
    numbers = dialog_named(window, "Item Tracking List")
    numbers.get_by_role("searchbox").fill("VP2-041")
    numbers.get_by_label("Mark all shown").check()
    expect(numbers.locator("#list-marked")).to_have_text("3 marked")
    numbers.get_by_role("button", name="OK").click()
    preview = dialog_named(window, "Reserve 3 numbers for SO4711/1")
    expect(preview.get_by_role("row", name="VP2-0417")).to_contain_text("reserved")
    expect(preview.get_by_role("row", name="VP2-0418")).to_contain_text("fully reserved")
    preview.get_by_role("button", name="Reserve").click()
    expect(window.locator(".said")).to_contain_text("SO4711/1 VP2-0417. 1 reserved")
    assert held(demo, "SO4711/1")["VP2-0417"] == Decimal(1)
    numbers.get_by_label("Mark VP2-0418").check()
    numbers.get_by_label("Mark VP2-0419").check()
    numbers.get_by_role("button", name="OK").click()
    expect(dialog_named(window, "Reserve 2 numbers for SO4711/1")).not_to_contain_text("Ctrl Enter")


def test_a_refusal_of_all_is_said_and_so_is_a_number_too_many(window: Page) -> None:
    window.goto(LOTS)
    form: dict[str, str | float | bool] = {"numbers": "lot=L9,lot=L8"}
    token = window.locator('meta[name="csrf-token"]').get_attribute("content") or ""
    headers = {"x-csrf-token": token, "accept": "application/json"}
    at = "/lines/SO4711/2/reserve-marked"
    answer = window.request.post(at, form=form, headers=headers)
    assert answer.json()["code"] == "numbers-not-on-line"
    many = ",".join(f"lot=L{n}" for n in range(101))
    asked = window.request.get(f"{at}?numbers={many}", headers={"accept": "application/json"})
    assert re.search(r"Mark 1 to 100 numbers, not 101", asked.json()["detail"])


@pytest.mark.parametrize("colors", ["light", "dark"])
def test_the_list_with_marks_passes_axe(windows: Windows, shot: Shot, colors: str) -> None:
    window = windows(colors)
    to_the_list(window)
    window.keyboard.press("Shift+ArrowDown")
    assert violations(window) == []
    shot(window, f"marked-{colors}")
