"""What stands on the wire, derived from the core's own dataclasses.

Pydantic could take the dataclasses as they are, but would let through what must not pass: a
quantity as a floating-point number, a field that does not exist (a typing error that would be left
out in silence), a text with a character no database keeps. So each dataclass is described once to
pydantic, field by field and strictly; what has been checked becomes a value of the core again.
"""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import MISSING, Field, fields
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache, partial
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import pydantic
from pydantic import AfterValidator, AwareDatetime, ConfigDict, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from earmark.core.commands import KEEP, Choice, Command, Keep
from earmark.core.days import DAYS_MOST, EARLIEST, LATEST
from earmark.core.documents import Posting
from earmark.core.quantity import exact
from earmark.core.units import Factor, factor_in_words, factor_of
from earmark.errors import QuantityInvalid
from earmark.http.plain import CIRCUMSTANCES

LENGTH_MOST = 100
"""Characters of a number, a code or a reference: several of them share an index of the database."""
REFERENCE_LENGTH_MOST = 120
LONG_LENGTH_MOST = 1000
CURSOR_LENGTH_MOST = 4000
PAGE_MOST = 1000
"""Rows of one page."""
LINES_MOST = 10_000
"""Lines of one request, and numbers of one line."""
_DIGITS = r"^[0-8]?[0-9]{1,18}$"
"""A moment as a text: a whole number of 63 bits, very nearly."""
_NUMBER = r"^-?\d{1,13}(\.\d{1,5})?$"
_MANY = frozenset({"commands", "numbers", "documents", "lines", "rows", "components"})

Shape = Any
"""A type as pydantic takes it; there is no name for all of them."""


def _quantity(given: object) -> Decimal:
    """A quantity from a text or a whole number; a floating-point number is not exact."""
    if isinstance(given, bool) or not isinstance(given, str | int):
        why = 'write a quantity as a text, like "2.5", so that it stays exact'
        raise PydanticCustomError("quantity", "{why}", {"why": why})
    try:
        return exact(given)
    except QuantityInvalid as refusal:
        raise PydanticCustomError("quantity", "{why}", {"why": refusal.facts["why"]}) from None


_GIVEN_QUANTITY = {
    "anyOf": [{"type": "string", "pattern": _NUMBER}, {"type": "integer"}],
    "description": "An exact quantity, at most five decimals: a text, or a whole number.",
    "examples": ["2.5"],
}
_TOLD_QUANTITY = {"type": "string", "pattern": r"^-?\d+(\.\d+)?$", "examples": ["2.5"]}


def _factor(given: object) -> str:
    """A factor of a unit: a number, a fraction or a sentence, as a text or a whole number."""
    if isinstance(given, bool) or not isinstance(given, str | int):
        why = 'write a factor as a text, like "12", "1/12" or "12 PCS = 1 DOZ"'
        raise PydanticCustomError("quantity", "{why}", {"why": why})
    try:
        said = str(given)
        return said if "=" in said else factor_in_words(factor_of(given))
    except QuantityInvalid as refusal:
        raise PydanticCustomError("quantity", "{why}", {"why": refusal.facts["why"]}) from None


_GIVEN_FACTOR = {
    "anyOf": [{"type": "string", "maxLength": 200}, {"type": "integer"}],
    "description": "How many base units it holds: a number, a fraction or a sentence.",
    "examples": ["12", "1/12", "12 PCS = 1 DOZ"],
}
_TOLD_FACTOR = {
    "type": "string",
    "pattern": r"^\d+(\.\d+|/\d+)?$",
    "examples": ["12", "0.45359", "1/12"],
}


def text(most: int = LENGTH_MOST) -> Shape:
    """A text of at most so many characters, none of which is NUL."""
    return Annotated[str, pydantic.Field(max_length=most, pattern=r"^[^\x00]*$")]


def _moment_or_time(given: object) -> int | datetime | None:
    """A moment or an aware time, as a text."""
    if isinstance(given, str):
        if re.fullmatch(_DIGITS, given):
            return int(given)
        with suppress(ValueError):
            time = datetime.fromisoformat(given)
            if time.tzinfo is not None and time.year >= EARLIEST.year:
                return time
    why = "it is a moment of an outcome, or a time with its zone, like 2026-11-24T10:45:00Z"
    raise PydanticCustomError("as_of", "{why}", {"why": why})


_AS_OF = {
    "type": "string",
    "description": "The moment of an outcome, or a time with its zone: how it was right after it.",
    "examples": ["2026-11-24T10:45:00Z"],
}
AS_OF = Annotated[int | datetime | None, PlainValidator(_moment_or_time), WithJsonSchema(_AS_OF)]
GIVEN: dict[Any, Shape] = {
    str: text(),
    bool: bool,
    int: Annotated[int, pydantic.Field(ge=-(2**31), lt=2**31)],
    Decimal: Annotated[Decimal, PlainValidator(_quantity), WithJsonSchema(_GIVEN_QUANTITY)],
    Factor: Annotated[str, PlainValidator(_factor), WithJsonSchema(_GIVEN_FACTOR)],
    date: Annotated[date, pydantic.Field(ge=EARLIEST, le=LATEST)],
    datetime: Annotated[
        AwareDatetime,
        pydantic.Field(
            ge=datetime.combine(EARLIEST, datetime.min.time(), UTC),
            le=datetime.combine(LATEST, datetime.min.time(), UTC),
        ),
    ],
    types.NoneType: None,
}
TOLD: dict[Any, Shape] = {
    str: str,
    bool: bool,
    int: int,
    Decimal: Annotated[Decimal, WithJsonSchema(_TOLD_QUANTITY)],
    Factor: Annotated[str, WithJsonSchema(_TOLD_FACTOR)],
    date: date,
    datetime: datetime,
    types.NoneType: None,
}
CURSOR = Annotated[
    str | None,
    pydantic.Field(description="Where the next page begins: sent as `cursor`. Null on the last."),
]
MOMENT = Annotated[str, pydantic.Field(pattern=r"^\d+$", examples=["1817000000000000000"])]

_REFERENCE, _SENTENCE = text(REFERENCE_LENGTH_MOST), text(LONG_LENGTH_MOST)
_DAYS = Annotated[int, pydantic.Field(ge=0, le=DAYS_MOST)]
_BY_NAME: dict[str, Shape] = {
    **dict.fromkeys(("line", "reference", "ref", "supply", "to_supply", "made_for"), _REFERENCE),
    "holder": _REFERENCE,
    **dict.fromkeys(("description", "name", "reason", "note"), _SENTENCE),
    **dict.fromkeys(("minimum_shelf_life_days", "transit_days"), _DAYS),
    "as_of": AS_OF,
    "posting": Annotated[str, pydantic.Field(pattern=_DIGITS)],
    "limit": Annotated[int, pydantic.Field(ge=1, le=PAGE_MOST)],
    "cursor": text(CURSOR_LENGTH_MOST),
}


@cache
def given(
    core: type, *, without: frozenset[str] = frozenset(), name: str = ""
) -> type[pydantic.BaseModel]:
    """A dataclass as it may be sent, without some of its fields."""
    hints = get_type_hints(core)
    shaped: dict[str, Any] = {
        field.name: (_given_field(core, field.name, hints[field.name]), _default(field))
        for field in fields(core)
        if field.name not in without
    }
    config = ConfigDict(extra="forbid", strict=True, frozen=True)
    return pydantic.create_model(
        name or _given_name(core, without), __config__=config, __doc__=core.__doc__, **shaped
    )


def _given_name(core: type, without: frozenset[str]) -> str:
    """Commands are only sent; what is told as well goes by another name when it is sent."""
    if issubclass(core, Command):
        return core.__name__
    return f"{core.__name__}{'Part' if without else ''}Input"


def _default(field: Field[Any]) -> Any:  # noqa: ANN401
    if field.default_factory is not MISSING:
        return pydantic.Field(default_factory=field.default_factory)
    if field.default is KEEP:
        return pydantic.Field(default_factory=lambda: KEEP)  # left out: no value stands for it
    return ... if field.default is MISSING else field.default


def _given_field(core: type, name: str, hint: Any) -> Shape:  # noqa: ANN401
    """The shape of a field: some names say more than their types."""
    if name in _BY_NAME and hint is not Posting:
        return _BY_NAME[name]
    shape = _shaped(hint, GIVEN, partial(_given_value, core))
    if name in _MANY and get_origin(hint) is tuple:
        return Annotated[shape, pydantic.Field(max_length=LINES_MOST)]
    return shape


def _given_value(holder: type, core: Any) -> Shape:  # noqa: ANN401 - mypy takes a type for less
    """A dataclass within another; one of its own kind is held one level deep."""
    if issubclass(core, Command):
        model = given(core, without=CIRCUMSTANCES, name=f"{core.__name__}Line")
        return Annotated[model, AfterValidator(partial(_made, core))]
    inner = frozenset(f.name for f in fields(core) if core.__name__ in str(f.type))
    model = given(core, without=inner if core is holder else frozenset())
    return Annotated[model, AfterValidator(partial(_made, core))]


def _made(core: Callable[..., object], checked: pydantic.BaseModel) -> object:
    return core(**fields_of(checked))


def fields_of(checked: pydantic.BaseModel) -> dict[str, Any]:
    """What was sent, checked, by the names of its fields; what was left out is left out."""
    return {name: getattr(checked, name) for name in checked.model_fields_set}


def names_of(core: type) -> tuple[str, ...]:
    """The names of the fields of a dataclass or a named tuple."""
    named: tuple[str, ...] | None = getattr(core, "_fields", None)
    return named or tuple(field.name for field in fields(core))


@cache
def told_page(core: type) -> type[pydantic.BaseModel]:
    """A page of a list of such values."""
    rows = (types.GenericAlias(list, (told(core),)), ...)
    shaped: dict[str, Any] = {"rows": rows, "next_cursor": (CURSOR, ...)}
    return pydantic.create_model(f"{core.__name__}Page", **shaped)


class CommandTold(pydantic.BaseModel, extra="allow"):
    """A command: its name, and what it asks for."""

    command: str


@cache
def told(core: type) -> type[pydantic.BaseModel]:
    """A dataclass as it is answered: every field is there; a command by its name."""
    if core is Command:
        return CommandTold
    hints = get_type_hints(core)
    shaped: dict[str, Any] = {
        name: (MOMENT if name == "moment" else _shaped(hint, TOLD, told), ...)
        for name, hint in hints.items()
        if name in names_of(core)
    }
    return pydantic.create_model(core.__name__, __doc__=core.__doc__, **shaped)


def _shaped(hint: Any, known: Mapping[Any, Shape], of_dataclass: Callable[[type], Shape]) -> Shape:  # noqa: ANN401
    """The shape of a type hint; ``known`` are those of the simple types."""
    if hint in known:
        return known[hint]
    arguments = [one for one in get_args(hint) if one not in (Keep, Ellipsis)]
    if get_origin(hint) is tuple and Ellipsis not in get_args(hint):
        inner = [_shaped(argument, known, of_dataclass) for argument in arguments]
        return types.GenericAlias(tuple, tuple(inner))
    if arguments:
        inner = [_shaped(argument, known, of_dataclass) for argument in arguments]
        if get_origin(hint) is frozenset and known is GIVEN:  # twice the same is once
            return Annotated[_GENERIC[tuple](inner), AfterValidator(frozenset)]
        if Choice in arguments:
            return _numbers_or_choice(*inner)
        return _GENERIC[get_origin(hint)](inner)
    assert isinstance(hint, type), f"{hint} has no shape on the wire"
    return hint if issubclass(hint, Enum) else of_dataclass(hint)


def _any_of(inner: list[Shape]) -> Shape:
    return Union[tuple(inner)]  # noqa: UP007 - made of a list


_GENERIC: dict[Any, Callable[[list[Shape]], Shape]] = {
    Union: _any_of,
    types.UnionType: _any_of,
    tuple: lambda inner: types.GenericAlias(tuple, (inner[0], ...)),
    frozenset: lambda inner: types.GenericAlias(frozenset, (inner[0],)),
    Mapping: lambda inner: types.GenericAlias(dict, (inner[0], inner[1])),
}


def _numbers_or_choice(numbers: Shape, choice: Shape) -> Shape:
    """One of the line's numbers, or a word; what is sent says which, so that alone is checked."""
    tagged = Union[  # noqa: UP007 - made of two values
        Annotated[numbers, pydantic.Tag("(a number)")],
        Annotated[choice, pydantic.Tag("(a word)")],
    ]
    which = pydantic.Discriminator(lambda v: "(a word)" if isinstance(v, str) else "(a number)")
    return Annotated[tagged, which]
