"""All that can be read through the API, one row each."""

from __future__ import annotations

from dataclasses import dataclass

from earmark.api.operations import Reading
from earmark.core.commands import Choice
from earmark.core.tracking import Numbers
from earmark.core.views import (
    CandidateView,
    DocumentView,
    Finding,
    LineView,
    NumberView,
    TrackingView,
    WindowView,
)
from earmark.core.why_views import WhyView
from earmark.usecases import reading, verifying
from earmark.usecases.reading import AsOf
from earmark.usecases.why import why


@dataclass(frozen=True, slots=True, kw_only=True)
class OfLine:
    """A line, now or as of a moment."""

    line: str
    as_of: AsOf = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfDocument:
    """A document, now or as of a moment."""

    document_no: str
    as_of: AsOf = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfNumber:
    """A line and one of its numbers; without a number, all of the line."""

    line: str
    lot_no: str = ""
    serial_no: str = ""
    package_no: str = ""
    as_of: AsOf = None

    @property
    def numbers(self) -> Numbers:
        """The numbers named."""
        return Numbers(self.lot_no, self.serial_no, self.package_no)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfStock:
    """A number of an item at a location; without one, all of the item there."""

    item_no: str
    location_code: str
    variant_code: str = ""
    lot_no: str = ""
    serial_no: str = ""
    package_no: str = ""
    as_of: AsOf = None

    @property
    def numbers(self) -> Numbers:
        """The numbers named."""
        return Numbers(self.lot_no, self.serial_no, self.package_no)


@dataclass(frozen=True, slots=True, kw_only=True)
class Everything:
    """Nothing is chosen."""


DOCUMENTS = (
    Reading(
        name="document",
        path="/documents/{document_no}",
        asks=OfDocument,
        tells=DocumentView,
        reads=lambda served, of: reading.document(served, of.document_no, as_of=of.as_of),
        version_of="document_no",
        tag="Documents",
    ),
)
LINES = (
    Reading(
        name="tracking_lines",
        path="/lines/{line:line}/tracking",
        asks=OfLine,
        tells=TrackingView,
        is_list=True,
        reads=lambda served, of: reading.tracking_lines(served, of.line, as_of=of.as_of),
        version_of="line",
        tag="Item tracking lines",
    ),
    Reading(
        name="window",
        path="/lines/{line:line}/window",
        asks=OfNumber,
        tells=WindowView,
        reads=lambda served, of: reading.window(served, of.line, of.numbers, as_of=of.as_of),
        tag="Availability",
    ),
    Reading(
        name="candidates",
        path="/lines/{line:line}/candidates",
        asks=OfNumber,
        tells=CandidateView,
        is_list=True,
        reads=lambda served, of: reading.candidates(
            served, of.line, of.numbers or Choice.ANY, as_of=of.as_of
        ),
        tag="Availability",
    ),
    Reading(
        name="why",
        path="/lines/{line:line}/why",
        asks=OfLine,
        tells=WhyView,
        reads=lambda served, of: why(served, of.line, as_of=of.as_of),
        tag="Availability",
    ),
    Reading(
        name="line",
        path="/lines/{line:line}",
        asks=OfLine,
        tells=LineView,
        reads=lambda served, of: reading.line(served, of.line, as_of=of.as_of),
        version_of="line",
        tag="Documents",
    ),
)
STOCK = (
    Reading(
        name="availability",
        path="/items/{item_no}/availability",
        asks=OfStock,
        tells=NumberView,
        reads=lambda served, of: reading.number(
            served,
            of.item_no,
            of.location_code,
            of.numbers,
            variant_code=of.variant_code,
            as_of=of.as_of,
        ),
        tag="Availability",
    ),
    Reading(
        name="verify",
        path="/verify",
        asks=Everything,
        tells=Finding,
        is_list=True,
        reads=lambda served, _: verifying.verify(served),
        tag="Keeping house",
    ),
)
READINGS = (*DOCUMENTS, *LINES, *STOCK)
