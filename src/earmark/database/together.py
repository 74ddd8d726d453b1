"""Several use cases in one transaction: all of them happen, or none; tried together, none does.

    with together(database) as joined:
        edit_line(joined, ...)
        reserve(joined, ...)

Inside the block every unit of work and every reading of ``joined`` takes part in the transaction
and sees what those before it wrote. Each locks the stock keys it needs, so whoever joins use cases
of different stock keys may meet another in a circle; the database then refuses one of them, and
``conflict`` says that nothing happened.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from earmark.database.engine import Database, Session


class _Joined(Database):
    """A database whose transactions are all the same one; who began it ends it."""

    def __init__(self, outer: Database, session: Session) -> None:
        # The same engine, clock and prepared statements; only where a transaction begins differs.
        self.__dict__.update(outer.__dict__)
        self._session = session

    @contextmanager
    def transaction(self, *, writes: bool) -> Iterator[Session]:
        del writes  # the transaction that was joined writes
        yield self._session


@contextmanager
def together(database: Database, *, preview: bool) -> Iterator[Database]:
    """One transaction for all that is done with the database given; a preview is undone."""
    with database.transaction(writes=True) as session:
        yield _Joined(database, session)
        session.is_abandoned = preview
