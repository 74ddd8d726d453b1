"""What is wrong with a request itself, before anybody asks what it wants; and with the server."""

from __future__ import annotations

from earmark.errors import Busy, Conflict, InvalidRequest, NotFound, Unusable


class FieldsInvalid(InvalidRequest):
    """Fields of a request are missing, unknown, or have values that they can not have."""

    sentence = "{first}{more}"


class BodyUnreadable(InvalidRequest):
    """The body of a request is not JSON, or not the form that it says it is."""

    sentence = "The body can not be read: {why}."


class BodyTooLarge(InvalidRequest):
    """The body of a request is larger than the server takes."""

    sentence = "The body is larger than {most} bytes, the most that is taken here."


class BodyTooSlow(InvalidRequest):
    """The body of a request did not arrive in time."""

    sentence = "The body did not arrive within {seconds} seconds."


class MediaTypeUnknown(InvalidRequest):
    """The body of a request is in a format that is not read here."""

    sentence = "Bodies of type {given} are not read here; send {wanted}."


class CursorInvalid(InvalidRequest):
    """A cursor is none that a page of this list has given."""

    sentence = "This cursor is none that this list has given for these filters and this order."


class PathUnknown(NotFound):
    """There is nothing at this address."""

    sentence = "There is nothing at {path}."


class MethodUnknown(InvalidRequest):
    """What is at this address is not asked by this method."""

    sentence = "{method} is not for {path}; use {allowed}."


class Locked(Conflict):
    """What a request needs has been locked by another transaction for longer than we wait."""

    sentence = (
        "Another transaction has these records locked; after {seconds} s nothing has happened. "
        "Try again later."
    )


class ChangedMeanwhile(Busy):
    """What a request is about has changed since the version that it names was read."""

    sentence = "{what} has changed since you read it; nothing happened. Read it again."


class Fault(Unusable):
    """The server made a mistake; it is in its log, under the request's number."""

    sentence = "Something went wrong here; it is in the log under {number}. Try again."


class ServerUnusable(Unusable):
    """The server can not be reached, or does not answer as Earmark does."""

    sentence = "The server {address} can not be used: {why}."
