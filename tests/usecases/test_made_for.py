"""A supply that is made for a demand is bound to it, or it is said why not."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

import earmark
from earmark import (
    ChangeStatus,
    Delete,
    DocumentEntry,
    DocumentKind,
    DocumentStatus,
    EditLine,
    EnterDocuments,
    LineEntry,
    Outcome,
    Reserve,
    Undo,
)
from earmark.usecases.exchange import Subject
from tests import stories
from tests.usecases.exchange_shop import exported

MAKING, BUYING = DocumentKind.PRODUCTION_ORDER, DocumentKind.PURCHASE_ORDER
PLANNED, RELEASED = DocumentStatus.PLANNED, DocumentStatus.RELEASED


@pytest.fixture
def shop(database: earmark.Database) -> earmark.Database:
    """An order for five of an item tracked by lot."""
    stories.open_shop(database)
    stories.sales(database, SO1=5)
    return database


def enter(
    database: earmark.Database,
    kind: DocumentKind,
    document_no: str,
    status: DocumentStatus | None = None,
    **more: Any,  # noqa: ANN401
) -> Outcome:
    """A document of one line for five, made for SO1/1."""
    given = {"made_for": "SO1/1", "quantity": Decimal(5), **more}
    line = LineEntry(item_no="X", location_code=stories.PLACE, **given)
    entry = DocumentEntry(kind=kind, document_no=document_no, status=status, lines=(line,))
    return earmark.enter_documents(database, EnterDocuments(documents=(entry,)))


def bound(database: earmark.Database) -> dict[str, Decimal]:
    """What SO1/1 has bound, by its supply."""
    found = earmark.reservations(database, "SO1/1")
    return {entry.supply: entry.quantity for entry in found if entry.binding}


def release(database: earmark.Database, **more: Any) -> Outcome:  # noqa: ANN401
    command = ChangeStatus(document_no="MO1", status=RELEASED, **more)
    return earmark.change_status(database, command)


def sentences(outcome: Outcome) -> str:
    """What was not bound, and why."""
    return " ".join(w.message for w in outcome.warnings if w.code == "not-bound")


def test_under_a_number_that_was_deleted_it_is_bound_again(shop: earmark.Database) -> None:
    enter(shop, MAKING, "MO1")
    earmark.delete(shop, Delete(reference="MO1"))
    assert bound(shop) == {}
    assert not sentences(enter(shop, MAKING, "MO1"))
    assert bound(shop) == {"MO1/1": Decimal(5)}
    assert earmark.verify(shop) == ()


def test_a_planned_one_is_bound_when_it_is_released_and_free_again_when_that_is_undone(
    shop: earmark.Database,
) -> None:
    said = sentences(enter(shop, MAKING, "MO1", PLANNED))
    assert said == (
        "MO1/1 is not bound to SO1/1: MO1 is planned. "
        "It will be once MO1 is firm planned or released."
    )
    assert bound(shop) == {}
    preview = release(shop, preview=True)
    assert (sentences(preview), bound(shop)) == ("", {})
    done = release(shop)
    assert bound(shop) == {"MO1/1": Decimal(5)}
    earmark.undo(shop, Undo(posting=str(done.moment)))
    assert bound(shop) == {}
    assert earmark.verify(shop) == ()


def test_what_stands_in_its_way_by_then_is_said_and_keeps_no_status_back(
    shop: earmark.Database,
) -> None:
    enter(shop, MAKING, "MO1", PLANNED, date=date(2026, 12, 9))
    earmark.edit_line(shop, EditLine(line="SO1/1", date=date(2026, 12, 1)))
    assert "is expected 2026-12-09" in sentences(release(shop))
    assert bound(shop) == {}
    assert earmark.document(shop, "MO1").status == "released"


@pytest.mark.parametrize(
    ("meanwhile", "said"),
    [
        (lambda shop: earmark.delete(shop, Delete(reference="SO1")), "no line SO1/1"),
        (
            lambda shop: earmark.edit_line(shop, EditLine(line="SO1/1", location_code="WEST")),
            "has nothing available",
        ),
        (lambda shop: earmark.reserve(shop, Reserve(line="SO1/1")), "nothing is left to reserve"),
    ],
)
def test_a_demand_that_can_not_be_bound_any_more_is_said(
    shop: earmark.Database,
    meanwhile: Callable[[earmark.Database], object],
    said: str,
) -> None:
    enter(shop, MAKING, "MO1", PLANNED)
    stories.stock(shop, stories.row("A", 5))
    meanwhile(shop)
    assert said in sentences(release(shop))
    assert earmark.verify(shop) == ()


def test_a_demand_that_has_everything_leaves_nothing_to_bind(shop: earmark.Database) -> None:
    stories.stock(shop, stories.row("A", 5))
    earmark.reserve(shop, Reserve(line="SO1/1"))
    said = sentences(enter(shop, BUYING, "PO1"))
    assert said == "PO1/1 is not bound to SO1/1: nothing is left to reserve of that."


def test_of_a_planned_one_the_demand_keeps_numbers_of_its_own(shop: earmark.Database) -> None:
    """In an export it would otherwise be thought to have taken them over."""
    earmark.track(shop, earmark.Track(line="SO1/1", numbers=stories.lots({"B": 2})))
    enter(shop, MAKING, "MO1", PLANNED, numbers=stories.lots({"A": 5}))
    lines = exported(shop, Subject.TRACKING, "line", "lot_no")
    assert sorted(lines) == [("MO1/1", "A"), ("SO1/1", "B")]


def test_of_more_than_the_demand_needs_only_that_is_bound(shop: earmark.Database) -> None:
    nine = stories.lots({"A": 5, "B": 4})
    assert not sentences(enter(shop, BUYING, "PO1", quantity=Decimal(9), numbers=nine))
    assert bound(shop) == {"PO1/1": Decimal(5)}
    assert earmark.line(shop, "SO1/1").tracked == Decimal(5)
