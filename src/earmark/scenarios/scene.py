"""The scene in which a scenario plays: its database, its clock, and what its names stand for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from earmark.core.outcome import Outcome
from earmark.database.engine import Database
from earmark.errors import EarmarkError, ReferenceInvalid
from earmark.scenarios.reading import Step

Answer = Outcome | EarmarkError


@dataclass(slots=True)
class Clock:
    """The time in the scene; it stands still until it is moved."""

    now: datetime

    def __call__(self) -> datetime:
        """The time now."""
        return self.now


def midnight(work_date: date) -> datetime:
    """Where the clock stands when a work date begins."""
    return datetime.combine(work_date, time.min, UTC)


@dataclass(frozen=True, slots=True)
class Named:
    """What an ``as`` name stands for: a posting, and the ledger entries of it that it names."""

    posting: str
    entries: tuple[str, ...]


@dataclass(slots=True)
class Scene:
    """Where a scenario is: ``moments[n]`` and ``outcomes[n]`` are those after the n-th step.

    ``outcome`` is what the last command reported, nothing where it was refused. ``requests`` are
    the requests done by their ids, ``previewed`` the step just previewed with its answer.
    """

    url: str
    database: Database
    clock: Clock
    names: dict[str, Named] = field(default_factory=dict)
    moment: int = 0
    outcome: Outcome | None = None
    moments: list[int] = field(default_factory=list)
    outcomes: list[Outcome | None] = field(default_factory=list)
    requests: dict[str, tuple[Step, Outcome]] = field(default_factory=dict)
    previewed: tuple[Step, Answer] | None = None

    def end_step(self) -> None:
        """Remember where this step has led; one that changed nothing keeps the moment."""
        self.moments.append(self.moment)
        self.outcomes.append(self.outcome)

    def reference(self, written: str) -> str:
        """What is meant where a line, a supply or a kind is written: names are ledger entries."""
        if written not in self.names:
            return written
        entries = self.names[written].entries
        if len(entries) != 1:
            why = f"it names a posting of {len(entries)} ledger entries"
            raise ReferenceInvalid(reference=written, why=why)
        return entries[0]

    def posting(self, name: str) -> str:
        """The posting that a name stands for."""
        return self.names[name].posting

    def name(self, names: Sequence[str], outcome: Outcome) -> str:
        """Give names to the ledger entries of a posting; says what is wrong where that fails."""
        if len(names) == 1:
            self.names[names[0]] = Named(outcome.posting, outcome.entries)
        elif len(names) > 1 and len(names) != len(outcome.entries):
            return f"{len(names)} names for {len(outcome.entries)} ledger entries"
        else:
            for name, entry in zip(names, outcome.entries, strict=False):
                self.names[name] = Named(outcome.posting, (entry,))
        return ""

    def said(self, reference: str) -> str:
        """A reference with the scenario's own name for it."""
        own = [name for name, named in self.names.items() if named.entries == (reference,)]
        return f"{own[0]} ({reference})" if own else reference
