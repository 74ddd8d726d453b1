"""Item tracking lines: entering numbers on a line, and what that does to its reservations.

Entering numbers never loses a reservation. A specific one stays as long as its number is still
entered for at least that much; what goes beyond becomes nonspecific. Numbers go to the line's
unreserved quantity first; what must stand on reserved quantity is made specific where late binding
allows, and stays nonspecific where it does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from earmark.core import reserving
from earmark.core.balance import RunningBalance
from earmark.core.days import reckonable
from earmark.core.parts import part_of, part_or_nothing
from earmark.core.quantity import ONE, ZERO
from earmark.core.stock import Demand, Line, Slot, TrackedQuantity
from earmark.core.tracking import (
    NO_NUMBERS,
    Numbers,
    TrackingLine,
    check_numbers_once,
    check_serial_quantity,
)
from earmark.errors import (
    AlreadyHandled,
    NotTracked,
    SerialQuantity,
    TrackingExceedsLine,
    ValueInvalid,
)


def check_tracking(line: Line, tracking: Sequence[TrackingLine]) -> None:
    """Refuse tracking lines that could never be: each by itself, then all together."""
    for entry in tracking:
        if line.tracking_code is None:
            raise NotTracked(item_no=line.item.item_no, number=str(entry.numbers))
        if not entry.numbers:
            raise ValueInvalid(field="Numbers", value="", why="a tracking line needs a number")
        check_serial_quantity(line.item.item_no, entry.serial_no, part_of(line, entry.quantity))
        reckonable(entry.expiration_date, "Expiration date")
        if entry.to_handle is not None:
            part_or_nothing(line, entry.to_handle, "Quantity to handle")
    check_numbers_once(line.line, tracking)
    tracked = sum((entry.quantity for entry in tracking), ZERO)
    if tracked > line.quantity:
        raise TrackingExceedsLine(line=line.line, tracked=tracked, quantity=line.quantity)


def replaced(
    line: Line, before: Iterable[TrackedQuantity], tracking: Sequence[TrackingLine]
) -> list[TrackedQuantity]:
    """The line's tracking after replacing it; what is posted stays posted."""
    handled = {tracked.numbers: tracked for tracked in before if tracked.handled}
    after = []
    for entry in tracking:
        old = handled.pop(entry.numbers, None)
        done = old.handled if old else ZERO
        if entry.quantity < done:
            what = f"{entry.numbers} can not be lowered to {entry.quantity}"
            raise AlreadyHandled(handled=done, line=line.line, what=what)
        after.append(
            TrackedQuantity(
                entry.numbers, entry.quantity, entry.to_handle, done, entry.expiration_date
            )
        )
    for old in handled.values():
        what = f"{old.numbers} can not be removed"
        raise AlreadyHandled(handled=old.handled, line=line.line, what=what)
    return after


def settle(balance: RunningBalance, demand: Demand, tracking: Sequence[TrackedQuantity]) -> None:
    """Make a demand's reservations agree with the numbers now entered on it."""
    entered = _entered(demand, tracking)
    _loosen(balance, demand, entered)
    missing = dict(entered)
    for slot in balance.slots_of(demand.line):
        if slot.asked:
            missing[slot.asked] -= balance.held[slot]
    unreserved = demand.outstanding - balance.reserved_of(demand.line)
    to_specify = sum(missing.values(), ZERO) - unreserved
    for asked, wanted in missing.items():
        quantity = min(wanted, to_specify)
        if quantity > ZERO:
            to_specify -= _specify(balance, demand, asked, quantity)


def _entered(demand: Demand, tracking: Iterable[TrackedQuantity]) -> dict[Numbers, Decimal]:
    entered: dict[Numbers, Decimal] = {}
    for tracked in tracking:
        asked = tracked.numbers.only(demand.specific)
        if asked and tracked.left > ZERO:
            entered[asked] = entered.get(asked, ZERO) + tracked.left
    return entered


def _loosen(balance: RunningBalance, demand: Demand, entered: dict[Numbers, Decimal]) -> None:
    """Make nonspecific what stands on a number that is no longer entered for that much."""
    left = dict(entered)
    for slot in balance.slots_of(demand.line):
        if not slot.asked:
            continue
        kept = min(balance.held[slot], left.get(slot.asked, ZERO))
        left[slot.asked] = left.get(slot.asked, ZERO) - kept
        loose = balance.held[slot] - kept
        if loose > ZERO:
            balance.give_back(slot, loose)
            balance.take(slot._replace(asked=NO_NUMBERS), loose)
            entered.setdefault(slot.asked, ZERO)


def _specify(balance: RunningBalance, demand: Demand, asked: Numbers, wanted: Decimal) -> Decimal:
    """Make nonspecific reservations of a line stand on a number, as far as that is possible."""
    done = ZERO
    for slot in _loose(balance, demand):
        if balance.supply(slot.supply_no).numbers.serves(asked):
            quantity = min(wanted - done, balance.held[slot])
            balance.give_back(slot, quantity)
            balance.take(slot._replace(asked=asked), quantity)
            done += quantity
    for slot in _loose(balance, demand):
        if done < wanted and slot.hold_until is None:
            like = slot._replace(asked=asked)
            done += reserving.exchange(balance, demand, slot, like, wanted - done)
    return done


def _loose(balance: RunningBalance, demand: Demand) -> list[Slot]:
    return [s for s in balance.slots_of(demand.line) if not s.asked and not s.binding]


# -- New numbers ------------------------------------------------------------------------------


def counted_up(first_no: str, count: int, step: int = 1) -> list[str]:
    """``count`` numbers from the first on; the last run of digits counts, zeros kept (BC 2.38).

    >>> counted_up("S/N-V0009", 3)
    ['S/N-V0009', 'S/N-V0010', 'S/N-V0011']
    """
    runs = list(re.finditer(r"\d+", first_no))
    if not runs:
        raise ValueInvalid(field="First no.", value=first_no, why="it has no digits to count up")
    digits = runs[-1]
    width, start = len(digits.group()), int(digits.group())
    head, tail = first_no[: digits.start()], first_no[digits.end() :]
    return [f"{head}{start + i * max(step, 1):0{width}d}{tail}" for i in range(count)]


def whole(quantity: Decimal, line: Line) -> int:
    """The count of serial numbers for a quantity; a fraction has none."""
    if quantity != quantity.to_integral_value():
        raise SerialQuantity(serial_no="", item_no=line.item.item_no, quantity=quantity)
    return int(quantity)


def with_serials(lot_no: str, serials: Iterable[str]) -> list[TrackingLine]:
    """One tracking line a serial number, all with one lot."""
    return [TrackingLine(lot_no=lot_no, serial_no=no, quantity=ONE) for no in serials]


# -- Parts of a supply line -------------------------------------------------------------------


def parts_of(line: Line, tracking: Iterable[TrackedQuantity]) -> dict[Numbers, TrackedQuantity]:
    """What a supply line is, number by number: what is tracked and the untracked rest.

    A line that takes no part, or has nothing outstanding, is nothing.
    """
    if not line.takes_part or line.outstanding <= ZERO:
        return {}
    parts = {t.numbers: t for t in tracking if t.left > ZERO}
    rest = line.outstanding - sum((t.left for t in parts.values()), ZERO)
    if rest > ZERO:
        parts[NO_NUMBERS] = TrackedQuantity(NO_NUMBERS, rest, None, ZERO, None)
    return parts
