"""No other site acts in the name of whoever is signed in here.

Three lines of defence, each enough by itself in a browser of this decade. The session cookie is
``SameSite=Lax``. A changing request must say, where a browser says at all (``Sec-Fetch-Site``,
``Origin``), that one of our own pages sent it. And it carries a token that only our own pages can
read: every page has it in ``<meta name="csrf-token">``; scripts send it as ``X-CSRF-Token``, plain
forms as the hidden field ``csrf_token``.

A request with an ``Authorization`` header needs none of it, since no browser adds that by itself
and the cookie is then not looked at. Nor does one without any trace of a browser: forging needs
one. In that case it has no session cookie either, so it comes in only where all may.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from urllib.parse import urlsplit

from fastapi import Request

from earmark.errors.access import CrossSite, PageStale
from earmark.http import cookies
from earmark.http.serving import serving

HEADER = "x-csrf-token"
FIELD = "csrf_token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_SALT = 9
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def token_for(request: Request) -> str:
    """The token for the page that answers this request; another text each time.

    It is derived from the secret of the session, so that nothing is stored, and it ends with it.
    """
    return _signed(request, secrets.token_bytes(_SALT))


def _signed(request: Request, salt: bytes) -> str:
    proof = hmac.digest(_secret(request), b"csrf" + salt, "sha256")
    return base64.urlsafe_b64encode(salt + proof).decode().rstrip("=")


def _secret(request: Request) -> bytes:
    """What only this browser and we know; where all may come in, what only our pages know."""
    bound = (
        cookies.read(request, cookies.SESSION)
        or getattr(request.state, "visit", "")
        or cookies.read(request, cookies.VISIT)
    )
    return bound.encode() if bound else serving(request).secret


async def check(request: Request) -> None:
    """Refuse a changing request that one of our own pages did not send.

    A dependency of the whole application: no route can forget it.
    """
    if request.method in SAFE or "authorization" in request.headers:
        return
    _check_origin(request)
    if not _is_browser(request):
        return
    sent = request.headers.get(HEADER) or await _field(request)
    if not _is_ours(request, sent):
        raise PageStale


def _check_origin(request: Request) -> None:
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin")
    if site not in ("same-origin", "none"):
        raise CrossSite(origin=origin or site)
    if origin is not None and origin.partition("://")[2] not in _own_hosts(request):
        raise CrossSite(origin=origin)


def _own_hosts(request: Request) -> tuple[str, ...]:
    public = urlsplit(serving(request).public_url).netloc
    return tuple(filter(None, (request.headers.get("host"), public)))


def _is_browser(request: Request) -> bool:
    return any(name in request.headers for name in ("cookie", "origin", "sec-fetch-site"))


async def _field(request: Request) -> str:
    if not request.headers.get("content-type", "").startswith(_FORMS):
        return ""
    return str((await request.form()).get(FIELD, ""))


def _is_ours(request: Request, sent: str) -> bool:
    try:
        salt = base64.urlsafe_b64decode(sent + "=" * (-len(sent) % 4))[:_SALT]
    except ValueError:
        return False
    return hmac.compare_digest(sent.encode(), _signed(request, salt).encode())
