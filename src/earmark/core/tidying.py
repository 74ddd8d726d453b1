"""What somebody asks for, with every name in it as it is kept.

A command holds names at many places and depths: the line, the numbers, the items of a document's
lines. One walk finds them all by the names of their fields, so that no door forgets one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

from earmark.core.quantity import exact
from earmark.core.records import Record
from earmark.core.spelling import LENGTH_MOST, REFERENCE_LENGTH_MOST, cleaned, keepable
from earmark.errors import EarmarkError, ValueInvalid

T = TypeVar("T")
Spell = Callable[[str, str], str]
"""How a text in a field of this name is written: field, text."""

REFERENCES = {
    "line": "Line",
    "reference": "Reference",
    "supply": "Supply",
    "to_supply": "Supply",
    "made_for": "Made for",
    "holder": "Holder",
    "may_move": "Line",
    "ref": "Reference",
}
_NAMES = {
    "item_no": "Item no.",
    "document_no": "Document no.",
    "location_code": "Location",
    "to_location_code": "Location",
    "location_picking_orders": "Location",
    "variant_code": "Variant",
    "variants": "Variant",
    "customer_no": "Customer no.",
    "tracking_code": "Tracking code",
    "unit": "Unit",
    "base_unit": "Base unit",
    "units": "Unit",
    "bin_code": "Bin",
    "bins": "Bin",
    "lot_no": "Lot no.",
    "serial_no": "Serial no.",
    "package_no": "Package no.",
    "to_lot_no": "Lot no.",
    "to_serial_no": "Serial no.",
    "to_package_no": "Package no.",
    "first_no": "First no.",
    "serial_series": "Serial series",
    "lot_series": "Lot series",
}
_AS_IT_IS = frozenset({"allowed"})


def tidy(asked: T) -> T:
    """A command, or a part of one, with its names trimmed and composed.

    Refused (``value-invalid``) where a name or a text holds what no face can carry, and
    (``quantity-invalid``) where a figure is none that can be kept. ``row`` in the facts says which
    of the rows it was, where there are several.
    """
    return respelled(asked, tidied)


def tidied(field: str, text: str) -> str:
    """One text, by the field that it stands in."""
    if field in _NAMES:
        return cleaned(text, _NAMES[field], LENGTH_MOST)
    if field in REFERENCES:
        return cleaned(text, REFERENCES[field], REFERENCE_LENGTH_MOST)
    return keepable(text, field.replace("_", " ").capitalize())


def respelled(asked: T, spell: Spell) -> T:
    """The same value with every text in it as ``spell`` has it; itself where nothing differs."""
    changed: T = _of_value("", asked, spell)
    return changed


def _of_value(field: str, value: Any, spell: Spell) -> Any:  # noqa: ANN401
    kind = type(value)
    if kind is str:
        return spell(field, value) if value else value
    if kind is Decimal:
        return exact(value, field.replace("_", " ").capitalize())
    if kind is tuple:
        return _of_tuple(field, value, spell)
    if isinstance(value, Mapping):
        return _of_mapping(field, value, spell)
    names = _fields_of(kind)
    return _of_fields(value, names, spell) if names else value


def _of_fields(value: Any, names: tuple[str, ...], spell: Spell) -> Any:  # noqa: ANN401
    changed = {}
    for name in names:
        before = getattr(value, name)
        after = _of_value(name, before, spell)
        if after is not before:
            changed[name] = after
    if not changed:
        return value
    return value.but(**changed) if isinstance(value, Record) else replace(value, **changed)


def _of_tuple(field: str, values: tuple[Any, ...], spell: Spell) -> tuple[Any, ...]:
    after = []
    for row, value in enumerate(values):
        try:
            after.append(_of_value(field, value, spell))
        except EarmarkError as error:
            error.facts["row"] = row
            raise
    same = all(a is b for a, b in zip(after, values, strict=True))
    return values if same else tuple(after)


def _of_mapping(field: str, values: Mapping[Any, Any], spell: Spell) -> Mapping[Any, Any]:
    after = {_of_value(field, key, spell): value for key, value in values.items()}
    if len(after) < len(values):
        why = "two of them are the same"
        raise ValueInvalid(field=_NAMES.get(field, field), value=", ".join(values), why=why)
    return after if after.keys() != values.keys() else values


def texts_in(asked: object) -> list[tuple[str, str]]:
    """Every text in a command, with the field that it stands in."""
    found: list[tuple[str, str]] = []

    def note(field: str, text: str) -> str:
        found.append((field, text))
        return text

    respelled(asked, note)
    return found


# -- Part by part ------------------------------------------------------------------------------


def parts_of(asked: object) -> Iterator[object]:
    """A command and every value in it that has fields of its own."""
    if type(asked) is tuple:
        for value in asked:
            yield from parts_of(value)
    elif names := _fields_of(type(asked)):
        yield asked
        for name in names:
            yield from parts_of(getattr(asked, name))


def with_changes(asked: T, change: Callable[[object], Mapping[str, str]]) -> T:
    """The same value, in every part of which ``change`` has said what differs."""
    changed: T = _changed(asked, change)
    return changed


def _changed(value: Any, change: Callable[[object], Mapping[str, str]]) -> Any:  # noqa: ANN401
    if type(value) is tuple:
        return tuple(_changed(inner, change) for inner in value)
    names = _fields_of(type(value))
    if not names:
        return value
    inner = {name: _changed(getattr(value, name), change) for name in names}
    return replace(value, **{**inner, **change(value)})


def _listed(kind: Any) -> tuple[str, ...]:  # noqa: ANN401
    """The fields of a dataclass in which names may stand; none of any other sort of value."""
    if not is_dataclass(kind):
        return ()
    return tuple(field.name for field in fields(kind) if field.name not in _AS_IT_IS)


_fields_of: Callable[[Any], tuple[str, ...]] = cache(_listed)
