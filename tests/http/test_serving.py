"""The server answers, and says whether its database does."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import earmark
from earmark.cli.reach import Reach, who_may
from earmark.core.roles import Role
from earmark.errors import ValueInvalid
from earmark.errors.access import ListensHereOnly
from earmark.http.hosts import is_known
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


# -- The first start ---------------------------------------------------------------------------

PROGRAM = str(Path(sys.executable).with_name("earmark"))
HERE = "127.0.0.1"
EVERYWHERE = "0.0.0.0"  # noqa: S104 - what these tests see refused


def reach(**options: object) -> Reach:
    return Reach(**options)  # type: ignore[arg-type]


@pytest.fixture
def empty() -> Iterator[earmark.Database]:
    """A database without accounts."""
    opened = earmark.open("sqlite:///:memory:")
    yield opened
    opened.close()


def test_the_first_start_serves_the_owner_and_says_how_to_let_others_in(tmp_path: Path) -> None:
    with subprocess.Popen(
        [PROGRAM, "serve", "--port", "0"], cwd=tmp_path, stdout=subprocess.PIPE, text=True
    ) as serving:
        try:
            assert serving.stdout is not None
            said = serving.stdout.readline(), serving.stdout.readline()
            page = httpx.get(f"{said[0].split()[4]}sales-orders", timeout=30)
        finally:
            serving.terminate()
    assert f"at http://{HERE}:" in said[0]
    assert "earmark user add NAME --role administrator" in said[1]
    assert page.status_code == 200


@pytest.mark.parametrize("host", [HERE, "localhost", "::1"])
def test_on_this_machine_the_owner_is_served_until_there_is_an_account(
    empty: earmark.Database, host: str
) -> None:
    serving = reach().serving(empty, host)
    assert serving.owner
    assert not serving.open_to
    assert "only this machine reaches it" in who_may(serving)


@pytest.mark.parametrize(
    ("options", "host"),
    [({}, EVERYWHERE), ({}, "10.0.0.1"), ({"public_url": "https://stock.example"}, HERE)],
)
def test_without_an_administrator_nobody_else_is_listened_to(
    empty: earmark.Database, office: earmark.Database, options: dict[str, object], host: str
) -> None:
    with pytest.raises(ListensHereOnly, match="earmark user add NAME --role administrator"):
        reach(**options).serving(empty, host)
    serving = reach(**options).serving(office, host)
    assert not serving.owner
    assert "signs in" in who_may(serving)


def test_the_demonstration_is_open_to_this_machine_and_to_others_if_asked_for(
    empty: earmark.Database,
) -> None:
    assert "everybody is Ana" in who_may(reach().demonstration(empty, HERE))
    with pytest.raises(ListensHereOnly, match="--open-to-all"):
        reach().demonstration(empty, EVERYWHERE)
    everywhere = reach(open_to_all=True).demonstration(empty, EVERYWHERE)
    assert is_known(everywhere, "any.example")
    with pytest.raises(ValueInvalid):
        reach(open_to_all=True).serving(empty, HERE)


def test_a_provider_that_makes_administrators_will_do(empty: earmark.Database) -> None:
    known = {
        "oidc_issuer": "https://id.example",
        "oidc_client_id": "earmark",
        "oidc_role_claim": "groups",
        "allowed_host": ["Stock.example"],
    }
    with pytest.raises(ListensHereOnly):
        reach(**known).serving(empty, EVERYWHERE)
    roles = "stock=planner, admins = administrator"
    serving = reach(**known, oidc_roles=roles, oidc_default_role="none").serving(empty, EVERYWHERE)
    assert serving.openid is not None
    assert serving.openid.provider.roles == {"stock": Role.PLANNER, "admins": Role.ADMINISTRATOR}
    assert serving.openid.provider.default_role is None
    assert not is_known(serving, "evil.example")
    assert is_known(serving, "stock.example")


@pytest.mark.parametrize(
    "options",
    [
        {"oidc_issuer": "http://id.example", "oidc_client_id": "earmark"},
        {"oidc_issuer": "https://id.example"},
        {"oidc_issuer": "https://id.example", "oidc_client_id": "e", "oidc_roles": "a=king"},
        {"oidc_issuer": "https://id.example", "oidc_client_id": "e", "oidc_default_role": "king"},
    ],
)
def test_a_provider_that_is_set_up_wrongly_is_refused_at_the_start(
    empty: earmark.Database, options: dict[str, object]
) -> None:
    with pytest.raises(ValueInvalid):
        reach(**options).serving(empty, HERE)
