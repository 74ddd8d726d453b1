"""Today: what needs a person, each thing with its repairs on the row."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from fastapi import Request, Response

from earmark.core.alerts import Alert, Mending, RepairChoice
from earmark.core.attention import Attention, Expiring
from earmark.core.eligibility import Reason
from earmark.usecases.attention import needing_attention
from earmark.web import appeals, bars
from earmark.web.asking import Reader, Served
from earmark.web.links import path_of
from earmark.web.rendering import page, pages
from earmark.web.shell import location_code
from earmark.web.words import clock, iso, quantity, short

router = pages()

WASTE_PIXELS = 92
FEW = 12
"""How many rows of a list are shown before its whole is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A repair as a button."""

    words: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownAlert:
    """A promise that breaks, what happened to it, and its repairs."""

    alert: Alert
    icon: str
    what: str
    ways: list[Way]
    number: str
    number_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownExpiring:
    """Goods that expire unpromised, as a bar, and who could take them."""

    goods: Expiring
    bar: bars.Bar
    href: str
    takers: str
    lines: str


@router.get("/today")
def attention(request: Request, asking: Reader, served: Served) -> Response:
    """The first page."""
    user = asking.user if asking.is_signed_in else ""
    seen = needing_attention(served, location_code=location_code(request), user=user)
    now = served.clock()
    most = max((e.ribbon.expires_unused for e in seen.expiring), default=Decimal(1))
    return page(
        request,
        asking,
        "attention.html",
        seen=seen,
        week=seen.work_date.isocalendar().week,
        alerts=[_alert(alert, seen) for alert in seen.alerts],
        expiring=[_expiring(goods, most) for goods in seen.expiring],
        few=FEW,
        appeals=appeals.of_you(seen.asked_of, now) + appeals.by_you(seen.asked_by, now),
        oldest=appeals.age(seen.asked_of[0].at, now) if seen.asked_of else "",
    )


def _alert(alert: Alert, seen: Attention) -> ShownAlert:
    icons = {Reason.BLOCKED: "blocked", Reason.TOO_LATE: "clock"}
    return ShownAlert(
        alert=alert,
        icon=icons.get(Reason(alert.reason), "warning"),
        what=_what(alert, seen),
        ways=[_way(alert, way) for way in alert.repairs],
        number=alert.numbers.lot_no or alert.numbers.serial_no or alert.supply,
        number_href=path_of(alert.item_no, alert.numbers),
    )


def _what(alert: Alert, seen: Attention) -> str:
    if alert.reason != Reason.BLOCKED:
        return alert.brief
    when = ""
    if alert.since is not None:
        is_same_day = alert.since.date() == seen.work_date
        when = f" today {clock(alert.since)}" if is_same_day else f" {short(alert.since)}"
    noted = f", {alert.noted}" if alert.noted else ""
    return f"{'lot' if alert.numbers.lot_no else 'number'} blocked{when}{noted}"


def _way(alert: Alert, way: RepairChoice) -> Way:
    if way.mending is Mending.REDATE:
        fields = {"line": alert.line, "date": iso(way.date)}
        return Way(words=f"Ship {iso(way.date)}", href=f"/redate?{urlencode(fields)}")
    fields = {"line": alert.line, "supply": alert.supply, "to": way.to_supply}
    href = f"/repair?{urlencode(fields)}"
    if not way.to_supply:
        return Way(words=f"Move {quantity(way.quantity)} where there is room", href=href)
    name = way.numbers.lot_no or way.numbers.serial_no or way.to_supply
    return Way(words=f"Move to {name}: {quantity(way.available)} free", href=href)


def _expiring(goods: Expiring, most: Decimal) -> ShownExpiring:
    ribbon = goods.ribbon
    lost = [(bars.Segment.SHORT, ribbon.expires_unused)]
    able = sum((taker.quantity for taker in ribbon.takers), Decimal(0))
    lines = list(dict.fromkeys(taker.line for taker in ribbon.takers))
    takers = "nobody needs it by then"
    if len(lines) == 1:
        takers = f"{lines[0]} can take {quantity(able)}"
    elif lines:
        takers = f"{len(lines)} lines can take {quantity(able)}"
    return ShownExpiring(
        goods=goods,
        bar=bars.bar(lost, scale=most, pixels=WASTE_PIXELS),
        href=path_of(goods.item_no, ribbon.numbers),
        takers=takers,
        lines=",".join(t.line for t in ribbon.takers if not t.moves_from),
    )
