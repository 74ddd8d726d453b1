"""What every test may ask for: a database of either kind, empty and its own.

`database_url` and `database` run a test twice, on SQLite and on PostgreSQL. The PostgreSQL server
is started by the first test that needs it and shared by all workers of the run; every worker makes
one template with our tables, and a test gets a copy. Where no server starts, these tests fail: a
test that was skipped proves nothing.

`EARMARK_PROFILE` chooses how hard Hypothesis tries: `default`, `ci` or `torture`.
"""

import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

import earmark
from tests import postgres as launcher

LEASE = "EARMARK_TEST_POSTGRES_LEASE"  # the folder of the run's server, for xdist's workers

settings.register_profile("default", max_examples=50, deadline=None, print_blob=True)
settings.register_profile("ci", max_examples=100, deadline=None, print_blob=True)
settings.register_profile(
    "torture", max_examples=20_000, stateful_step_count=200, deadline=None, print_blob=True
)
settings.load_profile(os.environ.get("EARMARK_PROFILE", "default"))

_numbers = count(1)


def pytest_configure(config: pytest.Config) -> None:
    """Take the lease for the whole run, in the process that outlives the workers."""
    if not hasattr(config, "workerinput"):
        lease = launcher.open_lease()
        os.environ[LEASE] = str(lease.folder)
        config.add_cleanup(lease.close)


@pytest.fixture(scope="session")
def postgres() -> launcher.Server:
    """The PostgreSQL server of this run."""
    return launcher.share(Path(os.environ[LEASE]))


@pytest.fixture(scope="session")
def postgres_template(postgres: launcher.Server, worker_id: str) -> str:
    """A database with our tables and nothing in them, to be copied."""
    name = f"template_{worker_id}"
    postgres.create_database(name)
    earmark.open(postgres.url(name)).close()
    return name


@pytest.fixture
def postgres_url(postgres: launcher.Server, postgres_template: str) -> Iterator[str]:
    """An empty database on PostgreSQL."""
    name = f"{postgres_template}_{next(_numbers)}"
    postgres.create_database(name, postgres_template)
    yield postgres.url(name)
    postgres.drop_database(name)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """An empty database on SQLite, in a file."""
    return f"sqlite:///{tmp_path / 'earmark.sqlite'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database, on each kind in turn."""
    kind = "postgres_url" if request.param == "postgresql" else "sqlite_url"
    url: str = request.getfixturevalue(kind)
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest) -> Iterator[Callable[[], earmark.Database]]:
    """Opens an empty database, another one each time; on each kind in turn."""
    if request.param == "sqlite":
        yield lambda: earmark.open("sqlite:///:memory:")
        return
    server: launcher.Server = request.getfixturevalue("postgres")
    template: str = request.getfixturevalue("postgres_template")
    names: list[str] = []

    def opened() -> earmark.Database:
        names.append(f"{template}_{next(_numbers)}")
        server.create_database(names[-1], template)
        return earmark.open(server.url(names[-1]))

    yield opened
    for name in names:
        server.drop_database(name)


@pytest.fixture
def database(database_url: str) -> Iterator[earmark.Database]:
    """An empty database, open, on each kind in turn."""
    opened = earmark.open(database_url)
    yield opened
    opened.close()
