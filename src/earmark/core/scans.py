"""What a scan is answered with: every way to read it, and what we know of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from earmark.core.gs1 import Element, Form
from earmark.core.outcome import Notice
from earmark.core.quantity import ONE
from earmark.core.tracking import Dimension, Numbers, TrackingLine, tracking_line

OTHER_ITEM = "other-item"
"""The code of the notice that a reading is of another item than the line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanReading:
    """One reading of a scanned text, and what of it exists.

    ``item_no`` is empty where no item of ours is meant. ``known`` are the dimensions whose numbers
    exist of that item. ``quantity`` is in the base unit, none where the code says none. With a
    line, ``fits`` says whether it may be entered there and ``available`` what *select entries*
    would still find of its numbers; without a line both are none.
    """

    form: Form
    text: str
    elements: tuple[Element, ...]
    gtin: str
    item_no: str
    variant_code: str
    numbers: Numbers
    known: tuple[Dimension, ...]
    quantity: Decimal | None
    expiration_date: date | None
    fits: bool | None
    available: Decimal | None
    notices: tuple[Notice, ...]

    @property
    def evidence(self) -> tuple[bool, bool, int]:
        """How much speaks for this reading: that it fits, is of the line's item, and exists."""
        is_of_another = any(notice.code == OTHER_ITEM for notice in self.notices)
        names_item = bool(self.item_no) and bool(self.gtin or self.known or not self.numbers)
        return bool(self.fits), not is_of_another, len(self.known) + names_item

    @property
    def tracking_line(self) -> TrackingLine:
        """The item tracking line that it is; one unit where the code says no quantity."""
        quantity = self.quantity or ONE
        return tracking_line(self.numbers, quantity, expiration_date=self.expiration_date)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """All readings of a scanned text, those that more speaks for first.

    ``is_ambiguous`` where as much speaks for the second as for the first: a person decides.
    """

    text: str
    line: str
    readings: tuple[ScanReading, ...]
    is_ambiguous: bool
