"""What can not be: every wrong field at once, in problem details that programs can tell apart."""

from collections.abc import Iterator

import httpx
import pytest

from earmark.client import Client

RESERVE = "/lines/SO1/1/reserve"
JSON = {"content-type": "application/json"}


@pytest.fixture
def http(address: str) -> Iterator[httpx.Client]:
    """The API without our client before it."""
    with httpx.Client(base_url=f"{address}/api/v1") as opened:
        yield opened


def fields(answer: httpx.Response) -> dict[str, str]:
    """The wrong fields that an answer names, and their codes."""
    return {error["field"]: error["code"] for error in answer.json()["errors"]}


def test_every_wrong_field_is_named_at_once(http: httpx.Client) -> None:
    line = {"item_no": 1, "quantity": 2.5, "date": "2026-13-01", "colour": "red"}
    document = {"kind": "letter", "document_no": "S\0", "lines": [line]}
    answer = http.post("/documents?preveiw=true", json={"documents": [document]})
    assert answer.status_code == 422
    assert fields(answer) == {
        "documents[0].kind": "not-a-choice",
        "documents[0].document_no": "value-invalid",
        "documents[0].lines[0].item_no": "value-invalid",
        "documents[0].lines[0].quantity": "quantity-invalid",
        "documents[0].lines[0].date": "date-invalid",
        "documents[0].lines[0].colour": "unknown-field",
        "preveiw": "unknown-field",
    }


def test_a_parameter_that_nobody_knows_is_refused(http: httpx.Client) -> None:
    answer = http.get("/lines?is_opne=true&limit=0&date_latest=soon")
    assert fields(answer) == {
        "is_opne": "unknown-field",
        "limit": "value-invalid",
        "date_latest": "date-invalid",
    }
    assert fields(http.get("/lines?sort=colour")) == {"sort": "value-invalid"}
    assert fields(http.get("/lines/SO1/1?as_of=yesterday")) == {"as_of": "value-invalid"}


@pytest.mark.parametrize("quantity", ["1.000001", "many", "1e99", "-", "", 1.5, True, None, []])
def test_a_quantity_that_is_none_is_refused(http: httpx.Client, quantity: object) -> None:
    answer = http.post("/lines/SO1/1/change", json={"quantity": quantity})
    assert fields(answer) == {"quantity": "quantity-invalid"}


@pytest.mark.parametrize("quantity", ["5.0", "5.00000", 5])
def test_a_quantity_is_a_text_or_a_whole_number(http: httpx.Client, quantity: object) -> None:
    assert http.post(RESERVE, json={"quantity": quantity}).json()["reserved"] == "5"


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status", "code"),
    [
        ("POST", RESERVE, b"{", JSON, 400, "body-unreadable"),
        ("POST", RESERVE, b"[" * 100_000, JSON, 400, "body-unreadable"),
        ("POST", RESERVE, b"\xff\xfe", JSON, 400, "body-unreadable"),
        ("POST", RESERVE, b'{"supply": "\\ud800"}', JSON, 422, "fields-invalid"),
        ("POST", RESERVE, b"[]", JSON, 422, "fields-invalid"),
        ("POST", RESERVE, b"{}", {"content-type": "text/plain"}, 415, "media-type-unknown"),
        ("POST", RESERVE, b"{}", {}, 415, "media-type-unknown"),
        ("PUT", RESERVE, b"", {}, 405, "method-unknown"),
        ("GET", "/nowhere", b"", {}, 404, "path-unknown"),
        ("GET", "/lines/SO9/1", b"", {}, 404, "line-unknown"),
        ("GET", "/documents?cursor=x", b"", {}, 400, "cursor-invalid"),
        ("GET", "/lines/SO1/1?as_of=%00", b"", {}, 422, "fields-invalid"),
        ("GET", "/items/%00", b"", {}, 422, "fields-invalid"),
        ("POST", "/lines/SO1/1/cancel", b"{}", JSON, 409, "nothing-to-cancel"),
        ("POST", RESERVE, b"{}", {**JSON, "if-match": '""'}, 412, "changed-meanwhile"),
        ("POST", RESERVE, b"{}", {**JSON, "if-match": 'W/"x"'}, 412, "changed-meanwhile"),
        ("POST", "/imports/stock", b"", {"content-type": "text/csv"}, 422, "file-unusable"),
        ("POST", "/imports/stock", b"PK\3\4", {"content-type": "text/csv"}, 422, "file-unusable"),
    ],
)
def test_every_sort_of_refusal_has_its_status_and_its_code(  # noqa: PLR0913, PLR0917 - a row each
    http: httpx.Client,
    method: str,
    path: str,
    body: bytes,
    headers: dict[str, str],
    status: int,
    code: str,
) -> None:
    answer = http.request(method, path, content=body, headers=headers)
    told = answer.json()
    assert (answer.status_code, told["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert told["type"] == f"urn:earmark:problem:{code}"
    assert told["status"] == status
    assert told["detail"]
    assert told["title"]


def test_whoever_uses_a_wrong_method_is_told_the_right_ones(http: httpx.Client) -> None:
    assert http.put("/lines/SO1/1").headers["allow"] == "DELETE, GET, PATCH"
    assert http.put(RESERVE).headers["allow"] == "POST"


def test_an_import_names_every_wrong_row(http: httpx.Client) -> None:
    sheet = "item_no,location_code,quantity,lot_no\nX,NORTH,1,A\nY,EAST,many,B\n"
    answer = http.post("/imports/stock", content=sheet, headers={"content-type": "text/csv"})
    assert answer.status_code == 422
    assert fields(answer) == {
        "row 2, location_code": "location-unknown",
        "row 3, item_no": "item-unknown",
        "row 3, quantity": "quantity-invalid",
    }


def test_an_import_is_tried_and_then_done(http: httpx.Client, client: Client) -> None:
    sheet = "location_code,description\nNORTH,North\n"
    headers = {"content-type": "text/csv", "idempotency-key": "sheet-1"}
    tried = http.post("/imports/locations?preview=true", content=sheet, headers=headers)
    assert tried.json()["outcome"]["is_preview"]
    assert "NORTH" not in [place.location_code for place in client.locations()]
    for repeated in (False, True):
        done = http.post("/imports/locations", content=sheet, headers=headers)
        assert done.json()["outcome"]["is_repeated"] is repeated
    assert "NORTH" in [place.location_code for place in client.locations()]
