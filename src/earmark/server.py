"""The faces over HTTP, the API and the pages, on one database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio.to_thread
from fastapi import Depends, FastAPI

from earmark import __version__
from earmark.errors import EarmarkError
from earmark.http import csrf, health, problems
from earmark.http.headers import SecurityHeaders
from earmark.http.hosts import KnownHosts
from earmark.http.serving import Serving
from earmark.web.router import router as pages

THREADS = 8
"""Use cases at work at once: more threads than that only wait for the database."""


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
    app.add_middleware(KnownHosts, serving=serving)
    app.add_middleware(SecurityHeaders)
    app.state.serving = serving
    app.add_exception_handler(EarmarkError, problems.problem)
    app.include_router(health.router)
    app.include_router(pages)
    return app


@asynccontextmanager
async def _lifespan(_app: FastAPI) -> AsyncIterator[None]:
    anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
    yield
