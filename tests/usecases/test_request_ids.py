"""A request id belongs to its user: nobody else is answered by it, or told that it was used."""

from decimal import Decimal

import pytest

import earmark
from earmark import Cancel, Reserve
from earmark.errors import RequestReused
from tests import stories


@pytest.fixture
def shop(database: earmark.Database) -> earmark.Database:
    """Nine of lot A, and two orders for four."""
    stories.open_shop(database)
    stories.stock(database, stories.row("A", 9))
    stories.sales(database, SO1=4, SO2=4)
    return database


def test_another_users_id_gives_neither_the_answer_nor_a_hint(shop: earmark.Database) -> None:
    anas = Reserve(line="SO1/1", quantity=Decimal(2), request_id="k1", by="ana")
    bens = Reserve(line="SO2/1", quantity=Decimal(3), request_id="k1", by="ben")
    nobodys = Cancel(line="SO2/1", request_id="k1")
    assert earmark.reserve(shop, anas).reserved == 2
    first = earmark.reserve(shop, bens)
    assert first.reserved == 3
    assert not first.is_repeated
    assert earmark.cancel(shop, nobodys).released == 3
    again = earmark.reserve(shop, anas)
    assert again.reserved == 2
    assert again.is_repeated
    assert earmark.line(shop, "SO1/1").reserved == 2


def test_the_same_user_is_told_that_the_id_was_used_for_something_else(
    shop: earmark.Database,
) -> None:
    earmark.reserve(shop, Reserve(line="SO1/1", request_id="k1", by="ana"))
    with pytest.raises(RequestReused, match="k1"):
        earmark.reserve(shop, Reserve(line="SO2/1", request_id="k1", by="ana"))
    with pytest.raises(RequestReused, match="k1"):
        earmark.reserve_each(shop, [Reserve(line="SO2/1", request_id="k1", by="ana")])


def test_history_tells_the_id_as_it_was_given(shop: earmark.Database) -> None:
    earmark.reserve(shop, Reserve(line="SO1/1", request_id="k1", by="ana"))
    assert next(iter(earmark.history(shop, "SO1/1"))).request_id == "k1"
