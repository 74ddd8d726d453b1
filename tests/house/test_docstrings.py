"""A module says what lives in it; what other rooms call says what it promises."""

import ast
from collections.abc import Iterator

from tests.house.source import PACKAGE, Function, place, python_files, tree_of

PROMISING_ROOMS = ("core", "usecases", "database")


def public_definitions(tree: ast.Module) -> Iterator[Function | ast.ClassDef]:
    for node in tree.body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            yield node


def test_every_module_says_what_lives_in_it() -> None:
    silent = [
        place(path)
        for path in python_files()
        if tree_of(path).body and not ast.get_docstring(tree_of(path))
    ]
    assert not silent, "\n".join(silent)


def test_every_public_function_and_class_of_the_inner_rooms_says_what_it_promises() -> None:
    silent = [
        f"{place(path, definition)} {definition.name}"
        for room in PROMISING_ROOMS
        for path in python_files()
        if path.is_relative_to(PACKAGE / room) and "versions" not in path.parts
        for definition in public_definitions(tree_of(path))
        if not ast.get_docstring(definition)
    ]
    assert not silent, "\n".join(silent)
