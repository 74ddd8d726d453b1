"""Everything one does with a fresh clone, with nothing installed but Python.

    python3 do.py demo            set up what is missing, then `earmark demo`
    python3 do.py serve [ARGS]    set up what is missing, then the pages: `earmark serve --demo`
    python3 do.py test [ARGS]     set up, then every check; ARGS go to pytest
    python3 do.py run ARGS        set up, then `earmark ARGS`
    python3 do.py setup [--test]  set up only: what users need, or what tests need too
    python3 do.py bench [ARGS]    set up for tests, then the benchmarks
    python3 do.py lint | types | arrows | pytest | coverage [ARGS]     one check alone
    python3 do.py fix             format, and repair what ruff can
    python3 do.py lock [ARGS]     write the lock files anew (`--upgrade` for new versions)

Set up means: a virtual environment in `.venv`, filled from a lock file whose every download is
checked against its hash, with this folder installed in it as it stands. A stamp of the lock's
hash makes the second run do nothing. Why not uv or tox alone: this file needs no tool, and a
requirements lock holds no registry's address, so that it works behind any mirror.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
RUN_LOCK = ROOT / "requirements.lock"
TEST_LOCK = ROOT / "requirements-test.lock"
OLDEST_PYTHON = (3, 11)

SHOWN = {"demo": ["demo"], "serve": ["serve", "--demo"], "run": []}
CHECKS = {
    "lint": [
        ["ruff", "format", "--check", "--output-format=concise", "."],
        ["ruff", "check", "--output-format=concise", "."],
    ],
    "types": [["mypy"]],
    "arrows": [["lint-imports"]],
    "pytest": [["pytest", "-n", "2"]],
}
COVERAGE = [["pytest", "-n", "2", "--cov", "--cov-report=term"]]


def main(arguments: list[str]) -> int:
    if sys.version_info < OLDEST_PYTHON:
        return _refuse(
            f"Earmark needs Python 3.11 or newer; this is {sys.version.split()[0]}. "
            "Run me with a newer one, for example: python3.11 do.py " + " ".join(arguments)
        )
    verb, rest = (arguments[0], arguments[1:]) if arguments else ("help", [])
    os.chdir(ROOT)
    try:
        return _do(verb, rest)
    except subprocess.CalledProcessError as error:
        return _refuse(f"This step failed (see above): {' '.join(map(str, error.cmd))}")
    except KeyboardInterrupt:
        return _refuse("Stopped. The same command again goes on from here.")
    except PermissionError as error:
        return _refuse(
            f"No permission to write {error.filename}. Clone the repository into a folder that "
            "belongs to you; if another user set up .venv, remove it."
        )


def _do(verb: str, rest: list[str]) -> int:
    if verb in ("help", "-h", "--help"):
        print(__doc__)
        return 0
    if verb == "setup" and rest in ([], ["--test"]):
        set_up(TEST_LOCK if rest else RUN_LOCK)
        print("Ready: .venv")
        return 0
    if verb in SHOWN:
        set_up(RUN_LOCK)
        return _become(_tool("earmark"), *SHOWN[verb], *rest)
    if verb == "lock":
        return write_locks(rest)
    if verb in ("test", "bench", "fix", "coverage", *CHECKS):
        set_up(TEST_LOCK)
        if verb in ("test", "coverage", "pytest"):
            set_up_browser()
        return _develop(verb, rest)
    return _refuse(f"Unknown: do.py {' '.join([verb, *rest])}\n{__doc__}")


def _develop(verb: str, rest: list[str]) -> int:
    if verb == "bench":
        return _become(_tool("python"), "-m", "bench", *rest)
    if verb == "fix":
        return run_steps([["ruff", "check", "--fix", "."], ["ruff", "format", "."]])
    every_check = [step for steps in CHECKS.values() for step in steps]
    steps = {**CHECKS, "coverage": COVERAGE, "test": every_check}[verb]
    return run_steps([*steps[:-1], [*steps[-1], *rest]])


def run_steps(steps: list[list[str]]) -> int:
    """Run every step, also after one has failed: one run shows all there is to mend."""
    failed = []
    for step in steps:
        print("\n$", " ".join(step), flush=True)
        if subprocess.call([_tool(step[0]), *step[1:]]) != 0:
            failed.append(" ".join(step))
    if failed:
        return _refuse("\nFAILED: " + "; ".join(failed))
    return 0


# --- set up ---------------------------------------------------------------------------------


def set_up(lock: Path) -> None:
    """Make `.venv` hold what `lock` says and this project; do nothing when it already does."""
    if _stamp(lock).exists() and _stamp(lock).read_text() == _fingerprint(lock):
        return
    if not _tool("python").exists() or (_has("ensurepip") and not _has_own_pip()):
        print("Setting up .venv (once; a minute at most) ...", flush=True)
        venv.create(VENV, clear=True, symlinks=os.name != "nt", with_pip=_has("ensurepip"))
    count = sum("==" in line for line in lock.read_text().splitlines())
    print(f"Installing {count} packages from {lock.name} ...", flush=True)
    _pip("--require-hashes", "-r", lock)
    _pip("--no-deps", "--no-build-isolation", "--editable", ROOT)
    for done in {lock, RUN_LOCK}:  # the test lock is the other one and more
        _stamp(done).write_text(_fingerprint(done))


def set_up_browser() -> None:
    """Have Debian's Chromium for the tests of the pages; a wheel holds no browser.

    Only root on a Debian can be helped here. Whoever else lacks it is told that pages go untested.
    """
    apt = shutil.which("apt-get")
    if shutil.which("chromium") or os.environ.get("EARMARK_CHROMIUM"):
        return
    if apt is None or os.geteuid() != 0:
        print("No Chromium, and it is not ours to install: the pages are NOT tested.", flush=True)
        return
    print("Installing Chromium for the tests of the pages ...", flush=True)
    quietly = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for step in (
        ["update"],
        ["install", "--no-install-recommends", "chromium", "fonts-dejavu-core"],
    ):
        subprocess.run([apt, "-qq", *step], check=True, env=quietly, stdout=subprocess.DEVNULL)


def _stamp(lock: Path) -> Path:
    return VENV / f"installed-{lock.name}.sha256"


def _fingerprint(lock: Path) -> str:
    """The lock's hash, with all else that makes an installed environment stale.

    That is the folder, to which an editable install points, and the metadata in pyproject.toml,
    of which it holds a copy.
    """
    import tomllib  # noqa: PLC0415 - an older Python must get as far as main's refusal

    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    facts = [lock.read_text(), settings["build-system"], settings["project"], ROOT]
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def _pip(*arguments: str | Path) -> None:
    """Install with the environment's own pip, or from outside where Debian left that out."""
    pip: list[str | Path] = [_tool("python"), "-m", "pip"]
    if not _has_own_pip():
        if not _has("pip"):
            raise SystemExit(
                "This Python has neither ensurepip nor pip. On Debian or Ubuntu: "
                "apt install python3-venv"
            )
        pip = [sys.executable, "-m", "pip", "--python", _tool("python")]
    # Quiet twice: of pip's remarks only errors concern whoever runs this.
    command = [*pip, "install", "--quiet", "--quiet", "--disable-pip-version-check", *arguments]
    subprocess.run(command, check=True, env=os.environ | {"PIP_ROOT_USER_ACTION": "ignore"})


def _has_own_pip() -> bool:
    return any(VENV.glob("[Ll]ib/**/site-packages/pip"))


def _has(module: str) -> bool:
    try:
        __import__(module)
    except ImportError:
        return False
    return True


def write_locks(arguments: list[str]) -> int:
    """Resolve pyproject.toml, for every platform and Python at once: the one thing uv is for."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        programs = Path(folder) / _tool("python").parent.name
        subprocess.run([programs / "python", "-m", "pip", "install", "-qq", "uv"], check=True)
        resolve: list[str | Path] = [
            programs / "uv",
            "pip",
            "compile",
            "--quiet",
            "--universal",
            "--no-annotate",
            # pip, asked for `coverage[toml]`, does not take a bare `coverage` for its pin.
            "--no-strip-extras",
        ]
        resolve += ["--generate-hashes", "--python-version", "3.11", "pyproject.toml", *arguments]
        header = os.environ | {"UV_CUSTOM_COMPILE_COMMAND": "make lock"}
        for lock, extras in (
            (RUN_LOCK, ["--extra", "postgres", "--extra", "editable"]),
            # Held to the same versions: whoever has the test lock has the other one too.
            (TEST_LOCK, ["--all-extras", "--constraint", RUN_LOCK.name]),
        ):
            subprocess.run([*resolve, *extras, "-o", lock.name], check=True, env=header)
    return 0


# --- running things --------------------------------------------------------------------------


def _tool(name: str) -> Path:
    """A program of the environment, by name."""
    if os.name == "nt":
        return VENV / "Scripts" / f"{name}.exe"
    return VENV / "bin" / name


def _become(program: Path, *arguments: str) -> int:
    """Go on as `program`, so that Ctrl-C and signals reach it and nobody in between."""
    if os.name != "nt":
        os.execv(program, [str(program), *arguments])
    return subprocess.call([program, *arguments])


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
