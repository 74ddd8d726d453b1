"""Set-up: what a scenario says is given, entered by the same use cases as everything else."""

from __future__ import annotations

from earmark.core.commands import Adjust, EnterDocuments, SetUp
from earmark.core.outcome import Outcome
from earmark.scenarios.entries import (
    customer_of,
    document_of,
    item_of,
    location_of,
    record_of,
    stock_row_of,
    tracking_code_of,
)
from earmark.scenarios.forms import NOTHING, Fields
from earmark.scenarios.scene import Named, Scene
from earmark.usecases import adjusting, catalog, documents


def set_up(scene: Scene, given: Fields) -> None:
    """Enter what is given: set-up, then stock in the order of its rows, then documents."""
    _keep(scene, catalog.set_up(scene.database, _master_data(given)))
    rows = given.get("stock", ())
    if rows:
        adjusted = adjusting.adjust(scene.database, Adjust(rows=tuple(map(stock_row_of, rows))))
        _keep(scene, adjusted)
        name_rows(scene, rows, adjusted)
    for document in given.get("documents", ()):
        entry = document_of(document, scene.reference)
        _keep(scene, documents.enter_documents(scene.database, EnterDocuments(documents=(entry,))))
    scene.end_step()


def name_rows(scene: Scene, rows: tuple[Fields, ...], outcome: Outcome) -> None:
    """Let the ``as`` name of every stock row stand for its ledger entry."""
    for row, entry in zip(rows, outcome.entries, strict=True):
        if "as" in row:
            scene.names[row["as"]] = Named(outcome.posting, (entry,))


def _keep(scene: Scene, outcome: Outcome) -> None:
    scene.moment = max(scene.moment, outcome.moment)


def _master_data(given: Fields) -> SetUp:
    codes = given.get("tracking_codes", NOTHING)
    return SetUp(
        tracking_codes=tuple(tracking_code_of(code, fields) for code, fields in codes.items()),
        items=tuple(item_of(no, fields) for no, fields in given.get("items", NOTHING).items()),
        locations=tuple(
            location_of(code, fields) for code, fields in given.get("locations", NOTHING).items()
        ),
        customers=tuple(
            customer_of(no, fields) for no, fields in given.get("customers", NOTHING).items()
        ),
        numbers=tuple(map(record_of, given.get("lots", ()))),
    )
