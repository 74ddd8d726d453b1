"""`earmark import` and `earmark export`: sheets in CSV and XLSX files."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from earmark.cli.invocation import CHANGING, READING, Changing, Reading, opened, show
from earmark.cli.options import word_of
from earmark.cli.page import Note, Page, Title
from earmark.core.commands import Command
from earmark.errors import ImportRefused, ValueInvalid

if TYPE_CHECKING:
    from earmark.sheets import Dialect
    from earmark.usecases.exchange import ImportResult, Subject

ERRORS_SHOWN = 200
DELIMITERS = {"": "", "comma": ",", "semicolon": ";", "tab": "\t", ",": ",", ";": ";", "\t": "\t"}
MARKS = {"": "", "comma": ",", "point": ".", ",": ",", ".": "."}

What = Annotated[
    str,
    Parameter(
        metavar="WHAT",
        help="items, tracking_codes, locations, customers, stock, orders or tracking.",
    ),
]
File = Annotated[Path, Parameter(metavar="FILE", help="A file: .csv, .tsv, .txt or .xlsx.")]
Delimiter = Annotated[
    str,
    Parameter(metavar="comma|semicolon|tab", help="What separates the cells of a text file."),
]
Decimal = Annotated[
    str,
    Parameter(metavar="comma|point", help="The decimal mark, where 1,234 could be two numbers."),
]


def import_(
    what: What,
    file: File,
    /,
    *,
    dry_run: Annotated[
        bool, Parameter(help="Check every row and decide, but save nothing.")
    ] = False,
    delimiter: Delimiter = "",
    decimal: Decimal = "",
    changing: Changing = CHANGING,
) -> None:
    """Import a sheet: all of its rows, or none.

    Row 1 names the columns, as `earmark export` writes them; "Item No." will do for item_no. Every
    row that is wrong is told with its number.

        earmark import items items.xlsx
        earmark import stock stock.csv --dry-run
        earmark import orders orders.csv --delimiter semicolon --decimal comma
    """
    from earmark.sheets import read
    from earmark.usecases.exchange import import_sheet

    subject = _subject(what)
    signed = changing.signed(Command())
    # Read before the database is opened, which may make it: a bad file leaves nothing behind.
    sheet = read(file, _dialect(delimiter, decimal))
    with opened(changing.database) as database, _progress(f"Importing {subject}") as progress:
        try:
            result = import_sheet(
                database,
                subject,
                sheet,
                by=signed.by,
                request_id=signed.request_id,
                preview=signed.preview or dry_run,
                progress=progress,
            )
        except ImportRefused as refusal:
            if not changing.json:
                _list_errors(refusal)
            raise
    show(result, _imported_page, is_json=changing.json)


def export(
    what: What,
    file: File,
    /,
    *,
    delimiter: Delimiter = "",
    decimal: Decimal = "",
    reading: Reading = READING,
) -> None:
    """Export a sheet that a spreadsheet opens and `earmark import` reads again.

    Stock is what is there now, orders and tracking are what is open: what has been posted is not in
    them.

        earmark export stock stock.xlsx
        earmark export orders orders.csv --delimiter semicolon --decimal comma
    """
    from dataclasses import replace

    from earmark.cli.output import working
    from earmark.sheets import write
    from earmark.usecases.exchange import export_sheet

    subject = _subject(what)
    dialect = _dialect(delimiter, decimal)
    with reading.opened() as database, working(f"Exporting {subject} ..."):
        sheet = export_sheet(database, subject)
        write(file, replace(sheet, dialect=dialect))
    done = {"what": subject, "file": f"{file}", "rows": len(sheet.rows)}
    show(done, _exported_page, is_json=reading.json)


def _subject(what: str) -> "Subject":
    from earmark.usecases.exchange import Subject

    return word_of(Subject, "What", what.replace("-", "_"))


def _dialect(delimiter: str, decimal: str) -> "Dialect":
    from earmark.sheets import Dialect

    if delimiter not in DELIMITERS:
        raise ValueInvalid(
            field="--delimiter", value=delimiter, why="it is comma, semicolon or tab"
        )
    if decimal not in MARKS:
        raise ValueInvalid(field="--decimal", value=decimal, why="it is comma or point")
    return Dialect(DELIMITERS[delimiter], MARKS[decimal])


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on the terminal that says how many rows are read; nothing in a pipe."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as shown:
        task = shown.add_task(what, total=None)
        yield lambda done, total: shown.update(task, completed=done, total=total)


def _list_errors(refusal: ImportRefused) -> None:
    """Every wrong row on standard error, above the sentence that sums them up."""
    errors = refusal.facts["errors"]
    assert isinstance(errors, tuple), "an import tells its errors in a tuple"
    for error in errors[:ERRORS_SHOWN]:
        print(f"{error} ({error.code})", file=sys.stderr)  # noqa: T201
    if len(errors) > ERRORS_SHOWN:
        more = len(errors) - ERRORS_SHOWN
        print(f"... and {more} more; --json tells them all", file=sys.stderr)  # noqa: T201


def _imported_page(result: "ImportResult") -> Page:
    words = str(result.what).replace("_", " ")
    done = "would be imported" if result.outcome.is_preview else "imported"
    if result.outcome.is_repeated:
        done = "were imported before, by the same request"
    page: Page = [Title(f"{words.capitalize()}: {result.rows} rows {done}", result.file)]
    if result.outcome.is_preview:
        page.append(Note("Nothing was saved."))
    page += [Note(warning.message) for warning in result.outcome.warnings]
    return page


def _exported_page(done: dict[str, object]) -> Page:
    words = str(done["what"]).replace("_", " ")
    return [Title(f"{words.capitalize()}: {done['rows']} rows exported", str(done["file"]))]
