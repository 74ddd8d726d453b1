"""A supply line's own side: the demand it could serve, and why not more."""

from datetime import date
from decimal import Decimal

import pytest

import earmark
from earmark import DocumentKind, Reserve
from earmark.core.quantity import ZERO
from earmark.errors import LineUnknown
from earmark.usecases.supplied import demands_for
from tests import stories

SOON, THEN, LATER = date(2026, 1, 5), date(2026, 1, 10), date(2026, 1, 20)


def test_a_supply_line_lists_the_demand_at_its_place_the_earliest_first(
    database: earmark.Database,
) -> None:
    stories.open_shop(database)
    wanted = [("SO1", stories.line(4, on=LATER)), ("SO2", stories.line(3, on=SOON))]
    stories.orders(database, DocumentKind.SALES_ORDER, wanted)
    bought = [("PO1", stories.line(6, on=THEN))]
    stories.orders(database, DocumentKind.PURCHASE_ORDER, bought)
    late, served = demands_for(database, "PO1/1")
    assert (late.line, late.could_take) == ("SO2/1", ZERO)
    assert late.reason == "expected 2026-01-10, 5 days too late"
    assert (served.line, served.open, served.could_take, served.reason) == (
        "SO1/1",
        Decimal(4),
        Decimal(4),
        "",
    )
    earmark.reserve(database, Reserve(line="PO1/1", supply="SO1/1", quantity=Decimal(3)))
    served = demands_for(database, "PO1/1")[1]
    assert (served.open, served.current, served.could_take) == (Decimal(1), Decimal(3), Decimal(1))
    with pytest.raises(LineUnknown):
        demands_for(database, "SO1/1")
