"""Records of set-up: what one does not name stays as it is on record."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, Self, TypeVar

R = TypeVar("R", bound="Record")


class Record:
    """A record that remembers which of its fields it was given; the others have their defaults.

    ``Item(item_no="X", description="Pump")`` names two fields: entering it leaves all else of an
    item that exists as it is, and is the default for one that is new.
    """

    __slots__ = ("named",)

    named: frozenset[str]

    def __new__(cls, *given: object, **named: object) -> Self:
        """Make a record, and remember what of it was given."""
        made = super().__new__(cls)
        known: Any = cls
        first = (field.name for field in fields(known))
        of_them = frozenset(name for name, _ in zip(first, given, strict=False)) | set(named)
        object.__setattr__(made, "named", of_them)
        return made

    def but(self, **changed: Any) -> Self:  # noqa: ANN401
        """This record with other values in some fields; it names them, and what it named."""
        known: Any = self
        made: Self = replace(known, **changed)
        object.__setattr__(made, "named", self.named | set(changed))
        return made


def merged(old: R | None, new: R) -> R:
    """A record as it will be: what the new one names, and all else as it was."""
    known: Any = new if old is None else old
    changed: R = replace(known, **{name: getattr(new, name) for name in new.named})
    return changed
