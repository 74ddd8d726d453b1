"""`earmark ask`, `give`, `keep`, `withdraw`, `appeals`: units that others hold."""

from collections.abc import Sequence
from typing import Annotated

from cyclopts import Parameter

import earmark
from earmark.cli.invocation import CHANGING, READING, Changing, Reading
from earmark.cli.options import NO_NUMBER_OPTIONS, Line, NumberOptions, Quantity, Supply
from earmark.cli.page import Cell, Column, Hint, Note, Page, Pen, Table, columns
from earmark.core.appeals import AppealState, AppealView, AskHolder, Give, KeepUnits, Withdraw

Appeal = Annotated[str, Parameter(help="The appeal, as `earmark appeals` names it.")]


def ask(
    line: Line,
    /,
    *,
    of: Annotated[str, Parameter(name="--of", metavar="LINE", help="The line that holds them.")],
    quantity: Quantity | None = None,
    supply: Supply = "",
    numbers: NumberOptions = NO_NUMBER_OPTIONS,
    note: str = "",
    changing: Changing = CHANGING,
) -> None:
    """Ask whose reservation holds units that a line needs to give them up.

    Nothing is reserved by it; he gives them, or keeps them and says why.

        earmark ask SO4711/2 --of SO4702/1 --lot L2503 --quantity 12 --note "St. Anna waits"

    Args:
        quantity: How much; all that is held there and needed here where it is left out.
        note: What the holder shall know.
    """
    command = AskHolder(
        line=line, holder=of, quantity=quantity, supply=supply, numbers=numbers.given, note=note
    )
    changing.carry_out(earmark.ask_holder, command)


def give(appeal: Appeal, /, *, changing: Changing = CHANGING) -> None:
    """Give up what is asked for; the line that asks has it in the same step.

    earmark give 1838616682792798975 --preview
    """
    changing.carry_out(earmark.give, Give(appeal=appeal))


def keep(appeal: Appeal, /, *, changing: Changing = CHANGING) -> None:
    """Keep what is asked for, and say why with --reason.

    earmark keep 1838616682792798975 --reason "Vester Clinic insists on the lot"
    """
    changing.carry_out(earmark.keep, KeepUnits(appeal=appeal))


def withdraw(appeal: Appeal, /, *, changing: Changing = CHANGING) -> None:
    """Take back what you have asked for.

    earmark withdraw 1838616682792798975
    """
    changing.carry_out(earmark.withdraw, Withdraw(appeal=appeal))


def appeals(
    *,
    line: Annotated[str, Parameter(help="Asked for this line, whenever it was.")] = "",
    by: Annotated[str, Parameter(metavar="NAME", help="Asked by this user.")] = "",
    of: Annotated[str, Parameter(name="--of", metavar="NAME", help="Asked of this user.")] = "",
    reading: Reading = READING,
) -> None:
    """List what users ask each other for, and what was answered in the last two days.

    earmark appeals --of ana
    earmark appeals --line SO4711/2
    """
    with reading.opened() as database:
        found = earmark.appeals(database, line=line, by=by, asked_of=of)
    reading.answer(found, appeals_page)


def appeals_page(found: Sequence[AppealView]) -> Page:
    """Every appeal with how it stands, and the command that answers the first."""
    if not found:
        return [Note("Nobody asks anybody for anything.")]
    heads = columns(
        Column("Appeal", Pen.NAME),
        "Asked",
        "By",
        "For",
        "Quantity",
        Column("Of", yields=1),
        "Whose",
        Column("Note", wraps=True),
        Column("Answer", Pen.YOURS, wraps=True),
    )
    page: Page = [Table(heads, [_row(one) for one in found])]
    first = next((one for one in found if one.state is AppealState.WAITING), None)
    if first is not None:
        page.append(Hint("To give the first", f"earmark give {first.appeal} --preview"))
    return page


def _row(shown: AppealView) -> tuple[Cell, ...]:
    which = f"{shown.numbers} " if shown.numbers else ""
    return (
        shown.appeal,
        shown.at,
        shown.by,
        shown.line,
        shown.quantity,
        f"{which}of {shown.holder}",
        shown.asked_of,
        shown.note,
        in_words(shown),
    )


def in_words(shown: AppealView) -> str:
    """How an appeal stands, and whose words it was answered in."""
    if shown.state is AppealState.WAITING:
        less = f"{shown.open:f} of it can be given" if shown.open != shown.quantity else ""
        return less or "waits"
    by = f" by {shown.answered_by}" if shown.answered_by else ""
    why = f": {shown.reason}" if shown.reason else ""
    return f"{shown.state}{by}{why}"
