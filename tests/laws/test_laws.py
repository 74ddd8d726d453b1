"""The laws that no command may break, on both databases, through the public names alone."""

from dataclasses import replace
from decimal import Decimal
from itertools import count

from hypothesis import HealthCheck, given, settings

import earmark
from earmark import Cancel, Choice, EarmarkError, Outcome, Post, Reserve
from earmark.core.commands import Command
from tests.laws.shops import Answer, Plan, Shop, open_shop, plans

law = settings(
    max_examples=max(5, settings().max_examples // 4),
    # The database is not emptied between examples: every shop has an item of its own.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
_request_ids = count(1)


def told(answer: Answer) -> object:
    """An answer without the moment at which it was given."""
    if isinstance(answer, EarmarkError):
        return answer.code, answer.message
    return replace(answer, moment=0, is_preview=False, is_repeated=False, posting="", entries=())


def asked_for(shop: Shop, command: Reserve) -> Decimal:
    """What a request for any goods asks for."""
    line = earmark.line(shop.database, command.line)
    return line.unreserved if command.quantity is None else command.quantity


@law
@given(plan=plans())
def test_nothing_that_is_done_makes_the_rows_disagree(
    database: earmark.Database, plan: Plan
) -> None:
    shop = open_shop(database, plan)
    for step in plan.steps:
        shop.does(shop.tell(step))
        assert earmark.verify(database) == ()


@law
@given(plan=plans())
def test_what_is_reserved_and_what_is_short_is_what_was_asked_for(
    database: earmark.Database, plan: Plan
) -> None:
    shop = open_shop(database, plan)
    for step in plan.steps:
        command = shop.tell(step)
        if not isinstance(command, Reserve):
            shop.does(command)
            continue
        asked, before = asked_for(shop, command), sum(shop.reserved())
        answer = shop.does(command)
        if isinstance(answer, Outcome):
            assert sum(shop.reserved()) - before == answer.reserved
            if command.numbers is Choice.ANY or command.quantity is not None:
                assert answer.reserved + answer.shortfall == asked
        else:
            assert sum(shop.reserved()) == before


@law
@given(plan=plans())
def test_a_preview_changes_nothing_and_is_what_then_happens(
    database: earmark.Database, plan: Plan
) -> None:
    shop = open_shop(database, plan)
    for step in plan.steps:
        command = shop.tell(step)
        before = shop.picture()
        preview = shop.does(replace(command, preview=True))
        assert shop.picture() == before
        assert told(shop.does(command)) == told(preview)


@law
@given(plan=plans(reserving_only=True))
def test_many_requests_at_once_are_the_same_requests_in_turn(
    database: earmark.Database, plan: Plan
) -> None:
    in_turn, at_once = open_shop(database, plan), open_shop(database, plan)
    singly = [in_turn.does(in_turn.tell(step)) for step in plan.steps]
    told_at_once = [at_once.tell(step) for step in plan.steps]
    together = earmark.reserve_each(database, [c for c in told_at_once if isinstance(c, Reserve)])
    assert [_reserved(a) for a in together] == [_reserved(a) for a in singly]
    assert at_once.picture() == in_turn.picture()


def _reserved(answer: Answer) -> object:
    if isinstance(answer, EarmarkError):
        return answer.code
    return answer.reserved, answer.shortfall


@law
@given(plan=plans())
def test_cancelling_gives_back_all_that_was_reserved_and_takes_from_nobody_else(
    database: earmark.Database, plan: Plan
) -> None:
    shop = open_shop(database, plan)
    for step in plan.steps:
        command = shop.tell(step)
        before = shop.reserved()
        answer = shop.does(command)
        if not isinstance(command, Reserve) or not isinstance(answer, Outcome):
            continue
        mine = shop.lines.index(command.line)
        if answer.reserved and not before[mine]:
            cancelled = shop.does(Cancel(line=command.line))
            assert isinstance(cancelled, Outcome)
            assert cancelled.released == answer.reserved
            assert shop.reserved() == before


@law
@given(plan=plans())
def test_goods_come_from_somewhere_and_go_somewhere(database: earmark.Database, plan: Plan) -> None:
    shop = open_shop(database, plan)
    came_first = shop.in_stock()
    for step in plan.steps:
        shop.does(shop.tell(step))
        shipped = sum(earmark.line(database, line).posted for line in shop.lines)
        received = earmark.line(database, shop.named("PO/1")).posted if plan.on_order else 0
        assert shop.in_stock() == came_first + received - shipped


@law
@given(plan=plans())
def test_a_repeated_request_reports_the_first_outcome_and_does_nothing(
    database: earmark.Database, plan: Plan
) -> None:
    shop = open_shop(database, plan)
    for step in plan.steps:
        command = replace(shop.tell(step), request_id=f"R{next(_request_ids)}")
        first = shop.does(command)
        if isinstance(first, Outcome):
            before = shop.picture()
            assert shop.does(command) == replace(first, is_repeated=True)
            assert shop.picture() == before
            assert _refused(shop, _another(command)) == "request-reused"


def _another(command: Command) -> Command:
    """Another request under the same id."""
    if isinstance(command, Reserve | Post):
        return replace(command, quantity=Decimal(7))
    assert isinstance(command, Cancel)
    return replace(command, numbers=Choice.ALL)


def _refused(shop: Shop, command: Command) -> str:
    answer = shop.does(command)
    return answer.code if isinstance(answer, EarmarkError) else ""
