"""Reading scenario files: YAML into checked steps, every value with the line it stands on.

Nothing is ignored: a key, verb, field or code that the format does not know, and a value of another
type than its field's, is a problem with its line. All problems of a file are found at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from earmark.errors import FileUnusable
from earmark.scenarios.forms import NOTHING, Fields, Problem, Report
from earmark.scenarios.grammar import COMMANDS, VERBS, scenario

FIRST_WORK_DATE = date(2026, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: its verb, what the verb is given, and what must come of it.

    ``number`` counts the steps of the list; within ``together`` it is ``4.2``. Steps are equal if
    they ask for the same, whatever is expected of them.
    """

    verb: str
    content: Any
    number: str = field(compare=False)
    line: int = field(compare=False)
    text: str = field(compare=False)
    refused: tuple[str, ...] = field(default=(), compare=False)
    may_refuse: tuple[str, ...] = field(default=(), compare=False)
    is_preview: bool = field(default=False, compare=False)
    request_id: str = field(default="", compare=False)
    by: str = field(default="", compare=False)
    warns: tuple[str, ...] = field(default=(), compare=False)
    then: Fields | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A scenario that was read and found well formed."""

    scenario: str
    file: str
    line: int
    work_date: date
    given: Fields
    steps: tuple[Step, ...]


def files_of(paths: Sequence[Path]) -> Iterator[Path]:
    """The scenario files at these paths: files, or all in a folder and below, in order of name."""
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        found = sorted({*path.rglob("*.yaml"), *path.rglob("*.yml")})
        if not found:
            raise FileUnusable(file=path, why="it is a folder without scenario files")
        yield from found


def read(path: Path) -> Scenario | list[Problem]:
    """The scenario of a file, or everything that is wrong in it."""
    try:
        written = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise FileUnusable(file=path, why=error.strerror or "it can not be read") from None
    except UnicodeDecodeError:
        raise FileUnusable(file=path, why="it is not text in UTF-8") from None
    return read_text(written, str(path))


def read_text(written: str, file: str) -> Scenario | list[Problem]:
    """The scenario that a text says, or everything that is wrong in it."""
    report = Report(file)
    try:
        node = yaml.compose(written, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        return [_not_yaml(file, error)]
    if node is None:
        return [Problem(file, 1, "the file is empty")]
    checked = scenario(node, report)
    if report.problems:
        return _in_order(report.problems)
    lines = written.splitlines()
    read_scenario = Scenario(
        scenario=checked["scenario"],
        file=file,
        line=checked.line_of("scenario"),
        work_date=checked.get("work_date", FIRST_WORK_DATE),
        given=checked.get("given", NOTHING),
        steps=tuple(_steps(checked["steps"], lines, report)),
    )
    _check_names(read_scenario, report)
    return _in_order(report.problems) or read_scenario


def check(paths: Sequence[Path]) -> Iterator[Problem]:
    """Everything that is wrong in the scenario files at these paths, without running them."""
    places: dict[str, str] = {}
    for path in files_of(paths):
        found = read(path)
        if isinstance(found, list):
            yield from found
        elif found.scenario in places:
            message = f"the same sentence as in {places[found.scenario]}: it must be unique"
            yield Problem(found.file, found.line, message)
        else:
            places[found.scenario] = f"{found.file}:{found.line}"


def _in_order(problems: list[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: problem.line)


def _not_yaml(file: str, error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    what = getattr(error, "problem", None) or str(error).splitlines()[0]
    return Problem(file, mark.line + 1 if mark else 1, f"not YAML: {what}")


# -- Steps -------------------------------------------------------------------------------------


def _steps(
    rows: Sequence[Fields], lines: Sequence[str], report: Report, within: str = ""
) -> Iterator[Step]:
    for position, row in enumerate(rows, 1):
        verbs = [key for key in row if key in VERBS]
        if len(verbs) != 1:
            found = " and ".join(verbs) or "none"
            report.tell(row.line, f"a step has one verb; this one has {found}")
            continue
        step = _step(row, verbs[0], f"{within}{position}", lines, report)
        _check_step(step, row, report)
        yield step


def _step(row: Fields, verb: str, number: str, lines: Sequence[str], report: Report) -> Step:
    content = row[verb]
    if verb == "together":
        content = tuple(_steps(content, lines, report, f"{number}."))
    return Step(
        verb=verb,
        content=content,
        number=number,
        line=row.line,
        text=lines[row.line - 1].strip().removeprefix("- "),
        refused=row.get("refused", ()),
        may_refuse=row.get("may_refuse", ()),
        is_preview=row.get("preview", False),
        request_id=row.get("request_id", ""),
        by=row.get("by", ""),
        warns=row.get("warns", ()),
        then=row.get("then"),
    )


_ABOUT_COMMANDS = ("refused", "may_refuse", "preview", "request_id", "by", "warns")


def _check_step(step: Step, row: Fields, report: Report) -> None:
    """What the forms of the fields can not see: fields that do not go together."""
    for key in _ABOUT_COMMANDS:
        if key in row and step.verb not in COMMANDS:
            report.tell(row.line_of(key), f"{key} says nothing of a step that is {step.verb}")
    if step.verb == "together" and not row["together"]:
        report.tell(row.line, "together is a list of at least one step")
    if "refused" in row and "may_refuse" in row:
        report.tell(row.line_of("may_refuse"), "a step is refused or may be refused, not both")
    _check_moment(step.then, step, 0, report)
    if step.verb == "expect":
        _check_moment(step.content, step, 1, report)


def _check_moment(expectation: Fields | None, step: Step, ahead: int, report: Report) -> None:
    if expectation is None or "as_of" not in expectation:
        return
    done = int(step.number.partition(".")[0]) - (ahead or "." in step.number)
    if not 0 <= expectation["as_of"] <= done:
        message = f"as_of {expectation['as_of']}: {done} steps were done by then"
        report.tell(expectation.line_of("as_of"), message)


# -- Names -------------------------------------------------------------------------------------


def _check_names(read_scenario: Scenario, report: Report) -> None:
    """Every name is given once; what is undone was named before."""
    named = set[str]()
    for name, line in _names_of_rows(read_scenario.given.get("stock", ())):
        _give(name, line, named, report)
    for step in read_scenario.steps:
        for inner in step.content if step.verb == "together" else (step,):
            if inner.verb == "undo" and inner.content not in named:
                report.tell(inner.line, f"no step before this one is named {inner.content}")
            for name, line in _names_of_step(inner):
                _give(name, line, named, report)


def _names_of_rows(rows: Sequence[Fields]) -> Iterator[tuple[str, int]]:
    return ((row["as"], row.line_of("as")) for row in rows if "as" in row)


def _names_of_step(step: Step) -> Iterator[tuple[str, int]]:
    """The names that a step gives; one that is only previewed writes nothing to be named."""
    if step.is_preview:
        return
    if step.verb == "stock":
        yield from _names_of_rows(step.content)
    elif isinstance(step.content, Fields):
        yield from ((name, step.line) for name in step.content.get("as", ()))


def _give(name: str, line: int, named: set[str], report: Report) -> None:
    if name in named:
        report.tell(line, f"the name {name} is given twice")
    named.add(name)
