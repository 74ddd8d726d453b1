"""Playing a run of acts on one database, and judging it after each."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import earmark
from earmark import Cancel, Change, EarmarkError, Hold, Outcome, Post, Undo
from earmark.core.commands import Command
from earmark.core.documents import POSTED_BY, LineKind
from earmark.core.views import LineView
from earmark.core.why_views import WayTaken
from tests.simulation import judging
from tests.simulation.acts import Act, Do, Seen, UndoOf, Wait
from tests.simulation.making import Maker
from tests.simulation.naive import Effects, Model, effects_of
from tests.simulation.shop import Clock, open_shop

UseCase = Callable[..., Outcome | WayTaken]
USE_CASES: dict[str, UseCase] = {
    "AddLines": earmark.add_lines,
    "AddNumbers": earmark.add_numbers,
    "Adjust": earmark.adjust,
    "AskHolder": earmark.ask_holder,
    "AssignNumbers": earmark.assign_numbers,
    "Cancel": earmark.cancel,
    "Change": earmark.change,
    "ChangeNumber": earmark.change_number,
    "ChangeStatus": earmark.change_status,
    "Delete": earmark.delete,
    "EditLine": earmark.edit_line,
    "EnterDocuments": earmark.enter_documents,
    "Give": earmark.give,
    "Hold": earmark.hold,
    "KeepUnits": earmark.keep,
    "Post": earmark.post,
    "Reclassify": earmark.reclassify,
    "Repair": earmark.repair,
    "Reserve": earmark.reserve,
    "SelectEntries": earmark.select_entries,
    "SplitLine": earmark.split_line,
    "Take": earmark.take,
    "TakeWayOut": earmark.take_way_out,
    "Track": earmark.track,
    "Withdraw": earmark.withdraw,
}


class Found(Exception):
    """Something is wrong after an act."""


@dataclass(slots=True)
class Done:
    """An act that was not refused: when it was, and what it did."""

    moment: int
    effects: Effects
    touched: frozenset[str] = frozenset()


@dataclass(slots=True)
class Player:
    """One shop, and everything that has been done in it."""

    database: earmark.Database
    clock: Clock = field(default_factory=Clock)
    model: Model = field(default_factory=Model)
    done: dict[int, Done] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Open the shop."""
        self.database.clock = self.clock
        open_shop(self.database)

    def seen(self) -> Seen:
        """What the maker of acts may look at."""
        found = Seen(acts=len(self.told), now=self.clock.now)
        for view in earmark.documents(self.database):
            found.documents.append(view.document_no)
            for line in earmark.document(self.database, view.document_no).lines:
                self._see(found, line)
        found.appeals = [appeal.appeal for appeal in earmark.appeals(self.database)]
        found.stock = [
            (row.item_no, row.variant_code, row.location_code, row.numbers, row.quantity)
            for row in earmark.inventory(self.database)
        ]
        return found

    def _see(self, found: Seen, line: LineView) -> None:
        (found.demands if line.is_demand else found.supplies).append(line.line)
        found.kinds[line.line] = line.item_no
        found.outstanding[line.line] = line.outstanding
        found.verbs[line.line] = POSTED_BY[LineKind(line.kind)]
        if line.reserved:
            found.holding.append(line.line)
        if line.tracked:
            rows = earmark.tracking_lines(self.database, line.line)
            found.tracked[line.line] = [row.numbers for row in rows if row.to_handle]

    # -- acts ----------------------------------------------------------------------------------

    def play(self, at: int, act: Act) -> str:
        """Do one act and judge what has become of everything."""
        before = judging.reserved_by_line(self.database)
        try:
            said = self._do(at, act, before)
            judging.check(self.database, self.model)
        except EarmarkError as refusal:
            message = f"reading: {refusal.code}: {refusal}"
            raise Found(message) from refusal
        except Found:
            raise
        except Exception as wrong:
            where = traceback.extract_tb(wrong.__traceback__)[-1]
            place = f"{Path(where.filename).name}:{where.lineno}"
            raise Found(f"{type(wrong).__name__}: {wrong} ({place})") from wrong
        self.told.append(said)
        return said

    def _do(self, at: int, act: Act, before: dict[str, Decimal]) -> str:
        if isinstance(act, Wait):
            self.clock.now += act.by
            return f"wait {act.by}"
        if isinstance(act, UndoOf):
            return self._undo(at, act, before)
        return self._command(at, act, before)

    def _command(self, at: int, act: Do, before: dict[str, Decimal]) -> str:
        command = act.command
        name = type(command).__name__
        lines, holders = self._lines(command), self._holders(command)
        then = judging.standing(self.database) if act.at_once else {}
        preview = self._tried(command) if act.tried else None
        answer = self._ask(USE_CASES[name], command)
        if preview is not None and preview != _plain(answer):
            raise Found(f"the preview said {preview}, then came {_plain(answer)}")
        self._count(name, answer)
        if isinstance(answer, EarmarkError):
            self._nothing_lost(before, frozenset())
            return f"{name}: refused {answer.code}: {answer}"
        effects = effects_of(command, lines)
        self.model.happen(effects)
        named = frozenset(_references(command)) | set(answer.served) | holders
        named |= set(judging.reserved_by_line(self.database)) - set(before)
        self.done[at] = Done(answer.moment, effects, named)
        self._nothing_lost(before, named, answer)
        if act.at_once:
            self._at_once(at, name, then)
        return f"{name}: {answer.reserved} reserved, {answer.released} released"

    def _tried(self, command: Command) -> object:
        """What a preview says; it changes nothing."""
        before = judging.standing(self.database)
        use_case = USE_CASES[type(command).__name__]
        said = _plain(self._ask(use_case, replace(command, preview=True)))
        changed = judging.difference(before, judging.standing(self.database))
        if changed:
            raise Found(f"a preview changed {changed[:2]}")
        return said

    def _ask(self, use_case: UseCase, command: Command) -> Outcome | EarmarkError:
        """The answer; whatever is no answer is a finding, and so is a race with nobody."""
        try:
            answer = use_case(self.database, command)
        except EarmarkError as refusal:
            if refusal.code in ("conflict", "database-unusable"):
                raise Found(
                    f"{refusal.code} with nobody else at work: {refusal} ({refusal.__cause__})"
                ) from refusal
            return refusal
        if isinstance(answer, WayTaken):
            ((moment,),) = judging.rows(self.database, "SELECT max(moment) FROM command")
            return Outcome(reserved=answer.reserved, moment=moment)
        return answer

    def _lines(self, command: Command) -> dict[Any, Any]:
        """How the lines stand that a posting is about."""
        if not isinstance(command, Post):
            return {}
        found = {}
        try:
            if "/" in command.line:
                views = [earmark.line(self.database, command.line)]
            else:
                views = list(earmark.document(self.database, command.line).lines)
        except EarmarkError:
            return {}
        verbs = {
            "ship": ("sales", "demand"),
            "receive": ("purchase", "supply"),
            "consume": ("component",),
            "output": ("production",),
        }
        for view in views:
            if view.kind in verbs[command.posting.value] and (
                view.outstanding or "/" in command.line
            ):
                found[view] = earmark.tracking_lines(self.database, view.line)
        return found

    def _holders(self, command: Command) -> set[str]:
        """Who holds something of the supply line that a command is about."""
        if not isinstance(command, Cancel | Change | Hold):
            return set()
        try:
            return {r.demand for r in earmark.reservations(self.database, command.line)}
        except EarmarkError:
            return set()

    def _count(self, name: str, answer: Outcome | EarmarkError) -> None:
        key = name if isinstance(answer, Outcome) else f"{name} {answer.code}"
        self.counts[key] = self.counts.get(key, 0) + 1

    # -- undo ----------------------------------------------------------------------------------

    def _undo(self, at: int, act: UndoOf, before: dict[str, Decimal]) -> str:
        done = self.done.get(act.act)
        if done is None:
            return "undo of nothing"
        answer = self._ask(earmark.undo, Undo(posting=str(done.moment), by=act.by))
        self._count("Undo", answer)
        if isinstance(answer, EarmarkError):
            self._nothing_lost(before, frozenset())
            return f"undo of {act.act}: refused {answer.code}: {answer}"
        effects = done.effects.turned()
        self.model.happen(effects)
        self.done[at] = Done(answer.moment, effects, done.touched)
        self._nothing_lost(before, done.touched, answer)
        return f"undo of {act.act}: done"

    def _at_once(self, at: int, name: str, then: dict[str, object]) -> None:
        """Undone at once, everything is as it was."""
        done = self.done[at]
        now = judging.standing(self.database)
        answer = self._ask(earmark.undo, Undo(posting=str(done.moment)))
        if isinstance(answer, EarmarkError):
            if judging.difference(then, now):
                raise Found(f"{name} undone at once is refused: {answer.code}: {answer}")
            return
        changed = judging.difference(then, judging.standing(self.database))
        if changed:
            raise Found(f"{name} undone at once leaves {changed[:3]}")
        effects = done.effects.turned()
        self.model.happen(effects)
        self.done[at] = Done(answer.moment, effects, done.touched)

    # -- nothing is lost silently --------------------------------------------------------------

    def _nothing_lost(
        self, before: dict[str, Decimal], named: frozenset[str], answer: Outcome | None = None
    ) -> None:
        """Only who was named has less than before, or who was told to have lost it."""
        told: dict[str, Decimal] = {}
        for gone in answer.releases if answer else ():
            told[gone.line] = told.get(gone.line, Decimal(0)) + gone.quantity
        after = judging.reserved_by_line(self.database)
        for line, was in before.items():
            mine = any(line == name or line.startswith(f"{name}/") for name in named)
            lost = was - after.get(line, Decimal(0)) - told.get(line, Decimal(0))
            if not mine and lost > 0:
                raise Found(f"{line} lost {lost} without a word")


def _references(command: Command) -> list[str]:
    documents = [getattr(command, "document", None), *getattr(command, "documents", ())]
    entered = [entry for entry in documents if entry]
    made_for = [line.made_for for entry in entered for line in entry.lines if line.made_for]
    return [*made_for, *(entry.document_no for entry in entered)] + [
        value
        for name in ("line", "reference", "document_no", "holder", "supply", "appeal")
        if isinstance(value := getattr(command, name, None), str) and value
    ]


def _plain(answer: Outcome | EarmarkError) -> object:
    """An answer without what differs from moment to moment."""
    if isinstance(answer, EarmarkError):
        return answer.code, str(answer)
    return replace(answer, moment=0, posting="", is_preview=False)


def make_run(seed: int, length: int, player: Player, acts: list[Act]) -> None:
    """Make a run as it is played, so that acts are about what there is; raises what it finds."""
    maker = Maker(Random(seed))  # noqa: S311 - a seed that can be repeated
    for at in range(length):
        act = maker.act(player.seen())
        acts.append(act)
        player.play(at, act)
