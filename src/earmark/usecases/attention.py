"""The first page: what needs a person today, each list with what it is of."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from earmark.core.appeals import AppealState, AppealView
from earmark.core.attention import (
    ARRIVING_DAYS,
    SHORT_DAYS,
    Arrival,
    Attention,
    EndingHold,
    Expiring,
    ReadyOrder,
    ShortLine,
)
from earmark.core.outlook import SOON_DAYS
from earmark.core.ribbons import ribbons
from earmark.database import attention as lists
from earmark.database import catalog, history
from earmark.database.engine import Database
from earmark.database.views import View, view
from earmark.usecases.alerts import alerts
from earmark.usecases.appeals import appeals
from earmark.usecases.door import looks_up
from earmark.usecases.overview import Found

MOST_ITEMS = 50
"""Of how many items goods that expire are looked at, the first to expire first."""


@looks_up("location_code")
def needing_attention(database: Database, *, location_code: str = "", user: str = "") -> Attention:
    """What needs a person on the work date, at one place or everywhere.

    What was asked of ``user`` is his wherever it is; without one it is what anybody asks.
    """
    broken = alerts(database, location_code=location_code)
    asked_of, asked_by = _asked(database, user)
    with view(database) as seen:
        day = seen.now.date()
        soon = day + timedelta(days=SHORT_DAYS)
        session = seen.session
        return Attention(
            work_date=day,
            alerts=broken,
            reservations=lists.reservations(session),
            short_lines=tuple(
                ShortLine(
                    line=line,
                    customer=customer,
                    item_no=item_no,
                    description=description,
                    unit=unit,
                    needed_on=on,
                    outstanding=outstanding,
                    open=left,
                )
                for line, customer, item_no, description, unit, on, outstanding, left in (
                    lists.short_lines(session, location_code, soon)
                )
            ),
            lines_due=lists.lines_due(session, location_code, soon),
            ready=tuple(
                ReadyOrder(
                    document_no=document_no,
                    customer=customer,
                    ships_on=on,
                    lines=count,
                    may_move=int(may_move),
                )
                for document_no, customer, on, count, may_move in (
                    lists.ready_orders(session, location_code, soon)
                )
            ),
            expiring=_expiring(seen, location_code, day),
            expiring_days=SOON_DAYS,
            arrivals=_arrivals(seen, location_code, day),
            holds=_holds(seen, location_code),
            asked_of=asked_of,
            asked_by=asked_by,
        )


def _asked(database: Database, user: str) -> tuple[tuple[AppealView, ...], ...]:
    """What waits for an answer of a user, the oldest first; and what he asked, the newest first."""
    of_user = [a for a in appeals(database, asked_of=user) if a.state is AppealState.WAITING]
    gone = {AppealState.WITHDRAWN} if user else {AppealState.WITHDRAWN, AppealState.WAITING}
    by_user = [a for a in appeals(database, by=user) if a.state not in gone]
    return tuple(reversed(of_user)), tuple(by_user)


def _expiring(seen: View, location_code: str, day: date) -> tuple[Expiring, ...]:
    last = day + timedelta(days=SOON_DAYS)
    found = []
    wanted = lists.expiring_items(seen.session, location_code, day, last, MOST_ITEMS)
    items = catalog.some_items(seen.session, wanted)
    for item_no in wanted:
        known = Found.of(seen, item_no)
        for key in known.places:
            if location_code in ("", key.location_code):
                picture = known.picture(seen, items[item_no], key)
                found += [
                    Expiring(
                        item_no=item_no,
                        description=items[item_no].description,
                        unit=items[item_no].base_unit,
                        ribbon=ribbon,
                    )
                    for ribbon in ribbons(picture)
                    if ribbon.expires_unused and ribbon.supply_kind == "stock"
                ]
    return tuple(sorted(found, key=lambda e: (e.ribbon.expiration_date or last, e.item_no)))


def _arrivals(seen: View, location_code: str, day: date) -> tuple[Arrival, ...]:
    rows = lists.arriving(seen.session, location_code, day + timedelta(days=ARRIVING_DAYS))
    waiting = lists.waiting(seen.session, [row[-1] for row in rows])
    return tuple(
        Arrival(
            document_no=document_no,
            description=description,
            item_no=item_no,
            unit=unit,
            expected_on=expected_on,
            quantity=quantity,
            reserved=reserved,
            waiting=tuple(sorted(waiting.get(line, ()))),
        )
        for document_no, description, item_no, unit, expected_on, quantity, reserved, line in rows
    )


def _holds(seen: View, location_code: str) -> tuple[EndingHold, ...]:
    end = datetime.combine(seen.now.date(), time.max, seen.now.tzinfo)
    found = []
    for line, customer, item_no, unit, quantity, until in lists.ending_holds(
        seen.session, location_code, seen.now, end
    ):
        ends_at = history.from_micros(until)
        assert ends_at is not None, "a hold without an end"
        found.append(
            EndingHold(
                line=line,
                customer=customer,
                item_no=item_no,
                unit=unit,
                quantity=quantity,
                ends_at=ends_at,
            )
        )
    return tuple(found)
