"""What can be done, as values: a command, an undo of an earlier act, or time that passes.

A run is a list of acts made from a seed. The same list is played on every database, and a part of
it again, when a failing run is made short.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from earmark import Numbers, Posting
from earmark.core.commands import Command


@dataclass(frozen=True, slots=True)
class Do:
    """Carry a command out; ``tried`` first as a preview; ``at_once`` undone and done again."""

    command: Command
    tried: bool = False
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class UndoOf:
    """Undo what an earlier act of the run did."""

    act: int
    by: str = ""


@dataclass(frozen=True, slots=True)
class Wait:
    """The clock goes on, or back."""

    by: timedelta


Act = Do | UndoOf | Wait


@dataclass(slots=True)
class Seen:
    """What the maker of acts looks at: names of lines and appeals that there may be."""

    acts: int
    now: datetime
    demands: list[str] = field(default_factory=list)
    supplies: list[str] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)
    documents: list[str] = field(default_factory=list)
    appeals: list[str] = field(default_factory=list)
    holding: list[str] = field(default_factory=list)
    outstanding: dict[str, Decimal] = field(default_factory=dict)
    verbs: dict[str, Posting] = field(default_factory=dict)
    tracked: dict[str, list[Numbers]] = field(default_factory=dict)
    stock: list[tuple[str, str, str, Numbers, Decimal]] = field(default_factory=list)
