"""Importing a sheet: the body is the file itself, CSV or XLSX; all of its rows, or none.

With ``?preview=true`` every row is checked and decided, and nothing is saved. Rows that are wrong
are all named, by their number in the file.
"""

from __future__ import annotations

from dataclasses import dataclass

import pydantic
from fastapi import APIRouter, Depends, Request, Response

from earmark import sheets
from earmark.api.asking import JSON, Circumstances, Errors, Part, check_media_type, circumstances_of
from earmark.api.operations import PREFIX, SERVED
from earmark.api.shapes import told
from earmark.core.commands import Command
from earmark.core.outcome import Outcome
from earmark.core.roles import Operation
from earmark.database.engine import Database
from earmark.http.identity import Caller, may
from earmark.http.plain import to_json
from earmark.http.problems import fields_invalid
from earmark.sheets import Dialect
from earmark.usecases.exchange import Subject, import_sheet

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {CSV: ".csv", "text/tab-separated-values": ".tsv", XLSX: ".xlsx"}
IMPORT = "/imports/{what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Import(Circumstances):
    """What a sheet is about, and how its cells are written, where the file does not say it.

    ``delimiter`` is a comma, a semicolon or a tab; ``decimal_mark`` a comma or a point.
    """

    what: Subject
    delimiter: str = ""
    decimal_mark: str = ""


class Imported(pydantic.BaseModel):
    """What was imported: how many rows, as how many records, and what it did."""

    what: Subject
    rows: int
    records: int
    outcome: told(Outcome)  # type: ignore[valid-type]


_PART = Part(Import, frozenset(), never=frozenset({"version"}))


@dataclass(frozen=True, slots=True)
class Sent:
    """An import as it was sent."""

    asked: Import
    content: bytes
    ending: str


async def sent(request: Request) -> Sent:
    """A dependency: the file, and what is said of it."""
    errors: Errors = []
    said = _PART.of_texts({**circumstances_of(request), **request.path_params}, errors)
    if errors:
        raise fields_invalid(errors)
    check_media_type(request, *TYPES)
    kind = request.headers["content-type"].partition(";")[0].strip().lower()
    return Sent(Import(**said), await request.body(), TYPES[kind])


router = APIRouter(include_in_schema=False)
_ALLOWED, _SENT = Depends(may(Operation.SET_UP)), Depends(sent)


@router.post(f"{PREFIX}{IMPORT}", name="import_sheet")
def import_(asking: Caller = _ALLOWED, given: Sent = _SENT, served: Database = SERVED) -> Response:
    """Enter all rows of a sheet, or none."""
    asked = given.asked
    signed = asking.signed(
        Command(reason=asked.reason, request_id=asked.request_id, preview=asked.preview)
    )
    dialect = Dialect(asked.delimiter, asked.decimal_mark)
    sheet = sheets.parse(given.content, f"sheet{given.ending}", dialect)
    result = import_sheet(
        served,
        asked.what,
        sheet,
        by=signed.by,
        request_id=signed.request_id,
        preview=signed.preview,
    )
    headers = {"idempotency-replayed": "true"} if result.outcome.is_repeated else None
    answered = {
        "what": result.what,
        "rows": result.rows,
        "records": result.records,
        "outcome": result.outcome,
    }
    return Response(to_json(answered), headers=headers, media_type=JSON)
