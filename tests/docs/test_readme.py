"""What README.md says is so: its Python runs, its commands run, its terminal shows the truth."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from cyclopts import App

from earmark.cli.main import app, run
from earmark.cli.topics import TOPICS
from tests.docs.pages import ROOT, run_python, snippets

README = ROOT / "README.md"


@pytest.fixture(autouse=True)
def _terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder, a fixed clock and a terminal of 120 columns."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EARMARK_NOW", "2026-11-24T10:45")
    monkeypatch.setenv("COLUMNS", "120")


def _commands(of: App, path: tuple[str, ...] = ()) -> Iterator[str]:
    for name in of:
        if not name.startswith("-"):
            inner = list(_commands(of[name], (*path, name)))
            yield from inner or [" ".join((*path, name))]


def _typed(page: Path) -> list[str]:
    """The `earmark` command lines of a page's shell snippets."""
    lines = (line for _, block in snippets(page, "sh") for line in block.splitlines())
    return [line.removeprefix("earmark ") for line in lines if line.startswith("earmark ")]


def test_the_python_of_the_readme_runs() -> None:
    run_python(README)


def test_the_commands_of_the_readme_run(capsys: pytest.CaptureFixture[str]) -> None:
    typed = _typed(README)
    assert typed
    for command in typed:
        assert run(shlex.split(command)) == 0, f"{command}\n{capsys.readouterr().err}"


def test_the_terminal_of_the_readme_is_what_the_demo_prints(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["demo"]) == 0
    printed = iter([line.rstrip() for line in capsys.readouterr().out.splitlines()])
    (excerpt,) = (block for _, block in snippets(README, "console"))
    for line in filter(None, excerpt.splitlines()):
        assert line in printed, f"not in what `earmark demo` prints, or not in this order: {line}"


def test_every_command_is_mentioned_in_the_readme_the_docs_or_the_help_topics() -> None:
    pages = [README, *(ROOT / "docs").rglob("*.md")]
    text = "\n".join([*(page.read_text(encoding="utf-8") for page in pages), *TOPICS.values()])
    silent = [name for name in _commands(app) if not re.search(rf"(`|earmark ){name}\b", text)]
    assert not silent, f"nowhere mentioned: {', '.join(silent)}"


def test_what_the_readme_points_to_exists() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README.read_text(encoding="utf-8"))
    missing = [link for link in links if not (ROOT / link).exists()]
    assert not missing, ", ".join(missing)
