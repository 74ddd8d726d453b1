"""No page of another site changes anything here, and no foreign name reads anything."""

from collections.abc import Iterator
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, Form, Request

import earmark
from earmark.http import csrf
from earmark.http.hosts import is_known
from earmark.http.serving import Serving
from tests.serving import served

router = APIRouter()


@router.get("/token")
def token(request: Request) -> str:
    return csrf.token_for(request)


@router.post("/change")
def change(note: Annotated[str, Form()] = "") -> str:
    return f"changed {note}".strip()


@pytest.fixture
def serving() -> Iterator[Serving]:
    database = earmark.open("sqlite:///:memory:")
    yield Serving(database=database, open_to="Ana")
    database.close()


@pytest.fixture
def browser(serving: Serving) -> Iterator[httpx.Client]:
    """What a browser sends on the address of our own pages."""
    with served(serving, router) as address, httpx.Client(base_url=address) as client:
        client.headers.update({"origin": address, "sec-fetch-site": "same-origin"})
        yield client


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_a_script_of_our_page_sends_the_token_in_a_header(browser: httpx.Client) -> None:
    sent = {"X-CSRF-Token": browser.get("/token").json()}
    assert browser.post("/change", headers=sent).json() == "changed"


def test_a_form_of_our_page_sends_the_token_in_a_hidden_field(browser: httpx.Client) -> None:
    sent = {"csrf_token": browser.get("/token").json(), "note": "it"}
    assert browser.post("/change", data=sent).json() == "changed it"


@pytest.mark.parametrize("sent", ["", "x", "ü", "a" * 56, "%"])
def test_a_token_that_is_not_of_our_page_changes_nothing(browser: httpx.Client, sent: str) -> None:
    answer = browser.post("/change", headers={b"X-CSRF-Token": sent.encode()})
    assert refused(answer) == (403, "page-stale")


def test_a_token_of_another_browser_changes_nothing(browser: httpx.Client) -> None:
    foreign = browser.get("/token").json()
    browser.cookies.set("earmark-session", "somebody else's")
    assert refused(browser.post("/change", headers={"X-CSRF-Token": foreign}))[1] == "page-stale"


@pytest.mark.parametrize(
    "said",
    [
        {"origin": "https://evil.example", "sec-fetch-site": "cross-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_another_site_changes_nothing_even_with_our_token(
    browser: httpx.Client, said: dict[str, str]
) -> None:
    sent = {"X-CSRF-Token": browser.get("/token").json(), **said}
    assert refused(browser.post("/change", headers=sent)) == (403, "cross-site")


def test_a_program_needs_no_token(serving: Serving) -> None:
    with served(serving, router) as address:
        assert httpx.post(f"{address}/change").json() == "changed"


def test_a_name_that_resolves_here_reads_nothing(browser: httpx.Client) -> None:
    assert refused(browser.get("/token", headers={"host": "evil.example"})) == (421, "host-unknown")
    assert browser.get("/token", headers={"host": "localhost:1"}).status_code == 200


def test_which_names_are_ours(serving: Serving) -> None:
    signed_in = Serving(database=serving.database)
    behind = Serving(
        database=serving.database,
        open_to="Ana",
        public_url="https://stock.example/",
        hosts=("box",),
    )
    ours = ["localhost", "a.localhost:80", "127.0.0.1:8321", "[::1]:8321", "127.8.8.8"]
    assert all(is_known(serving, name) for name in ours)
    assert not any(is_known(serving, name) for name in ("", "evil.example", "[", "10.0.0.1"))
    assert is_known(signed_in, "any.example")
    assert is_known(behind, "stock.example")
    assert is_known(behind, "BOX:80")
    assert not is_known(behind, "evil.example")


def test_every_answer_says_what_a_browser_may_load(browser: httpx.Client) -> None:
    headers = browser.get("/token").headers
    assert "script-src 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "strict-transport-security" not in headers


def test_over_https_a_browser_comes_back_over_https_only(serving: Serving) -> None:
    behind = Serving(database=serving.database, open_to="Ana", public_url="https://stock.example")
    with served(behind) as address:
        assert "strict-transport-security" in httpx.get(f"{address}/health/live").headers
