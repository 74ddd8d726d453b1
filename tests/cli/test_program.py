"""The program as a process: quick help, a closed pipe, no terminal."""

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = [sys.executable, "-c", "from earmark.cli.main import main; main()"]


def _run(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *arguments],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_help_loads_neither_the_database_nor_a_use_case(tmp_path: Path) -> None:
    slow = ("sqlalchemy", "alembic", "psycopg", "yaml", "earmark.usecases.reading")
    probe = (
        "import sys; from earmark.cli.main import run; run(['reserve', '--help']);"
        f"sys.exit(bool(set(sys.modules) & set({slow!r})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe], cwd=tmp_path, check=False, capture_output=True
    )
    assert done.returncode == 0


def test_a_refusal_sets_the_exit_code_of_the_process(tmp_path: Path) -> None:
    done = _run("verify", folder=tmp_path)
    assert (done.returncode, done.stdout) == (6, "")
    assert done.stderr.startswith("earmark: The database")


def test_a_pipe_that_closes_early_is_no_error(tmp_path: Path) -> None:
    with subprocess.Popen(
        [*PROGRAM, "help", "numbers"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (0, "")
