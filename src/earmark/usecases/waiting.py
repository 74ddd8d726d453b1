"""Requests of several users that wait at the same time, taken together: one lock, one commit.

To lock, to ask, to commit costs as much for one request as for thirty. So requests that came while
another was under way are decided at once, where they are plain (:mod:`earmark.core.many`). Each
stays a request of its own, with its own moment and its own row in the history. Whatever is not
plain is left to be done alone, and so is whatever would have to wait for another transaction:
nobody waits for another's lock because he came at the same time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from earmark.core.commands import Reserve
from earmark.core.many import Apart, Taking, named_dimension
from earmark.core.outcome import Outcome
from earmark.core.quantity import unscaled
from earmark.core.tracking import Dimension
from earmark.database import history
from earmark.database import many as columns
from earmark.database.engine import Database, Session
from earmark.database.history import RequestRecord
from earmark.usecases.many import reserved_at, taken_plainly


def reserve_waiting(database: Database, commands: Sequence[Reserve]) -> list[Outcome | None]:
    """Reserve for what several users ask at once, as far as it is plain; ``None`` for the others.

    What was done is as if :func:`earmark.reserve` had been called for one after the other, in
    their order. Where there is ``None`` nothing was done, and that call is still to be made: for
    previews, for requests that name a version or were answered before, and for all that needs to
    be weighed, refused or waited for.
    """
    outcomes: list[Outcome | None] = [None] * len(commands)
    places = _simple(commands)
    if not places:
        return outcomes
    with database.transaction(writes=True) as session:
        places = _free(session, commands, places)
        asked = [commands[place] for place in places]
        told = _take(session, database.clock(), asked)
    for at, outcome in told.items():
        outcomes[places[at]] = outcome
    return outcomes


def _take(session: Session, now: datetime, asked: Sequence[Reserve]) -> dict[int, Outcome]:
    """What is plain is taken and written; what came of it, by the place of the request."""
    lines = [command.line for command in asked]
    if columns.keys_with_ended_holds(session, lines, history.to_micros(now)):
        return {}
    taken = taken_plainly(session, asked)
    newest = history.ask_newest(session).rows()[0][0]
    first = session.database.moments.next(len(asked) or 1, after=newest)
    columns.make_entries(session, first, "", _apart(taken, asked, first))
    told = {
        at: reserved_at(first + at)(line, unscaled(units))
        for rows in taken.values()
        for at, (_, line, _, units, _) in rows.items()
    }
    history.record(session, now, *(_recorded(asked[at], told[at]) for at in sorted(told)))
    return told


def _simple(commands: Sequence[Reserve]) -> list[int]:
    """The places of requests that may be taken together at all; each request id but once."""
    known: set[str] = set()
    places = []
    for at, command in enumerate(commands):
        is_special = command.preview or command.version or history.own_id(command) in known
        if not is_special and named_dimension(command):
            places.append(at)
            known |= {history.own_id(command)} - {""}
    return places


def _free(session: Session, commands: Sequence[Reserve], places: Iterable[int]) -> list[int]:
    """Those whose lines nobody has locked, and which were not answered before."""
    chosen = {at: commands[at] for at in places}
    free = columns.lock_now(session, [command.line for command in chosen.values()])
    known = history.known_requests(session, chosen.values())
    return [at for at, c in chosen.items() if c.line in free and history.own_id(c) not in known]


def _apart(
    taken: Mapping[Dimension, Mapping[int, Taking]], asked: Sequence[Reserve], first: int
) -> dict[Dimension, dict[int, Apart]]:
    """What was taken, each under its own moment and user."""
    return {
        dimension: {at: (*taking, first + at, asked[at].by) for at, taking in takings.items()}
        for dimension, takings in taken.items()
    }


def _recorded(command: Reserve, outcome: Outcome) -> RequestRecord:
    return RequestRecord(
        moment=outcome.moment,
        commands=[command],
        verb=outcome.verb,
        reference=command.line,
        answers=[outcome],
    )
