"""What was asked and answered is taken back as any other command: by a new entry in history."""

from typing import Any

import pytest

import earmark
from earmark import AppealState, Give, KeepUnits, Outcome, Undo
from earmark.errors import NotAllowed
from earmark.errors.undoing import AlreadyUndone, NotUndoable, Superseded
from tests.appealing import MAY_RESERVE, asked, held, open_shop, state


@pytest.fixture
def shop(database: earmark.Database) -> earmark.Database:
    """24 of lot A, all of them reserved for SO1 by Ana, who named the lot; SO2 needs 30."""
    return open_shop(database)


def undo(shop: earmark.Database, moment: int | str, by: str, **more: Any) -> Outcome:  # noqa: ANN401
    return earmark.undo(shop, Undo(posting=str(moment), by=by, **more))


def test_giving_is_undone_and_the_question_waits_again(shop: earmark.Database) -> None:
    name, before = asked(shop), held(shop, "SO1/1")
    given = earmark.give(shop, Give(appeal=name, by="Ana"))
    with pytest.raises(NotAllowed, match="take-over of Ben"):
        undo(shop, given.moment, "Ana", allowed=MAY_RESERVE)
    undo(shop, given.moment, "Ana")
    assert held(shop, "SO1/1") == before
    assert held(shop, "SO2/1") == []
    assert state(shop, name) is AppealState.WAITING
    assert earmark.verify(shop) == ()


def test_an_undo_of_giving_is_not_undone_for_it_can_be_given_again(
    shop: earmark.Database,
) -> None:
    name = asked(shop)
    given = earmark.give(shop, Give(appeal=name, by="Ana"))
    undone = undo(shop, given.moment, "Ana")
    with pytest.raises(NotUndoable, match="it can be given again"):
        undo(shop, undone.moment, "Ana")
    assert earmark.give(shop, Give(appeal=name, by="Ana")).reserved == 12


def test_keeping_is_undone_by_who_kept_it(shop: earmark.Database) -> None:
    name = asked(shop)
    kept = earmark.keep(shop, KeepUnits(appeal=name, by="Ana", reason="No"))
    with pytest.raises(NotAllowed, match="or to be Ana"):
        undo(shop, kept.moment, "Ben", allowed=MAY_RESERVE)
    undo(shop, kept.moment, "Ana", allowed=MAY_RESERVE)
    assert state(shop, name) is AppealState.WAITING
    with pytest.raises(AlreadyUndone):
        undo(shop, kept.moment, "Ana")


def test_a_question_is_undone_as_if_withdrawn_and_asked_again(shop: earmark.Database) -> None:
    name = asked(shop)
    undone = undo(shop, name, "Ben", allowed=MAY_RESERVE)
    assert state(shop, name) is AppealState.WITHDRAWN
    undo(shop, undone.moment, "Ben", allowed=MAY_RESERVE)
    assert state(shop, name) is AppealState.WAITING


def test_a_question_that_was_answered_since_is_not_undone(shop: earmark.Database) -> None:
    name = asked(shop)
    earmark.keep(shop, KeepUnits(appeal=name, by="Ana", reason="No"))
    with pytest.raises(Superseded, match="it was kept since"):
        undo(shop, name, "Ben")


def test_an_answer_is_not_taken_back_where_it_was_asked_anew(shop: earmark.Database) -> None:
    kept = earmark.keep(shop, KeepUnits(appeal=asked(shop), by="Ana", reason="No"))
    asked(shop)
    with pytest.raises(Superseded, match="has asked again since"):
        undo(shop, kept.moment, "Ana")
