"""Moments are in the order of commits, also where the clock of another process was ahead."""

import time
from decimal import Decimal
from pathlib import Path

import pytest

import earmark
from earmark import Adjust, Outcome, Reserve
from earmark.core.recorded import BEGINNING
from earmark.database import events
from earmark.database.unit_of_work import reading
from tests import stories

AHEAD = 2**61


def test_what_happens_after_a_clock_that_was_ahead_comes_after_it(tmp_path: Path) -> None:
    database = earmark.open(f"sqlite:///{tmp_path / 'stock.db'}")
    stories.open_shop(database)
    with database.transaction(writes=True) as session:
        insert = "INSERT INTO command (request_id, moment, at, content, outcome) VALUES"
        session.channel.tell(f"{insert} ('ahead', {AHEAD}, 0, '[]', '[]')")
    goods = Adjust(rows=(stories.row("A", 1),))
    assert earmark.adjust(database, goods).moment > AHEAD
    with reading(database) as session:
        told = events.settled(session, BEGINNING, 10)
    assert [one.moment for one in told][-2] == AHEAD
    database.close()


def test_servers_whose_clocks_differ_take_turns(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two servers a minute apart, one of which is set back on the way: no conflict, one order."""
    here, there = earmark.open(database_url), earmark.open(database_url)
    stories.open_shop(here)
    stories.stock(here, stories.row("A", 9))
    stories.sales(here, SO1=9)
    real, offset = time.time_ns, 0
    monkeypatch.setattr("earmark.database.engine.time.time_ns", lambda: real() + offset)
    moments = []
    for turn in range(8):
        server, offset = (here, 60 * 10**9) if turn % 2 else (there, -turn * 10**9)
        reserve = Reserve(line="SO1/1", quantity=Decimal(1))
        done = (
            earmark.reserve(server, reserve)
            if turn < 5
            else earmark.reserve_each(server, [reserve])[0]
        )
        assert isinstance(done, Outcome)
        moments.append(done.moment)
        (row,) = [c for c in earmark.history(server) if c.moment == done.moment]
        assert row.reference == "SO1/1"
    assert moments == sorted(set(moments))
    held = [
        sum(e.quantity for e in earmark.reservations(here, "SO1/1", as_of=moment))
        for moment in moments
    ]
    assert held == list(range(1, 9))
    assert earmark.verify(there) == ()
    here.close()
    there.close()
