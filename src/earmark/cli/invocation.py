"""What every command has in common: which database, who asks, and how the answer is given.

A handler says which use case and which command; carrying it out, signing it and printing what came
of it is the same for all of them and stands here once.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

from cyclopts import Group, Parameter

from earmark.cli.options import Moment, time_of
from earmark.cli.page import Note, Page, Pen, in_words
from earmark.core.commands import Command
from earmark.core.outcome import Outcome
from earmark.errors import DatabaseUnusable

if TYPE_CHECKING:
    from earmark.database.engine import Database

DEFAULT_DATABASE = "sqlite:///earmark.db"
EVERY_COMMAND = Group("Options of every command", sort_key=90)

Asked = TypeVar("Asked", bound=Command)
View = TypeVar("View")

DatabaseOption = Annotated[
    str,
    Parameter(
        env_var="EARMARK_DATABASE",
        metavar="URL",
        help="sqlite:///FILE, a file name, or postgresql://USER@HOST/NAME.",
    ),
]
JsonOption = Annotated[bool, Parameter(help="Answer in JSON, quantities as exact texts.")]


@Parameter(name="*", group=EVERY_COMMAND)
@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The options of a command that reads."""

    database: DatabaseOption = DEFAULT_DATABASE
    json: JsonOption = False

    def opened(self) -> AbstractContextManager["Database"]:
        """The database, which must exist: who reads makes no new one by a slip of the pen."""
        self.check_exists()
        return opened(self.database)

    def check_exists(self) -> None:
        """Refuse the file of a database that is not there."""
        path = file_of(self.database)
        if path is not None and not path.exists():
            why = "there is no such file; `earmark db upgrade` makes a new one"
            raise DatabaseUnusable(database=self.database, why=why)

    def answer(self, view: View, page: Callable[[View], Page]) -> None:
        """Print what was read."""
        show(view, page, is_json=self.json)


@Parameter(name="*", group=EVERY_COMMAND)
@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingAsOf(Reading):
    """The options of a command that reads the book as it stands, or as it stood."""

    as_of: Annotated[
        Moment | None,
        Parameter(help="As it was: at a time (2026-11-24T10:00, UTC), a day's end, a moment."),
    ] = None

    def answer(self, view: View, page: Callable[[View], Page]) -> None:
        """Print what was read, and as of when where that is not now."""
        past: Page = [Note(f"As of {in_words(self.as_of)}.", Pen.YOURS)] if self.as_of else []
        show(view, lambda seen: [*past, *page(seen)], is_json=self.json)


@Parameter(name="*", group=EVERY_COMMAND)
@dataclass(frozen=True, slots=True, kw_only=True)
class Changing:
    """The options of a command that changes something."""

    database: DatabaseOption = DEFAULT_DATABASE
    json: JsonOption = False
    by: Annotated[
        str,
        Parameter(env_var="EARMARK_BY", metavar="NAME", help="Who asks. Default: your login name."),
    ] = ""
    reason: Annotated[str, Parameter(metavar="TEXT", help="Why; it is kept in the history.")] = ""
    request_id: Annotated[
        str, Parameter(metavar="ID", help="The same id again repeats the answer, not the change.")
    ] = ""
    preview: Annotated[bool, Parameter(help="Decide and answer, but save nothing.")] = False

    def signed(self, command: Asked) -> Asked:
        """The command with who asks and why, under which id, and whether it is only tried."""
        return replace(
            command,
            by=self.by or login_name(),
            reason=self.reason,
            request_id=self.request_id,
            preview=self.preview,
        )

    def carry_out(self, use_case: Callable[["Database", Asked], Outcome], command: Asked) -> None:
        """Carry a command out and print what came of it."""
        from earmark.cli.outcomes import outcome_page

        with opened(self.database) as database:
            outcome = use_case(database, self.signed(command))
        show(outcome, lambda told: outcome_page(command, told), is_json=self.json)


READING = Reading()
READING_AS_OF = ReadingAsOf()
CHANGING = Changing()


@contextmanager
def opened(database_url: str) -> Iterator["Database"]:
    """The database, made or upgraded where need be, and closed at the end."""
    from earmark.database.opening import open as open_database

    database = open_database(url_of(database_url), clock=_clock())
    try:
        yield database
    finally:
        database.close()


def _clock() -> Callable[[], datetime] | None:
    """The clock of the machine, or the time that trials, tests and the demonstration set."""
    stopped_at = os.environ.get("EARMARK_NOW")
    if not stopped_at:
        return None
    now = time_of(stopped_at)
    return lambda: now


def show(view: View, page: Callable[[View], Page], *, is_json: bool) -> None:
    """Print an answer, as a page or as JSON."""
    from earmark.cli import output

    if is_json:
        print(output.as_json(view))  # noqa: T201 - the answer itself
    else:
        output.write(page(view))


def url_of(database: str) -> str:
    """The address of a database that may be given as the name of a file."""
    return database if "://" in database else f"sqlite:///{database}"


def file_of(database: str) -> Path | None:
    """The file of a SQLite database; none where it is in memory or on a server."""
    name = url_of(database).removeprefix("sqlite:///")
    is_file = "://" not in name and not name.startswith((":memory:", "file:"))
    return Path(name) if is_file else None


def login_name() -> str:
    """The name of whoever is logged in on this machine; empty where there is none."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # A container may run under a user id that has no name.
        return ""
