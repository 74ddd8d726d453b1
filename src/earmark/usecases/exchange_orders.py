"""Sheets of orders: a row a line, documents of every kind, components below the line they are for.

What is known of the whole document (kind, customer, status, description) stands in its first row
and may be repeated. Lines stand in the order of their line nos., or of the rows where they have
none, and are numbered from one: an order numbered 10000, 20000 gets the lines 1 and 2.
``component_of`` is the line no. (else the place) of the production order line a component is for.

What is exported is what is open: lines with their outstanding quantity, not what has been posted
nor orders that are finished. With the stock that is there now, that is the same state again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from earmark.core.commands import Command, EnterDocuments
from earmark.core.documents import DocumentEntry, DocumentKind, DocumentStatus, LineEntry
from earmark.core.items import ReservePolicy
from earmark.core.outcome import Outcome
from earmark.core.quantity import ZERO, in_base, in_unit, plain
from earmark.core.stock import Line
from earmark.database import documents as headers
from earmark.database.engine import Database
from earmark.database.views import view
from earmark.errors import (
    CustomerUnknown,
    EarmarkError,
    ItemUnknown,
    LocationUnknown,
    ValueInvalid,
)
from earmark.sheets import Cell
from earmark.usecases.documents import enter_documents
from earmark.usecases.exchange_cells import day, quantity, text, whole, word_of
from earmark.usecases.exchange_layout import (
    Column,
    Entry,
    Given,
    GivenRows,
    Layout,
    RowError,
    empty,
    row_error,
)
from earmark.usecases.exchange_stock import check_item


def _kind(cell: Cell, _dialect: object, what: str) -> DocumentKind:
    """A kind of document, with or without the word *order*."""
    said = text(cell, _ANY, what).lower().replace(" ", "_").replace("-", "_")
    for kind in DocumentKind:
        if said in (kind.value, kind.value.removesuffix("_order")):
            return kind
    why = f"it is one of {', '.join(DocumentKind)}"
    raise ValueInvalid(field=what, value=f"{cell}", why=why)
