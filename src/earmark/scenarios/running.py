"""Running scenario files, each on a fresh database."""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from earmark.database.opening import open as open_database
from earmark.database.scratch import SQLITE, Template, template
from earmark.errors import EarmarkError
from earmark.scenarios.comparing import Difference, said_refusal
from earmark.scenarios.expecting import verified
from earmark.scenarios.forms import Problem
from earmark.scenarios.given import set_up
from earmark.scenarios.not_built import needs
from earmark.scenarios.playing import Failure, play
from earmark.scenarios.reading import Scenario, files_of, read
from earmark.scenarios.scene import Clock, Scene, midnight


class Status(StrEnum):
    """How a scenario came out."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_BUILT = "not-built"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How a scenario came out, with what it needs that is not built, or where it failed."""

    scenario: str
    file: str
    status: Status
    needs: tuple[str, ...] = ()
    failure: Failure | None = None


def run(paths: Sequence[Path], database_url: str | None = None) -> Iterator[Result]:
    """Run the scenarios in files and folders, each on a fresh database of the URL's kind.

    Without a URL that is SQLite, in temporary files; with a PostgreSQL server's, databases are
    created there and dropped again. A file that is not well formed has failed.
    """
    files = list(files_of(paths))
    with template(database_url or SQLITE) as made:
        for path in files:
            yield _result(path, made)


def _result(path: Path, made: Template) -> Result:
    found = read(path)
    if isinstance(found, list):
        return _came_out(path.name, str(path), failure=_malformed(found))
    wanting = needs(found)
    if wanting:
        return _came_out(found.scenario, found.file, wanting)
    with made.scratch() as url:
        return _came_out(found.scenario, found.file, failure=_run(found, url))


def _came_out(
    scenario: str, file: str, wanting: tuple[str, ...] = (), failure: Failure | None = None
) -> Result:
    done = Status.FAILED if failure else Status.PASSED
    status = Status.NOT_BUILT if wanting else done
    return Result(scenario=scenario, file=file, status=status, needs=wanting, failure=failure)


def _malformed(problems: Sequence[Problem]) -> Failure:
    return Failure(
        step="",
        line=problems[0].line,
        text="",
        differences=tuple(
            Difference(line=p.line, expectation="the file is well formed", found=p.message)
            for p in problems
        ),
    )


def _run(scenario: Scenario, url: str) -> Failure | None:
    clock = Clock(midnight(scenario.work_date))
    with closing(open_database(url, clock)) as database:
        scene = Scene(url, database, clock)
        return _set_up(scenario, scene) or _play_all(scenario, scene)


def _set_up(scenario: Scenario, scene: Scene) -> Failure | None:
    try:
        set_up(scene, scenario.given)
    except EarmarkError as refusal:
        found = said_refusal(refusal)
    except Exception as error:  # noqa: BLE001 - see _play_all
        return _crash("given", scenario.given.line, "given", error)
    else:
        return None
    line = scenario.given.line
    difference = Difference(line=line, expectation="what is given is not refused", found=found)
    return Failure(step="given", line=line, text="given", differences=(difference,))


def _play_all(scenario: Scenario, scene: Scene) -> Failure | None:
    """Play every step, then verify, whether the scenario says so or not."""
    line, number, text = scenario.line, "end", "after the last step"
    try:
        for step in scenario.steps:
            line, number, text = step.line, step.number, step.text
            failure = play(scene, step)
            if failure:
                return failure
            scene.end_step()
        found = tuple(verified(scene, scenario.line))
    except Exception as error:  # noqa: BLE001 - one scenario that breaks us must not hide the others
        return _crash(number, line, text, error)
    if not found:
        return None
    return Failure(step="end", line=line, text="after the last step", differences=found)


def _crash(step: str, line: int, text: str, error: Exception) -> Failure:
    """A fault of the program: told with its traceback, for whoever mends it."""
    difference = Difference(
        line=line,
        expectation="Earmark answers",
        found=f"{type(error).__name__}: {error}",
        why="".join(traceback.format_exception(error)).strip(),
    )
    return Failure(step=step, line=line, text=text, differences=(difference,))
