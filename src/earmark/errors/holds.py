"""Why a reservation cannot be held until the time that was said."""

from __future__ import annotations

from earmark.errors import Refused


class HoldEnded(Refused):
    """A time limit that is not in the future."""

    sentence = "A hold until {until} has already ended: it is {now} now."
