"""Whatever is sent to the API, it answers as its document says, and never with an error of its own.

Schemathesis makes requests from the document, right ones and wrong ones, for every operation; the
company of the demonstration answers. With ``EARMARK_PROFILE=torture`` it tries hard.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

import earmark
from earmark.http.serving import Serving
from earmark.usecases import demonstration
from tests.serving import served

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
    allow_header_conformance,
]
ENDLESS = ("GET", "/api/v1/events/stream")
"""A stream: it is answered as long as somebody listens."""
EXAMPLES = min(max(settings.default.max_examples // 40, 3), 500) if settings.default else 3


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the company of the demonstration is served."""
    database = earmark.open("sqlite:///:memory:", lambda: demonstration.NOW)
    demonstration.fill(database)
    with served(Serving(database=database, open_to="Ana")) as at:
        yield at
    findings = earmark.verify(database)
    database.close()
    assert findings == ()


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_answer_is_one_that_the_document_declares(address: str, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_url(f"{address}/api/openapi.json")
    failed = []
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        if (operation.method.upper(), operation.path) == ENDLESS:
            continue
        try:
            _try(operation, mode, address)
        except BaseExceptionGroup as failures:
            failed.append(f"{operation.label}: {failures.exceptions[0]}")
    assert not failed, "\n\n".join(failed)


def _named(operation: Any) -> dict[str, str] | None:  # noqa: ANN401
    """A line that exists: schemathesis puts no slash into an address, and a line has one."""
    return {"line": "SO4711/2"} if "{line}" in operation.path else None


def _try(operation: Any, mode: GenerationMode, address: str) -> None:  # noqa: ANN401
    """Ask for an operation many times, each time otherwise."""

    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode, path_parameters=_named(operation)))
    def ask(case: Any) -> None:  # noqa: ANN401
        case.call_and_validate(base_url=address, checks=CHECKS, timeout=60)

    ask()
