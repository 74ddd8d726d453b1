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
    from earmark.database.engine import Database as Database

__version__ = "0.1.0"

_HOMES = {
    "earmark.database.opening": ("open",),
    "earmark.database.engine": ("Database",),
    "earmark.errors": ("EarmarkError",),
    "earmark.core.commands": (
        "AddLines",
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
        "Reserve",
        "SelectEntries",
        "SetUp",
        "StockRow",
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
    "earmark.core.items": (
        "Customer",
        "Item",
        "Location",
        "NumberRecord",
        "PickingOrder",
        "ReservePolicy",
    ),
    "earmark.core.outcome": ("Move", "Outcome", "Release"),
    "earmark.core.tracking": ("Dimension", "Numbers", "TrackingCode", "TrackingLine"),
    "earmark.usecases.catalog": ("change_number", "set_up"),
    "earmark.usecases.documents": (
        "add_lines",
        "change_status",
        "delete",
        "edit_line",
        "enter_documents",
    ),
    "earmark.usecases.tracking": ("assign_numbers", "select_entries", "track"),
    "earmark.usecases.reservations": (
        "cancel",
        "cancel_each",
        "change",
        "hold",
        "reserve",
        "reserve_each",
    ),
    "earmark.usecases.posting": ("adjust", "post", "reclassify", "undo"),
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
        "window",
    ),
    "earmark.usecases.why": ("why",),
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
