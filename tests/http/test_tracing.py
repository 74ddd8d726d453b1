"""Traces are sent where the environment says, and OpenTelemetry's SDK is not even imported else."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

import earmark
from earmark.http import tracing
from earmark.http.serving import Serving
from tests.serving import served

TRACE = "0af7651916cd43dd8448eb211c80319c"


class Collector(ThreadingHTTPServer):
    """Takes in what an exporter sends."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.taken: list[tuple[str, bytes]] = []


class _Taking(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, Collector)
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.taken.append((self.path, body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_request_is_a_span_of_the_trace_it_names(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(tracing.ENDPOINT, f"http://127.0.0.1:{collector.server_port}")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
    database = earmark.open("sqlite:///:memory:")
    with served(Serving(database=database, open_to="Ana")) as address:
        headers = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
        httpx.get(f"{address}/api/v1/lines/SO9/1?as_of=2026-11-24T10:45:00Z", headers=headers)
    database.close()
    ((path, body),) = collector.taken
    assert path == "/v1/traces"
    assert bytes.fromhex(TRACE) in body
    for told in (b"GET /api/v1/lines/{line:line}", b"line-unknown", b"Ana"):
        assert told in body
    assert b"as_of" not in body


def test_without_an_address_nothing_is_imported() -> None:
    program = (
        "import sys, earmark.server, earmark.http.tracing as t; assert t.provider() is None;"
        "sys.exit(any(name.startswith('opentelemetry.sdk') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
