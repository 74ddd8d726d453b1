"""The project's own Python, read for the tests of the house rules."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "earmark"

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def python_files() -> tuple[Path, ...]:
    """Every Python file we write."""
    folders = [ROOT / name for name in ("src", "tests", "bench")]
    return (ROOT / "do.py", *sorted(path for folder in folders for path in folder.rglob("*.py")))


@cache
def tree_of(path: Path) -> ast.Module:
    """A file's syntax tree, parsed once for all tests."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def place(path: Path, node: ast.AST | None = None) -> str:
    """Where something is, as an editor understands it."""
    line = getattr(node, "lineno", 1)
    return f"{path.relative_to(ROOT)}:{line}"


def functions(tree: ast.Module) -> Iterator[Function]:
    """Every function and method, the ones inside others too."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))
