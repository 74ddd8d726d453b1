"""All that can be read through the API, one row each."""

from __future__ import annotations

from dataclasses import dataclass

from earmark.api.operations import Reading
from earmark.core.alerts import Alert
from earmark.core.appeals import AppealView
from earmark.core.commands import Choice
from earmark.core.items import Customer, Item, Location
from earmark.core.overview import ItemOverview, NumberOverview
from earmark.core.tracking import Numbers, TrackingCode
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
from earmark.usecases import appeals as asked
from earmark.usecases import looking_up, overview, reading, verifying
from earmark.usecases.alerts import alerts
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
class OfItem:
    """An item."""

    item_no: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfPlace:
    """An item at one place; without a location, where the most of it is."""

    item_no: str
    location_code: str = ""
    variant_code: str | None = None
    as_of: AsOf = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfItemNumber:
    """One lot, serial or package of an item."""

    item_no: str
    lot_no: str = ""
    serial_no: str = ""
    package_no: str = ""
    as_of: AsOf = None

    @property
    def numbers(self) -> Numbers:
        """The numbers named."""
        return Numbers(self.lot_no, self.serial_no, self.package_no)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertsOf:
    """Alerts of an item, of a location, or all."""

    item_no: str = ""
    location_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealsOf:
    """Appeals for a line, by a user, asked of a user, or all."""

    line: str = ""
    by: str = ""
    asked_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfAppeal:
    """An appeal, by its name: the moment of the command that asked."""

    appeal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfLocation:
    """A location."""

    location_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfCustomer:
    """A customer."""

    customer_no: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfTrackingCode:
    """An item tracking code."""

    tracking_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Everything:
    """Nothing is chosen."""


DOCUMENTS = (
    Reading(
        name="document",
        says="A document with its lines, and how far it is reserved from stock.",
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
        says="The item tracking lines of a line.",
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
        says="The Reservation window of a demand line, for all of it or for one of its numbers.",
        path="/lines/{line:line}/window",
        asks=OfNumber,
        tells=WindowView,
        reads=lambda served, of: reading.window(served, of.line, of.numbers, as_of=of.as_of),
        tag="Availability",
    ),
    Reading(
        name="candidates",
        says="Every supply considered for a demand line, in order of choice, with its obstacle.",
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
        says="Why a line is not fully reserved: all supply counted down, and what would help.",
        path="/lines/{line:line}/why",
        asks=OfLine,
        tells=WhyView,
        reads=lambda served, of: why(served, of.line, as_of=of.as_of),
        tag="Availability",
    ),
    Reading(
        name="line",
        says="One document line with its figures.",
        path="/lines/{line:line}",
        asks=OfLine,
        tells=LineView,
        reads=lambda served, of: reading.line(served, of.line, as_of=of.as_of),
        version_of="line",
        tag="Documents",
    ),
)
APPEALS = (
    Reading(
        name="appeals",
        says="What waits for an answer and what was answered in two days; of a line, all there is.",
        path="/appeals",
        asks=AppealsOf,
        tells=AppealView,
        is_list=True,
        reads=lambda served, of: asked.appeals(
            served, line=of.line, by=of.by, asked_of=of.asked_of
        ),
        tag="Appeals",
    ),
    Reading(
        name="appeal",
        says="One appeal: what is asked for, what of it is open, and the answer.",
        path="/appeals/{appeal}",
        asks=OfAppeal,
        tells=AppealView,
        reads=lambda served, of: asked.appeal(served, of.appeal),
        tag="Appeals",
    ),
)
STOCK = (
    Reading(
        name="availability",
        says="How much of a number there is, is asked for and is available to select entries.",
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
        name="item_overview",
        says="An item at one place: figures, time line, lots, who holds what, what is open.",
        path="/items/{item_no}/overview",
        asks=OfPlace,
        tells=ItemOverview,
        reads=lambda served, of: overview.item_overview(
            served,
            of.item_no,
            location_code=of.location_code,
            variant_code=of.variant_code,
            as_of=of.as_of,
        ),
        tag="Availability",
    ),
    Reading(
        name="number_overview",
        says="One lot, serial or package: its record, where it is, who holds it, how it came.",
        path="/items/{item_no}/number",
        asks=OfItemNumber,
        tells=NumberOverview,
        reads=lambda served, of: overview.number_overview(
            served, of.item_no, of.numbers, as_of=of.as_of
        ),
        tag="Availability",
    ),
    Reading(
        name="alerts",
        says="Every reservation whose goods are not good for it any more, with tried repairs.",
        path="/alerts",
        asks=AlertsOf,
        tells=Alert,
        is_list=True,
        reads=lambda served, of: alerts(served, item_no=of.item_no, location_code=of.location_code),
        tag="Reservations",
    ),
    Reading(
        name="verify",
        says="Recompute every invariant; what disagrees is a finding, and there should be none.",
        path="/verify",
        asks=Everything,
        tells=Finding,
        is_list=True,
        reads=lambda served, _: verifying.verify(served),
        tag="Keeping house",
    ),
)
SET_UP = (
    Reading(
        name="item",
        says="An item.",
        path="/items/{item_no}",
        asks=OfItem,
        tells=Item,
        reads=lambda served, of: looking_up.item(served, of.item_no),
        tag="Set-up",
    ),
    Reading(
        name="tracking_code",
        says="An item tracking code.",
        path="/tracking-codes/{tracking_code}",
        asks=OfTrackingCode,
        tells=TrackingCode,
        reads=lambda served, of: looking_up.tracking_code(served, of.tracking_code),
        tag="Set-up",
    ),
    Reading(
        name="location",
        says="A location.",
        path="/locations/{location_code}",
        asks=OfLocation,
        tells=Location,
        reads=lambda served, of: looking_up.location(served, of.location_code),
        tag="Set-up",
    ),
    Reading(
        name="customer",
        says="A customer.",
        path="/customers/{customer_no}",
        asks=OfCustomer,
        tells=Customer,
        reads=lambda served, of: looking_up.customer(served, of.customer_no),
        tag="Set-up",
    ),
)
READINGS = (*DOCUMENTS, *LINES, *APPEALS, *STOCK, *SET_UP)
