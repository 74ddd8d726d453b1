"""Scratch databases: fresh, migrated, and gone when their user leaves.

    with template(url) as made:
        with made.scratch() as fresh:
            earmark.open(fresh)

Migrating costs half a second, copying what was migrated a few milliseconds; so a template is
migrated once and every scratch database is a copy of it. SQLite copies a file in a temporary
folder, PostgreSQL clones a database of the server that the URL names, under a name nobody has.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa

from earmark.database.engine import Database
from earmark.database.opening import connect, upgrade

SQLITE = "sqlite://"


class Template(Protocol):
    """A migrated database that nobody uses, to be copied."""

    def scratch(self) -> AbstractContextManager[str]:
        """The URL of a fresh copy, which is gone after the block."""


@contextmanager
def template(url: str = SQLITE) -> Iterator[Template]:
    """A template on the kind of database, and on the server, that a URL names.

    The database of the URL itself is never written: a file is left alone, and on a PostgreSQL
    server it is where one connects to create others.
    """
    with closing(connect(url)) as named:
        if named.is_sqlite:
            with tempfile.TemporaryDirectory(prefix="earmark-scratch-") as folder:
                yield _migrated_file(Path(folder))
        else:
            with _new_database(named) as name:
                _migrate(_beside(named, name))
                yield _Server(named, name)


@contextmanager
def scratch(url: str = SQLITE) -> Iterator[str]:
    """The URL of one fresh, migrated database; who needs several takes a ``template``."""
    with template(url) as made, made.scratch() as fresh:
        yield fresh


def _migrate(url: str) -> None:
    with closing(connect(url)) as database:
        upgrade(database)


@dataclass(frozen=True, slots=True)
class _File:
    """A migrated SQLite file, copied beside itself."""

    path: Path
    numbers: Iterator[int]

    @contextmanager
    def scratch(self) -> Iterator[str]:
        copy = self.path.with_name(f"scratch-{next(self.numbers)}.sqlite")
        shutil.copyfile(self.path, copy)
        try:
            yield f"sqlite:///{copy}"
        finally:
            # The journal's two files lie beside a database whose users have not all left.
            for path in copy.parent.glob(f"{copy.name}*"):
                path.unlink()


def _migrated_file(folder: Path) -> _File:
    path = folder / "template.sqlite"
    _migrate(f"sqlite:///{path}")
    return _File(path, count(1))


@dataclass(frozen=True, slots=True)
class _Server:
    """A migrated database on a PostgreSQL server, cloned there."""

    server: Database
    name: str

    @contextmanager
    def scratch(self) -> Iterator[str]:
        with _new_database(self.server, self.name) as name:
            yield _beside(self.server, name)


@contextmanager
def _new_database(server: Database, source: str = "template1") -> Iterator[str]:
    """A database of a new name, a copy of another one, dropped after the block."""
    name = f"earmark_scratch_{secrets.token_hex(8)}"
    _execute(server, f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
    try:
        yield name
    finally:
        _execute(server, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _execute(server: Database, statement: str) -> None:
    try:
        with server.engine.connect() as connection:
            connection.exec_driver_sql(statement)
    except sa.exc.SQLAlchemyError as error:
        raise server.refusal(error) from error


def _beside(server: Database, name: str) -> str:
    return server.url.set(database=name).render_as_string(hide_password=False)
