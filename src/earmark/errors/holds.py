"""Why a reservation cannot be: held until the time that was said, or of a part of a serial no."""

from __future__ import annotations

from earmark.errors import Refused


class HoldEnded(Refused):
    """A time limit that is not in the future."""

    sentence = "A hold until {until} has already ended: it is {now} now."


class SerialInParts(Refused):
    """Part of a serial number would be promised: the database refuses it."""

    sentence = "A serial number is one unit and is promised whole; here a part of one would be."
