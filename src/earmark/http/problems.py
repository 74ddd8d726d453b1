"""Refusals as answers: problem details (RFC 9457) with our code and facts.

``type`` is ``urn:earmark:problem:`` and the code, which is stable for ever; ``title`` says when a
request is refused so, ``detail`` is the sentence of this very refusal, ``facts`` what it compared.
Where fields are wrong, ``errors`` names every one of them: ``{field, message, code}``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from earmark.errors import (
    Busy,
    EarmarkError,
    FileUnusable,
    InvalidRequest,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Refused,
    Unusable,
)
from earmark.errors.access import (
    CrossSite,
    HostUnknown,
    PageStale,
    ProviderRefused,
    SignInFailed,
    TooManyAttempts,
)
from earmark.errors.requests import (
    BodyTooLarge,
    BodyTooSlow,
    BodyUnreadable,
    ChangedMeanwhile,
    CursorInvalid,
    Fault,
    FieldsInvalid,
    Locked,
    MediaTypeUnknown,
    MethodUnknown,
    PathUnknown,
)
from earmark.http.addresses import shown
from earmark.http.plain import plain, to_json

MEDIA_TYPE = "application/problem+json"
TYPE = "urn:earmark:problem:"
TRY_LATER = 429

_STATUS: dict[type[EarmarkError], int] = {
    BodyUnreadable: 400,
    CursorInvalid: 400,
    NotSignedIn: 401,
    SignInFailed: 401,
    NotAllowed: 403,
    ProviderRefused: 403,
    CrossSite: 403,
    PageStale: 403,
    NotFound: 404,
    MethodUnknown: 405,
    BodyTooSlow: 408,
    Refused: 409,
    Locked: 503,
    Busy: 409,
    ChangedMeanwhile: 412,
    BodyTooLarge: 413,
    MediaTypeUnknown: 415,
    HostUnknown: 421,
    InvalidRequest: 422,
    FileUnusable: 422,  # over HTTP a file is what somebody sent
    TooManyAttempts: TRY_LATER,
    Fault: 500,
    Unusable: 503,
}
_METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT")


def status_of(refusal: EarmarkError) -> int:
    """The HTTP status of a refusal: its own, or that of its kind."""
    return status_of_kind(type(refusal))


def status_of_kind(kind: type[EarmarkError]) -> int:
    """The HTTP status of a sort of refusal."""
    return next(_STATUS[known] for known in kind.__mro__ if known in _STATUS)


def problem(request: Request, refusal: Exception) -> Response:
    """A refusal as an answer."""
    assert isinstance(refusal, EarmarkError)
    request.state.code = refusal.code
    return answer(refusal)


def answer(refusal: EarmarkError) -> Response:
    """A refusal as an answer to nobody in particular."""
    status = status_of(refusal)
    return Response(to_json(details(refusal)), status, _headers(refusal), MEDIA_TYPE)


def details(refusal: EarmarkError) -> dict[str, Any]:
    """The problem details of a refusal."""
    facts = {name: plain(fact) for name, fact in refusal.facts.items() if name != "errors"}
    told = {
        "type": f"{TYPE}{refusal.code}",
        "title": title_of(type(refusal)),
        "status": status_of(refusal),
        "code": refusal.code,
        "detail": refusal.message,
        "facts": facts,
    }
    errors: Any = refusal.facts.get("errors")
    return {**told, "errors": [_error(one) for one in errors]} if errors else told


def _error(one: Any) -> dict[str, Any]:  # noqa: ANN401
    """One of many things that are wrong; in a sheet, a row and a column are the field."""
    error: dict[str, Any] = plain(one)
    if "row" not in error:
        return error
    column = error["column"]
    field = f"row {error['row']}, {column}" if column else f"row {error['row']}"
    return {"field": field, "message": error["message"], "code": error["code"]}


def title_of(kind: type[EarmarkError]) -> str:
    """When one is refused so, in a sentence."""
    return " ".join((kind.__doc__ or "").split())


def _headers(refusal: EarmarkError) -> dict[str, str]:
    """What a program needs to know of a refusal without reading it."""
    told = {name: str(fact) for name, fact in refusal.facts.items()}
    for kind, headers in _HEADERS.items():
        if isinstance(refusal, kind):
            return {name: value.format(**told) for name, value in headers.items()}
    return {}


_HEADERS: dict[type[EarmarkError], dict[str, str]] = {
    NotSignedIn: {"www-authenticate": 'Bearer realm="Earmark"'},
    TooManyAttempts: {"retry-after": "{seconds}"},
    MethodUnknown: {"allow": "{allowed}"},
    BodyTooLarge: {"connection": "close"},
    BodyTooSlow: {"connection": "close"},
    ChangedMeanwhile: {},  # the same again would be refused again
    Fault: {},
    FileUnusable: {},
    Locked: {"retry-after": "5"},
    Busy: {"retry-after": "1"},
    Unusable: {"retry-after": "5"},
}
"""The headers of a kind of refusal, the narrower kinds first."""


# -- What the framework refuses ----------------------------------------------------------------


def unknown_address(request: Request, error: Exception) -> Response:
    """An address or a method that does not exist, and whatever else the framework refuses."""
    assert isinstance(error, HTTPException)
    if isinstance(error.__cause__, EarmarkError):  # the framework met it while it read a form
        return problem(request, error.__cause__)
    path = shown(request.url.path)
    match error.status_code:
        case 404:
            return problem(request, PathUnknown(path=path))
        case 405:
            methods = ", ".join(_methods_for(request))
            return problem(
                request, MethodUnknown(method=request.method, path=path, allowed=methods)
            )
    return problem(request, BodyUnreadable(why=error.detail))


def _methods_for(request: Request) -> list[str]:
    """By which methods this address is asked; the framework names those of one route only."""
    return [method for method in _METHODS if _is_asked_by(request, method)]


def _is_asked_by(request: Request, method: str) -> bool:
    scope = {**request.scope, "method": method}
    return any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)


def invalid_parameters(request: Request, error: Exception) -> Response:
    """Parameters of the address or the head that are not what they must be, all at once."""
    assert isinstance(error, RequestValidationError)
    return problem(request, fields_invalid(error.errors(), skip=1))


def fields_invalid(found: Iterable[Mapping[str, Any]], *, skip: int = 0) -> EarmarkError:
    """The refusal that names every wrong field; ``skip`` steps of each place say where it stood."""
    errors = [field_error(one, skip) for one in found]
    first = f"{errors[0]['field'] or 'The body'}: {errors[0]['message']}."
    more = f" {len(errors) - 1} more fields are wrong." if len(errors) > 1 else ""
    return FieldsInvalid(first=first, more=more, errors=errors)


_CODES = {
    "missing": "missing",
    "extra_forbidden": "unknown-field",
    "too_long": "too-many",
    "string_too_long": "text-too-long",
    "quantity": "quantity-invalid",
    "enum": "not-a-choice",
}
_MESSAGES = {
    "missing": "it is missing",
    "extra_forbidden": "there is no such field",
    "too_long": "at most {max_length} are taken at once",
    "string_too_long": "at most {max_length} characters",
    "string_pattern_mismatch": "it holds characters that can not be kept",
    "timezone_aware": "a time needs a time zone, like 2026-12-31T14:20:00Z",
    "enum": "it is {expected}",
}


def field_error(found: Mapping[str, Any], skip: int = 0) -> dict[str, str]:
    """One wrong field: where it stands, what is wrong with it, and a code for programs."""
    sort = str(found["type"])
    told = _MESSAGES.get(sort, str(found["msg"])).format_map(found.get("ctx", {}))
    told = told.removeprefix("Value error, ").rstrip(".")
    if sort.startswith(("date_", "datetime_")):
        told, code = "it is not a date or time of the form 2026-12-31", "date-invalid"
    else:
        code = _CODES.get(sort, "value-invalid")
    return {"field": field_of(found["loc"][skip:]), "message": told, "code": code}


def field_of(steps: Sequence[int | str]) -> str:
    """A place in a body as people write it: ``documents[0].lines[1].quantity``."""
    written = ""
    for step in steps:
        if isinstance(step, int):
            written += f"[{step}]"
        elif not step.endswith(")"):  # which of several types was tried is no place
            written += f".{step}" if written else step
    return written
