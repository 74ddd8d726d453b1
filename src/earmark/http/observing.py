"""What is seen of a server at work: a log line and figures for every request.

A request has a number, its own or the one that came as ``X-Request-Id``; the log names it with who
asked, the route, the status, the code of a refusal and how long it took, and so does the answer.
Neither address parameters nor headers are logged: some of them are secrets.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
from itertools import count
from typing import Any

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from earmark.core.outcome import Outcome
from earmark.errors.requests import Fault
from earmark.http.problems import answer

log = structlog.wrap_logger(
    logging.getLogger("earmark"),
    wrapper_class=structlog.stdlib.BoundLogger,
    processors=[
        structlog.stdlib.filter_by_level,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
)
"""Goes where the standard library's logger ``earmark`` is told to go; see ``logs``."""
_NUMBER = re.compile(r"[\w.:-]{1,64}")
_STEPS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Figures:
    """The metrics of one application, as Prometheus reads them."""

    def __init__(self) -> None:
        """Nothing has been counted."""
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._requests = Counter(
            "earmark_http_requests",
            "Requests by route and status.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "earmark_http_request_seconds",
            "How long requests take, by route.",
            ("method", "route"),
            buckets=_STEPS,
            registry=self.registry,
        )
        self._refusals = Counter(
            "earmark_refusals", "Refusals by code.", ("code",), registry=self.registry
        )
        self._commands = Counter(
            "earmark_commands", "What was done, by verb.", ("verb",), registry=self.registry
        )
        self._reservations = Counter(
            "earmark_reservations",
            "Requests to reserve that were served in full, in part or not at all.",
            ("served",),
            registry=self.registry,
        )

    def count_request(self, seen: Seen) -> None:
        """Count a request that is over."""
        self._requests.labels(seen.method, seen.route, seen.status).inc()
        self._seconds.labels(seen.method, seen.route).observe(seen.seconds)
        if seen.code:
            self._refusals.labels(seen.code).inc()

    def count_outcome(self, outcome: Outcome) -> None:
        """Count what was done; neither what was only tried nor what was told again."""
        if outcome.is_preview or outcome.is_repeated:
            return
        self._commands.labels(outcome.verb).inc()
        if outcome.verb == "reserve":
            served = "none" if not outcome.reserved else "part" if outcome.shortfall else "full"
            self._reservations.labels(served).inc()

    def count_refusal(self, code: str) -> None:
        """Count what was refused of one line among many."""
        self._refusals.labels(code).inc()


class Seen:
    """What is seen of one request."""

    def __init__(self, scope: Scope, number: str) -> None:
        """As it begins; ``number`` is what it is called where it does not say so itself."""
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        self.number = given if _NUMBER.fullmatch(given) else number
        self.method: str = scope["method"]
        self.status = 0
        self._began = time.perf_counter()
        self._scope = scope

    @property
    def seconds(self) -> float:
        """How long it has taken."""
        return time.perf_counter() - self._began

    @property
    def route(self) -> str:
        """The route as it is declared, so that figures do not grow with every line there is."""
        return getattr(self._scope.get("route"), "path", "") or "none"

    @property
    def code(self) -> str:
        """The code of the refusal, if it was refused."""
        return str(self._said("code"))

    @property
    def facts(self) -> dict[str, Any]:
        """What the log says."""
        facts = {
            "request_id": self.number,
            "user": self._said("user"),
            "method": self.method,
            "path": self._scope["path"],
            "status": self.status,
            "code": self.code,
            "milliseconds": round(self.seconds * 1000, 1),
        }
        return {name: fact for name, fact in facts.items() if fact != ""}

    def _said(self, name: str) -> object:
        return self._scope.get("state", {}).get(name, "")


class Observing:
    """Sees every request, whatever becomes of it; what goes wrong is answered and logged."""

    def __init__(self, app: ASGIApp, figures: Figures) -> None:
        """Around an application."""
        self.app = app
        self.figures = figures
        # Numbers of one process follow each other: asking the system for randomness on every
        # request would let go of the interpreter, and wait for it while the use cases work.
        self._process = secrets.token_hex(4)
        self._numbers = count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, watch the answer, and tell."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope.setdefault("state", {})
        seen = Seen(scope, f"{self._process}-{next(self._numbers):x}")

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.status = message["status"]
                MutableHeaders(scope=message)["x-request-id"] = seen.number
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception:
            log.exception("fault", **seen.facts)
            if seen.status:
                raise  # half an answer is out; the connection ends with it
            scope["state"]["code"] = Fault.code
            await answer(Fault(number=seen.number))(scope, receive, watched)
        finally:
            self.figures.count_request(seen)
            log.info("request", **seen.facts)
