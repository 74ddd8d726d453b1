"""Why what was done can not be undone."""

from __future__ import annotations

from earmark.errors import Refused


class AlreadyUndone(Refused):
    """The command was undone already, and that undo stands."""

    sentence = "What was done to {reference} ({verb}) has been undone already, by {by}."


class Superseded(Refused):
    """A command is undone that a later one stands on."""

    sentence = "It can not be undone any more: {why}."


class NotUndoable(Refused):
    """The command is of a kind that is not undone: set-up, or the undo of a posting."""

    sentence = "This ({verb}) can not be undone: {why}."
