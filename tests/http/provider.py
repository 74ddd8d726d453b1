"""A real identity provider in a thread of the test, and somebody who signs in at it.

It checks what ours should: that the code comes back with the verifier of the challenge (PKCE).
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import flask
import httpx
from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]
from werkzeug.serving import make_server

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what it uses of authlib is on its way out
    import oidc_provider_mock  # type: ignore[import-untyped]


@dataclass(slots=True)
class Provider:
    """The provider: where it is, and what it was asked with."""

    address: str = ""
    challenges: dict[str, str] = field(default_factory=dict)
    verified: list[str] = field(default_factory=list)
    changes: dict[str, Any] = field(default_factory=dict)
    """What its answers say instead, by path: it may be set to lie."""

    def knows(self, subject: str, claims: Mapping[str, object]) -> None:
        """Somebody has an account there."""
        httpx.put(f"{self.address}/users/{subject}", json=dict(claims)).raise_for_status()

    def sign_in(self, sent_to: str, subject: str) -> str:
        """Somebody signs in there as this subject; gives where he is sent back to."""
        answer = httpx.post(sent_to, data={"sub": subject})
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]

    def _before(self) -> None:
        if flask.request.path == "/oauth2/authorize" and flask.request.method == "POST":
            asked = flask.request.args
            assert asked["code_challenge_method"] == "S256"
            self.challenges[asked["state"]] = asked["code_challenge"]
        if flask.request.path == "/oauth2/token":
            verifier = flask.request.form["code_verifier"]
            assert create_s256_code_challenge(verifier) in self.challenges.values()
            self.verified.append(verifier)

    def _after(self, answer: flask.Response) -> flask.Response:
        if flask.request.path in self.changes:
            answer = self.changes[flask.request.path](answer)
        return answer


def query_of(address: str) -> dict[str, str]:
    """The parameters of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


@contextmanager
def provider() -> Iterator[Provider]:
    """A provider for the length of the block."""
    made = Provider()
    app = oidc_provider_mock.app(require_nonce=True)
    app.before_request(made._before)
    app.after_request(made._after)
    server = make_server("localhost", 0, app, threaded=True)
    made.address = f"http://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join(timeout=30)
        server.server_close()
