"""Commands are read in the order of their commits: none is missed, whoever commits late.

And the counter-test: with the horizon taken out, the late one is missed.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

import earmark
from earmark import Numbers, Outcome, Reserve
from earmark.core.items import StockKey
from earmark.core.recorded import BEGINNING, Position
from earmark.database import events, schema
from earmark.database.engine import Moments
from earmark.database.statements import Statement
from earmark.database.unit_of_work import Locking, reading, unit_of_work
from tests import stories
from tests.racing import PATIENCE_S
from tests.settling import settled

WRITERS = 6
COMMANDS = 25
AN_HOUR = 3600 * 1_000_000 * 1024


def read_after(database: earmark.Database, position: Position) -> list[tuple[str, Position]]:
    """Who committed after a position, and where each stands, as far as it is settled."""
    with reading(database) as session:
        return [(one.by, one.position) for one in events.settled(session, position, 1000)]


def change_something(database: earmark.Database, by: str) -> None:
    """A command that waits for nobody."""
    earmark.set_up(database, earmark.SetUp(by=by))


@contextmanager
def committing(database: earmark.Database, by: str) -> Iterator[None]:
    """A command that is written when the block begins, and committed when it ends."""
    command = Reserve(line="", by=by)
    with unit_of_work(database, command, locking=Locking(keys=[])) as work:
        work.report("reserve", "", Outcome())
        events.newest(work.session)  # an answer: what was told before it has been written
        yield


@pytest.fixture
def opened(postgres_url: str) -> Iterator[earmark.Database]:
    """A database in which two can write at the same time."""
    database = earmark.open(postgres_url)
    yield database
    database.close()


def read_around_a_late_commit(database: earmark.Database) -> list[str]:
    """What somebody reads who looks while one command is written, and again when all is done."""
    with committing(database, "late"):
        change_something(database, "early")
        first = read_after(database, BEGINNING)
    reached = first[-1][1] if first else BEGINNING
    return [by for by, _ in (*first, *read_after(settled(database), reached))]


def test_a_command_that_is_committed_late_is_not_missed(opened: earmark.Database) -> None:
    assert read_around_a_late_commit(opened) == ["late", "early"]


def test_without_the_horizon_it_would_be(
    opened: earmark.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, moment = schema.command.c.transaction_no, schema.command.c.moment
    columns = (schema.command.c[name] for name in events.COLUMNS)
    after = sa.tuple_(
        sa.bindparam("transaction_no", type_=sa.BigInteger),
        sa.bindparam("row", type_=sa.BigInteger),
    )
    careless = Statement(
        sa.select(number, moment, sa.true(), *columns)
        .where(sa.tuple_(number, moment) > after)
        .order_by(number, moment)
        .limit(sa.bindparam("limit"))
    )
    monkeypatch.setattr(events, "_AFTER", {opened.is_sqlite: careless})
    assert read_around_a_late_commit(opened) == ["early"]


def test_what_is_not_settled_can_be_seen_all_the_same(opened: earmark.Database) -> None:
    with committing(opened, "late"):
        change_something(opened, "early")
        with reading(opened) as session:
            (seen,) = events.committed(session, BEGINNING, 10)
            assert events.newest(session) == BEGINNING
    assert (seen.by, seen.is_settled) == ("early", False)


def test_a_reader_beside_many_writers_reads_each_command_once_and_in_order(
    database: earmark.Database,
) -> None:
    """Each writer has an item of his own, so that on PostgreSQL they commit across each other."""
    items = [f"I{number}" for number in range(WRITERS)]
    earmark.set_up(database, earmark.SetUp(items=tuple(map(stories.plain_item, items))))
    ready = threading.Barrier(WRITERS + 1)

    def write(item: str) -> None:
        ready.wait(PATIENCE_S)
        for number in range(COMMANDS):
            with unit_of_work(
                database,
                Reserve(line="", by=f"{item} {number}"),
                locking=Locking(keys=[StockKey(item, "", "")]),
            ) as work:
                work.report("reserve", "", Outcome())

    threads = [threading.Thread(target=write, args=[item]) for item in items]
    for thread in threads:
        thread.start()
    ready.wait(PATIENCE_S)
    read: list[tuple[str, Position]] = []
    while len(read) < WRITERS * COMMANDS + 1 and any(thread.is_alive() for thread in threads):
        read += read_after(database, read[-1][1] if read else BEGINNING)
    for thread in threads:
        thread.join(PATIENCE_S)
    read += read_after(settled(database), read[-1][1] if read else BEGINNING)
    assert [position for _, position in read] == sorted({position for _, position in read})
    for item in items:
        own = [by for by, _ in read if by.startswith(f"{item} ")]
        assert own == [f"{item} {number}" for number in range(COMMANDS)]


def test_a_database_restored_on_another_server_goes_on_where_it_was(postgres_url: str) -> None:
    database = earmark.open(postgres_url)
    change_something(database, "before")
    with database.transaction(writes=True) as session:  # as if from a server long in use
        session.channel.tell("UPDATE command SET transaction_no = transaction_no + 1000000000")
    database.close()
    database = earmark.open(postgres_url)
    try:
        ((_, reached),) = read_after(settled(database), BEGINNING)
        change_something(database, "after")
        assert [by for by, _ in read_after(settled(database), reached)] == ["after"]
    finally:
        database.close()


def test_moments_rise_to_the_last_where_the_clock_was_set_back(
    database: earmark.Database, database_url: str
) -> None:
    change_something(database, "before")
    ahead = Moments()
    with database.transaction(writes=True) as session:
        session.channel.tell("UPDATE command SET moment = moment + 3686400000000")
    with reading(settled(database)) as session:
        latest = events.newest(session)
    again = earmark.open(database_url)
    try:
        assert ahead.next() < latest.row < again.moments.next()
        change_something(again, "after")
        assert [by for by, _ in read_after(settled(again), latest)] == ["after"]
    finally:
        again.close()


def test_reading_on_finds_its_place_by_the_index(database: earmark.Database) -> None:
    statement = events._AFTER[database.is_sqlite].on(database.dialect)
    parameters = statement.parameters({"transaction_no": 0, "row": 0, "limit": 10})
    explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
    with database.transaction(writes=False) as session:
        if not database.is_sqlite:
            session.channel.tell("SET LOCAL enable_seqscan = off")
        rows = session.channel.ask(explain + statement.text, parameters).rows()
    plan = " ".join(map(str, rows))
    index = "ix_command_moment" if database.is_sqlite else "ix_command_transaction"
    assert index in plan
    assert "Sort" not in plan


def test_the_items_of_a_command_are_those_of_its_lines(database: earmark.Database) -> None:
    stories.open_shop(database)
    stories.stock(database, stories.row("A", 3))
    stories.sales(database, SO1=2)
    earmark.track(database, earmark.Track(line="SO1/1", numbers=stories.lots({"A": 2})))
    earmark.reserve(database, Reserve(line="SO1/1", numbers=Numbers(lot_no="A")))
    with reading(settled(database)) as session:
        *_, entered, tracked, reserved = events.settled(session, BEGINNING, 100)
    assert entered.lines == tracked.lines == reserved.lines == ("SO1/1",)
    assert entered.items == tracked.items == reserved.items == (stories.LOT,)
    assert entered.documents == ("SO1",)
