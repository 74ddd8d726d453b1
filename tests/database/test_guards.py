"""The database itself refuses what may never be, whoever writes it: plain SQL, on both kinds."""

from collections.abc import Callable
from decimal import Decimal

import pytest
import sqlalchemy as sa

import earmark
from earmark.database import schema
from earmark.database.opening import connect
from tests import stories

INSERT = sa.insert(schema.reservation_entry)
BY_HAND = 2**62
"""A moment after all goods have come."""


@pytest.fixture
def shop(database: earmark.Database) -> earmark.Database:
    """Five of lot A (ledger entry 1), three of lot B (2), and orders for four and for two."""
    stories.open_shop(database)
    stories.stock(database, stories.row("A", 5), stories.row("B", 3))
    stories.sales(database, SO1=4, SO2=2)
    return database


def write(database: earmark.Database, statement: sa.Executable) -> int:
    """Execute one statement beside the engine; gives back how many rows it touched."""
    with database.engine.connect() as connection:
        return connection.execute(statement).rowcount


def promise(line: str, supply_no: int, quantity: int, ordinal: int = 0) -> sa.Insert:
    """A reservation entry as somebody might write it by hand."""
    return INSERT.values(
        item_no=stories.LOT,
        since=BY_HAND,
        ordinal=ordinal,
        line=line,
        supply_no=supply_no,
        quantity=Decimal(quantity),
    )


def reserved(database: earmark.Database, supply_no: int) -> list[Decimal]:
    """The totals that the database keeps of a supply."""
    totals = sa.select(schema.supply.c.reserved, schema.supply.c.nonspecific)
    chosen = totals.where(
        schema.supply.c.item_no == stories.LOT, schema.supply.c.supply_no == supply_no
    )
    with database.engine.connect() as connection:
        found = connection.execute(chosen).one()
    return [found.reserved, found.nonspecific]


def test_an_entry_written_by_hand_counts_in_the_totals(shop: earmark.Database) -> None:
    write(shop, promise("SO1/1", 1, 3))
    assert reserved(shop, 1) == [3, 3]
    assert earmark.line(shop, "SO1/1").reserved == 3
    assert earmark.verify(shop) == ()


def test_a_supply_can_not_be_over_reserved_by_hand(shop: earmark.Database) -> None:
    write(shop, promise("SO1/1", 2, 2))
    with pytest.raises(sa.exc.IntegrityError, match="over_reserved"):
        write(shop, promise("SO2/1", 2, 2, ordinal=1))
    assert reserved(shop, 2) == [2, 2]
    assert earmark.line(shop, "SO2/1").reserved == 0


def test_a_demand_line_can_not_be_over_reserved_by_hand(shop: earmark.Database) -> None:
    write(shop, promise("SO2/1", 1, 1))
    with pytest.raises(sa.exc.IntegrityError, match="over_reserved"):
        write(shop, promise("SO2/1", 2, 2, ordinal=1))
    assert reserved(shop, 2) == [0, 0]


def test_several_entries_in_one_statement_are_counted_together(shop: earmark.Database) -> None:
    both = INSERT.values(
        [
            {"item_no": stories.LOT, "since": BY_HAND, "ordinal": ordinal, "line": line}
            | {"supply_no": 1, "quantity": Decimal(quantity)}
            for ordinal, (line, quantity) in enumerate((("SO1/1", 4), ("SO2/1", 2)))
        ]
    )
    with pytest.raises(sa.exc.IntegrityError, match="over_reserved"):
        write(shop, both)
    assert reserved(shop, 1) == [0, 0]


def test_a_promise_to_or_from_nothing_is_refused(shop: earmark.Database) -> None:
    for nothing in (promise("SO9/1", 1, 1), promise("SO1/1", 99, 1), promise("SO1/1", 1, 0)):
        with pytest.raises(sa.exc.IntegrityError):
            write(shop, nothing)


ENTRY = schema.reservation_entry
CHANGES: dict[str, Callable[[], sa.Executable]] = {
    "more": lambda: sa.update(ENTRY).values(quantity=Decimal(4)),
    "less": lambda: sa.update(ENTRY).values(quantity=Decimal(1)),
    "ended and less": lambda: sa.update(ENTRY).values(quantity=Decimal(1), until=BY_HAND + 1),
    "another line": lambda: sa.update(ENTRY).values(line="SO2/1", until=BY_HAND + 1),
    "another supply": lambda: sa.update(ENTRY).values(supply_no=2, until=BY_HAND + 1),
    "gone": lambda: sa.delete(ENTRY),
}


@pytest.mark.parametrize("change", list(CHANGES))
def test_an_entry_is_never_changed_and_never_deleted(shop: earmark.Database, change: str) -> None:
    write(shop, promise("SO1/1", 1, 2))
    with pytest.raises(sa.exc.IntegrityError, match=r"never (changed|deleted), only ended"):
        write(shop, CHANGES[change]())
    assert reserved(shop, 1) == [2, 2]
    assert earmark.verify(shop) == ()


def test_an_entry_is_ended_once_and_never_begins_again(shop: earmark.Database) -> None:
    write(shop, promise("SO1/1", 1, 2))
    assert write(shop, sa.update(ENTRY).values(until=BY_HAND + 1)) == 1
    assert reserved(shop, 1) == [0, 0]
    for again in (BY_HAND + 2, None):
        with pytest.raises(sa.exc.IntegrityError, match="only ended"):
            write(shop, sa.update(ENTRY).values(until=again))
    assert earmark.verify(shop) == ()


def test_what_entries_stand_on_is_neither_deleted_nor_renamed(shop: earmark.Database) -> None:
    write(shop, promise("SO1/1", 1, 2))
    for table, other_name in (
        (schema.supply, {"supply_no": 99}),
        (schema.document_line, {"line": "SO9/1"}),
    ):
        for change in (sa.delete(table), sa.update(table).values(other_name)):
            with pytest.raises(sa.exc.IntegrityError, match="is never deleted and keeps its"):
                write(shop, change)
    assert earmark.verify(shop) == ()


def test_stock_is_free_exactly_while_something_is_left(shop: earmark.Database) -> None:
    free = sa.select(schema.supply.c.supply_no).where(schema.supply.c.is_free).order_by("supply_no")

    def numbers() -> list[int]:
        with shop.engine.connect() as connection:
            return list(connection.execute(free).scalars())

    write(shop, promise("SO1/1", 1, 3))
    assert numbers() == [1, 2]
    write(shop, promise("SO2/1", 1, 2, ordinal=1))
    assert numbers() == [2]
    write(shop, sa.update(ENTRY).values(until=BY_HAND + 1).where(ENTRY.c.line == "SO1/1"))
    assert numbers() == [1, 2]
    with pytest.raises(sa.exc.IntegrityError, match="free"):
        write(shop, sa.update(schema.supply).values(is_free=sa.false()))


def test_a_serial_number_is_in_stock_once(shop: earmark.Database) -> None:
    stories.stock(shop, stories.row("SN1", 1, stories.SERIAL))
    twice = sa.insert(schema.supply).values(
        item_no=stories.SERIAL,
        supply_no=99,
        kind="stock",
        location_code="WEST",
        serial_no="SN1",
        specific_serial_no="SN1",
        quantity=Decimal(1),
    )
    with pytest.raises(sa.exc.IntegrityError):
        write(shop, twice)
    write(shop, twice.values(serial_no="SN2", specific_serial_no="SN2"))


def test_a_serial_number_is_one_unit(shop: earmark.Database) -> None:
    stories.stock(shop, stories.row("SN1", 1, stories.SERIAL))
    more = sa.update(schema.supply).where(schema.supply.c.item_no == stories.SERIAL)
    with pytest.raises(sa.exc.IntegrityError, match="serial"):
        write(shop, more.values(quantity=Decimal(2)))


def test_stock_can_not_shrink_below_its_promises_by_hand(shop: earmark.Database) -> None:
    write(shop, promise("SO1/1", 2, 3))
    with pytest.raises(sa.exc.IntegrityError, match="over_reserved"):
        write(shop, sa.update(schema.supply).values(quantity=Decimal(2)))
    with pytest.raises(sa.exc.IntegrityError, match="over_reserved"):
        write(shop, sa.update(schema.document_line).values(quantity=Decimal(2)))


def test_the_engine_reports_a_violated_guard_as_a_conflict(
    shop: earmark.Database, database_url: str
) -> None:
    beside = connect(database_url)
    try:
        with pytest.raises(earmark.EarmarkError) as refusal, beside.transaction(writes=True) as s:
            s.channel.tell("UPDATE supply SET quantity = -1")
    finally:
        beside.close()
    assert refusal.value.code == "conflict"
    assert earmark.verify(shop) == ()
