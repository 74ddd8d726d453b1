"""A face signs what it asks for: who asks and what he may are told in one place."""

import ast

from tests.house.source import PACKAGE, place, python_files, tree_of

FACES = ("api", "web")
BY_SIGNING_ALONE = {"allowed"}


def test_a_face_says_what_somebody_may_by_signing_his_command_and_not_by_hand() -> None:
    by_hand = [
        f"{place(path, call)} {keyword.arg}="
        for face in FACES
        for path in python_files()
        if path.is_relative_to(PACKAGE / face)
        for call in ast.walk(tree_of(path))
        if isinstance(call, ast.Call)
        for keyword in call.keywords
        if keyword.arg in BY_SIGNING_ALONE or (keyword.arg == "by" and _takes_over(call))
    ]
    assert not by_hand, "use asking.signed(command):\n" + "\n".join(by_hand)


def _takes_over(call: ast.Call) -> bool:
    """Whether it makes a command that may change what another has reserved."""
    return isinstance(call.func, ast.Name) and call.func.id in ("Cancel", "Change", "Hold", "Undo")
