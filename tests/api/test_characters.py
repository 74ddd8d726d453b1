"""What no face can carry is refused at the door, with 422 and no address of the database."""

from __future__ import annotations

import httpx
import pytest

JSON = {"content-type": "application/json"}
NO_CHARACTERS = [r"\u0000", r"\ud800", r"\udc00", r"\ud800\u0041", r"\uffff", r"\u0007"]


@pytest.mark.parametrize("bad", NO_CHARACTERS)
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "lines/SO1%2F1/tracking", '{"numbers":[{"lot_no":"A%sB","quantity":"1"}]}'),
        ("POST", "documents", '{"documents":[{"kind":"sales_order","document_no":"A%sB"}]}'),
        ("POST", "lines/SO1%2F1/reserve", '{"supply":"A%sB"}'),
        ("POST", "set-up", '{"items":[{"item_no":"Q","description":"A%sB"}]}'),
        ("POST", "set-up", '{"items":[{"item_no":"Q","units":{"A%sB":"2"}}]}'),
    ],
)
def test_a_body_with_what_is_no_character_is_refused(
    address: str, method: str, path: str, body: str, bad: str
) -> None:
    content = body.replace("%s", bad).encode()
    answer = httpx.request(method, f"{address}/api/v1/{path}", content=content, headers=JSON)
    assert answer.status_code == 422, answer.text
    assert answer.json()["code"] in ("fields-invalid", "value-invalid")
    assert "cannot be kept" in answer.text or "can not be kept" in answer.text
    assert "sqlite" not in answer.text


@pytest.mark.parametrize("bad", ["%00", "%EF%BF%BF", "%07"])
@pytest.mark.parametrize(
    "path",
    [
        "items/A%sB",
        "documents/A%sB",
        "lines/A%sB%2F1",
        "history?ref=A%sB",
        "inventory?item_no=A%sB",
    ],
)
def test_an_address_with_what_is_no_character_is_refused(address: str, path: str, bad: str) -> None:
    answer = httpx.get(f"{address}/api/v1/{path.replace('%s', bad)}")
    assert answer.status_code == 422, answer.text
