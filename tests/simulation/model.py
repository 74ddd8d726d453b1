"""What must come of a command, in plain arithmetic; no code is shared with the engine.

The tables before it are what the model has found right so far. From them, from what was asked and
from what was answered it says what the tables must hold afterwards.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from earmark import Posting
from tests.simulation.shop import Shop
from tests.simulation.steps import IMPORT, WAY_OUT, Done, Step
from tests.simulation.tables import Key, LineRow, Numbers, Tables

NONE = Decimal(0)
A_CRUMB = Decimal("0.00002")
"""By so much a line in a unit that does not divide may differ from what was rounded."""
HALF_A_STEP = Decimal("0.000005")
MOVES_STOCK = {"adjust", "post", "reclassify", "undo", IMPORT}
SHAPES_LINES = {"enter_documents", "add_lines", "edit_line", "split_line", "delete", "undo"}
SHAPES_LINES |= {"change_status", WAY_OUT}
POSTS_LINES = {"post", "undo"}


@dataclass(frozen=True, slots=True)
class Case:
    """A step that was done, with what was and what is."""

    step: Step
    command: Any
    done: Done
    before: Tables
    after: Tables
    now: int
    shop: Shop

    @property
    def verb(self) -> str:
        """What was done."""
        return self.step.verb


@dataclass(frozen=True, slots=True)
class Changed:
    """By how much a step changed goods and lines: what its undo takes back."""

    stock: dict[tuple[Key, Numbers], Decimal]
    lines: dict[str, tuple[LineRow | None, LineRow | None]]
    held: dict[str, Decimal]


def changed(before: Tables, after: Tables, shop: Shop, now: int) -> Changed:
    """What differs between two moments; goods are told apart by specific numbers alone."""
    stock: dict[tuple[Key, Numbers], Decimal] = defaultdict(Decimal)
    for sign, there in ((-1, before), (1, after)):
        for (key, numbers), quantity in there.ledger.items():
            stock[key, shop.matched(key[0], numbers)] += sign * quantity
    had, has = before.held(now), after.held(now)
    lines = {
        name: (before.lines.get(name), after.lines.get(name))
        for name in {*before.lines, *after.lines}
    }
    return Changed(
        {key: difference for key, difference in stock.items() if difference},
        {name: pair for name, pair in lines.items() if not _alike(*pair)},
        {name: has[name] - had[name] for name in {*had, *has}},
    )


def _alike(one: LineRow | None, other: LineRow | None) -> bool:
    if one is None or other is None:
        return one is other
    return one._replace(total=NONE) == other._replace(total=NONE)


def wrongs(case: Case, undone: Changed | None) -> Iterator[str]:
    """Whatever is not as it must be; ``undone`` is what the undone step had changed."""
    seen = changed(case.before, case.after, case.shop, case.now)
    if case.verb not in MOVES_STOCK and seen.stock:
        yield f"stock: moved by {case.verb}: {seen.stock}"
    if case.verb not in SHAPES_LINES:
        yield from _shaped(case, seen)
    if case.verb in ("adjust", IMPORT):
        yield from _adjusted(case, seen)
    elif case.verb == "post":
        yield from _posted(case, seen)
    elif case.verb == "reclassify":
        yield from _reclassified(case, seen)
    elif case.verb == "undo" and undone is not None:
        yield from _undone(seen, undone)
    elif case.verb in ("enter_documents", "add_lines"):
        yield from _entered(case, seen)
    elif case.verb == "edit_line":
        yield from _edited(case, seen)
    yield from _reservations(case, undone)


def _shaped(case: Case, seen: Changed) -> Iterator[str]:
    for name, (old, new) in seen.lines.items():
        if old is None or new is None:
            yield f"line: {name} came or went by {case.verb}"
            continue
        kept = new._replace(posted=old.posted, total=old.total)
        if abs(new.quantity - old.quantity) <= A_CRUMB:
            kept = kept._replace(quantity=old.quantity)
        if kept != old or (old.posted != new.posted and case.verb not in POSTS_LINES):
            yield f"line: {name} changed by {case.verb}: {old} -> {new}"


def in_base(shop: Shop, item: str, quantity: Decimal, unit: str) -> Fraction:
    """A quantity in the base unit, exactly."""
    known = shop.items[item].units
    factor = Fraction(known[unit]) if unit in known else Fraction(1)
    return Fraction(quantity) * factor


def _near(shop: Shop, line: LineRow, exact: Fraction) -> bool:
    """Whether what is kept is what was meant, rounded once; a crumb is settled when reserving.

    A figure with all five decimals has been rounded before: it stands for what rounds to it.
    """
    slack = in_base(shop, line.item, HALF_A_STEP, line.unit)
    precision = Fraction(shop.items[line.item].rounding_precision)
    return abs(exact - Fraction(line.quantity)) <= precision + slack


def _adjusted(case: Case, seen: Changed) -> Iterator[str]:
    rows = case.command.rows if case.verb == "adjust" else case.command
    wanted: Counter[Key] = Counter()
    slack: Counter[Key] = Counter()
    for row in rows:
        key = (row.item_no, row.variant_code, row.location_code)
        wanted[key] += in_base(case.shop, row.item_no, row.quantity, row.unit)  # type: ignore[assignment]
        slack[key] += Fraction(case.shop.items[row.item_no].rounding_precision) / 2  # type: ignore[assignment]
        slack[key] += in_base(case.shop, row.item_no, HALF_A_STEP, row.unit)  # type: ignore[assignment]
    yield from _moved(seen, wanted, slack)


def _moved(
    seen: Changed, wanted: Counter[Key], slack: Counter[Key], *, at_least: bool = False
) -> Iterator[str]:
    """Goods came and went as was asked; more may be put out than was planned."""
    got: Counter[Key] = Counter()
    for (key, _), quantity in seen.stock.items():
        got[key] += Fraction(quantity)  # type: ignore[assignment]
    for key in {*wanted, *got}:
        if at_least and got[key] >= wanted[key]:
            continue
        if abs(wanted[key] - got[key]) > slack[key]:
            yield f"stock: {key} changed by {float(got[key])}, not by {float(wanted[key])}"


def _posted(case: Case, seen: Changed) -> Iterator[str]:
    wanted: Counter[Key] = Counter()
    for name, (old, new) in seen.lines.items():
        if old is None or new is None:
            continue
        posted = new.posted - old.posted
        if posted <= 0:
            yield f"post: {name} had {old.posted} and has {new.posted} posted"
        wanted[new.key] += Fraction(-posted if new.is_demand else posted)  # type: ignore[assignment]
    over = case.command.posting is Posting.OUTPUT
    yield from _moved(seen, wanted, Counter(), at_least=over)
    line = case.before.lines.get(case.command.line)
    if line is not None and case.command.quantity is not None and not over:
        after = case.after.lines[line.line]
        if after.posted - line.posted != case.command.quantity:
            yield f"post: {line.line}: {after.posted - line.posted} posted"
    if line is not None and case.command.numbers:
        yield from _posted_numbers(case, seen, line)


def _posted_numbers(case: Case, seen: Changed, line: LineRow) -> Iterator[str]:
    """Goods go out and come in under the very numbers that were named."""
    wanted = {
        case.shop.matched(line.item, (row.lot_no, row.serial_no, row.package_no))
        for row in case.command.numbers
    }
    for (key, numbers), quantity in seen.stock.items():
        asked = (serves(_folded(one), _folded(numbers)) for one in wanted)
        if key == line.key and not any(asked):
            yield f"post: {quantity} of {numbers} moved, {wanted} were named"


def _folded(numbers: Numbers) -> Numbers:
    lot, serial, package = numbers
    return lot.upper(), serial.upper(), package.upper()


def serves(asked: Numbers, numbers: Numbers) -> bool:
    """Whether goods under these numbers are what was asked for."""
    return all(not want or want == have for want, have in zip(asked, numbers, strict=True))


def _reclassified(case: Case, seen: Changed) -> Iterator[str]:
    total = sum(seen.stock.values(), NONE)
    if total:
        yield f"reclassify: {total} more than before"
    out = -sum((q for q in seen.stock.values() if q < 0), NONE)
    if seen.stock and out != case.command.quantity:
        yield f"reclassify: {out} moved of {case.command.quantity}"


def _undone(seen: Changed, undone: Changed) -> Iterator[str]:
    wanted = {key: -difference for key, difference in undone.stock.items()}
    if seen.stock != wanted:
        yield f"undo: stock changed by {seen.stock}, not by {wanted}"
    for name in {*seen.lines, *undone.lines}:
        if name not in undone.lines:
            yield f"undo: {name} changed, which the command had left alone: {seen.lines[name]}"
            continue
        old, new = undone.lines[name]
        if name not in seen.lines:
            yield f"undo: {name} stays {new}"
            continue
        _, now = seen.lines[name]
        if old is None or new is None or now is None:
            if not _alike(now, old):
                yield f"undo: {name} is {now}, was {old}"
            continue
        before_it = seen.lines[name][0]
        if before_it is None:
            continue
        if now.posted - before_it.posted != old.posted - new.posted:
            yield f"undo: {name} has {now.posted} posted, was {old.posted}"
        if now.quantity - before_it.quantity != old.quantity - new.quantity:
            yield f"undo: {name} is of {now.quantity}, was of {old.quantity}"


def _entered(case: Case, seen: Changed) -> Iterator[str]:
    several = case.verb == "enter_documents"
    documents = case.command.documents if several else (case.command.document,)
    entries = [line for document in documents for line in document.lines]
    every = [*entries, *(part for line in entries for part in line.components)]
    if len(every) != len(seen.lines):
        yield f"enter: {len(seen.lines)} lines came of {len(every)}"
    exact = Counter((e.item_no, e.variant_code, e.location_code) for e in every)
    kept = Counter(new.key for _, new in seen.lines.values() if new is not None)
    if exact != kept:
        yield f"enter: {kept} was entered, {exact} was asked for"
    for name, (old, new) in seen.lines.items():
        if old is not None or new is None:
            yield f"enter: {name} was there before"
            continue
        meant = in_base(case.shop, new.item, new.in_unit, new.unit)
        if not _near(case.shop, new, meant):
            yield f"enter: {name}: {new.in_unit} {new.unit} kept as {new.quantity}"


def _edited(case: Case, seen: Changed) -> Iterator[str]:
    for name, (old, new) in seen.lines.items():
        if old is None or new is None:
            yield f"edit: {name} came or went"
            continue
        own = name == case.command.line
        same_document = new.document == case.command.line.rpartition("/")[0].partition("/")[0]
        if not own and not name.startswith(f"{case.command.line}/") and not same_document:
            yield f"edit: {name} changed too"
        if new.posted != old.posted:
            yield f"edit: {name} had {old.posted} posted, has {new.posted}"


# -- Reservations ------------------------------------------------------------------------------

GIVES_UP = {"cancel", "cancel_each", "change", "delete", "post", "undo", "give", "reclassify"}
"""Verbs after which the very line they name may have less than the outcome's releases say."""


BINDS = {"enter_documents", "add_lines", "change_status"}
"""Verbs that may bind another line's demand to supply that is made for it."""


def _reservations(case: Case, undone: Changed | None) -> Iterator[str]:
    """Nobody but who is named has less than before, unless the outcome says so."""
    before, after = case.before.held(case.now), case.after.held(case.now)
    told: Counter[str] = Counter()
    for outcome in case.done.outcomes:
        for release in outcome.releases:
            told[release.line] += release.quantity  # type: ignore[assignment]
    given = undone.held if undone is not None else {}
    own = set(_own(case))
    for name in {*before, *after}:
        lost = before[name] - after[name]
        if name in own and (case.verb in GIVES_UP or case.verb == WAY_OUT):
            continue
        if case.verb == "undo" and lost <= max(NONE, given.get(name, NONE)):
            continue
        if lost > told[name]:
            yield f"lost: {name} lost {lost}, told {told[name]} by {case.verb}"
        if name not in own and lost < told[name] and case.verb not in BINDS:
            yield f"told: {name} lost {lost}, told {told[name]} by {case.verb}"
    yield from _answered(case, before, after)


def _answered(case: Case, before: dict[str, Decimal], after: dict[str, Decimal]) -> Iterator[str]:
    """What is said to be reserved is reserved."""
    if case.verb not in ("reserve", "take", "cancel", "change"):
        return
    gained = sum((after[name] - before[name] for name in {*before, *after}), NONE)
    outcome = case.done.outcomes[0]
    told = sum((release.quantity for release in outcome.releases), NONE)
    if case.verb in ("reserve", "take") and gained != outcome.reserved - told:
        yield f"said: {outcome.reserved} reserved, {told} released; {gained} more is reserved"
    if case.verb in ("cancel", "change") and -gained not in (outcome.released, told):
        yield f"said: {outcome.released} released; {-gained} less is reserved"


def _own(case: Case) -> Iterator[str]:
    """The lines that a command is about."""
    commands = case.command if isinstance(case.command, tuple) else (case.command,)
    for command in commands:
        for name in ("line", "reference", "document_no", "holder"):
            named = getattr(command, name, "")
            if named:
                yield from _under(case, named)
    for outcome in case.done.outcomes:
        yield from outcome.served
        if outcome.reference:
            yield from _under(case, outcome.reference)
    if case.verb == "give":
        yield from case.before.lines
    if case.verb in ("undo", "enter_documents", "add_lines", WAY_OUT):
        yield from (name for outcome in case.done.outcomes for name in outcome.served)
        yield from {*case.after.lines} - {*case.before.lines}
        yield from {*case.before.lines} - {*case.after.lines}


def _under(case: Case, reference: str) -> Iterator[str]:
    for name in {*case.before.lines, *case.after.lines}:
        if name == reference or name.startswith(f"{reference}/"):
            yield name
    line = case.before.lines.get(reference)
    if line is not None and not line.is_demand:
        numbers = {s.supply_no for s in case.before.supplies.values() if s.source == reference}
        for entry in case.before.entries:
            if entry.item == line.item and entry.supply_no in numbers:
                yield entry.line
