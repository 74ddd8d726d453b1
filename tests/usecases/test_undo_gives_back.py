"""Undo gives back to whom it was."""

from collections import Counter

import earmark
from earmark import Cancel, Choice, Delete, Post, Posting, Reserve, Undo
from earmark.core.roles import Operation
from tests import stories

ALL = frozenset(Operation)


def holders(database: earmark.Database) -> Counter[str]:
    """How much each user has reserved."""
    held: Counter[str] = Counter()
    for entry in earmark.reservations(database, "SO1/1"):
        held[entry.by] += int(entry.quantity)
    return held


def shop_of(database: earmark.Database) -> None:
    """Ana has four of lot A for an order, and Ben any three for the same."""
    stories.open_shop(database)
    stories.stock(database, stories.row("A", 4), stories.row("B", 5))
    entered = [("SO1", stories.line(7, tracked={"A": 4}))]
    stories.orders(database, earmark.DocumentKind.SALES_ORDER, entered)
    earmark.reserve(database, Reserve(line="SO1/1", numbers=Choice.ALL, by="Ana"))
    earmark.reserve(database, Reserve(line="SO1/1", by="Ben"))
    assert holders(database) == {"Ana": 4, "Ben": 3}


def test_what_is_cancelled_and_taken_back_is_whose_it_was(database: earmark.Database) -> None:
    shop_of(database)
    cancel = Cancel(line="SO1/1", by="Carl", allowed=ALL, reason="recall")
    delete = Delete(reference="SO1", by="Carl", allowed=ALL, reason="recall")
    for done in (earmark.cancel(database, cancel), None):
        moment = (done or earmark.delete(database, delete)).moment
        earmark.undo(database, Undo(posting=str(moment), by="Carl", allowed=ALL))
        assert holders(database) == {"Ana": 4, "Ben": 3}
    assert earmark.verify(database) == ()


def test_what_is_shipped_and_taken_back_is_whose_it_was(database: earmark.Database) -> None:
    shop_of(database)
    numbers = stories.lots({"A": 4, "B": 3})
    done = earmark.post(
        database, Post(posting=Posting.SHIP, line="SO1/1", numbers=numbers, by="Wes")
    )
    earmark.undo(database, Undo(posting=done.posting, by="Wes"))
    assert holders(database) == {"Ana": 4, "Ben": 3}
    assert earmark.verify(database) == ()
