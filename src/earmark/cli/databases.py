"""`earmark db`: making, upgrading and describing a database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from earmark.cli.invocation import READING, Reading, show, url_of
from earmark.cli.page import Page, Title, facts

if TYPE_CHECKING:
    from earmark.database.engine import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseView:
    """A database: where it is, which schema it has and which this version of Earmark has."""

    database: str
    schema: str
    known: str
    was: str = ""


def upgrade(*, reading: Reading = READING) -> None:
    """Make a database, or bring its tables to this version: all of it, or nothing.

    earmark db upgrade
    earmark db upgrade --database postgresql://stock@db/stock
    """
    from earmark.cli.output import working
    from earmark.database import opening

    with _connected(reading) as database, working("Upgrading ..."):
        was = opening.upgrade(database)
        view = DatabaseView(
            database=database.name, schema=opening.HEAD, known=opening.HEAD, was=was
        )
    show(view, _upgraded_page, is_json=reading.json)


def info(*, reading: Reading = READING) -> None:
    """Say which database this is and whether it is up to date.

    earmark db info
    """
    from earmark.database import opening

    reading.check_exists()
    with _connected(reading) as database:
        found = opening.revision(database)
        view = DatabaseView(database=database.name, schema=found, known=opening.HEAD)
    show(view, _info_page, is_json=reading.json)


@contextmanager
def _connected(reading: Reading) -> Iterator["Database"]:
    """The database as it is: what opening it would refuse is what these commands are for."""
    from earmark.database.opening import connect

    database = connect(url_of(reading.database))
    try:
        yield database
    finally:
        database.close()


def _info_page(view: DatabaseView) -> Page:
    is_current = view.schema == view.known
    state = "up to date" if is_current else "to be upgraded: earmark db upgrade"
    return [
        Title(view.database, state),
        facts(("Schema", view.schema or "none"), ("This version of Earmark", view.known)),
    ]


def _upgraded_page(view: DatabaseView) -> Page:
    if view.was == view.schema:
        return [Title(view.database, f"was up to date (schema {view.schema})")]
    return [Title(view.database, f"schema {view.was or 'none'} → {view.schema}")]
