"""The split screen in one reading: what is typed is decided as it will be saved."""

from decimal import Decimal

import pytest

import earmark
from earmark import Numbers, SupplyTake, Take
from earmark.errors import ExceedsOutstanding
from earmark.usecases.split_screen import SplitScreen, split_screen

LINE = "SO4711/2"


def taken(supply: str, quantity: int, lot_no: str, *, specific: bool = True) -> SupplyTake:
    """So much of a supply, by its number or any."""
    return SupplyTake(
        supply=supply, quantity=Decimal(quantity), numbers=Numbers(lot_no), is_specific=specific
    )


def with_takes(database: earmark.Database, *takes: SupplyTake) -> SplitScreen:
    """The screen of the line that is short, with what is typed."""
    return split_screen(database, LINE, takes)


def test_what_is_proposed_is_what_can_be_had(story: earmark.Database) -> None:
    proposal = with_takes(story).proposal
    assert sum(take.quantity for take in proposal) == Decimal(180)
    outcome = earmark.take(story, Take(line=LINE, takes=proposal, may_move=("SO4698/1",)))
    assert outcome.reserved == Decimal(180)
    assert with_takes(story).proposal == ()


def test_what_is_typed_says_who_will_move_before_it_is_saved(story: earmark.Database) -> None:
    takes = (taken("stock", 60, "L2503"), taken("PO1208/1", 84, "L2521", specific=False))
    tried = with_takes(story, *takes).tried
    assert (tried.specific, tried.any, tried.differences) == (Decimal(60), Decimal(84), ())
    saved = earmark.take(story, Take(line=LINE, takes=takes))
    assert tried.moves == saved.moves


def test_a_row_that_gives_less_shows_yours_and_now(story: earmark.Database) -> None:
    tried = with_takes(story, taken("PO1208/1", 90, "L2521")).tried
    (difference,) = tried.differences
    assert (difference.yours, difference.now) == (Decimal(90), Decimal(84))


def test_what_can_not_be_stays_typed_with_the_refusal(story: earmark.Database) -> None:
    tried = with_takes(story, taken("PO1214/1", 241, "L2533")).tried
    assert isinstance(tried.refusal, ExceedsOutstanding)
    assert tried.specific == Decimal(241)


def test_a_number_that_is_typed_settles_as_when_it_is_entered(story: earmark.Database) -> None:
    earmark.reserve(
        story, earmark.Reserve(line="SO4716/1", supply="PO1208/1", quantity=Decimal(10))
    )
    take = taken("stock", 20, "L2406")
    tried = split_screen(story, "SO4716/1", [take]).tried
    assert (tried.moves, tried.differences) == ((), ())
    assert earmark.take(story, Take(line="SO4716/1", takes=(take,))).reserved == Decimal(20)


def test_rows_are_found_by_their_words_and_the_first_are_shown(
    story: earmark.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = split_screen(story, LINE, words="l2503 2027")
    assert [(row.supply, row.numbers.lot_no) for row in found.rows] == [
        ("stock", "L2503"),
        ("TO61/1", "L2503"),
    ]
    assert (found.everything, found.usable, found.found) == (8, 3, 2)
    monkeypatch.setattr("earmark.usecases.split_screen.AT_MOST", 2)
    first = split_screen(story, LINE)
    assert (len(first.rows), first.found) == (2, 8)
    assert all(row.is_usable for row in first.rows)


def test_ways_out_are_looked_for_among_few_supplies(
    story: earmark.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert with_takes(story).why is not None
    monkeypatch.setattr("earmark.usecases.split_screen.AT_MOST", 3)
    assert with_takes(story).why is None
