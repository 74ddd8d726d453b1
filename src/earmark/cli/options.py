"""What is typed, read as what it means: quantities, dates, times, numbers.

The converters raise our own refusals, so that a bad value is answered with the sentence and the
code that every face gives, and never with a traceback.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, TypeVar

from cyclopts import Group, Parameter, Token

from earmark.core.commands import Choice
from earmark.core.documents import DocumentStatus
from earmark.core.tracking import Numbers
from earmark.errors import DateInvalid, QuantityInvalid, ValueInvalid

Word = TypeVar("Word", bound=StrEnum)


# -- Reading one value -------------------------------------------------------------------------


def quantity_of(text: str) -> Decimal:
    """A number with at most five decimals."""
    from earmark.core.quantity import exact

    return exact(text)


def date_of(text: str) -> date:
    """A date of the form 2026-12-31."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise DateInvalid(value=text) from None


def time_of(text: str) -> datetime:
    """A time such as 2026-11-24T14:20; UTC unless it says otherwise."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise DateInvalid(value=text) from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def moment_of(text: str) -> int | datetime:
    """What ``--as-of`` names: the moment of a command, a time, or the end of a day (UTC)."""
    if text.strip().isdecimal():
        return int(text)
    if len(text.strip()) <= len("2026-12-31"):
        return datetime.combine(date_of(text), time.max, UTC)
    return time_of(text)


def word_of(words: type[Word], field: str, text: str) -> Word:
    """One of a few words."""
    try:
        return words(text.lower())
    except ValueError:
        raise ValueInvalid(
            field=field, value=text, why=f"it is one of {', '.join(words)}"
        ) from None


def status_of(text: str) -> DocumentStatus:
    """The status of a document, written with a space, a hyphen or an underscore."""
    return word_of(DocumentStatus, "Status", text.replace("-", "_").replace(" ", "_"))


# -- Options -----------------------------------------------------------------------------------


def _quantity(_type: object, tokens: Sequence[Token]) -> Decimal:
    return quantity_of(tokens[0].value)


def _day(_type: object, tokens: Sequence[Token]) -> date:
    return date_of(tokens[0].value)


def _time(_type: object, tokens: Sequence[Token]) -> datetime:
    return time_of(tokens[0].value)


def _moment(_type: object, tokens: Sequence[Token]) -> int | datetime:
    return moment_of(tokens[0].value)


def _whole(_type: object, tokens: Sequence[Token]) -> int:
    try:
        return int(tokens[0].value)
    except ValueError:
        why = "it is not a whole number"
        raise QuantityInvalid(what="Number", quantity=tokens[0].value, why=why) from None


def _status(_type: object, tokens: Sequence[Token]) -> DocumentStatus:
    return status_of(tokens[0].value)


Quantity = Annotated[Decimal, Parameter(converter=_quantity, n_tokens=1, metavar="QUANTITY")]
Day = Annotated[date, Parameter(converter=_day, n_tokens=1, metavar="DATE")]
Time = Annotated[datetime, Parameter(converter=_time, n_tokens=1, metavar="TIME")]
Moment = Annotated[int | datetime, Parameter(converter=_moment, n_tokens=1, metavar="MOMENT")]
Whole = Annotated[int, Parameter(converter=_whole, n_tokens=1, metavar="N")]
Status = Annotated[DocumentStatus, Parameter(converter=_status, n_tokens=1, metavar="STATUS")]
Line = Annotated[str, Parameter(help="The line: SO1/1, or MO1/1/2 for a component.")]
Supply = Annotated[
    str,
    Parameter(
        name="--from",
        metavar="SUPPLY",
        help="stock, purchase, production, supply, a line (PO1/1) or a ledger entry (X#12).",
    ),
]

NUMBERS = Group("Numbers", sort_key=80)
NumberNo = Annotated[str, Parameter(metavar="NO")]


@Parameter(name="*", group=NUMBERS)
@dataclass(frozen=True, slots=True, kw_only=True)
class NumberOptions:
    """One set of numbers.

    Args:
        lot: Lot no.
        serial: Serial no.
        package: Package no.
    """

    lot: NumberNo = ""
    serial: NumberNo = ""
    package: NumberNo = ""

    @property
    def given(self) -> Numbers:
        """The numbers that were given."""
        return Numbers(self.lot, self.serial, self.package)


@Parameter(name="*", group=NUMBERS)
@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenNumbers:
    """The answer to *Do you want to reserve specific serial or lot numbers?*.

    Args:
        lot: Yes, this lot no. of the line.
        serial: Yes, this serial no. of the line.
        package: Yes, this package no. of the line.
        numbers: all: yes, each of the line's numbers. any: no, any number will do (the default).
    """

    lot: NumberNo = ""
    serial: NumberNo = ""
    package: NumberNo = ""
    numbers: Annotated[str, Parameter(metavar="all|any")] = ""

    @property
    def chosen(self) -> Numbers | Choice:
        """Which numbers: those given, each of the line's, or any."""
        given = Numbers(self.lot, self.serial, self.package)
        if self.numbers and given:
            raise ValueInvalid(
                field="--numbers", value=self.numbers, why="it excludes --lot and its like"
            )
        if self.numbers not in ("", "all", "any"):
            raise ValueInvalid(field="--numbers", value=self.numbers, why="it is all or any")
        return given or (Choice.ALL if self.numbers == "all" else Choice.ANY)


NO_NUMBER_OPTIONS = NumberOptions()
ANY_NUMBERS = ChosenNumbers()
