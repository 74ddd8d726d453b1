"""Passwords as they are kept: hashed with Argon2id, slow on purpose.

How slow is the second recommendation of OWASP's cheat sheet, doubled; a password hashed with other
figures is hashed anew when its owner signs in. At most two are hashed at a time, so that an attack
on the sign-in page costs a bounded amount of memory.
"""

from __future__ import annotations

import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from earmark.core.accounts import normalized

_HASHER = PasswordHasher(time_cost=2, memory_cost=38 * 1024, parallelism=1)
_AT_ONCE = threading.BoundedSemaphore(2)
SALT_LENGTH = 16


def hashed(password: str, salt: bytes) -> str:
    """A password as it is kept."""
    with _AT_ONCE:
        return _HASHER.hash(normalized(password), salt=salt)


def is_right(password_hash: str, password: str) -> bool:
    """Whether a password is the one that was hashed.

    It takes as long where nothing was: nobody learns from the time whether there is an account.
    """
    with _AT_ONCE:
        try:
            _HASHER.verify(password_hash or _of_nobody(), normalized(password))
        except (VerificationError, InvalidHashError):
            return False
    return bool(password_hash)


def is_outdated(password_hash: str) -> bool:
    """Whether a password was hashed with other figures than today's."""
    return _HASHER.check_needs_rehash(password_hash)


@cache
def _of_nobody() -> str:
    return _HASHER.hash("", salt=bytes(SALT_LENGTH))
