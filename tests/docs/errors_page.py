"""Writes docs/errors.md from `earmark.errors`: `.venv/bin/python -m tests.docs.errors_page`."""

import inspect
from collections.abc import Iterable

from earmark.errors import EarmarkError, every_error
from tests.docs.pages import ROOT

PAGE = ROOT / "docs" / "errors.md"
HEAD = """\
# Every way Earmark says no

A refusal is an `earmark.EarmarkError` with a stable `code`, the `facts` it compared, and a
`message`: the sentence below with the facts filled in. What was refused has changed nothing. At the
command line the sentence and the code go to standard error and the exit code is that of the kind;
with `--json` they are `{"code", "message", "facts"}`.

A shortage is not a refusal: reserving less than was asked for is an `Outcome` with a `shortfall`,
unless `all_or_nothing` was asked for.

This page is written from `src/earmark/errors/` by `tests/docs/errors_page.py`; change it there.
"""


def page() -> str:
    """The whole page, kind by kind."""
    kinds: dict[type[EarmarkError], list[type[EarmarkError]]] = {}
    for error in every_error():
        (kind,) = error.__bases__
        kinds.setdefault(kind, []).append(error)
    return "\n".join([HEAD, *("\n".join(_section(kind, kinds[kind])) for kind in kinds)])


def _section(kind: type[EarmarkError], errors: Iterable[type[EarmarkError]]) -> Iterable[str]:
    yield f"## {kind.__name__}: exit code {kind.exit_code}\n"
    yield f"{inspect.getdoc(kind)}\n"
    yield "| code | when | sentence |"
    yield "|---|---|---|"
    for error in errors:
        yield f"| `{error.code}` | {_in_one_line(error)} | {error.sentence} |"
    yield ""


def _in_one_line(error: type[EarmarkError]) -> str:
    return " ".join((inspect.getdoc(error) or "").split())


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
