"""What a command would do: the command itself, not saved, so what is shown is what happens."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from earmark.core.commands import Command
from earmark.core.outcome import Outcome
from earmark.database.engine import Database
from earmark.errors import EarmarkError

C = TypeVar("C", bound=Command)


def tried(
    does: Callable[[Database, C], Outcome], served: Database, preview: C
) -> Outcome | EarmarkError:
    """What would come of a command that only previews, or why it is refused."""
    assert preview.preview, "trying changes nothing"
    try:
        return does(served, preview)
    except EarmarkError as refusal:
        return refusal


def outcome_or_refusal(
    does: Callable[[Database, C], Outcome], served: Database, preview: C
) -> tuple[Outcome | None, EarmarkError | None]:
    """The same as two values of which one is none, as the dialogs tell them apart."""
    answer = tried(does, served, preview)
    return (answer, None) if isinstance(answer, Outcome) else (None, answer)
