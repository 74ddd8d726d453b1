"""The OpenAPI 3.1 document: what every operation takes, answers and refuses.

It is written from the tables of operations and from the shapes that requests are checked by, so
that it can not say something else than what happens. Its examples are what the demonstration
answers (``tests/api/examples.py`` writes them, and a test compares).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from importlib import resources
from inspect import cleandoc
from typing import Any

import pydantic
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from earmark import __version__
from earmark.api.actions import ACTIONS
from earmark.api.asking import HEADERS, Circumstances, Paging
from earmark.api.bulk import BULK
from earmark.api.importing import IMPORT, TYPES, Import, Imported
from earmark.api.lists import LISTS
from earmark.api.operations import PREFIX, Action, Bulk, Listing, Reading, is_versioned
from earmark.api.readings import READINGS
from earmark.api.shapes import given, told, told_page
from earmark.core.commands import Command
from earmark.core.outcome import Outcome
from earmark.errors import every_error
from earmark.http.plain import CIRCUMSTANCES
from earmark.http.problems import MEDIA_TYPE, status_of_kind, title_of

Row = Action | Bulk | Listing | Reading
Document = dict[str, Any]
Model = type[pydantic.BaseModel]
_JSON = "application/json"
_REF = "#/components/schemas/{model}"
_EVERYWHERE = (400, 401, 403, 404, 409, 421, 422, 500, 503)
_OF_CHANGES = (408, 412, 413, 415)


class Problem(pydantic.BaseModel):
    """Why a request was refused (RFC 9457); nothing has been changed by it."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    facts: dict[str, Any] = {}
    errors: list[ProblemField] = []


class ProblemField(pydantic.BaseModel):
    """One wrong field: where it stands, what is wrong with it, and a code for programs."""

    field: str
    message: str
    code: str


class Result(pydantic.BaseModel):
    """What came of one line: its outcome, or the problem that it met; the other one is null."""

    outcome: told(Outcome) | None  # type: ignore[valid-type]
    problem: Problem | None


class Results(pydantic.BaseModel):
    """A result for each line, in the order of the lines."""

    results: list[Result]


def document(app: FastAPI) -> Document:
    """The document of an application: of this API, and of what others add to it."""
    components = _schemas(_models())
    paths: dict[str, Document] = {}
    for row in (*ACTIONS, *BULK, *LISTS, *READINGS):
        path = PREFIX + re.sub(r":\w+}", "}", row.path)
        paths.setdefault(path, {})[row.method.lower()] = _operation(row, components)
    paths[f"{PREFIX}{IMPORT}"] = {"post": _import(components)}
    _add_others(app, paths, components)
    for name in [name for name in components if name.endswith("Query")]:
        del components[name]
    return {
        "openapi": "3.1.0",
        "info": {"title": "Earmark", "version": __version__, "description": cleandoc(_ABOUT)},
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(components.items())),
            "responses": _problems(),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "earmark-session"},
            },
        },
        "security": [{"token": []}, {"session": []}],
    }


_ABOUT = """
    Reserves tracked inventory: which lot, serial number or package, for whom, until it is posted.

    Quantities are texts with at most five decimals, exact, in the base unit unless a name ends in
    `_in_unit`; a whole number is taken, too. Dates are ISO dates, times have a zone. A line is
    named by its reference, `SO1/1`, with its slash as it is or as `%2F`.

    Refusals are problem details whose `code` is stable for ever. **Idempotency-Key**: the same key
    with the same content is done once and answered with the first outcome
    (`Idempotency-Replayed: true`). **If-Match** with the `ETag` of a line or a document: what has
    changed since is refused with 412. **?preview=true** decides and saves nothing. A `409` with
    `Retry-After` means that somebody else was first and nothing happened: ask again.
    """


# -- Operations ----------------------------------------------------------------------------------


def _operation(row: Row, components: Document) -> Document:
    summary, description = _words(row)
    statuses = _EVERYWHERE if row.method == "GET" else (*_EVERYWHERE, *_OF_CHANGES)
    operation: Document = {
        "operationId": row.name,
        "tags": [row.tag],
        "summary": summary,
        "description": description,
        "parameters": _parameters(row, components),
        "responses": {"200": _answer(row), **_problem_answers(statuses)},
    }
    body = _body(row)
    if body is not None and components[body.__name__]["properties"]:
        is_required = bool(components[body.__name__].get("required"))
        content: Document = {"schema": _ref(body)}
        if "request" in _examples().get(row.name, {}):
            content["example"] = _examples()[row.name]["request"]
        operation["requestBody"] = {"required": is_required, "content": {_JSON: content}}
    return operation


def _words(row: Row) -> tuple[str, str]:
    """What an operation is: the first sentence of its use case, and the rest of what that says."""
    does = row.reads if isinstance(row, Reading | Listing) else row.does
    said = cleandoc(row.says or does.__doc__ or "").replace("``", "`")
    first, _, rest = said.partition("\n\n")
    assert first, f"{row.name} says nothing"
    return " ".join(first.split()).rstrip("."), rest or first


def _body(row: Row) -> Model | None:
    if isinstance(row, Reading | Listing):
        return None
    never = CIRCUMSTANCES if issubclass(row.asks, Command) else frozenset()
    return given(row.asks, without=row.in_path | (never & _fields(row.asks)))


def _fields(core: type) -> frozenset[str]:
    return frozenset(core.__dataclass_fields__)  # type: ignore[attr-defined]


def _answer(row: Row) -> Document:
    content: Document = {"schema": _told(row)}
    example = _examples().get(row.name)
    if example is not None:
        content["example"] = example["response"]
    answer: Document = {"description": "Done.", "content": {_JSON: content}}
    if isinstance(row, Reading):
        answer["description"] = "What was asked for."
        if row.version_of:
            answer["headers"] = {"ETag": _header("The version, for If-Match.")}
    elif isinstance(row, Action | Bulk):
        said = "true where this is the first outcome of the same request."
        answer["headers"] = {"Idempotency-Replayed": _header(said)}
    return answer


def _told(row: Row) -> Document:
    if isinstance(row, Action):
        return _ref(told(row.tells))
    if isinstance(row, Bulk):
        return _ref(Results)
    if isinstance(row, Listing):
        return _ref(told_page(row.tells))
    schema = _ref(told(row.tells))
    return {"type": "array", "items": schema} if row.is_list else schema


def _header(said: str) -> Document:
    return {"description": said, "schema": {"type": "string"}}


def _ref(model: Model) -> Document:
    return {"$ref": _REF.format(model=model.__name__)}


# -- Parameters ------------------------------------------------------------------------------------


def _parameters(row: Row, components: Document) -> list[Document]:
    in_path = [_in_path(name, row, components) for name in sorted(row.in_path)]
    if isinstance(row, Action | Bulk):
        beside = _circumstances(components)
        return in_path + [one for one in beside if one["name"] != "If-Match" or is_versioned(row)]
    asked = _queried(row.asks, components)
    if isinstance(row, Listing):
        asked += _queried(Paging, components)
        names = [f"{sign}{order}" for order in row.orders for sign in ("", "-")]
        sort = next(parameter for parameter in asked if parameter["name"] == "sort")
        sort["schema"] = {"type": "string", "enum": names, "default": row.orders[0]}
    return in_path + [one for one in asked if one["name"] not in row.in_path]


def _in_path(name: str, row: Row, components: Document) -> Document:
    schema = dict(components[_query_name(row.asks)]["properties"][name])
    schema.pop("default", None)
    if schema.get("type") == "string":
        schema["minLength"] = 1
        schema["pattern"] = schema["pattern"].replace(r"[^\x00]*", r"[^\x00]+")
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _queried(asks: type, components: Document) -> list[Document]:
    model = components[_query_name(asks)]
    required = model.get("required", ())
    return [
        {"name": name, "in": "query", "required": name in required, "schema": _one(schema)}
        for name, schema in model["properties"].items()
    ]


def _one(schema: Document) -> Document:
    """A parameter that is left out is left out; none is sent as null."""
    kinds = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    kept = {name: v for name, v in schema.items() if name != "anyOf" and v is not None}
    return {**kept, **kinds[0]} if kinds else kept


def _circumstances(components: Document, asks: type = Circumstances) -> list[Document]:
    parameters = _queried(asks, components)
    for parameter in parameters:
        if parameter["name"] in HEADERS:
            parameter.update({"name": HEADERS[parameter["name"]], "in": "header"})
    return parameters


def _query_name(asks: type) -> str:
    return f"{asks.__name__}Query"


def _query_models() -> Iterable[Model]:
    asked = {row.asks for row in (*ACTIONS, *BULK, *LISTS, *READINGS)}
    for asks in (*asked, Circumstances, Paging, Import):
        yield given(asks, without=_fields(asks) & _beside_path(asks), name=_query_name(asks))


def _beside_path(asks: type) -> frozenset[str]:
    return CIRCUMSTANCES if issubclass(asks, Command) else frozenset()


# -- Importing -------------------------------------------------------------------------------------


def _import(components: Document) -> Document:
    binary = {"type": "string", "format": "binary"}
    beside = _circumstances(components, Import)
    asked = [one for one in beside if one["name"] not in ("what", HEADERS["version"])]
    what = {"name": "what", "in": "path", "required": True}
    example = _examples().get("import_sheet", {})
    content: Document = {"schema": _ref(Imported)}
    if example:
        content["example"] = example["response"]
    return {
        "operationId": "import_sheet",
        "tags": ["Importing"],
        "summary": "Enter all rows of a sheet, or none",
        "description": "The body is the file. Row 1 names the columns; wrong rows are all named.",
        "parameters": [
            {**what, "schema": components[_query_name(Import)]["properties"]["what"]},
            *asked,
        ],
        "requestBody": {"required": True, "content": {t: {"schema": binary} for t in TYPES}},
        "responses": {
            "200": {"description": "What was entered.", "content": {_JSON: content}},
            **_problem_answers((*_EVERYWHERE, *_OF_CHANGES)),
        },
    }


# -- Schemas and problems --------------------------------------------------------------------------


def _models() -> list[Model]:
    bodies = [body for row in (*ACTIONS, *BULK) if (body := _body(row)) is not None]
    pages = [told_page(row.tells) for row in LISTS]
    answers = [told(row.tells) for row in (*READINGS, *ACTIONS)]
    models: list[Model] = [*bodies, *pages, *answers, told(Outcome), Problem, Results, Imported]
    return list(dict.fromkeys([*models, *_query_models()]))


def _schemas(models: Iterable[Model]) -> Document:
    _, found = models_json_schema([(m, "validation") for m in models], ref_template=_REF)
    schemas: Document = found["$defs"]
    for schema in schemas.values():
        if "description" in schema:
            schema["description"] = cleandoc(schema["description"]).replace("``", "`")
    return schemas


def _problem_answers(statuses: Iterable[int]) -> Document:
    ref = "#/components/responses/Problem"
    return {str(status): {"$ref": f"{ref}{status}"} for status in sorted(statuses)}


def _problems() -> Document:
    """An answer for each status that a refusal can have, with the codes that it can carry."""
    by_status: dict[int, list[str]] = {}
    for error in every_error():
        said = f"`{error.code}`: {title_of(error)}"
        by_status.setdefault(status_of_kind(error), []).append(said)
    return {
        f"Problem{status}": {
            "description": "\n\n".join(codes),
            "content": {MEDIA_TYPE: {"schema": _ref(Problem)}},
        }
        for status, codes in sorted(by_status.items())
    }


def _examples() -> Mapping[str, Any]:
    """What the demonstration answers, by operation: request and response."""
    text = resources.files("earmark.api").joinpath("examples.json").read_text("utf-8")
    examples: Mapping[str, Any] = json.loads(text)
    return examples


def _add_others(app: FastAPI, paths: dict[str, Document], components: Document) -> None:
    """What other routers have under the same address, as the framework describes it."""
    found = get_openapi(title="Earmark", version=__version__, routes=app.routes)
    for path, operations in found["paths"].items():
        if path.startswith(PREFIX):
            for method, operation in operations.items():
                _complete(method, operation)
            paths[path] = operations
    for name, schema in found.get("components", {}).get("schemas", {}).items():
        if name not in ("HTTPValidationError", "ValidationError"):
            components.setdefault(name, schema)


def _complete(method: str, operation: Document) -> None:
    """What the framework leaves out: refusals as they are, examples, and a name to call it by."""
    operation["operationId"] = operation["operationId"].partition("_api_v1")[0]
    statuses = _EVERYWHERE if method == "get" else (*_EVERYWHERE, *_OF_CHANGES)
    operation["responses"] |= _problem_answers(statuses)
    example = _examples().get(operation["operationId"], {})
    body = operation.get("requestBody", {}).get("content", {}).get(_JSON)
    if body is not None and "request" in example:
        body["example"] = example["request"]
    for status in ("200", "201"):
        content = operation["responses"].get(status, {}).get("content", {}).get(_JSON)
        if content is not None and "response" in example:
            content["example"] = example["response"]
