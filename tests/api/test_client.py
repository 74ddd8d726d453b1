"""The client says what the library says: each of its methods, on the company of the demonstration.

Commands are previewed, so that both ask about the same state and leave it as it is.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

import earmark
from earmark import (
    AddLines,
    AddNumbers,
    Adjust,
    AppealState,
    AskHolder,
    AssignNumbers,
    Cancel,
    Change,
    ChangeNumber,
    ChangeStatus,
    Chosen,
    Delete,
    DocumentEntry,
    DocumentKind,
    DocumentStatus,
    EditLine,
    EnterDocuments,
    Give,
    Hold,
    KeepUnits,
    LineEntry,
    Location,
    Numbers,
    Post,
    Posting,
    Reclassify,
    Repair,
    Reserve,
    SelectEntries,
    SetUp,
    StockRow,
    TakeWayOut,
    Track,
    TrackingLine,
    Undo,
    Withdraw,
)
from earmark.client import Client, connection
from earmark.core.filters import NumberFilter, StockFilter
from earmark.core.outcome import Outcome
from earmark.core.tracking import Dimension
from earmark.core.webhooks import AddWebhook, RemoveWebhook, SwitchWebhook
from earmark.errors import EarmarkError
from earmark.errors.access import WebhookUnknown
from earmark.errors.requests import ServerUnusable
from earmark.http import live, streams
from earmark.http.serving import Serving
from earmark.usecases import demonstration
from tests import stories
from tests.receiver import receiving
from tests.serving import served
from tests.settling import settled

LINE, LOT = "SO4711/2", Numbers(lot_no="L2503")
ORDER = DocumentEntry(
    kind=DocumentKind.SALES_ORDER,
    document_no="SO4730",
    customer_no="C0125",
    lines=(LineEntry(item_no="1040", quantity=Decimal(48), location_code="EAST"),),
)
MORE = replace(ORDER, document_no="SO4711", customer_no="")
FORTY = (TrackingLine(lot_no="L2503", quantity=Decimal(40)),)

COMMANDS: dict[str, Any] = {
    "enter_documents": EnterDocuments(documents=(ORDER,)),
    "add_lines": AddLines(document=MORE),
    "edit_line": EditLine(line="SO4711/4", quantity=Decimal(250), release=True),
    "delete": Delete(reference="SO4711/4"),
    "change_status": ChangeStatus(document_no="MO308", status=DocumentStatus.FINISHED),
    "track": Track(line="SO4711/4", numbers=()),
    "add_numbers": AddNumbers(line="SO4729/1", numbers=(TrackingLine(lot_no="LOT9"),)),
    "assign_numbers": AssignNumbers(line="MO309/1", what=Dimension.LOT, first_no="P61"),
    "select_entries": SelectEntries(line=LINE, quantity=Decimal(12)),
    "reserve": Reserve(line=LINE, numbers=LOT),
    "hold": Hold(line="SO4698/1", until=None),
    "cancel": Cancel(line="SO4698/1", supply="stock"),
    "change": Change(line="SO4698/1", quantity=Decimal(36)),
    "take_way_out": TakeWayOut(line=LINE, way="ship-earlier:2026-11-30"),
    "repair": Repair(line="SO4706/2", supply="1055#2"),
    "post": Post(posting=Posting.SHIP, line="SO4698/1", numbers=FORTY),
    "adjust": Adjust(
        rows=(
            StockRow(
                item_no="1040",
                location_code="EAST",
                quantity=Decimal(24),
                numbers=Numbers(lot_no="L2611"),
                expiration_date=date(2027, 3, 31),
            ),
        )
    ),
    "reclassify": Reclassify(
        item_no="1040",
        location_code="EAST",
        quantity=Decimal(12),
        numbers=LOT,
        to_location_code="WEST",
    ),
    "set_up": SetUp(locations=(Location(location_code="SOUTH"),)),
    "change_number": ChangeNumber(
        item_no="1040", numbers=Numbers(lot_no="L2417"), is_blocked=False
    ),
}
LISTS: dict[str, Any] = {
    "reserve_each": [Reserve(line=LINE, numbers=LOT), Reserve(line="SO4698/1")],
    "cancel_each": [Cancel(line="SO4698/1"), Cancel(line="SO0/1")],
    "track_each": [Track(line="SO4711/4", numbers=()), Track(line="SO0/1", numbers=())],
}
READINGS: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {
    "document": (("SO4711",), {}),
    "line": ((LINE,), {}),
    "version": ((LINE,), {}),
    "tracking_lines": ((LINE,), {}),
    "alerts": ((), {"item_no": "1055"}),
    "reservations": ((LINE,), {}),
    "window": ((LINE, LOT), {}),
    "candidates": ((LINE, LOT), {}),
    "why": ((LINE,), {}),
    "item_overview": (("3005",), {"location_code": "EAST"}),
    "number_overview": (("3005", Numbers(lot_no="T31")), {}),
    "number": (("1040", "EAST", LOT), {}),
    "scan": (("(01)05712345000427(10)P2609(21)VP2-0429",), {"line": "SO4711/1"}),
    "events": ((), {"limit": 7, "chosen": Chosen(types=["goods.*"], items=["1040", "3005"])}),
    "verify": ((), {}),
}
ROWS: dict[str, Callable[[Client], Iterator[Any]]] = {
    "documents": lambda client: client.documents(),
    "lines": lambda client: client.lines(),
    "items": lambda client: client.items(),
    "numbers": lambda client: client.numbers(NumberFilter(item_no="1040")),
    "tracking_codes": lambda client: client.tracking_codes(),
    "locations": lambda client: client.locations(),
    "customers": lambda client: client.customers(),
    "inventory": lambda client: client.inventory(StockFilter(item_no="1040")),
    "history": lambda client: client.history("SO4711"),
}
WEBHOOKS = {
    *("webhooks", "webhook", "add_webhook", "switch_webhook", "remove_webhook"),
    *("deliveries", "try_webhook", "redeliver"),
}
APPEALS = {"ask_holder", "give", "keep", "withdraw", "appeals", "appeal"}
OTHERWISE = {*APPEALS, *WEBHOOKS, "undo", "import_csv", "follow_events", "close"}
"""Tested one by one below, or by every test's end."""


@pytest.fixture(scope="module")
def company() -> Iterator[earmark.Database]:
    """The demonstration, on the morning of its story."""
    opened = earmark.open("sqlite://", clock=lambda: demonstration.NOW)
    demonstration.fill(opened)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def client(company: earmark.Database) -> Iterator[Client]:
    """A client of it."""
    with served(Serving(database=company, open_to="Ana")) as at, Client(at) as opened:
        yield opened


def test_each_method_is_tried_here() -> None:
    methods = {name for name in dir(Client) if not name.startswith("_")}
    assert methods == {*COMMANDS, *LISTS, *READINGS, *ROWS, *OTHERWISE}


def timeless(told: Any) -> Any:  # noqa: ANN401
    """An answer without its moment, that of a preview being the time at which it was asked."""
    if isinstance(told, Outcome):
        return replace(told, moment=0, posting="posted" if told.posting else "")
    if isinstance(told, EarmarkError):
        return told.code, told.message
    return told


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_answered_as_by_the_library(
    client: Client, company: earmark.Database, name: str
) -> None:
    command = replace(COMMANDS[name], by="Ana", preview=True)
    ours = getattr(earmark, name)(company, command)
    assert timeless(getattr(client, name)(command)) == timeless(ours)


@pytest.mark.parametrize("name", LISTS)
def test_many_are_answered_as_by_the_library(
    client: Client, company: earmark.Database, name: str
) -> None:
    commands = [replace(command, by="Ana", preview=True) for command in LISTS[name]]
    ours = getattr(earmark, name)(company, commands)
    assert list(map(timeless, getattr(client, name)(commands))) == list(map(timeless, ours))


@pytest.mark.parametrize("name", READINGS)
def test_a_reading_is_that_of_the_library(
    client: Client, company: earmark.Database, name: str
) -> None:
    given, chosen = READINGS[name]
    theirs, ours = getattr(client, name), getattr(earmark, name)
    told = theirs(*given, **chosen)
    assert (tuple(told) if name == "reservations" else told) == ours(company, *given, **chosen)


@pytest.mark.parametrize("name", ROWS)
def test_a_list_has_rows_of_its_own_kind_none_of_them_twice(client: Client, name: str) -> None:
    rows = list(ROWS[name](client))
    assert rows
    assert len({str(row) for row in rows}) == len(rows)


@pytest.mark.parametrize("name", ROWS)
def test_a_list_longer_than_a_page_is_read_on(
    client: Client, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    whole = list(ROWS[name](client))
    monkeypatch.setattr(connection, "_ROWS", 2)
    assert list(ROWS[name](client)) == whole


def test_what_was_done_is_undone(client: Client, company: earmark.Database) -> None:
    before = earmark.line(company, "SO4698/1")
    done = client.cancel(Cancel(line="SO4698/1"))
    assert earmark.line(company, "SO4698/1").reserved == 0
    undone = client.undo(Undo(posting=str(done.moment)))
    assert undone.verb == "undo"
    assert earmark.line(company, "SO4698/1") == before


def test_what_is_asked_is_given_kept_or_withdrawn(
    client: Client, company: earmark.Database
) -> None:
    asking = AskHolder(line=LINE, holder="CART88213/1", numbers=LOT, by="Ben")
    name = str(earmark.ask_holder(company, asking).moment)
    assert client.appeal(name) == earmark.appeal(company, name)
    shop = {"line": LINE, "asked_of": "web shop"}
    assert client.appeals(**shop) == earmark.appeals(company, **shop)
    giving = Give(appeal=name, by="Ana", preview=True)
    assert timeless(client.give(giving)) == timeless(earmark.give(company, giving))
    client.keep(KeepUnits(appeal=name, reason="They insist"))
    assert earmark.appeal(company, name).reason == "They insist"
    done = client.ask_holder(AskHolder(line=LINE, holder="CART88213/1", numbers=LOT))
    client.withdraw(Withdraw(appeal=str(done.moment)))
    assert client.appeal(str(done.moment)).state is AppealState.WITHDRAWN


def test_a_sheet_is_entered_or_only_tried(client: Client) -> None:
    sheet = "location_code,description\nQUAY,The quay\n"
    assert client.import_csv("locations", sheet, preview=True).is_preview
    assert "QUAY" not in {location.location_code for location in client.locations()}
    client.import_csv("locations", sheet)
    assert "QUAY" in {location.location_code for location in client.locations()}


@pytest.fixture
def shop(database: earmark.Database) -> earmark.Database:
    """Ten of lot A and two orders, all of it told already."""
    stories.open_shop(database)
    stories.stock(database, stories.row("A", 10))
    stories.sales(database, SO1=4, SO2=3)
    return settled(database)


def test_events_are_read_on_from_where_one_stopped(shop: earmark.Database) -> None:
    with served(Serving(database=shop, open_to="Ana")) as at, Client(at) as client:
        first = client.events(limit=3)
        second = client.events(after=first.next)
    assert (first.has_more, second.has_more) == (True, False)
    assert (*first.events, *second.events) == earmark.events(shop).events


def test_events_are_followed_from_now_on(shop: earmark.Database) -> None:
    chosen = Chosen(types=["reservation.*"], subjects=["SO2"])
    with served(Serving(database=shop, open_to="Ana")) as at, Client(at) as client:
        with client.follow_events(chosen=chosen) as told:
            client.reserve_each([Reserve(line="SO1/1"), Reserve(line="SO2/1")])
            event = next(told)
            assert client.line("SO2/1").reserved == Decimal(event.data["reserved"]) == 3
        assert list(told) == []
    assert event in earmark.events(shop, chosen=chosen).events


def test_a_stream_that_ends_is_taken_up_again_and_nothing_is_missed(
    shop: earmark.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "LISTENS_AT_MOST_S", 0.0)
    monkeypatch.setattr(streams, "AGAIN_AFTER_MS", 1)
    with (
        served(Serving(database=shop, open_to="Ana")) as at,
        Client(at) as client,
        client.follow_events(after="0-0") as told,
    ):
        heard = [next(told) for _ in range(4)]
        client.reserve(Reserve(line="SO1/1"))
        heard.append(next(told))
    assert heard == list(earmark.events(shop).events)


def test_a_stream_whose_server_has_gone_says_so(
    shop: earmark.Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "AGAIN_AFTER_MS", 1)
    with served(Serving(database=shop, open_to="Ana")) as at:
        client = Client(at)
        told = client.follow_events()
    with client, told:
        for _ in range(2):  # asked again, it is tried again
            with pytest.raises(ServerUnusable):
                next(told)


def test_who_may_not_read_hears_nothing(shop: earmark.Database) -> None:
    with served(Serving(database=shop)) as at, Client(at) as client:
        with pytest.raises(EarmarkError) as refused:
            client.follow_events()
        assert refused.value.code == "not-signed-in"


def test_a_webhook_lives_its_life(shop: earmark.Database) -> None:
    serving = Serving(database=shop, open_to="Ana", allows_private_webhooks=True)
    with receiving() as receiver, served(serving) as at, Client(at) as client:
        added = client.add_webhook(AddWebhook(url=receiver.url, types=("goods.*",)))
        assert added.secret.startswith("whsec_")
        hook = added.webhook_id
        stories.stock(shop, stories.row("B", 1))
        receiver.wait_for(1)
        assert client.try_webhook(hook).has_arrived
        assert client.redeliver(hook, receiver.ids[0]).event_id == receiver.ids[0]
        assert {attempt.status for attempt in client.deliveries(hook)} == {204}
        assert len(client.deliveries(hook, limit=1)) == 1
        off = client.switch_webhook(
            SwitchWebhook(webhook_id=hook, is_active=False, because="rest", reason="moving")
        )
        assert (off.is_active, off.inactive_because) == (False, "rest")
        assert client.webhooks() == (client.webhook(hook),) == (off,)
        client.remove_webhook(RemoveWebhook(webhook_id=hook))
        with pytest.raises(WebhookUnknown):
            client.webhook(hook)
    removed, switched, *_ = earmark.history(shop)
    assert (removed.verb, switched.verb) == ("remove webhook", "switch webhook")
    assert switched.reason == "moving"
