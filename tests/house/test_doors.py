"""Every use case that takes a command has its door, every reading finds names in any spelling."""

from __future__ import annotations

import importlib
import inspect
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import earmark
from earmark.core.commands import Command
from earmark.core.tidying import REFERENCES

ROOM = Path(earmark.__file__).parent / "usecases"
OF_OTHERS = frozenset({"accounts", "signing_in", "webhooks", "delivering", "door", "naming"})
"""What they take are no names of goods, documents or places."""
WITHIN = frozenset(
    {"undo_posting", "reserve_waiting", "list_history", "list_reservations", "place"}
)
"""Called by what has its door, or calling it; and the one for requests that wait, which does only
what is plain and leaves everything else to ``reserve``."""
NAMES = frozenset({*REFERENCES, "item_no", "document_no", "location_code", "customer_no"})


def use_cases() -> Iterator[tuple[str, Callable[..., Any], dict[str, Any]]]:
    """Every public function of the room that takes a database, with its type hints."""
    for path in sorted(ROOM.glob("*.py")):
        if path.stem in OF_OTHERS or path.stem.startswith(("demonstration", "exchange", "_")):
            continue
        module = importlib.import_module(f"earmark.usecases.{path.stem}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            is_own = function.__module__ == module.__name__ and not name.startswith("_")
            hints = typing.get_type_hints(function) if is_own else {}
            if is_own and name not in WITHIN and "database" in hints:
                yield f"{path.stem}.{name}", function, hints


def takes_a_command(hint: object) -> bool:
    """Whether a parameter is a command, or many of them."""
    one = next(iter(typing.get_args(hint)), hint)
    return isinstance(one, type) and issubclass(one, Command)


def test_every_use_case_that_takes_a_command_has_a_door() -> None:
    bare = [
        name
        for name, function, hints in use_cases()
        if any(takes_a_command(hint) for hint in hints.values())
        and not hasattr(function, "__wrapped__")
    ]
    assert not bare, f"without @at_the_door: {bare}"


def test_every_reading_that_is_asked_about_a_name_looks_it_up() -> None:
    bare = [
        name
        for name, function, hints in use_cases()
        if not NAMES.isdisjoint(hints)
        and not any(takes_a_command(hint) for hint in hints.values())
        and not hasattr(function, "__wrapped__")
    ]
    assert not bare, f"without @asks_about or @looks_up: {bare}"
