"""The server answers, and says whether its database does."""

import socket
import subprocess
import sys
from pathlib import Path

import httpx

import earmark
from earmark.http.serving import Serving
from tests.serving import served


def test_a_served_database_is_live_and_ready(database: earmark.Database) -> None:
    with served(Serving(database=database, open_to="Ana")) as address:
        assert httpx.get(f"{address}/health/live").json() == {"status": "live"}
        assert httpx.get(f"{address}/health/ready").json()["status"] == "ready"


def test_serve_refuses_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [
            str(Path(sys.executable).with_name("earmark")),
            "serve",
            "--demo",
            "--port",
            port,
        ]
        refused = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert refused.returncode == 6
    assert "address-unusable" in refused.stderr
    assert not list(tmp_path.iterdir())
