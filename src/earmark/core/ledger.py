"""The item ledger: one entry for every posted movement under one set of numbers; never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from earmark.core.items import StockKey
from earmark.core.tracking import Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """One movement: positive into stock, negative out of it.

    ``verb`` is how it was posted, ``line`` the document line it was posted for, ``moment`` the
    posting it belongs to; ``undone`` is the moment of its undoing, zero where it stands.
    """

    entry_no: int
    key: StockKey
    numbers: Numbers
    quantity: Decimal
    posted_on: date
    verb: str
    line: str = ""
    bin_code: str = ""
    description: str = ""
    moment: int = 0
    undone: int = 0

    @property
    def name(self) -> str:
        """As it is referred to: ``ITEM#12``."""
        return f"{self.key.item_no}#{self.entry_no}"


@dataclass(frozen=True, slots=True)
class AppliedQuantity:
    """How much of an entry that came in an entry that went out has used."""

    item_no: str
    out_entry_no: int
    in_entry_no: int
    quantity: Decimal
