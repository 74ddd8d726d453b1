"""A browser in front of a real server, on a copy of the demonstration.

A console error, a broken content security policy or a request to another host fails the test that
caused it. `EARMARK_SCREENSHOTS` names a folder to keep pictures of the pages in.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    ViewportSize,
    expect,
    sync_playwright,
)

import earmark
from earmark.http.serving import Serving
from earmark.usecases import demonstration
from tests.serving import served
from tests.web.browsing import Colors, Shot, Windows

CHROMIUM = os.environ.get("EARMARK_CHROMIUM", "/usr/bin/chromium")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
DESK = ViewportSize(width=1440, height=900)
EXPECTED = ("the server responded with a status of 4", "net::ERR_FAILED")
"""What a console says of a refusal, and of an answer that a test has lost on purpose."""
PATIENCE_MS = 20_000
"""What a busy machine may take; a page that works is not waited for."""

if not Path(CHROMIUM).exists():
    pytest.skip(f"no browser at {CHROMIUM}: pages are not tested", allow_module_level=True)

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield started
        started.close()


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration in a file, filled once; tests get copies."""
    path = tmp_path_factory.mktemp("story") / "story.sqlite"
    filled = earmark.open(f"sqlite:///{path}")
    demonstration.fill(filled)
    filled.close()
    return path


@pytest.fixture
def demo(story: Path, tmp_path: Path) -> Iterator[earmark.Database]:
    """A copy of the demonstration of this test's own, on the morning of its story."""
    shutil.copy(story, tmp_path / "demo.sqlite")
    opened = earmark.open(f"sqlite:///{tmp_path / 'demo.sqlite'}", clock=lambda: demonstration.NOW)
    yield opened
    opened.close()


@pytest.fixture
def address(demo: earmark.Database) -> Iterator[str]:
    """Where the demonstration is served to Ana."""
    with served(Serving(database=demo, open_to="Ana Mertens")) as at:
        yield at


class Faults(list[str]):
    """What went wrong in a page, in the order it did."""

    def watch(self, context: BrowserContext, at: str) -> None:
        """Listen to everything that happens in a browser window."""
        context.on("console", self._console)
        context.on("weberror", lambda error: self.append(f"script: {error.error}"))
        context.on("request", lambda request: self._request(request, at))

    def _console(self, message: ConsoleMessage) -> None:
        expected = any(words in message.text for words in EXPECTED)
        if message.type in ("error", "warning") and not expected:
            self.append(f"{message.type}: {message.text} {message.location}")

    def _request(self, request: Request, at: str) -> None:
        if not request.url.startswith((at, "data:", "blob:")):
            self.append(f"another host: {request.url}")


@pytest.fixture
def windows(browser: Browser, address: str) -> Iterator[Windows]:
    """Opens browser windows, each somebody else's; none may have gone wrong at the end."""
    faults = Faults()
    contexts: list[BrowserContext] = []

    def opened(colors: Colors = "light") -> Page:
        context = browser.new_context(
            base_url=address, viewport=DESK, reduced_motion="reduce", color_scheme=colors
        )
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        faults.watch(context, address)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)


@pytest.fixture
def window(windows: Windows) -> Page:
    """One browser window."""
    return windows()


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that pictures of pages are written to."""
    named = os.environ.get("EARMARK_SCREENSHOTS")
    folder = Path(named) if named else tmp_path_factory.mktemp("pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def shot(pictures: Path) -> Shot:
    """Takes a picture of a page."""

    def taken(page: Page, name: str) -> None:
        page.screenshot(path=pictures / f"{name}.png")

    return taken
