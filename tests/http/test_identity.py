"""Who asks is told by a session, by a token, or by nothing; and everything else is refused."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, Depends

import earmark
from earmark.core.accounts import ChangeAccount, MakeToken
from earmark.core.commands import Cancel
from earmark.core.roles import Operation, Role
from earmark.http.identity import Caller, caller, may
from earmark.http.serving import Serving
from earmark.usecases import accounts
from tests.office import PASSWORD, READ, Clock, add
from tests.serving import served

router = APIRouter()


@router.get("/api/who")
def who(asking: Annotated[Caller, Depends(caller)]) -> list[str]:
    return [asking.user, asking.role]


@router.post("/api/post")
def post(asking: Annotated[Caller, Depends(may(Operation.POST))]) -> str:
    return asking.user


@router.get("/api/rate")
def rate(asking: Annotated[Caller, Depends(may(Operation.RATE))]) -> str:
    return asking.user


@pytest.fixture
def serving(office: earmark.Database) -> Serving:
    return Serving(database=office)


@pytest.fixture
def address(serving: Serving) -> Iterator[str]:
    with served(serving, router) as at:
        yield at


@pytest.fixture
def browser(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address) as client:
        client.headers.update({"origin": address, "accept": "text/html"})
        yield client


def token_of(page: httpx.Response) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


def sign_in(browser: httpx.Client, user_name: str, password: str = PASSWORD) -> httpx.Response:
    form = {"user_name": user_name, "password": password, "next": "/api/who"}
    token = token_of(browser.get("/login"))
    return browser.post("/login", data={**form, "csrf_token": token})


def bearer(secret: str) -> dict[str, str]:
    return {"authorization": f"Bearer {secret}"}


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def make_token(database: earmark.Database, secret: str, scopes: frozenset[Operation]) -> None:
    command = MakeToken(user_name="Ben", name="Shop", scopes=scopes)
    accounts.make_token(database, command, secret=secret)


# -- Sessions ----------------------------------------------------------------------------------


def test_who_signs_in_is_known_until_he_signs_out(browser: httpx.Client) -> None:
    answer = sign_in(browser, "ben")
    assert (answer.status_code, answer.headers["location"]) == (303, "/api/who")
    assert browser.get("/api/who").json() == ["Ben", "order-processor"]
    kept = dict(browser.cookies)
    browser.post("/logout", data={"csrf_token": token_of(browser.get("/account"))})
    assert "earmark-session" not in browser.cookies
    browser.cookies.update(kept)
    assert code(browser.get("/api/who")) == (401, "not-signed-in")


def test_the_cookie_of_a_session_is_out_of_the_reach_of_scripts(browser: httpx.Client) -> None:
    (cookie,) = (
        c for c in sign_in(browser, "ben").headers.get_list("set-cookie") if "session=" in c
    )
    assert cookie.startswith("earmark-session=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie


def test_over_https_the_cookie_is_bound_to_the_host(serving: Serving) -> None:
    behind = replace(serving, public_url="https://stock.example")
    with served(behind) as address:
        page = httpx.get(f"{address}/login")
        (visit,) = page.headers.get_list("set-cookie")
        assert visit.startswith("__Host-earmark-visit=")
        assert "Secure" in visit
        form = {"user_name": "ben", "password": PASSWORD, "csrf_token": token_of(page)}
        headers = {"cookie": visit.partition(";")[0], "origin": "https://stock.example"}
        answer = httpx.post(f"{address}/login", data=form, headers=headers)
    cookies = answer.headers.get_list("set-cookie")
    assert any(c.startswith("__Host-earmark-session=") and "Secure" in c for c in cookies)


@pytest.mark.parametrize(("user_name", "password"), [("ben", "wrong"), ("nobody", PASSWORD)])
def test_a_wrong_password_and_an_unknown_user_are_answered_with_the_same_page(
    browser: httpx.Client, user_name: str, password: str
) -> None:
    answer = sign_in(browser, user_name, password)
    assert answer.status_code == 401
    assert "sign-in-failed" in answer.text
    assert "earmark-session" not in browser.cookies


def test_who_tries_too_often_waits_whether_there_is_such_a_user_or_not(
    browser: httpx.Client,
) -> None:
    for user_name in ("ben", "nobody"):
        tried = [sign_in(browser, user_name, "wrong").status_code for _ in range(5)]
        assert tried == [401] * 5
        refused = sign_in(browser, user_name.upper())
        assert refused.status_code == 429
        assert 0 < int(refused.headers["retry-after"]) <= 60
    assert sign_in(browser, "ada").status_code == 303


def test_who_remembers_his_password_in_time_starts_from_nothing(browser: httpx.Client) -> None:
    for _ in range(3):
        assert [sign_in(browser, "ben", "wrong").status_code for _ in range(3)] == [401] * 3
        assert sign_in(browser, "ben").status_code == 303
        browser.cookies.clear()


def test_a_form_of_another_browser_signs_nobody_in(address: str, browser: httpx.Client) -> None:
    foreign = token_of(httpx.get(f"{address}/login"))
    form = {"user_name": "ben", "password": PASSWORD, "csrf_token": foreign}
    assert "page-stale" in browser.post("/login", data=form).text


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("/sales-orders?x=1", "/sales-orders?x=1"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("evil", "/"),
        ("/a\r\nb", "/"),
    ],
)
def test_after_signing_in_one_goes_to_a_page_of_ours(
    browser: httpx.Client, wanted: str, given: str
) -> None:
    form = {"user_name": "ben", "password": PASSWORD, "next": wanted}
    token = token_of(browser.get("/login"))
    answer = browser.post("/login", data={**form, "csrf_token": token})
    assert answer.headers["location"] == given
    assert browser.get("/login", params={"next": wanted}).headers["location"] == given


def test_a_page_asks_who_must_sign_in_and_brings_him_back(browser: httpx.Client) -> None:
    answer = browser.get("/sales-orders")
    assert answer.headers["location"] == "/login?next=%2Fsales-orders"


def test_who_is_not_signed_in_is_not_told_who_was_here(browser: httpx.Client) -> None:
    page = browser.get("/login").text
    assert "Ada" not in page
    assert "/sales-orders" not in page
    assert "/live" not in page


def test_a_session_that_changes_something_needs_the_token(browser: httpx.Client) -> None:
    sign_in(browser, "ada")
    assert code(browser.post("/api/post")) == (403, "page-stale")
    sent = {"x-csrf-token": token_of(browser.get("/account"))}
    assert browser.post("/api/post", headers=sent).json() == "Ada"


# -- Roles and tokens --------------------------------------------------------------------------


def test_a_role_decides(browser: httpx.Client, office: earmark.Database) -> None:
    sign_in(browser, "ben")
    assert code(browser.get("/api/rate")) == (403, "not-allowed")
    change = ChangeAccount(user_name="Ben", role=Role.QUALITY)
    accounts.change_account(office, change)
    assert browser.get("/api/rate").json() == "Ben"


def test_a_token_needs_neither_cookie_nor_page(address: str, office: earmark.Database) -> None:
    add(office, "Wim", Role.WAREHOUSE)
    command = MakeToken(user_name="Wim", name="Scanner", scopes=READ | {Operation.POST})
    accounts.make_token(office, command, secret="t1")
    assert httpx.post(f"{address}/api/post", headers=bearer("t1")).json() == "Wim"
    assert httpx.get(f"{address}/api/who", headers=bearer("t1")).json() == ["Wim", "warehouse"]


def test_a_token_may_only_what_its_scopes_and_its_owner_may(
    address: str, office: earmark.Database
) -> None:
    accounts.change_account(office, ChangeAccount(user_name="Ben", role=Role.ADMINISTRATOR))
    make_token(office, "t1", READ)
    make_token(office, "t2", READ | {Operation.POST})
    assert code(httpx.post(f"{address}/api/post", headers=bearer("t1"))) == (403, "not-allowed")
    assert httpx.post(f"{address}/api/post", headers=bearer("t2")).status_code == 200
    accounts.change_account(office, ChangeAccount(user_name="Ben", role=Role.VIEWER))
    assert code(httpx.post(f"{address}/api/post", headers=bearer("t2"))) == (403, "not-allowed")


@pytest.mark.parametrize("sent", ["Bearer wrong", "Bearer", "Basic YTpi", "", "t1"])
def test_what_is_not_a_token_is_nobody_also_with_a_session(
    browser: httpx.Client, office: earmark.Database, sent: str
) -> None:
    make_token(office, "t1", READ)
    sign_in(browser, "ben")
    refused = browser.get("/api/who", headers={"authorization": sent})
    assert code(refused) == (401, "not-signed-in")


def test_a_token_makes_no_tokens(address: str, office: earmark.Database) -> None:
    make_token(office, "t1", READ)
    form = {"name": "more", "scopes": "reserve"}
    refused = httpx.post(f"{address}/account/tokens", data=form, headers=bearer("t1"))
    assert code(refused) == (401, "not-signed-in")
    assert len(accounts.tokens(office)) == 1


# -- Where nobody needs to sign in -------------------------------------------------------------


def test_the_owner_needs_to_sign_in_from_the_first_account_on(clock: Clock) -> None:
    empty = earmark.open("sqlite:///:memory:", clock)
    with served(Serving(database=empty, owner="max"), router) as address:
        assert httpx.get(f"{address}/api/who").json() == ["max", "administrator"]
        add(empty, "Ada", Role.ADMINISTRATOR)
        assert code(httpx.get(f"{address}/api/who")) == (401, "not-signed-in")
    empty.close()


def test_what_another_server_passes_on_is_not_the_owner(clock: Clock) -> None:
    empty = earmark.open("sqlite:///:memory:", clock)
    with served(Serving(database=empty, owner="max"), router) as address:
        refused = httpx.get(f"{address}/api/who", headers={"x-forwarded-for": "10.0.0.1"})
        assert code(refused) == (401, "not-signed-in")
    empty.close()


def test_where_nobody_signs_in_nobody_is_restricted_in_what_he_takes_over() -> None:
    command = Cancel(line="SO1/1")
    ana = Caller(user="Ana", role=Role.PLANNER)
    assert ana.signed(command, reason="Why").allowed == ana.allowed
    assert (ana.signed(command).by, ana.signed(command, reason="Why").reason) == ("Ana", "Why")
    assert replace(ana, is_signed_in=False).signed(command).allowed is None


def test_where_nobody_signs_in_nobody_has_an_account(clock: Clock) -> None:
    empty = earmark.open("sqlite:///:memory:", clock)
    with served(Serving(database=empty, open_to="Ana")) as address:
        assert httpx.get(f"{address}/account").status_code == 404
        assert httpx.get(f"{address}/login").headers["location"] == "/"
    empty.close()
