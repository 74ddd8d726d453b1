"""Importing a sheet: choose, check, see every wrong row, enter; with progress and a way back."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, File, Form, Request, Response, UploadFile
from fastapi.responses import HTMLResponse

from earmark.errors import ValueInvalid
from earmark.sheets import Dialect
from earmark.usecases.exchange import Subject, columns
from earmark.web.asking import Keeper, Served
from earmark.web.imports import Import, Imports, sentence
from earmark.web.rendering import done, environment, page, pages

ERRORS_SHOWN = 500
DELIMITERS = {"": "found out", ",": "comma", ";": "semicolon", "\t": "tab"}
MARKS = {"": "found out", ".": "point 1.5", ",": "comma 1,5"}

router = pages()


def imports(request: Request) -> Imports:
    """The imports of this application."""
    found: Imports = request.app.state.imports
    return found


Known = Annotated[Imports, Depends(imports)]


@router.get("/import")
def importing(request: Request, asking: Keeper, what: str = Subject.ITEMS.value) -> Response:
    """Which sheet, of what, written how."""
    return page(
        request,
        asking,
        "import.html",
        subjects={subject: columns(subject) for subject in Subject},
        chosen=what,
        delimiters=DELIMITERS,
        marks=MARKS,
    )


@router.post("/import")
def check_file(
    asking: Keeper,
    served: Served,
    known: Known,
    file: Annotated[UploadFile, File()],
    what: Annotated[Subject, Form()],
    delimiter: Annotated[str, Form()] = "",
    decimal_mark: Annotated[str, Form()] = "",
) -> Response:
    """Take the file and check it row by row; nothing is saved."""
    if not file.filename:
        raise ValueInvalid(field="File", value="", why="choose a file first")
    begun = known.begin(
        served,
        what=what,
        name=file.filename,
        content=file.file.read(),
        dialect=Dialect(delimiter, decimal_mark),
        by=asking.user,
    )
    return done(watch=f"/import/{begun.no}")


@router.get("/import/{no}")
def state(asking: Keeper, known: Known, no: str) -> Response:
    """How far it is, or what came of it: a part of the page."""
    return _part(known.find(no, asking.user))


@router.post("/import/{no}/enter")
def enter(asking: Keeper, served: Served, known: Known, no: str) -> Response:
    """Enter all of its rows, or none."""
    begun = known.enter(no, asking.user, served)
    return done(watch=f"/import/{begun.no}")


@router.post("/import/{no}/cancel")
def cancel(asking: Keeper, known: Known, no: str) -> Response:
    """Stop reading; nothing has been saved."""
    found = known.find(no, asking.user)
    found.is_cancelled = True
    return done(watch=f"/import/{found.no}")


def _part(found: Import) -> HTMLResponse:
    text = (
        environment()
        .get_template("import_state.html")
        .render(
            found=found,
            refused=sentence(found.refusal, found.name) if found.refusal else "",
            shown=found.errors[:ERRORS_SHOWN],
            more=max(len(found.errors) - ERRORS_SHOWN, 0),
        )
    )
    return HTMLResponse(text, headers={"Cache-Control": "no-store"})
