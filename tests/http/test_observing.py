"""What a server at work shows: a line in the log for every request, figures, and no secret."""

import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import APIRouter

import earmark
from earmark import Reserve
from earmark.client import Client
from earmark.errors.requests import Fault
from earmark.http.logs import LogStyle, write_log
from earmark.http.observing import log
from earmark.http.serving import Serving
from tests import stories
from tests.serving import served

faulty = APIRouter()


@faulty.get("/api/v1/fault")
def fault() -> None:
    """A mistake of ours."""
    message = "the secret is 42"
    raise ZeroDivisionError(message)


@pytest.fixture
def address() -> Iterator[str]:
    database = earmark.open("sqlite:///:memory:")
    stories.open_shop(database)
    stories.stock(database, stories.row("L1", 4))
    stories.sales(database, SO1=6, SO2=1)
    with served(Serving(database=database, open_to="Ana"), faulty) as at:
        yield at
    database.close()


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """What is logged."""
    caplog.set_level(logging.INFO, "earmark")
    return caplog


def said(logged: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """The facts of our own lines."""
    return [line.msg for line in logged.records if isinstance(line.msg, dict)]


def test_every_request_has_a_line_in_the_log_and_a_number(
    address: str, logged: pytest.LogCaptureFixture
) -> None:
    named = httpx.get(f"{address}/api/v1/lines/SO1/1?as_of=secret", headers={"x-request-id": "r-1"})
    other = httpx.get(f"{address}/api/v1/lines/SO9/1", headers={"x-request-id": "not good"})
    assert named.headers["x-request-id"] == "r-1"
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]+", other.headers["x-request-id"])
    first, second = said(logged)
    assert first["request_id"] == "r-1"
    assert (first["method"], first["path"], first["status"]) == ("GET", "/api/v1/lines/SO1/1", 422)
    assert (second["user"], second["code"]) == ("Ana", "line-unknown")
    assert second["milliseconds"] > 0
    assert "secret" not in str(said(logged))


def test_a_mistake_of_ours_is_answered_and_logged_under_its_number(
    address: str, logged: pytest.LogCaptureFixture
) -> None:
    answer = httpx.get(f"{address}/api/v1/fault")
    assert answer.status_code == 500
    assert answer.json()["code"] == Fault.code
    assert answer.json()["facts"]["number"] == answer.headers["x-request-id"]
    assert "42" not in answer.text
    mistake, request = said(logged)
    assert (mistake["event"], request["event"]) == ("fault", "request")
    assert mistake["request_id"] == answer.headers["x-request-id"]
    assert mistake["exc_info"]


def test_the_figures_count_requests_refusals_and_reservations(address: str) -> None:
    with Client(address) as client:
        client.reserve(Reserve(line="SO1/1", request_id="one"))
        client.reserve(Reserve(line="SO1/1", request_id="one"))
        client.reserve(Reserve(line="SO2/1", preview=True))
    assert httpx.get(f"{address}/nowhere").status_code == 404
    told = httpx.get(f"{address}/metrics")
    assert told.headers["content-type"].startswith("text/plain")
    lines = told.text.splitlines()
    route = 'method="POST",route="/api/v1/lines/{line:line}/reserve"'
    assert f'earmark_http_requests_total{{{route},status="200"}} 3.0' in lines
    assert f"earmark_http_request_seconds_count{{{route}}} 3.0" in lines
    assert 'earmark_refusals_total{code="path-unknown"} 1.0' in lines
    assert 'earmark_commands_total{verb="reserve"} 1.0' in lines
    assert 'earmark_reservations_total{served="part"} 1.0' in lines


def test_the_log_is_json_for_machines(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    logger = logging.getLogger("earmark")
    for name in ("handlers", "propagate", "level"):
        monkeypatch.setattr(logger, name, getattr(logger, name))
    write_log(LogStyle.JSON)
    log.info("request", status=200)
    write_log(LogStyle.NONE)
    log.info("request", status=200)
    (line,) = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert (told["event"], told["status"], told["level"]) == ("request", 200, "info")
    assert told["timestamp"].endswith("Z")


def test_serve_logs_every_request_and_an_idle_server_is_small(tmp_path: Path) -> None:
    earmark_ = str(Path(sys.executable).with_name("earmark"))
    command = [earmark_, "serve", "--port", "0", "--log", "json"]
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        assert server.stderr is not None
        address = next(word for word in server.stdout.readline().split() if "http://" in word)
        assert httpx.get(f"{address}health/live").status_code == 200
        line = json.loads(server.stderr.readline())
        status = Path(f"/proc/{server.pid}/status")
        resident = re.search(r"VmRSS:\s+(\d+) kB", status.read_text()) if status.exists() else None
        server.terminate()
    assert (line["path"], line["status"]) == ("/health/live", 200)
    assert resident is None or int(resident[1]) < 150 * 1024
