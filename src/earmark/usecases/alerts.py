"""The standing list of alerts: reservations on goods that are not good for them any more."""

from __future__ import annotations

from earmark.core.alerts import Alert, alert_of
from earmark.core.stock import ReservationEntry, Supply
from earmark.core.tracking import Dimension
from earmark.database import alerts as suspects
from earmark.database import catalog
from earmark.database.engine import Database
from earmark.database.views import View, view
from earmark.usecases.door import looks_up
from earmark.usecases.overview import Found


@looks_up("item_no", "location_code")
def alerts(database: Database, *, item_no: str = "", location_code: str = "") -> tuple[Alert, ...]:
    """Every reservation whose goods are blocked, expired, too old or too late for it, by date.

    Each with the repairs that would mend it, tried. An alert ends when the goods are good again,
    or the reservation stands on others.
    """
    with view(database) as seen:
        by_item: dict[str, list[ReservationEntry]] = {}
        for of_item, entry in suspects.suspects(seen.session, item_no, location_code, seen.now):
            by_item.setdefault(of_item, []).append(entry)
        found = [a for item, entries in by_item.items() for a in _of_item(seen, item, entries)]
    return tuple(sorted(found, key=lambda a: (a.needed_on is None, a.needed_on, a.line)))


def _of_item(seen: View, item_no: str, entries: list[ReservationEntry]) -> list[Alert]:
    item = catalog.some_items(seen.session, [item_no])[item_no]
    concerned = seen.some(item_no, (entry.slot.supply_no for entry in entries))
    known = Found.of(seen, item_no, (supply.numbers.serial_no for supply in concerned))
    supplies = {supply.supply_no: supply for supply in known.supplies}
    alerts_ = []
    for key in dict.fromkeys(supplies[e.slot.supply_no].key for e in entries):
        picture = known.picture(seen, item, key)
        for entry in entries:
            supply = supplies[entry.slot.supply_no]
            if supply.key == key:
                noted, since = _noted(seen, supply)
                found = alert_of(picture, entry, noted, seen.times([since]).get(since))
                alerts_ += [found] if found else []
    return alerts_


def _noted(seen: View, supply: Supply) -> tuple[str, int]:
    """What the records of a supply's numbers say, and the moment since when the last one does."""
    if not supply.numbers:
        return "", 0
    known = catalog.records(seen.session, supply.key.item_no, [supply.numbers])
    own = [r for d in Dimension if (r := known.get((d, supply.numbers.get(d))))]
    said = [r.description for r in own if r.description and (r.is_blocked or not supply.is_blocked)]
    since = catalog.record_moments(seen.session, supply.key.item_no, [supply.numbers])
    return "; ".join(said), max(since, default=0)
