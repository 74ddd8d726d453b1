"""An outcome in one sentence: what was done, who was moved, what could not be."""

from __future__ import annotations

from earmark.core.outcome import Move, Outcome
from earmark.web.words import quantity


def said(done: str, outcome: Outcome) -> str:
    """What was done and what came of it, for the foot of the page."""
    parts = [done]
    if outcome.reserved:
        parts.append(f"{quantity(outcome.reserved)} reserved")
    if outcome.shortfall:
        parts.append(f"{quantity(outcome.shortfall)} could not be reserved")
    if outcome.released:
        parts.append(f"{quantity(outcome.released)} released")
    parts += [moved(outcome)] if outcome.moves else []
    return ". ".join(part.rstrip(".") for part in parts if part) + "."


def moved(outcome: Outcome) -> str:
    """Who moved from where to where; that nothing is lost is said too."""
    first = outcome.moves[0]
    more = len(outcome.moves) - 1
    others = f" and {more} more" if more else ""
    return f"{_move(first)}{others}; nothing is lost"


def moving(outcome: Outcome) -> str:
    """The same of a preview: who would move."""
    return moved(outcome).replace(" moved from ", " would move from ")


def _move(move: Move) -> str:
    goes_from = move.from_numbers.lot_no or move.from_supply
    goes_to = move.to_numbers.lot_no or move.to_supply
    if goes_from == goes_to:
        goes_from, goes_to = move.from_supply, move.to_supply
    return f"{quantity(move.quantity)} of {move.line} moved from {goes_from} to {goes_to}"


def remarks(outcome: Outcome) -> list[str]:
    """What else is to be seen: warnings that the figures do not say already."""
    told = {"short", "moved", "released"}
    return [warning.message for warning in outcome.warnings if warning.code not in told]
