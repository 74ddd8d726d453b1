"""Signing in by an identity provider, against a real one."""

import json
from collections.abc import Iterator
from typing import Any

import flask
import httpx
import pytest

import earmark
from earmark.core.roles import Role
from earmark.http import openid
from earmark.http.serving import Serving
from earmark.usecases import accounts
from tests.http.provider import Provider, provider, query_of
from tests.serving import served

pytestmark = [  # the provider in the test is a step behind the library that we both use
    pytest.mark.filterwarnings("ignore::DeprecationWarning:authlib"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:oidc_provider_mock"),
]

CLEO = {
    "preferred_username": "cleo",
    "name": "Cleo Stern",
    "email": "ada@example.com",
    "email_verified": False,
    "groups": ["everybody", "stock"],
}
ROLES = {"admins": Role.ADMINISTRATOR, "stock": Role.PLANNER}


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    with provider() as known:
        known.knows("c1", CLEO)
        yield known


class Visitor:
    """A browser at our server, which may go to the provider and come back."""

    def __init__(self, address: str, elsewhere: Provider) -> None:
        self.browser = httpx.Client(base_url=address, headers={"accept": "text/html"})
        self.elsewhere = elsewhere

    def go(self, wanted: str = "/sales-orders") -> str:
        answer = self.browser.get("/login/openid", params={"next": wanted})
        return answer.headers["location"]

    def come_back(self, back: str) -> httpx.Response:
        return self.browser.get(back)

    def sign_in(self, subject: str = "c1") -> httpx.Response:
        return self.come_back(self.elsewhere.sign_in(self.go(), subject))


@pytest.fixture
def database() -> Iterator[earmark.Database]:
    """By the clock of the machine, as the provider's."""
    opened = earmark.open("sqlite:///:memory:")
    yield opened
    opened.close()


def serving(
    database: earmark.Database,
    elsewhere: Provider,
    **fields: Any,  # noqa: ANN401 - those of a provider
) -> Serving:
    known = openid.Provider(
        issuer=elsewhere.address, client_id="earmark", client_secret="s", **fields
    )
    return Serving(database=database, openid=openid.OpenId(known))


@pytest.fixture
def visitor(database: earmark.Database, elsewhere: Provider) -> Iterator[Visitor]:
    with served(serving(database, elsewhere, role_claim="groups", roles=ROLES)) as address:
        made = Visitor(address, elsewhere)
        yield made
        made.browser.close()


def is_in(visitor: Visitor) -> bool:
    return visitor.browser.get("/account").status_code == 200


def test_who_signs_in_at_the_provider_is_signed_in_here(
    visitor: Visitor, database: earmark.Database
) -> None:
    assert "single sign-on" in visitor.browser.get("/login").text
    answer = visitor.sign_in()
    assert (answer.status_code, answer.headers["location"]) == (303, "/sales-orders")
    assert is_in(visitor)
    (cleo,) = accounts.all_accounts(database)
    assert (cleo.user_name, cleo.name, cleo.role) == ("cleo", "Cleo Stern", Role.PLANNER)
    assert (cleo.issuer, cleo.subject) == (visitor.elsewhere.address, "c1")
    assert len(visitor.elsewhere.verified) == 1


def test_the_provider_is_asked_with_state_nonce_and_challenge(visitor: Visitor) -> None:
    first, second = query_of(visitor.go()), query_of(visitor.go())
    assert first["response_type"] == "code"
    assert first["code_challenge_method"] == "S256"
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) >= 43
        assert first[name] != second[name]


def test_the_role_follows_the_groups_each_time(
    visitor: Visitor, database: earmark.Database
) -> None:
    visitor.sign_in()
    visitor.elsewhere.knows("c1", {**CLEO, "groups": ["everybody"]})
    visitor.browser.cookies.clear()
    visitor.sign_in()
    assert accounts.all_accounts(database)[0].role is Role.VIEWER


def test_an_answer_that_this_browser_did_not_ask_for_signs_nobody_in(
    visitor: Visitor, elsewhere: Provider
) -> None:
    back = elsewhere.sign_in(visitor.go(), "c1")
    visitor.browser.cookies.clear()
    visitor.browser.get("/login")
    answer = visitor.come_back(back)
    assert answer.status_code == 403
    assert "provider-refused" in answer.text
    assert not is_in(visitor)


def test_a_code_counts_once(visitor: Visitor, elsewhere: Provider) -> None:
    back = elsewhere.sign_in(visitor.go(), "c1")
    visit = dict(visitor.browser.cookies)
    assert visitor.come_back(back).status_code == 303
    visitor.browser.cookies.clear()
    visitor.browser.cookies.update(visit)
    assert visitor.come_back(back).status_code == 403


@pytest.mark.parametrize(
    "query", ["", "?error=access_denied", "?state=x&code=y", "?state=.&code=y"]
)
def test_a_way_back_that_leads_from_nowhere_signs_nobody_in(visitor: Visitor, query: str) -> None:
    visitor.go()
    assert visitor.come_back(f"/login/openid/return{query}").status_code == 403
    assert not is_in(visitor)


def test_who_said_no_at_the_provider_is_not_signed_in(visitor: Visitor) -> None:
    state = query_of(visitor.go())["state"]
    answer = visitor.come_back(f"/login/openid/return?error=access_denied&state={state}")
    assert "access_denied" in answer.text
    assert not is_in(visitor)


def lies(field: str, value: object) -> Any:  # noqa: ANN401 - what flask takes
    """An answer of the provider with another value in it."""

    def changed(answer: flask.Response) -> flask.Response:
        told = {**json.loads(answer.get_data()), field: value}
        return flask.Response(json.dumps(told), content_type="application/json")

    return changed


def test_what_another_has_signed_is_not_believed(visitor: Visitor, elsewhere: Provider) -> None:
    sent_to = visitor.go()
    with provider() as other:
        elsewhere.changes["/jwks"] = lies("keys", httpx.get(f"{other.address}/jwks").json()["keys"])
    assert visitor.come_back(elsewhere.sign_in(sent_to, "c1")).status_code == 403
    elsewhere.changes.clear()
    assert visitor.sign_in().status_code == 303


@pytest.mark.parametrize(
    ("path", "field", "value"),
    [
        ("/oauth2/token", "id_token", "no token"),
        ("/oauth2/token", "id_token", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJjMSJ9."),
        ("/jwks", "keys", []),
    ],
)
def test_a_provider_that_does_not_prove_what_it_says_signs_nobody_in(
    visitor: Visitor, elsewhere: Provider, path: str, field: str, value: object
) -> None:
    elsewhere.changes[path] = lies(field, value)
    assert visitor.sign_in().status_code == 403
    assert not is_in(visitor)


def test_a_provider_with_another_name_is_not_the_one_that_was_meant(
    visitor: Visitor, elsewhere: Provider
) -> None:
    elsewhere.changes["/.well-known/openid-configuration"] = lies("issuer", "https://evil.example")
    answer = visitor.browser.get("/login/openid")
    assert answer.status_code == 503
    assert "evil.example" in answer.text


def test_a_provider_that_is_away_is_said_to_be(database: earmark.Database) -> None:
    away = Provider(address="http://localhost:9")
    with served(serving(database, away)) as address:
        answer = httpx.get(f"{address}/login/openid", headers={"accept": "text/html"})
    assert answer.status_code == 503
    assert "provider-unusable" in answer.text


def test_where_there_is_no_provider_there_is_no_way_to_one(database: earmark.Database) -> None:
    with served(Serving(database=database)) as address:
        assert httpx.get(f"{address}/login/openid").status_code == 404
        assert "single sign-on" not in httpx.get(f"{address}/login").text


def test_who_is_in_no_group_that_may_come_in_stays_out(
    database: earmark.Database, elsewhere: Provider
) -> None:
    known = {"role_claim": "realm_access.roles", "roles": ROLES, "default_role": None}
    with served(serving(database, elsewhere, **known)) as address:
        visitor = Visitor(address, elsewhere)
        assert visitor.sign_in().status_code == 403
        elsewhere.knows("c2", {"realm_access": {"roles": ["admins"]}})
        assert visitor.sign_in("c2").status_code == 303
        visitor.browser.close()
    assert [(a.user_name, a.role) for a in accounts.all_accounts(database)] == [
        ("c2", Role.ADMINISTRATOR)
    ]


def test_an_address_that_nobody_checked_names_nobody(
    database: earmark.Database, elsewhere: Provider
) -> None:
    elsewhere.knows("c3", {"email": "ada@example.com", "email_verified": False})
    elsewhere.knows("c4", {"email": "ada@example.com", "email_verified": True})
    with served(serving(database, elsewhere)) as address:
        for subject in ("c3", "c4"):
            visitor = Visitor(address, elsewhere)
            assert visitor.sign_in(subject).status_code == 303
            visitor.browser.close()
    assert [a.user_name for a in accounts.all_accounts(database)] == ["ada@example.com", "c3"]
    assert accounts.all_accounts(database)[0].role is Role.VIEWER
