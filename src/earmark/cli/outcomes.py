"""What a command reports, as a page: what was done, who was moved, what to watch out for."""

from collections.abc import Iterator

from earmark.cli.page import (
    Cell,
    Column,
    Fact,
    Facts,
    Hint,
    Note,
    Page,
    Pen,
    Table,
    Title,
    columns,
    few,
)
from earmark.core.commands import (
    AddLines,
    Adjust,
    ChangeNumber,
    Command,
    EnterDocuments,
    SetUp,
)
from earmark.core.outcome import Move, Outcome, Release
from earmark.core.quantity import ZERO
from earmark.errors import EarmarkError

_SAID_ALREADY = frozenset({"short", "moved", "released", "nonspecific-held"})
"""Warnings that the figures and the tables of moves and releases say better."""


def outcome_page(command: Command, outcome: Outcome) -> Page:
    """One command's report."""
    done = _DONE.get(outcome.verb, outcome.verb.capitalize() or "Done:")
    title = f"{done} {about(command)}".strip()
    page: Page = [Title(title, _circumstances(outcome)), *_figures(outcome)]
    if outcome.moves:
        page.append(_moves(outcome.moves))
        page.append(
            Note("A moved reservation keeps its quantity; nothing is lost by it.", Pen.QUIET)
        )
    if outcome.releases:
        page.append(_releases(outcome.releases))
    page += [Note(w.message) for w in outcome.warnings if w.code not in _SAID_ALREADY]
    if outcome.entries:
        word = "entry" if len(outcome.entries) == 1 else "entries"
        page.append(Note(f"Item ledger {word} {few(outcome.entries)}."))
    if outcome.posting and not outcome.is_preview:
        page.append(Hint("To undo it", f"earmark post undo {outcome.posting}"))
    return page


def outcomes_page(answers: list[tuple[str, Outcome | EarmarkError]]) -> Page:
    """The report of many commands in one, each line with its own answer."""
    if not answers:
        return [Note("Nothing is left to reserve.")]
    rows = [_answer(line, answer) for line, answer in answers]
    done = [answer for _, answer in answers if isinstance(answer, Outcome)]
    moves = [move for outcome in done for move in outcome.moves]
    releases = [release for outcome in done for release in outcome.releases]
    heads = columns(
        Column("Line", Pen.NAME),
        Column("Reserved", Pen.YOURS),
        Column("Short", Pen.ALARM),
        Column("Released", yields=1),
        Column("Answer", wraps=True),
    )
    page: Page = [Table(heads, rows)]
    if moves:
        page.append(_moves(moves))
    if releases:
        page.append(_releases(releases))
    return page


_DONE = {
    "add account": "Account added:",
    "add lines": "Lines added to",
    "adjust": "Adjusted",
    "ask": "Asked for",
    "assign": "Numbers assigned to",
    "cancel": "Cancelled for",
    "change": "Changed for",
    "change account": "Account changed:",
    "consume": "Consumed",
    "delete": "Deleted",
    "edit": "Changed",
    "enter": "Entered",
    "give": "Given:",
    "hold": "Time limit changed for",
    "keep": "Kept:",
    "number": "Changed",
    "output": "Put out",
    "receive": "Received",
    "reclassify": "Reclassified",
    "repair": "Repaired",
    "reserve": "Reserved for",
    "revoke token": "Token revoked:",
    "select": "Numbers selected for",
    "set password": "Password set for",
    "set up": "Set up",
    "ship": "Shipped",
    "status": "Status changed of",
    "track": "Numbers entered on",
    "undo": "Undone:",
    "withdraw": "Withdrawn:",
}


def about(command: Command) -> str:
    """What a command is about: its line, its document, its item, its records."""
    match command:
        case EnterDocuments():
            return few(document.document_no for document in command.documents)
        case AddLines():
            return command.document.document_no
        case Adjust():
            return few(dict.fromkeys(row.item_no for row in command.rows))
        case ChangeNumber():
            return f"{command.numbers} of {command.item_no}"
        case SetUp():
            return few(_names(command))
    return next((str(getattr(command, name)) for name in _NAMING if hasattr(command, name)), "")


_NAMING = (
    "line",
    "reference",
    "document_no",
    "posting",
    "item_no",
    "token_id",
    "user_name",
    "appeal",
)


def _names(command: SetUp) -> Iterator[str]:
    yield from (f"item tracking code {code.tracking_code}" for code in command.tracking_codes)
    yield from (f"item {item.item_no}" for item in command.items)
    yield from (f"location {location.location_code}" for location in command.locations)
    yield from (f"customer {customer.customer_no}" for customer in command.customers)


def _circumstances(outcome: Outcome) -> str:
    if outcome.is_preview:
        return "preview: decided by the same rules, nothing saved"
    return (
        "the first answer again: this request was carried out before" if outcome.is_repeated else ""
    )


def _figures(outcome: Outcome) -> list[Facts]:
    figures = (
        Fact("Reserved", outcome.reserved, Pen.YOURS),
        Fact("Short", outcome.shortfall, Pen.ALARM),
        Fact("Released", outcome.released if not outcome.releases else ZERO),
    )
    shown = tuple(fact for fact in figures if fact.value or fact.label == _MAIN.get(outcome.verb))
    return [Facts(shown)] if shown else []


_MAIN = {"reserve": "Reserved", "cancel": "Released", "change": "Released"}


def _moves(moves: list[Move] | tuple[Move, ...]) -> Table:
    heads = columns(
        Column("Moved", Pen.NAME), "Quantity", "From", Column("Number", yields=1), "To", "Number"
    )
    rows = [
        (m.line, m.quantity, m.from_supply, m.from_numbers, m.to_supply, m.to_numbers)
        for m in moves
    ]
    return Table(heads, rows)


def _releases(releases: list[Release] | tuple[Release, ...]) -> Table:
    heads = columns(Column("Released", Pen.NAME), "Quantity", "From", Column("Why", wraps=True))
    return Table(heads, [(r.line, r.quantity, r.supply, r.why) for r in releases])


def _answer(line: str, answer: Outcome | EarmarkError) -> tuple[Cell, ...]:
    if isinstance(answer, Outcome):
        words = "; ".join(w.message for w in answer.warnings if w.code not in _SAID_ALREADY)
        return (line, answer.reserved, answer.shortfall, answer.released, words)
    return (line, None, None, None, f"{answer.message} ({answer.code})")
