"""Traces by OpenTelemetry, sent where ``OTEL_EXPORTER_OTLP_ENDPOINT`` says; without it, none.

OpenTelemetry is imported only then: it is an extra, and it costs every request something.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from earmark import __version__
from earmark.errors import ValueInvalid

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
_FAULT = 500


def provider() -> TracerProvider | None:
    """Where traces go; none where nobody has said so."""
    if not os.environ.get(ENDPOINT):
        return None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
            OTLPSpanExporter,
        )
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ImportError:
        why = "traces need OpenTelemetry: pip install 'earmark[telemetry]'"
        raise ValueInvalid(field=ENDPOINT, value=os.environ[ENDPOINT], why=why) from None
    named = {"service.name": "earmark", "service.version": __version__}
    made = TracerProvider(resource=Resource.create(named))
    made.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return made


class Tracing:
    """A span for every request, a part of the trace that its ``traceparent`` names."""

    def __init__(self, app: ASGIApp, traces: Any) -> None:  # noqa: ANN401 - an extra's type
        """Around an application."""
        from opentelemetry.propagate import extract  # noqa: PLC0415
        from opentelemetry.trace import SpanKind  # noqa: PLC0415

        self.app = app
        self._tracer = traces.get_tracer("earmark", __version__)
        self._extract, self._kind = extract, SpanKind.SERVER

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, within a span."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        context = self._extract(dict(Headers(scope=scope)))
        method = scope["method"]
        with self._tracer.start_as_current_span(method, context, kind=self._kind) as span:

            async def watched(message: Message) -> None:
                if message["type"] == "http.response.start":
                    _describe(span, scope, message["status"])
                await send(message)

            await self.app(scope, receive, watched)


def _describe(span: Any, scope: Scope, status: int) -> None:  # noqa: ANN401 - an extra's type
    route = getattr(scope.get("route"), "path", "")
    span.update_name(f"{scope['method']} {route}".rstrip())
    told = {
        "http.request.method": scope["method"],
        "http.route": route,
        "url.path": scope["path"],
        "http.response.status_code": status,
        "enduser.id": scope.get("state", {}).get("user", ""),
        "error.type": scope.get("state", {}).get("code", ""),
    }
    for name, value in told.items():
        if value != "":
            span.set_attribute(name, value)
    if status >= _FAULT:
        from opentelemetry.trace import StatusCode  # noqa: PLC0415

        span.set_status(StatusCode.ERROR)
