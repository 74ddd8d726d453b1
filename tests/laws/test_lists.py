"""Long lists are the same requests one after the other, whether columns decide them or the core."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count

from hypothesis import HealthCheck, given, settings

import earmark
from earmark import Cancel, EarmarkError, Outcome, Reserve
from tests.laws.lists import (
    LOTS,
    Answer,
    Asked,
    Goods,
    Order,
    Plan,
    Store,
    cancellations,
    open_store,
    stores,
)

law = settings(
    # The database is not emptied between examples: every store has items of its own.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
_request_ids = count(1)


def in_turn(
    store: Store, use_case: Callable[[earmark.Database, Asked], Outcome], commands: list[Asked]
) -> list[Answer]:
    """Each command by itself; a refusal is an answer."""
    answers: list[Answer] = []
    for command in commands:
        try:
            answers.append(use_case(store.database, command))
        except EarmarkError as refusal:
            answers.append(refusal)
    return answers


@law
@given(drawn=stores())
def test_a_list_of_requests_is_the_same_requests_in_turn(
    database: earmark.Database, drawn: tuple[Plan, list[Reserve]]
) -> None:
    plan, requests = drawn
    singles, listed = open_store(database, plan), open_store(database, plan)
    one_by_one = in_turn(singles, earmark.reserve, singles.named(requests))
    at_once = earmark.reserve_each(database, listed.named(requests))
    assert [listed.told(a) for a in at_once] == [singles.told(a) for a in one_by_one]
    assert listed.picture() == singles.picture()
    assert earmark.verify(database) == ()


def test_who_reserved_earlier_in_a_list_makes_room_no_sooner_than_others(
    database: earmark.Database,
) -> None:
    six = Goods(receipts=(6,), expires=None, is_blocked=False)
    named = Order(item=0, quantity=1, lots=(0,), due=None, is_strict=False)
    orders = (*[named] * 6, replace(named, lots=()), named)
    plan = Plan(goods=(six,) * 6, orders=orders, holders=(Reserve(line="SO0/1"),))
    of_lot = [Reserve(line=f"SO{n}/1", numbers=LOTS[0]) for n in range(1, 6)]
    requests = [*of_lot[:4], Reserve(line="SO6/1"), of_lot[4]]
    singles, listed = open_store(database, plan), open_store(database, plan)
    in_turn(singles, earmark.reserve, singles.named(requests))
    earmark.reserve_each(database, listed.named(requests))
    assert listed.picture() == singles.picture()
    held = earmark.reservations(database, f"{listed.mark}SO0/1")
    assert [r.numbers.lot_no for r in held] == ["B"]


@law
@given(drawn=stores(), cancelled=cancellations())
def test_a_list_of_cancellations_is_the_same_cancellations_in_turn(
    database: earmark.Database, drawn: tuple[Plan, list[Reserve]], cancelled: list[Cancel]
) -> None:
    plan, requests = drawn
    singles, listed = open_store(database, plan), open_store(database, plan)
    for store in (singles, listed):
        in_turn(store, earmark.reserve, store.named(requests))
    one_by_one = in_turn(singles, earmark.cancel, singles.named(cancelled))
    at_once = earmark.cancel_each(database, listed.named(cancelled))
    assert [listed.told(a) for a in at_once] == [singles.told(a) for a in one_by_one]
    assert listed.picture() == singles.picture()
    assert earmark.verify(database) == ()


@law
@given(drawn=stores())
def test_a_list_tried_changes_nothing_and_is_what_then_happens(
    database: earmark.Database, drawn: tuple[Plan, list[Reserve]]
) -> None:
    plan, requests = drawn
    store = open_store(database, plan)
    before = store.picture()
    commands = store.named(requests)
    tried = earmark.reserve_each(database, [replace(c, preview=True) for c in commands])
    assert store.picture() == before
    done = earmark.reserve_each(database, commands)
    assert [store.told(a) for a in done] == [store.told(a) for a in tried]


@law
@given(drawn=stores())
def test_a_list_sent_again_reports_the_first_outcomes_and_does_nothing(
    database: earmark.Database, drawn: tuple[Plan, list[Reserve]]
) -> None:
    plan, requests = drawn
    store = open_store(database, plan)
    commands = [replace(c, request_id=f"L{next(_request_ids)}") for c in store.named(requests)]
    first = earmark.reserve_each(database, commands)
    before = store.picture()
    again = earmark.reserve_each(database, commands)
    assert list(map(answered, again)) == list(map(answered, first))
    assert all(a.is_repeated for a in again if isinstance(a, Outcome))
    assert store.picture() == before


def answered(answer: Outcome | earmark.EarmarkError) -> object:
    """An answer without whether it is told again; a refusal by its code and sentence."""
    if isinstance(answer, Outcome):
        return replace(answer, is_repeated=False)
    return (answer.code, answer.message)
