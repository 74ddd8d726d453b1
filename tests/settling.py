"""Waits for what comes by itself, as short a time as it takes.

On PostgreSQL a command is told to programs when every transaction that was begun before it has
ended, also one of another database on the same server (`earmark.database.events`). The tests that
run beside ours have such transactions open; who reads at once may read nothing.
"""

import time
from collections.abc import Callable

import earmark
from earmark.database import events
from earmark.database.unit_of_work import reading

PATIENCE_S = 60


def wait_until(condition: Callable[[], bool]) -> None:
    """Look again and again until it is so; who has waited too long goes on, and fails by that."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)


def settled(database: earmark.Database) -> earmark.Database:
    """The same database, once every command that is committed in it can be read as events."""
    wait_until(lambda: _is_settled(database))
    return database


def _is_settled(database: earmark.Database) -> bool:
    with reading(database) as session:
        return not events.committed(session, events.newest(session), 1)
