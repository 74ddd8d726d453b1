"""What the tests of the pages say of a browser."""

import re
from collections.abc import Callable
from typing import Literal

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Locator, Page, expect

from tests.office import PASSWORD

Colors = Literal["light", "dark"]
Windows = Callable[..., Page]
"""Opens a browser window, somebody else's each time; takes the colour scheme."""
Shot = Callable[[Page, str], None]
"""Keeps a picture of a page under a name."""


def violations(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA on the page, each with the elements concerned."""
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}}).response
    return [
        f"{v['id']}: {v['help']}: {[n['html'][:160] for n in v['nodes'][:4]]}"
        for v in found["violations"]
    ]


def dialog_named(page: Page, name: str) -> Locator:
    """The dialog with this title, once it is there."""
    found = page.get_by_role("dialog", name=name, exact=True)
    expect(found).to_be_visible()
    return found


def sign_in(page: Page, user_name: str, wanted: str = "/sales-orders") -> None:
    """Sign in as one of the office, and come where one wanted to go."""
    page.goto(wanted)
    page.get_by_label("User name").fill(user_name)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"{re.escape(wanted)}$"))
