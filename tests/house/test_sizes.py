"""Functions and files stay small enough to be read in one go."""

import ast

from tests.house.source import Function, functions, place, python_files, tree_of

LONGEST_FUNCTION = 50
LONGEST_FILE = 500


def lines_of(function: Function) -> int:
    assert function.end_lineno is not None
    return function.end_lineno - function.lineno + 1


def test_no_function_is_longer_than_fifty_lines() -> None:
    long = [
        f"{place(path, function)} {function.name}: {lines_of(function)} lines"
        for path in python_files()
        for function in functions(tree_of(path))
        if lines_of(function) > LONGEST_FUNCTION
    ]
    assert not long, "\n".join(long)


def test_no_file_is_longer_than_five_hundred_lines() -> None:
    counts = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in python_files()}
    long = [
        f"{place(path)} {count} lines" for path, count in counts.items() if count > LONGEST_FILE
    ]
    assert not long, "\n".join(long)


def test_a_function_is_measured_from_its_def_to_its_last_line() -> None:
    tree = ast.parse("@decorated\ndef f():\n    '''Doc.'''\n\n    return 1\n\n")
    assert [lines_of(function) for function in functions(tree)] == [4]
