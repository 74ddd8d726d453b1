"""A failing run made short: acts are left out as long as the same thing is still found."""

import re
from collections.abc import Callable
from dataclasses import MISSING, fields

import earmark
from earmark.core.commands import Command
from tests.simulation.acts import Act, Do, UndoOf
from tests.simulation.playing import Found, Player


def shortened(acts: list[Act], wrong: str, opened: Callable[[], earmark.Database]) -> list[Act]:
    """The fewest acts, of these, after which the same is wrong."""
    kind = _kind(wrong)
    size = len(acts) // 2
    while size:
        at = 0
        while at < len(acts):
            fewer = _without(acts, at, at + size)
            if _finds(fewer, kind, opened):
                acts = fewer
            else:
                at += size
        size //= 2
    return acts


def _kind(wrong: str) -> str:
    """What sort of thing is wrong: the words without figures and names."""
    return re.sub(r"[^a-z ]+", "", wrong.lower())[:24]


def _without(acts: list[Act], start: int, end: int) -> list[Act]:
    """Acts with some left out; what undoes one that stays still names it."""
    places = [at for at in range(len(acts)) if not start <= at < end]
    new = {old: at for at, old in enumerate(places)}
    kept: list[Act] = []
    for old in places:
        act = acts[old]
        if isinstance(act, UndoOf):
            act = UndoOf(new.get(act.act, -1), act.by)
        kept.append(act)
    return kept


def _finds(acts: list[Act], kind: str, opened: Callable[[], earmark.Database]) -> bool:
    player = Player(opened())
    try:
        for at, act in enumerate(acts):
            player.play(at, act)
    except Found as wrong:
        return _kind(str(wrong)) == kind
    finally:
        player.database.close()
    return False


def told(acts: list[Act]) -> str:
    """Acts as they would be written in Python."""
    return "\n".join(f"  {at}: {_act(act)}" for at, act in enumerate(acts))


def _act(act: Act) -> str:
    if isinstance(act, Do):
        marks = "".join(f" [{m}]" for m in ("tried", "at_once") if getattr(act, m))
        return brief(act.command) + marks
    return repr(act)


def brief(value: object) -> str:
    """A value with the fields that are not as they are by themselves."""
    if isinstance(value, tuple):
        return "(" + ", ".join(map(brief, value)) + ")"
    if not hasattr(value, "__dataclass_fields__"):
        return str(value) if not isinstance(value, str) else repr(value)
    said = []
    for field in fields(value):  # type: ignore[arg-type]
        own = getattr(value, field.name)
        is_told = field.default is MISSING or own != field.default
        if is_told and not (isinstance(value, Command) and field.name == "by"):
            said.append(f"{field.name}={brief(own)}")
    return f"{type(value).__name__}({', '.join(said)})"
