"""What is told and asked is done in order on both databases, and a broken channel harms nobody."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import pytest

import earmark
from earmark import Numbers, Reserve
from earmark.database.opening import connect
from tests import stories

LOT_A = Reserve(line="SO1/1", numbers=Numbers(lot_no="A"))


@pytest.fixture
def shop(database: earmark.Database) -> earmark.Database:
    """Two of lot A, and an order for one that names it."""
    stories.open_shop(database)
    stories.stock(database, stories.row("A", 2))
    entered = [("SO1", stories.line(1, tracked={"A": 1}))]
    stories.orders(database, earmark.DocumentKind.SALES_ORDER, entered)
    return database


def test_every_statement_sees_what_was_told_before_it(shop: earmark.Database) -> None:
    with shop.transaction(writes=True) as session:
        before = session.channel.ask("SELECT description FROM item WHERE item_no = 'X'")
        session.channel.tell("UPDATE item SET description = 'new' WHERE item_no = 'X'")
        after = session.channel.ask("SELECT description FROM item WHERE item_no = 'X'")
        assert after.rows() == [("new",)]
        assert before.rows() != after.rows()
        session.is_abandoned = True


def test_a_complaint_comes_with_the_commit_at_the_latest_and_nothing_is_saved(
    shop: earmark.Database,
) -> None:
    def spoil() -> None:
        with shop.transaction(writes=True) as session:
            session.channel.tell("UPDATE item SET description = 'new'")
            session.channel.tell("UPDATE supply SET quantity = -1")

    with pytest.raises(earmark.EarmarkError):
        spoil()
    with shop.transaction(writes=False) as session:
        assert ("new",) not in session.channel.ask("SELECT description FROM item").rows()
    assert earmark.reserve(shop, LOT_A).reserved == 1


def test_a_text_that_was_refused_once_is_understood_later(shop: earmark.Database) -> None:
    text = "SELECT count(*) FROM later"
    with pytest.raises(earmark.EarmarkError), shop.transaction(writes=True) as session:
        session.channel.ask(text).rows()
    with shop.transaction(writes=True) as session:
        session.channel.tell("CREATE TABLE later (number integer)")
        assert session.channel.ask(text).rows() == [(0,)]


def test_transactions_of_one_thread_share_a_connection(postgres_url: str) -> None:
    database = earmark.open(postgres_url)
    backends = set()
    for _ in range(3):
        with database.transaction(writes=True) as session:
            backends |= set(session.channel.ask("SELECT pg_backend_pid()").rows())
    database.close()
    assert len(backends) == 1


def test_a_connection_that_the_server_ended_is_not_used_again(postgres_url: str) -> None:
    database, beside = earmark.open(postgres_url), connect(postgres_url)
    stories.open_shop(database)
    with beside.transaction(writes=True) as session:
        end_others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        others = f"{end_others} WHERE datname = current_database() AND pid <> pg_backend_pid()"
        assert session.channel.ask(others).rows()
    with pytest.raises(earmark.EarmarkError) as refusal:
        stories.stock(database, stories.row("A", 2))
    assert refusal.value.code == "database-unusable"
    stories.stock(database, stories.row("A", 2))
    beside.close()
    database.close()


@contextmanager
def interrupted_after(seconds: float) -> Iterator[None]:
    """The user loses patience."""

    def lose_patience(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, lose_patience)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    yield
    signal.signal(signal.SIGALRM, before)


def test_who_waits_for_a_lock_can_give_up(postgres_url: str) -> None:
    database, beside = earmark.open(postgres_url), connect(postgres_url)
    stories.open_shop(database)
    stories.stock(database, stories.row("A", 2))
    entered = [("SO1", stories.line(1, tracked={"A": 1}))]
    stories.orders(database, earmark.DocumentKind.SALES_ORDER, entered)
    with beside.transaction(writes=True) as session:
        session.channel.ask("SELECT * FROM stock_key FOR UPDATE").rows()
        with pytest.raises(KeyboardInterrupt), interrupted_after(0.2):
            earmark.reserve(database, LOT_A)
    assert earmark.line(database, "SO1/1").reserved == 0
    assert earmark.reserve(database, LOT_A).reserved == 1
    beside.close()
    database.close()


def test_a_file_that_is_locked_too_long_is_told_as_locked(sqlite_url: str) -> None:
    database, beside = earmark.open(sqlite_url), connect(sqlite_url)
    with database.transaction(writes=True) as session:
        session.channel.tell("PRAGMA busy_timeout = 1")
    with beside.transaction(writes=True), pytest.raises(earmark.EarmarkError) as refusal:
        stories.open_shop(database)
    assert refusal.value.code == "locked"
    stories.open_shop(database)
    beside.close()
    database.close()
