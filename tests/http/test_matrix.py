"""The matrix of who may do what: every role, and every scope of a token, at every door there is.

It knows no route by name but those that ask nobody who he is. A route that asks for no permission
fails here.
"""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import earmark
from earmark.core.accounts import MakeToken
from earmark.core.roles import Operation, Role, allows
from earmark.http.serving import Serving
from earmark.server import application
from earmark.usecases import accounts
from tests.http.matrix import Door, doors
from tests.office import Clock, add
from tests.serving import served

FOR_ANYBODY = {
    "GET /",
    "GET /login",
    "POST /login",
    "POST /logout",
    "GET /login/openid",
    "GET /login/openid/return",
}
"""Who is not signed in yet has to be let in to sign in; the first page only sends one on."""
WITHOUT_A_QUESTION = ("/health/", "/static/", "/favicon.ico")
"""What tells nothing of the database."""
TOO_LITTLE = 403
NOBODY = 401


@pytest.fixture(scope="module")
def staff(tmp_path_factory: pytest.TempPathFactory) -> Iterator[earmark.Database]:
    """One of each role, each with a token for all he may; and a token of each scope."""
    folder = tmp_path_factory.mktemp("staff")
    opened = earmark.open(f"sqlite:///{folder / 'staff.sqlite'}", Clock())
    for role in sorted(Role, key=lambda role: role is not Role.ADMINISTRATOR):
        add(opened, role, role)
        scopes = frozenset(one for one in Operation if allows(role, one))
        command = MakeToken(user_name=role, name="all", scopes=scopes)
        accounts.make_token(opened, command, secret=role.value)
    for scope in Operation:
        command = MakeToken(user_name=Role.ADMINISTRATOR, name="one", scopes=frozenset({scope}))
        accounts.make_token(opened, command, secret=f"scope {scope}")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def client(staff: earmark.Database) -> Iterator[httpx.Client]:
    """What knocks at the doors."""
    with served(Serving(database=staff)) as at, httpx.Client(base_url=at, timeout=30) as client:
        yield client


def every_door() -> list[Door]:
    database = earmark.open("sqlite:///:memory:")
    app = application(Serving(database=database))
    found = doors(app)
    app.state.imports.close()  # it is not served, so that nobody else does
    database.close()
    return found


DOORS = every_door()
GUARDED = [door for door in DOORS if door.operations]


def status(client: httpx.Client, door: Door, token: str = "") -> int:
    """What a knock is answered with; an answer without an end is not waited for."""
    headers = {"authorization": f"Bearer {token}"} if token else {}
    with client.stream(door.method, door.address, headers=headers) as answer:
        return answer.status_code


def refused(client: httpx.Client, token: str) -> set[str]:
    """The doors that stay shut."""
    return {str(door) for door in GUARDED if status(client, door, token) == TOO_LITTLE}


def test_every_route_asks_for_a_permission() -> None:
    open_doors = {str(door) for door in DOORS if door.is_for_anybody}
    assert open_doors == FOR_ANYBODY
    unguarded = [
        str(door)
        for door in DOORS
        if not (door.operations or door.is_for_oneself or door.is_for_anybody)
        and not door.path.startswith(WITHOUT_A_QUESTION)
    ]
    assert not unguarded, f"these ask nobody for a permission: {', '.join(unguarded)}"


def test_there_are_doors_of_many_kinds() -> None:
    assert {Operation.READ, Operation.ADMINISTER} <= {
        o for door in GUARDED for o in door.operations
    }
    assert any(door.is_for_oneself for door in DOORS)


def test_whoever_is_not_signed_in_comes_in_nowhere(client: httpx.Client) -> None:
    closed = [door for door in DOORS if door.operations or door.is_for_oneself]
    answers = {str(door): status(client, door) for door in closed}
    assert set(answers.values()) == {NOBODY}, answers


@pytest.mark.parametrize("role", Role)
def test_a_role_opens_the_doors_that_its_row_in_the_table_says(
    client: httpx.Client, role: Role
) -> None:
    shut = {str(d) for d in GUARDED if not all(allows(role, o) for o in d.operations)}
    assert refused(client, role.value) == shut


@pytest.mark.parametrize("scope", Operation)
def test_a_scope_of_a_token_opens_no_other_door(client: httpx.Client, scope: Operation) -> None:
    shut = {str(door) for door in GUARDED if door.operations != {scope}}
    assert refused(client, f"scope {scope}") == shut


def test_no_token_opens_what_is_for_oneself(client: httpx.Client) -> None:
    own = [door for door in DOORS if door.is_for_oneself]
    assert {status(client, door, Role.ADMINISTRATOR.value) for door in own} == {NOBODY}


def test_the_table_of_permissions_is_in_the_guide() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "guide" / "security.md").read_text()
    for role in Role:
        allowed = ["yes" if allows(role, operation) else "" for operation in Operation]
        assert f"| {role} | {' | '.join(allowed)} |" in guide
