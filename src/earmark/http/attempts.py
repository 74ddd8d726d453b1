"""How often somebody may try to sign in.

Counted for each user name, whether there is such an account or not, and for each address. The
longer it goes on, the longer one waits: a minute, a quarter of an hour, a day. A user name is
counted most strictly together with the address, so that nobody locks others out from elsewhere.
What counts is kept in memory: a server that starts anew has forgotten it, which no attacker can
bring about.
"""

from __future__ import annotations

import math
import time

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from earmark.core.accounts import NAME_LENGTH_MOST, key_of
from earmark.errors.access import TooManyAttempts

OF_A_USER_THERE = tuple(parse(limit) for limit in ("5/minute", "15/15 minutes", "60/day"))
OF_A_USER = (parse("300/day"),)
OF_AN_ADDRESS = tuple(parse(limit) for limit in ("60/minute", "600/hour"))


class Attempts:
    """Counts attempts to sign in."""

    def __init__(self) -> None:
        """Nobody has tried."""
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    def count(self, user_name: str, address: str) -> None:
        """Count one; refuse it where there were too many, of this user or from this address."""
        user = _key(user_name)
        waits = [
            *self._waits(OF_A_USER_THERE, "there", user, address),
            *self._waits(OF_A_USER, "user", user),
            *self._waits(OF_AN_ADDRESS, "address", address),
        ]
        if waits:
            raise TooManyAttempts(seconds=max(waits))

    def forgive(self, user_name: str, address: str) -> None:
        """It was the user himself: what he mistyped here does not count any more."""
        for limit in OF_A_USER_THERE:
            self._limiter.clear(limit, "there", _key(user_name), address)

    def _waits(self, limits: tuple[RateLimitItem, ...], *key: str) -> list[int]:
        """The seconds until each of the limits that are exceeded is over."""
        return [
            max(1, math.ceil(self._limiter.get_window_stats(limit, *key).reset_time - _now()))
            for limit in limits
            if not self._limiter.hit(limit, *key)
        ]


def _key(user_name: str) -> str:
    """A user name, however it is written and however long somebody made it."""
    return key_of(user_name)[: NAME_LENGTH_MOST + 1]


def _now() -> float:
    return time.time()  # noqa: TID251 - the clock by which limits counts
