"""Every way Earmark says no.

One class is one rule. Its name is the rule, its ``code`` (the name in lower case with hyphens)
is stable for ever, its ``sentence`` states the facts it is raised with, and its docstring is its
line in ``docs/errors.md``. A request that raises one of these has changed nothing.

    EarmarkError
    ├── InvalidRequest   the request is malformed or contradicts itself    exit 2
    ├── NotFound         a record that is named does not exist             exit 3
    ├── Refused          a rule of the trade forbids it                    exit 4
    ├── Busy             somebody else changed it first; try again         exit 5
    └── Unusable         the database or a file can not be used at all     exit 6
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import ClassVar, Self


class EarmarkError(Exception):
    """The base of every refusal: a stable ``code``, the ``facts`` compared, and a sentence."""

    exit_code: ClassVar[int] = 1
    code: ClassVar[str] = "earmark-error"
    sentence: ClassVar[str] = "{what}"

    def __init__(self, **facts: object) -> None:
        """Say no with these facts; they fill the sentence and stay readable in ``facts``.

        Where a line is among them that the sentence does not name, it begins with that line.
        """
        self.facts = facts
        told = self.sentence.format(**{name: _words(v) for name, v in facts.items()})
        super().__init__(_of_line(str(facts.get("line") or ""), told))

    def on_line(self, line: str) -> Self:
        """This refusal, of a line among several; what names one already stays as it is."""
        if self.facts.get("line"):
            return self
        said = type(self)(**{**self.facts, "line": line})
        said.facts = {**self.facts, "line": line}
        return said

    def __init_subclass__(cls) -> None:
        """Derive the code from the name of the rule."""
        super().__init_subclass__()
        cls.code = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", cls.__name__).lower()

    @property
    def message(self) -> str:
        """The sentence, with who, what and how much."""
        return str(self)


def _of_line(line: str, told: str) -> str:
    is_named = not line or re.search(rf"(?<![\w/]){re.escape(line)}(?![\w/])", told)
    return told if is_named else f"{line}: {told}"


def _words(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)


class InvalidRequest(EarmarkError):
    """The request is malformed or contradicts itself."""

    exit_code = 2
    sentence = "{what}"


class NotFound(EarmarkError):
    """A record that the request names does not exist."""

    exit_code = 3
    sentence = "{what}"


class Refused(EarmarkError):
    """A rule of the trade forbids the request."""

    exit_code = 4
    sentence = "{what}"


class Busy(EarmarkError):
    """Somebody else was there first."""

    exit_code = 5
    sentence = "{what}"


class Unusable(EarmarkError):
    """The database or a file can not be used."""

    exit_code = 6
    sentence = "{what}"


# -- The request itself -----------------------------------------------------------------------


class QuantityInvalid(InvalidRequest):
    """A quantity is zero, negative, too large, not a number, or has more than five decimals."""

    sentence = "{what} {quantity}: {why}."


class DateInvalid(InvalidRequest):
    """A date or a time is not one."""

    sentence = "{value} is not a date of the form 2026-12-31."


class ReferenceInvalid(InvalidRequest):
    """A reference to a line, a document or a ledger entry can not be read or does not fit."""

    sentence = "{reference}: {why}."


class ValueInvalid(InvalidRequest):
    """A field has a value that it can not have."""

    sentence = "{field} {value}: {why}."


class SerialQuantity(InvalidRequest):
    """A serial number stands for a quantity other than one, or a fraction of a serial item."""

    sentence = "Serial no. {serial_no} of item {item_no} is one unit; the quantity is {quantity}."


class NumberDuplicate(InvalidRequest):
    """The same serial no., or the same lot no. and package no., stands twice on one line."""

    sentence = "{number} stands twice on line {line}."


class RequestReused(InvalidRequest):
    """A request id was used before, for a request with another content."""

    sentence = "Request id {request_id} was used at {at} for another request ({verb})."


class AlreadyExists(InvalidRequest):
    """A document with this number exists."""

    sentence = "Document {document_no} exists already."


# -- Records that do not exist ----------------------------------------------------------------


class ItemUnknown(NotFound):
    """No such item."""

    sentence = "There is no item {item_no}."


class VariantUnknown(NotFound):
    """The item has no such variant."""

    sentence = "Item {item_no} has no variant {variant_code}."


class UnitUnknown(NotFound):
    """The item is not counted in this unit."""

    sentence = "Item {item_no} has no unit {unit}; it has {units}."


class LocationUnknown(NotFound):
    """No such location."""

    sentence = "There is no location {location_code}."


class CustomerUnknown(NotFound):
    """No such customer."""

    sentence = "There is no customer {customer_no}."


class TrackingCodeUnknown(NotFound):
    """No such item tracking code."""

    sentence = "There is no item tracking code {tracking_code}."


class DocumentUnknown(NotFound):
    """No such document."""

    sentence = "There is no document {document_no}."


class LineUnknown(NotFound):
    """No such document line, or no such supply or ledger entry."""

    sentence = "There is no line {line}."


class NumberUnknown(NotFound):
    """No such lot, serial or package of the item was ever in stock or on a supply line."""

    sentence = "Item {item_no} never had {number}, neither in stock nor on a supply line."


class PostingUnknown(NotFound):
    """No such posting, or it has been undone."""

    sentence = "There is no posting {posting} that could be undone."


class SetUpFixed(Refused):
    """Set-up is changed that something open, in stock or posted depends on."""

    sentence = "The {what} of {of} stays as it is: {by}."


# -- Reserving --------------------------------------------------------------------------------


class FullyReserved(Refused):
    """Nothing is left to reserve on the line."""

    sentence = "Line {line} is fully reserved: {reserved} of {outstanding}."


class NothingAvailable(Refused):
    """The supply named has nothing available to reserve for this line."""

    sentence = "{supply} has nothing available to reserve for {line}."


class NothingToCancel(Refused):
    """There is no such reservation to cancel, change or hold."""

    sentence = "Line {line} has no such reservation{which}."


class ReserveNever(Refused):
    """The item's, the customer's or the line's reserve policy is never."""

    sentence = "Line {line} may not be reserved: the reserve policy of {whose} is never."


class NotReserved(Refused):
    """The line must always be reserved before it is posted, and is not, in full."""

    sentence = "Line {line} must be reserved before posting {quantity}; {reserved} are reserved."


class ExceedsOutstanding(Refused):
    """Reserving more than the line has unreserved, or posting more than is outstanding."""

    sentence = "Line {line} has {unreserved} left{of_number}; you asked for {quantity}."


class ExceedsAvailable(Refused):
    """All of it was asked for and more than is available."""

    sentence = "{available} can be reserved for {line}; you asked for all of {quantity}."


class IncreaseByReserving(Refused):
    """A reservation entry is changed to a larger quantity, or to less than zero."""

    sentence = "The reservation of {line} is {reserved}; it can be lowered, not set to {quantity}."


class BindingFixed(Refused):
    """The reservation is order-to-order and may not be cancelled, changed or given numbers."""

    sentence = "{supply} was made for line {line}: the order-to-order binding is fixed."


class DateConflict(Refused):
    """The supply is expected after the demand's date."""

    sentence = "{supply} is expected {supply_date}; line {line} needs it {demand_date}."


class LineReserved(Refused):
    """Item, variant or location of a line that is reserved is changed."""

    sentence = (
        "Line {line} is reserved ({reserved}) or tracked; its {field} changes only if you release."
    )


# -- Numbers ----------------------------------------------------------------------------------


class NotTracked(Refused):
    """Numbers are given for an item without an item tracking code."""

    sentence = "Item {item_no} has no item tracking code, so {number} can not be entered."


class NumbersNotOnLine(Refused):
    """A specific reservation for a number that is not among the line's item tracking lines."""

    sentence = "{number} is not among the item tracking lines of {line}."


class NumberMissing(Refused):
    """Posting without a number that the item tracking code requires."""

    sentence = "Item {item_no} needs a {dimension} no. on every posting; {quantity} have none."


class NumberUnavailable(Refused):
    """Posting more of a number than can be had, after late binding has freed what it can."""

    sentence = (
        "{number} of item {item_no} has {available} for {line} at {location_code}, not {quantity}"
        "{because}."
    )


class NumberBlocked(Refused):
    """The number is blocked."""

    sentence = "{number} of item {item_no} is blocked."


class NumberExpired(Refused):
    """The number has expired on the day it is needed or posted."""

    sentence = "{number} of item {item_no} expires {expiration_date}; it is needed {needed_on}."


class ShelfLife(Refused):
    """Less shelf life would be left on arrival than the customer requires, or there is no date."""

    sentence = (
        "{number} of item {item_no} is good until {expiration_date}; "
        "{customer} requires {good_until}."
    )


class ExpirationMissing(Refused):
    """Receiving without the expiration date that the item tracking code requires."""

    sentence = "{number} of item {item_no} needs an expiration date."


class ExpirationDiffers(Refused):
    """Receiving a number with another expiration date than its own."""

    sentence = "{number} of item {item_no} has the expiration date {own_date}, not {given_date}."


class SerialInStock(Refused):
    """Receiving a serial number that is in stock already."""

    sentence = "Serial no. {serial_no} of item {item_no} is in stock already{where}."


class TrackingExceedsLine(Refused):
    """Item tracking lines add up to more than their line."""

    sentence = "The item tracking lines of {line} add up to {tracked}; the line has {quantity}."


class TrackingDiffers(Refused):
    """The item tracking lines to handle do not add up to the quantity posted."""

    sentence = "The numbers to handle of {line} add up to {to_handle}; {quantity} are posted."


class AlreadyHandled(Refused):
    """Numbers, quantities or lines are changed that have been posted."""

    sentence = "{handled} of {line} have been posted; {what}."


# -- Posting ----------------------------------------------------------------------------------


class NotInStock(Refused):
    """Posting out more than there is."""

    sentence = (
        "Item {item_no} has {available} in stock at {location_code}; you asked for {quantity}."
    )


class ReservedElsewhere(Refused):
    """The posting would take stock that others hold and that can not be moved."""

    sentence = (
        "{available} of item {item_no}{of_number} at {location_code} can go; the rest is held by "
        "{holders}. You asked for {quantity}."
    )


class SupplyNotInStock(Refused):
    """Posting a demand whose reservation is on supply that has not arrived."""

    sentence = "Line {line} is reserved from {supply}, which has not arrived."


class NotPostable(Refused):
    """This kind of line, or a line in this status, is not posted this way."""

    sentence = "Line {line} can not be posted as {verb}: {why}."


# -- Who may do what (the rest is in access.py) -----------------------------------------------


class NotSignedIn(Refused):
    """Nobody is signed in, the session has ended, or the token is not valid."""

    sentence = "Sign in first, or send a valid token."


class NotAllowed(Refused):
    """Whoever asks has no permission for this operation, by role or by the scopes of a token."""

    sentence = "{user} may not do this: the permission {operation}{of_whom} is missing."


class ReasonMissing(Refused):
    """What another has reserved is cancelled, changed or held without saying why."""

    sentence = "{holders} reserved this for {line}; say why you take it over."


# -- Others and the machine -------------------------------------------------------------------


class Conflict(Busy):
    """Someone else changed it first; nothing happened; try again."""

    sentence = "Someone else changed {what} first; nothing happened. Try again."


class DatabaseUnusable(Unusable):
    """The database can not be opened, read or written."""

    sentence = "The database {database} can not be used: {why}."


class DatabaseNewer(Unusable):
    """The database was written by a newer version of Earmark."""

    sentence = (
        "The database {database} is at schema {found}, newer than this version of Earmark "
        "({known}). Upgrade Earmark."
    )


class FileUnusable(Unusable):
    """A file can not be read or written, or is not what it should be."""

    sentence = "{file}: {why}."


class AddressUnusable(Unusable):
    """The server can not listen on this address: it is taken, or not this machine's."""

    sentence = "The server can not listen on {address}: {why}."


class ImportRefused(InvalidRequest):
    """Rows of an import are wrong; nothing of it was imported."""

    sentence = "{count} of {total} rows of {file} are wrong; nothing was imported. {first}"


def every_error() -> list[type[EarmarkError]]:
    """Every refusal with a code of its own, kind by kind, in the order of these files."""
    from earmark.errors import access, appeals, holds, requests, shortages, undoing  # noqa: PLC0415 - of these kinds

    modules = [
        __name__,
        *(m.__name__ for m in (shortages, access, requests, undoing, appeals, holds)),
    ]
    kinds = (InvalidRequest, NotFound, Refused, Busy, Unusable)
    found = [error for kind in (*kinds, Conflict) for error in kind.__subclasses__()]

    def place(error: type[EarmarkError]) -> tuple[int, int]:
        kind = next(known for known in error.__mro__ if known in kinds)
        return kinds.index(kind), modules.index(error.__module__)

    return sorted(found, key=place)
