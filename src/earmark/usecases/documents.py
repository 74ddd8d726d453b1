"""Documents: entering them, changing their lines and status, deleting them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from earmark.core import line_changes
from earmark.core.commands import AddLines, ChangeStatus, Delete, EnterDocuments
from earmark.core.days import reckonable
from earmark.core.documents import (
    DocumentEntry,
    DocumentKind,
    DocumentStatus,
    LineEntry,
    LineKind,
)
from earmark.core.entering import check_tracking, replaced
from earmark.core.items import Customer, Item, ReservePolicy, StockKey
from earmark.core.outcome import Notice, Outcome
from earmark.core.parts import in_base_unit
from earmark.core.quantity import ZERO, percentage, positive
from earmark.core.references import Place, document_reference
from earmark.core.stock import Line, TrackedQuantity, demand_of
from earmark.core.tracking import TrackingCode, TrackingLine
from earmark.database import catalog, documents, line_names, lines, spellings, tracking_lines
from earmark.database.documents import Document
from earmark.database.engine import Database, Session
from earmark.database.spellings import Sort
from earmark.database.unit_of_work import Locking, Work, reading, told, unit_of_work
from earmark.errors import (
    AlreadyExists,
    AlreadyHandled,
    CustomerUnknown,
    DateConflict,
    DocumentUnknown,
    EarmarkError,
    ItemUnknown,
    LineUnknown,
    LocationUnknown,
    NothingAvailable,
    ReferenceInvalid,
    ValueInvalid,
)
from earmark.usecases.dating import dated
from earmark.usecases.door import at_the_door
from earmark.usecases.naming import document_named, is_line
from earmark.usecases.reservations import auto_reserve
from earmark.usecases.spelling import claimed_tracking
from earmark.usecases.supplying import bind, demand_line_of, not_bound, reshape

Entry = tuple[LineEntry, LineKind, int, int]
"""A line to be entered: what was given, its kind, its position and its component no."""


@at_the_door
def enter_documents(database: Database, command: EnterDocuments) -> Outcome:
    """Enter documents with their lines: all of them, or none.

    Lines whose reserve policy is *always* are reserved as far as there is supply; a supply line
    that was made for a demand is bound to it, or the outcome says why not. A document no. that was
    deleted may be used again.
    """
    keys, made_for = _touched(command.documents)
    with unit_of_work(database, command, locking=Locking(keys=keys, lines=made_for)) as work:
        if work.repeated:
            return work.repeated[0]
        numbers = [entry.document_no for entry in command.documents]
        known = documents.lock(work.session, numbers)
        _check_names(work, command.documents)
        stored, headers, entered = set(known), [], []
        for row, entry in enumerate(command.documents):
            try:
                header = _header(entry, known)
                known[entry.document_no] = header
                headers.append(header)
                entered += _lines(work, entry, header)
            except EarmarkError as error:
                error.facts.setdefault("row", row)
                raise
        outcome = _enter(work, headers, stored, entered)
        return work.report("enter", ", ".join(numbers[:3]), outcome)


@at_the_door
def add_lines(database: Database, command: AddLines) -> Outcome:
    """Add lines to a document that exists; they are numbered on from its last."""
    entry = command.document
    keys, made_for = _touched([entry])
    with unit_of_work(database, command, locking=Locking(keys=keys, lines=made_for)) as work:
        if work.repeated:
            return work.repeated[0]
        known = documents.lock(work.session, [entry.document_no])
        header = known.get(entry.document_no)
        if header is None or header.is_deleted:
            raise DocumentUnknown(document_no=entry.document_no)
        first = header.last_position
        header = replace(header, last_position=first + len(entry.lines))
        entered = _lines(work, replace(entry, kind=header.kind), header, first=first)
        outcome = _enter(work, [header], {header.document_no}, entered)
        return work.report("add lines", entry.document_no, outcome)


def _touched(entries: Sequence[DocumentEntry]) -> tuple[list[StockKey], list[str]]:
    """The stock keys of the lines entered, and the demand lines that supply is made for."""
    given = [line for entry in entries for line in entry.lines]
    given += [component for line in given for component in line.components]
    keys = [StockKey(g.item_no, g.variant_code, g.location_code) for g in given]
    return keys, [g.made_for for g in given if g.made_for]


def _check_names(work: Work, entered: Sequence[DocumentEntry]) -> None:
    """Refuse a document without a number; let the numbers of the others be known."""
    for row, entry in enumerate(entered):
        if not entry.document_no:
            error = ReferenceInvalid(reference="", why="a document no. is not empty")
            error.facts["row"] = row
            raise error
    spellings.claim_new(work.session, Sort.DOCUMENT, (entry.document_no for entry in entered))


def _header(entry: DocumentEntry, known: dict[str, Document]) -> Document:
    old = known.get(entry.document_no)
    if old is not None and not old.is_deleted:
        raise AlreadyExists(document_no=entry.document_no)
    return Document(
        document_no=entry.document_no,
        kind=entry.kind,
        customer_no=entry.customer_no,
        status=_status(entry),
        description=entry.description,
        last_position=len(entry.lines),
    )


def _status(entry: DocumentEntry) -> DocumentStatus:
    if entry.kind is not DocumentKind.PRODUCTION_ORDER:
        if entry.status not in (None, DocumentStatus.OPEN):
            why = f"a {entry.kind.replace('_', ' ')} has no status to choose"
            raise ValueInvalid(field="Status", value=entry.status, why=why)
        return DocumentStatus.OPEN
    status = entry.status or DocumentStatus.RELEASED
    if status in (DocumentStatus.OPEN, DocumentStatus.FINISHED):
        why = "a production order begins simulated, planned, firm planned or released"
        raise ValueInvalid(field="Status", value=status, why=why)
    return status


def _numbered(entry: DocumentEntry, first: int) -> Iterator[Entry]:
    for position, line in enumerate(entry.lines, start=first + 1):
        yield line, entry.kind.line_kind, position, 0
        for component, given in enumerate(line.components, start=1):
            if entry.kind is not DocumentKind.PRODUCTION_ORDER:
                why = "only lines of a production order have components"
                raise ValueInvalid(field="Components", value=entry.document_no, why=why)
            yield given, LineKind.COMPONENT, position, component


def _lines(
    work: Work, entry: DocumentEntry, header: Document, first: int = 0
) -> list[tuple[Line, LineEntry]]:
    facts = _Facts(work, [entry])
    numbered = list(_numbered(entry, first))
    at = [_place(header, position, component) for _, _, position, component in numbered]
    names = line_names.new_names(work.session, at)
    entered = []
    for place, (given, kind, position, component) in zip(at, numbered, strict=True):
        try:
            line = facts.line(header, given, kind, (names[place], position, component))
        except EarmarkError as refusal:
            raise refusal.on_line(names[place]) from None
        entered.append((line, given))
    # A document without lines names a customer, too, and nothing above has asked for him.
    facts.customer(header.customer_no)
    return entered


def _place(header: Document, position: int, component: int) -> Place:
    """Where a line stands: at its position, a component at that of its line and its own."""
    return Place(header.document_no, f"{position}/{component}" if component else str(position))


class _Facts:
    """Set-up that the lines of documents refer to, read once."""

    def __init__(self, work: Work, entries: Sequence[DocumentEntry]) -> None:
        given = [line for entry in entries for line in entry.lines]
        given += [component for line in given for component in line.components]
        self.work_date_at = work.session.work_date_at
        self.items = catalog.some_items(work.session, (g.item_no for g in given))
        self.codes = catalog.tracking_codes(work.session)
        self.locations = catalog.locations(work.session)
        self.customers = catalog.customers(work.session)

    def item(self, item_no: str) -> Item:
        """An item, refused if there is none."""
        if item_no not in self.items:
            raise ItemUnknown(item_no=item_no)
        return self.items[item_no]

    def code(self, item: Item) -> TrackingCode | None:
        """The item tracking code of an item."""
        return self.codes.get(item.tracking_code)

    def customer(self, customer_no: str) -> Customer | None:
        """A customer, refused if it is named and there is none."""
        if customer_no and customer_no not in self.customers:
            raise CustomerUnknown(customer_no=customer_no)
        return self.customers.get(customer_no)

    def line(
        self, header: Document, given: LineEntry, kind: LineKind, called: tuple[str, int, int]
    ) -> Line:
        """A new line, after every check of what it refers to."""
        item = self.item(given.item_no)
        item.check_variant(given.variant_code)
        if given.location_code and given.location_code not in self.locations:
            raise LocationUnknown(location_code=given.location_code)
        name, position, component = called
        quantity_in_unit, per_unit = positive(given.quantity), item.quantity_per(given.unit)
        return Line(
            line=name,
            document_no=header.document_no,
            line_no=_place(header, position, component).line_no,
            position=position,
            component=component,
            kind=kind,
            key=StockKey(given.item_no, given.variant_code, given.location_code),
            item=item,
            tracking_code=self.code(item),
            customer=self.customer(header.customer_no),
            quantity_in_unit=quantity_in_unit,
            unit=given.unit or item.base_unit,
            quantity=in_base_unit(item, self.code(item), per_unit, quantity_in_unit),
            quantity_per_unit=per_unit,
            posted=ZERO,
            reserved=ZERO,
            date=reckonable(given.date),
            bin_code=given.bin_code,
            reserve=given.reserve,
            status=header.status.value,
            takes_part=header.status.takes_part,
            made_for=given.made_for,
            over_receipt_percentage=percentage(given.over_receipt_percentage),
            work_date=self.work_date_at(given.location_code),
        )


def _enter(
    work: Work,
    headers: Sequence[Document],
    known: set[str],
    entered: Sequence[tuple[Line, LineEntry]],
) -> Outcome:
    """Write headers and lines, bind what is made for somebody, reserve what always is."""
    documents.save(work.session, headers, known)
    work.pending.replace_lines(*(line for line, _ in entered))
    for line, given in entered:
        try:
            _track_new(work, line, given)
        except EarmarkError as refusal:
            raise refusal.on_line(line.line) from None
    here = {line.line: line for line, _ in entered}
    notices = []
    for line, given in entered:
        if given.made_for:
            demand = here.get(given.made_for) or demand_line_of(work, given.made_for)
            notices.append(bind(work, line, demand))
            _take_over(work, line, demand, given.numbers)
    reserved = shortfall = ZERO
    for line, _ in entered:
        if line.kind.is_demand and line.policy[0] is ReservePolicy.ALWAYS:
            got = auto_reserve(work, line)
            reserved, shortfall = reserved + got.reserved, shortfall + got.shortfall
    outcome = replace(told(work.save()), reserved=reserved, shortfall=shortfall)
    return _noticing(outcome, notices)


def _noticing(outcome: Outcome, notices: Iterable[Notice | None]) -> Outcome:
    """An outcome, and what of its lines could not be bound."""
    return replace(outcome, warnings=(*outcome.warnings, *filter(None, notices)))


def _track_new(work: Work, line: Line, given: LineEntry) -> None:
    numbers = claimed_tracking(work, line, given.numbers)
    check_tracking(line, numbers)
    numbers = dated(work, line, numbers, ())
    tracking = replaced(line, (), numbers)
    if tracking:
        work.pending.tracking.append((line, (), tracking))
    if line.kind.is_demand:
        work.balance(line).replace_demand(demand_of(line))
    else:
        for part in reshape(work, line, tracking):
            work.balance(line).put(part)


def _take_over(work: Work, line: Line, demand: Line, numbers: Sequence[TrackingLine]) -> None:
    """Let a demand take over the numbers of the supply that was made for it."""
    if not numbers or not line.takes_part or not demand.takes_part:
        return
    before = tracking_lines.tracking_of(work.session, [demand])[demand.line]
    if before or any(entry[0].line == demand.line for entry in work.pending.tracking):
        return
    left, taken = demand.outstanding, []
    for entry in numbers:
        quantity = min(left, entry.quantity)
        if quantity > ZERO:
            taken.append(
                TrackedQuantity(entry.numbers, quantity, None, ZERO, entry.expiration_date)
            )
            left -= quantity
    work.pending.tracking.append((demand, (), taken))


# -- Status ------------------------------------------------------------------------------------


@at_the_door
def change_status(database: Database, command: ChangeStatus) -> Outcome:
    """Change the status of a production order; what it will not make any more is let go.

    Reservations on what a finished order will not make move to other supply where that is
    possible, and are released where it is not. Its components need nothing any more. What was
    made for somebody while the order took no part is bound once it does.
    """
    number = command.document_no
    with unit_of_work(database, command, locking=Locking(documents=[number])) as work:
        if work.repeated:
            return work.repeated[0]
        header = _locked_header(work, number)
        _check_status(header, command.status)
        after = replace(header, status=command.status)
        documents.save(work.session, [after], [number])
        changed = [
            replace(line, status=after.status.value, takes_part=after.status.takes_part)
            for line in work.lines.values()
        ]
        work.pending.replace_lines(*changed)
        for line in changed:
            _apply_status(work, line)
        begins = after.status.takes_part and not header.status.takes_part
        notices = _bind_at_last(work, changed) if begins else []
        for line in changed:
            if line.kind.is_demand and line.policy[0] is ReservePolicy.ALWAYS:
                auto_reserve(work, line)
        return work.report("status", number, _noticing(told(work.save()), notices))


def _locked_header(work: Work, document_no: str) -> Document:
    header = documents.lock(work.session, [document_no]).get(document_no)
    if header is None or header.is_deleted:
        raise DocumentUnknown(document_no=document_no)
    return header


def _check_status(header: Document, status: DocumentStatus) -> None:
    if header.kind is not DocumentKind.PRODUCTION_ORDER or status is DocumentStatus.OPEN:
        why = f"{header.document_no} is a {header.kind.replace('_', ' ')}"
        raise ValueInvalid(field="Status", value=status, why=why)
    if header.status is DocumentStatus.FINISHED:
        why = f"{header.document_no} is finished"
        raise ValueInvalid(field="Status", value=status, why=why)


def _apply_status(work: Work, line: Line) -> None:
    why = f"{line.document_no} is {line.status.replace('_', ' ')}"
    balance = work.balance(line)
    if line.kind.is_demand:
        balance.replace_demand(demand_of(line))
        if not line.takes_part:
            line_changes.release_all(balance, line.line, why)
        return
    tracking = tracking_lines.tracking_of(work.session, [line])[line.line]
    line_changes.resize_supply(balance, reshape(work, line, tracking), why)


def _bind_at_last(work: Work, changed: Sequence[Line]) -> list[Notice | None]:
    """Bind the lines of an order that takes part from now on to those they are made for.

    What stands in the way by now is said, and keeps no order from being released.
    """
    here = {line.line: line for line in changed}
    notices: list[Notice | None] = []
    for line in [*changed, *_made_elsewhere_for(work, here)]:
        if not line.made_for:
            continue
        try:
            demand = here.get(line.made_for) or demand_line_of(work, line.made_for)
            notices.append(bind(work, line, demand))
        except (DateConflict, LineUnknown, NothingAvailable) as refusal:
            notices.append(not_bound(line, str(refusal)))
        else:
            tracking = tracking_lines.tracking_of(work.session, [line])[line.line]
            _take_over(work, line, demand, [tracked.as_entered for tracked in tracking])
    return notices


def _made_elsewhere_for(work: Work, here: Mapping[str, Line]) -> list[Line]:
    """The lines of other documents, as far as they take part, that are made for these."""
    keys = sorted({line.key for line in here.values() if line.kind.is_demand})
    supplies = [line for key in keys for line in lines.of_key(work.session, key, is_demand=False)]
    return [x for x in supplies if x.takes_part and x.made_for in here and x.line not in here]


# -- Deleting ----------------------------------------------------------------------------------


@at_the_door
def delete(database: Database, command: Delete) -> Outcome:
    """Delete a line or a document, with its tracking lines.

    What a demand had reserved is released. What was reserved from a supply moves to other supply
    where that is possible. Nothing that has been posted is deleted.
    """
    if is_line(command.reference):
        return _delete_line(database, command)
    number = document_named(command.reference)
    with unit_of_work(database, command, locking=Locking(documents=[number])) as work:
        if work.repeated:
            return work.repeated[0]
        header = _locked_header(work, number)
        documents.save(work.session, [replace(header, is_deleted=True)], [number])
        return _deleted(work, document_reference(number), list(work.lines.values()))


def _delete_line(database: Database, command: Delete) -> Outcome:
    reference = command.reference
    with reading(database) as session:
        named = lines.by_line(session, [reference]).get(reference)
        wanted = _with_components(session, named) if named else []
    with unit_of_work(database, command, locking=Locking(lines=wanted)) as work:
        if work.repeated:
            return work.repeated[0]
        if not wanted:
            raise LineUnknown(line=reference)
        return _deleted(work, reference, [work.line(line) for line in wanted])


def _with_components(session: Session, named: Line) -> list[str]:
    """A line and what it is made of."""
    return [
        line.line
        for line in lines.of_documents(session, [named.document_no])
        if line.line == named.line or (not named.component and line.position == named.position)
    ]


def _deleted(work: Work, reference: str, gone: Sequence[Line]) -> Outcome:
    for line in gone:
        if line.posted:
            what = "what has been posted can not be deleted"
            raise AlreadyHandled(handled=line.posted, line=line.line, what=what)
    demands = [line for line in gone if line.kind.is_demand]
    why = f"{reference} was deleted"
    for line in demands:
        line_changes.release_all(work.balance(line), line.line, why)
    for line in gone:
        before = tracking_lines.tracking_of(work.session, [line])[line.line]
        work.pending.tracking.append((line, before, ()))
        ended = replace(line, is_deleted=True, takes_part=False)
        work.pending.replace_lines(ended)
        if not line.kind.is_demand:
            parts = reshape(work, ended, ())
            line_changes.resize_supply(work.balance(line), parts, why)
    return work.report("delete", reference, told(work.save()))
