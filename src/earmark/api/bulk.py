"""What can be done for many lines in one request, with a result for each line."""

from __future__ import annotations

from dataclasses import dataclass

from earmark.api.operations import Bulk
from earmark.core.commands import Cancel, Reserve, Track
from earmark.core.roles import Operation
from earmark.usecases import many, tracking


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveEach:
    """Reserve for each of many lines, one after the other."""

    commands: tuple[Reserve, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelEach:
    """Cancel reservations of each of many lines."""

    commands: tuple[Cancel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackEach:
    """Replace the item tracking lines of each of many lines."""

    commands: tuple[Track, ...]


BULK = (
    Bulk(
        name="reserve_each",
        path="/bulk/reserve",
        asks=ReserveEach,
        may=Operation.RESERVE,
        does=many.reserve_each,
        tag="Many lines",
    ),
    Bulk(
        name="cancel_each",
        path="/bulk/cancel",
        asks=CancelEach,
        may=Operation.RESERVE,
        does=many.cancel_each,
        tag="Many lines",
    ),
    Bulk(
        name="track_each",
        path="/bulk/track",
        asks=TrackEach,
        may=Operation.TRACK,
        does=tracking.track_each,
        tag="Many lines",
    ),
)
