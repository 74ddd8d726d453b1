"""`earmark events`: what was committed, as CloudEvents, listed or followed."""

import json
import os
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from earmark.cli.invocation import READING, Reading
from earmark.cli.options import Whole
from earmark.cli.page import Cell, Column, Hint, Note, Page, Pen, Table, Title, columns
from earmark.core.events import PREFIX, SOURCE, Chosen, Event, EventsRead

if TYPE_CHECKING:
    from earmark.database.engine import Database

PAUSE_S = 0.5
FOLLOWED_AT_ONCE = 500
Several = Annotated[list[str] | None, Parameter(metavar="TEXT")]


def events(
    *,
    after: Annotated[str, Parameter(metavar="ID")] = "",
    follow: bool = False,
    type_: Annotated[list[str] | None, Parameter(name="--type", metavar="TYPE")] = None,
    subject: Several = None,
    item: Several = None,
    limit: Whole = 100,
    reading: Reading = READING,
) -> None:
    """List what was committed as CloudEvents, in the order of the commits; or follow it.

        earmark events --item 1040
        earmark events --follow --type "reservation.*" --json

    With --json every event is one line of JSON.

    Args:
        after: Only what came after the event with this id.
        follow: Go on as things happen, until Ctrl-C; from now on, or after --after.
        type_: Only of this type; reservation.* means all that begin so. Repeat it for more.
        subject: Only about this line, document or item. Repeat it for more.
        item: Only about this item. Repeat it for more.
        limit: At most so many.
    """
    from earmark.usecases import events as use_cases

    chosen = Chosen(types=type_ or (), subjects=subject or (), items=item or ())
    with reading.opened() as database:
        if follow:
            place = after or use_cases.newest(database)
            _print_each(_followed(database, place, chosen), is_json=reading.json)
        read = use_cases.events(
            database, after=after, limit=limit, chosen=chosen, source=event_source()
        )
    if reading.json:
        _print_each(read.events, is_json=True)
    else:
        reading.answer(read, _events_page)


def event_source() -> str:
    """What events say they come from."""
    return os.environ.get("EARMARK_EVENT_SOURCE", SOURCE)


def _followed(database: "Database", after: str, chosen: Chosen) -> Iterator[Event]:
    """What happens, as it happens; without an end."""
    from earmark.usecases import events as use_cases

    while True:
        read = use_cases.events(
            database, after=after, limit=FOLLOWED_AT_ONCE, chosen=chosen, source=event_source()
        )
        yield from read.events
        after = read.next
        if not read.has_more:
            time.sleep(PAUSE_S)


def _print_each(told: Iterable[Event], *, is_json: bool) -> None:
    for event in told:
        if is_json:
            line = json.dumps(event.as_cloud_event(), ensure_ascii=False)
        else:
            at, type_, subject, by, what, id_ = _row(event)
            line = f"{at}  {type_}  {subject}  {by}  {what}  {id_}"
        print(line, flush=True)  # noqa: T201 - the answer itself


def _events_page(read: EventsRead) -> Page:
    if not read.events:
        return [Title("Events"), Note("None.")]
    heads = columns(
        "Time", Column("Type", Pen.NAME), "Subject", "By",
        Column("What", yields=1, wraps=True), Column("Id", Pen.QUIET, yields=2),
    )  # fmt: skip
    page: Page = [Title("Events"), Table(heads, [_row(event) for event in read.events])]
    if read.has_more:
        page.append(Hint("There are more", f"earmark events --after {read.next}"))
    return page


def _row(event: Event) -> tuple[Cell, ...]:
    at = f"{event.time:%Y-%m-%d %H:%M:%S}"
    type_ = event.type.removeprefix(PREFIX)
    return at, type_, event.subject, event.data["by"], _what(event), event.id


def _what(event: Event) -> str:
    """What came of it, in a few words."""
    data = event.data
    words = [
        f"{word} {data[name]}"
        for name, word in (
            ("reserved", "reserved"),
            ("shortfall", "short"),
            ("released", "released"),
        )
        if data.get(name, "0") != "0"
    ]
    words += [
        f"{move['quantity']} from {move['from_supply']} to {move['to_supply']}"
        for move in data.get("moves", ())
    ]
    words += [f"{lost['quantity']} of {lost['supply']}" for lost in data.get("releases", ())]
    return ", ".join(words)
