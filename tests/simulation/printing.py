"""A story as people can run it: as Python, whatever it is."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

from tests.simulation.shop import Shop
from tests.simulation.steps import CLOCK, Step


def as_python(shop: Shop, steps: Sequence[Step]) -> str:
    """The items that a story is about, and its steps."""
    return "\n".join([*_items(shop, steps), *map(told, steps)])


def _items(shop: Shop, steps: Sequence[Step]) -> Iterator[str]:
    said = repr([step.command for step in steps])
    for item in shop.items.values():
        if f"'{item.item_no}'" in said:
            yield shortly(item)


def told(step: Step) -> str:
    """A step in a line."""
    if step.verb == CLOCK:
        return f"{step.number}: clock {step.command}"
    return f"{step.number}: {step.verb} {shortly(step.command)}"


def shortly(value: Any) -> str:  # noqa: ANN401
    """A value without what it says by default."""
    if is_dataclass(value) and not isinstance(value, type):
        parts = (
            f"{f.name}={shortly(getattr(value, f.name))}"
            for f in fields(value)
            if getattr(value, f.name) != _default(f)
        )
        return f"{type(value).__name__}({', '.join(parts)})"
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    return _simply(value)


def _simply(value: Any) -> str:  # noqa: ANN401
    if isinstance(value, Decimal | Fraction):
        return f"{value}"
    if isinstance(value, datetime | date | timedelta):
        return repr(str(value))
    if isinstance(value, frozenset):
        return "{" + ", ".join(sorted(shortly(one).rpartition(".")[2] for one in value)) + "}"
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return "(" + ", ".join(map(shortly, value)) + ")"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{k!r}: {shortly(v)}" for k, v in value.items()) + "}"
    return repr(value)


def _default(f: Field[Any]) -> object:
    if f.default_factory is not MISSING:
        return f.default_factory()
    return f.default
