"""Documents and their lines: what demands stock and what supplies it.

Every kind of document is a row in one table here: its lines are demand or supply, with a date,
an outstanding quantity and numbers. Transfer, assembly, service, project and return documents are
further rows of the same table, not further machinery.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from earmark.core.items import ReservePolicy
from earmark.core.tracking import TrackingLine


class LineKind(StrEnum):
    """What a document line is; the name stands for all of that kind where a supply is asked for."""

    SALES = "sales"
    PURCHASE = "purchase"
    PRODUCTION = "production"
    COMPONENT = "component"
    DEMAND = "demand"
    SUPPLY = "supply"

    @property
    def is_demand(self) -> bool:
        """Whether the line takes stock (else it brings stock)."""
        return self in DEMAND_KINDS


DEMAND_KINDS = (LineKind.SALES, LineKind.COMPONENT, LineKind.DEMAND)
SUPPLY_KINDS = (LineKind.PURCHASE, LineKind.PRODUCTION, LineKind.SUPPLY)
"""Supply on order, in the order in which it is taken, after stock."""


class DocumentKind(StrEnum):
    """The kinds of document there are."""

    SALES_ORDER = "sales_order"
    PURCHASE_ORDER = "purchase_order"
    PRODUCTION_ORDER = "production_order"
    DEMAND = "demand"
    SUPPLY = "supply"

    @property
    def line_kind(self) -> LineKind:
        """What the lines of such a document are."""
        return _LINE_KINDS[self]


_LINE_KINDS = {
    DocumentKind.SALES_ORDER: LineKind.SALES,
    DocumentKind.PURCHASE_ORDER: LineKind.PURCHASE,
    DocumentKind.PRODUCTION_ORDER: LineKind.PRODUCTION,
    DocumentKind.DEMAND: LineKind.DEMAND,
    DocumentKind.SUPPLY: LineKind.SUPPLY,
}


class DocumentStatus(StrEnum):
    """How far a document is; every kind but the production order is open or finished."""

    OPEN = "open"
    SIMULATED = "simulated"
    PLANNED = "planned"
    FIRM_PLANNED = "firm_planned"
    RELEASED = "released"
    FINISHED = "finished"

    @property
    def takes_part(self) -> bool:
        """Whether lines in this status take part in reservation (BC 9.1)."""
        return self in (DocumentStatus.OPEN, DocumentStatus.FIRM_PLANNED, DocumentStatus.RELEASED)


class Posting(StrEnum):
    """The ways in which a document line is posted."""

    SHIP = "ship"
    RECEIVE = "receive"
    CONSUME = "consume"
    OUTPUT = "output"


POSTED_BY = {
    LineKind.SALES: Posting.SHIP,
    LineKind.DEMAND: Posting.SHIP,
    LineKind.PURCHASE: Posting.RECEIVE,
    LineKind.SUPPLY: Posting.RECEIVE,
    LineKind.COMPONENT: Posting.CONSUME,
    LineKind.PRODUCTION: Posting.OUTPUT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LineEntry:
    """One line as a user enters it. ``quantity`` is in ``unit`` (the base unit where it is empty).

    ``date`` is the shipment date, due date or expected receipt date, whichever the kind of line
    has; a line without one is not limited by dates. ``made_for`` names the demand line that a
    supply line is made for: the two are bound order-to-order. Of a production order that is
    simulated or planned, which takes no part in reservation, they are bound once it is firm
    planned or released. ``over_receipt_percentage`` is the item's where the line says none.
    ``components`` belong to a production order line only.
    """

    item_no: str
    quantity: Decimal
    date: date | None = None
    location_code: str = ""
    variant_code: str = ""
    unit: str = ""
    bin_code: str = ""
    reserve: ReservePolicy | None = None
    numbers: tuple[TrackingLine, ...] = ()
    made_for: str = ""
    over_receipt_percentage: Decimal | None = None
    components: tuple[LineEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentEntry:
    """A document as a user enters it; ``document_no`` has no ``/`` and no ``#``."""

    kind: DocumentKind
    document_no: str
    customer_no: str = ""
    status: DocumentStatus | None = None
    description: str = ""
    lines: tuple[LineEntry, ...] = ()
