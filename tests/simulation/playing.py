"""A story is played, and after every step everything that must hold is looked at."""

import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random
from typing import Any

import earmark
from earmark import EarmarkError, Outcome, SetUp, Undo
from tests.simulation import model, tables
from tests.simulation.model import Case, Changed
from tests.simulation.readings import readings, wrong_readings
from tests.simulation.shop import Clock, Shop
from tests.simulation.steps import (
    CLOCK,
    WAY_OUT,
    Answer,
    Done,
    Step,
    Symbols,
    carry_out,
    done_by,
    wait,
)
from tests.simulation.tables import Tables

HARMLESS = {"not-allowed", "reason-missing", "not-undoable"}
"""What may be said of an undo right after what it undoes."""


class Wrong(Exception):
    """Something that must not be: which check, what it found, at which step."""

    def __init__(self, check: str, said: str, step: Step) -> None:
        """Say it."""
        super().__init__(f"{check}: {said}\n  at {step}")
        self.check, self.said, self.step = check, said, step

    @property
    def kind(self) -> str:
        """What a shortened story must still show."""
        return f"{self.check} {self.said.partition(':')[0][:24]} {self.step.verb}"


@dataclass(slots=True)
class Kept:
    """Readings of a moment, to be read again later as of then."""

    moment: int
    said: dict[str, object]


@dataclass(slots=True)
class Play:
    """One story in one database, from the beginning."""

    database: earmark.Database
    clock: Clock
    shop: Shop
    random: Random
    thorough: int = 12
    symbols: Symbols = field(default_factory=Symbols)
    before: Tables = field(default_factory=Tables)
    changed: dict[int, Changed] = field(default_factory=dict)
    kept: list[Kept] = field(default_factory=list)
    last: tuple[int, dict[str, object]] = (0, {})
    counts: dict[str, int] = field(default_factory=dict)

    def begin(self) -> None:
        """Look at what there is at first."""
        self.before = tables.read(self.database)

    @property
    def now(self) -> int:
        """The clock's time as the tables have it."""
        return _micros(self.clock.now)

    def play(self, step: Step) -> Done:
        """One step; raises ``Wrong`` where something is."""
        try:
            return self._time(step) if step.verb == CLOCK else self._play(step)
        except Wrong:
            raise
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            said = f"{type(error).__name__} {where.name}: {error}\n{traceback.format_exc()[-1500:]}"
            raise Wrong("exception", said, step) from error

    def _time(self, step: Step) -> Done:
        wait(self.clock, step)
        self._verify(step)
        return Done(step, Outcome(verb=CLOCK))

    def _play(self, step: Step) -> Done:
        preview = carry_out(self.database, step, self.symbols, preview=True)
        if step.number % 4 == 0:
            unchanged = tables.read(self.database)
            self._compare("preview changed", self.before, unchanged, step)
        command = self.symbols.told(step.command)
        standing = self.before.standing(self.now)
        answer = carry_out(self.database, step, self.symbols)
        after = tables.read(self.database)
        done = done_by(step, answer, self.before.moments, after.moments)
        self._same_answer(preview, answer, step)
        if isinstance(answer, EarmarkError):
            self._refused(answer, after, step)
        else:
            self._look(step, command, done, after)
        self.symbols.note(done)
        name = answer.code if isinstance(answer, EarmarkError) else "done"
        self.counts[f"{step.verb} {name}"] = self.counts.get(f"{step.verb} {name}", 0) + 1
        self.before = after
        if not isinstance(answer, EarmarkError):
            self.last = (step.number, standing)
        return done

    def _refused(self, refusal: EarmarkError, after: Tables, step: Step) -> None:
        self._compare("refused, but changed", self.before, after, step)
        if refusal.code == "conflict":
            raise Wrong("conflict", f"with nobody else at work: {refusal.message}", step)
        if step.at_once and refusal.code not in HARMLESS and self._is_at_once(step):
            raise Wrong("undo at once", f"{refusal.code}: {refusal.message}", step)

    def _is_at_once(self, step: Step) -> bool:
        return isinstance(step.command, Undo) and step.command.posting == f"@{self.last[0]}"

    def _look(self, step: Step, command: Any, done: Done, after: Tables) -> None:  # noqa: ANN401
        if isinstance(command, SetUp):
            self.shop.items.update({item.item_no: item for item in command.items})
        self._first("tables", tables.faults(after, self.shop), step)
        case = Case(step, command, done, self.before, after, self.now, self.shop)
        undone = None
        if isinstance(step.command, Undo) and step.command.posting[1:].isdigit():
            undone = self.changed.get(int(step.command.posting[1:]))
        self._first("model", model.wrongs(case, undone), step)
        self.changed[step.number] = model.changed(self.before, after, self.shop, self.now)
        self._verify(step)
        if step.at_once and self._is_at_once(step):
            _compare_standing(self.last[1], after.standing(self.now), step)
        touched = [name for name in after.lines if self.before.lines.get(name) != after.lines[name]]
        self._first("reading", wrong_readings(self.database, after, self.now, touched), step)
        if step.number % self.thorough == 0:
            self._everything(step, after)

    def _everything(self, step: Step, after: Tables) -> None:
        every = list(after.lines)
        self._first("reading", wrong_readings(self.database, after, self.now, every), step)
        moment = max(after.moments, default=0)
        said = readings(self.database, after, moment)
        self.kept.append(Kept(moment, said))

    def finish(self, step: Step) -> None:
        """Look at what was once more."""
        for kept in self.kept:
            names = [key.partition(" ")[2] for key in kept.said if key.startswith("line ")]
            try:
                again = readings(self.database, self.before, kept.moment, names)
            except Exception as error:
                raise Wrong("history", f"cannot be read: {error!r}", step) from error
            for what, said in kept.said.items():
                if again.get(what) != said:
                    raise Wrong("history", f"{what} {differing(said, again.get(what))}", step)

    def _verify(self, step: Step) -> None:
        found = earmark.verify(self.database)
        if found:
            raise Wrong("verify", f"{found[0].check}: {found}", step)

    def _first(self, check: str, found: Iterator[str], step: Step) -> None:
        said = next(found, None)
        if said is not None:
            raise Wrong(check, said, step)

    def _compare(self, check: str, before: Tables, after: Tables, step: Step) -> None:
        if before != after:
            _compare_standing(before.standing(self.now), after.standing(self.now), step, check)

    def _same_answer(self, preview: Answer, answer: Answer, step: Step) -> None:
        if step.verb == WAY_OUT and not isinstance(answer, EarmarkError):
            return
        if _told(preview) != _told(answer):
            said = f"{_told(preview)}\n  it was: {_told(answer)}"
            raise Wrong("preview", said, step)


def _compare_standing(
    before: dict[str, object], after: dict[str, object], step: Step, check: str = "undo at once"
) -> None:
    for what, said in before.items():
        if after[what] != said:
            raise Wrong(check, f"{what}: {_difference(said, after[what])}", step)


def _difference(before: object, after: object) -> str:
    if isinstance(before, dict) and isinstance(after, dict):
        keys = [k for k in {**before, **after} if before.get(k) != after.get(k)]
        return "; ".join(f"{k} was {before.get(k)}, is {after.get(k)}" for k in keys[:3])
    return f"was {before}, is {after}"


def differing(was: object, now: object) -> str:
    """Two readings, or the first rows in which they differ."""
    if isinstance(was, tuple) and isinstance(now, tuple) and Counter(was) == Counter(now):
        return f"comes in another order: {was}\n  now: {now}"
    if isinstance(was, tuple) and isinstance(now, tuple):
        return f"was {[r for r in was if r not in now]}, is {[r for r in now if r not in was]}"
    return f"was {was}, is {now}"


def _told(answer: Answer) -> object:
    """An answer without what no two have in common."""
    if isinstance(answer, list):
        return [_told(one) for one in answer]
    if isinstance(answer, EarmarkError):
        return answer.code, answer.message
    if isinstance(answer, Outcome):
        return replace(answer, moment=0, posting="", is_preview=False)
    return replace(answer, is_preview=False)


def _micros(at: datetime) -> int:
    return int(at.timestamp() * 1_000_000)
