"""Everything that can be asked for, one frozen value each.

Every command carries who asks (``by``), may say why (``reason``), may carry a ``request_id`` (the
same id again reports the first outcome and does nothing more) and may be a ``preview`` (decided by
the same code, then not saved). Quantities are in the base unit unless a field says otherwise. A
*line* is a reference: ``SO1/1`` a document line, ``MO1/1/2`` the second component of a production
order line, ``X#12`` ledger entry 12 of item X.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from earmark.core.documents import DocumentEntry, DocumentStatus, Posting
from earmark.core.gtins import ItemGtin
from earmark.core.items import Customer, Item, Location, NumberRecord
from earmark.core.roles import Operation
from earmark.core.tracking import NO_NUMBERS, Dimension, Numbers, TrackingCode, TrackingLine


class Choice(Enum):
    """Answers that are not a number: any unit will do, or each of the line's numbers in turn."""

    ANY = "any"
    ALL = "all"


class Keep(Enum):
    """The mark of a field that a change leaves alone (``None`` may be a new value)."""

    KEEP = "keep"


KEEP = Keep.KEEP


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What every command carries: who and why, an idempotency key, whether it is only tried.

    ``allowed`` is what whoever asks has permission for; ``None`` where nobody has a role, as in
    the library and at the command line. ``version`` is the version, as it was read, of the line or
    the document that the command is about: what has changed since is left alone and refused.
    """

    by: str = ""
    reason: str = ""
    request_id: str = ""
    preview: bool = False
    allowed: frozenset[Operation] | None = None
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp(Command):
    """Enter or change set-up and master data; what a record does not name stays as it is."""

    tracking_codes: tuple[TrackingCode, ...] = ()
    items: tuple[Item, ...] = ()
    locations: tuple[Location, ...] = ()
    customers: tuple[Customer, ...] = ()
    numbers: tuple[NumberRecord, ...] = ()
    gtins: tuple[ItemGtin, ...] = ()
    forgotten_gtins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StockRow:
    """One adjustment: ``quantity`` units come in, or go out where it is negative.

    ``quantity`` is in ``unit`` (the base unit where it is empty); ``date`` is the posting date,
    the work date where it is ``None``.
    """

    item_no: str
    location_code: str
    quantity: Decimal
    variant_code: str = ""
    numbers: Numbers = NO_NUMBERS
    unit: str = ""
    bin_code: str = ""
    expiration_date: date | None = None
    description: str = ""
    date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjust(Command):
    """Post positive and negative adjustments: all of the rows, or none."""

    rows: tuple[StockRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterDocuments(Command):
    """Enter documents with their lines: all of them, or none."""

    documents: tuple[DocumentEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddLines(Command):
    """Add lines to a document that exists."""

    document: DocumentEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Track(Command):
    """Replace a line's item tracking lines."""

    line: str
    numbers: tuple[TrackingLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddNumbers(Command):
    """Add numbers to those that a line has, whoever entered them."""

    line: str
    numbers: tuple[TrackingLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignNumbers(Command):
    """Add new numbers from the item's series, or customised ones from ``first_no`` in ``step``.

    Without ``quantity`` all that is still untracked gets numbers; ``new_lot`` puts one new lot on
    all the new serial numbers.
    """

    line: str
    what: Dimension
    quantity: Decimal | None = None
    new_lot: bool = False
    first_no: str = ""
    step: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectEntries(Command):
    """Fill a line's tracking lines from what is available, in picking order."""

    line: str
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserve(Command):
    """Reserve for a line: *Auto Reserve*, or *Reserve from Current Line* where ``supply`` is named.

    ``supply`` is a kind (``stock``, ``purchase``, ``production``, ``supply``), a document line or
    a ledger entry. Where ``line`` is a supply line, ``supply`` names the demand instead: a kind
    (``sales``, ``component``, ``demand``) or a line. ``numbers`` answers *Yes* with one number of
    the line, ``Choice.ALL`` with each of them, ``Choice.ANY`` answers *No*.
    """

    line: str
    numbers: Numbers | Choice = Choice.ANY
    supply: str = ""
    quantity: Decimal | None = None
    hold_until: datetime | None = None
    all_or_nothing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyTake:
    """So much of one supply: ``stock`` or a supply line, as far as it carries ``numbers``.

    ``is_specific`` says that the line shall have these very numbers; else any will do, and the
    reservation stands there until late binding moves it.
    """

    supply: str
    quantity: Decimal
    numbers: Numbers = NO_NUMBERS
    is_specific: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Take(Command):
    """Reserve for a line from several supplies at once: all of it, or nothing.

    Numbers that are taken specifically enter the line's item tracking lines with it.
    ``may_move`` names the lines that were shown as those who move; ``None`` lets anybody move.
    """

    line: str
    takes: tuple[SupplyTake, ...]
    may_move: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold(Command):
    """Set or lift (``until=None``) the time limit of reservations, named as by ``Cancel``."""

    line: str
    until: datetime | None
    supply: str = ""
    numbers: Numbers | Choice = Choice.ANY


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel(Command):
    """Cancel a line's reservations: all, those from one supply, those for one number.

    ``numbers`` without any means those that name no number, ``Choice.ANY`` whatever they name.
    Where ``line`` is a supply line, ``supply`` names the demand instead.
    """

    line: str
    supply: str = ""
    numbers: Numbers | Choice = Choice.ANY


@dataclass(frozen=True, slots=True, kw_only=True)
class Change(Command):
    """Set the quantity of reservations to less than it is, named as by ``Cancel``."""

    line: str
    quantity: Decimal
    supply: str = ""
    numbers: Numbers | Choice = Choice.ANY


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair(Command):
    """Let a line's reservation from one supply stand on another, or wherever there is a place.

    ``supply`` is where it stands, a document line or a ledger entry; ``to_supply`` may be a kind,
    too, and is empty for wherever.
    """

    line: str
    supply: str
    to_supply: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditLine(Command):
    """Change a document line; ``quantity`` is in the line's (new) unit.

    An ``over_receipt_percentage`` of none is that of the item.

    With ``release`` the reservations that no longer fit, and numbers of another item, are given
    up; without it such a change is refused.
    """

    line: str
    quantity: Decimal | Keep = KEEP
    date: date | Keep | None = KEEP
    location_code: str | Keep = KEEP
    variant_code: str | Keep = KEEP
    unit: str | Keep = KEEP
    bin_code: str | Keep = KEEP
    item_no: str | Keep = KEEP
    over_receipt_percentage: Decimal | Keep | None = KEEP
    release: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitLine(Command):
    """Let a part of a demand line be a new line of the same document, with a date of its own.

    ``quantity`` is in the line's unit and goes to the new line.
    """

    line: str
    quantity: Decimal
    date: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeWayOut(Command):
    """Make the change that a way out of *why* names, and reserve what can be had then.

    ``way`` is that of a :class:`WayOut`; empty, nothing is changed and what can be had is
    reserved. ``expects`` is what was shown as reserved afterwards.
    """

    line: str
    way: str = ""
    expects: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete(Command):
    """Delete a line or a document, with its tracking lines; its reservations are released."""

    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeStatus(Command):
    """Change the status of a production order."""

    document_no: str
    status: DocumentStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Post(Command):
    """Post a line or a whole document: ship, receive, consume or output.

    Without ``quantity`` what is outstanding is posted. ``numbers`` says what is handled this
    time; without it the tracking lines to handle are.
    """

    posting: Posting
    line: str
    quantity: Decimal | None = None
    numbers: tuple[TrackingLine, ...] = ()
    date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo(Command):
    """Take back what one command did; ``posting`` is its moment, or the handle a posting gave."""

    posting: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reclassify(Command):
    """Move stock to another location, variant or number; what is ``None`` stays as it is."""

    item_no: str
    location_code: str
    quantity: Decimal
    variant_code: str = ""
    numbers: Numbers = NO_NUMBERS
    to_location_code: str | None = None
    to_lot_no: str | None = None
    to_serial_no: str | None = None
    to_package_no: str | None = None
    to_expiration_date: date | None = None
    date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeNumber(Command):
    """Change an information record: one of lot, serial or package no. of an item."""

    item_no: str
    numbers: Numbers
    is_blocked: bool | Keep = KEEP
    expiration_date: date | Keep | None = KEEP
    description: str | Keep = KEEP
