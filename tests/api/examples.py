"""Writes the examples of the OpenAPI document: ``.venv/bin/python -m tests.api.examples``.

Every operation is asked for on the company of the demonstration, on the morning of its story; what
is sent and what is answered are the examples. Moments differ from run to run and are made the same.
"""

import json
from pathlib import Path
from typing import Any

import httpx

import earmark
from earmark.http.serving import Serving
from earmark.usecases import demonstration
from earmark.usecases.webhooks import all_webhooks
from tests.serving import served

FILE = Path(__file__).parents[2] / "src" / "earmark" / "api" / "examples.json"
MOMENT = "1827212505000000000"
ROWS_SHOWN = 3
NEW_EACH_TIME = {
    "id": "1201-58-0",
    "next": "1201-58-0",
    "reached": "1201-58",
    "webhook_id": "3f9a01c2",
    "secret": "whsec_c2VjcmV0IG9mIHRoZSBleGFtcGxlLCAzMiBieXRlcw==",
}

LOT = {"lot_no": "L2503"}
LINE = {"item_no": "1040", "quantity": "48", "location_code": "EAST", "date": "2026-12-04"}
ORDER = {"kind": "sales_order", "document_no": "SO4730", "customer_no": "C0125", "lines": [LINE]}
PUMP = {"item_no": "4100", "quantity": "1", "location_code": "EAST"}
MILK = {"item_no": "1040", "location_code": "EAST", "numbers": {"lot_no": "L2611"}}

Step = tuple[str, str, str, Any]
STEPS: tuple[Step, ...] = (
    ("list_documents", "GET", "/documents?kind=sales_order&limit=1", None),
    ("enter_documents", "POST", "/documents", {"documents": [ORDER]}),
    ("document", "GET", "/documents/SO4730", None),
    ("add_lines", "POST", "/documents/SO4730/lines", {"lines": [PUMP]}),
    ("edit_line", "PATCH", "/lines/SO4730/1", {"quantity": "36"}),
    ("line", "GET", "/lines/SO4730/1", None),
    ("list_lines", "GET", "/lines?item_no=1040&is_demand=true&sort=date&limit=2", None),
    ("change_status", "PUT", "/documents/MO308/status?preview=true", {"status": "finished"}),
    ("track", "PUT", "/lines/SO4730/1/tracking", {"numbers": [{**LOT, "quantity": "12"}]}),
    (
        "add_numbers",
        "POST",
        "/lines/SO4730/2/tracking",
        {"numbers": [{"serial_no": "SN1", "lot_no": "LOT1"}]},
    ),
    ("tracking_lines", "GET", "/lines/SO4730/1/tracking", None),
    ("select_entries", "POST", "/lines/SO4730/1/tracking/select?preview=true", {"quantity": "12"}),
    (
        "assign_numbers",
        "POST",
        "/lines/MO309/1/tracking/assign?preview=true",
        {"what": "lot", "first_no": "P61"},
    ),
    ("window", "GET", "/lines/SO4730/1/window?lot_no=L2503", None),
    ("candidates", "GET", "/lines/SO4730/1/candidates?lot_no=L2503", None),
    (
        "reserve",
        "POST",
        "/lines/SO4730/2/reserve",
        {"numbers": {"serial_no": "SN1", "lot_no": "LOT1"}},
    ),
    ("why", "GET", "/lines/SO4711/2/why", None),
    (
        "take_way_out",
        "POST",
        "/lines/SO4711/2/take-way-out?preview=true",
        {"way": "ship-earlier:2026-11-30"},
    ),
    (
        "reserve_each",
        "POST",
        "/bulk/reserve",
        {"commands": [{"line": "SO4730/1", "numbers": LOT}, {"line": "SO4698/1"}]},
    ),
    ("list_reservations", "GET", "/reservations?ref=SO4730/2", None),
    ("hold", "POST", "/lines/SO4730/2/hold", {"until": "2026-11-24T14:20:00Z"}),
    ("change", "POST", "/lines/SO4698/1/change", {"quantity": "36"}),
    ("cancel", "POST", "/lines/SO4698/1/cancel?preview=true", {"supply": "stock"}),
    ("cancel_each", "POST", "/bulk/cancel?preview=true", {"commands": [{"line": "SO4730/2"}]}),
    (
        "track_each",
        "POST",
        "/bulk/track?preview=true",
        {"commands": [{"line": "SO4730/1", "numbers": [{**LOT, "quantity": "24"}]}]},
    ),
    (
        "ask_holder",
        "POST",
        "/lines/SO4718/3/ask",
        {"holder": "CART88213/1", "numbers": LOT, "quantity": "12", "note": "Lindholm waits"},
    ),
    ("appeals", "GET", "/appeals?line=SO4718/3", None),
    ("appeal", "GET", "/appeals/{appeal}", None),
    ("give", "POST", "/appeals/{appeal}/give?preview=true", None),
    ("keep", "POST", "/appeals/{appeal}/keep?reason=Sold+already&preview=true", None),
    ("withdraw", "POST", "/appeals/{appeal}/withdraw", None),
    ("alerts", "GET", "/alerts?item_no=1055", None),
    ("repair", "POST", "/lines/SO4706/2/repair?preview=true", {"supply": "1055#2"}),
    (
        "post",
        "POST",
        "/postings?preview=true",
        {"posting": "ship", "line": "SO4698/1", "numbers": [{**LOT, "quantity": "40"}]},
    ),
    (
        "adjust",
        "POST",
        "/adjustments",
        {"rows": [{**MILK, "quantity": "24", "expiration_date": "2027-03-31"}]},
    ),
    (
        "reclassify",
        "POST",
        "/reclassifications?preview=true",
        {**MILK, "quantity": "12", "to_location_code": "WEST"},
    ),
    ("list_history", "GET", "/history?limit=2", None),
    ("undo", "POST", "/history/{moment}/undo", None),
    ("availability", "GET", "/items/1040/availability?location_code=EAST&lot_no=L2503", None),
    ("list_inventory", "GET", "/inventory?item_no=1040&limit=2", None),
    ("item_overview", "GET", "/items/3005/overview?location_code=EAST", None),
    ("number_overview", "GET", "/items/3005/number?lot_no=T31", None),
    ("list_items", "GET", "/items?begins_with=10&limit=2", None),
    ("item", "GET", "/items/1040", None),
    ("put_item", "PUT", "/items/1041", {"description": "Soup, tomato", "tracking_code": "LOTEXP"}),
    ("list_numbers", "GET", "/items/1040/numbers?dimension=lot&is_blocked=true", None),
    (
        "change_number",
        "PATCH",
        "/items/1040/numbers",
        {"numbers": {"lot_no": "L2417"}, "is_blocked": False},
    ),
    ("list_tracking_codes", "GET", "/tracking-codes", None),
    ("tracking_code", "GET", "/tracking-codes/LOTEXP", None),
    ("put_tracking_code", "PUT", "/tracking-codes/PACK", {"specific": ["package"]}),
    ("list_locations", "GET", "/locations", None),
    ("location", "GET", "/locations/EAST", None),
    ("put_location", "PUT", "/locations/NORTH", {"description": "The new hall", "bins": ["N1"]}),
    ("list_customers", "GET", "/customers?limit=2", None),
    ("customer", "GET", "/customers/C0114", None),
    ("put_customer", "PUT", "/customers/C0301", {"name": "Old Mill", "transit_days": 1}),
    ("set_up", "POST", "/set-up", {"locations": [{"location_code": "SOUTH"}]}),
    ("delete_line", "DELETE", "/lines/SO4730/2", None),
    ("delete_document", "DELETE", "/documents/SO4730", None),
    ("import_sheet", "POST", "/imports/locations", "location_code,description\nQUAY,The quay\n"),
    ("scan", "POST", "/scan", {"text": "(10)P2609(21)VP2-0429", "line": "SO4711/1"}),
    ("events", "GET", "/events?limit=2", None),
    (
        "add_webhook",
        "POST",
        "/webhooks",
        {"url": "https://shop.example/earmark", "types": ["reservation.*"]},
    ),
    ("list_webhooks", "GET", "/webhooks", None),
    ("show_webhook", "GET", "/webhooks/{webhook}", None),
    ("switch_webhook", "PATCH", "/webhooks/{webhook}", {"is_active": False, "because": "moving"}),
    ("list_deliveries", "GET", "/webhooks/{webhook}/deliveries", None),
    ("verify", "GET", "/verify", None),
)


def examples() -> dict[str, Any]:
    """Request and response of every operation."""
    database = earmark.open("sqlite:///:memory:", lambda: demonstration.NOW)
    demonstration.fill(database)
    shown = {}
    with (
        served(Serving(database=database, open_to="Ana")) as address,
        httpx.Client(base_url=f"{address}/api/v1", timeout=60) as client,
    ):
        for name, method, path, body in STEPS:
            moment = earmark.history(database, limit=1)[0].moment
            known = [webhook.webhook_id for webhook in all_webhooks(database)]
            asked = [appeal.appeal for appeal in earmark.appeals(database)]
            webhook, appeal = (known or [""])[0], (asked or [""])[0]
            named = path.format(moment=moment, webhook=webhook, appeal=appeal)
            answer = _send(client, method, named, body)
            assert answer.is_success, f"{name}: {answer.text}"
            shown[name] = {"request": body, "response": _same(answer.json())}
            if body is None or isinstance(body, str):
                del shown[name]["request"]
    database.close()
    return shown


def _send(client: httpx.Client, method: str, path: str, body: Any) -> httpx.Response:  # noqa: ANN401
    if isinstance(body, str):
        headers = {"content-type": "text/csv"}
        return client.request(method, path, content=body, headers=headers)
    return client.request(method, path, json=body)


def _same(told: Any) -> Any:  # noqa: ANN401
    """An answer with what differs from run to run made the same, and long lists cut."""
    if isinstance(told, dict):
        return {name: _same_field(name, value) for name, value in told.items()}
    if isinstance(told, list):
        return [_same(one) for one in told[:ROWS_SHOWN]]
    return told


def _same_field(name: str, value: Any) -> Any:  # noqa: ANN401
    if name in ("moment", "posting", "appeal") and value:
        return MOMENT
    if name in NEW_EACH_TIME and value:
        return NEW_EACH_TIME[name]
    if name == "next_cursor" and value:
        return "WyIwMDExMjIzMzQ0NTUiLCAuLi5d"
    return _same(value)


def text() -> str:
    """The file."""
    return json.dumps(examples(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
