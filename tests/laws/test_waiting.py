"""Requests that wait at the same time come out as if each had come alone, in some order."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings

import earmark
from earmark import Hold, Reserve, Undo
from earmark.database import lines
from earmark.usecases.waiting import reserve_waiting
from tests.laws.lists import LOTS, Goods, Order, Plan, Store, open_store, stores
from tests.laws.test_lists import in_turn

law = settings(
    # The database is not emptied between examples: every store has items of its own.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
PLENTY = Goods(receipts=(50,), expires=None, is_blocked=False)
SIMPLE = Plan(
    goods=(PLENTY,) * 6,
    orders=tuple(
        Order(item=at % 3, quantity=1, lots=(0,), due=None, is_strict=False) for at in range(8)
    ),
    holders=(),
)


def asked(store: Store, *numbers: int) -> list[Reserve]:
    """Requests for lines of a simple store, each by a user of its own."""
    commands = [Reserve(line=f"SO{n}/1", numbers=LOTS[0], by=f"user {n}") for n in numbers]
    return store.named(commands)


@law
@given(drawn=stores())
def test_requests_taken_together_are_the_same_requests_in_some_order(
    database: earmark.Database, drawn: tuple[Plan, list[Reserve]]
) -> None:
    plan, requests = drawn
    alone, together = open_store(database, plan), open_store(database, plan)
    outcomes = reserve_waiting(database, together.named(requests))
    plain = [at for at, outcome in enumerate(outcomes) if outcome]
    rest = [at for at, outcome in enumerate(outcomes) if not outcome]
    left = in_turn(together, earmark.reserve, together.named([requests[at] for at in rest]))
    answers = [*(outcome for outcome in outcomes if outcome), *left]
    one_by_one = in_turn(
        alone, earmark.reserve, alone.named([requests[at] for at in (*plain, *rest)])
    )
    assert [together.told(a) for a in answers] == [alone.told(a) for a in one_by_one]
    assert together.picture() == alone.picture()
    assert earmark.verify(database) == ()


def test_each_request_has_its_own_moment_and_user_in_the_history(
    database: earmark.Database,
) -> None:
    store = open_store(database, SIMPLE)
    outcomes = reserve_waiting(database, asked(store, 0, 1, 2))
    moments = [outcome.moment for outcome in outcomes if outcome]
    assert len(moments) == 3
    assert moments == sorted(set(moments))
    rows = earmark.history(database, limit=3)
    assert [(r.moment, r.by, r.reference) for r in rows] == [
        (moment, f"user {n}", f"{store.mark}SO{n}/1")
        for n, moment in reversed(list(enumerate(moments)))
    ]
    held = earmark.reservations(database, f"{store.mark}SO1/1")
    assert [(r.by, r.quantity) for r in held] == [("user 1", Decimal(1))]


def test_one_of_the_requests_is_undone_without_the_others(database: earmark.Database) -> None:
    store = open_store(database, SIMPLE)
    outcomes = reserve_waiting(database, asked(store, 0, 1, 2))
    assert outcomes[1]
    earmark.undo(database, Undo(posting=str(outcomes[1].moment)))
    reserved = [earmark.line(database, f"{store.mark}SO{n}/1").reserved for n in range(3)]
    assert reserved == [1, 0, 1]


def test_a_request_sent_again_is_not_done_again(database: earmark.Database) -> None:
    store = open_store(database, SIMPLE)
    first, second = (replace(c, request_id=store.mark + c.line) for c in asked(store, 0, 1))
    assert [bool(o) for o in reserve_waiting(database, [first, first])] == [True, False]
    assert [bool(o) for o in reserve_waiting(database, [first, second])] == [False, True]
    assert earmark.reserve(database, first).is_repeated
    assert earmark.line(database, first.line).reserved == 1


def test_what_is_tried_or_names_a_version_is_left_to_be_done_alone(
    database: earmark.Database,
) -> None:
    store = open_store(database, SIMPLE)
    tried, of_version = asked(store, 0, 1)
    commands = [replace(tried, preview=True), replace(of_version, version="1")]
    assert reserve_waiting(database, commands) == [None, None]
    assert store.picture() == open_store(database, SIMPLE).picture()


def test_nothing_waits_for_a_lock_that_another_has(postgres_url: str) -> None:
    database = earmark.open(postgres_url)
    store = open_store(database, SIMPLE)
    contested, free = asked(store, 0, 1)
    with database.transaction(writes=True) as session:
        assert lines.lock_lines(session, [contested.line]).rows()
        outcomes = reserve_waiting(database, [contested, free])
    assert [bool(outcome) for outcome in outcomes] == [False, True]
    database.close()


def test_holds_that_have_run_out_are_ended_by_a_request_of_their_own(
    database: earmark.Database,
) -> None:
    store = open_store(database, SIMPLE)
    (command,) = asked(store, 0)
    until = database.clock() + timedelta(hours=1)
    earmark.reserve(database, command)
    earmark.hold(database, Hold(line=command.line, until=until))
    database.clock = lambda: until + timedelta(minutes=1)
    (other,) = asked(store, 3)
    assert reserve_waiting(database, [other]) == [None]
    assert earmark.reserve(database, other).reserved == 1
