"""`earmark demo`: the story shows the figures it always has."""

from decimal import Decimal
from pathlib import Path

import pytest

from earmark.cli import demonstration
from earmark.cli.demonstration import Step
from earmark.cli.main import run
from tests.cli.conftest import Shell


@pytest.fixture(scope="session")
def story_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The company of the story, made once for all tests of a worker."""
    file = tmp_path_factory.mktemp("story") / "story.db"
    assert run(["demo", "--only-fill", "--database", str(file)]) == 0
    return file


@pytest.fixture
def story(shell: Shell, story_file: Path, tmp_path: Path) -> Shell:
    """The shell, with a copy of the story as the database in its folder."""
    (tmp_path / "earmark.db").write_bytes(story_file.read_bytes())
    return shell


def test_of_240_for_st_anna_180_can_be_had_and_60_can_not(story: Shell) -> None:
    view = story("why SO4711/2 --json").json
    figures = [view[name] for name in ("total_supply", "needed", "can_be_reserved", "missing")]
    assert figures == ["744", "240", "180", "60"]


def test_every_supply_of_1040_is_what_the_pictures_say(story: Shell) -> None:
    rows = story("candidates SO4711/2 --json").json
    free = {
        (row["supply"] if "#" not in row["supply"] else row["numbers"]["lot_no"]): (
            row["quantity"],
            row["available"],
            row["reasons"],
        )
        for row in rows
    }
    assert free == {
        "L2503": ("96", "20", []),
        "L2411": ("120", "0", ["shelf-life"]),
        "L2406": ("48", "0", ["shelf-life"]),
        "L2417": ("60", "0", ["number-blocked"]),
        "L2430": ("54", "0", ["other-location"]),
        "TO61/1": ("36", "36", []),
        "PO1208/1": ("144", "84", []),
        "PO1214/1": ("240", "0", ["too-late"]),
    }


def test_naming_the_lots_moves_one_holder_and_reserves_180(story: Shell) -> None:
    outcome = story("reserve SO4711/2 --numbers all --json").json
    assert (outcome["reserved"], outcome["shortfall"]) == ("180", "0")
    (move,) = outcome["moves"]
    assert (move["line"], move["quantity"]) == ("SO4698/1", "40")
    assert move["from_numbers"]["lot_no"] == "L2503"
    assert move["to_numbers"]["lot_no"] == "L2411"


def test_the_order_is_reserved_as_in_the_picture(story: Shell) -> None:
    view = story("order show SO4711 --json").json
    reserved = [(line["reserved_in_unit"], line["reserved_from_stock"]) for line in view["lines"]]
    assert reserved == [
        ("5", "partial"),
        ("0", "none"),
        ("96", "full"),
        ("300", "full"),
        ("144", "none"),
        ("12", "partial"),
        ("6", "full"),
        ("200", "partial"),
        ("48", "full"),
        ("500", "full"),
    ]


def test_168_of_1040_are_promised_and_318_are_open(story: Shell) -> None:
    lines = [
        line
        for document in story("order list --json").json
        for line in document["lines"]
        if line["item_no"] == "1040" and line["is_demand"]
    ]
    assert sum(Decimal(line["reserved"]) for line in lines) == 168
    assert sum(Decimal(line["unreserved"]) for line in lines) == 318


def test_the_demonstration_is_told_to_its_end_within_eighty_columns(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    answer = shell("demo")
    assert (answer.code, answer.err) == (0, "")
    assert max(map(len, answer.out.splitlines())) <= 80
    for said in ("60 of 240 can not be reserved", "SO4698/1", "nothing found", "Now you"):
        assert said in answer.out


def test_the_demonstration_is_made_anew_over_one_of_its_own(shell: Shell) -> None:
    assert shell("demo --only-fill").code == 0
    shell("reserve SO4711/2 --database earmark-demo.db")
    assert shell("demo --only-fill").code == 0
    line = shell("order show SO4711/2 --database earmark-demo.db --json").json["line"]
    assert line["reserved"] == "0"


def test_the_demonstration_is_not_made_in_memory(shell: Shell) -> None:
    answer = shell("demo --database sqlite:///:memory:")
    assert (answer.code, "name a file" in answer.err) == (6, True)


def test_the_demonstration_ends_with_the_step_that_fails(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = (Step("Nowhere.", "order show NOWHERE"), Step("Never.", "verify"))
    monkeypatch.setattr(demonstration, "STEPS", steps)
    answer = shell("demo")
    assert answer.code == 3
    assert "Never." not in answer.out


def test_the_demonstration_keeps_away_from_the_documents_of_others(company: Shell) -> None:
    answer = company("demo --database earmark.db")
    assert (answer.code, "holds documents already" in answer.err) == (6, True)
    assert company("order show SO1").code == 0
