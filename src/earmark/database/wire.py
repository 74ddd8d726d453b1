"""Commands and outcomes as JSON text: how history keeps them, and how an outcome is told again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache, lru_cache
from json.encoder import encode_basestring_ascii as _quoted
from typing import Any

from earmark.core.commands import KEEP, Cancel, Choice, Command, Reserve
from earmark.core.outcome import Move, Notice, Outcome, Release
from earmark.core.records import Record
from earmark.core.tracking import NO_NUMBERS, Dimension, Numbers
from earmark.core.units import factor_in_words
from earmark.errors import EarmarkError, InvalidRequest, every_error

_CIRCUMSTANCES = frozenset({"by", "reason", "request_id", "preview", "allowed", "version"})
_REFUSED = "refused"
_HEADS = {dimension: f'"{dimension}_no"' for dimension in Dimension}
_AS_THEY_ARE = frozenset({str, int, bool, type(None)})


def content_of(commands: Sequence[Command]) -> str:
    """What was asked for, without the circumstances; fields left as they are omitted."""
    return f"[{','.join([_briefly(command) or _text(command) for command in commands])}]"


def _briefly(command: Command) -> str:
    """The two shapes that long lists have, at a tenth of the price; nothing for any other.

    The same text as every other command becomes; ``tests/database/test_wire.py`` compares.
    """
    if isinstance(command, Reserve):
        numbers, others = command.numbers, (command.quantity, command.hold_until)
        if isinstance(numbers, Numbers) and others == (None, None) and not command.supply:
            dimension = None if command.all_or_nothing else numbers.only_dimension
            if dimension is not None:
                number = f"{_HEADS[dimension]}:{_quoted(numbers.get(dimension))}"
                return f'{{"line":{_quoted(command.line)},"numbers":{{{number}}}}}'
    elif isinstance(command, Cancel) and not command.supply and command.numbers is Choice.ANY:
        return f'{{"line":{_quoted(command.line)}}}'
    return ""


def _text(value: Any) -> str:  # noqa: ANN401
    return json.dumps(_plain(value), separators=(",", ":"))


def fingerprint_of(commands: Sequence[Command], content: str) -> str:
    """A short text that differs when what was asked for differs: the command, or its content."""
    return hashlib.sha256(f"{type(commands[0]).__name__} {content}".encode()).hexdigest()


def _plain(value: Any) -> Any:  # noqa: ANN401, PLR0911 - one line a type
    if type(value) in _AS_THEY_ARE:
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return _decimal(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Fraction):
        return factor_in_words(value)
    if isinstance(value, Record):
        kind: Any = type(value)
        return {n: _plain(getattr(value, n)) for n, _ in _told_of(kind) if n in value.named}
    if is_dataclass(value):
        return {
            name: _plain(inner)
            for name, default in _told_of(value.__class__)
            if (inner := getattr(value, name)) is not KEEP and inner != default
        }
    if isinstance(value, frozenset | set):
        return sorted(_plain(inner) for inner in value)
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value]


@cache
def _told_of(kind: type[Any]) -> tuple[tuple[str, Any], ...]:
    """The fields of a value that are kept, each with the value that need not be."""
    return tuple((f.name, f.default) for f in fields(kind) if f.name not in _CIRCUMSTANCES)


def answers_to_text(answers: Sequence[Outcome | EarmarkError]) -> str:
    """Outcomes as they are kept.

    Of many lines some may have been refused; they are kept by their code and facts, so that the
    same request again is told the same of every line.
    """
    return f"[{','.join([_answer_text(answer) for answer in answers])}]"


def _answer_text(answer: Outcome | EarmarkError) -> str:
    if isinstance(answer, Outcome):
        return _told_briefly(answer) or _text(answer)
    facts = {n: f if isinstance(f, Decimal) else str(f) for n, f in answer.facts.items()}
    return _text({_REFUSED: answer.code, "facts": facts})


def _told_briefly(outcome: Outcome) -> str:
    """The shape that outcomes of long lists have; nothing for any other."""
    said = (outcome.moves, outcome.releases, outcome.warnings, outcome.entries, outcome.served)
    if (
        any(said)
        or outcome.posting
        or outcome.shortfall
        or outcome.is_preview
        or outcome.is_repeated
    ):
        return ""
    verb, reference = _quoted(outcome.verb), _quoted(outcome.reference)
    if outcome.reserved and not outcome.released:
        quantity = f'"reserved":"{_decimal(outcome.reserved)}"'
    elif outcome.released and not outcome.reserved:
        quantity = f'"released":"{_decimal(outcome.released)}"'
    else:
        return ""
    return f'{{"verb":{verb},"reference":{reference},{quantity},"moment":{outcome.moment}}}'


@lru_cache
def _decimal(number: Decimal) -> str:
    return f"{number.normalize():f}"


def answers_from_text(text: str) -> list[Outcome | EarmarkError]:
    """Outcomes and refusals as they were."""
    return [_refusal(kept) if _REFUSED in kept else _outcome(kept) for kept in json.loads(text)]


def outcomes_from_text(text: str) -> list[Outcome]:
    """Outcomes as they were, without what was refused."""
    return [_outcome(kept) for kept in json.loads(text) if _REFUSED not in kept]


def _refusal(kept: dict[str, Any]) -> EarmarkError:
    kinds: dict[str, type[EarmarkError]] = {e.code: e for e in every_error()}
    kinds[InvalidRequest.code] = InvalidRequest
    return kinds[kept[_REFUSED]](**kept["facts"])


def _outcome(kept: dict[str, Any]) -> Outcome:
    made: dict[str, Any] = dict(kept)
    for name in ("reserved", "shortfall", "released"):
        if name in made:
            made[name] = Decimal(made[name])
    made["moves"] = tuple(_move(move) for move in made.get("moves", ()))
    made["releases"] = tuple(
        Release(**{**release, "quantity": Decimal(release["quantity"])})
        for release in made.get("releases", ())
    )
    made["warnings"] = tuple(Notice(**warning) for warning in made.get("warnings", ()))
    made["entries"] = tuple(made.get("entries", ()))
    made["served"] = tuple(made.get("served", ()))
    return Outcome(**made)


def _move(kept: dict[str, Any]) -> Move:
    return Move(
        kept["line"],
        Decimal(kept["quantity"]),
        kept["from_supply"],
        kept["to_supply"],
        Numbers(**kept.get("from_numbers", {})) or NO_NUMBERS,
        Numbers(**kept.get("to_numbers", {})) or NO_NUMBERS,
    )
