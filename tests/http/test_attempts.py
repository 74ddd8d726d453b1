"""Attempts to sign in: they slow down who guesses, and lock out nobody else."""

from __future__ import annotations

import pytest

from earmark.errors.access import TooManyAttempts
from earmark.http.attempts import OF_A_USER, Attempts

HERE, THERE = "192.0.2.1", "198.51.100.7"


def refused(attempts: Attempts, user_name: str, address: str) -> bool:
    """Count one attempt; says whether it was refused."""
    try:
        attempts.count(user_name, address)
    except TooManyAttempts:
        return True
    return False


def guessed_from_everywhere(attempts: Attempts, user_name: str) -> None:
    """So many attempts from ever other addresses that the user name itself is at its limit."""
    for number in range(max(limit.amount for limit in OF_A_USER)):
        refused(attempts, user_name, f"203.0.113.{number // 4}")


def test_ever_so_many_attempts_from_one_address_lock_nobody_out_elsewhere() -> None:
    """310 wrong passwords there, and the user signs in here."""
    attempts = Attempts()
    outcomes = [refused(attempts, "ann", THERE) for _ in range(310)]
    assert outcomes == [False] * 5 + [True] * 305
    assert not refused(attempts, "ann", HERE)


def test_a_refused_attempt_counts_for_nothing() -> None:
    """Nor does it use up the address for the other users who are there."""
    attempts = Attempts()
    for _ in range(310):
        refused(attempts, "ann", THERE)
    assert not refused(attempts, "bob", THERE)


def test_who_has_signed_in_from_an_address_gets_in_there_however_many_guess_elsewhere() -> None:
    """Only addresses that the user never came from are held up, and for an hour at most."""
    attempts = Attempts()
    attempts.count("ann", HERE)
    attempts.forgive("Ann", HERE)
    guessed_from_everywhere(attempts, "ann")
    assert not refused(attempts, "ann", HERE)
    with pytest.raises(TooManyAttempts) as refusal:
        attempts.count("ann", THERE)
    assert 0 < int(str(refusal.value.facts["seconds"])) <= 3600


def test_a_known_address_has_limits_too() -> None:
    """Who guesses where the user signs in waits like anybody else."""
    attempts = Attempts()
    attempts.count("ann", HERE)
    attempts.forgive("ann", HERE)
    assert [refused(attempts, "ann", HERE) for _ in range(6)] == [False] * 5 + [True]
