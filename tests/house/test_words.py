"""The glossary is law: a rejected word in a name we give fails here.

Names that others gave (`date.today`, a keyword of a library) are used, not given, and pass.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest

from tests.house.source import ROOT, place, python_files, tree_of

GLOSSARY = ROOT / "docs" / "glossary.md"
UNFINISHED_THOUGHTS = re.compile(
    "base|common|helpers?|managers?|repositor(y|ies)|services?|utils?|utilities"
)


@cache
def rejected_words() -> dict[str, str]:
    """The last column of the glossary: each word with the place where it is allowed, or ""."""
    rows = [line.split("|") for line in GLOSSARY.read_text(encoding="utf-8").splitlines()]
    cells = [row[4] for row in rows if len(row) == 6 and not row[4].strip(" -").startswith("never")]
    found = re.findall(r"(\w+)(?: \(outside the (\w+)\))?", " ".join(cells))
    return dict(found)


def given_names(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """Every name this module gives, and where."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node, node.name
            case ast.arg():
                yield node, node.arg
            case ast.Name(ctx=ast.Store()):
                yield node, node.id
            case ast.Attribute(ctx=ast.Store()):
                yield node, node.attr
            case ast.alias(asname=str(name)):
                yield node, name


def parts(name: str) -> str:
    """`UnitOfWork`, `unit_of_work` and `UNIT_OF_WORK` alike as `_unit_of_work_`."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)
    return f"_{'_'.join(words).lower()}_"


def rejected_in(name: str, where: str) -> Iterator[str]:
    """The rejected words in a name, in the singular or the plural."""
    for word, allowed in rejected_words().items():
        if re.search(f"_{word}(s|es)?_", parts(name)) and not (allowed and allowed in where):
            yield word


def test_no_name_holds_a_word_the_glossary_rejects() -> None:
    offences = [
        f"{place(path, node)} {name}: the glossary rejects {word!r}"
        for path in python_files()
        for node, name in [(None, path.stem), *given_names(tree_of(path))]
        for word in rejected_in(name, f"{path.stem} {name}".lower())
    ]
    assert not offences, "\n".join(offences)


def test_no_module_or_folder_is_an_unfinished_thought() -> None:
    names = [(path, part) for path in python_files() for part in path.relative_to(ROOT).parts]
    vague = [place(p) for p, part in names if UNFINISHED_THOUGHTS.fullmatch(part.split(".")[0])]
    assert not vague, "\n".join(vague)


@pytest.mark.parametrize(
    ("name", "rejected"),
    [
        ("product_no", ["product"]),
        ("ProductList", ["product"]),
        ("list_of_skus", ["sku"]),
        ("QTY", ["qty"]),
        ("onHand", ["on_hand"]),
        ("allocation", ["allocation"]),
        ("quantity", []),
        ("production_line", []),
        ("worksheet_allocation", []),
    ],
)
def test_a_rejected_word_is_found_as_a_part_of_a_name_only(name: str, rejected: list[str]) -> None:
    assert list(rejected_in(name, name)) == rejected


def test_names_given_are_told_from_names_used() -> None:
    tree = ast.parse("import a as b\ndef c(d):\n    e.f = g.h(i=1)\nclass J: k: int")
    assert sorted(name for _, name in given_names(tree)) == ["J", "b", "c", "d", "f", "k"]
