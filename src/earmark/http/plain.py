"""Values of the core as JSON and back: all fields of a dataclass, exact quantities, ISO dates.

Quantities are texts, and so are moments: they have more digits than a number of JavaScript holds.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from earmark.core import commands
from earmark.core.commands import KEEP, Command
from earmark.core.records import Record
from earmark.core.units import Factor, factor_in_words, factor_of

CIRCUMSTANCES = frozenset({"by", "reason", "request_id", "preview", "allowed", "version"})
"""Fields of a command that go with a request and not in its body."""


def to_json(value: object) -> bytes:
    """A value as JSON text, in UTF-8."""
    return json.dumps(plain(value), ensure_ascii=False, separators=(",", ":")).encode()


def plain(value: Any) -> Any:  # noqa: ANN401, PLR0911 - one line a type
    """A value as what JSON knows: objects, lists, texts, whole numbers, true, false and null."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str | int):
        return value
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, Fraction):
        return factor_in_words(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Command):
        return _command(value)
    if isinstance(value, Record):
        kind: Any = type(value)
        return {n: plain(getattr(value, n)) for n in _names(kind) if n in value.named}
    if is_dataclass(value) and not isinstance(value, type):
        return {name: _field(name, getattr(value, name)) for name in _names(type(value))}
    return _plain_many(value)


def _plain_many(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(plain(inner) for inner in value)
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return str(value)


def _command(command: Command) -> dict[str, Any]:
    """A command by its name, with what it asks for and without the circumstances."""
    kind: Any = type(command)
    said = {
        name: plain(value)
        for name in _names(kind)
        if name not in CIRCUMSTANCES and (value := getattr(command, name)) is not KEEP
    }
    return {"command": type(command).__name__, **said}


def _field(name: str, value: object) -> Any:  # noqa: ANN401
    return str(value) if name == "moment" else plain(value)


@cache
def _names(of: Any) -> tuple[str, ...]:  # noqa: ANN401 - mypy takes a type for less
    return tuple(field.name for field in fields(of))


# -- And back ------------------------------------------------------------------------------------


def value_of(hint: Any, told: Any) -> Any:  # noqa: ANN401, PLR0911 - one line a type
    """The value of a type that JSON tells; fields that this version does not know are left out."""
    if told is None or hint in (str, bool):
        return told
    if hint in _READ:
        return _READ[hint](told)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return value_of(next(a for a in arguments if a is not types.NoneType), told)
    if origin is tuple and Ellipsis not in arguments:
        return tuple(value_of(*each) for each in zip(arguments, told, strict=True))
    if origin in (tuple, frozenset):
        return origin(value_of(arguments[0], one) for one in told)
    if origin is not None:
        return {key: value_of(arguments[1], inner) for key, inner in told.items()}
    if issubclass(hint, Enum):
        return hint(told)
    if hint is Command:
        hint = getattr(commands, told["command"])
    hints = _hints(hint)
    return hint(
        **{name: value_of(hints[name], inner) for name, inner in told.items() if name in hints}
    )


_READ: dict[Any, Callable[[Any], object]] = {
    int: int,
    Decimal: Decimal,
    Factor: factor_of,
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
}


@cache
def _hints(of: type) -> dict[str, Any]:
    return get_type_hints(of)
