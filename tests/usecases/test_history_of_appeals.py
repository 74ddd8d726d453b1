"""The history of one line tells what was asked for it and of it, and what became of that."""

import pytest

import earmark
from earmark import Give, HistoryFilter, KeepUnits, Numbers, Undo, Withdraw
from tests.appealing import A, B, asked, open_shop
from tests.stories import LOT

Told = list[tuple[str, str, str]]


@pytest.fixture
def shop(database: earmark.Database) -> earmark.Database:
    """24 of lot A, all of them reserved for SO1 by Ana, who named the lot; SO2 needs 30."""
    return open_shop(database)


def told(shop: earmark.Database, reference: str, *, as_of: int | None = None) -> Told:
    """What history says of a line or document since the shop opened, oldest first."""
    rows = earmark.history(shop, reference, as_of=as_of)
    opened = ("enter", "track", "reserve", "receive", "adjust")
    return [(r.verb, r.by, r.reason) for r in reversed(rows) if r.verb not in opened]


def listed(shop: earmark.Database, chosen: HistoryFilter) -> list[str]:
    """The verbs of the commands of appeals and undos that a page of history shows, oldest first."""
    rows = earmark.changes(shop, chosen).rows
    verbs = ("ask", "give", "keep", "withdraw", "undo")
    return [row.verb for row in reversed(rows) if row.verb in verbs]


ASKED, KEPT, WITHDRAWN = ("ask", "Ben", ""), ("keep", "Ana", "No"), ("withdraw", "Ben", "")


@pytest.mark.parametrize("reference", ["SO2/1", "SO1/1", "SO2", "SO1"])
def test_who_asks_and_who_is_asked_both_read_it_in_the_history_of_their_line(
    shop: earmark.Database, reference: str
) -> None:
    earmark.keep(shop, KeepUnits(appeal=asked(shop), by="Ana", reason="No"))
    again = asked(shop)
    earmark.withdraw(shop, Withdraw(appeal=again, by="Ben"))
    given = earmark.give(shop, Give(appeal=asked(shop), by="Ana"))
    gave = ("give", "Ana", "")
    assert told(shop, reference) == [ASKED, KEPT, ASKED, WITHDRAWN, ASKED, gave]
    assert told(shop, reference, as_of=given.moment - 1)[-1] == ASKED
    assert told(shop, reference, as_of=int(again)) == [ASKED, KEPT, ASKED]


def test_the_history_of_another_line_tells_nothing_of_it(shop: earmark.Database) -> None:
    earmark.keep(shop, KeepUnits(appeal=asked(shop), by="Ana", reason="No"))
    assert told(shop, "SO1/2") == []
    assert told(shop, "SO") == []


@pytest.mark.parametrize("reference", ["SO2/1", "SO1/1"])
def test_an_answer_that_was_taken_back_stays_in_history_with_its_undo(
    shop: earmark.Database, reference: str
) -> None:
    kept = earmark.keep(shop, KeepUnits(appeal=asked(shop), by="Ana", reason="No"))
    earmark.undo(shop, Undo(posting=str(kept.moment), by="Ana"))
    taken_back = ("undo", "Ana", "")
    assert told(shop, reference) == [ASKED, KEPT, taken_back]


@pytest.mark.parametrize("reference", ["SO2/1", "SO1/1"])
def test_a_question_that_was_taken_back_and_asked_anew_stays_with_both_undos(
    shop: earmark.Database, reference: str
) -> None:
    undone = earmark.undo(shop, Undo(posting=asked(shop), by="Ben"))
    earmark.undo(shop, Undo(posting=str(undone.moment), by="Ben"))
    taken_back = ("undo", "Ben", "")
    assert told(shop, reference) == [ASKED, taken_back, taken_back]


def test_an_undo_of_something_else_is_none_of_an_appeal(shop: earmark.Database) -> None:
    earmark.keep(shop, KeepUnits(appeal=asked(shop), by="Ana", reason="No"))
    number = earmark.ChangeNumber(item_no=LOT, numbers=A, description="cold", by="Tom")
    record = earmark.change_number(shop, number)
    earmark.undo(shop, Undo(posting=str(record.moment), by="Tom"))
    assert told(shop, "SO2/1") == [ASKED, KEPT]


@pytest.mark.parametrize(
    "chosen",
    [
        HistoryFilter(reference="SO1/1"),
        HistoryFilter(item_no=LOT),
        HistoryFilter(item_no=LOT, reference="SO2/1"),
        HistoryFilter(item_no=LOT, numbers=A),
        HistoryFilter(item_no=LOT, numbers=A, reference="SO1/1"),
    ],
)
def test_history_that_is_narrowed_tells_of_appeals_as_the_whole_does(
    shop: earmark.Database, chosen: HistoryFilter
) -> None:
    kept = earmark.keep(shop, KeepUnits(appeal=asked(shop), by="Ana", reason="No"))
    earmark.undo(shop, Undo(posting=str(kept.moment), by="Ana"))
    assert listed(shop, chosen) == ["ask", "keep", "undo"]


@pytest.mark.parametrize("numbers", [B, Numbers(serial_no="A")])
def test_the_history_of_another_number_tells_nothing_of_it(
    shop: earmark.Database, numbers: Numbers
) -> None:
    asked(shop)
    assert listed(shop, HistoryFilter(item_no=LOT, numbers=numbers)) == []
