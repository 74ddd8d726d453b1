"""Requests that come at the same time: answered each for itself, whatever they were done with."""

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import TypeVar

import pytest

import earmark
from earmark import DocumentKind, Numbers, Outcome, Reserve
from earmark.client import Client
from earmark.database.engine import Database
from earmark.errors import EarmarkError, LineUnknown
from earmark.http.serving import Serving
from earmark.http.waiting import Waiting
from tests import stories
from tests.serving import served

Found = TypeVar("Found")
CLIENTS = 32
ORDERS = 96
THERE = 60
HOT = Numbers(lot_no="HOT")


@pytest.fixture
def hot(database_url: str) -> Iterator[earmark.Database]:
    """One lot of sixty units, and 96 orders of one unit that name it; on each kind of database."""
    opened = earmark.open(database_url)
    stories.open_shop(opened)
    stories.stock(opened, stories.row(HOT.lot_no, THERE))
    line = stories.line(1, tracked={HOT.lot_no: 1})
    stories.orders(opened, DocumentKind.SALES_ORDER, ((f"SO{n}", line) for n in range(ORDERS)))
    yield opened
    opened.close()


def ask_at_once(database: earmark.Database, asked: Sequence[Reserve]) -> list[Outcome | str]:
    """Every request over HTTP, by clients that all ask at the same time."""

    def reserve(command: Reserve) -> Outcome | str:
        try:
            return client.reserve(command)
        except EarmarkError as refusal:
            return refusal.code

    serving = Serving(database=database, open_to="Ana")
    with served(serving) as at, Client(at) as client, ThreadPoolExecutor(CLIENTS) as clients:
        return list(clients.map(reserve, asked))


def in_a_loop_of_its_own(asking: Coroutine[None, None, Found]) -> Found:
    """What is awaited, in a thread: that of the test may have a loop, of a browser before it."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, asking).result()


def test_of_one_hot_lot_exactly_what_there_is_gets_promised(hot: earmark.Database) -> None:
    asked = [Reserve(line=f"SO{n}/1", numbers=HOT, request_id=f"R{n}") for n in range(ORDERS)]
    answers = ask_at_once(hot, asked)
    outcomes = [answer for answer in answers if isinstance(answer, Outcome)]
    assert sum(outcome.reserved for outcome in outcomes) == THERE
    for command, outcome in zip(asked, answers, strict=True):
        held = earmark.line(hot, command.line).reserved
        assert held == (outcome.reserved if isinstance(outcome, Outcome) else 0)
    assert earmark.verify(hot) == ()


def test_the_same_request_many_times_at_once_is_done_once(hot: earmark.Database) -> None:
    asked = [Reserve(line="SO1/1", numbers=HOT, request_id="once")] * CLIENTS
    outcomes = ask_at_once(hot, asked)
    assert all(isinstance(outcome, Outcome) for outcome in outcomes)
    assert len({outcome.moment for outcome in outcomes if isinstance(outcome, Outcome)}) == 1
    assert [row.verb for row in earmark.history(hot)].count("reserve") == 1
    assert earmark.line(hot, "SO1/1").reserved == 1


def test_one_that_is_refused_spoils_nothing_for_the_others(hot: earmark.Database) -> None:
    lines = [f"SO{n}/1" if n % 2 else "SO999/1" for n in range(CLIENTS)]
    answers = ask_at_once(hot, [Reserve(line=line, numbers=HOT) for line in lines])
    for line, answer in zip(lines, answers, strict=True):
        if line == "SO999/1":
            assert answer == LineUnknown.code
        else:
            assert isinstance(answer, Outcome)
            assert (answer.reference, answer.reserved) == (line, Decimal(1))


def test_who_asks_while_others_are_answered_is_answered_with_those_who_came_then() -> None:
    rounds: list[list[int]] = []

    def together(_: Database, asked: Sequence[int]) -> list[int]:
        rounds.append(list(asked))
        return [one * one for one in asked]

    async def ask(database: earmark.Database) -> list[int]:
        waiting = Waiting(database, together)
        return list(await asyncio.gather(*(waiting.answer(one) for one in range(5))))

    database = earmark.open("sqlite:///:memory:")
    assert in_a_loop_of_its_own(ask(database)) == [0, 1, 4, 9, 16]
    database.close()
    assert [one for asked in rounds for one in asked] == [0, 1, 2, 3, 4]
    assert len(rounds) < 5


def test_a_failure_is_that_of_all_who_were_answered_together_and_of_no_others() -> None:
    def together(_: Database, asked: Sequence[int]) -> list[int]:
        return [6 // one for one in asked]

    async def ask(database: earmark.Database) -> list[object]:
        waiting = Waiting(database, together)
        together_asked = (waiting.answer(one) for one in (1, 0))
        failed = await asyncio.gather(*together_asked, return_exceptions=True)
        return [*failed, await waiting.answer(2)]

    database = earmark.open("sqlite:///:memory:")
    first, second, third = in_a_loop_of_its_own(ask(database))
    database.close()
    assert isinstance(first, ZeroDivisionError)
    assert isinstance(second, ZeroDivisionError)
    assert third == 3
