"""The shop in which somebody asks somebody for units: what the tests of appeals begin with."""

from datetime import UTC, datetime
from decimal import Decimal

import earmark
from earmark import AppealState, AskHolder, Choice, DocumentKind, Numbers, Reserve
from earmark.core.roles import Operation
from tests import stories

NOW = datetime(2026, 11, 24, 10, 45, tzinfo=UTC)
A, B = Numbers(lot_no="A"), Numbers(lot_no="B")
MAY_RESERVE = frozenset({Operation.RESERVE})
TWELVE = Decimal(12)
ASK = AskHolder(
    line="SO2/1", holder="SO1/1", numbers=A, quantity=TWELVE, note="For the clinic", by="Ben"
)


def open_shop(database: earmark.Database) -> earmark.Database:
    """24 of lot A, all of them reserved for SO1 by Ana, who named the lot; SO2 needs 30."""
    database.clock = lambda: NOW
    stories.open_shop(database)
    stories.stock(database, stories.row("A", 24))
    orders = [("SO1", stories.line(24, tracked={"A": 24})), ("SO2", stories.line(30))]
    stories.orders(database, DocumentKind.SALES_ORDER, orders)
    earmark.reserve(database, Reserve(line="SO1/1", numbers=Choice.ALL, by="Ana"))
    return database


def asked(shop: earmark.Database, command: AskHolder = ASK) -> str:
    """Ask, and say under which name."""
    return str(earmark.ask_holder(shop, command).moment)


def held(shop: earmark.Database, line: str) -> list[tuple[Decimal, bool, str]]:
    """What a line holds: how much, whether by its number, and by whom."""
    return [(e.quantity, e.is_specific, e.by) for e in earmark.reservations(shop, line)]


def state(shop: earmark.Database, name: str) -> AppealState:
    """How an appeal stands."""
    return earmark.appeal(shop, name).state
