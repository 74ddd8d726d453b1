"""Lists over HTTP: page by page the same rows as at once, in every order."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

import earmark
from earmark.api.lists import LISTS
from earmark.api.operations import Listing
from earmark.http.serving import Serving
from earmark.usecases import demonstration
from tests.serving import served

NEEDED = {"list_reservations": {"ref": "SO4711"}}
"""What a list can not be read without."""
ORDERS = [
    (row.name, row.path.replace("{item_no}", "1040"), f"{sign}{order}")
    for row in LISTS
    for order in row.orders
    for sign in ("", "-")
]


@pytest.fixture(scope="module")
def api() -> Iterator[httpx.Client]:
    """The company of the demonstration, asked over HTTP."""
    database = earmark.open("sqlite://", clock=lambda: demonstration.NOW)
    demonstration.fill(database)
    with (
        served(Serving(database=database, open_to="Ana")) as address,
        httpx.Client(base_url=f"{address}/api/v1") as client,
    ):
        yield client
    database.close()


def pages(api: httpx.Client, path: str, asked: dict[str, str]) -> Iterator[list[Any]]:
    """The rows of every page, two by two."""
    cursor: str | None = ""
    while cursor is not None:
        page = api.get(path, params={**asked, "limit": "2", "cursor": cursor}).json()
        yield page["rows"]
        cursor = page["next_cursor"]


@pytest.mark.parametrize(("name", "path", "sort"), ORDERS)
def test_pages_are_the_list_in_parts(api: httpx.Client, name: str, path: str, sort: str) -> None:
    asked = {**NEEDED.get(name, {}), "sort": sort}
    whole = api.get(path, params={**asked, "limit": "1000"}).json()["rows"]
    assert len(whole) > 1
    assert [row for page in pages(api, path, asked) for row in page] == whole


@pytest.mark.parametrize("row", LISTS, ids=lambda row: row.name)
def test_a_cursor_of_another_list_or_made_up_is_refused(api: httpx.Client, row: Listing) -> None:
    path, asked = row.path.replace("{item_no}", "1040"), NEEDED.get(row.name, {})
    other = "/locations" if path != "/locations" else "/customers"
    cursor = api.get(other, params={"limit": "1"}).json()["next_cursor"]
    for wrong in (cursor, "x", "WyJ4Il0="):
        refused = api.get(path, params={**asked, "cursor": wrong})
        assert refused.json()["code"] == "cursor-invalid"
