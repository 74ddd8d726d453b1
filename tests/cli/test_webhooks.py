"""`earmark webhook`."""

from pathlib import Path

import pytest

import earmark
from earmark.usecases.delivering import Answered, Delivery, deliver_due
from tests.cli.conftest import Shell
from tests.receiver import receiving


def test_a_webhook_is_added_tried_switched_and_removed(
    company: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EARMARK_WEBHOOKS_PRIVATE", "1")
    with receiving() as receiver:
        added = company(f"webhook add {receiver.url} --type reservation.* --json").json
        webhook = added["webhook_id"]
        assert added["secret"].startswith("whsec_")
        assert "204" in company(f"webhook test {webhook}").out
        company("reserve SO2/1")
        event = company("events --type reservation.made --limit 1 --json").json["id"]
        assert company(f"webhook redeliver {webhook} {event} --json").json[0]["status"] == 204
        assert receiver.ids[1] == event
    assert len(company(f"webhook deliveries {webhook} --json").json) == 2
    company(f"webhook off {webhook}")
    assert "switched off" in company("webhook list").out
    company(f"webhook on {webhook}")
    shown = company(f"webhook show {webhook} --json")
    assert shown.json["is_active"] is True
    assert added["secret"] not in shown.out + company("webhook list --json").out
    company(f"webhook remove {webhook}")
    assert "None." in company("webhook list").out
    assert company(f"webhook show {webhook}").code == 3


def test_the_secret_is_told_once(company: Shell) -> None:
    command = "webhook add https://shop.example/hook --request-id r1"
    assert "whsec_" in company(command).out
    assert "whsec_" not in company(command).out


def test_one_that_fails_says_how_often_and_when_it_is_tried_again(
    company: Shell, tmp_path: Path
) -> None:
    company("webhook add https://shop.example/hook")
    assert "on" in company("webhook list").out
    company("reserve SO2/1")
    database = earmark.open(f"sqlite:///{tmp_path / 'earmark.db'}")
    failing = Delivery(by="us", send=lambda *_: Answered(status=500), chance=lambda: 0.5)
    assert deliver_due(database, failing) == 1
    database.close()
    assert "failed once, next " in company("webhook list").out
