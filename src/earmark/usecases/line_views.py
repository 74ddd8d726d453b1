"""A document line with its figures, as every face shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from earmark.core.quantity import ZERO
from earmark.core.stock import Line, TrackedQuantity, demand_of
from earmark.core.views import LineView


@dataclass(slots=True)
class Held:
    """What a demand line has reserved: of it from stock, of it specifically."""

    from_stock: Decimal = ZERO
    specific: Decimal = ZERO


def line_view(found: Line, tracking: Sequence[TrackedQuantity], held: Held) -> LineView:
    """A line with what is tracked of it and what it holds."""
    tracked = sum((t.quantity for t in tracking), ZERO)
    demand = demand_of(found) if found.kind.is_demand else None
    from_stock = held.from_stock
    state = "none" if not from_stock else "full" if from_stock == found.outstanding else "partial"
    return LineView(
        line=found.line,
        document_no=found.document_no,
        line_no=found.line_no,
        kind=found.kind.value,
        item_no=found.key.item_no,
        description=found.item.description,
        variant_code=found.key.variant_code,
        location_code=found.key.location_code,
        bin_code=found.bin_code,
        customer_no=found.customer.customer_no if found.customer else "",
        unit=found.unit,
        quantity_per_unit=found.quantity_per_unit,
        date=found.date,
        quantity=found.quantity,
        quantity_in_unit=found.quantity_in_unit,
        outstanding=found.outstanding,
        posted=found.posted,
        reserved=found.reserved,
        reserved_in_unit=found.in_unit(found.reserved),
        reserved_in_stock_in_unit=found.in_unit(from_stock),
        unreserved_in_unit=found.in_unit(found.outstanding - found.reserved),
        reserved_specific=held.specific,
        reserved_in_stock=from_stock,
        unreserved=found.outstanding - found.reserved,
        tracked=tracked,
        untracked=found.quantity - tracked,
        to_handle=sum((t.handles for t in tracking), ZERO),
        over_receipt_percentage=found.over_receipt_percentage,
        reserve=found.policy[0].value,
        reserved_from_stock=state,
        is_demand=found.kind.is_demand,
        status=found.status,
        arrives_on=demand.arrives_on if demand else None,
        good_until=demand.good_until if demand else None,
    )
