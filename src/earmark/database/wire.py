"""Commands and outcomes as JSON text: how history keeps them, and how an outcome is told again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from earmark.core.commands import KEEP, Command
from earmark.core.outcome import Move, Notice, Outcome, Release
from earmark.core.tracking import NO_NUMBERS, Numbers

_CIRCUMSTANCES = frozenset({"by", "reason", "request_id", "preview", "allowed"})


def content_of(commands: Sequence[Command]) -> str:
    """What was asked for, without the circumstances; fields left as they are omitted."""
    return json.dumps([_plain(command) for command in commands], separators=(",", ":"))


def fingerprint_of(content: str) -> str:
    """A short text that differs when what was asked for differs."""
    return hashlib.sha256(content.encode()).hexdigest()


def _plain(value: Any) -> Any:  # noqa: ANN401, PLR0911 - one line a type
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | int | bool):
        return value
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, date | datetime):
        return value.isoformat()
    if is_dataclass(value):
        return {
            field.name: _plain(inner)
            for field in fields(value)
            if field.name not in _CIRCUMSTANCES
            and (inner := getattr(value, field.name)) is not KEEP
            and inner != field.default
        }
    if isinstance(value, frozenset | set):
        return sorted(_plain(inner) for inner in value)
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value]


def outcomes_to_text(outcomes: Sequence[Outcome]) -> str:
    """Outcomes as they are kept."""
    return json.dumps([_plain(outcome) for outcome in outcomes], separators=(",", ":"))


def outcomes_from_text(text: str) -> list[Outcome]:
    """Outcomes as they were."""
    return [_outcome(kept) for kept in json.loads(text)]


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
