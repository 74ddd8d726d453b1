"""Whoever needs units asks who holds them: it is given, kept or withdrawn, or ends by itself."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

import earmark
from earmark import (
    AppealState,
    AskHolder,
    Cancel,
    ChangeNumber,
    Choice,
    Delete,
    DocumentEntry,
    DocumentKind,
    EditLine,
    EnterDocuments,
    Give,
    Hold,
    Item,
    KeepUnits,
    LineEntry,
    Outcome,
    Reserve,
    SetUp,
    Withdraw,
)
from earmark.core.commands import Command
from earmark.core.items import ReservePolicy
from earmark.core.roles import Operation
from earmark.errors import (
    BindingFixed,
    EarmarkError,
    ExceedsOutstanding,
    FullyReserved,
    LineUnknown,
    NotAllowed,
    NothingAvailable,
    NumberBlocked,
    QuantityInvalid,
    ReasonMissing,
    ReferenceInvalid,
    ReserveNever,
)
from earmark.errors.appeals import (
    AppealEnded,
    AppealUnknown,
    AskedAlready,
    NobodyToAsk,
    NotHeld,
    WhyKept,
)
from earmark.usecases import events as read
from earmark.usecases.appeals import proposed
from tests import stories
from tests.appealing import ASK, MAY_RESERVE, NOW, TWELVE, A, B, asked, held, open_shop, state
from tests.racing import together
from tests.settling import settled
from tests.usecases.rows import rows_of


@pytest.fixture
def shop(database: earmark.Database) -> earmark.Database:
    """24 of lot A, all of them reserved for SO1 by Ana, who named the lot; SO2 needs 30."""
    return open_shop(database)


STEPS: dict[str, tuple[Callable[[earmark.Database, Any], Outcome], Command]] = {
    "give": (earmark.give, Give(appeal="", by="Ana")),
    "keep": (earmark.keep, KeepUnits(appeal="", by="Ana", reason="No")),
    "withdraw": (earmark.withdraw, Withdraw(appeal="", by="Ben")),
}


# -- Asking ------------------------------------------------------------------------------------


def test_who_is_asked_reads_who_asks_for_what_and_why(shop: earmark.Database) -> None:
    before = held(shop, "SO1/1")
    outcome = earmark.ask_holder(shop, ASK)
    assert outcome.warnings[0].message == "Ana is asked for 12 of Lot A of SO1/1."
    (shown,) = earmark.appeals(shop, asked_of="Ana")
    assert shown.appeal == str(outcome.moment)
    assert (shown.by, shown.line, shown.holder) == ("Ben", "SO2/1", "SO1/1")
    assert (shown.quantity, shown.open, shown.note) == (TWELVE, TWELVE, "For the clinic")
    assert (shown.state, shown.at) == (AppealState.WAITING, NOW)
    assert held(shop, "SO1/1") == before
    assert earmark.verify(shop) == ()


def test_whom_one_would_ask_and_for_how_much_is_known_before(shop: earmark.Database) -> None:
    before = rows_of(shop)
    shown = proposed(shop, replace(ASK, quantity=None))
    assert (shown.asked_of, shown.quantity) == ("Ana", Decimal(24))
    assert rows_of(shop) == before


def test_without_a_quantity_it_is_all_that_is_held_there_and_needed_here(
    shop: earmark.Database,
) -> None:
    assert earmark.appeal(shop, asked(shop, replace(ASK, quantity=None))).quantity == 24
    earmark.edit_line(shop, EditLine(line="SO2/1", quantity=Decimal(5)))
    other = replace(ASK, quantity=None, supply="X#1")
    assert earmark.appeal(shop, asked(shop, other)).quantity == 5


REFUSED: dict[str, tuple[dict[str, Any], type[EarmarkError]]] = {
    "a line that is not there": ({"line": "SO9/1"}, LineUnknown),
    "a holder that is not there": ({"holder": "SO9/1"}, LineUnknown),
    "oneself": ({"holder": "SO2/1"}, ReferenceInvalid),
    "nothing": ({"quantity": Decimal(0)}, QuantityInvalid),
    "more than is needed": ({"quantity": Decimal(31)}, ExceedsOutstanding),
    "more than is held": ({"quantity": Decimal(25)}, NotHeld),
    "another number": ({"numbers": B}, NotHeld),
    "another supply": ({"supply": "purchase"}, NotHeld),
    "what one holds oneself": ({"by": "Ana"}, NobodyToAsk),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_can_not_be_asked_is_refused(shop: earmark.Database, case: str) -> None:
    changed, error = REFUSED[case]
    with pytest.raises(error):
        earmark.ask_holder(shop, replace(ASK, **changed))
    assert earmark.appeals(shop) == ()


def test_who_needs_nothing_more_does_not_ask(shop: earmark.Database) -> None:
    stories.stock(shop, stories.row("B", 30))
    earmark.reserve(shop, Reserve(line="SO2/1"))
    with pytest.raises(FullyReserved):
        earmark.ask_holder(shop, ASK)


def test_a_line_that_is_never_reserved_does_not_ask(shop: earmark.Database) -> None:
    never = LineEntry(
        item_no="X", quantity=TWELVE, location_code="EAST", reserve=ReservePolicy.NEVER
    )
    stories.orders(shop, DocumentKind.SALES_ORDER, [("SO3", never)])
    with pytest.raises(ReserveNever):
        earmark.ask_holder(shop, replace(ASK, line="SO3/1"))


def test_units_that_would_not_serve_are_not_asked_for(shop: earmark.Database) -> None:
    block = ChangeNumber(item_no="X", numbers=A, is_blocked=True)
    earmark.change_number(shop, block)
    with pytest.raises(NumberBlocked):
        earmark.ask_holder(shop, ASK)


def test_units_at_another_place_are_not_asked_for(shop: earmark.Database) -> None:
    away = LineEntry(item_no="X", quantity=TWELVE, location_code="WEST")
    stories.orders(shop, DocumentKind.SALES_ORDER, [("SO3", away)])
    with pytest.raises(NothingAvailable):
        earmark.ask_holder(shop, replace(ASK, line="SO3/1"))


def test_what_was_bought_for_a_line_is_not_asked_for(database: earmark.Database) -> None:
    stories.open_shop(database)
    stories.sales(database, SO1=5, SO2=5)
    bought = LineEntry(item_no="X", quantity=Decimal(5), location_code="EAST", made_for="SO1/1")
    purchase = DocumentEntry(kind=DocumentKind.PURCHASE_ORDER, document_no="PO1", lines=(bought,))
    earmark.enter_documents(database, EnterDocuments(documents=(purchase,), by="Ana"))
    with pytest.raises(BindingFixed):
        earmark.ask_holder(database, AskHolder(line="SO2/1", holder="SO1/1", by="Ben"))


def test_nobody_is_asked_for_what_nobody_is_known_to_hold(shop: earmark.Database) -> None:
    stories.sales(shop, SO3=4)
    stories.stock(shop, stories.row("B", 4))
    earmark.reserve(shop, Reserve(line="SO3/1"))
    with pytest.raises(NobodyToAsk, match="nobody who is known"):
        earmark.ask_holder(shop, AskHolder(line="SO2/1", holder="SO3/1", by="Ben"))


def test_the_same_is_asked_for_once_until_it_is_answered(shop: earmark.Database) -> None:
    name = asked(shop)
    with pytest.raises(AskedAlready, match="Ben has asked Ana"):
        earmark.ask_holder(shop, replace(ASK, quantity=Decimal(3), by="Cara"))
    earmark.keep(shop, KeepUnits(appeal=name, by="Ana", reason="They insist"))
    assert state(shop, asked(shop)) is AppealState.WAITING


def test_of_two_who_hold_it_the_one_with_more_is_asked(shop: earmark.Database) -> None:
    stories.stock(shop, stories.row("B", 10))
    stories.sales(shop, SO3=10)
    earmark.reserve(shop, Reserve(line="SO3/1", quantity=Decimal(4), by="Cara"))
    stories.stock(shop, stories.row("C", 10))
    named = stories.lots({"C": 6})
    earmark.track(shop, earmark.Track(line="SO3/1", numbers=named))
    earmark.reserve(shop, Reserve(line="SO3/1", numbers=Choice.ALL, by="Dora"))
    name = asked(shop, AskHolder(line="SO2/1", holder="SO3/1", by="Ben"))
    shown = earmark.appeal(shop, name)
    assert (shown.asked_of, shown.quantity) == ("Dora", Decimal(6))


# -- Giving ------------------------------------------------------------------------------------


def test_what_is_given_is_reserved_in_the_same_step_and_is_who_asked_his(
    shop: earmark.Database,
) -> None:
    name = asked(shop)
    outcome = earmark.give(shop, Give(appeal=name, by="Ana", allowed=MAY_RESERVE))
    assert (outcome.reserved, outcome.released, outcome.reference) == (TWELVE, TWELVE, "SO2/1")
    assert [(r.line, r.quantity, r.why) for r in outcome.releases] == [
        ("SO1/1", TWELVE, "given to SO2/1")
    ]
    assert held(shop, "SO1/1") == [(TWELVE, True, "Ana")]
    assert held(shop, "SO2/1") == [(TWELVE, False, "Ben")]
    shown = earmark.appeal(shop, name)
    assert (shown.state, shown.answered_by, shown.answered_at) == (AppealState.GIVEN, "Ana", NOW)
    assert (shown.given, shown.open) == (TWELVE, Decimal(0))
    earmark.cancel(shop, Cancel(line="SO2/1", by="Ben", allowed=MAY_RESERVE))
    assert earmark.verify(shop) == ()


def test_who_named_the_number_has_it_as_such(shop: earmark.Database) -> None:
    earmark.track(shop, earmark.Track(line="SO2/1", numbers=stories.lots({"A": 8})))
    earmark.give(shop, Give(appeal=asked(shop), by="Ana"))
    assert held(shop, "SO2/1") == [(Decimal(8), True, "Ben"), (Decimal(4), False, "Ben")]
    assert earmark.verify(shop) == ()


def test_what_binds_the_holder_least_is_given_first(shop: earmark.Database) -> None:
    stories.stock(shop, stories.row("B", 10))
    stories.sales(shop, SO3=12)
    tracked = stories.lots({"B": 6})
    earmark.track(shop, earmark.Track(line="SO3/1", numbers=tracked))
    earmark.reserve(shop, Reserve(line="SO3/1", numbers=Choice.ALL, by="Ana"))
    earmark.reserve(shop, Reserve(line="SO3/1", by="Ana"))
    assert held(shop, "SO3/1") == [(Decimal(6), True, "Ana"), (Decimal(4), False, "Ana")]
    asking = AskHolder(line="SO2/1", holder="SO3/1", quantity=Decimal(5), by="Ben")
    earmark.give(shop, Give(appeal=asked(shop, asking), by="Ana"))
    assert held(shop, "SO3/1") == [(Decimal(5), True, "Ana")]


def test_what_is_on_hold_may_be_given_and_is_held_for_no_time_then(
    shop: earmark.Database,
) -> None:
    earmark.hold(shop, Hold(line="SO1/1", until=NOW + timedelta(hours=4), by="Ana"))
    earmark.give(shop, Give(appeal=asked(shop), by="Ana"))
    (entry,) = earmark.reservations(shop, "SO2/1")
    assert (entry.quantity, entry.hold_until) == (TWELVE, None)


def test_goods_on_order_are_asked_for_and_given_too(database: earmark.Database) -> None:
    stories.open_shop(database)
    coming = stories.line(10, on=date(2026, 12, 1))
    stories.orders(database, DocumentKind.PURCHASE_ORDER, [("PO1", coming)])
    stories.sales(database, SO1=10, SO2=4)
    earmark.reserve(database, Reserve(line="SO1/1", by="Ana"))
    asking = AskHolder(line="SO2/1", holder="SO1/1", supply="PO1/1", by="Ben")
    earmark.give(database, Give(appeal=asked(database, asking), by="Ana"))
    (entry,) = earmark.reservations(database, "SO2/1")
    assert (entry.supply, entry.quantity) == ("PO1/1", Decimal(4))


def test_of_what_was_asked_only_what_is_still_needed_is_given(shop: earmark.Database) -> None:
    name = asked(shop)
    earmark.edit_line(shop, EditLine(line="SO2/1", quantity=Decimal(7)))
    assert earmark.appeal(shop, name).open == 7
    assert earmark.give(shop, Give(appeal=name, by="Ana")).reserved == 7
    assert held(shop, "SO1/1") == [(Decimal(17), True, "Ana")]


def _holder_gone(shop: earmark.Database) -> None:
    earmark.cancel(shop, Cancel(line="SO1/1"))


def _holder_deleted(shop: earmark.Database) -> None:
    earmark.delete(shop, Delete(reference="SO1"))


def _need_gone(shop: earmark.Database) -> None:
    stories.stock(shop, stories.row("B", 30))
    earmark.reserve(shop, Reserve(line="SO2/1"))


def _need_deleted(shop: earmark.Database) -> None:
    earmark.delete(shop, Delete(reference="SO2/1"))


def _other_goods(shop: earmark.Database) -> None:
    earmark.edit_line(shop, EditLine(line="SO2/1", location_code="WEST"))


def _others_now(shop: earmark.Database) -> None:
    earmark.cancel(shop, Cancel(line="SO1/1"))
    earmark.reserve(shop, Reserve(line="SO1/1", numbers=Choice.ALL, by="Cara"))


ENDS = (_holder_gone, _holder_deleted, _need_gone, _need_deleted, _other_goods, _others_now)


@pytest.mark.parametrize("end", ENDS)
def test_an_appeal_ends_by_itself_where_nothing_is_held_or_needed_any_more(
    shop: earmark.Database, end: Callable[[earmark.Database], None]
) -> None:
    name = asked(shop)
    end(shop)
    shown = earmark.appeal(shop, name)
    assert (shown.state, shown.open) == (AppealState.OVER, Decimal(0))
    before = rows_of(shop)
    with pytest.raises(AppealEnded):
        earmark.give(shop, Give(appeal=name, by="Ana"))
    assert rows_of(shop) == before


def test_goods_that_were_blocked_since_are_not_given(shop: earmark.Database) -> None:
    name = asked(shop)
    earmark.change_number(shop, ChangeNumber(item_no="X", numbers=A, is_blocked=True))
    assert state(shop, name) is AppealState.OVER
    earmark.change_number(shop, ChangeNumber(item_no="X", numbers=A, is_blocked=False))
    assert state(shop, name) is AppealState.WAITING


# -- Keeping and withdrawing -------------------------------------------------------------------


def test_who_keeps_it_says_why_and_who_asked_reads_it(shop: earmark.Database) -> None:
    name, before = asked(shop), held(shop, "SO1/1")
    with pytest.raises(WhyKept, match="Tell Ben why SO1/1"):
        earmark.keep(shop, KeepUnits(appeal=name, by="Ana", reason="  "))
    earmark.keep(shop, KeepUnits(appeal=name, by="Ana", reason="They insist on the lot"))
    (shown,) = earmark.appeals(shop, by="Ben")
    assert (shown.state, shown.reason) == (AppealState.KEPT, "They insist on the lot")
    assert held(shop, "SO1/1") == before


def test_what_was_answered_or_withdrawn_is_not_answered_again(shop: earmark.Database) -> None:
    name = asked(shop)
    earmark.withdraw(shop, Withdraw(appeal=name, by="Ben", allowed=MAY_RESERVE))
    assert state(shop, name) is AppealState.WITHDRAWN
    for use_case, command in STEPS.values():
        with pytest.raises(AppealEnded, match="it was withdrawn"):
            use_case(shop, replace(command, appeal=name))  # type: ignore[call-arg]


@pytest.mark.parametrize("name", ["", "abc", "17", "9" * 30, "\u0661"])
def test_an_appeal_that_is_not_there_is_refused(shop: earmark.Database, name: str) -> None:
    with pytest.raises(AppealUnknown):
        earmark.give(shop, Give(appeal=name))


def test_answered_by_many_at_once_it_is_answered_once(shop: earmark.Database) -> None:
    name = asked(shop)
    answers: list[Callable[[], Outcome]] = [
        partial(use_case, shop, replace(command, appeal=name))  # type: ignore[call-arg]
        for use_case, command in (*STEPS.values(), *STEPS.values())
    ]
    said = together(answers)
    assert len([answer for answer in said if isinstance(answer, Outcome)]) == 1
    assert {a.code for a in said if isinstance(a, EarmarkError)} == {"appeal-ended"}
    assert earmark.verify(shop) == ()


# -- Who may answer ----------------------------------------------------------------------------


def test_only_who_is_asked_answers_and_only_who_asked_withdraws(shop: earmark.Database) -> None:
    name = asked(shop)
    with pytest.raises(NotAllowed, match="or to be Ana"):
        earmark.give(shop, Give(appeal=name, by="Cara", allowed=MAY_RESERVE))
    keeping = KeepUnits(appeal=name, by="Ben", reason="No", allowed=MAY_RESERVE)
    with pytest.raises(NotAllowed, match="or to be Ana"):
        earmark.keep(shop, keeping)
    with pytest.raises(NotAllowed, match="or to be Ben"):
        earmark.withdraw(shop, Withdraw(appeal=name, by="Ana", allowed=MAY_RESERVE))
    assert state(shop, name) is AppealState.WAITING


def test_an_administrator_answers_for_another_and_says_why(shop: earmark.Database) -> None:
    name, everything = asked(shop), frozenset(Operation)
    giving = Give(appeal=name, by="Ada", allowed=everything)
    with pytest.raises(ReasonMissing):
        earmark.give(shop, giving)
    assert earmark.give(shop, replace(giving, reason="Ana is ill")).reserved == 12
    assert earmark.appeal(shop, name).reason == "Ana is ill"
    assert held(shop, "SO1/1") == [(TWELVE, True, "Ana")]


# -- As every command --------------------------------------------------------------------------


def told(outcome: Outcome) -> Outcome:
    return replace(outcome, moment=0, is_preview=False)


@pytest.mark.parametrize("step", STEPS)
def test_a_preview_is_what_then_happens_and_what_is_asked_twice_happens_once(
    shop: earmark.Database, step: str
) -> None:
    name, (use_case, command) = asked(shop), STEPS[step]
    wanted: Any = replace(command, appeal=name, request_id="r1")  # type: ignore[call-arg]
    before = rows_of(shop)
    preview = use_case(shop, replace(wanted, preview=True))
    assert rows_of(shop) == before
    done = use_case(shop, wanted)
    assert told(preview) == told(done)
    after = rows_of(shop)
    assert use_case(shop, wanted) == replace(done, is_repeated=True)
    assert rows_of(shop) == after


def test_a_question_is_previewed_and_asked_once(shop: earmark.Database) -> None:
    before = rows_of(shop)
    preview = earmark.ask_holder(shop, replace(ASK, preview=True))
    assert rows_of(shop) == before
    first = earmark.ask_holder(shop, replace(ASK, request_id="r1"))
    assert told(preview) == told(first)
    again = earmark.ask_holder(shop, replace(ASK, request_id="r1"))
    assert again == replace(first, is_repeated=True)
    assert len(earmark.appeals(shop)) == 1


def test_each_is_told_as_an_event_of_both_lines(shop: earmark.Database) -> None:
    after = read.newest(settled(shop))
    earmark.give(shop, Give(appeal=asked(shop), by="Ana"))
    events = earmark.events(settled(shop), after=after).events
    assert [(e.type.removeprefix("io.earmark."), e.subject) for e in events] == [
        ("appeal.made", "SO2/1"),
        ("appeal.given", "SO2/1"),
        ("reservation.made", "SO2/1"),
        ("reservation.released", "SO1/1"),
    ]
    assert events[0].data["asked"]["holder"] == "SO1/1"
    assert events[3].data["entries"][0]["quantity"] == "12"


# -- Reading -----------------------------------------------------------------------------------


def test_answers_are_news_for_two_days_and_stay_with_their_line(shop: earmark.Database) -> None:
    name = asked(shop)
    earmark.keep(shop, KeepUnits(appeal=name, by="Ana", reason="No"))
    assert [a.appeal for a in earmark.appeals(shop, by="Ben")] == [name]
    assert earmark.appeals(shop, by="Ana") == ()
    shop.clock = lambda: NOW + timedelta(days=3)
    assert earmark.appeals(shop) == ()
    assert [a.appeal for a in earmark.appeals(shop, line="SO2/1")] == [name]
    assert earmark.appeals(shop, line="SO1/1") == ()


def test_what_needs_a_person_is_told_to_whom_it_is_asked_of_and_the_answer_to_who_asked(
    shop: earmark.Database,
) -> None:
    name = asked(shop)
    anas, bens = (earmark.needing_attention(shop, user=user) for user in ("Ana", "Ben"))
    anybodys = earmark.needing_attention(shop)
    assert [a.appeal for a in anas.asked_of] == [a.appeal for a in bens.asked_by] == [name]
    assert [a.appeal for a in anybodys.asked_of] == [name]
    assert bens.asked_of == anas.asked_by == anybodys.asked_by == ()
    earmark.keep(shop, KeepUnits(appeal=name, by="Ana", reason="No"))
    bens, anybodys = (earmark.needing_attention(shop, user=user) for user in ("Ben", ""))
    assert [a.reason for a in (*bens.asked_by, *anybodys.asked_by)] == ["No", "No"]
    assert earmark.needing_attention(shop, user="Ana").asked_of == ()
    withdrawn = asked(shop)
    earmark.withdraw(shop, Withdraw(appeal=withdrawn, by="Ben"))
    assert [a.appeal for a in earmark.needing_attention(shop, user="Ben").asked_by] == [name]


def test_what_is_over_is_news_for_two_days_and_what_waits_as_long_as_it_does(
    shop: earmark.Database,
) -> None:
    over = asked(shop)
    earmark.set_up(shop, SetUp(items=(Item(item_no="Y"),)))
    _holder_gone(shop)
    assert [a.appeal for a in earmark.appeals(shop)] == [over]
    shop.clock = lambda: NOW + timedelta(days=3)
    assert earmark.appeals(shop) == ()
    earmark.reserve(shop, Reserve(line="SO1/1", numbers=Choice.ALL, by="Ana"))
    assert [(a.appeal, a.state) for a in earmark.appeals(shop)] == [(over, AppealState.WAITING)]
