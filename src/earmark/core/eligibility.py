"""Whether a supply may serve a demand, and if not, why: the one place that says so.

Reserving, the Reservation window, candidates, select entries, late binding and every refusal
repeat this answer. It does not ask whether anything is left of the supply: that is the balance's.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from earmark.core.stock import Demand, Supply
from earmark.core.tracking import NO_NUMBERS, Numbers
from earmark.errors import (
    DateConflict,
    EarmarkError,
    NothingAvailable,
    NumberBlocked,
    NumberExpired,
    ShelfLife,
)


class Reason(StrEnum):
    """Why a supply can not serve a demand."""

    OTHER_VARIANT = "other-variant"
    OTHER_LOCATION = "other-location"
    OTHER_NUMBER = "other-number"
    NOT_SPECIFIC = "not-specific-available"
    TOO_LATE = "too-late"
    BLOCKED = "number-blocked"
    EXPIRED = "number-expired"
    SHELF_LIFE = "shelf-life"
    RESERVED = "reserved"


def obstacle(supply: Supply, demand: Demand, asked: Numbers = NO_NUMBERS) -> Reason | None:
    """Why ``supply`` may not serve ``demand`` with the numbers ``asked``; nothing if it may."""
    if supply.key != demand.key:
        if supply.key.variant_code != demand.key.variant_code:
            return Reason.OTHER_VARIANT
        return Reason.OTHER_LOCATION
    if asked and not supply.numbers.serves(asked):
        return Reason.OTHER_NUMBER if supply.is_numbered else Reason.NOT_SPECIFIC
    return unfit(supply, demand)


def unfit(supply: Supply, demand: Demand) -> Reason | None:
    """Why goods of the right kind are still not good for ``demand``: late, blocked or too old.

    Judged on the day the demand needs them, and where that is past or not said, today: in time on
    the very day, good on the expiration date, with the customer's minimum remaining shelf life
    after arrival. Supply on order without numbers
    is presumed to keep; goods without a date never expire but can not prove a shelf life.
    """
    if is_too_late(supply.available_on, demand.needed_on):
        return Reason.TOO_LATE
    if supply.is_blocked:
        return Reason.BLOCKED
    expires = supply.expiration_date
    used = demand.used_on
    if expires is not None and used is not None and expires < used:
        return Reason.EXPIRED
    if demand.minimum_shelf_life_days and not _keeps(supply, demand):
        return Reason.SHELF_LIFE
    return None


def is_too_late(available_on: date | None, needed_on: date | None) -> bool:
    """Whether a supply comes after the demand; where either has no date, it does not."""
    return available_on is not None and needed_on is not None and available_on > needed_on


def _keeps(supply: Supply, demand: Demand) -> bool:
    if supply.expiration_date is None:
        return not supply.is_stock and not supply.is_numbered
    return demand.good_until is None or supply.expiration_date >= demand.good_until


def refusal(reason: Reason, supply: Supply, demand: Demand) -> EarmarkError:
    """The reason as the refusal it is when this very supply was asked for."""
    item_no, number = supply.key.item_no, str(supply.numbers)
    if reason is Reason.TOO_LATE:
        return DateConflict(
            supply=supply.name,
            supply_date=supply.available_on,
            line=demand.line,
            demand_date=demand.needed_on,
        )
    if reason is Reason.BLOCKED:
        return NumberBlocked(number=number, item_no=item_no)
    if reason is Reason.EXPIRED:
        return NumberExpired(
            number=number,
            item_no=item_no,
            expiration_date=supply.expiration_date,
            needed_on=demand.used_on,
        )
    if reason is Reason.SHELF_LIFE:
        return ShelfLife(
            number=number,
            item_no=item_no,
            expiration_date=supply.expiration_date or "no known date",
            customer=demand.customer,
            good_until=demand.good_until,
        )
    return NothingAvailable(supply=supply.name, line=demand.line)


def in_words(reason: Reason, supply: Supply, demand: Demand) -> str:
    """The reason as a sentence that stands beside the supply."""
    if reason is Reason.OTHER_VARIANT:
        return f"Variant {supply.key.variant_code or 'blank'}; the line needs another."
    if reason is Reason.OTHER_LOCATION:
        where = supply.key.location_code
        return f"At {where}; the line takes from {demand.key.location_code}."
    if reason is Reason.OTHER_NUMBER:
        return f"{supply.numbers} is another number than the one asked for."
    if reason is Reason.NOT_SPECIFIC:
        return "Its numbers are not known yet."
    if reason is Reason.RESERVED:
        return "All of it is held by others."
    return str(refusal(reason, supply, demand))


def in_brief(reason: Reason, supply: Supply, demand: Demand) -> str:
    """The reason in as few words as a row of a table has room for, with both figures."""
    if reason is Reason.TOO_LATE and supply.available_on and demand.needed_on:
        late = (supply.available_on - demand.needed_on).days
        return f"expected {supply.available_on}, {late} {_days(late)} too late"
    if reason is Reason.BLOCKED:
        return "blocked"
    left = days_left(supply, demand)
    if reason is Reason.EXPIRED and left is not None:
        return f"expires {-left} {_days(-left)} before arrival"
    if reason is Reason.SHELF_LIFE:
        required = f"{demand.minimum_shelf_life_days} required"
        if left is None:
            return f"no expiration date, {required}"
        return f"{left} {_days(left)} left on arrival, {required}"
    words = in_words(reason, supply, demand).removesuffix(".")
    return words[0].lower() + words[1:]


def _days(number: int) -> str:
    return "day" if number == 1 else "days"


def days_left(supply: Supply, demand: Demand) -> int | None:
    """How many days goods still keep when they arrive; none where they have no date."""
    if supply.expiration_date is None or demand.used_on is None:
        return None
    return (supply.expiration_date - demand.used_on).days
