"""Days that one can reckon with: what is added to them or taken away never leaves the calendar.

A year that was typed wrong (0026, 9999) is refused where it is entered. Kept, it would stop every
calculation that a lead time or a shelf life has a part in, and not only for whoever typed it.
"""

from __future__ import annotations

from datetime import date, datetime

from earmark.errors import ValueInvalid
from earmark.errors.holds import HoldEnded

EARLIEST, LATEST = date(1900, 1, 1), date(2999, 12, 31)
DAYS_MOST = 36_500
"""The longest shelf life or way that anybody may ask for, in days."""


def reckonable(day: date | None, what: str = "Date") -> date | None:
    """A day as it was given; refused where it is none that one can reckon with."""
    if day is not None and not EARLIEST <= day <= LATEST:
        why = f"it is a day from {EARLIEST} to {LATEST}"
        raise ValueInvalid(field=what, value=day.isoformat(), why=why)
    return day


def reckonable_time(at: datetime | None, what: str = "Time") -> datetime | None:
    """A time as it was given; refused where it has no time zone or is none that can be meant."""
    if at is None:
        return None
    if at.tzinfo is None:
        raise ValueInvalid(field=what, value=at.isoformat(), why="it has no time zone")
    reckonable(at.date(), what)
    return at


def end_of_hold(until: datetime | None, now: datetime) -> datetime | None:
    """The time limit of a reservation as it was given; refused where it is not in the future."""
    if until is None or until.tzinfo is None or until > now:
        return reckonable_time(until, "Hold until")
    raise HoldEnded(until=_to_the_minute(until), now=_to_the_minute(now))


def _to_the_minute(at: datetime) -> str:
    return at.isoformat(sep=" ", timespec="minutes")


def number_of_days(days: int, what: str) -> int:
    """How many days, as it was given; refused where nobody could mean it."""
    if not 0 <= days <= DAYS_MOST:
        raise ValueInvalid(field=what, value=days, why=f"it is from 0 to {DAYS_MOST} days")
    return days
