"""Names with slashes, hashes and quotes in addresses: pages and their links, API and client."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from urllib.parse import quote, urljoin

import httpx
import pytest

import earmark
from earmark import Delete, Numbers, Reserve, Track
from earmark.client import Client
from earmark.core.filters import LineFilter
from earmark.http.headers import attachment
from earmark.http.serving import Serving
from tests import stories
from tests.serving import served
from tests.strange_names import NAMES, shop_of

PAGES_MOST = 150
LINK = re.compile(r'(?<![-\w])(?:href|data-dialog|data-open|data-open-dialog)="(/[^"]*)"')
NOT_READ = ("/logout", "/static", "/live", "/api", "/undo", "/import")


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture
def address(sqlite_url: str, name: str) -> Iterator[str]:
    database = earmark.open(sqlite_url)
    shop_of(database, name)
    line = f"{name}/1"
    earmark.track(database, Track(line=line, numbers=stories.lots({name: 4})))
    earmark.reserve(database, Reserve(line=line, numbers=Numbers(lot_no=name)))
    with served(Serving(database=database, open_to="Ana")) as at:
        yield at
    database.close()


def links_in(page: str) -> set[str]:
    return {html.unescape(found) for found in LINK.findall(page)}


def test_every_link_of_every_page_leads_somewhere(address: str, name: str) -> None:
    """From the places of the top bar on, as far as links lead."""
    seen: dict[str, int] = {}
    waiting = ["/today", "/sales-orders", "/items", "/history", "/set-up", "/settings"]
    with httpx.Client(base_url=address, headers={"accept": "text/html"}) as browser:
        while waiting and len(seen) < PAGES_MOST:
            path = waiting.pop(0)
            if path in seen or path.startswith(NOT_READ) or "{" in path:
                continue
            answer = browser.get(path, follow_redirects=True)
            seen[path] = answer.status_code
            if "text/html" in answer.headers["content-type"]:
                waiting += [urljoin(path, link) for link in sorted(links_in(answer.text))]
    assert {path: status for path, status in seen.items() if status != 200} == {}
    step = quote(name, safe="")
    for wanted in (
        f"/items/{step}",
        f"/items/{step}/lots/{step}",
        f"/sales-orders/{step}",
        f"/set-up/locations/{step}",
        f"/set-up/customers/{step}",
        f"/set-up/tracking-codes/{step}",
    ):
        assert any(path.partition("?")[0] == wanted for path in seen), wanted


def test_every_dialog_of_a_line_opens(address: str, name: str) -> None:
    with Client(address) as client:
        (line,) = client.lines(LineFilter())
    step = quote(line.line, safe="")
    places = ("edit", "delete", "hold", "why", "split", "reserve", "reservation")
    more = (
        "item-tracking-lines",
        "reservation-entries",
        "item-tracking-list",
        "cancel-reservation",
    )
    with httpx.Client(base_url=address, headers={"accept": "text/html"}) as browser:
        for place in (*places, *more, "cancel-reservation"):
            answer = browser.get(f"/lines/{step}/{place}")
            assert answer.status_code in (200, 409), (place, answer.text[-500:])
            assert html.escape(line.line, quote=True)[:1] in answer.text
        found = browser.get("/go", params={"q": name}, headers={"accept": "application/json"})
        assert found.status_code == 200
        entries = found.json()
        assert any(quote(name, safe="") in str(entry) for entry in entries["entries"])
        opened = browser.get(f"/open/{step}", follow_redirects=True)
        assert opened.url.path.startswith("/sales-orders/")
        table = browser.get(f"/sales-orders/{quote(name, safe='')}/export.csv")
        assert table.status_code == 200
        assert table.headers["content-disposition"] == attachment(f"{name}.csv")
        kept = browser.post(
            "/settings",
            data={"location": name, "theme": "", "csrf_token": csrf_of(browser)},
        )
        assert kept.status_code == 200, kept.text
        assert browser.get("/items").status_code == 200


def csrf_of(browser: httpx.Client) -> str:
    page = browser.get("/items").text
    found = re.search(r'name="csrf[^"]*" content="([^"]*)"', page)
    assert found, page[:500]
    return html.unescape(found[1])


def test_the_client_reads_and_changes_what_is_called_so(address: str, name: str) -> None:
    with Client(address) as client:
        (row,) = client.lines(LineFilter(document_no=name))
        line = row.line
        assert client.line(line).document_no == name
        assert client.document(name).lines[0].line == line
        assert client.version(line)
        assert client.version(name)
        assert client.window(line).reserved == 4
        assert client.why(line).line == line
        assert client.cancel(earmark.Cancel(line=line)).released == 4
        assert client.reserve(Reserve(line=line, supply=f"{name}#1")).reserved == 4
        assert next(one.verb for one in client.history(line)) == "reserve"
        assert client.item_overview(name).item.item_no == name
        assert client.number_overview(name, Numbers(lot_no=name)).numbers.lot_no == name
        client.change_number(
            earmark.ChangeNumber(item_no=name, numbers=Numbers(lot_no=name), is_blocked=True)
        )
        client.delete(Delete(reference=name))
        assert not list(client.lines(LineFilter(document_no=name)))


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("SO1.csv", 'attachment; filename="SO1.csv"'),
        ('a"b.csv', 'attachment; filename="a-b.csv"'),
        ("SO/1.csv", 'attachment; filename="SO-1.csv"'),
        (
            "注文.csv",
            "attachment; filename=\"__.csv\"; filename*=UTF-8''%E6%B3%A8%E6%96%87.csv",
        ),
    ],
)
def test_a_file_has_a_name_that_every_browser_takes(name: str, header: str) -> None:
    assert attachment(name) == header
