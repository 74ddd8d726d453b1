"""The pictures of docs/pages.md, taken anew: `EARMARK_SCREENSHOTS=docs/pictures`."""

import re

from playwright.sync_api import Page, expect

from tests.docs.pages import ROOT
from tests.web.browsing import Shot

PICTURES = {
    "order": "/sales-orders/SO4711?line=2",
    "question": "/lines/SO4711/2/reserve",
    "reservation": "/lines/SO4711/2/reservation?lot=L2503",
    "split-screen": "/sales-orders/SO4711/split?line=SO4711/2",
    "why": "/lines/SO4711/2/why",
    "item": "/items/1040",
    "today": "/today",
}
"""Each picture and the address of the page that it shows."""


def test_every_picture_of_the_guide_is_of_a_page_there_is(window: Page, shot: Shot) -> None:
    for name, path in PICTURES.items():
        window.goto(path)
        expect(window.locator("#live-mark")).to_contain_text("Live")
        shot(window, name)


def test_the_documentation_shows_these_pictures_and_no_others() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    shown = {
        name
        for page in pages
        for name in re.findall(r"pictures/([\w-]+)\.png", page.read_text(encoding="utf-8"))
    }
    there = {path.stem for path in (ROOT / "docs" / "pictures").glob("*.png")}
    assert shown == there == set(PICTURES)
