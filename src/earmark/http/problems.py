"""Refusals as answers: problem details (RFC 9457) with our code and facts."""

from __future__ import annotations

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from earmark.errors import (
    Busy,
    EarmarkError,
    InvalidRequest,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Refused,
    Unusable,
)
from earmark.errors.access import (
    CrossSite,
    PageStale,
    ProviderRefused,
    SignInFailed,
    TooManyAttempts,
)

TRY_LATER = 429

_STATUS: dict[type[EarmarkError], int] = {
    NotSignedIn: 401,
    NotAllowed: 403,
    ProviderRefused: 403,
    SignInFailed: 401,
    TooManyAttempts: TRY_LATER,
    CrossSite: 403,
    PageStale: 403,
    InvalidRequest: 422,
    NotFound: 404,
    Refused: 409,
    Busy: 409,
    Unusable: 503,
}


def status_of(refusal: EarmarkError) -> int:
    """The HTTP status of a refusal: its own, or that of its kind."""
    return next(_STATUS[kind] for kind in type(refusal).__mro__ if kind in _STATUS)


def problem(_request: Request, refusal: Exception) -> Response:
    """A refusal as an answer."""
    assert isinstance(refusal, EarmarkError)
    status = status_of(refusal)
    body = {
        "type": "about:blank",
        "title": refusal.code,
        "status": status,
        "code": refusal.code,
        "detail": refusal.message,
    }
    headers = {"retry-after": str(refusal.facts["seconds"])} if status == TRY_LATER else None
    return JSONResponse(body, status, headers, media_type="application/problem+json")
