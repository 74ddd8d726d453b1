"""What another has reserved is taken over with the permission and a reason, or not at all."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

import earmark
from earmark import Cancel, Change, DocumentKind, Hold, Numbers, Reserve
from earmark.core.roles import Operation
from earmark.errors import EarmarkError, NotAllowed, ReasonMissing
from tests import stories

MAY_RESERVE = frozenset({Operation.RESERVE})
MAY_TAKE_OVER = MAY_RESERVE | {Operation.TAKE_OVER}
ONE = Decimal(1)

Attempt = Callable[[earmark.Database, str, frozenset[Operation] | None, str], earmark.Outcome]


@pytest.fixture
def shop(database: earmark.Database) -> earmark.Database:
    """Two of lot A and two of lot B; SO1 is reserved by Ben, two of any lot."""
    stories.open_shop(database)
    stories.stock(database, stories.row("A", 2), stories.row("B", 2))
    orders = [("SO1", stories.line(2)), ("SO2", stories.line(2, tracked={"A": 2}))]
    stories.orders(database, DocumentKind.SALES_ORDER, orders)
    earmark.reserve(database, Reserve(line="SO1/1", by="Ben"))
    return database


def cancel(
    shop: earmark.Database, by: str, allowed: frozenset[Operation] | None, reason: str
) -> earmark.Outcome:
    return earmark.cancel(shop, Cancel(line="SO1/1", by=by, allowed=allowed, reason=reason))


def change(
    shop: earmark.Database, by: str, allowed: frozenset[Operation] | None, reason: str
) -> earmark.Outcome:
    command = Change(line="SO1/1", quantity=ONE, by=by, allowed=allowed, reason=reason)
    return earmark.change(shop, command)


def hold(
    shop: earmark.Database, by: str, allowed: frozenset[Operation] | None, reason: str
) -> earmark.Outcome:
    command = Hold(line="SO1/1", until=None, by=by, allowed=allowed, reason=reason)
    return earmark.hold(shop, command)


EACH = pytest.mark.parametrize("attempt", [cancel, change, hold])


def holders(shop: earmark.Database, line: str) -> set[str]:
    return {entry.by for entry in earmark.reservations(shop, line)}


@EACH
def test_who_may_not_take_over_changes_only_what_he_reserved_himself(
    shop: earmark.Database, attempt: Attempt
) -> None:
    with pytest.raises(NotAllowed, match="take-over of Ben"):
        attempt(shop, "Ana", MAY_RESERVE, "It is urgent")
    assert attempt(shop, "Ben", MAY_RESERVE, "").reference == "SO1/1"


@EACH
def test_who_may_take_over_says_why(shop: earmark.Database, attempt: Attempt) -> None:
    for silent in ("", "  "):
        with pytest.raises(ReasonMissing):
            attempt(shop, "Ana", MAY_TAKE_OVER, silent)
    attempt(shop, "Ana", MAY_TAKE_OVER, "St. Anna needs it today")
    latest = earmark.history(shop)[0]
    assert (latest.by, latest.reason) == ("Ana", "St. Anna needs it today")


@EACH
def test_where_nobody_has_a_role_nobody_needs_a_reason(
    shop: earmark.Database, attempt: Attempt
) -> None:
    assert attempt(shop, "Ana", None, "").reference == "SO1/1"


def test_what_nobody_is_known_to_have_reserved_is_nobodys(shop: earmark.Database) -> None:
    earmark.cancel(shop, Cancel(line="SO1/1"))
    earmark.reserve(shop, Reserve(line="SO1/1"))
    assert cancel(shop, "Ana", MAY_RESERVE, "").released == 2


def test_late_binding_moves_a_reservation_and_leaves_it_to_who_made_it(
    shop: earmark.Database,
) -> None:
    wanted = Reserve(line="SO2/1", numbers=Numbers(lot_no="A"), by="Ana", allowed=MAY_RESERVE)
    assert earmark.reserve(shop, wanted).moved == ("SO1/1",)
    assert holders(shop, "SO1/1") == {"Ben"}
    assert holders(shop, "SO2/1") == {"Ana"}


def test_what_was_taken_over_in_part_stays_with_who_made_it(shop: earmark.Database) -> None:
    change(shop, "Ana", MAY_TAKE_OVER, "St. Anna needs it today")
    assert holders(shop, "SO1/1") == {"Ben"}


def test_from_the_side_of_the_supply_the_same_rule_holds(database: earmark.Database) -> None:
    stories.open_shop(database)
    stories.orders(database, DocumentKind.PURCHASE_ORDER, [("PO1", stories.line(2))])
    stories.orders(database, DocumentKind.SALES_ORDER, [("SO1", stories.line(2))])
    earmark.reserve(database, Reserve(line="SO1/1", by="Ben"))
    command = Cancel(line="PO1/1", by="Ana", allowed=MAY_RESERVE)
    with pytest.raises(NotAllowed):
        earmark.cancel(database, command)
    taken = replace(command, allowed=MAY_TAKE_OVER, reason="The supplier has nothing")
    assert earmark.cancel(database, taken).released == 2


def test_among_many_each_answers_for_itself(shop: earmark.Database) -> None:
    earmark.reserve(shop, Reserve(line="SO2/1", numbers=Numbers(lot_no="A"), by="Ana"))
    mine, bens = (Cancel(line=f"{so}/1", by="Ana", allowed=MAY_RESERVE) for so in ("SO2", "SO1"))
    answers = earmark.cancel_each(shop, [bens, mine])
    assert isinstance(answers[0], EarmarkError)
    assert answers[0].code == "not-allowed"
    assert isinstance(answers[1], earmark.Outcome)


def test_the_reason_is_no_part_of_the_request(shop: earmark.Database) -> None:
    once = Cancel(line="SO1/1", by="Ana", reason="One", request_id="R1")
    earmark.cancel(shop, once)
    assert earmark.cancel(shop, replace(once, reason="Another")).is_repeated
