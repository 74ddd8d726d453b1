"""Telling how scenarios came out: a line for each, more where one failed, and a sum."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from earmark.scenarios.comparing import Difference
from earmark.scenarios.forms import Problem
from earmark.scenarios.running import Result, Status

_WORDS = {Status.PASSED: "passed", Status.FAILED: "FAILED", Status.NOT_BUILT: "not built"}
_WIDTH = max(map(len, _WORDS.values()))


def told(result: Result) -> str:
    """One line for a scenario; where it failed, the step and all that does not hold after it."""
    needs = f"  (needs {', '.join(result.needs)})" if result.needs else ""
    line = f"{_WORDS[result.status]:<{_WIDTH}}  {result.scenario}{needs}"
    return "\n".join([line, *_story(result)])


def told_problem(problem: Problem) -> str:
    """Something wrong in a file, as an editor understands it."""
    return f"{problem.file}:{problem.line}: {problem.message}"


def summary(results: Iterable[Result]) -> str:
    """How many came out how."""
    counts = Counter(result.status for result in results)
    return ", ".join(f"{counts[status]} {word.lower()}" for status, word in _WORDS.items())


def _story(result: Result) -> Iterator[str]:
    failure = result.failure
    if failure is None:
        return
    step = f" step {failure.step}: {failure.text}" if failure.step else ""
    yield f"    {result.file}:{failure.line}:{step}"
    for difference in failure.differences:
        yield from _difference(difference)


def _difference(difference: Difference) -> Iterator[str]:
    yield f"      expected, line {difference.line}: {difference.expectation}"
    yield f"      found: {difference.found}"
    if difference.why:
        yield "      why: " + difference.why.replace("\n", "\n        ")
