"""Under which names the server answers.

Where nobody needs to sign in, a page of another site could have its own name resolve to this
machine (DNS rebinding) and read everything as if it were one of ours. So a name that is not ours
gets no answer at all.
"""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from earmark.errors.access import HostUnknown
from earmark.http.problems import answer
from earmark.http.serving import Serving


class KnownHosts:
    """Answers only requests for a host that is ours."""

    def __init__(self, app: ASGIApp, serving: Serving) -> None:
        """Around an application."""
        self.app = app
        self.serving = serving

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is meant for us."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
        if is_known(self.serving, host):
            await self.app(scope, receive, send)
        else:
            scope.setdefault("state", {})["code"] = HostUnknown.code
            await answer(HostUnknown(host=host))(scope, receive, send)


def is_known(serving: Serving, host: str) -> bool:
    """Whether a ``Host`` header names this server."""
    name = _without_port(host).lower()
    if "*" in serving.hosts or name in (*serving.hosts, urlsplit(serving.public_url).hostname):
        return True
    if serving.open_to or serving.owner or serving.hosts:
        return is_loopback(name)
    return True


def _without_port(host: str) -> str:
    """The name or address in a ``Host`` header: ``[::1]:8321`` is ``::1``."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def is_loopback(name: str) -> bool:
    """Whether a host's name or address can only be this machine."""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
