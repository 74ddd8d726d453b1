"""What somebody chooses for his browser: where he works, light or dark."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from earmark.core.spelling import cleaned
from earmark.http.identity import anybody
from earmark.usecases import looking_up
from earmark.web.asking import Reader, Served
from earmark.web.rendering import dialog, done, pages
from earmark.web.shell import served_places

A_YEAR = 365 * 24 * 3600

router = pages()


@router.get("/", dependencies=[Depends(anybody)])
def beginning(request: Request) -> Response:
    """The first of the places that are served."""
    return RedirectResponse(served_places(request)[0].path, 307)


@router.get("/settings")
def settings(request: Request, asking: Reader, served: Served) -> Response:
    """The dialog of the settings."""
    locations = [code for code, x in looking_up.locations(served).items() if not x.is_in_transit]
    return dialog(request, asking, "settings.html", locations=locations, who=asking)


@router.post("/settings")
def save_settings(
    request: Request,
    _asking: Reader,
    location: Annotated[str, Form()] = "",
    theme: Annotated[str, Form()] = "",
) -> Response:
    """Keep them in the browser."""
    location = cleaned(location, "Location")
    answer = done(reload=True)
    for name, value in (("location", location), ("theme", theme)):
        secure = request.url.scheme == "https"
        answer.set_cookie(name, quote(value), max_age=A_YEAR, samesite="lax", secure=secure)
    return answer
