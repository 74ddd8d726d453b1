"""Units on the wire: said as people say them, told exactly; what is left out stays as it is."""

from collections.abc import Iterator

import httpx
import pytest

import earmark
from earmark import Item, SetUp
from earmark.client import Client
from earmark.usecases import catalog


@pytest.fixture
def http(address: str) -> Iterator[httpx.Client]:
    """The API without our client before it."""
    with httpx.Client(base_url=f"{address}/api/v1") as opened:
        yield opened


def items(http: httpx.Client, **egg: object) -> httpx.Response:
    return http.post("/set-up", json={"items": [{"item_no": "EGG", **egg}]})


def told(http: httpx.Client) -> dict[str, object]:
    rows = http.get("/items?begins_with=EGG").json()["rows"]
    assert len(rows) == 1
    egg: dict[str, object] = rows[0]
    return egg


def test_units_are_said_and_told(http: httpx.Client) -> None:
    units = {"PCS": "12 PCS = 1 DOZ", "TRAY": "2.5", "BOX": 30, "T": "10/3", "HALF": "0.50000"}
    assert items(http, base_unit="DOZ", units=units).status_code == 200
    assert told(http)["units"] == {
        "PCS": "1/12",
        "TRAY": "2.5",
        "BOX": "30",
        "T": "10/3",
        "HALF": "0.5",
    }


def test_what_is_left_out_stays_as_it_is(http: httpx.Client) -> None:
    items(http, base_unit="DOZ", units={"PCS": "1/12"}, variants=["RED"])
    assert items(http, description="Eggs").status_code == 200
    egg = told(http)
    assert (egg["description"], egg["base_unit"], egg["units"], egg["variants"]) == (
        "Eggs",
        "DOZ",
        {"PCS": "1/12"},
        ["RED"],
    )


def test_a_client_names_what_its_record_names(client: Client, shop: earmark.Database) -> None:
    first = Item(item_no="EGG", base_unit="DOZ", units={"PCS": "12 PCS = 1 DOZ"})
    client.set_up(SetUp(items=(first,)))
    client.set_up(SetUp(items=(Item(item_no="EGG", description="Eggs"),)))
    (egg,) = (item for item in catalog.items(shop) if item.item_no == "EGG")
    assert (egg.description, egg.units) == ("Eggs", first.units)


@pytest.mark.parametrize(
    "factor", ["0", "-1", "1/0", "x", "1E+1000000", 1.5, True, "12 PCS = 1 BOX", "1 BAG = 2 DOZ"]
)
def test_a_factor_that_is_none_is_refused(http: httpx.Client, factor: object) -> None:
    answer = items(http, base_unit="DOZ", units={"PCS": factor})
    assert answer.status_code in (400, 422)
    assert answer.json()["code"] in ("quantity-invalid", "value-invalid", "fields-invalid")
    assert http.get("/items?begins_with=EGG").json()["rows"] == []


def test_a_figure_beyond_all_measure_is_no_fault(http: httpx.Client) -> None:
    for figure in ("1E+1000000", "9" * 400, "1E-1000000"):
        answer = http.post("/lines/SO1/1/reserve", json={"quantity": figure})
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (
            422,
            "quantity-invalid",
        )
