"""Problem details made refusals again: the classes of ``earmark.errors``, by their codes."""

from __future__ import annotations

from functools import cache
from typing import Any

import httpx

from earmark.errors import EarmarkError, every_error
from earmark.errors.requests import ServerUnusable

PROBLEM = "application/problem+json"


def refusal_of(answer: httpx.Response) -> EarmarkError:
    """The refusal that an answer tells."""
    if not answer.headers.get("content-type", "").startswith(PROBLEM):
        why = f"it answered {answer.status_code} without saying why"
        return ServerUnusable(address=str(answer.url.copy_with(path="/", query=None)), why=why)
    return refusal_from(answer.json())


def refusal_from(details: dict[str, Any]) -> EarmarkError:
    """The refusal that problem details tell, with the sentence and the facts that they tell."""
    kind = _by_code().get(str(details.get("code")), EarmarkError)
    refusal = kind.__new__(kind)
    Exception.__init__(refusal, str(details.get("detail", "")))
    refusal.facts = {**details.get("facts", {})}
    if "errors" in details:
        refusal.facts["errors"] = details["errors"]
    return refusal


@cache
def _by_code() -> dict[str, type[EarmarkError]]:
    return {error.code: error for error in every_error()}
