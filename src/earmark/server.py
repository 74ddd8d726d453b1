"""The faces over HTTP, the API and the pages, on one database."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio.to_thread
import uvicorn
from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from earmark import __version__
from earmark.api import events, openapi, scanning, webhooks
from earmark.api.router import router as api
from earmark.errors import EarmarkError
from earmark.http import csrf, health, metrics, problems, streams, tracing
from earmark.http.addresses import NamesInAddresses
from earmark.http.headers import SecurityHeaders
from earmark.http.hosts import KnownHosts
from earmark.http.limits import BodyLimits
from earmark.http.live import Feed
from earmark.http.observing import Figures, Observing
from earmark.http.protocol import PatientProtocol
from earmark.http.serving import Serving
from earmark.http.webhooks import delivering
from earmark.web.imports import Imports
from earmark.web.router import router as pages

THREADS = 8
"""Use cases at work at once: more threads than that only wait for the database."""
WRITERS = 8
"""Commands over the API have threads of their own: what waits for a lock holds up no reader."""
PATIENCE_S = 5
"""Nobody waits longer than this for what another transaction has locked."""


def application(serving: Serving) -> FastAPI:
    """The application that serves a database; it does not close it."""
    app = FastAPI(
        title="Earmark",
        version=__version__,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        dependencies=[Depends(csrf.check)],
    )
    app.add_middleware(NamesInAddresses)
    app.add_middleware(KnownHosts, serving=serving)
    app.add_middleware(BodyLimits, limits=serving.limits)
    app.add_middleware(SecurityHeaders)
    app.state.figures = Figures()
    app.add_middleware(Observing, figures=app.state.figures)
    app.state.traces = tracing.provider()
    if app.state.traces is not None:
        app.add_middleware(tracing.Tracing, traces=app.state.traces)
    app.state.serving = serving
    app.state.feed = Feed(serving.database)
    app.state.imports = Imports()
    app.state.waiting = {}
    app.add_exception_handler(EarmarkError, problems.problem)
    app.add_exception_handler(RequestValidationError, problems.invalid_parameters)
    app.add_exception_handler(HTTPException, problems.unknown_address)
    app.include_router(health.router)
    app.include_router(metrics.router)
    app.include_router(api)
    app.include_router(pages)
    app.include_router(streams.router)
    app.include_router(events.router)
    app.include_router(scanning.router)
    app.include_router(webhooks.router)
    app.openapi = lambda: _document(app)  # type: ignore[method-assign]  # FastAPI's own way
    return app


def _document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, written when it is first asked for."""
    if app.openapi_schema is None:
        app.openapi_schema = openapi.document(app)
    return app.openapi_schema


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
    serves: Serving = app.state.serving
    serves.database.serve(patience=PATIENCE_S)
    app.state.writers = anyio.CapacityLimiter(WRITERS)
    with delivering(
        serves.database, serves.event_source, allows_private=serves.allows_private_webhooks
    ):
        yield
    app.state.imports.close()
    if app.state.traces is not None:
        await anyio.to_thread.run_sync(app.state.traces.shutdown)


def configured(app: FastAPI) -> uvicorn.Config:
    """How an :func:`application` is served: by a protocol that waits for nobody for ever."""
    return uvicorn.Config(
        app,
        http=PatientProtocol,
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=15,
    )


class Server(uvicorn.Server):
    """Serves an :func:`application`; on its way out it ends the streams of those who listen.

    Without that it would wait for them to go, and they for it.
    """

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then everything else."""
        app = self.config.app
        assert isinstance(app, FastAPI)
        await anyio.to_thread.run_sync(app.state.feed.close)
        await super().shutdown(sockets)
