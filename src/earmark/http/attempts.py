"""How often somebody may try to sign in.

Counted for each user name, whether there is such an account or not, and for each address. The
longer it goes on, the longer one waits: a minute, a quarter of an hour, a day. A user name is
counted most strictly together with the address. What is refused does not count, and the user name
by itself holds up, for an hour at most, only addresses that nobody signed in from under it: so
nobody locks others out from elsewhere.
What counts is kept in memory: a server that starts anew has forgotten it, which no attacker can
bring about.
"""

from __future__ import annotations

import math
import threading
import time

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from earmark.core.accounts import NAME_LENGTH_MOST, key_of
from earmark.errors.access import TooManyAttempts

OF_A_USER_THERE = tuple(parse(limit) for limit in ("5/minute", "15/15 minutes", "60/day"))
OF_A_USER = (parse("100/hour"),)
OF_AN_ADDRESS = tuple(parse(limit) for limit in ("60/minute", "600/hour"))
KNOWN_AT_MOST = 10_000
"""Of so many users' addresses it is remembered that they signed in from there; the latest."""

Counted = tuple[RateLimitItem, tuple[str, ...]]
"""A limit, and for what it counts."""


class Attempts:
    """Counts attempts to sign in."""

    def __init__(self) -> None:
        """Nobody has tried."""
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._known: dict[tuple[str, str], None] = {}
        self._lock = threading.Lock()

    def count(self, user_name: str, address: str) -> None:
        """Count one; refuse it where there were too many, of this user or from this address."""
        with self._lock:
            # Looked at and counted as one: many at once are not let through between the two.
            counted = self._counted(_key(user_name), address)
            waits = [self._wait(*one) for one in counted if not self._limiter.test(one[0], *one[1])]
            if waits:
                raise TooManyAttempts(seconds=max(waits))
            for limit, of in counted:
                self._limiter.hit(limit, *of)

    def forgive(self, user_name: str, address: str) -> None:
        """It was the user himself: what he mistyped here does not count any more."""
        user = _key(user_name)
        with self._lock:
            for limit in OF_A_USER_THERE:
                self._limiter.clear(limit, "there", user, address)
            self._known.pop((user, address), None)
            self._known[user, address] = None
            if len(self._known) > KNOWN_AT_MOST:
                del self._known[next(iter(self._known))]

    def _counted(self, user: str, address: str) -> list[Counted]:
        """Every limit that an attempt counts for."""
        of_a_user = () if (user, address) in self._known else OF_A_USER
        return [
            *((limit, ("there", user, address)) for limit in OF_A_USER_THERE),
            *((limit, ("user", user)) for limit in of_a_user),
            *((limit, ("address", address)) for limit in OF_AN_ADDRESS),
        ]

    def _wait(self, limit: RateLimitItem, of: tuple[str, ...]) -> int:
        """The seconds until a limit that is reached is over."""
        return max(1, math.ceil(self._limiter.get_window_stats(limit, *of).reset_time - _now()))


def _key(user_name: str) -> str:
    """A user name, however it is written and however long somebody made it."""
    return key_of(user_name)[: NAME_LENGTH_MOST + 1]


def _now() -> float:
    return time.time()  # noqa: TID251 - the clock by which limits counts
