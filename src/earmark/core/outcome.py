"""What a command reports: how much was reserved, what was moved, what to watch out for."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from earmark.core.quantity import ZERO
from earmark.core.tracking import NO_NUMBERS, Numbers


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the user should see: a stable ``code`` and a sentence.

    Codes: ``short``, ``moved``, ``released``, ``nonspecific-held``, ``untracked``,
    ``number-unknown``, ``over-requested``, ``number-expired``, ``alert`` (a reservation that
    stands on goods which are not good for it any more), ``asked`` (whom, and for how much),
    ``not-bound`` (a supply to the demand that it is made for, and why).
    """

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Move:
    """A nonspecific reservation, or part of it, that stands on another supply now."""

    line: str
    quantity: Decimal
    from_supply: str
    to_supply: str
    from_numbers: Numbers = NO_NUMBERS
    to_numbers: Numbers = NO_NUMBERS


@dataclass(frozen=True, slots=True)
class Release:
    """A reservation, or part of it, that is no more."""

    line: str
    quantity: Decimal
    supply: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The answer to a command; every quantity is in the base unit.

    ``moved`` names the lines whose nonspecific reservations were moved, each once. ``posting`` is
    the handle that ``undo`` takes, ``entries`` are the ledger entries written, in order;
    ``served`` are the demand lines that a supply line was reserved for;
    ``is_preview`` says that nothing was saved and ``is_repeated`` that this is the first outcome
    of the same request, reported again.
    """

    verb: str = ""
    reference: str = ""
    reserved: Decimal = ZERO
    shortfall: Decimal = ZERO
    released: Decimal = ZERO
    moves: tuple[Move, ...] = ()
    releases: tuple[Release, ...] = ()
    warnings: tuple[Notice, ...] = ()
    entries: tuple[str, ...] = ()
    served: tuple[str, ...] = ()
    posting: str = ""
    moment: int = 0
    is_preview: bool = False
    is_repeated: bool = False

    @property
    def moved(self) -> tuple[str, ...]:
        """The lines that were moved, each once, in the order of their moves."""
        return tuple(dict.fromkeys(move.line for move in self.moves))

    def warns(self, code: str) -> bool:
        """Whether a warning with this code was given."""
        return any(warning.code == code for warning in self.warnings)
