"""An item's goods number by number: how long each is good, who takes it when, and what is wasted.

Goods that expire soon and that nobody is promised are waste, unless somebody takes them: a line
that has something open, or one that holds goods which keep longer and would do as well with these.
Whether goods are good for a demand is asked of ``eligibility`` alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from earmark.core.eligibility import obstacle
from earmark.core.outlook import SOON_DAYS, Picture, holder_of
from earmark.core.overview import Holder, Ribbon, Taker, Waste
from earmark.core.quantity import ZERO
from earmark.core.stock import Demand, Supply
from earmark.core.tracking import Numbers


def ribbons(picture: Picture) -> list[Ribbon]:
    """The goods number by number, those in stock first; serial numbers of one lot are one."""
    together: dict[object, list[Supply]] = {}
    for supply in picture.supplies:
        together.setdefault(_alike(supply), []).append(supply)
    days = max((d.minimum_shelf_life_days for d in _wanting(picture)), default=0)
    held = _by_supply(picture)
    takers = _takers(picture)
    return [_ribbon(picture, group, held, takers, days) for group in together.values()]


def _alike(supply: Supply) -> object:
    """What makes goods one ribbon; goods without a lot stay apart only by where they come from."""
    return (
        supply.kind,
        supply.source,
        supply.numbers.lot_no,
        "" if supply.numbers.serial_no else supply.numbers.package_no,
        supply.available_on,
        supply.expiration_date,
        supply.is_blocked,
    )


def _ribbon(
    picture: Picture,
    goods: Sequence[Supply],
    held: Mapping[int, list[Holder]],
    takers: Mapping[int, list[Taker]],
    days: int,
) -> Ribbon:
    first = goods[0]
    is_one = len({supply.numbers for supply in goods}) == 1
    numbers = first.numbers if is_one else Numbers(lot_no=first.numbers.lot_no)
    available = sum((picture.available(supply) for supply in goods), ZERO)
    expires = first.expiration_date
    return Ribbon(
        supply=first.name if len(goods) == 1 or first.source else "",
        supply_kind=first.kind,
        numbers=numbers,
        location_code=first.key.location_code,
        quantity=sum((supply.quantity for supply in goods), ZERO),
        available=available,
        there_on=first.available_on,
        expiration_date=expires,
        is_blocked=first.is_blocked,
        why_blocked=picture.why_blocked.get(first.numbers, "") if first.is_blocked else "",
        holders=_together(h for supply in goods for h in held.get(supply.supply_no, ())),
        expires_unused=available if picture.expires_soon(first) else ZERO,
        shelf_life_days=days,
        last_day=expires - timedelta(days=days) if days and expires else None,
        takers=_merged(t for supply in goods for t in takers.get(supply.supply_no, ())),
    )


def _by_supply(picture: Picture) -> dict[int, list[Holder]]:
    named = {supply.supply_no: supply for supply in picture.shelf.all_supplies}
    held: dict[int, list[Holder]] = {}
    for entry in picture.shelf.entries:
        number = entry.slot.supply_no
        held.setdefault(number, []).append(holder_of(picture, entry, named[number]))
    return held


def _together(found: Iterable[Holder]) -> tuple[Holder, ...]:
    """One holder for each line and manner, the first to take its goods away first."""
    joined: dict[object, Holder] = {}
    for holder in found:
        key = (holder.line, holder.manner, holder.hold_until)
        if key in joined:
            holder = replace(joined[key], quantity=joined[key].quantity + holder.quantity)  # noqa: PLW2901
        joined[key] = holder
    return tuple(sorted(joined.values(), key=lambda h: (h.needed_on or date.max, h.line)))


def _merged(found: Iterable[Taker]) -> tuple[Taker, ...]:
    joined: dict[tuple[str, str], Decimal] = {}
    for taker in found:
        key = (taker.line, taker.moves_from)
        joined[key] = joined.get(key, ZERO) + taker.quantity
    return tuple(Taker(line=x, quantity=q, moves_from=f) for (x, f), q in joined.items())


# -- Waste -------------------------------------------------------------------------------------


def _wanting(picture: Picture) -> list[Demand]:
    wanting = [d for d in picture.demands.values() if d.unreserved > ZERO and d.takes_part]
    return sorted(wanting, key=lambda d: (d.needed_on or date.max, d.line))


def _takers(picture: Picture) -> dict[int, list[Taker]]:
    """Who could take goods that will be waste.

    First the lines with something open, as they fall due; then those who hold goods nonspecifically
    that keep longer.
    """
    soon = [s for s in picture.supplies if picture.expires_soon(s) and picture.available(s)]
    soon.sort(key=lambda s: s.expiration_date or date.max)
    left = {supply.supply_no: picture.available(supply) for supply in soon}
    wishes = [(d, d.unreserved, "") for d in _wanting(picture)]
    named = {supply.supply_no: supply for supply in picture.shelf.all_supplies}
    for entry in picture.shelf.entries:
        here = named[entry.slot.supply_no]
        if entry.slot.is_movable and not picture.expires_soon(here):
            wishes.append((picture.demands[entry.slot.line], entry.quantity, here.name))
    found: dict[int, list[Taker]] = {}
    for demand, wanted, moves_from in wishes:
        for supply, quantity in _offered(soon, left, demand, wanted):
            taker = Taker(line=demand.line, quantity=quantity, moves_from=moves_from)
            found.setdefault(supply.supply_no, []).append(taker)
    return found


def _offered(
    soon: Sequence[Supply], left: dict[int, Decimal], demand: Demand, wanted: Decimal
) -> Iterator[tuple[Supply, Decimal]]:
    """What a demand could have of what is left; it is taken off it."""
    for supply in soon:
        quantity = min(wanted, left[supply.supply_no])
        if quantity > ZERO and obstacle(supply, demand) is None:
            left[supply.supply_no] -= quantity
            wanted -= quantity
            yield supply, quantity


def waste(found: Sequence[Ribbon]) -> Waste:
    """What expires soon and is promised to nobody, in all, and how much could still be used."""
    lost = [ribbon for ribbon in found if ribbon.expires_unused]
    takers = [(ribbon, taker) for ribbon in lost for taker in ribbon.takers]
    reserving = [taker for _, taker in takers if not taker.moves_from]
    moving = [(ribbon, taker) for ribbon, taker in takers if taker.moves_from]
    return Waste(
        days=SOON_DAYS,
        quantity=sum((ribbon.expires_unused for ribbon in lost), ZERO),
        by_number=tuple((called(ribbon), ribbon.expires_unused) for ribbon in lost),
        saved_by_reserving=sum((taker.quantity for taker in reserving), ZERO),
        reserving=tuple(dict.fromkeys(taker.line for taker in reserving)),
        saved_by_moving=sum((taker.quantity for _, taker in moving), ZERO),
        moving=tuple(dict.fromkeys((taker.line, called(ribbon)) for ribbon, taker in moving)),
    )


def called(ribbon: Ribbon) -> str:
    """What goods are called for short: their lot, else their other number, else their source."""
    numbers = ribbon.numbers
    return numbers.lot_no or numbers.serial_no or numbers.package_no or ribbon.supply
