"""The door of the use cases: what is asked for comes in tidy, and in the spelling that is known.

Trimming and composing costs nothing and is done to every command. Looking names up would cost a
request its round trip to the database, and nearly every name is spelled as it is known. So a
command is tried as it is; only where something that it names is not there, it is asked what that
may mean, and tried again as it is known. What was refused has changed nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from inspect import BoundArguments, signature
from typing import Concatenate, ParamSpec, TypeVar

from earmark.core.commands import Command
from earmark.core.outcome import Outcome
from earmark.core.tidying import tidy
from earmark.database import line_names
from earmark.database.engine import Database
from earmark.database.spellings import SpelledOtherwise
from earmark.database.unit_of_work import reading
from earmark.errors import (
    Conflict,
    CustomerUnknown,
    DocumentUnknown,
    EarmarkError,
    ItemUnknown,
    LineUnknown,
    LocationUnknown,
    NothingAvailable,
    NothingToCancel,
    NumbersNotOnLine,
    NumberUnknown,
    ReferenceInvalid,
    RequestReused,
    TrackingCodeUnknown,
    UnitUnknown,
    VariantUnknown,
)
from earmark.errors.requests import ChangedMeanwhile
from earmark.usecases.naming import as_known, names_as_known

C = TypeVar("C", bound=Command)
P = ParamSpec("P")
R = TypeVar("R")

_MISSED = (
    SpelledOtherwise,
    LineUnknown,
    DocumentUnknown,
    ItemUnknown,
    VariantUnknown,
    UnitUnknown,
    LocationUnknown,
    CustomerUnknown,
    TrackingCodeUnknown,
    ReferenceInvalid,
    RequestReused,  # the same request in another spelling, perhaps
    ChangedMeanwhile,  # or the version of what is spelled otherwise
)
_MISSED_SUPPLY = (NothingAvailable, NothingToCancel)
"""What is said of a supply that is not there: only a command that names one may have missed it."""


def at_the_door(
    use_case: Callable[Concatenate[Database, C, P], R],
) -> Callable[Concatenate[Database, C, P], R]:
    """Let a use case have its command tidy, and its names as they are known."""

    @wraps(use_case)
    def entered(database: Database, command: C, /, *args: P.args, **options: P.kwargs) -> R:
        asked = tidy(command)
        try:
            return use_case(database, asked, *args, **options)
        except (*_MISSED, *_MISSED_SUPPLY) as miss:
            named = _as_known(database, asked, miss)
        return use_case(database, named, *args, **options)

    return entered


def _as_known(database: Database, asked: C, miss: Exception) -> C:
    """The command as it is known; what was refused stays refused where that is no other."""
    if isinstance(miss, _MISSED_SUPPLY) and not getattr(asked, "supply", ""):
        raise miss
    with reading(database) as session:
        named = as_known(session, asked)
    if named == asked:
        raise Conflict(what="a name") if isinstance(miss, SpelledOtherwise) else miss
    return named


def each_at_the_door(
    use_case: Callable[[Database, Sequence[C]], list[Outcome | EarmarkError]],
) -> Callable[[Database, Sequence[C]], list[Outcome | EarmarkError]]:
    """The same for many commands; one that cannot be read is refused by itself."""

    @wraps(use_case)
    def entered(database: Database, commands: Sequence[C]) -> list[Outcome | EarmarkError]:
        refused: dict[int, Outcome | EarmarkError] = {}
        asked: dict[int, C] = {}
        for at, command in enumerate(commands):
            try:
                asked[at] = tidy(command)
            except EarmarkError as error:
                refused[at] = error
        answers = use_case(database, _lines_as_known(database, list(asked.values())))
        answered = {**dict(zip(asked, answers, strict=True)), **refused}
        return [answered[at] for at in range(len(commands))]

    return entered


def together_at_the_door(
    use_case: Callable[[Database, Sequence[C]], Outcome],
) -> Callable[[Database, Sequence[C]], Outcome]:
    """The same for many commands that are done together or not at all."""

    @wraps(use_case)
    def entered(database: Database, commands: Sequence[C]) -> Outcome:
        asked = []
        for row, command in enumerate(commands):
            try:
                asked.append(tidy(command))
            except EarmarkError as error:
                error.facts["row"] = row
                raise
        return use_case(database, _lines_as_known(database, asked))

    return entered


# -- Who only asks -----------------------------------------------------------------------------


def asks_about(*names: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a reading find what these parameters name in any spelling; by its refusal it missed it.

    A parameter is called as the field of a command is, a ``ref`` or a ``line`` is a reference;
    ``numbers`` are of the item or the line that is named.
    """

    def decorate(reading_of: Callable[P, R]) -> Callable[P, R]:
        parameters = signature(reading_of)

        @wraps(reading_of)
        def asked(*args: P.args, **options: P.kwargs) -> R:
            try:
                return reading_of(*args, **options)
            except (*_MISSED, NumberUnknown, NumbersNotOnLine) as miss:
                bound = parameters.bind(*args, **options)
                if not _respell(bound, names):
                    raise miss from None
            return reading_of(*bound.args, **bound.kwargs)

        return asked

    return decorate


def looks_up(*names: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The same for a reading that finds nothing and says nothing where it missed a name."""

    def decorate(reading_of: Callable[P, R]) -> Callable[P, R]:
        parameters = signature(reading_of)

        @wraps(reading_of)
        def asked(*args: P.args, **options: P.kwargs) -> R:
            bound = parameters.bind(*args, **options)
            _respell(bound, names)
            return reading_of(*bound.args, **bound.kwargs)

        return asked

    return decorate


def _respell(bound: BoundArguments, names: Iterable[str]) -> bool:
    """Put names as they are known in the place of those given; whether any differed."""
    given = {name: bound.arguments[name] for name in names if bound.arguments.get(name)}
    if not given:
        return False
    database: Database = bound.arguments["database"]
    with reading(database) as session:
        found = names_as_known(session, given)
    bound.arguments.update(found)
    return found != given


def _lines_as_known(database: Database, commands: list[C]) -> list[C]:
    """Commands about lines, those that name none that is there as they may be meant."""
    if not commands:
        return commands
    with reading(database) as session:
        named = [str(getattr(command, "line", "")) for command in commands]
        there = line_names.which_exist(session, named)
        return [
            command if line in there else as_known(session, command)
            for command, line in zip(commands, named, strict=True)
        ]
