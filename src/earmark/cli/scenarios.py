"""`earmark scenario`: run scenario files, or only check them."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from earmark.cli.invocation import JsonOption, url_of
from earmark.errors import ValueInvalid

FAILED = 1

Files = Annotated[Path, Parameter(help="Scenario files, or folders of them.")]


def run(
    *paths: Files,
    database: Annotated[str, Parameter(metavar="URL")] = "",
    json: JsonOption = False,
) -> int:
    """Run scenarios, each on a fresh database: one line each; exit code 1 when one fails.

        earmark scenario run scenarios/
        earmark scenario run one.yaml --database postgresql://user@host/trial

    Args:
        database: A PostgreSQL server to make them on; SQLite where it is not said.
    """
    from earmark import scenarios
    from earmark.cli.output import as_json

    _check_named(paths)
    results = []
    for result in scenarios.run(paths, url_of(database) if database else None):
        results.append(result)
        if not json:
            print(scenarios.told(result), flush=True)  # noqa: T201 - the answer itself
    print(as_json(results) if json else scenarios.summary(results))  # noqa: T201
    return FAILED if any(r.status is scenarios.Status.FAILED for r in results) else 0


def check(*paths: Files, json: JsonOption = False) -> int:
    """Only check that scenario files are well formed: unknown keys, verbs and fields.

    earmark scenario check scenarios/
    """
    from earmark import scenarios
    from earmark.cli.output import as_json

    _check_named(paths)
    problems = list(scenarios.check(paths))
    said = "\n".join(map(scenarios.told_problem, problems)) or "Well formed."
    print(as_json(problems) if json else said)  # noqa: T201 - the answer itself
    return FAILED if problems else 0


def _check_named(paths: tuple[Path, ...]) -> None:
    if not paths:
        raise ValueInvalid(field="PATHS", value="", why="name at least one file or folder")
