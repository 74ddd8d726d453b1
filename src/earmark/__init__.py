"""Earmark reserves tracked inventory: this order line needs these units.

    >>> import earmark
    >>> stock = earmark.open("sqlite:///:memory:")
    >>> stock.close()

Every use case is a function that takes the opened database and one typed command and returns an
:class:`Outcome`; every refusal is an :class:`EarmarkError` with a stable ``code``. Names load when
they are first used, so that ``import earmark`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from earmark.core.appeals import AppealState as AppealState
    from earmark.core.appeals import AskHolder as AskHolder
    from earmark.core.appeals import Give as Give
    from earmark.core.appeals import KeepUnits as KeepUnits
    from earmark.core.appeals import Withdraw as Withdraw
    from earmark.core.changes import ChangeKind as ChangeKind
    from earmark.core.changes import HistoryFilter as HistoryFilter
    from earmark.core.commands import KEEP as KEEP
    from earmark.core.commands import AddLines as AddLines
    from earmark.core.commands import AddNumbers as AddNumbers
    from earmark.core.commands import Adjust as Adjust
    from earmark.core.commands import AssignNumbers as AssignNumbers
    from earmark.core.commands import Cancel as Cancel
    from earmark.core.commands import Change as Change
    from earmark.core.commands import ChangeNumber as ChangeNumber
    from earmark.core.commands import ChangeStatus as ChangeStatus
    from earmark.core.commands import Choice as Choice
    from earmark.core.commands import Delete as Delete
    from earmark.core.commands import EditLine as EditLine
    from earmark.core.commands import EnterDocuments as EnterDocuments
    from earmark.core.commands import Hold as Hold
    from earmark.core.commands import Post as Post
    from earmark.core.commands import Reclassify as Reclassify
    from earmark.core.commands import Repair as Repair
    from earmark.core.commands import Reserve as Reserve
    from earmark.core.commands import SelectEntries as SelectEntries
    from earmark.core.commands import SetUp as SetUp
    from earmark.core.commands import SplitLine as SplitLine
    from earmark.core.commands import StockRow as StockRow
    from earmark.core.commands import SupplyTake as SupplyTake
    from earmark.core.commands import Take as Take
    from earmark.core.commands import TakeWayOut as TakeWayOut
    from earmark.core.commands import Track as Track
    from earmark.core.commands import Undo as Undo
    from earmark.core.documents import DocumentEntry as DocumentEntry
    from earmark.core.documents import DocumentKind as DocumentKind
    from earmark.core.documents import DocumentStatus as DocumentStatus
    from earmark.core.documents import LineEntry as LineEntry
    from earmark.core.documents import Posting as Posting
    from earmark.core.events import Chosen as Chosen
    from earmark.core.events import Event as Event
    from earmark.core.gtins import ItemGtin as ItemGtin
    from earmark.core.items import Customer as Customer
    from earmark.core.items import Item as Item
    from earmark.core.items import Location as Location
    from earmark.core.items import NumberRecord as NumberRecord
    from earmark.core.items import PickingOrder as PickingOrder
    from earmark.core.items import ReservePolicy as ReservePolicy
    from earmark.core.outcome import Move as Move
    from earmark.core.outcome import Notice as Notice
    from earmark.core.outcome import Outcome as Outcome
    from earmark.core.outcome import Release as Release
    from earmark.core.pasted import NumberRow as NumberRow
    from earmark.core.pasted import read_numbers as read_numbers
    from earmark.core.scans import Scan as Scan
    from earmark.core.scans import ScanReading as ScanReading
    from earmark.core.tracking import Dimension as Dimension
    from earmark.core.tracking import Numbers as Numbers
    from earmark.core.tracking import TrackingCode as TrackingCode
    from earmark.core.tracking import TrackingLine as TrackingLine
    from earmark.database.engine import Database as Database
    from earmark.database.opening import open as open  # noqa: A004 - the word everybody looks for
    from earmark.errors import EarmarkError as EarmarkError
    from earmark.usecases.adjusting import adjust as adjust
    from earmark.usecases.adjusting import reclassify as reclassify
    from earmark.usecases.alerts import alerts as alerts
    from earmark.usecases.appeals import appeal as appeal
    from earmark.usecases.appeals import appeals as appeals
    from earmark.usecases.appeals import ask_holder as ask_holder
    from earmark.usecases.appeals import give as give
    from earmark.usecases.appeals import keep as keep
    from earmark.usecases.appeals import withdraw as withdraw
    from earmark.usecases.attention import needing_attention as needing_attention
    from earmark.usecases.catalog import change_number as change_number
    from earmark.usecases.catalog import set_up as set_up
    from earmark.usecases.changes import activity as activity
    from earmark.usecases.changes import changes as changes
    from earmark.usecases.changes import then_and_now as then_and_now
    from earmark.usecases.considering import demand_of_document as demand_of_document
    from earmark.usecases.considering import demand_of_item as demand_of_item
    from earmark.usecases.considering import demand_row as demand_row
    from earmark.usecases.considering import open_demand as open_demand
    from earmark.usecases.considering import supply_rows as supply_rows
    from earmark.usecases.documents import add_lines as add_lines
    from earmark.usecases.documents import change_status as change_status
    from earmark.usecases.documents import delete as delete
    from earmark.usecases.documents import enter_documents as enter_documents
    from earmark.usecases.events import events as events
    from earmark.usecases.line_edits import edit_line as edit_line
    from earmark.usecases.many import cancel_each as cancel_each
    from earmark.usecases.many import reserve_each as reserve_each
    from earmark.usecases.overview import item_figures as item_figures
    from earmark.usecases.overview import item_overview as item_overview
    from earmark.usecases.overview import number_overview as number_overview
    from earmark.usecases.posting import post as post
    from earmark.usecases.reading import candidates as candidates
    from earmark.usecases.reading import document as document
    from earmark.usecases.reading import documents as documents
    from earmark.usecases.reading import exists as exists
    from earmark.usecases.reading import history as history
    from earmark.usecases.reading import inventory as inventory
    from earmark.usecases.reading import line as line
    from earmark.usecases.reading import number as number
    from earmark.usecases.reading import reservations as reservations
    from earmark.usecases.reading import tracking_lines as tracking_lines
    from earmark.usecases.reading import version as version
    from earmark.usecases.reading import window as window
    from earmark.usecases.repairing import repair as repair
    from earmark.usecases.reservations import cancel as cancel
    from earmark.usecases.reservations import change as change
    from earmark.usecases.reservations import hold as hold
    from earmark.usecases.reservations import reserve as reserve
    from earmark.usecases.scanning import scan as scan
    from earmark.usecases.searching import search as search
    from earmark.usecases.splitting import split_line as split_line
    from earmark.usecases.taking import take as take
    from earmark.usecases.tracking import add_numbers as add_numbers
    from earmark.usecases.tracking import assign_numbers as assign_numbers
    from earmark.usecases.tracking import select_entries as select_entries
    from earmark.usecases.tracking import track as track
    from earmark.usecases.tracking import track_each as track_each
    from earmark.usecases.tracking import track_together as track_together
    from earmark.usecases.undoing import undo as undo
    from earmark.usecases.verifying import verify as verify
    from earmark.usecases.ways_out import take_way_out as take_way_out
    from earmark.usecases.why import why as why

__version__ = "0.1.0"

_HOMES = {
    "earmark.database.opening": ("open",),
    "earmark.database.engine": ("Database",),
    "earmark.errors": ("EarmarkError",),
    "earmark.core.appeals": ("AppealState", "AskHolder", "Give", "KeepUnits", "Withdraw"),
    "earmark.core.commands": (
        "AddLines",
        "AddNumbers",
        "Adjust",
        "AssignNumbers",
        "Cancel",
        "Change",
        "ChangeNumber",
        "ChangeStatus",
        "Choice",
        "Delete",
        "EditLine",
        "EnterDocuments",
        "Hold",
        "KEEP",
        "Post",
        "Reclassify",
        "Repair",
        "Reserve",
        "SelectEntries",
        "SetUp",
        "SplitLine",
        "StockRow",
        "SupplyTake",
        "Take",
        "TakeWayOut",
        "Track",
        "Undo",
    ),
    "earmark.core.documents": (
        "DocumentEntry",
        "DocumentKind",
        "DocumentStatus",
        "LineEntry",
        "Posting",
    ),
    "earmark.core.events": ("Chosen", "Event"),
    "earmark.core.gtins": ("ItemGtin",),
    "earmark.core.items": (
        "Customer",
        "Item",
        "Location",
        "NumberRecord",
        "PickingOrder",
        "ReservePolicy",
    ),
    "earmark.core.outcome": ("Move", "Notice", "Outcome", "Release"),
    "earmark.core.pasted": ("NumberRow", "read_numbers"),
    "earmark.core.scans": ("Scan", "ScanReading"),
    "earmark.core.tracking": ("Dimension", "Numbers", "TrackingCode", "TrackingLine"),
    "earmark.usecases.catalog": ("change_number", "set_up"),
    "earmark.usecases.documents": (
        "add_lines",
        "change_status",
        "delete",
        "enter_documents",
    ),
    "earmark.usecases.events": ("events",),
    "earmark.usecases.line_edits": ("edit_line",),
    "earmark.usecases.scanning": ("scan",),
    "earmark.usecases.tracking": (
        "add_numbers",
        "assign_numbers",
        "select_entries",
        "track",
        "track_each",
        "track_together",
    ),
    "earmark.usecases.many": ("cancel_each", "reserve_each"),
    "earmark.usecases.reservations": (
        "cancel",
        "change",
        "hold",
        "reserve",
    ),
    "earmark.usecases.adjusting": ("adjust", "reclassify"),
    "earmark.usecases.alerts": ("alerts",),
    "earmark.usecases.appeals": ("appeal", "appeals", "ask_holder", "give", "keep", "withdraw"),
    "earmark.usecases.attention": ("needing_attention",),
    "earmark.usecases.changes": ("activity", "changes", "then_and_now"),
    "earmark.usecases.searching": ("search",),
    "earmark.core.changes": ("ChangeKind", "HistoryFilter"),
    "earmark.usecases.repairing": ("repair",),
    "earmark.usecases.overview": ("item_figures", "item_overview", "number_overview"),
    "earmark.usecases.posting": ("post",),
    "earmark.usecases.undoing": ("undo",),
    "earmark.usecases.reading": (
        "candidates",
        "document",
        "documents",
        "exists",
        "history",
        "inventory",
        "line",
        "number",
        "reservations",
        "tracking_lines",
        "version",
        "window",
    ),
    "earmark.usecases.why": ("why",),
    "earmark.usecases.ways_out": ("take_way_out",),
    "earmark.usecases.considering": (
        "demand_of_document",
        "demand_of_item",
        "demand_row",
        "open_demand",
        "supply_rows",
    ),
    "earmark.usecases.taking": ("take",),
    "earmark.usecases.splitting": ("split_line",),
    "earmark.usecases.verifying": ("verify",),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}
__all__ = ["__version__", *sorted(_HOME_OF)]  # noqa: PLE0604 - strings, from the table above


def __getattr__(name: str) -> object:
    """Load a public name from its home when it is first asked for."""
    if name not in _HOME_OF:
        message = f"module 'earmark' has no attribute {name!r}"
        raise AttributeError(message)
    value: object = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The public names."""
    return sorted(__all__)
