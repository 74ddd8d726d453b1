"""Help that a newcomer understands."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from cyclopts import App

from earmark.cli.main import app
from earmark.cli.topics import TOPICS
from tests.cli.conftest import Shell


def _commands(of: App, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name in of:
        if name.startswith("-"):
            continue
        command = of[name]
        inner = list(_commands(command, (*path, name)))
        yield from inner or [(*path, name)]


COMMANDS = list(_commands(app))


def test_earmark_alone_says_what_it_is_and_the_main_job(shell: Shell) -> None:
    said = shell("").out
    assert "Earmark reserves tracked inventory" in said
    assert said.count("    earmark ") == 5
    assert "earmark demo" in said
    assert "Exit codes: 0 done, 2 malformed, 3 not found, 4 refused" in said


def test_the_commands_of_the_main_job_are_listed_before_the_housekeeping(shell: Shell) -> None:
    said = shell("--help").out
    places = [said.index(f"\n{title}\n") for title in ("Reserve", "Ask", "Enter", "Post")]
    assert places == sorted(places)


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_the_help_of_a_command_has_an_example(shell: Shell, path: tuple[str, ...]) -> None:
    command = " ".join(path)
    answer = shell(f"{command} --help")
    assert answer.code == 0
    assert f"    earmark {command}" in answer.out


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_option_of_a_command_says_what_it_is(shell: Shell, path: tuple[str, ...]) -> None:
    said = shell(f"{' '.join(path)} --help").out
    options = [line.strip() for line in said.splitlines() if line.startswith("  --")]
    silent = [option for option in options if "  " not in option]
    assert not silent


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_is_explained_in_eighty_columns(shell: Shell, topic: str) -> None:
    answer = shell(f"help {topic}")
    assert answer.out
    assert max(map(len, answer.out.splitlines())) <= 80


def test_help_explains_a_command_and_refuses_what_is_neither(shell: Shell) -> None:
    assert "earmark order new sales" in shell("help order new").out
    assert shell("help").out == shell("--help").out
    refused = shell("help colours")
    assert (refused.code, "exit-codes" in refused.err) == (2, True)


def test_the_version_is_told(shell: Shell) -> None:
    assert shell("--version").out.strip() == "0.1.0"


def test_help_loads_nothing_that_only_commands_need() -> None:
    heavy = ("sqlalchemy", "fastapi", "httpx", "jinja2", "biip", "authlib", "alembic", "xlsxwriter")
    program = "import sys, earmark.cli.main; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not [name for name in heavy if name in loaded]
