"""The numbers of a document's lines, and what is known of numbers: read for many at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from earmark.core.tracking import Numbers
from earmark.core.views import TrackingView
from earmark.database import catalog
from earmark.database.engine import Database
from earmark.database.unit_of_work import reading
from earmark.database.views import view
from earmark.usecases.reading import AsOf, tracking_view


def numbers_of_document(
    database: Database, document_no: str, *, as_of: AsOf = None
) -> Mapping[str, tuple[TrackingView, ...]]:
    """The item tracking lines of every line of a document, by line."""
    with view(database, as_of) as seen:
        tracking = seen.tracking(seen.of_documents([document_no]))
        return {line: tuple(map(tracking_view, of_line)) for line, of_line in tracking.items()}


def remarks(database: Database, item_no: str, numbers: Iterable[Numbers]) -> Mapping[Numbers, str]:
    """What is written of these numbers, such as why one is blocked; nothing where nothing is."""
    wanted = list(dict.fromkeys(numbers))
    with reading(database) as session:
        known = catalog.records(session, item_no, wanted)
    written = {}
    for given in wanted:
        own = [record for (_, no), record in known.items() if no and given.serves(record.numbers)]
        said = [record.description for record in own if record.description]
        if said:
            written[given] = "; ".join(said)
    return written
