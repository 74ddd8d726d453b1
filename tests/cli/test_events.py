"""`earmark events`: what was committed, listed and followed."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import earmark
from tests import stories
from tests.cli.conftest import Shell


def test_events_are_listed_in_order_and_chosen(company: Shell) -> None:
    company("reserve SO2/1 --by Ana")
    said = company("events --type reservation.* --subject SO2")
    assert "reservation.made" in said.out
    assert "reserved 8" in said.out
    assert "Ana" in said.out
    assert "None." in company("events --item NONE").out


def test_in_json_each_event_is_a_line_and_the_next_page_goes_on(company: Shell) -> None:
    lines = company("events --limit 3 --json").out.splitlines()
    events = [json.loads(line) for line in lines]
    assert [event["specversion"] for event in events] == ["1.0"] * 3
    (after,) = company(f"events --limit 1 --after {events[1]['id']} --json").out.splitlines()
    assert json.loads(after) == events[2]
    assert "There are more" in company("events --limit 3").out


def test_following_prints_what_happens_until_ctrl_c(tmp_path: Path) -> None:
    file = tmp_path / "followed.db"
    database = earmark.open(f"sqlite:///{file}")
    stories.open_shop(database)
    program = str(Path(sys.executable).with_name("earmark"))
    options = ["--follow", "--json", "--database", str(file), "--after", "0-0"]
    # Whoever is started in the background of a shell ignores Ctrl-C, and so would its children.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    following = subprocess.Popen([program, "events", *options], stdout=subprocess.PIPE, text=True)
    try:
        assert following.stdout is not None
        assert json.loads(following.stdout.readline())["type"] == "io.earmark.setup.changed"
        stories.stock(database, stories.row("A", 1))
        assert json.loads(following.stdout.readline())["type"] == "io.earmark.goods.adjusted"
        following.send_signal(signal.SIGINT)
        assert following.wait(timeout=20) == 130
    finally:
        following.kill()
        following.communicate()
        signal.signal(signal.SIGINT, before)
    database.close()
