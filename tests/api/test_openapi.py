"""The OpenAPI document says what happens: routes, refusals, and examples that are true."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI

import earmark
from earmark.api.operations import PREFIX
from earmark.http.serving import Serving
from earmark.server import application
from tests.api import examples


@pytest.fixture(scope="module")
def app() -> Iterator[FastAPI]:
    """An application that nobody asks anything."""
    database = earmark.open("sqlite:///:memory:")
    opened = application(Serving(database=database, open_to="Ana"))
    yield opened
    opened.state.imports.close()
    database.close()


SENT_ELSEWHERE = ("try_webhook", "redeliver")
"""What they answer is what somebody else's server says."""


def operations(app: FastAPI) -> dict[str, Any]:
    """Every operation of the document, by method and path."""
    return {
        f"{method.upper()} {path}": operation
        for path, methods in app.openapi()["paths"].items()
        for method, operation in methods.items()
    }


def test_the_document_is_of_openapi_3_1_and_loads_nothing_from_elsewhere(app: FastAPI) -> None:
    told = app.openapi()
    assert told["openapi"].startswith("3.1")
    assert "http" not in " ".join(told["components"])


def test_every_operation_says_what_it_is_and_shows_an_example(app: FastAPI) -> None:
    silent = []
    for name, operation in operations(app).items():
        answers = operation["responses"]
        content = answers.get("201", answers.get("200", {})).get("content", {})
        if operation["operationId"] in SENT_ELSEWHERE or "application/json" not in content:
            continue
        answer = content["application/json"]
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        if not operation["summary"] or "example" not in answer or (body and "example" not in body):
            silent.append(name)
    assert not silent


def test_the_examples_are_what_the_demonstration_answers() -> None:
    same = examples.FILE.read_text(encoding="utf-8") == examples.text()
    assert same, "stale examples; write them: .venv/bin/python -m tests.api.examples"


def test_every_operation_declares_its_refusals(app: FastAPI) -> None:
    for name, operation in operations(app).items():
        declared = set(operation["responses"])
        assert {"400", "401", "403", "404", "409", "422", "503"} <= declared, name
        if not name.startswith("GET"):
            assert {"408", "412", "413", "415"} <= declared, name


def test_quantities_are_texts(app: FastAPI) -> None:
    schemas = app.openapi()["components"]["schemas"]
    assert schemas["Outcome"]["properties"]["reserved"]["type"] == "string"
    assert schemas["Outcome"]["properties"]["moment"]["type"] == "string"


def test_every_reference_of_the_document_leads_somewhere(app: FastAPI) -> None:
    told = app.openapi()
    for ref in references(told):
        found: Any = told
        for step in ref.removeprefix("#/").split("/"):
            found = found[step]


def references(part: Any) -> list[str]:  # noqa: ANN401
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [ref for value in part.values() for ref in references(value)]
    if isinstance(part, list):
        return [ref for value in part for ref in references(value)]
    return []


def test_all_of_the_api_stands_under_its_address(app: FastAPI) -> None:
    assert all(path.startswith(PREFIX) for path in app.openapi()["paths"])
