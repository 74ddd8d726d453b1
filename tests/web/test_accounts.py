"""Signing in with a real browser; one's own account; accounts for administrators; taking over."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

import earmark
from earmark.core.roles import Role
from earmark.http.serving import Serving
from earmark.web.words import device
from tests.office import PASSWORD, add
from tests.serving import served
from tests.web.browsing import Shot, Windows, sign_in, violations


@pytest.fixture
def address(demo: earmark.Database) -> Iterator[str]:
    """The demonstration served to who signs in: Ada administrates, Ben processes orders."""
    add(demo, "Ada", Role.ADMINISTRATOR)
    add(demo, "Ben", Role.ORDER_PROCESSOR)
    add(demo, "Pia", Role.PLANNER)
    with served(Serving(database=demo)) as at:
        yield at


def test_one_signs_in_with_the_keyboard_and_comes_where_one_wanted_to_go(window: Page) -> None:
    window.goto("/sales-orders/SO4711")
    expect(window).to_have_url(re.compile("/login"))
    window.keyboard.type("ben")
    window.keyboard.press("Tab")
    window.keyboard.type("wrong password")
    window.keyboard.press("Enter")
    expect(window.get_by_role("alert")).to_contain_text("User name or password is wrong")
    window.keyboard.type(PASSWORD)
    window.keyboard.press("Enter")
    expect(window).to_have_url(re.compile("/sales-orders/SO4711$"))
    expect(window.get_by_role("button", name="Ben: settings")).to_be_visible()


def test_who_signs_out_is_out_also_by_going_back(window: Page) -> None:
    sign_in(window, "ben")
    window.get_by_role("button", name="Ben: settings").click()
    window.get_by_role("link", name="Your account").click()
    window.get_by_role("button", name="Sign out").click()
    expect(window.get_by_role("heading", name="Sign in")).to_be_visible()
    window.go_back()
    expect(window.get_by_role("heading", name="Sign in")).to_be_visible()


def test_the_token_of_a_program_is_shown_once_and_revoked(window: Page) -> None:
    sign_in(window, "ben", "/account")
    window.get_by_label("What it is for").fill("Shop")
    window.get_by_label("reserve").check()
    window.get_by_role("button", name="Make a token").click()
    token = window.get_by_label("Token", exact=True).input_value()
    assert token.startswith("earmark_")
    window.goto("/account")
    expect(window.get_by_text(token)).to_have_count(0)
    row = window.get_by_role("row", name="Shop")
    expect(row).to_contain_text("read, reserve")
    row.get_by_role("button", name="Revoke").click()
    expect(window.get_by_text("No program acts for you.")).to_be_visible()


def test_a_password_is_changed_by_who_knows_it(windows: Windows) -> None:
    window, elsewhere = windows(), windows()
    sign_in(elsewhere, "ben")
    sign_in(window, "ben", "/account")
    for now, again, answer in (
        ("wrong", "another good one", "another one"),
        (PASSWORD, "something else", "typed differently"),
    ):
        window.get_by_label("Password of now").fill(now)
        window.get_by_label("New password").fill("another good one")
        window.get_by_label("The same again").fill(again.ljust(12))
        window.get_by_role("button", name="Set password").click()
        expect(window.get_by_role("alert")).to_contain_text(answer)
    window.get_by_label("Password of now").fill(PASSWORD)
    window.get_by_label("New password").fill("another good one")
    window.get_by_label("The same again").fill("another good one")
    window.get_by_role("button", name="Set password").click()
    expect(window.get_by_role("alert")).to_have_count(0)
    elsewhere.reload()
    expect(elsewhere.get_by_role("heading", name="Sign in")).to_be_visible()


def test_one_ends_a_session_on_another_device(windows: Windows) -> None:
    window, elsewhere = windows(), windows()
    sign_in(elsewhere, "ben")
    sign_in(window, "ben", "/account")
    window.get_by_role("button", name="End", exact=True).click()
    expect(window.get_by_role("button", name="End", exact=True)).to_have_count(0)
    elsewhere.reload()
    expect(elsewhere.get_by_role("heading", name="Sign in")).to_be_visible()


def test_an_administrator_lets_somebody_in_and_changes_what_he_may(windows: Windows) -> None:
    window, clerk = windows(), windows()
    sign_in(window, "ada", "/accounts")
    window.get_by_label("User name").fill("wim")
    window.get_by_label("Name", exact=True).fill("Wim Post")
    window.get_by_label("Password", exact=True).fill("wim wim wim wim")
    window.get_by_label("Role", exact=True).select_option("warehouse")
    window.get_by_role("button", name="Add account").click()
    expect(window.get_by_role("alert")).to_contain_text("password-unfit")
    expect(window.get_by_label("User name")).to_have_value("wim")
    window.get_by_label("Password", exact=True).fill(PASSWORD)
    window.get_by_role("button", name="Add account").click()
    sign_in(clerk, "wim")
    clerk.goto("/accounts")
    expect(clerk.get_by_role("heading", level=1)).to_contain_text("administer is missing")
    clerk.goto("/account")
    expect(clerk.get_by_text("warehouse", exact=True)).to_be_visible()
    window.get_by_label("Role of wim", exact=True).select_option("planner")
    window.get_by_role("button", name="Change the role of wim").click()
    clerk.reload()
    expect(clerk.get_by_text("planner", exact=True)).to_be_visible()
    window.get_by_role("button", name="Deactivate wim").click()
    expect(window.get_by_role("button", name="Activate wim", exact=True)).to_be_visible()
    clerk.reload()
    expect(clerk.get_by_role("heading", name="Sign in")).to_be_visible()
    window.get_by_role("button", name="Activate wim", exact=True).click()
    window.get_by_label("New password of wim", exact=True).fill("a password for him")
    window.get_by_role("button", name="Set the password of wim").click()
    window.get_by_role("button", name="Deactivate Ada").click()
    expect(window.get_by_role("alert")).to_contain_text("administrator-needed")


def test_what_another_has_reserved_is_taken_over_with_a_reason_only(
    windows: Windows, demo: earmark.Database
) -> None:
    (line,) = {e.demand for e in earmark.reservations(demo, "SO4698/1")}
    cancelling = f"/lines/{line}/cancel-reservation"
    ben, pia = windows(), windows()
    sign_in(ben, "ben", cancelling)
    ben.get_by_role("button", name=re.compile("^Cancel Reservation")).click()
    expect(ben.get_by_role("alert")).to_contain_text("not-allowed")
    sign_in(pia, "pia", cancelling)
    pia.get_by_role("button", name=re.compile("^Cancel Reservation")).click()
    expect(pia.get_by_role("alert")).to_contain_text("reason-missing")
    pia.get_by_label(re.compile("^Reason")).fill("St. Anna needs it today")
    pia.get_by_role("button", name=re.compile("^Cancel Reservation")).click()
    expect(pia.get_by_role("dialog")).to_have_count(0)
    latest = earmark.history(demo)[0]
    assert (latest.by, latest.reason) == ("Pia", "St. Anna needs it today")


@pytest.mark.parametrize("colors", ["light", "dark"])
def test_the_pages_of_accounts_pass_axe(windows: Windows, shot: Shot, colors: str) -> None:
    window = windows(colors)
    window.goto("/login")
    assert violations(window) == []
    shot(window, f"login-{colors}")
    sign_in(window, "ada", "/account")
    window.get_by_label("What it is for").fill("Shop")
    window.get_by_role("button", name="Make a token").click()
    expect(window.get_by_label("Token", exact=True)).to_be_visible()
    assert violations(window) == []
    shot(window, f"account-{colors}")
    window.goto("/accounts")
    assert violations(window) == []
    shot(window, f"accounts-{colors}")


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/150.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/150 Safari/537 Edg/150", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604", "Safari on iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14.1) Firefox/130.0", "Firefox on Mac OS"),
        ("curl/8", "curl/8"),
        ("", "unknown"),
    ],
)
def test_a_device_is_named_as_people_name_it(agent: str, said: str) -> None:
    assert device(agent) == said
