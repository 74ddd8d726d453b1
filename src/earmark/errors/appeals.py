"""Why nobody is asked to give units up, and why an appeal can not be answered."""

from __future__ import annotations

from earmark.errors import NotFound, Refused


class AppealUnknown(NotFound):
    """No such appeal."""

    sentence = "There is no appeal {appeal}."


class NotHeld(Refused):
    """Units are asked for that the line does not hold, or not so many of them."""

    sentence = "Line {holder} holds {held}{which}; you asked for {asked}."


class NobodyToAsk(Refused):
    """The reservation that is asked about is one's own, or nobody knows whose it is."""

    sentence = "The reservation of {holder} was made by {whose}: cancel it, nobody need be asked."


class AskedAlready(Refused):
    """The same units are asked for again while the first appeal waits for an answer."""

    sentence = "{by} has asked {asked_of} for this already; the answer is awaited."


class AppealEnded(Refused):
    """An appeal is answered that was answered or withdrawn before, or has ended by itself."""

    sentence = "What {line} asks of {holder} is over: {why}."


class WhyKept(Refused):
    """Units are kept from somebody who asks for them without saying why."""

    sentence = "Tell {by} why {holder} keeps what was asked for."
