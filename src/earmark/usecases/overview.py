"""Looking at one item, or at one of its numbers: open one consistent view, let the core reckon."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from earmark.core import outlook, ribbons
from earmark.core.items import Item, StockKey
from earmark.core.outlook import Picture
from earmark.core.overview import ItemFigures, ItemOverview, Movement, NumberOverview, Ribbon
from earmark.core.quantity import ZERO
from earmark.core.shelf import MemoryShelf
from earmark.core.stock import Line, ReservationEntry, Supply, demand_of
from earmark.core.tracking import Dimension, Numbers, TrackingCode
from earmark.database import catalog
from earmark.database import item_figures as figures
from earmark.database.engine import Database
from earmark.database.views import View, view
from earmark.errors import ItemUnknown, NumberUnknown
from earmark.usecases.door import asks_about, looks_up
from earmark.usecases.reading import AsOf


@looks_up("item_no", "location_code")
def item_overview(
    database: Database,
    item_no: str,
    *,
    location_code: str = "",
    variant_code: str | None = None,
    as_of: AsOf = None,
) -> ItemOverview:
    """An item at one place: its figures, its time line, its lots, who holds what, what is open.

    Without a location it is the place with the most in stock; ``places`` names all of them.
    """
    with view(database, as_of) as seen:
        item = _item(seen, item_no)
        found = Found.of(seen, item_no)
        key = found.place(location_code, variant_code)
        return _overview(found.picture(seen, item, key), item, found.places, key)


@looks_up("location_code")
def item_figures(database: Database, *, location_code: str = "") -> tuple[ItemFigures, ...]:
    """Every item with its figures at one place, or everywhere."""
    with view(database) as seen:
        supplies = figures.supplies(seen.session, location_code, seen.now.date())
        wanted = figures.open_quantities(seen.session, location_code)
        nothing = (ZERO,) * 5
        return tuple(
            ItemFigures(
                item=item,
                inventory=inventory,
                reserved_in_stock=reserved,
                blocked=blocked,
                available=available,
                inbound=inbound,
                open=wanted.get(item.item_no, (ZERO,))[0],
            )
            for item in catalog.items(seen.session)
            for inventory, reserved, blocked, available, inbound in [
                supplies.get(item.item_no, nothing)
            ]
        )


@looks_up("item_no", "location_code")
def goods(
    database: Database, item_no: str, *, location_code: str = "", as_of: AsOf = None
) -> tuple[Ribbon, ...]:
    """An item's goods at one place number by number, with who holds them."""
    with view(database, as_of) as seen:
        item = _item(seen, item_no)
        found = Found.of(seen, item_no)
        key = found.place(location_code, None)
        return tuple(ribbons.ribbons(found.picture(seen, item, key)))


@asks_about("item_no", "numbers")
def number_overview(
    database: Database, item_no: str, numbers: Numbers, *, as_of: AsOf = None
) -> NumberOverview:
    """One lot, serial or package: its record, where it is, who holds it, where it came from."""
    with view(database, as_of) as seen:
        item = _item(seen, item_no)
        known = catalog.records(seen.session, item_no, [numbers])
        own = [r for d in Dimension if (r := known.get((d, numbers.get(d))))]
        if not own:
            raise NumberUnknown(item_no=item_no, number=str(numbers))
        is_blocked, expiration_date = catalog.judged(known, numbers)
        found = Found.under(seen, item_no, numbers)
        pictures = [found.picture(seen, item, key) for key in found.places]
        drawn = [r for picture in pictures for r in ribbons.ribbons(picture) if picture.supplies]
        return NumberOverview(
            item=item,
            numbers=numbers,
            work_date=seen.now.date(),
            is_blocked=is_blocked,
            expiration_date=expiration_date,
            description="; ".join(r.description for r in own if r.description),
            quantity=sum((s.quantity for p in pictures for s in p.supplies if s.is_stock), ZERO),
            available=sum((p.available(s) for p in pictures for s in p.supplies), ZERO),
            ribbons=tuple(drawn),
            holders=tuple(h for picture in pictures for h in outlook.holders(picture)),
            movements=_movements(seen, item_no, numbers),
        )


def _movements(seen: View, item_no: str, numbers: Numbers) -> tuple[Movement, ...]:
    entries = seen.movements(item_no, numbers)
    times = seen.times(entry.moment for entry in entries)
    return tuple(
        Movement(
            entry=entry.name,
            verb=entry.verb,
            posted_on=entry.posted_on,
            at=times.get(entry.moment),
            line=entry.line,
            location_code=entry.key.location_code,
            numbers=entry.numbers,
            quantity=entry.quantity,
            description=entry.description,
            is_undone=bool(entry.undone),
        )
        for entry in entries
    )


def _item(seen: View, item_no: str) -> Item:
    found = catalog.some_items(seen.session, [item_no])
    if item_no not in found:
        raise ItemUnknown(item_no=item_no)
    return found[item_no]


class Found:
    """All that is open of one item, wherever: supply, reservations, lines."""

    def __init__(
        self,
        item_no: str,
        supplies: Sequence[Supply],
        entries: Sequence[ReservationEntry],
        lines: Sequence[Line],
    ) -> None:
        """As it was read."""
        self.item_no = item_no
        self.supplies = supplies
        self.entries = entries
        self.lines = lines

    @classmethod
    def of(cls, seen: View, item_no: str, named: Iterable[str] = ()) -> Found:
        """Read an item; of very many serial numbers only the ``named`` come one by one."""
        goods = seen.goods(item_no, named)
        return cls(item_no, goods.supplies, goods.entries, seen.demands(item_no))

    @classmethod
    def under(cls, seen: View, item_no: str, numbers: Numbers) -> Found:
        """Read what an item has under a number: one serial of a million is as fast as of ten."""
        supplies = [s for key in seen.places(item_no) for s in seen.named(key, numbers)]
        entries = seen.entries_on(item_no, [s.supply_no for s in supplies])
        return cls(item_no, supplies, entries, seen.demands(item_no))

    @property
    def places(self) -> tuple[StockKey, ...]:
        """Every stock key with anything on it, that with the most in stock first."""
        totals: dict[StockKey, Decimal] = {}
        for line in self.lines:
            totals.setdefault(line.key, ZERO)
        for supply in self.supplies:
            there = supply.quantity if supply.is_stock else ZERO
            totals[supply.key] = totals.get(supply.key, ZERO) + there
        return tuple(sorted(totals, key=lambda key: (-totals[key], key)))

    def place(self, location_code: str, variant_code: str | None) -> StockKey:
        """The stock key that is meant; an empty one where nothing is there."""
        for key in self.places:
            if location_code in ("", key.location_code) and variant_code in (
                None,
                key.variant_code,
            ):
                return key
        return StockKey(self.item_no, variant_code or "", location_code)

    def picture(self, seen: View, item: Item, key: StockKey) -> Picture:
        """One stock key of it, complete."""
        here = [s for s in self.supplies if s.key == key]
        numbers = {supply.supply_no for supply in here}
        entries = [e for e in self.entries if e.slot.supply_no in numbers]
        lines = [line for line in self.lines if line.key == key]
        demands = {line.line: demand_of(line) for line in lines}
        blocked = {s.numbers for s in here if s.is_blocked}
        code = _code(seen, item)
        return Picture(
            shelf=MemoryShelf(
                key,
                item.picking_order_at(key.location_code, code),
                here,
                entries,
                list(demands.values()),
            ),
            demands=demands,
            tracking=seen.tracking(line for line in lines if line.reserved < line.outstanding),
            work_date=seen.now.date(),
            told=seen.times(entry.since for entry in entries),
            why_blocked=_descriptions(seen, item.item_no, blocked),
        )


def _code(seen: View, item: Item) -> TrackingCode | None:
    return catalog.tracking_codes(seen.session).get(item.tracking_code)


def _descriptions(seen: View, item_no: str, blocked: set[Numbers]) -> dict[Numbers, str]:
    """What the records of blocked numbers say."""
    known = catalog.records(seen.session, item_no, blocked)
    return {
        numbers: "; ".join(
            record.description
            for dimension in Dimension
            if (record := known.get((dimension, numbers.get(dimension))))
            and record.is_blocked
            and record.description
        )
        for numbers in blocked
    }


def _overview(
    picture: Picture, item: Item, places: tuple[StockKey, ...], key: StockKey
) -> ItemOverview:
    stock = [s for s in picture.supplies if s.is_stock]
    usable = [s for s in stock if picture.is_usable(s)]
    found = ribbons.ribbons(picture)
    steps = outlook.time_line(picture)
    return ItemOverview(
        item=item,
        key=key,
        picking_order=picture.shelf.picking_order,
        places=places,
        work_date=picture.work_date,
        inventory=sum((s.quantity for s in stock), ZERO),
        reserved_in_stock=sum((s.reserved for s in usable), ZERO),
        blocked=sum((s.quantity for s in stock if s.is_blocked), ZERO),
        expired=sum(
            (s.quantity for s in stock if not s.is_blocked and picture.is_expired(s)), ZERO
        ),
        available=sum((picture.available(s) for s in stock), ZERO),
        inbound=sum((s.quantity for s in picture.supplies if not s.is_stock), ZERO),
        steps=tuple(steps),
        shortages=tuple(outlook.shortages(steps)),
        ribbons=tuple(found),
        holders=tuple(outlook.holders(picture)),
        open_demands=tuple(outlook.open_demands(picture)),
        waste=ribbons.waste(found),
    )
