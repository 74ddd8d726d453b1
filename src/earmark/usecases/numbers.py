"""The numbers of a document's lines, and what is known of numbers: read for many at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from earmark.core.availability import NumberAvailability, availability
from earmark.core.balance import RunningBalance
from earmark.core.pasted import NumberRow, read_numbers
from earmark.core.shelf import MemoryShelf
from earmark.core.stock import demand_of
from earmark.core.tracking import Dimension, Numbers
from earmark.core.views import TrackingView
from earmark.database import catalog
from earmark.database.engine import Database
from earmark.database.unit_of_work import reading
from earmark.database.views import view
from earmark.usecases.door import asks_about, looks_up
from earmark.usecases.reading import AsOf, demand_line, found_line, tracking_view


@looks_up("document_no")
def numbers_of_document(
    database: Database, document_no: str, *, as_of: AsOf = None
) -> Mapping[str, tuple[TrackingView, ...]]:
    """The item tracking lines of every line of a document, by line."""
    with view(database, as_of) as seen:
        tracking = seen.tracking(seen.of_documents([document_no]))
        return {line: tuple(map(tracking_view, of_line)) for line, of_line in tracking.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRules:
    """What a line's item tracking code says of its numbers.

    ``entered`` must be named on every posting, ``specific`` are matched.
    """

    tracking_code: str
    entered: tuple[Dimension, ...]
    specific: frozenset[Dimension]
    expiration_used: bool
    expiration_required: bool


@asks_about("line")
def rules_of(database: Database, line: str, *, as_of: AsOf = None) -> LineRules | None:
    """The rules for the numbers of a line; none where its item is not tracked."""
    with view(database, as_of) as seen:
        code = found_line(seen, line).tracking_code
    if code is None:
        return None
    return LineRules(
        tracking_code=code.tracking_code,
        entered=code.entered,
        specific=code.specific,
        expiration_used=code.expiration_used,
        expiration_required=code.expiration_required,
    )


@asks_about("line")
def availability_of(
    database: Database, line: str, numbers: Sequence[Numbers], *, as_of: AsOf = None
) -> list[NumberAvailability]:
    """What a demand line can have of each of these numbers, and why not more."""
    with view(database, as_of) as seen:
        found = demand_line(seen, line)
        asked = list(dict.fromkeys(given.only(found.specific) for given in numbers))
        supplies = seen.under(found.key.item_no, asked)
        here = [supply for supply in supplies if supply.key == found.key]
        entries = seen.entries_on(found.key.item_no, (s.supply_no for s in here))
        shelf = MemoryShelf(found.key, found.picking_order, here, entries, [demand_of(found)])
        return availability(RunningBalance(shelf), demand_of(found), supplies, numbers)


@asks_about("line")
def read_for_line(
    database: Database, line: str, text: str, known: Iterable[Numbers]
) -> tuple[NumberRow, ...]:
    """What was typed or pasted for a line, row by row; ``known`` are the numbers entered so far."""
    rules = rules_of(database, line)
    dimensions = rules.entered if rules else tuple(Dimension)
    return read_numbers(text, dimensions=dimensions, known=known, line=line)


@looks_up("item_no")
def remarks(database: Database, item_no: str, numbers: Iterable[Numbers]) -> Mapping[Numbers, str]:
    """What is written of these numbers, such as why one is blocked; nothing where nothing is."""
    wanted = list(dict.fromkeys(numbers))
    with reading(database) as session:
        known = catalog.records(session, item_no, wanted)
    written = {}
    for given in wanted:
        own = [known[d, no] for d in Dimension if (no := given.get(d)) and (d, no) in known]
        said = [record.description for record in own if record.description]
        if said:
            written[given] = "; ".join(said)
    return written
