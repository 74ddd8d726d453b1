"""Ask holder: Ben needs what Ana's reservation holds; she gives it, or keeps it and says why."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import Locator, Page, expect

import earmark
from earmark import AppealState, Cancel
from earmark.core.roles import Role
from earmark.http.serving import Serving
from earmark.usecases import demonstration
from earmark.web.appeals import age
from tests.office import add
from tests.serving import served
from tests.web.browsing import Shot, Windows, dialog_named, sign_in, violations

WINDOW = "/lines/SO4711/2/reservation?lot=L2503"
SPLIT = "/lines/SO4711/2/split?open=stock%21L2503%21%21"
ASK = "/lines/SO4711/2/why?way=ask%3ASO4702%2F1%3AL2503%3A24"


@pytest.fixture
def address(demo: earmark.Database) -> Iterator[str]:
    """The demonstration served to who signs in; Ben has asked Ana for 12 of L2503."""
    add(demo, "Ada", Role.ADMINISTRATOR)
    for user_name in ("Ana", "Ben"):
        add(demo, user_name, Role.ORDER_PROCESSOR)
    with served(Serving(database=demo)) as at:
        yield at


def rows(page: Page) -> Locator:
    """What was asked, as the table shows it."""
    return page.locator("#appeals tbody tr")


def live(page: Page) -> None:
    """The page hears what others do."""
    expect(page.locator("#live-mark")).to_have_attribute("data-state", "on")


def test_what_is_asked_of_one_is_given_with_two_keys_and_who_asked_has_it(
    windows: Windows, demo: earmark.Database, shot: Shot
) -> None:
    ana, ben = windows(), windows()
    sign_in(ben, "Ben", "/today")
    expect(rows(ben)).to_contain_text("You ask Ana for 12 of L2503 held by SO4702/1")
    sign_in(ana, "Ana", "/today")
    expect(ana.locator(".key-figure").last).to_have_text("Asked of you1oldest 13 min")
    expect(rows(ana)).to_contain_text("Ben asks for 12 of L2503 held by SO4702/1")
    expect(rows(ana)).to_contain_text("St. Anna lacks 60; would Vester take another lot?")
    rows(ana).locator("td").first.click()
    ana.keyboard.press("Enter")
    giving = dialog_named(ana, "Give 12 of L2503 to SO4711/2")
    expect(giving).to_contain_text("given to SO4711/2")
    expect(giving).to_contain_text("0 moved · 12 lost")
    shot(ana, "give")
    live(ben)
    ana.keyboard.press("Control+Enter")
    expect(ana.locator(".said")).to_contain_text("SO4702/1 gives to SO4711/2")
    expect(rows(ana)).to_have_text("Nobody asks you for anything.")
    expect(rows(ben)).to_contain_text("Ana gave 12 of L2503 to SO4711/2")
    (held,) = earmark.reservations(demo, "SO4711/2")
    assert (held.quantity, held.by, str(held.asked)) == (Decimal(12), "Ben", "Lot L2503")
    assert [e.quantity for e in earmark.reservations(demo, "SO4702/1")] == [Decimal(12)]
    assert earmark.verify(demo) == ()


def test_what_is_kept_is_kept_for_a_reason_that_who_asked_reads_and_sees_with_his_line(
    windows: Windows, shot: Shot
) -> None:
    ana, ben = windows(), windows()
    sign_in(ben, "Ben", "/today")
    live(ben)
    sign_in(ana, "Ana", "/today")
    rows(ana).get_by_role("button", name="Keep").click()
    keeping = dialog_named(ana, "Keep 12 of L2503 for SO4702/1")
    ana.keyboard.press("Control+Enter")
    expect(keeping.get_by_role("alert")).to_contain_text("Tell Ben why SO4702/1 keeps")
    keeping.get_by_label("Why").fill("Vester insists on the lot")
    ana.keyboard.press("Control+Enter")
    expect(ana.locator(".said")).to_contain_text("Kept")
    expect(rows(ben)).to_contain_text("Ana keeps 12 of L2503 for SO4702/1")
    expect(rows(ben)).to_contain_text("Vester insists on the lot")
    rows(ben).get_by_role("link", name="Look").click()
    expect(rows(ben)).to_contain_text("Ana keeps 12 of L2503 for SO4702/1")
    shot(ben, "why-kept")


def test_one_asks_from_the_reservation_window_beside_the_entry_of_the_other(
    windows: Windows, shot: Shot
) -> None:
    ana, ben = windows(), windows()
    sign_in(ana, "Ana", "/today")
    live(ana)
    sign_in(ben, "Ben", "/today")
    rows(ben).get_by_role("button", name="Withdraw").click()
    expect(rows(ben)).to_have_text("Nobody asks you for anything.")
    expect(rows(ana)).to_have_text("Nobody asks you for anything.")
    ben.goto(WINDOW)
    entries = ben.get_by_role("region", name="Reservation Entries")
    entry = entries.get_by_role("row", name="SO4702/1")
    expect(entry).to_contain_text("does not move: the number was named")
    shot(ben, "reservation-ask")
    entry.get_by_role("button", name="Ask holder").click()
    asking = dialog_named(ben, "Ask holder")
    expect(asking).to_contain_text("Ana is asked for L2503 that SO4702/1, Vester Clinic, holds")
    expect(asking.get_by_label("Quantity")).to_have_value("24")
    asking.get_by_label("Quantity").fill("25")
    ben.keyboard.press("Control+Enter")
    expect(asking.get_by_role("alert")).to_contain_text("Line SO4702/1 holds 24 of Lot L2503")
    asking.get_by_label("Quantity").fill("12")
    asking.get_by_label("Note").fill("For St. Anna")
    shot(ben, "ask-holder")
    ben.keyboard.press("Control+Enter")
    expect(ben.locator(".said")).to_have_text("Ana is asked for 12 of Lot L2503 of SO4702/1.")
    expect(entry.get_by_role("link", name="Ana is asked")).to_be_visible()
    expect(rows(ana)).to_contain_text("Ben asks for 12 of L2503 held by SO4702/1")
    expect(rows(ana)).to_contain_text("For St. Anna")


def test_one_asks_from_the_split_screen_beside_the_holder(windows: Windows, shot: Shot) -> None:
    ana, ben = windows(), windows()
    sign_in(ana, "Ana", "/today")
    live(ana)
    sign_in(ben, "Ben", "/today")
    ben.goto(SPLIT)
    vester = ben.get_by_role("row", name="SO4702/1")
    vester.get_by_role("link", name="Ana is asked").click()
    rows(ben).get_by_role("button", name="Withdraw").click()
    expect(rows(ben).first).to_contain_text("Ben asks for L2503 of SO4702/1 no more")
    ben.goto(SPLIT)
    moves = ben.get_by_role("row", name="SO4698/1")
    expect(moves).to_contain_text("can move to L2411")
    expect(moves.get_by_role("button")).to_have_count(0)
    held = ben.get_by_role("row", name="CART88213/1")
    expect(held.get_by_role("button")).to_have_text(["Ask holder", "Tell me"])
    shot(ben, "split-ask")
    vester.locator("td").last.click()
    ben.keyboard.press("Enter")
    asking = dialog_named(ben, "Ask holder")
    expect(asking).to_contain_text("Ana is asked for L2503 that SO4702/1, Vester Clinic, holds")
    asking.get_by_label("Quantity").fill("12")
    ben.keyboard.press("Control+Enter")
    expect(ben.locator(".said")).to_have_text("Ana is asked for 12 of Lot L2503 of SO4702/1.")
    expect(vester.get_by_role("link", name="Ana is asked")).to_be_visible()
    expect(ben.locator("#looked")).to_contain_text("Ben asked for units for SO4711/2")
    shot(ben, "split-asked")
    expect(rows(ana)).to_contain_text("Ben asks for 12 of L2503 held by SO4702/1")


def test_who_would_not_help_is_not_asked_on_the_split_screen(windows: Windows) -> None:
    ben = windows()
    sign_in(ben, "Ben", "/today")
    ben.goto("/lines/SO4711/2/split?open=stock%21L2411%21%21&open=PO1208%2F1%21L2521%21%21")
    expect(ben.get_by_role("row", name="SO4705/1")).to_contain_text("nonspecific")
    expect(ben.get_by_role("row", name="SO4709/1")).to_contain_text("order-to-order")
    expect(ben.get_by_role("button", name="Ask holder")).to_have_count(0)


def test_one_asks_from_why_and_the_answer_stands_there(
    windows: Windows, demo: earmark.Database, shot: Shot
) -> None:
    (known,) = earmark.appeals(demo)
    earmark.withdraw(demo, earmark.Withdraw(appeal=known.appeal, by="Ben"))
    ben = windows()
    sign_in(ben, "Ben", "/today")
    ben.goto(ASK)
    live(ben)
    ben.keyboard.press("a")
    asking = dialog_named(ben, "Ask holder")
    asking.get_by_label("Quantity").fill("12")
    ben.keyboard.press("Control+Enter")
    expect(rows(ben).first).to_contain_text("Ben asks Ana for 12 of L2503 held by SO4702/1")
    expect(rows(ben).first.get_by_role("button")).to_have_text(["Withdraw"])
    shot(ben, "why-asked")
    waiting = next(a for a in earmark.appeals(demo) if a.state is AppealState.WAITING)
    earmark.give(demo, earmark.Give(appeal=waiting.appeal, by="Ana"))
    expect(rows(ben).first).to_contain_text("Ana gave 12 of L2503 to SO4711/2")


def test_an_administrator_answers_with_the_line_and_says_why(
    window: Page, demo: earmark.Database
) -> None:
    sign_in(window, "Ada", "/today")
    expect(rows(window)).to_have_text("Nobody asks you for anything.")
    window.goto("/lines/SO4711/2/why")
    rows(window).get_by_role("button", name="Give").click()
    giving = dialog_named(window, "Give 12 of L2503 to SO4711/2")
    window.keyboard.press("Control+Enter")
    expect(giving.get_by_role("alert")).to_contain_text("reason-missing")
    giving.get_by_label("Why").fill("Ana is ill")
    window.keyboard.press("Control+Enter")
    expect(rows(window)).to_contain_text("Ada gave 12 of L2503 to SO4711/2")
    assert earmark.appeals(demo)[0].reason == "Ana is ill"


def test_what_is_no_longer_held_ends_by_itself(windows: Windows, demo: earmark.Database) -> None:
    ana, ben = windows(), windows()
    sign_in(ana, "Ana", "/today")
    live(ana)
    sign_in(ben, "Ben", "/today")
    live(ben)
    earmark.cancel(demo, Cancel(line="SO4702/1", by="Ana"))
    expect(rows(ana)).to_have_text("Nobody asks you for anything.")
    expect(rows(ben)).to_contain_text("L2503 of SO4702/1: no longer held, or no longer needed")


@pytest.mark.parametrize("colors", ["light", "dark"])
def test_what_is_asked_passes_axe(windows: Windows, shot: Shot, colors: str) -> None:
    ana, ben = windows(colors), windows(colors)
    sign_in(ana, "Ana", "/today")
    expect(rows(ana)).to_contain_text("Ben asks")
    assert violations(ana) == []
    shot(ana, f"asked-{colors}")
    rows(ana).get_by_role("button", name="Keep").click()
    dialog_named(ana, "Keep 12 of L2503 for SO4702/1")
    assert violations(ana) == []
    sign_in(ben, "Ben", "/today")
    ben.goto(ASK)
    expect(rows(ben)).to_contain_text("Ben asks Ana")
    assert violations(ben) == []
    ben.goto(WINDOW)
    expect(ben.get_by_role("link", name="Ana is asked")).to_be_visible()
    assert violations(ben) == []


@pytest.mark.parametrize(
    ("waits", "said"),
    [
        (timedelta(seconds=-5), "0 min"),
        (timedelta(minutes=45), "45 min"),
        (timedelta(minutes=135), "2 h"),
        (timedelta(hours=25), "1 day"),
        (timedelta(days=3), "3 days"),
    ],
)
def test_how_long_something_waits_is_said_in_the_largest_unit(waits: timedelta, said: str) -> None:
    assert age(demonstration.NOW - waits, demonstration.NOW) == said
