"""One step of a story, as a value: a command, or time that passes; names are told in symbols.

``@17`` is what step 17 made (its moment, which names appeals, too), ``@17#0`` its first ledger
entry, ``@17=`` the line it reports. So a story that is shortened still means the same.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import timedelta
from typing import Any

import earmark
from earmark import Cancel, EarmarkError, Outcome, Reserve, StockRow, Track
from earmark.core.commands import Command
from earmark.core.why_views import WayTaken
from earmark.sheets import Sheet, numbered
from earmark.usecases.exchange import Subject, import_sheet
from tests.simulation.shop import Clock

_SYMBOL = re.compile(r"@(\d+)(#\d+|=|)$")
NOTHING = {"#": "I1#999999", "=": "NONE/1", "": "1"}
"""What a symbol of a step that was refused or left out stands for: nothing there is."""

IMPORT, CLOCK, WAY_OUT = "import", "clock", "take_way_out"
MANY = {
    "reserve_each": Reserve,
    "cancel_each": Cancel,
    "track_together": Track,
    "track_each": Track,
}
"""Use cases that take several commands at once."""


@dataclass(frozen=True, slots=True)
class Step:
    """The ``number`` is its name in symbols; ``by`` whom and why stands in the command.

    ``verb`` is a function of the library, ``import`` or ``clock``. ``way`` chooses among the ways
    out there are; ``at_once`` says that it undoes the step before it.
    """

    number: int
    verb: str
    command: Any
    way: int = 0
    at_once: bool = False


Answer = Outcome | WayTaken | EarmarkError | list[Outcome | EarmarkError]


@dataclass(slots=True)
class Done:
    """What came of a step."""

    step: Step
    answer: Answer
    moments: tuple[int, ...] = ()

    @property
    def outcomes(self) -> list[Outcome]:
        """Every outcome, of one command or many."""
        answers = self.answer if isinstance(self.answer, list) else [self.answer]
        return [answer for answer in answers if isinstance(answer, Outcome)]


def done_by(step: Step, answer: Answer, before: Sequence[int], after: Sequence[int]) -> Done:
    """What came of a step; its moments are those that are new."""
    answers = answer if isinstance(answer, list) else [answer]
    told = tuple(one.moment for one in answers if isinstance(one, Outcome) and one.moment)
    last = max(before, default=0)
    return Done(step, answer, told or tuple(moment for moment in after if moment > last))


class Symbols:
    """What symbols stand for, so far."""

    def __init__(self) -> None:
        """Nothing has been done yet."""
        self.done: dict[int, Done] = {}
        self.entries: dict[str, str] = {}

    def note(self, done: Done) -> None:
        """Remember what a step made."""
        self.done[done.step.number] = done
        made = [entry for outcome in done.outcomes for entry in outcome.entries]
        for place, entry in enumerate(made):
            self.entries.setdefault(entry, f"@{done.step.number}#{place}")

    def meaning(self, symbol: str) -> str:
        """What a text means: itself, unless it is a symbol."""
        found = _SYMBOL.match(symbol)
        if not found:
            return symbol
        done, what = self.done.get(int(found[1])), found[2]
        if done is None:
            return NOTHING[what[:1]]
        if not what:
            return str(done.moments[0]) if done.moments else NOTHING[""]
        if what == "=":
            return done.outcomes[0].reference if done.outcomes else NOTHING["="]
        made = [entry for outcome in done.outcomes for entry in outcome.entries]
        place = int(what[1:])
        return made[place] if place < len(made) else NOTHING["#"]

    def told(self, value: Any) -> Any:  # noqa: ANN401
        """A command with every symbol in it replaced."""
        if isinstance(value, str):
            return self.meaning(value) if value.startswith("@") else value
        if isinstance(value, tuple) and not hasattr(value, "_fields"):
            return tuple(self.told(part) for part in value)
        if isinstance(value, Command) and is_dataclass(value):
            named = {f.name: getattr(value, f.name) for f in fields(value)}
            texts = {
                name: self.told(field)
                for name, field in named.items()
                if isinstance(field, str | tuple) and field and "@" in repr(field)
            }
            return replace(value, **texts) if texts else value
        if is_dataclass(value) and not isinstance(value, type) and "@" in repr(value):
            named = {f.name: self.told(getattr(value, f.name)) for f in fields(value)}
            return type(value)(**named)
        return value


def carry_out(
    database: earmark.Database, step: Step, symbols: Symbols, *, preview: bool = False
) -> Answer:
    """Do a step; what it refuses is its answer, anything else that is raised is not caught."""
    try:
        return _carry_out(database, step, symbols, preview=preview)
    except EarmarkError as refusal:
        return refusal


def _carry_out(
    database: earmark.Database, step: Step, symbols: Symbols, *, preview: bool
) -> Answer:
    command = symbols.told(step.command)
    if step.verb == IMPORT:
        sheet = stock_sheet(command)
        return import_sheet(database, Subject.STOCK, sheet, preview=preview).outcome
    if step.verb in MANY:
        several = [replace(one, preview=preview) for one in command]
        answer: Answer = getattr(earmark, step.verb)(database, several)
        return answer
    if step.verb == WAY_OUT:
        ways = [way.way for way in earmark.why(database, command.line).ways_out]
        command = replace(command, way=ways[step.way % len(ways)] if ways else "")
    answered: Answer = getattr(earmark, step.verb)(database, replace(command, preview=preview))
    return answered


def wait(clock: Clock, step: Step) -> None:
    """Let time pass, or step back."""
    passes: timedelta = step.command
    clock.now += passes


COLUMNS = (
    "item_no",
    "variant_code",
    "location_code",
    "lot_no",
    "serial_no",
    "package_no",
    "quantity",
    "unit",
    "expiration_date",
)


def stock_sheet(rows: Sequence[StockRow]) -> Sheet:
    """A sheet of stock, as a spreadsheet has it."""
    cells = [
        (
            row.item_no,
            row.variant_code,
            row.location_code,
            row.numbers.lot_no,
            row.numbers.serial_no,
            row.numbers.package_no,
            str(row.quantity),
            row.unit,
            row.expiration_date.isoformat() if row.expiration_date else "",
        )
        for row in rows
    ]
    return Sheet(columns=COLUMNS, rows=numbered(cells), file="stock.csv")
