"""``/metrics``: figures for Prometheus, for whoever may read."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from earmark.core.roles import Operation
from earmark.http.identity import may
from earmark.http.observing import Figures

router = APIRouter(include_in_schema=False)


def figures(request: Request) -> Figures:
    """The figures of the application that serves this request."""
    found: Figures = request.app.state.figures
    return found


@router.get("/metrics", dependencies=[Depends(may(Operation.READ))])
def metrics(request: Request) -> Response:
    """All figures as they are now."""
    return Response(generate_latest(figures(request).registry), media_type=CONTENT_TYPE_LATEST)
