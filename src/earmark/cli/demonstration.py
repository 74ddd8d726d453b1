"""`earmark demo`: the main job, step by step, on a small company in trouble.

Every step is the command that a user would type, carried out for real by the same program; what is
printed under it is its answer.
"""

import os
import shlex
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import earmark
from earmark.cli.invocation import file_of, opened, url_of
from earmark.cli.page import Column, Note, Page, Pen, Table, Title, columns
from earmark.errors import DatabaseUnusable

NARROW = 76
DEFAULT_DATABASE = "sqlite:///earmark-demo.db"


class Step(NamedTuple):
    """What a user does next, and the command that he types for it."""

    what: str
    command: str


STEPS = (
    Step(
        what="Create a line for an item-tracked item: Vester Clinic orders an infusion pump.",
        command="order new sales SO4730 --customer C0102 "
        "--line item=4100,quantity=1,location=EAST,date=2026-12-01",
    ),
    Step(
        what="Open its Item Tracking Lines: the clinic wants serial no. SN1 of lot LOT1.",
        command="track add SO4730/1 --serial SN1 --lot LOT1",
    ),
    Step(
        what="Choose Reserve. Specific serial or lot numbers? Yes, the one just entered. The "
        "Reservation window shows only supply with that number. Another order holds it, but "
        "loosely: any pump will do for that one.",
        command="window SO4730/1 --serial SN1 --lot LOT1",
    ),
    Step(
        what="Auto Reserve. The reservation is specific; the other order moves to the next pump.",
        command="reserve SO4730/1 --serial SN1 --lot LOT1",
    ),
    Step(
        what="Now the trouble. St. Anna Hospital needs 240 of item 1040, good for 60 days after "
        "they arrive. What is there, and why is it not enough?",
        command="why SO4711/2",
    ),
    Step(
        what="The line names 96 of lot L2503 and 84 of L2521. Of L2503 only 20 in stock are free.",
        command="window SO4711/2 --lot L2503",
    ),
    Step(
        what="Reserve exactly those numbers. Whoever holds L2503 loosely steps aside, where other "
        "goods are as good for him.",
        command="reserve SO4711/2 --numbers all",
    ),
    Step(what="The same window afterwards.", command="window SO4711/2 --lot L2503"),
    Step(
        what="Two more orders, any lot will do. Each line has its own answer.",
        command="reserve SO4716/1 SO4718/3",
    ),
    Step(
        what="The warehouse ships SO4705/1 and has picked L2406, which was promised to others. "
        "What was picked is what counts: the promise moves, and is kept.",
        command="post ship SO4705/1 --lot L2406 --quantity 20",
    ),
    Step(what="Is every promise still covered? Everything is recomputed.", command="verify"),
    Step(what="Who did what.", command="history --limit 8"),
)


def fill(database: str) -> None:
    """Make the company in an empty database, or anew in one of its own."""
    from earmark.cli import output

    with _morning(database):
        output.write([Note(f"The company is in {_make(database)}.")])


def tell(database: str, run: Callable[[Sequence[str]], int]) -> int:
    """Make the company and show the main job on it, every step carried out by ``run``.

    A step that fails is the last, and its exit code that of the whole.
    """
    from earmark.cli import output

    with _morning(database):
        name = _make(database)
        output.write(_opening(name))
        for number, step in enumerate(STEPS, start=1):
            said = Note(f"{number}. {step.what}", Pen.NAME)
            output.write([Note(""), said, Note(f"$ {_typed(step.command)}", Pen.YOURS)])
            code = run(shlex.split(step.command))
            if code:
                return code
        output.write(_closing(name))
    return 0


# -- The database ------------------------------------------------------------------------------


@contextmanager
def _morning(database: str) -> Iterator[None]:
    """It is the morning of the story, Ana asks, and commands without --database mean this one."""
    from earmark.usecases.demonstration import NOW

    before = dict(os.environ)
    os.environ.update(EARMARK_DATABASE=database, EARMARK_NOW=NOW.isoformat(), EARMARK_BY="Ana")
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _make(database_url: str) -> str:
    """Fill an empty database, or make one of our own anew; gives its name, without a password."""
    from earmark.cli.output import working
    from earmark.usecases.demonstration import fill, is_demonstration

    path = file_of(database_url)
    if path is None and url_of(database_url).startswith("sqlite"):
        why = "what is in memory is gone after every command; name a file"
        raise DatabaseUnusable(database=database_url, why=why)
    if path is not None and path.exists():
        with opened(database_url) as database:
            is_ours = is_demonstration(database)
        if is_ours:
            _remove(path)
    with opened(database_url) as database, working("Entering the company and its story ..."):
        if earmark.documents(database):
            why = "it holds documents already, and the demonstration wants an empty database"
            raise DatabaseUnusable(database=database.name, why=why)
        fill(database)
        return database.name


def _remove(path: Path) -> None:
    """Remove a SQLite file and what SQLite keeps beside it."""
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)


# -- What is shown -----------------------------------------------------------------------------


def _opening(database: str) -> Page:
    return [
        Title("Earmark: a small company in trouble", "2026-11-24, a quarter to eleven"),
        Note(
            "A wholesaler of hospital food. Lots of different expiry, one of them blocked; goods "
            "on order; a web shop's cart on hold until 14:20; a customer who wants 60 days of "
            f"shelf life. All of it is in {database}."
        ),
    ]


def _typed(command: str) -> str:
    """The command as one types it: an option that would go over the edge on a line of its own."""
    lines = ["earmark"]
    for word in command.split(" --"):
        option = f" --{word}" if len(lines) > 1 or lines[-1] != "earmark" else f" {word}"
        if len(lines[-1]) + len(option) > NARROW:
            lines[-1] += " \\"
            lines.append("   ")
        lines[-1] += option
    return "\n".join(lines)


def _closing(database: str) -> Page:
    rows = (
        ("earmark order show SO4711", "the whole order, and what is open"),
        ("earmark candidates SO4711/2", "every lot considered, and why not"),
        ("earmark reserve SO4711/2 --all-or-nothing", "a refusal, with both figures"),
        ("earmark cancel SO4711/2 --preview", "what it would do, not done"),
        ("earmark stock --as-of 2026-11-24T07:00", "the stock as it was at seven"),
        ("earmark help", "everything else"),
    )
    mine = f"export EARMARK_DATABASE={shlex.quote(database)}"
    return [
        Note(""),
        Title("Now you", "the company stays as it is until the next `earmark demo`"),
        Note(f"{mine}\nexport EARMARK_NOW=2026-11-24T10:45", Pen.YOURS),
        Table(columns(Column("Try", Pen.YOURS), Column("to see", wraps=True)), rows),
    ]
