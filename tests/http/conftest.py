"""The office that tests of who may ask what are served."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import earmark
from earmark.core.roles import Role
from tests.office import Clock, add


@pytest.fixture
def clock() -> Clock:
    """A clock that a test winds on."""
    return Clock()


@pytest.fixture(scope="session")
def office_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ada administrates; Ben processes orders. Made once; tests get copies."""
    path = tmp_path_factory.mktemp("office") / "office.sqlite"
    opened = earmark.open(f"sqlite:///{path}", Clock())
    add(opened, "Ada", Role.ADMINISTRATOR)
    add(opened, "Ben", Role.ORDER_PROCESSOR)
    opened.close()
    return path


@pytest.fixture
def office(office_file: Path, tmp_path: Path, clock: Clock) -> Iterator[earmark.Database]:
    """An office of this test's own."""
    shutil.copy(office_file, tmp_path / "office.sqlite")
    opened = earmark.open(f"sqlite:///{tmp_path / 'office.sqlite'}", clock)
    yield opened
    opened.close()
