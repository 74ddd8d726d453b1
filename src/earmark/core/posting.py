"""Posting: goods come in, goods go out, and the reservations follow them.

Out: what is shipped or consumed uses up the line's own reservations first; what others hold
nonspecifically of the goods picked moves to other supply; what others hold firmly stays. In: what
is received or put out serves the reservations on its line first, the earliest demand first, and
they stand on the new ledger entry from then on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from earmark.core import late_binding, line_changes
from earmark.core.balance import RunningBalance
from earmark.core.days import reckonable
from earmark.core.eligibility import unfit
from earmark.core.holders import because
from earmark.core.items import StockKey
from earmark.core.outcome import Notice
from earmark.core.quantity import ZERO
from earmark.core.stock import Line, Slot, Supply, TrackedQuantity
from earmark.core.tracking import NO_NUMBERS, Dimension, Numbers, TrackingCode, TrackingLine
from earmark.errors import (
    EarmarkError,
    ExpirationDiffers,
    ExpirationMissing,
    NotInStock,
    NumberBlocked,
    NumberExpired,
    NumberMissing,
    NumberUnavailable,
    ReservedElsewhere,
    SerialInStock,
    SupplyNotInStock,
    TrackingDiffers,
)


@dataclass(frozen=True, slots=True)
class Handled:
    """Numbers and the quantity of them that one posting handles."""

    numbers: Numbers
    quantity: Decimal
    expiration_date: date | None = None


@dataclass(frozen=True, slots=True)
class Application:
    """How much of one ledger entry a posting out took, under which entered numbers."""

    supply_no: int
    numbers: Numbers
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Leaving:
    """A posting out of one stock key: whose it is, what leaves, when, by which rules.

    ``spared`` are supplies that it does not take: what goods become when they are reclassified.
    """

    key: StockKey
    line: Line | None
    code: TrackingCode | None
    handled: tuple[Handled, ...]
    posted_on: date
    spared: frozenset[int] = frozenset()

    @property
    def item_no(self) -> str:
        """The item that leaves."""
        return self.key.item_no

    def asked(self, handled: Handled) -> Numbers:
        """The numbers that are matched with stock."""
        return handled.numbers.only(self.code.specific if self.code else ())


# -- What this posting handles ----------------------------------------------------------------


def picked(
    line: Line, tracking: Iterable[TrackedQuantity], numbers: Sequence[TrackingLine]
) -> list[TrackedQuantity]:
    """The line's tracking for one posting: what is named is handled, the others are not.

    Missing tracking lines are added, too small ones grow; without ``numbers`` the tracking stays.
    """
    if not numbers:
        return list(tracking)
    after = {t.numbers: replace(t, to_handle=ZERO) for t in tracking}
    for entry in numbers:
        old = after.get(entry.numbers)
        done = old.handled if old else ZERO
        earlier = old.to_handle or ZERO if old else ZERO
        whole = max(old.quantity if old else ZERO, done + earlier + entry.quantity)
        expires = entry.expiration_date or (old.expiration_date if old else None)
        after[entry.numbers] = TrackedQuantity(
            entry.numbers, whole, earlier + entry.quantity, done, expires
        )
    return _within(line, list(after.values()))


def _within(line: Line, tracking: list[TrackedQuantity]) -> list[TrackedQuantity]:
    """Let entered numbers that are not picked now give way, so that the line is not exceeded."""
    excess = sum((t.quantity for t in tracking), ZERO) - line.quantity
    after = []
    for tracked in reversed(tracking):
        spare = tracked.left - (tracked.to_handle or ZERO)
        cut = min(max(excess, ZERO), spare)
        excess -= cut
        after.append(replace(tracked, quantity=tracked.quantity - cut))
    return [tracked for tracked in reversed(after) if tracked.quantity > ZERO]


def to_handle(
    line: Line, tracking: Iterable[TrackedQuantity], quantity: Decimal
) -> tuple[Handled, ...]:
    """What leaves or comes under which numbers; refuses what is missing or does not add up.

    A single lot with more to handle than is posted is simply taken in part (BC 7.4).
    """
    handled = [Handled(t.numbers, t.handles, t.expiration_date) for t in tracking if t.handles]
    total = sum((h.quantity for h in handled), ZERO)
    if len(handled) == 1 and not handled[0].numbers.serial_no and total > quantity:
        handled, total = [replace(handled[0], quantity=quantity)], quantity
    entered = line.tracking_code.entered if line.tracking_code else ()
    untracked = quantity - total
    if entered and untracked > ZERO and not handled:
        raise NumberMissing(item_no=line.item.item_no, dimension=entered[0], quantity=untracked)
    if handled and untracked != ZERO:
        raise TrackingDiffers(line=line.line, to_handle=total, quantity=quantity)
    check_numbers_complete(line.item.item_no, entered, handled)
    return tuple(handled) or (Handled(NO_NUMBERS, quantity),)


def check_numbers_complete(
    item_no: str, wanted: Iterable[Dimension], handled: Iterable[Handled]
) -> None:
    """Refuse a posting without a number of each wanted dimension.

    A document line wants what its item tracking code names specific or required; stock that is
    set up, adjusted or moved what is specific.
    """
    for part in handled:
        for dimension in wanted:
            if not part.numbers.get(dimension):
                raise NumberMissing(item_no=item_no, dimension=dimension, quantity=part.quantity)


# -- Out --------------------------------------------------------------------------------------


def take_out(balance: RunningBalance, leaving: Leaving) -> tuple[list[Application], list[Notice]]:
    """Take goods out of stock, as they were picked, and keep every promise made to others."""
    warnings = _check_goods(balance, leaving)
    taken: list[Application] = []
    unreserved = _unreserved(balance, leaving)
    missing = [(part, _take_own(balance, leaving, part, taken)) for part in leaving.handled]
    _use_up_own(balance, leaving, sum((left for _, left in missing), ZERO), unreserved)
    for part, left in missing:
        if left > ZERO:
            _take_others(balance, leaving, part, left, taken)
    if leaving.line is not None:
        _fit_to_outstanding(balance, leaving)
    return taken, warnings


def _goods(balance: RunningBalance, leaving: Leaving, asked: Numbers) -> list[Supply]:
    """The stock that a posting may take from: all under the number, or all there is."""
    supplies = balance.asked(asked) if asked else balance.everything()
    return [s for s in supplies if s.is_stock and s.supply_no not in leaving.spared]


def _check_goods(balance: RunningBalance, leaving: Leaving) -> list[Notice]:
    """Refuse a line blocked goods, and expired ones under a strict code; else warn of them."""
    warnings = []
    for part in leaving.handled:
        if not part.numbers or leaving.line is None:
            continue  # what is adjusted or moved may be blocked, and may have expired
        for supply in _goods(balance, leaving, leaving.asked(part)):
            if not supply.numbers.serves(part.numbers):
                continue
            if supply.is_blocked:
                raise NumberBlocked(number=str(supply.numbers), item_no=leaving.item_no)
            expires = supply.expiration_date
            if expires is not None and expires < leaving.posted_on:
                error = NumberExpired(
                    number=str(supply.numbers),
                    item_no=leaving.item_no,
                    expiration_date=expires,
                    needed_on=leaving.posted_on,
                )
                if leaving.code is not None and leaving.code.expiration_strict:
                    raise error
                warnings.append(Notice("number-expired", str(error)))
    return warnings


def _take_own(
    balance: RunningBalance, leaving: Leaving, part: Handled, taken: list[Application]
) -> Decimal:
    """Use up the line's own reservations on the goods picked; gives back what is still missing."""
    left = part.quantity
    if leaving.line is None:
        return left
    slots = balance.slots_of(leaving.line.line)
    for slot in sorted(slots, key=lambda slot: not slot.asked):
        supply = balance.supply(slot.supply_no)
        quantity = min(left, balance.held[slot])
        if (
            quantity > ZERO
            and supply.is_stock
            and supply.numbers.serves(leaving.asked(part))
            and (not slot.asked or not leaving.asked(part) or slot.asked == leaving.asked(part))
            and not (supply.is_blocked and not part.numbers)
        ):
            balance.give_back(slot, quantity)
            _consume(balance, supply.supply_no, part, quantity, taken)
            left -= quantity
    return left


def _unreserved(balance: RunningBalance, leaving: Leaving) -> Decimal:
    if leaving.line is None:
        return ZERO
    return leaving.line.outstanding - balance.reserved_of(leaving.line.line)


def _use_up_own(
    balance: RunningBalance, leaving: Leaving, quantity: Decimal, unreserved: Decimal
) -> None:
    """Use up what the line has elsewhere: stock, what it has not reserved, then supply on order.

    Only nonspecific reservations: what is firm on supply that has not arrived stays as it is.
    """
    if leaving.line is None:
        return
    slots = [s for s in balance.slots_of(leaving.line.line) if not s.asked and not s.binding]
    in_stock = [s for s in slots if balance.supply(s.supply_no).is_stock]
    left = _use_up(balance, in_stock, quantity) - unreserved
    on_order = [s for s in slots if s not in in_stock]
    _use_up(balance, on_order, left)


def _use_up(balance: RunningBalance, slots: Iterable[Slot], quantity: Decimal) -> Decimal:
    """Give up to a quantity back, and say what of it is left."""
    for slot in slots:
        used = min(quantity, balance.held[slot])
        if used > ZERO:
            balance.give_back(slot, used)
            quantity -= used
    return quantity


def _take_others(
    balance: RunningBalance,
    leaving: Leaving,
    part: Handled,
    left: Decimal,
    taken: list[Application],
) -> None:
    """Take what is free of the goods picked, after others have moved out of the way."""
    goods = _fit_to_leave(balance, leaving, part)
    free = sum((max(balance.available(s.supply_no), ZERO) for s in goods), ZERO)
    if free < left:
        free = late_binding.free(balance, goods, left, out_of_stock=True)
    if free < left:
        raise _unavailable(balance, leaving, part, free + part.quantity - left)
    for supply in goods:
        quantity = min(left, balance.available(supply.supply_no))
        if quantity > ZERO:
            _consume(balance, supply.supply_no, part, quantity, taken)
            left -= quantity


def _fit_to_leave(balance: RunningBalance, leaving: Leaving, part: Handled) -> list[Supply]:
    """The goods in the order they leave: the number written down first.

    Blocked ones leave for no line; when stock is adjusted or moved, those that were named do.
    """
    goods = _goods(balance, leaving, leaving.asked(part))
    may_be_blocked = leaving.line is None and bool(part.numbers)
    usable = [supply for supply in goods if may_be_blocked or not supply.is_blocked]
    return sorted(usable, key=lambda supply: not supply.numbers.serves(part.numbers))


def _consume(
    balance: RunningBalance,
    supply_no: int,
    part: Handled,
    quantity: Decimal,
    taken: list[Application],
) -> None:
    supply = balance.supply(supply_no)
    balance.put(replace(supply, quantity=supply.quantity - quantity))
    taken.append(Application(supply_no, part.numbers, quantity))


def _unavailable(
    balance: RunningBalance, leaving: Leaving, part: Handled, available: Decimal
) -> EarmarkError:
    """Why the goods can not be taken, by what holds them."""
    line, asked = leaving.line, leaving.asked(part)
    expected = _expected(balance, leaving)
    if line is not None and expected is not None:
        return SupplyNotInStock(line=line.line, supply=expected.name)
    goods = _fit_to_leave(balance, leaving, part)
    there = sum((s.quantity for s in goods), ZERO) + _already(part, available, balance, goods)
    facts = {
        "item_no": leaving.item_no,
        "location_code": leaving.key.location_code or "this location",
    }
    if line is not None and asked:
        return NumberUnavailable(
            number=str(asked),
            available=available,
            line=line.line,
            quantity=part.quantity,
            because=because(balance, goods, line.line),
            **facts,
        )
    if there < part.quantity:
        if asked:
            return NumberUnavailable(
                number=str(asked),
                available=there,
                line="this posting",
                quantity=part.quantity,
                because="",
                **facts,
            )
        return NotInStock(available=there, quantity=part.quantity, **facts)
    holders = dict.fromkeys(s.line for s in balance.slots_on(g.supply_no for g in goods))
    return ReservedElsewhere(
        available=available,
        of_number=f", {asked}," if asked else "",
        holders=", ".join(holders),
        quantity=part.quantity,
        **facts,
    )


def _already(
    part: Handled, available: Decimal, balance: RunningBalance, goods: Iterable[Supply]
) -> Decimal:
    """What this posting had taken of its own before it found too little for the rest."""
    free = sum((max(balance.available(s.supply_no), ZERO) for s in goods), ZERO)
    return min(max(available - free, ZERO), part.quantity)


def _expected(balance: RunningBalance, leaving: Leaving) -> Supply | None:
    """A supply that has not arrived and that the line was reserved from when this began."""
    if leaving.line is None:
        return None
    for slot, entry in balance.before.items():
        if slot.line == leaving.line.line and entry.quantity > ZERO:
            supply = balance.supply(slot.supply_no)
            if not supply.is_stock:
                return supply
    return None


def _fit_to_outstanding(balance: RunningBalance, leaving: Leaving) -> None:
    """Give up what the line has reserved beyond what is outstanding after this posting.

    That can be goods in stock alone: what is firm on supply that has not arrived is released by a
    step of its own, not by shipping other goods.
    """
    line = leaving.line
    assert line is not None, "only a line has something outstanding"
    posted = sum((part.quantity for part in leaving.handled), ZERO)
    demand = replace(balance.demand(line.line), outstanding=line.outstanding - posted)
    balance.replace_demand(demand)
    slots = balance.slots_of(line.line)
    firm = [s for s in slots if s.binding or not balance.supply(s.supply_no).is_stock]
    if sum((balance.held[slot] for slot in firm), ZERO) > demand.outstanding:
        name = balance.supply(firm[0].supply_no).name
        raise SupplyNotInStock(line=line.line, supply=name)
    line_changes.shrink(balance, demand, "the line was posted with other numbers")


# -- In ---------------------------------------------------------------------------------------


def check_arrival(
    item_no: str,
    code: TrackingCode | None,
    part: Handled,
    own_date: date | None,
    *,
    is_known: bool,
) -> date | None:
    """The expiration date of what arrives: the number's own, or the one given with it (BC 5.2)."""
    reckonable(part.expiration_date, "Expiration date")
    if code is None or not code.expiration_used or not part.numbers:
        return own_date or part.expiration_date
    if is_known and part.expiration_date not in (None, own_date):
        raise ExpirationDiffers(
            number=str(part.numbers),
            item_no=item_no,
            own_date=own_date or "blank",
            given_date=part.expiration_date,
        )
    arrives_with = own_date if is_known else part.expiration_date
    if arrives_with is None and code.expiration_required:
        raise ExpirationMissing(number=str(part.numbers), item_no=item_no)
    return arrives_with


def check_serial_arrival(item_no: str, serial_no: str, in_stock: Mapping[str, str]) -> None:
    """Refuse a specific serial number that is in stock already, wherever: ``in_stock`` says."""
    if serial_no and serial_no in in_stock:
        place = in_stock[serial_no]
        raise SerialInStock(
            serial_no=serial_no, item_no=item_no, where=f" at {place}" if place else ""
        )


def arrive(balance: RunningBalance, arrived: Sequence[Supply], parts: Sequence[Supply]) -> None:
    """Put new ledger entries in stock and let the reservations on their line follow them.

    ``parts`` are the parts of the line as they will be after this posting.
    """
    numbers = [part.supply_no for part in parts]
    for supply in arrived:
        balance.put(supply)
        _follow(balance, supply, numbers, is_fit=True)
    for part in parts:
        balance.put(part)
    for part in parts:
        line_changes.settle_within(balance, part.supply_no, numbers)
    for supply in arrived:
        _follow_overflow(balance, supply, numbers)
    for part in parts:
        line_changes.shed(balance, part.supply_no, "less arrived than was promised")


def _follow(balance: RunningBalance, supply: Supply, parts: Sequence[int], *, is_fit: bool) -> None:
    """Let reservations on the line go over to what has arrived, the earliest demand first."""
    slots = [s for s in balance.slots_on(parts) if supply.numbers.serves(s.asked)]
    own = {no for no in parts if balance.supply(no).numbers == supply.numbers}
    for slot in sorted(
        slots, key=lambda s: (not s.asked, _due(balance, s), s.supply_no not in own)
    ):
        quantity = min(balance.held[slot], balance.available(supply.supply_no))
        fits = unfit(supply, balance.demand(slot.line)) is None
        if quantity > ZERO and fits is is_fit:
            balance.give_back(slot, quantity)
            balance.take(slot._replace(supply_no=supply.supply_no), quantity)


def _follow_overflow(balance: RunningBalance, supply: Supply, parts: Sequence[int]) -> None:
    """What the line can not hold any more follows the goods, fit or not: nothing is lost."""
    for number in parts:
        if balance.available(number) >= ZERO:
            continue
        late_binding.free(balance, [balance.supply(number)], ZERO, out_of_stock=True)
        for slot in balance.slots_on([number]):
            excess = -balance.available(number)
            quantity = min(excess, balance.held[slot], balance.available(supply.supply_no))
            if quantity > ZERO and supply.numbers.serves(slot.asked):
                balance.give_back(slot, quantity)
                balance.take(slot._replace(supply_no=supply.supply_no), quantity)


def _due(balance: RunningBalance, slot: Slot) -> tuple[date, str]:
    return (balance.demand(slot.line).needed_on or date.max, slot.line)
