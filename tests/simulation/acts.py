"""Every command of the library, invented: what is asked for, with whatever it is about."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from earmark import (
    KEEP,
    AddLines,
    AddNumbers,
    AskHolder,
    AssignNumbers,
    Cancel,
    Change,
    ChangeNumber,
    ChangeStatus,
    Choice,
    Delete,
    Dimension,
    DocumentEntry,
    DocumentKind,
    DocumentStatus,
    EditLine,
    EnterDocuments,
    Give,
    Hold,
    KeepUnits,
    LineEntry,
    NumberRecord,
    Numbers,
    Repair,
    Reserve,
    ReservePolicy,
    SelectEntries,
    SetUp,
    SplitLine,
    SupplyTake,
    Take,
    TakeWayOut,
    Track,
    Undo,
    Withdraw,
)
from tests.simulation.inventing import Inventor
from tests.simulation.moving import adjust, imports, post, reclassify
from tests.simulation.shop import UNITS
from tests.simulation.steps import CLOCK, WAY_OUT

Made = tuple[Any, ...] | None


# -- documents ---------------------------------------------------------------------------------


def enter(of: Inventor) -> Made:
    """A document or two."""
    documents = tuple(_document(of) for _ in range(of.one_of(1, 1, 1, 2)))
    return "enter_documents", EnterDocuments(documents=documents)


def _document(of: Inventor) -> DocumentEntry:
    kind = of.random.choices(list(DocumentKind), (8, 4, 3, 2, 2))[0]
    takes = kind.line_kind.is_demand
    made = kind is DocumentKind.PRODUCTION_ORDER
    status = of.one_of(None, None, *list(DocumentStatus)[1:5]) if made else None
    count = of.one_of(1, 1, 2, 3)
    return DocumentEntry(
        kind=kind,
        document_no=of.new_document_no(),
        customer_no=of.customer() if takes else "",
        status=status,
        lines=tuple(_line(of, kind) for _ in range(count)),
    )


def _line(of: Inventor, kind: DocumentKind | None = None) -> LineEntry:
    item = of.item()
    quantity, unit = of.some(item), of.unit(item)
    made_for = ""
    if kind in (DocumentKind.PURCHASE_ORDER, DocumentKind.PRODUCTION_ORDER) and of.chance(0.15):
        wanted = of.line(demand=True)
        item, unit, made_for = wanted.item, "", wanted.line
    entry = LineEntry(
        item_no=item,
        quantity=quantity,
        date=of.day(),
        location_code=of.place(),
        variant_code=of.variant(item),
        unit=unit,
        reserve=of.one_of(None, None, None, *ReservePolicy),
        made_for=made_for,
        numbers=of.tracked(item, quantity) if of.chance(0.4) else (),
    )
    if made_for:
        entry = replace(entry, variant_code=wanted.variant, location_code=wanted.place)
    if kind is DocumentKind.PRODUCTION_ORDER:
        count = of.one_of(0, 1, 1, 2)
        return replace(entry, components=tuple(_line(of) for _ in range(count)))
    return entry


def add_lines(of: Inventor) -> Made:
    """More lines of a document there is."""
    kind = of.one_of(*DocumentKind)
    number = of.document_no()
    entry = DocumentEntry(kind=kind, document_no=number, lines=(_line(of, kind),))
    return "add_lines", AddLines(document=entry)


def edit(of: Inventor) -> Made:
    """One field of a line, or two."""
    line = of.line()
    command = EditLine(line=line.line, release=of.chance(0.6))
    for _ in range(of.one_of(1, 1, 2)):
        what = of.one_of("quantity", "quantity", "date", "date", "place", "variant", "unit", "item")
        if what == "quantity":
            command = replace(command, quantity=of.some(line.item))
        elif what == "date":
            command = replace(command, date=of.day())
        elif what == "place":
            command = replace(command, location_code=of.place())
        elif what == "variant":
            command = replace(command, variant_code=of.variant(line.item))
        elif what == "unit":
            command = replace(command, unit=of.unit(line.item))
        else:
            command = replace(command, item_no=of.item(), unit="", variant_code="")
    return "edit_line", command


def split(of: Inventor) -> Made:
    """A part of a line leaves on another day."""
    line = of.line(demand=True)
    quantity = Decimal(1) if of.chance(0.7) else of.some(line.item)
    return "split_line", SplitLine(line=line.line, quantity=quantity, date=of.day())


def delete(of: Inventor) -> Made:
    """A line or a document is no more."""
    reference = of.line().line if of.chance(0.6) else of.document_no()
    return "delete", Delete(reference=reference)


def status(of: Inventor) -> Made:
    """A production order goes on, or back."""
    made = [x for x in of.tables.lines.values() if x.status not in ("open", "finished")]
    number = of.random.choice(made).document if made and of.chance(0.9) else of.document_no()
    chosen = of.one_of(*DocumentStatus, DocumentStatus.RELEASED, DocumentStatus.FIRM_PLANNED)
    return "change_status", ChangeStatus(document_no=number, status=chosen)


# -- numbers -----------------------------------------------------------------------------------


def track(of: Inventor) -> Made:
    """Other numbers for a line."""
    line = of.line()
    return "track", Track(line=line.line, numbers=of.tracked(line.item, line.quantity, line))


def track_together(of: Inventor) -> Made:
    """Other numbers for several lines, all or none."""
    wanted = {line.line: line for line in (of.line(), of.line())}
    commands = [
        Track(line=name, numbers=of.tracked(line.item, line.quantity, line))
        for name, line in wanted.items()
    ]
    return "track_together", tuple(commands)


def track_each(of: Inventor) -> Made:
    """Other numbers for several lines, each for itself."""
    made = track_together(of)
    return ("track_each", *made[1:]) if made else None


def add_numbers(of: Inventor) -> Made:
    """One number more."""
    line = of.line()
    numbers = of.tracked(line.item, of.some(line.item, most=1), line)
    return ("add_numbers", AddNumbers(line=line.line, numbers=numbers)) if numbers else None


def assign(of: Inventor) -> Made:
    """New numbers from the series."""
    line = of.line(demand=False if of.chance(0.8) else None)
    what = of.one_of(Dimension.SERIAL, Dimension.LOT)
    quantity = of.one_of(None, Decimal(1), Decimal(2))
    lot = of.chance(0.2)
    command = AssignNumbers(line=line.line, what=what, quantity=quantity, new_lot=lot)
    return "assign_numbers", command


def select(of: Inventor) -> Made:
    """Numbers from what is available."""
    line = of.line(demand=True)
    quantity = of.one_of(None, None, Decimal(1), of.some(line.item))
    return "select_entries", SelectEntries(line=line.line, quantity=quantity)


def number(of: Inventor) -> Made:
    """A number is blocked, released, dated."""
    item = of.item()
    known = of.there(item)
    dimension = of.one_of(*Dimension)
    numbers = known.only((dimension,)) or known
    day = of.one_of(KEEP, KEEP, KEEP, of.expiration(item), None)
    command = ChangeNumber(item_no=item, numbers=numbers, expiration_date=day)
    if of.chance(0.7):
        command = replace(command, is_blocked=of.chance(0.4))
    return "change_number", command


def set_up(of: Inventor) -> Made:
    """An item is entered anew, a little other than it was; or a number's record is."""
    item = of.shop.items[of.item()]
    if of.chance(0.3):
        numbers = of.there(item.item_no)
        only = numbers.only((of.one_of(*Dimension),))
        record = NumberRecord(
            item_no=item.item_no,
            numbers=only or numbers,
            is_blocked=of.chance(0.3),
            expiration_date=of.expiration(item.item_no),
        )
        return ("set_up", SetUp(numbers=(record,))) if only else None
    what = of.one_of("unit", "unit", "variant", "policy", "order", "factor", "code")
    if what == "unit":
        units = {u: f for u, f in item.units.items() if of.chance(0.5)}
        unit = of.one_of(*UNITS)
        changed = replace(item, units={**units, unit: Fraction(UNITS[unit])})
    elif what == "variant":
        changed = replace(item, variants=of.one_of((), ("RED",), ("RED", "BLUE")))
    elif what == "policy":
        changed = replace(item, reserve=of.one_of(*ReservePolicy))
    elif what == "order":
        changed = replace(item, picking_order=None)
    elif what == "factor":
        changed = replace(item, units={u: Fraction(10) for u in item.units})
    else:
        other = of.shop.items[of.item()]
        changed = replace(item, tracking_code=other.tracking_code)
    return "set_up", SetUp(items=(changed,))


# -- reservations ------------------------------------------------------------------------------


def _reserve(of: Inventor) -> Reserve:
    line = of.line(demand=of.chance(0.85))
    rows = [row for row in of.tables.tracking if row.line == line.line]
    numbers: Numbers | Choice = of.one_of(Choice.ANY, Choice.ANY, Choice.ALL)
    if rows and of.chance(0.6):
        specific = of.shop.code(line.item).specific
        numbers = Numbers(*of.random.choice(rows).numbers).only(specific) or Choice.ALL
    return Reserve(
        line=line.line,
        numbers=numbers if line.is_demand else Choice.ANY,
        supply=of.supply_name(line) if of.chance(0.3) else "",
        quantity=of.one_of(None, None, of.some(line.item)),
        hold_until=of.hold(),
        all_or_nothing=of.chance(0.1),
    )


def reserve(of: Inventor) -> Made:
    """Some or all of a line."""
    return "reserve", _reserve(of)


def reserve_each(of: Inventor) -> Made:
    """Several lines in one request."""
    return "reserve_each", tuple(_reserve(of) for _ in range(of.one_of(1, 2, 4)))


def take(of: Inventor) -> Made:
    """From several supplies at once."""
    line = of.line(demand=True)
    there = [s for s in of.tables.supplies.values() if s.key == line.key and s.quantity]
    chosen = of.random.sample(there, min(len(there), of.one_of(1, 1, 2)))
    takes = tuple(
        SupplyTake(
            supply=s.source or "stock",
            quantity=min(s.quantity, of.some(line.item)),
            numbers=Numbers(*s.numbers),
            is_specific=any(s.numbers) and of.chance(0.5),
        )
        for s in chosen
    )
    return ("take", Take(line=line.line, takes=takes)) if takes else None


def _cancel(of: Inventor) -> Cancel:
    held = {entry.line: entry for entry in of.tables.entries}
    line = of.line()
    if held and of.chance(0.85):
        line = of.tables.lines[of.random.choice(list(held))]
    return Cancel(line=line.line, supply=of.supply_name(line) if of.chance(0.2) else "")


def cancel(of: Inventor) -> Made:
    """What a line has reserved."""
    return "cancel", _cancel(of)


def cancel_each(of: Inventor) -> Made:
    """What several lines have reserved."""
    return "cancel_each", tuple(_cancel(of) for _ in range(of.one_of(1, 2, 3)))


def change(of: Inventor) -> Made:
    """Less than it is."""
    said = _cancel(of)
    item = of.tables.lines[said.line].item if said.line in of.tables.lines else "I1"
    quantity = of.one_of(Decimal(0), Decimal(1), Decimal(2), of.some(item))
    return "change", Change(line=said.line, supply=said.supply, quantity=quantity)


def hold(of: Inventor) -> Made:
    """A limit in time, or none any more."""
    said = _cancel(of)
    return "hold", Hold(line=said.line, supply=said.supply, until=of.hold())


def repair(of: Inventor) -> Made:
    """A reservation stands elsewhere from now on."""
    if not of.tables.entries:
        return None
    entry = of.random.choice(of.tables.entries)
    here = of.entry_name(of.tables.supplies[entry.item, entry.supply_no])
    there = of.supply_name(of.tables.lines[entry.line]) if of.chance(0.4) else ""
    return "repair", Repair(line=entry.line, supply=here, to_supply=there)


def way_out(of: Inventor) -> Made:
    """One of the ways out of a shortage."""
    command = TakeWayOut(line=of.line(demand=True).line)
    return WAY_OUT, command, of.random.randint(0, 5)


def ask(of: Inventor) -> Made:
    """Somebody needs what another holds."""
    held = [entry for entry in of.tables.entries if entry.by]
    if not held:
        return None
    entry = of.random.choice(held)
    alike = [
        x.line
        for x in of.tables.lines.values()
        if x.is_demand and x.key == of.tables.lines[entry.line].key and x.line != entry.line
    ]
    if not alike:
        return None
    of.appeals.append(of.number)
    return "ask_holder", AskHolder(line=of.random.choice(alike), holder=entry.line)


def _answer(of: Inventor, verb: str, command: type[Any]) -> Made:
    if not of.appeals:
        return None
    return verb, command(appeal=f"@{of.random.choice(of.appeals[-4:])}")


def give(of: Inventor) -> Made:
    """What is asked for is given up."""
    return _answer(of, "give", Give)


def keep(of: Inventor) -> Made:
    """What is asked for is kept."""
    return _answer(of, "keep", KeepUnits)


def withdraw(of: Inventor) -> Made:
    """Nobody asks any more."""
    return _answer(of, "withdraw", Withdraw)


# -- time, and back ----------------------------------------------------------------------------


def undo(of: Inventor) -> Made:
    """Any earlier command is taken back, a late one rather than an early one."""
    if not of.undoable:
        return None
    recent = of.undoable[-6:] if of.chance(0.6) else of.undoable
    return "undo", Undo(posting=f"@{of.random.choice(recent)}")


def wait(of: Inventor) -> Made:
    """Time passes; seldom the clock steps back, or a day begins."""
    minutes = of.one_of(1, 30, 30, 120, 300, 1440, -3, -60)
    return CLOCK, timedelta(minutes=minutes)


ACTS: dict[Callable[[Inventor], Made], int] = {
    enter: 10,
    add_lines: 2,
    edit: 8,
    split: 3,
    delete: 3,
    status: 2,
    track: 6,
    track_together: 1,
    track_each: 1,
    add_numbers: 2,
    assign: 2,
    select: 3,
    number: 3,
    set_up: 1,
    reserve: 16,
    reserve_each: 3,
    take: 3,
    cancel: 3,
    cancel_each: 1,
    change: 3,
    hold: 3,
    repair: 2,
    way_out: 3,
    ask: 2,
    give: 1,
    keep: 1,
    withdraw: 1,
    adjust: 10,
    imports: 1,
    post: 12,
    reclassify: 4,
    undo: 10,
    wait: 4,
}
