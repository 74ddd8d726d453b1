"""What the guide of the API says is so, on the company of the demonstration."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

import earmark
from earmark.http.serving import Serving
from earmark.usecases import demonstration
from tests.docs.pages import run_python, snippets
from tests.docs.test_guide import API
from tests.serving import served

WRITTEN = "http://127.0.0.1:8321"


@pytest.fixture
def address() -> Iterator[str]:
    """Where the demonstration is served, on the morning of its story."""
    database = earmark.open("sqlite:///:memory:", lambda: demonstration.NOW)
    demonstration.fill(database)
    with served(Serving(database=database, open_to="Ana")) as at:
        yield at
    database.close()


def test_what_the_guide_of_the_api_says_is_so(address: str) -> None:
    run_python(API, {WRITTEN: address})
    exchanges = [block for _, block in snippets(API, "http")]
    assert exchanges
    for exchange in exchanges:
        asked, told = exchange.split("\n\n")
        head, _, body = asked.partition("\n")
        method, path = head.split()
        headers = {"content-type": "application/json"}
        answer = httpx.request(method, f"{address}{path}", content=body, headers=headers)
        status, _, shown = told.partition("\n")
        assert answer.status_code == int(status), answer.text
        assert shows(json.loads(shown), answer.json()), f"{head}: {answer.text}"


def shows(shown: Any, told: Any) -> bool:  # noqa: ANN401
    """Whether an answer has all that a page shows of it."""
    if isinstance(shown, dict):
        return all(name in told and shows(value, told[name]) for name, value in shown.items())
    if isinstance(shown, list):
        return len(shown) == len(told) and all(map(shows, shown, told))
    return bool(shown == told)
