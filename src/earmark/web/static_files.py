"""Style sheets, scripts and fonts, served from the package with their digest in the address.

One digest stands for all of them, as a folder: scripts import each other and style sheets name
fonts by relative paths, and a browser may keep what it has for ever.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse

FOLDER = Path(__file__).parent / "static"
_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".txt": "text/plain",
}

router = APIRouter(include_in_schema=False)


@cache
def files() -> dict[str, Path]:
    """Every file that is served, by its path below the folder."""
    found = sorted(path for path in FOLDER.rglob("*") if path.suffix in _TYPES)
    return {path.relative_to(FOLDER).as_posix(): path for path in found}


@cache
def digest() -> str:
    """What the files hold, in twelve characters."""
    together = hashlib.sha256()
    for name, path in files().items():
        together.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return together.hexdigest()[:12]


def address(name: str) -> str:
    """Where a file is served; a name that does not exist is our own mistake."""
    assert name in files(), f"there is no static file {name}"
    return f"/static/{digest()}/{name}"


@router.get("/static/{of}/{name:path}")
def static(of: str, name: str) -> FileResponse:
    """One file; under a digest that is not today's it is not to be kept."""
    path = files().get(name)
    if path is None:
        raise HTTPException(404, f"There is no file {name}.")
    kept = "public, max-age=31536000, immutable" if of == digest() else "no-cache"
    return FileResponse(path, media_type=_TYPES[path.suffix], headers={"Cache-Control": kept})


@router.get("/favicon.ico")
def favicon() -> FileResponse:
    """The mark."""
    return static(digest(), "mark.svg")
