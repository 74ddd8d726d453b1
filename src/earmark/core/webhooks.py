"""Webhooks: where events are sent, how they are signed, and when a failed one is tried again.

The signature is that of Standard Webhooks: HMAC-SHA256 over ``id.timestamp.body`` under a secret
that the receiver has too, so that he can tell our messages, and none is old or changed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from earmark.core.commands import Command
from earmark.core.events import EVERYTHING, Chosen
from earmark.errors import ValueInvalid

SECRET_PREFIX = "whsec_"  # noqa: S105 - how a secret begins, by the convention
SECRET_BYTES = 24
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=6)
GIVEN_UP_AFTER = timedelta(days=3)
"""A webhook that has failed for so long without one success is switched off."""
JITTER = 0.2
TEST = "io.earmark.webhook.test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """An address that events are sent to, in order, one after the other.

    ``types`` choose some of them (see :class:`~earmark.core.events.Chosen`), none means all.
    ``reached`` is the id of the last one that arrived. ``failures`` counts those in a row since
    ``failing_since``; the next try is at ``next_try``.
    """

    webhook_id: str
    url: str
    secret: str
    types: tuple[str, ...] = ()
    is_active: bool = True
    inactive_because: str = ""
    reached: str = ""
    created: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None
    next_try: datetime | None = None

    @property
    def chosen(self) -> Chosen:
        """Which events it wants."""
        return Chosen(types=self.types) if self.types else EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt to deliver one event; ``status`` is zero where nobody answered."""

    webhook_id: str
    attempt_no: int = 0
    event_id: str
    event_type: str
    at: datetime
    duration_ms: int
    status: int
    answer: str = ""
    error: str = ""
    next_try: datetime | None = None

    @property
    def has_arrived(self) -> bool:
        """Whether the receiver has taken it."""
        return 200 <= self.status < 300  # noqa: PLR2004 - success, as HTTP says it


@dataclass(frozen=True, slots=True, kw_only=True)
class AddWebhook(Command):
    """Send events to an address from now on, or after ``after``."""

    url: str
    types: tuple[str, ...] = ()
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveWebhook(Command):
    """Send nothing to it any more, and forget it."""

    webhook_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchWebhook(Command):
    """Switch a webhook on, from where it was, or off, and why."""

    webhook_id: str
    is_active: bool
    because: str = ""


# -- Signing -----------------------------------------------------------------------------------


def secret_of(random: bytes) -> str:
    """A secret as it is shown and kept, from random bytes."""
    return SECRET_PREFIX + base64.b64encode(random).decode()


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """What stands in ``webhook-signature``: ``v1,`` and the HMAC in base64."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def check_secret(secret: str) -> None:
    """Refuse a secret that is too short, or is none."""
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error:
        key = b""
    if len(key) < SECRET_BYTES:
        why = f"it is {SECRET_PREFIX} and at least {SECRET_BYTES} bytes in base64"
        raise ValueInvalid(field="Secret", value="", why=why)


# -- When to try again -------------------------------------------------------------------------


def pause_after(failures: int, chance: float) -> timedelta:
    """How long to wait after so many failures in a row; ``chance`` is between 0 and 1.

    Twice as long each time, from five seconds to six hours, give or take a fifth, so that many
    that failed together do not all come again together.
    """
    doublings: int = 1 << min(failures - 1, 20)
    pause = min(FIRST_PAUSE * doublings, LONGEST_PAUSE)
    return pause * (1 - JITTER + 2 * JITTER * chance)


# -- Where to ----------------------------------------------------------------------------------


def check_url(url: str) -> None:
    """Refuse an address that no event can be sent to."""
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_whole = False
    if not is_whole:
        why = "it is an address such as https://example.com/hook"
        raise ValueInvalid(field="Address", value=url, why=why)
    if parts.username or parts.password:
        raise ValueInvalid(field="Address", value=url, why="it has no user name or password in it")


def is_public(address: str) -> bool:
    """Whether an IP address is of the open internet: not of this machine, nor of its network."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if any(found in network for network in _NEVER_PUBLIC):
            return False
        carried = _carried(found)
        return all(map(_is_open, carried)) if carried else _is_open(found)
    return _is_open(found)


def _is_open(found: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return found.is_global and not found.is_multicast


_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
_NEVER_PUBLIC = (
    ipaddress.IPv6Network("64:ff9b:1::/48"),  # translation within a network
    ipaddress.IPv6Network("fec0::/10"),  # site-local, as it once was
    ipaddress.IPv6Network("::/96"),  # IPv4-compatible, as it once was
)


def _carried(found: ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    """The IPv4 addresses that an IPv6 address stands for, where it does."""
    if found.ipv4_mapped:
        return [found.ipv4_mapped]
    if found.sixtofour:
        return [found.sixtofour]
    if found.teredo:
        return list(found.teredo)
    if found in _TRANSLATED:
        return [ipaddress.IPv4Address(int(found) & 0xFFFF_FFFF)]
    return []


def first_private(addresses: Sequence[str]) -> str:
    """The first of these IP addresses that is not public; empty where all are."""
    return next((address for address in addresses if not is_public(address)), "")
