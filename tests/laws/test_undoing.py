"""Undone right away, nothing that a command did is left; on both databases."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import earmark
from earmark import (
    Cancel,
    Change,
    ChangeNumber,
    Delete,
    EarmarkError,
    EditLine,
    Hold,
    Outcome,
    Post,
    Reserve,
    Track,
    Undo,
)
from earmark.core.commands import Command
from tests.laws.shops import DAY, LOTS, Plan, Shop, open_shop, plans
from tests.stories import lots

law = settings(
    max_examples=max(5, settings().max_examples // 3),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
USE_CASES: dict[type[Command], Any] = {
    Reserve: earmark.reserve,
    Cancel: earmark.cancel,
    Change: earmark.change,
    Hold: earmark.hold,
    Track: earmark.track,
    EditLine: earmark.edit_line,
    Delete: earmark.delete,
    ChangeNumber: earmark.change_number,
    Post: earmark.post,
}
LINES = ("SO0/1", "SO1/1", "SO2/1")
_YES = st.sampled_from((True,))
LATER = datetime(2099, 1, 1, tzinfo=UTC)


def commands() -> st.SearchStrategy[Command]:
    """Everything that changes who holds what, and what they hold it of."""
    line = st.sampled_from(LINES)
    either = st.sampled_from((*LINES, "PO/1"))
    some = st.integers(0, 3).map(Decimal)
    dates = st.integers(0, 3).map(lambda days: DAY + timedelta(days=days))
    return st.one_of(
        st.builds(Reserve, line=line, numbers=st.sampled_from((*LOTS, earmark.Choice.ALL))),
        st.builds(Reserve, line=line),
        st.builds(Reserve, line=st.just("PO/1")),
        st.builds(Cancel, line=either),
        st.builds(Change, line=either, quantity=some),
        st.builds(Hold, line=line, until=st.sampled_from((LATER, None))),
        st.builds(
            Track,
            line=either,
            numbers=st.fixed_dictionaries(
                {}, optional={"A": st.integers(1, 2), "B": st.integers(1, 2)}
            ).map(lots),
        ),
        st.builds(EditLine, line=either, quantity=st.integers(1, 6).map(Decimal)),
        st.builds(EditLine, line=either, date=dates, release=st.booleans()),
        st.builds(EditLine, line=either, location_code=st.just("WEST"), release=_YES),
        st.builds(Delete, reference=st.sampled_from((*LINES, "SO1", "PO"))),
        st.builds(
            ChangeNumber,
            item_no=st.just(""),
            numbers=st.sampled_from(LOTS),
            is_blocked=st.booleans(),
        ),
    )


def tell(shop: Shop, command: Command) -> Command:
    """A command, about this shop."""
    if isinstance(command, ChangeNumber):
        return replace(command, item_no=shop.mark)
    if isinstance(command, Delete):
        return replace(command, reference=shop.named(command.reference))
    return replace(command, line=shop.named(command.line))  # type: ignore[attr-defined,call-arg]


def does(database: earmark.Database, command: Command) -> Outcome | EarmarkError:
    """Carry it out; a refusal is an answer."""
    try:
        outcome: Outcome = USE_CASES[type(command)](database, command)
    except EarmarkError as refusal:
        return refusal
    return outcome


def standing(shop: Shop) -> tuple[object, ...]:
    """Who holds what of which supply; lines as they are; tracking; what is blocked."""
    held: Counter[object] = Counter()
    views, numbers = [], []
    for line in (*shop.lines, shop.named("PO/1")):
        if not earmark.exists(shop.database, line):
            continue
        view = earmark.line(shop.database, line)
        views.append(view)
        numbers.append(Counter(earmark.tracking_lines(shop.database, line)))
        if view.is_demand:
            for r in earmark.reservations(shop.database, line):
                held[r.demand, r.supply, r.numbers, r.asked, r.binding, r.hold_until] = r.quantity  # type: ignore[assignment]
    records = [earmark.number(shop.database, shop.mark, "EAST", lot).is_blocked for lot in LOTS]
    return held, views, numbers, records


@law
@given(plan=plans(reserving_only=True), then=st.lists(commands(), min_size=1, max_size=5))
def test_undone_right_away_nothing_is_left_of_a_command(
    database: earmark.Database, plan: Plan, then: list[Command]
) -> None:
    shop = open_shop(database, plan)
    for step in plan.steps:
        shop.does(shop.tell(step))
    for command in then:
        before = standing(shop)
        done = does(database, tell(shop, command))
        if isinstance(done, EarmarkError):
            continue
        after = standing(shop)
        if after == before:
            continue
        undone = earmark.undo(database, Undo(posting=str(done.moment)))
        assert standing(shop) == before
        assert undone.shortfall == 0
        assert earmark.verify(database) == ()
        earmark.undo(database, Undo(posting=str(undone.moment)))
        assert standing(shop) == after
        assert earmark.verify(database) == ()


@law
@given(plan=plans(), then=st.lists(commands(), min_size=1, max_size=6), which=st.randoms())
def test_whatever_is_undone_later_the_rows_agree(
    database: earmark.Database, plan: Plan, then: list[Command], which: Random
) -> None:
    shop = open_shop(database, plan)
    done = [shop.does(shop.tell(step)) for step in plan.steps]
    done += [does(database, tell(shop, command)) for command in then]
    moments = [answer.moment for answer in done if isinstance(answer, Outcome)]
    which.shuffle(moments)
    for moment in moments:
        preview, answer = (
            _undone(database, Undo(posting=str(moment), preview=tried)) for tried in (True, False)
        )
        assert preview == answer
    assert earmark.verify(database) == ()


def _undone(database: earmark.Database, command: Undo) -> object:
    try:
        told = earmark.undo(database, command)
    except EarmarkError as refusal:
        return refusal.code, refusal.message
    return replace(told, moment=0, is_preview=False, posting="")
