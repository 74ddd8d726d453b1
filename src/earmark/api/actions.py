"""All that can be done through the API, one row each."""

from __future__ import annotations

from dataclasses import dataclass

from earmark.api.operations import Action
from earmark.core.appeals import AskHolder, Give, KeepUnits, Withdraw
from earmark.core.commands import (
    AddLines,
    AddNumbers,
    Adjust,
    AssignNumbers,
    Cancel,
    Change,
    ChangeNumber,
    ChangeStatus,
    Delete,
    EditLine,
    EnterDocuments,
    Hold,
    Post,
    Reclassify,
    Repair,
    Reserve,
    SelectEntries,
    SetUp,
    TakeWayOut,
    Track,
    Undo,
)
from earmark.core.documents import DocumentEntry, DocumentKind, LineEntry
from earmark.core.items import Customer, Item, Location
from earmark.core.references import document_reference
from earmark.core.roles import Operation
from earmark.core.tracking import TrackingCode
from earmark.core.why_views import WayTaken
from earmark.usecases import (
    adjusting,
    appeals,
    catalog,
    documents,
    line_edits,
    posting,
    reservations,
    tracking,
    undoing,
)
from earmark.usecases.repairing import repair
from earmark.usecases.waiting import reserve_waiting
from earmark.usecases.ways_out import take_way_out


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLines:
    """Lines for a document that exists: the command holds a whole document, here it has a name."""

    document_no: str
    lines: tuple[LineEntry, ...]

    def command(self) -> AddLines:
        """The command; the document's kind is known."""
        entry = DocumentEntry(
            kind=DocumentKind.SALES_ORDER, document_no=self.document_no, lines=self.lines
        )
        return AddLines(document=entry)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentName:
    """A document by its number: the command takes any reference, the address only this."""

    document_no: str

    def command(self) -> Delete:
        """The command."""
        return Delete(reference=document_reference(self.document_no))


@dataclass(frozen=True, slots=True, kw_only=True)
class LineName:
    """A line by its reference."""

    line: str

    def command(self) -> Delete:
        """The command."""
        return Delete(reference=self.line)


DOCUMENTS = (
    Action(
        name="enter_documents",
        method="POST",
        path="/documents",
        asks=EnterDocuments,
        may=Operation.ENTER,
        does=documents.enter_documents,
        tag="Documents",
    ),
    Action(
        name="delete_document",
        says="Delete a document with its lines; what its demands had reserved is released.",
        method="DELETE",
        path="/documents/{document_no}",
        asks=DocumentName,
        makes=DocumentName.command,
        may=Operation.ENTER,
        does=documents.delete,
        tag="Documents",
    ),
    Action(
        name="add_lines",
        method="POST",
        path="/documents/{document_no}/lines",
        asks=NewLines,
        makes=NewLines.command,
        may=Operation.ENTER,
        does=documents.add_lines,
        tag="Documents",
    ),
    Action(
        name="change_status",
        method="PUT",
        path="/documents/{document_no}/status",
        asks=ChangeStatus,
        may=Operation.ENTER,
        does=documents.change_status,
        tag="Documents",
    ),
    Action(
        name="edit_line",
        method="PATCH",
        path="/lines/{line:line}",
        asks=EditLine,
        may=Operation.ENTER,
        does=line_edits.edit_line,
        tag="Documents",
    ),
    Action(
        name="delete_line",
        says="Delete a line with its tracking lines; what it had reserved is released.",
        method="DELETE",
        path="/lines/{line:line}",
        asks=LineName,
        makes=LineName.command,
        may=Operation.ENTER,
        does=documents.delete,
        tag="Documents",
    ),
)
TRACKING = (
    Action(
        name="track",
        method="PUT",
        path="/lines/{line:line}/tracking",
        asks=Track,
        may=Operation.TRACK,
        does=tracking.track,
        tag="Item tracking lines",
    ),
    Action(
        name="add_numbers",
        method="POST",
        path="/lines/{line:line}/tracking",
        asks=AddNumbers,
        may=Operation.TRACK,
        does=tracking.add_numbers,
        tag="Item tracking lines",
    ),
    Action(
        name="assign_numbers",
        method="POST",
        path="/lines/{line:line}/tracking/assign",
        asks=AssignNumbers,
        may=Operation.TRACK,
        does=tracking.assign_numbers,
        tag="Item tracking lines",
    ),
    Action(
        name="select_entries",
        method="POST",
        path="/lines/{line:line}/tracking/select",
        asks=SelectEntries,
        may=Operation.TRACK,
        does=tracking.select_entries,
        tag="Item tracking lines",
    ),
)
RESERVATIONS = (
    Action(
        name="reserve",
        method="POST",
        path="/lines/{line:line}/reserve",
        asks=Reserve,
        may=Operation.RESERVE,
        does=reservations.reserve,
        together=reserve_waiting,
        tag="Reservations",
    ),
    Action(
        name="hold",
        method="POST",
        path="/lines/{line:line}/hold",
        asks=Hold,
        may=Operation.RESERVE,
        does=reservations.hold,
        tag="Reservations",
    ),
    Action(
        name="cancel",
        method="POST",
        path="/lines/{line:line}/cancel",
        asks=Cancel,
        may=Operation.RESERVE,
        does=reservations.cancel,
        tag="Reservations",
    ),
    Action(
        name="change",
        method="POST",
        path="/lines/{line:line}/change",
        asks=Change,
        may=Operation.RESERVE,
        does=reservations.change,
        tag="Reservations",
    ),
    Action(
        name="take_way_out",
        method="POST",
        path="/lines/{line:line}/take-way-out",
        asks=TakeWayOut,
        may=Operation.RESERVE,
        does=take_way_out,
        tells=WayTaken,
        tag="Reservations",
    ),
    Action(
        name="repair",
        method="POST",
        path="/lines/{line:line}/repair",
        asks=Repair,
        may=Operation.RESERVE,
        does=repair,
        tag="Reservations",
    ),
)
APPEALS = (
    Action(
        name="ask_holder",
        method="POST",
        path="/lines/{line:line}/ask",
        asks=AskHolder,
        may=Operation.RESERVE,
        does=appeals.ask_holder,
        tag="Appeals",
    ),
    Action(
        name="give",
        method="POST",
        path="/appeals/{appeal}/give",
        asks=Give,
        may=Operation.RESERVE,
        does=appeals.give,
        tag="Appeals",
    ),
    Action(
        name="keep",
        method="POST",
        path="/appeals/{appeal}/keep",
        asks=KeepUnits,
        may=Operation.RESERVE,
        does=appeals.keep,
        tag="Appeals",
    ),
    Action(
        name="withdraw",
        method="POST",
        path="/appeals/{appeal}/withdraw",
        asks=Withdraw,
        may=Operation.RESERVE,
        does=appeals.withdraw,
        tag="Appeals",
    ),
)
POSTING = (
    Action(
        name="post",
        method="POST",
        path="/postings",
        asks=Post,
        may=Operation.POST,
        does=posting.post,
        tag="Posting",
    ),
    Action(
        name="undo",
        method="POST",
        path="/history/{posting}/undo",
        asks=Undo,
        may=Operation.READ,  # what it undoes says which permission that takes; the use case asks
        does=undoing.undo,
        tag="History",
    ),
    Action(
        name="adjust",
        method="POST",
        path="/adjustments",
        asks=Adjust,
        may=Operation.POST,
        does=adjusting.adjust,
        tag="Posting",
    ),
    Action(
        name="reclassify",
        method="POST",
        path="/reclassifications",
        asks=Reclassify,
        may=Operation.POST,
        does=adjusting.reclassify,
        tag="Posting",
    ),
)
SET_UP = (
    Action(
        name="set_up",
        method="POST",
        path="/set-up",
        asks=SetUp,
        may=Operation.SET_UP,
        does=catalog.set_up,
        tag="Set-up",
    ),
    Action(
        name="put_item",
        says="Enter an item, or replace it.",
        method="PUT",
        path="/items/{item_no}",
        asks=Item,
        makes=lambda item: SetUp(items=(item,)),
        may=Operation.SET_UP,
        does=catalog.set_up,
        tag="Set-up",
    ),
    Action(
        name="put_tracking_code",
        says="Enter an item tracking code, or replace it.",
        method="PUT",
        path="/tracking-codes/{tracking_code}",
        asks=TrackingCode,
        makes=lambda code: SetUp(tracking_codes=(code,)),
        may=Operation.SET_UP,
        does=catalog.set_up,
        tag="Set-up",
    ),
    Action(
        name="put_location",
        says="Enter a location, or replace it.",
        method="PUT",
        path="/locations/{location_code}",
        asks=Location,
        makes=lambda location: SetUp(locations=(location,)),
        may=Operation.SET_UP,
        does=catalog.set_up,
        tag="Set-up",
    ),
    Action(
        name="put_customer",
        says="Enter a customer, or replace it.",
        method="PUT",
        path="/customers/{customer_no}",
        asks=Customer,
        makes=lambda customer: SetUp(customers=(customer,)),
        may=Operation.SET_UP,
        does=catalog.set_up,
        tag="Set-up",
    ),
    Action(
        name="change_number",
        method="PATCH",
        path="/items/{item_no}/numbers",
        asks=ChangeNumber,
        may=Operation.RATE,
        does=catalog.change_number,
        tag="Set-up",
    ),
)
ACTIONS = (*DOCUMENTS, *TRACKING, *RESERVATIONS, *APPEALS, *POSTING, *SET_UP)
