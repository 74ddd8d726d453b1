"""Why a choice in a shortage cannot be carried out: a way out, takes, a part split off."""

from __future__ import annotations

from earmark.errors import NotFound, Refused


class WayOutUnknown(NotFound):
    """No such way out of a shortage, or it is none any more."""

    sentence = "{way} is no way out for {line} as things stand now."


class TakesDiffer(Refused):
    """A supply that was to be taken from gives less, or somebody else would move for it."""

    sentence = "{line} can not have what was to be taken: {differences}. Nothing was reserved."


class WayOutDiffers(Refused):
    """A way out reserves another quantity than was shown in its preview."""

    sentence = "{line} would have {now} reserved, not {yours} as was shown. Nothing was changed."


class AdviceOnly(Refused):
    """A way out that nothing here can carry out: somebody must agree, or goods must be brought."""

    sentence = "{what}: this is not done here. When it is done, reserve again."


class SplitTooLarge(Refused):
    """The part that is to be a line of its own is all that is outstanding, or more."""

    sentence = (
        "Line {line} has {outstanding} outstanding; only a part of it can be split off, "
        "not {quantity}."
    )
