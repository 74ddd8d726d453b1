"""History as one looks through it: narrowed, page by page, with what each command did to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from earmark.core import changes as core
from earmark.core.changes import ChangePage, HistoryFilter
from earmark.core.overview import Ribbon
from earmark.core.quantity import ZERO
from earmark.core.references import document_in
from earmark.core.ribbons import called
from earmark.database import changes as rows
from earmark.database import traces
from earmark.database.engine import Database
from earmark.database.unit_of_work import reading
from earmark.usecases.door import looks_up
from earmark.usecases.naming import filter_as_known
from earmark.usecases.overview import goods

EVERYTHING = HistoryFilter()


def changes(
    database: Database,
    chosen: HistoryFilter = EVERYTHING,
    *,
    before: int | None = None,
    limit: int = 50,
) -> ChangePage:
    """The commands that changed something, newest first, each with what it did and to whom.

    ``before`` is the cursor that the page before gave; left out, it begins with the newest.
    """
    with reading(database) as session:
        chosen = filter_as_known(session, chosen)
        found = rows.page(session, chosen, before or 2**62, limit + 1)
        shown = found[:limit]
        if not shown:
            return ChangePage(rows=(), older=None)
        undone = traces.undone_since(session, shown[-1][0] - 1)
        facts = rows.facts(session, shown, chosen.item_no)
        listed = tuple(core.told(rows.row_from(row, undone), facts) for row in shown)
    return ChangePage(rows=listed, older=shown[-1][0] if len(found) > limit else None)


def activity(
    database: Database, since: datetime, until: datetime, per: timedelta
) -> tuple[int, ...]:
    """How many commands there were in each stretch of time from ``since`` to ``until``."""
    seconds = int(per.total_seconds())
    slots = int((until - since).total_seconds() // seconds) + 1
    with reading(database) as session:
        counts = rows.per_slot(session, since, until, seconds)
    return tuple(counts.get(slot, 0) for slot in range(slots))


@dataclass(frozen=True, slots=True, kw_only=True)
class ThenAndNow:
    """The goods under one number as they stood then and as they stand now."""

    name: str
    then: Ribbon | None
    now: Ribbon | None

    @property
    def available_then(self) -> Decimal:
        """What was available to reserve of it."""
        return self.then.available if self.then else ZERO

    @property
    def available_now(self) -> Decimal:
        """What is available to reserve of it."""
        return self.now.available if self.now else ZERO


@looks_up("item_no", "location_code")
def then_and_now(
    database: Database, item_no: str, as_of: int | datetime, *, location_code: str = ""
) -> tuple[ThenAndNow, ...]:
    """Every supply of an item at one place as it was at a past moment, beside what it is now."""
    then = goods(database, item_no, location_code=location_code, as_of=as_of)
    now = goods(database, item_no, location_code=location_code)
    names: dict[tuple[str, str], tuple[Ribbon | None, Ribbon | None]] = {}
    for ribbon in now:
        names[ribbon.supply_kind, called(ribbon)] = (None, ribbon)
    for ribbon in then:
        key = (ribbon.supply_kind, called(ribbon))
        names[key] = (ribbon, names.get(key, (None, None))[1])
    return tuple(
        ThenAndNow(name=_name(was or is_), then=was, now=is_) for was, is_ in names.values()
    )


def _name(ribbon: Ribbon | None) -> str:
    assert ribbon is not None, "goods that are neither then nor now"
    stock = ribbon.supply_kind == "stock"
    return called(ribbon) if stock else document_in(ribbon.supply)
