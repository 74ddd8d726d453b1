"""Scanning over HTTP."""

import httpx

import earmark
from earmark.http.serving import Serving
from tests import stories
from tests.serving import served


def test_a_code_is_read_over_http(database: earmark.Database) -> None:
    stories.open_shop(database)
    stories.stock(database, stories.row("A", 5))
    stories.sales(database, SO1=2)
    with served(Serving(database=database, open_to="Ana")) as address:
        scanned = {"text": "(10)A", "line": "SO1/1"}
        answer = httpx.post(f"{address}/api/v1/scan", json=scanned)
        mistyped = httpx.post(f"{address}/api/v1/scan", json={"text": "A", "lien": "SO1/1"})
        unknown = httpx.post(f"{address}/api/v1/scan", json={"text": "A", "line": "SO9/1"})
    assert answer.status_code == 200
    (reading,) = answer.json()["readings"]
    assert (reading["numbers"]["lot_no"], reading["fits"], reading["available"]) == ("A", True, "5")
    assert unknown.status_code == 404
    assert mistyped.json()["errors"][0]["field"] == "lien"
