"""Webhooks over HTTP, for administrators."""

import httpx

import earmark
from earmark.http.serving import Serving
from tests import stories
from tests.receiver import receiving
from tests.serving import served


def test_a_webhook_lives_its_life_over_http(database: earmark.Database) -> None:
    stories.open_shop(database)
    serving = Serving(database=database, open_to="Ana", allows_private_webhooks=True)
    with receiving() as receiver, served(serving) as address:
        hooks = httpx.Client(base_url=f"{address}/api/v1")
        added = hooks.post("/webhooks", json={"url": receiver.url, "types": ["goods.*"]})
        assert added.status_code == 201
        assert added.json()["secret"].startswith("whsec_")
        one = f"/webhooks/{added.json()['webhook']['webhook_id']}"
        stories.stock(database, stories.row("A", 1))
        receiver.wait_for(1)
        assert hooks.post(f"{one}/test").json()["status"] == 204
        again = hooks.post(f"{one}/redeliver", json={"event_id": receiver.ids[0]})
        assert again.json()["status"] == 204
        assert len(hooks.get(f"{one}/deliveries").json()) >= 2
        off = hooks.patch(one, json={"is_active": False, "because": "rest"})
        assert off.json()["inactive_because"] == "rest"
        assert hooks.get(one).json() == hooks.get("/webhooks").json()[0]
        assert "secret" not in hooks.get(one).json()
        assert hooks.delete(one).status_code == 204
        assert hooks.get(one).status_code == 404
        assert hooks.post("/webhooks", json={"url": "ftp://x"}).status_code == 422
        hooks.close()


def test_who_may_not_administer_sees_no_webhook(database: earmark.Database) -> None:
    with served(Serving(database=database)) as address:
        assert httpx.get(f"{address}/api/v1/webhooks").status_code == 401


def test_a_change_whose_answer_was_lost_is_made_once_and_answered_alike(
    database: earmark.Database,
) -> None:
    serving = Serving(database=database, open_to="Ana")
    with served(serving) as address, httpx.Client(base_url=f"{address}/api/v1") as hooks:
        new, key = {"url": "https://shop.example/hook"}, {"idempotency-key": "once"}
        first, again = (hooks.post("/webhooks", json=new, headers=key) for _ in range(2))
        assert again.json() == first.json()
        assert again.headers["idempotency-replayed"] == "true"
        (hook,) = hooks.get("/webhooks").json()
        other = hooks.post("/webhooks", json={"url": "https://a.example"}, headers=key)
        assert other.json()["code"] == "request-reused"
        one, key = f"/webhooks/{hook['webhook_id']}", {"idempotency-key": "gone"}
        gone = [hooks.delete(one, headers=key, params={"reason": "moved"}) for _ in range(2)]
        assert [answer.status_code for answer in gone] == [204, 204]
    assert earmark.history(database, limit=1)[0].reason == "moved"


def test_what_a_change_of_webhooks_does_not_know_is_refused(database: earmark.Database) -> None:
    with served(Serving(database=database, open_to="Ana")) as address:
        new = {"url": "https://shop.example/hook"}
        tried = httpx.post(f"{address}/api/v1/webhooks?preview=true", json=new)
        assert tried.json()["errors"][0]["field"] == "preview"
        mistyped = httpx.post(f"{address}/api/v1/webhooks", json={**new, "typse": ["goods.*"]})
        assert mistyped.json()["errors"][0]["field"] == "typse"
        assert httpx.get(f"{address}/api/v1/webhooks").json() == []
