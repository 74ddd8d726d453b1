"""The small company in trouble that a first start shows: one morning, one story.

A wholesaler of hospital food, on 2026-11-24. St. Anna Hospital needs 240 of item 1040 that keep for
60 days after they arrive (SO4711/2): 180 can be had, 60 can not. Three lots of different expiry,
one blocked, one hold that ends at 14:20, goods on order, an order bought for somebody. What
happened before is entered in the order in which it happened, at its own time, so that history,
picking order and late binding show what they would show there; no figure is written by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeVar

from earmark.core.appeals import AskHolder
from earmark.core.commands import (
    Adjust,
    ChangeNumber,
    Choice,
    Command,
    Delete,
    EnterDocuments,
    Post,
    Reserve,
    SetUp,
    Track,
)
from earmark.core.documents import DocumentEntry, Posting
from earmark.core.outcome import Outcome
from earmark.core.tracking import Numbers, TrackingLine
from earmark.database.engine import Database
from earmark.usecases import (
    adjusting,
    appeals,
    catalog,
    documents,
    posting,
    reading,
    reservations,
    tracking,
)
from earmark.usecases import demonstration_records as company

NOW = datetime(2026, 11, 24, 10, 45, tzinfo=UTC)
"""The morning of the story: the work date is 2026-11-24."""

REQUEST_ID = "demonstration"
"""The request id of the first command of the story, by which such a database is known again."""

_BEGINNING = datetime(2026, 10, 1, 8, 0, tzinfo=UTC)

Asked = TypeVar("Asked", bound=Command)


def fill(database: Database) -> None:
    """Enter the company and its story in an empty database; the clock is left as it was."""
    clock = database.clock
    try:
        _set_up(_Teller(database, _BEGINNING, "Eva"))
        _weeks_before(database)
        _this_morning(database)
    finally:
        database.clock = clock


def is_demonstration(database: Database) -> bool:
    """Whether the story is in this database."""
    first = reading.history(database, limit=1, as_of=_BEGINNING)
    return any(row.request_id == REQUEST_ID for row in first)


def morning(database: Database) -> datetime:
    """The time in the story: its morning, or later where it went on from there."""
    newest = reading.history(database, limit=1)
    return max([NOW, *(row.at for row in newest)])


def _at(month: int, day: int, hour: int, minute: int, second: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, second, tzinfo=UTC)


class _Teller:
    """Carries commands out at a time of the story, by one of its people."""

    def __init__(self, database: Database, at: datetime, by: str) -> None:
        self.database, self.by = database, by
        database.clock = lambda: at

    def does(self, use_case: Callable[[Database, Asked], Outcome], command: Asked) -> Outcome:
        """One command."""
        return use_case(self.database, replace(command, by=self.by))

    def enters(self, *entries: DocumentEntry) -> None:
        """Documents."""
        self.does(documents.enter_documents, EnterDocuments(documents=entries))

    def reserves(
        self,
        line: str,
        numbers: Numbers | Choice = Choice.ANY,
        *,
        supply: str = "",
        quantity: Decimal | None = None,
        hold_until: datetime | None = None,
    ) -> None:
        """For one line."""
        command = Reserve(
            line=line, numbers=numbers, supply=supply, quantity=quantity, hold_until=hold_until
        )
        self.does(reservations.reserve, command)

    def tracks(self, line: str, *numbers: TrackingLine) -> None:
        """Numbers on one line."""
        self.does(tracking.track, Track(line=line, numbers=numbers))


def _set_up(teller: _Teller) -> None:
    records = SetUp(
        request_id=REQUEST_ID,
        tracking_codes=company.TRACKING_CODES,
        items=company.ITEMS,
        locations=company.LOCATIONS,
        customers=company.CUSTOMERS,
        gtins=company.GTINS,
    )
    teller.does(catalog.set_up, records)


# -- The weeks before --------------------------------------------------------------------------


def _weeks_before(database: Database) -> None:
    """What arrived, was ordered and was promised until yesterday."""
    tom = _Teller(database, _at(11, 5, 9, 10), "Tom")
    tom.does(adjusting.adjust, Adjust(rows=company.GOODS_OF_OLD))
    tom.does(adjusting.adjust, Adjust(rows=tuple(company.pumps())))
    ana = _Teller(database, _at(11, 12, 14, 20), "Ana")
    ana.enters(company.LINDHOLM)
    ana.reserves("SO4698/1")
    tom = _Teller(database, _at(11, 18, 7, 40), "Tom")
    tom.does(adjusting.adjust, Adjust(rows=company.GOODS_OF_LATE))
    ana = _Teller(database, _at(11, 18, 11, 5), "Ana")
    ana.enters(company.ST_ANNA, *company.ORDERS, *company.ON_ORDER)
    ana = _Teller(database, _at(11, 19, 10, 15), "Ana")
    ana.tracks("SO4702/1", company.number("L2503", "24"))
    ana.reserves("SO4702/1", numbers=Choice.ALL)
    _block(_Teller(database, _at(11, 20, 13, 30), "Eva"), "1040", "L2417", "QN118, cap torque")
    _block(_Teller(database, _at(11, 20, 13, 40), "Eva"), "2230", "P2611", "QN117, alarm test")
    _promise_to_st_anna(_Teller(database, _at(11, 23, 15, 0), "Ana"))
    _promise_pumps(_Teller(database, _at(11, 23, 16, 0), "Ana"))


def _block(teller: _Teller, item_no: str, lot_no: str, why: str) -> None:
    number = ChangeNumber(
        item_no=item_no, numbers=Numbers(lot_no), is_blocked=True, description=why
    )
    teller.does(catalog.change_number, number)


def _promise_to_st_anna(ana: _Teller) -> None:
    """All of SO4711 but lines 1 and 2, and some orders of others."""
    for line in ("SO4711/3", "SO4711/9", "MO308/1/2", "MO308/1/3"):
        ana.reserves(line, numbers=Choice.ALL)
    for line in ("SO4711/4", "SO4711/6", "SO4711/7", "SO4711/8", "SO4711/10", "MO308/1/1"):
        ana.reserves(line)
    for line in ("SO4711/5", "SO4708/1"):
        ana.reserves(line, supply="MO309/1")
    for line in ("SO4706/1", "SO4706/2", "SO4718/1", "SO4718/2", "SO4729/1"):
        ana.reserves(line)


def _promise_pumps(ana: _Teller) -> None:
    """Feeding pump kits: five for St. Anna, seventeen for Dialysis West, any for others."""
    ana.reserves("SO4720/1", quantity=Decimal(2))
    ana.reserves("SO4714/1")
    named = [company.kit_of(n, "P2609", 871) for n in range(403, 417)]
    named += [company.kit_of(n, "P2609", 872) for n in range(440, 443)]
    ana.tracks("SO4703/1", *named)
    ana.reserves("SO4703/1", numbers=Choice.ALL)
    ours = [company.kit_of(n, "P2609", 871) for n in range(417, 423)]
    ours.append(company.kit_of(425, "P2611", 873))
    ours += [company.kit_of(n, "P2609", 872) for n in (428, 429)]
    ana.tracks("SO4711/1", *ours)
    for kit in ours[:5]:
        ana.reserves("SO4711/1", numbers=kit.numbers)


# -- This morning ------------------------------------------------------------------------------


def _this_morning(database: Database) -> None:
    """2026-11-24 from eight o'clock to a quarter to eleven."""
    tom = _Teller(database, _at(11, 24, 7, 58, 5), "Tom")
    came = company.number("L2411", "120", "2027-01-31")
    receipt = Post(posting=Posting.RECEIVE, line="PO1183/1", numbers=(came,))
    entry = tom.does(posting.post, receipt).entries[0]
    _Teller(database, _at(11, 24, 8, 12, 27), "Ana").reserves("SO4695/1")
    _Teller(database, _at(11, 24, 9, 12, 44), "Ana").reserves("SO4705/1", supply=entry)
    _block(_Teller(database, _at(11, 24, 9, 41, 3), "Eva"), "1055", "F116", "QN119, seal")
    _Teller(database, _at(11, 24, 10, 6, 38), "Ben").enters(company.FOR_SUND)
    ben = _Teller(database, _at(11, 24, 10, 10, 12), "Ben")
    ben.reserves("SO4699/1", supply="PO1208/1")
    ana = _Teller(database, _at(11, 24, 10, 24, 10), "Ana")
    ana.tracks("SO4711/2", company.number("L2503", "96"), company.number("L2521", "84"))
    _ask_for_st_anna(_Teller(database, _at(11, 24, 10, 31, 8), "Ben"))
    shop = _Teller(database, _at(11, 24, 10, 31, 52), "web shop")
    shop.enters(company.CART)
    shop.reserves("CART88213/1", hold_until=_at(11, 24, 14, 20))
    ben = _Teller(database, _at(11, 24, 10, 42, 7), "Ben")
    ben.does(documents.delete, Delete(reference="SO4699"))


def _ask_for_st_anna(ben: _Teller) -> None:
    """Of what Vester Clinic holds: Ana made that reservation."""
    asking = AskHolder(
        line="SO4711/2",
        holder="SO4702/1",
        numbers=Numbers("L2503"),
        quantity=Decimal(12),
        note="St. Anna lacks 60; would Vester take another lot?",
    )
    ben.does(appeals.ask_holder, asking)
