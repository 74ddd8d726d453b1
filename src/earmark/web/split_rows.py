"""The supply side of the split screen: rows by kind, with who has them, why not, and the ways out.

Figures are those of the core; here they become bars and words. What is typed is drawn into the
bar of its row: what is free, and beyond that what its holders would leave.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from earmark.core.commands import SupplyTake
from earmark.core.considering import Firmness, Holder, SupplyRow
from earmark.core.demand_views import DemandRow
from earmark.core.eligibility import Reason
from earmark.core.outcome import Move
from earmark.core.quantity import ZERO
from earmark.core.stock import KINDS_OF_SUPPLY, STOCK
from earmark.core.taking import Difference
from earmark.core.why_views import Blocking, WayKind, WayOut, WhyView
from earmark.http.addresses import reference_path, segment
from earmark.usecases.split_screen import SplitScreen
from earmark.web import bars
from earmark.web.appeals import Asks, Units
from earmark.web.bars import Segment
from earmark.web.takes import ANY, SPECIFIC, key_of
from earmark.web.words import clock, iso, quantity, serials_in_words

PIXELS = 240

KIND_NAMES = {
    "stock": ("Item Ledger Entry", "in stock"),
    "purchase": ("Purchase Line, Order", ""),
    "production": ("Production Order Line", ""),
    "supply": ("Supply Line", ""),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A piece of a remark: ``bold`` decides, ``quiet`` is an aside; ``after`` parts it off."""

    text: str
    weight: str = ""
    after: str = " "


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A way out on a row: where it is looked at before it is done; ``at`` is a time to tell of."""

    label: str
    href: str = ""
    dialog: str = ""
    at: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderRow:
    """One holder under a row."""

    key: str
    line: str
    who: str
    quantity: Decimal
    bar: bars.Bar
    words: str
    buttons: Sequence[Button]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One supply as a row of the table, with what is typed of it."""

    key: str
    name: str
    second: str
    supply: SupplyRow
    bar: bars.Bar
    take: SupplyTake | None
    default_mode: str
    difference: Difference | None
    remark: Sequence[Words]
    buttons: Sequence[Button]
    holders: Sequence[HolderRow]
    is_open: bool
    is_short_dated: bool

    @property
    def mode(self) -> str:
        """How it is taken; empty where nothing is."""
        if self.take is None:
            return ""
        return SPECIFIC if self.take.is_specific else ANY


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Rows of one kind of supply, or those that are elsewhere."""

    key: str
    name: str
    aside: str
    total: Decimal
    rows: Sequence[Row]


@dataclass(slots=True, kw_only=True)
class Seen:
    """What the rows of one screen have in common."""

    screen: SplitScreen
    asks: Asks
    opened: frozenset[str] = frozenset()
    scale: Decimal = ZERO
    takes: Mapping[str, SupplyTake] = field(default_factory=dict)
    differences: Mapping[str, Difference] = field(default_factory=dict)

    @property
    def demand(self) -> DemandRow:
        """For whom it is looked."""
        return self.screen.demand

    @property
    def why(self) -> WhyView | None:
        """What *why* answers."""
        return self.screen.why


def groups(
    screen: SplitScreen, asks: Asks, opened: Iterable[str], *, usable: bool, sort: str
) -> list[Group]:
    """The supply of a screen by kind, in the order of choice or as it was asked for."""
    seen = Seen(
        screen=screen,
        asks=asks,
        opened=frozenset(opened),
        scale=max((row.quantity for row in screen.rows), default=ZERO),
        takes={key_of(t.supply, t.numbers): t for t in screen.tried.takes},
        differences={key_of(d.supply, d.numbers): d for d in screen.tried.differences},
    )
    shown = [row for row in screen.rows if row.is_usable or not usable]
    if sort in SORTS:
        shown.sort(key=SORTS[sort][1])
    else:
        # Within a kind what can be had comes first; the others stay, in the order of choice.
        shown.sort(key=lambda row: not row.is_usable)
    found = []
    for kind in KINDS_OF_SUPPLY:
        name, aside = KIND_NAMES[kind]
        found.append(
            _group(seen, str(kind), name, aside, [r for r in shown if r.is_here and r.kind == kind])
        )
    place = screen.demand.location_code or "no location"
    elsewhere = [row for row in shown if not row.is_here]
    found.append(_group(seen, "elsewhere", "Other locations", f"not in {place}", elsewhere))
    return [group for group in found if group.rows]


SORTS = {
    "expiration": (
        "Expiration Date",
        lambda row: (row.expiration_date is None, row.expiration_date),
    ),
    "available": ("Available to reserve", lambda row: -(row.available + row.freeable)),
    "quantity": ("Quantity", lambda row: -row.quantity),
}


def _group(seen: Seen, key: str, name: str, aside: str, supplies: Sequence[SupplyRow]) -> Group:
    count = len(supplies)
    if key == "elsewhere":
        counted = aside
    elif key == STOCK:
        word = (
            "lot" if all(s.numbers.lot_no and not s.numbers.serial_no for s in supplies) else "row"
        )
        counted = f"{aside} · {count} {word}{'' if count == 1 else 's'}"
    else:
        counted = f"{count} line{'' if count == 1 else 's'}"
    return Group(
        key=key,
        name=name,
        aside=counted,
        total=sum((s.quantity for s in supplies), ZERO),
        rows=[_row(seen, supply) for supply in supplies],
    )


def _row(seen: Seen, supply: SupplyRow) -> Row:
    key = key_of(supply.supply, supply.numbers)
    if not supply.is_here:
        key = key_of(supply.supply, supply.numbers, supply.location_code)
    take = seen.takes.get(key)
    name, second = _names(supply)
    return Row(
        key=key,
        name=name,
        second=second,
        supply=supply,
        bar=_bar(seen, supply, take),
        take=take,
        default_mode=_default_mode(seen.demand, supply),
        difference=seen.differences.get(key),
        remark=_remark(seen, supply),
        buttons=_buttons(seen, supply),
        holders=_holders(seen, key, supply),
        is_open=key in seen.opened,
        is_short_dated=supply.reason in (Reason.SHELF_LIFE, Reason.EXPIRED),
    )


def _names(supply: SupplyRow) -> tuple[str, str]:
    numbers = supply.numbers
    number = " ".join(filter(None, (numbers.serial_no, numbers.lot_no, numbers.package_no)))
    place = "" if supply.is_here else supply.location_code
    if supply.serials:
        source = "" if supply.supply == STOCK else supply.supply
        counted = serials_in_words(supply.serials)
        name, *others = filter(None, (source, number, counted, place))
        return name, " ".join(others)
    if supply.supply == STOCK:
        return number or "without number", place
    return supply.supply, " ".join(filter(None, (number, place)))


def _default_mode(demand: DemandRow, supply: SupplyRow) -> str:
    """By its number where that number is on the line already; else any will do."""
    named = demand.can_be_specific and supply.numbers in demand.tracked_numbers
    return SPECIFIC if named else ANY


def _bar(seen: Seen, supply: SupplyRow, take: SupplyTake | None) -> bars.Bar:
    wanted = take.quantity if take else ZERO
    from_free = min(wanted, supply.available)
    moving = min(max(wanted - from_free, ZERO), supply.freeable)
    loose = supply.held(Firmness.NONSPECIFIC)
    own_specific = sum((h.quantity for h in supply.holders if h.is_own and h.asked), ZERO)
    rest = supply.unreserved - from_free
    if supply.is_blocked:
        left = Segment.BLOCKED
    else:
        left = Segment.FREE if supply.is_usable else Segment.UNUSABLE
    ends = [h.hold_until for h in supply.holders if h.hold_until is not None]
    return bars.bar(
        [
            (Segment.OURS_SPECIFIC, own_specific),
            (Segment.OURS_ANY, supply.own - own_specific),
            (Segment.SPECIFIC, supply.held(Firmness.SPECIFIC)),
            (Segment.BOUND, supply.held(Firmness.BOUND)),
            (Segment.TAKE_MOVES, min(moving, loose)),
            (Segment.NONSPECIFIC, max(loose - moving, ZERO)),
            (Segment.HOLD, supply.held(Firmness.HOLD)),
            (Segment.TAKE, from_free),
            (left, rest),
        ],
        scale=seen.scale,
        pixels=PIXELS,
        hold_until=min(ends, default=None),
    )


# -- Why not, and what else is to be known -----------------------------------------------------


def _remark(seen: Seen, supply: SupplyRow) -> Sequence[Words]:
    if supply.reason == Reason.BLOCKED:
        return _blocked(seen, supply)
    said = _obstacle(seen.demand, supply)
    if said:
        return [*said, Words(text=_standing(supply), weight="quiet")]
    parts = [_standing(supply)] if supply.kind != STOCK or supply.own else []
    words = [Words(text=part) for part in parts if part]
    if supply.kind != STOCK and supply.available_on is not None:
        words += _arrival(seen.demand, supply)
    if supply.reason == Reason.RESERVED and not supply.own:
        words.append(Words(text="all of it is held by others"))
    return words


def _obstacle(demand: DemandRow, supply: SupplyRow) -> list[Words]:
    if supply.reason == Reason.OTHER_LOCATION:
        where = demand.location_code or "no location"
        return [Words(text=f"At {supply.location_code}; the line ships from {where}.")]
    if supply.reason == Reason.SHELF_LIFE and supply.days_left is not None:
        who = " ".join(demand.customer.split()[:2]) or "the line"
        required = demand.minimum_shelf_life_days
        left = f"{supply.days_left} days left on arrival; {who} requires {required}."
        return [Words(text=left)]
    if supply.reason == Reason.TOO_LATE and supply.available_on and demand.date:
        late = (supply.available_on - demand.date).days
        return [
            Words(text=f"Expected {iso(supply.available_on)},"),
            Words(text=f"{late} {_days(late)}", weight="bold"),
            Words(text="after the shipment date."),
        ]
    if supply.reason and supply.reason != Reason.RESERVED:
        return [Words(text=supply.message)]
    return []


def _blocked(seen: Seen, supply: SupplyRow) -> Sequence[Words]:
    known = seen.why.blockings if seen.why else ()
    found: Blocking | None = next((b for b in known if supply.numbers.serves(b.numbers)), None)
    words = [Words(text="Blocked", weight="alarm")]
    if found is not None:
        who = f"by {found.by} " if found.by else ""
        since = f"since {found.since:%Y-%m-%d}" if found.since else ""
        why = f": {found.why}" if found.why else ""
        words.append(Words(text=f"{who}{since}{why}"))
    return words


def _standing(supply: SupplyRow) -> str:
    """How much of it is whose, in figures."""
    parts = []
    if supply.own:
        parts.append(f"{quantity(supply.own)} for this line")
    parts += [
        f"{quantity(holder.quantity)} order-to-order for {holder.line}"
        for holder in supply.holders
        if holder.firmness is Firmness.BOUND and not holder.is_own
    ]
    if supply.unreserved:
        there = "" if supply.is_here else " there"
        parts.append(f"{quantity(supply.unreserved)} free{there}")
    loose = supply.held(Firmness.NONSPECIFIC)
    if loose and supply.reason:
        parts.append(f"{quantity(loose)} nonspecific")
    separator = ", " if supply.reason else " · "
    return separator.join(parts)


def _arrival(demand: DemandRow, supply: SupplyRow) -> list[Words]:
    assert supply.available_on is not None
    words = [
        Words(text="· expected"),
        Words(text=iso(supply.available_on), weight="bold", after=", " if demand.date else ""),
    ]
    if demand.date is not None:
        early = (demand.date - supply.available_on).days
        when = f"{early} {_days(early)} before shipment" if early else "the day of shipment"
        words.append(Words(text=when))
    return words


def _days(number: int) -> str:
    return "day" if number == 1 else "days"


# -- Ways out ----------------------------------------------------------------------------------


def _buttons(seen: Seen, supply: SupplyRow) -> list[Button]:
    if seen.why is None:
        return []
    ways = [w for w in seen.why.ways_out if w.supply in supply.names and not w.holder]
    kinds = {way.kind for way in ways}
    if WayKind.SPLIT in kinds:  # of the two the smaller change
        ways = [way for way in ways if way.kind is not WayKind.SHIP_LATER]
    found = [
        Button(label=_label(way, supply), href=way_href(seen.demand.line, way), about=way.what)
        for way in ways
    ]
    offers = [d for d in seen.why.useful_to if set(d.supplies) & set(supply.names)]
    if not found and offers and supply.reason == Reason.SHELF_LIFE:
        line = offers[0].line
        found.append(
            Button(
                label=f"Offer to {line}",
                href=f"/lines/{reference_path(line)}/split",
                about=offers[0].customer,
            )
        )
    return found


def way_href(line: str, way: WayOut) -> str:
    """Where a way out is looked at, and taken."""
    return f"/lines/{reference_path(line)}/why?way={segment(way.way)}"


def _label(way: WayOut, supply: SupplyRow) -> str:
    of = way.way.partition(":")[2]
    if way.kind is WayKind.SHIP_EARLIER:
        return f"Ship {of}"
    if way.kind is WayKind.ACCEPT:
        return f"Ask customer for {of}"
    if way.kind is WayKind.RELEASE:
        return f"Ask Quality to release {quantity(supply.unreserved)}"
    return way.what


# -- Holders -----------------------------------------------------------------------------------


def _holders(seen: Seen, key: str, supply: SupplyRow) -> list[HolderRow]:
    moving = {
        (move.line, move.from_supply): move
        for move in seen.screen.tried.moves
        if move.from_supply in supply.names
    }
    return [
        HolderRow(
            key=f"{key}/{place}",
            line=holder.line,
            who=holder.customer,
            quantity=holder.quantity,
            bar=_holder_bar(seen, holder, _goes(moving.values(), holder)),
            words=_holder_words(holder, _goes(moving.values(), holder)),
            buttons=_holder_buttons(seen, holder, supply),
        )
        for place, holder in enumerate(supply.holders)
    ]


def _goes(moves: Iterable[Move], holder: Holder) -> Move | None:
    if holder.firmness is not Firmness.NONSPECIFIC:
        return None
    return next((move for move in moves if move.line == holder.line), None)


def _holder_bar(seen: Seen, holder: Holder, goes: Move | None) -> bars.Bar:
    moved = min(goes.quantity, holder.quantity) if goes else ZERO
    if holder.is_own:
        segment = Segment.OURS_SPECIFIC if holder.asked else Segment.OURS_ANY
    else:
        segment = _SEGMENTS[holder.firmness]
    return bars.bar(
        [(Segment.TAKE_MOVES, moved), (segment, holder.quantity - moved)],
        scale=seen.scale,
        pixels=PIXELS,
        hold_until=holder.hold_until,
    )


_SEGMENTS = {
    Firmness.SPECIFIC: Segment.SPECIFIC,
    Firmness.BOUND: Segment.BOUND,
    Firmness.HOLD: Segment.HOLD,
    Firmness.NONSPECIFIC: Segment.NONSPECIFIC,
}


def _holder_words(holder: Holder, goes: Move | None) -> str:
    made = ", ".join(filter(None, (holder.by, f"{holder.since:%Y-%m-%d}" if holder.since else "")))
    if holder.is_own:
        return f"this line · {made}"
    if goes is not None:
        return f"nonspecific · will move to {goes.to_numbers.lot_no or goes.to_supply}"
    if holder.firmness is Firmness.HOLD:
        return f"on hold until {clock(holder.hold_until)}"
    if holder.moves_to:
        to = holder.moves_to[0]
        return f"nonspecific · can move to {to.numbers.lot_no or to.supply} · {made}"
    return f"{holder.firmness} · {made}"


def _holder_buttons(seen: Seen, holder: Holder, supply: SupplyRow) -> list[Button]:
    """Asking for what stays where it is, and hearing of a hold that ends by itself."""
    found = _asking(seen, holder, supply)
    for way in seen.why.ways_out if seen.why and not holder.is_own else ():
        if way.holder != holder.line or way.supply not in supply.names:
            continue
        if way.kind is not WayKind.ASK and holder.hold_until is not None:
            found.append(Button(label="Tell me", at=holder.hold_until.isoformat(), about=way.what))
        elif way.kind is WayKind.ASK and not found:
            href = way_href(seen.demand.line, way)
            found.append(Button(label="Ask", href=href, about=way.what))
    return found


def _asking(seen: Seen, holder: Holder, supply: SupplyRow) -> list[Button]:
    """*Ask holder*, where the supply would serve and he does not step aside anyway."""
    would_serve = supply.reason in ("", Reason.RESERVED) and seen.demand.open > ZERO
    if not would_serve or holder.moves_to:
        return []
    is_bound = holder.firmness is Firmness.BOUND
    units = Units(holder.line, holder.by, is_bound, supply.numbers, supply.supply)
    way = seen.asks.way(units)
    if way is None:
        return []
    return [Button(label=way.words, href=way.href, dialog=way.dialog, about=holder.by)]
