"""Opening a database: which one, is it ours, is it of this version; creating and upgrading it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from earmark.database import events
from earmark.database.engine import Database
from earmark.errors import DatabaseNewer, DatabaseUnusable

HEAD = "0012"
"""The schema of this version: the newest revision in ``migrations``."""

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK_KEY = 0x6561726D61726B
"""Any number will do, as long as every Earmark takes the same one: these are its letters."""


def open(url: str, clock: Callable[[], datetime] | None = None) -> Database:  # noqa: A001
    """Open a database, creating the tables where there are none.

    ``url`` is ``sqlite:///stock.db``, ``sqlite:///:memory:`` or ``postgresql://user@host/name``.
    ``clock`` gives the aware time now, and with it the work date; the system's where it is left
    out. Raises ``database-unusable`` where it can not be opened, is not Earmark's or must be
    upgraded first (``earmark db upgrade``), and ``database-newer``.
    """
    database = connect(url, clock)
    try:
        found = revision(database)
        if found == "":
            upgrade(database)
        elif found != HEAD:
            _refuse(database, found)
        events.keep_counting(database)
    except BaseException:
        database.close()
        raise
    return database


def connect(url: str, clock: Callable[[], datetime] | None = None) -> Database:
    """The database at a URL, whatever is in it."""
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError:
        why = "it is not a database URL such as sqlite:///stock.db"
        raise DatabaseUnusable(database=url, why=why) from None
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
        why = f"{parsed.drivername} is not one of sqlite, postgresql"
        raise DatabaseUnusable(database=url, why=why)
    try:
        return Database(parsed, clock)
    except ModuleNotFoundError as error:
        why = f"{error.name} is not installed: pip install 'earmark[postgres]'"
        raise DatabaseUnusable(database=url, why=why) from error


def revision(database: Database) -> str:
    """The schema revision of a database; empty where it has no tables at all."""
    with _connection(database) as connection:
        return _revision(database, connection)


def _revision(database: Database, connection: sa.Connection) -> str:
    tables = set(sa.inspect(connection).get_table_names())
    if "alembic_version" in tables:
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        return str(found or "")
    if tables:
        why = f"it holds tables that are not Earmark's ({', '.join(sorted(tables)[:3])})"
        raise DatabaseUnusable(database=database.name, why=why)
    return ""


def _refuse(database: Database, found: str) -> None:
    if found > HEAD:
        raise DatabaseNewer(database=database.name, found=found, known=HEAD)
    why = f"its schema is {found} and must be upgraded to {HEAD}: earmark db upgrade"
    raise DatabaseUnusable(database=database.name, why=why)


def upgrade(database: Database) -> str:
    """Bring the tables to the schema of this version, all of it or nothing; says where it was."""
    from alembic import command  # noqa: PLC0415 - costs half a second, and is needed once
    from alembic.config import Config  # noqa: PLC0415

    with _connection(database) as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if database.is_sqlite else "BEGIN")
        if not database.is_sqlite:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK_KEY})")
        found = _revision(database, connection)
        if found > HEAD:
            raise DatabaseNewer(database=database.name, found=found, known=HEAD)
        if found < HEAD:
            config = Config()
            config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
            config.attributes["connection"] = connection
            command.upgrade(config, HEAD)
        connection.exec_driver_sql("COMMIT")
    return found


@contextmanager
def _connection(database: Database) -> Iterator[sa.Connection]:
    try:
        with database.engine.connect() as connection:
            try:
                yield connection
            except BaseException:
                _roll_back(connection)
                raise
    except Exception as error:
        refused = database.refusal(error)
        if refused is error:
            raise
        raise refused from error


def _roll_back(connection: sa.Connection) -> None:
    raw = connection.connection.dbapi_connection
    if raw is not None and getattr(raw, "in_transaction", True):
        connection.invalidate()
