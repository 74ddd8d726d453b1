"""Moments are in the order of commits, also where the clock of another process was ahead."""

from pathlib import Path

import pytest

import earmark
from earmark import Adjust
from earmark.core.recorded import BEGINNING
from earmark.database import events
from earmark.database.unit_of_work import reading
from earmark.errors import Conflict
from tests import stories

AHEAD = 2**61


def test_a_clock_that_went_back_is_a_conflict_once_and_loses_no_command(tmp_path: Path) -> None:
    database = earmark.open(f"sqlite:///{tmp_path / 'stock.db'}")
    stories.open_shop(database)
    with database.transaction(writes=True) as session:
        insert = "INSERT INTO command (request_id, moment, at, content, outcome) VALUES"
        session.channel.tell(f"{insert} ('ahead', {AHEAD}, 0, '[]', '[]')")
    goods = Adjust(rows=(stories.row("A", 1),))
    with pytest.raises(Conflict):
        earmark.adjust(database, goods)
    assert not earmark.inventory(database)
    assert earmark.adjust(database, goods).moment > AHEAD
    with reading(database) as session:
        told = events.settled(session, BEGINNING, 10)
    assert [one.moment for one in told][-2] == AHEAD
    database.close()
