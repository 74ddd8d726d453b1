"""Many at once, in threads and in processes: what there is is granted, and to nobody twice.

And the counter-test: with the lock taken out, the same race goes wrong, and it is the guards in the
database that keep the promise then.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import partial

import pytest
import sqlalchemy as sa

import earmark
from earmark import (
    AddNumbers,
    Cancel,
    Choice,
    DocumentKind,
    EarmarkError,
    Numbers,
    Outcome,
    Post,
    Posting,
    Reserve,
    TrackingLine,
)
from earmark.database import lines, saving
from earmark.database.statements import Statement
from earmark.errors import Conflict
from tests import stories
from tests.racing import in_processes, together

THREADS = 8
LOT_A = Numbers(lot_no="A")
ORDERS = [f"SO{number}" for number in range(1, THREADS + 1)]
LINES = [f"{order}/1" for order in ORDERS]


def open_shop(database: earmark.Database, *, of_a: int) -> None:
    """So many of lot A, and eight orders that each name one of it."""
    stories.open_shop(database)
    stories.stock(database, stories.row("A", of_a))
    entered = [(order, stories.line(1, tracked={"A": 1})) for order in ORDERS]
    stories.orders(database, DocumentKind.SALES_ORDER, entered)


def reserving(
    database: earmark.Database, every: Sequence[str], numbers: Numbers | Choice = LOT_A
) -> list[Callable[[], Outcome]]:
    """One request for each line."""
    return [
        partial(earmark.reserve, database, Reserve(line=line, numbers=numbers)) for line in every
    ]


def test_numbers_added_to_one_line_at_the_same_time_are_all_there(
    database: earmark.Database,
) -> None:
    stories.open_shop(database)
    stories.orders(database, DocumentKind.SALES_ORDER, [("SO1", stories.line(THREADS))])
    lots = [f"L{number}" for number in range(THREADS)]
    entries = [(TrackingLine(lot_no=lot),) for lot in lots]
    commands = [AddNumbers(line="SO1/1", numbers=entry) for entry in entries]
    together([partial(earmark.add_numbers, database, command) for command in commands])
    tracked = earmark.tracking_lines(database, "SO1/1")
    assert sorted(row.numbers.lot_no for row in tracked) == lots


def codes(answers: Sequence[Outcome | EarmarkError]) -> list[str]:
    """The refusals among answers."""
    return [answer.code for answer in answers if isinstance(answer, EarmarkError)]


def granted(answers: Sequence[Outcome | EarmarkError]) -> Decimal:
    """What was reserved in all."""
    return sum((a.reserved for a in answers if isinstance(a, Outcome)), Decimal(0))


def reserved(database: earmark.Database, every: Sequence[str]) -> Decimal:
    """What the lines have reserved in all."""
    return sum((earmark.line(database, line).reserved for line in every), Decimal(0))


def test_eight_threads_are_granted_exactly_the_five_units_there_are(
    database: earmark.Database,
) -> None:
    open_shop(database, of_a=5)
    answers = together(reserving(database, LINES))
    assert codes(answers) == []
    assert granted(answers) == reserved(database, LINES) == 5
    assert earmark.verify(database) == ()


def test_whoever_must_be_moved_is_moved_once_in_a_race(database: earmark.Database) -> None:
    open_shop(database, of_a=5)
    stories.sales(database, LOOSE=5)
    earmark.reserve(database, Reserve(line="LOOSE/1"))
    stories.stock(database, stories.row("B", 3))
    answers = together(reserving(database, LINES))
    assert codes(answers) == []
    assert granted(answers) == reserved(database, LINES) == 3
    assert earmark.line(database, "LOOSE/1").reserved == 5
    assert earmark.verify(database) == ()


def test_four_processes_are_granted_exactly_the_three_units_there_are(database_url: str) -> None:
    database = earmark.open(database_url)
    open_shop(database, of_a=3)
    commands = [Reserve(line=line, numbers=LOT_A) for line in LINES[:4]]
    answers = in_processes(database_url, commands)
    assert sorted(answers) == ["0", "1", "1", "1"]
    assert reserved(database, LINES) == 3
    assert earmark.verify(database) == ()
    database.close()


def test_a_line_reserved_from_eight_threads_is_reserved_once(database: earmark.Database) -> None:
    open_shop(database, of_a=8)
    answers = together(reserving(database, [LINES[0]] * THREADS))
    assert codes(answers) == ["fully-reserved"] * (THREADS - 1)
    assert granted(answers) == reserved(database, LINES) == 1


def test_goods_shipped_cancelled_and_reserved_at_once_add_up(database: earmark.Database) -> None:
    open_shop(database, of_a=6)
    for line in LINES[:4]:
        earmark.reserve(database, Reserve(line=line, numbers=LOT_A))
    acts = reserving(database, LINES[4:])
    acts += [partial(earmark.cancel, database, Cancel(line=line)) for line in LINES[:2]]
    for line in LINES[2:4]:
        shipment = Post(posting=Posting.SHIP, line=line)
        acts.append(partial(earmark.post, database, shipment))
    assert codes(together(acts)) == []
    left = sum(row.quantity for row in earmark.inventory(database, item_no=stories.LOT))
    assert left == 4
    assert 2 <= reserved(database, LINES[4:]) <= 4
    assert earmark.verify(database) == ()


def test_the_last_units_are_shipped_once(database: earmark.Database) -> None:
    open_shop(database, of_a=3)
    shipments = [
        partial(earmark.post, database, Post(posting=Posting.SHIP, line=line)) for line in LINES
    ]
    answers = together(shipments)
    assert len(codes(answers)) == THREADS - 3
    assert "conflict" not in codes(answers)
    assert earmark.inventory(database, item_no=stories.LOT) == ()
    assert earmark.verify(database) == ()


def test_two_lines_locked_in_either_order_never_wait_in_a_circle(
    database: earmark.Database,
) -> None:
    open_shop(database, of_a=8)
    forth = [Reserve(line=line, numbers=LOT_A) for line in LINES]
    acts = [
        partial(earmark.reserve_each, database, list(each))
        for each in [forth, list(reversed(forth))] * 4
    ]
    answers = together(acts)
    assert [answer for answer in answers if isinstance(answer, EarmarkError)] == []
    assert reserved(database, LINES) == 8
    assert earmark.verify(database) == ()


# -- What the engine does not do yet: each goes with its mark when it does ------------------------


def test_a_request_sent_twice_at_once_reports_the_first_outcome_to_both(
    database: earmark.Database,
) -> None:
    open_shop(database, of_a=8)
    command = Reserve(line=LINES[0], numbers=LOT_A, request_id="ONCE")
    answers = together([partial(earmark.reserve, database, command)] * THREADS)
    assert codes(answers) == []
    assert [a.reserved for a in answers if isinstance(a, Outcome)] == [1] * THREADS


def test_the_first_orders_of_an_item_at_a_place_do_not_stand_in_each_others_way(
    database: earmark.Database,
) -> None:
    stories.open_shop(database)
    orders = [partial(stories.sales, database, **{order: 1}) for order in ORDERS]
    assert codes(together(orders)) == []


# -- Without the lock --------------------------------------------------------------------------


def unlocked(statement: Statement) -> Statement:
    """The same statement, less its FOR UPDATE."""
    clause = statement.clause
    assert isinstance(clause, sa.Select)
    bare = clause._generate()
    bare._for_update_arg = None
    return Statement(bare)


@pytest.fixture
def postgres_shop(postgres_url: str) -> Iterator[earmark.Database]:
    """One unit of lot A, on PostgreSQL: SQLite has one writer, whatever we lock."""
    database = earmark.open(postgres_url)
    open_shop(database, of_a=1)
    yield database
    database.close()


def test_without_the_lock_two_are_promised_the_same_unit_and_the_guards_refuse_one(
    postgres_shop: earmark.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_decided = threading.Barrier(2)
    save = saving.save

    def save_once_both_decided(*plan: object) -> None:
        both_decided.wait(60)
        save(*plan)  # type: ignore[arg-type]

    monkeypatch.setattr(lines, "_LOCK_LINES", unlocked(lines._LOCK_LINES))
    monkeypatch.setattr(saving, "save", save_once_both_decided)
    answers = together(reserving(postgres_shop, LINES[:2]))
    assert granted(answers) == 1
    assert [type(answer) for answer in answers if isinstance(answer, EarmarkError)] == [Conflict]
    assert earmark.verify(postgres_shop) == ()


def test_with_the_lock_the_second_sees_what_the_first_took(
    postgres_shop: earmark.Database,
) -> None:
    answers = together(reserving(postgres_shop, LINES[:2]))
    assert codes(answers) == []
    assert granted(answers) == 1
