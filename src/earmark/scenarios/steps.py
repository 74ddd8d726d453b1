"""Verbs: every step that asks for something, as the command and the use case it stands for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from earmark.core.commands import (
    KEEP,
    Adjust,
    AssignNumbers,
    Cancel,
    Change,
    ChangeNumber,
    ChangeStatus,
    Command,
    Delete,
    EditLine,
    EnterDocuments,
    Hold,
    Post,
    Reclassify,
    Reserve,
    SelectEntries,
    Track,
    Undo,
)
from earmark.core.documents import DocumentStatus, Posting
from earmark.core.outcome import Outcome
from earmark.core.tracking import Dimension
from earmark.database.engine import Database
from earmark.scenarios.entries import (
    choice_of,
    document_of,
    numbers_of,
    stock_row_of,
    tracking_lines_of,
)
from earmark.scenarios.forms import NOTHING, Fields
from earmark.scenarios.reading import Step
from earmark.scenarios.scene import Scene
from earmark.usecases import (
    adjusting,
    catalog,
    documents,
    line_edits,
    posting,
    reservations,
    tracking,
    undoing,
)


def do(scene: Scene, step: Step) -> Outcome:
    """Carry out a step's command and give back what it reports; a refusal is raised."""
    build, use_case = VERBS[step.verb]
    command = replace(
        build(scene, step.content),
        by=step.by,
        request_id=step.request_id,
        preview=step.is_preview,
    )
    return use_case(scene.database, command)


# -- Commands ----------------------------------------------------------------------------------


def _stock(_scene: Scene, rows: tuple[Fields, ...]) -> Adjust:
    return Adjust(rows=tuple(map(stock_row_of, rows)))


def _document(scene: Scene, fields: Fields) -> EnterDocuments:
    return EnterDocuments(documents=(document_of(fields, scene.reference),))


def _track(scene: Scene, fields: Fields) -> Track:
    return Track(line=_line(scene, fields), numbers=tracking_lines_of(fields["numbers"]))


def _assign(scene: Scene, fields: Fields) -> AssignNumbers:
    return AssignNumbers(
        line=_line(scene, fields),
        what=Dimension(fields["what"]),
        quantity=fields.get("quantity"),
        new_lot=fields.get("new_lot", False),
        first_no=fields.get("from", ""),
        step=fields.get("step", 1),
    )


def _select(scene: Scene, fields: Fields) -> SelectEntries:
    return SelectEntries(line=_line(scene, fields), quantity=fields.get("quantity"))


def _reserve(scene: Scene, fields: Fields) -> Reserve:
    return Reserve(
        line=_line(scene, fields),
        numbers=choice_of(fields.get("numbers")),
        supply=_supply(scene, fields),
        quantity=fields.get("quantity"),
        hold_until=fields.get("hold_until"),
        all_or_nothing=fields.get("all", False),
    )


def _hold(scene: Scene, fields: Fields) -> Hold:
    return Hold(
        line=_line(scene, fields),
        until=fields["until"],
        supply=_supply(scene, fields),
        numbers=choice_of(fields.get("numbers")),
    )


def _cancel(scene: Scene, fields: Fields) -> Cancel:
    return Cancel(
        line=_line(scene, fields),
        supply=_supply(scene, fields),
        numbers=choice_of(fields.get("numbers")),
    )


def _change(scene: Scene, fields: Fields) -> Change:
    return Change(
        line=_line(scene, fields),
        quantity=fields["quantity"],
        supply=_supply(scene, fields),
        numbers=choice_of(fields.get("numbers")),
    )


def _edit(scene: Scene, fields: Fields) -> EditLine:
    return EditLine(
        line=_line(scene, fields),
        quantity=fields.get("quantity", KEEP),
        date=fields.get("date", KEEP),
        location_code=fields.get("location", KEEP),
        variant_code=fields.get("variant", KEEP),
        unit=fields.get("unit", KEEP),
        bin_code=fields.get("bin", KEEP),
        item_no=fields.get("item", KEEP),
        over_receipt_percentage=fields.get("over_receipt_percentage", KEEP),
        release=fields.get("release", False),
    )


def _delete(scene: Scene, reference: str) -> Delete:
    return Delete(reference=scene.reference(reference))


def _status(_scene: Scene, fields: Fields) -> ChangeStatus:
    return ChangeStatus(document_no=fields["document"], status=DocumentStatus(fields["to"]))


def _posting(kind: Posting) -> Callable[[Scene, Fields], Post]:
    def post(scene: Scene, fields: Fields) -> Post:
        return Post(
            posting=kind,
            line=_line(scene, fields),
            quantity=fields.get("quantity"),
            numbers=tracking_lines_of(fields.get("numbers", ())),
            date=fields.get("date"),
        )

    return post


def _undo(scene: Scene, name: str) -> Undo:
    return Undo(posting=scene.posting(name))


def _reclassify(_scene: Scene, fields: Fields) -> Reclassify:
    to: Fields = fields["to"]
    return Reclassify(
        item_no=fields["item"],
        location_code=fields.get("location", ""),
        quantity=fields["quantity"],
        variant_code=fields.get("variant", ""),
        numbers=numbers_of(fields.get("numbers", NOTHING)),
        to_location_code=to.get("location"),
        to_lot_no=to.get("lot"),
        to_serial_no=to.get("serial"),
        to_package_no=to.get("package"),
        to_expiration_date=to.get("expiration_date"),
    )


def _number(_scene: Scene, fields: Fields) -> ChangeNumber:
    return ChangeNumber(
        item_no=fields["item"],
        numbers=numbers_of(fields),
        is_blocked=fields.get("blocked", KEEP),
        expiration_date=fields.get("expiration_date", KEEP),
    )


def _line(scene: Scene, fields: Fields) -> str:
    return scene.reference(fields["line"])


def _supply(scene: Scene, fields: Fields) -> str:
    return scene.reference(fields["from"]) if "from" in fields else ""


# -- Verbs -------------------------------------------------------------------------------------

_Build = Callable[[Scene, Any], Command]
_UseCase = Callable[[Database, Any], Outcome]

VERBS: Mapping[str, tuple[_Build, _UseCase]] = {
    "stock": (_stock, adjusting.adjust),
    "document": (_document, documents.enter_documents),
    "track": (_track, tracking.track),
    "assign": (_assign, tracking.assign_numbers),
    "select": (_select, tracking.select_entries),
    "reserve": (_reserve, reservations.reserve),
    "hold": (_hold, reservations.hold),
    "cancel": (_cancel, reservations.cancel),
    "change": (_change, reservations.change),
    "edit": (_edit, line_edits.edit_line),
    "delete": (_delete, documents.delete),
    "status": (_status, documents.change_status),
    "ship": (_posting(Posting.SHIP), posting.post),
    "receive": (_posting(Posting.RECEIVE), posting.post),
    "consume": (_posting(Posting.CONSUME), posting.post),
    "output": (_posting(Posting.OUTPUT), posting.post),
    "undo": (_undo, undoing.undo),
    "reclassify": (_reclassify, adjusting.reclassify),
    "number": (_number, catalog.change_number),
}
"""The verbs of this version: how each becomes a command, and the use case that takes it."""
