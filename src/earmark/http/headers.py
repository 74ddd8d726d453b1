"""What a browser is told about every answer: what it may load, and who may frame or read it."""

from __future__ import annotations

import re
from urllib.parse import quote

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from earmark.http.serving import is_https

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'"
)
ON_EVERY_ANSWER = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
}
STRICT_TRANSPORT = "max-age=31536000"


_NOT_IN_A_FILE_NAME = re.compile(r"[^\w .,()\[\]{}+=@!#$&~^-]")
"""Slashes, quotes and whatever else some system does not take in the name of a file."""


def attachment(name: str) -> str:
    r"""The header by which a browser keeps an answer as a file of any name (RFC 6266, RFC 8187).

    >>> attachment("SO/2026 Ä.csv")
    'attachment; filename="SO-2026 _.csv"; filename*=UTF-8\'\'SO-2026%20%C3%84.csv'
    """
    kept = _NOT_IN_A_FILE_NAME.sub("-", name)
    plain = "".join(c if c.isascii() else "_" for c in kept)
    told = f'attachment; filename="{plain}"'
    return told if plain == kept else f"{told}; filename*=UTF-8''{quote(kept, safe='')}"


class SecurityHeaders:
    """Adds them; a header that the answer has already stays as it is."""

    def __init__(self, app: ASGIApp) -> None:
        """Around an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and complete the head of the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def completed(message: Message) -> None:
            if message["type"] == "http.response.start":
                _complete(MutableHeaders(scope=message), Request(scope))
            await send(message)

        await self.app(scope, receive, completed)


def _complete(headers: MutableHeaders, request: Request) -> None:
    for name, value in ON_EVERY_ANSWER.items():
        headers.setdefault(name, value)
    if headers.get("content-type", "").startswith("text/html"):
        # A page seen before signing out must not come back with the Back button.
        headers.setdefault("cache-control", "no-store")
    if is_https(request):
        headers.setdefault("strict-transport-security", STRICT_TRANSPORT)
