"""A shell without a process: commands run inside the test, on a database of its own."""

import json
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from earmark.cli.main import run

COMPANY = """
setup tracking-code LOTEXP --specific lot --expiration used
setup tracking-code SNLOT --specific serial --specific lot
setup location EAST
setup location WEST
setup customer C1 --name "St. Anna" --minimum-shelf-life 60 --transit 2
item new X --tracking-code SNLOT --description Pump --serial-series S-0001 --lot-series L-0001
item new Y --tracking-code LOTEXP --units BOX=12
item new Z
post adjust X --location EAST --quantity 1 --serials SN1..SN3 --lot LOT1
post adjust Y --location EAST --quantity 10 --lot L1 --expires 2027-01-31
post adjust Y --location EAST --quantity 10 --lot L2 --expires 2027-06-30
order new sales SO1 --line item=X,quantity=2,location=EAST,date=2026-12-02
order new sales SO2 --line item=Y,quantity=8,location=EAST,date=2026-12-02
order new purchase PO1 --line item=Y,quantity=30,location=EAST,date=2026-11-30
order new production MO1 --line item=Z,quantity=5,location=EAST,date=2026-12-05 \
  --component item=Y,quantity=4,location=EAST,date=2026-12-01
"""


@dataclass(frozen=True)
class Answer:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever was printed
        """The answer as a program reads it."""
        return json.loads(self.out)


Shell = Callable[[str], Answer]


@pytest.fixture
def shell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Shell:
    """Runs a command line as it would be typed after `earmark`, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EARMARK_NOW", "2026-11-24T10:45")
    monkeypatch.setenv("COLUMNS", "120")

    def type_in(command: str) -> Answer:
        code = run(shlex.split(command))
        printed = capsys.readouterr()
        return Answer(code, printed.out, printed.err)

    return type_in


@pytest.fixture(scope="session")
def company_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small company, entered once for all tests of a worker."""
    file = tmp_path_factory.mktemp("company") / "company.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EARMARK_NOW", "2026-11-24T08:00")
        patch.setenv("EARMARK_DATABASE", f"sqlite:///{file}")
        for command in COMPANY.replace("\\\n", "").strip().splitlines():
            assert run(shlex.split(command)) == 0, command
    return file


@pytest.fixture
def company(shell: Shell, company_file: Path, tmp_path: Path) -> Shell:
    """The shell, with a copy of the small company as the database in its folder."""
    (tmp_path / "earmark.db").write_bytes(company_file.read_bytes())
    return shell
