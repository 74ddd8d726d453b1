"""Items, numbers and set-up as pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from earmark.cli.page import Cell, Column, Hint, Note, Page, Pen, Table, columns
from earmark.core.items import Customer, Item, Location, NumberRecord
from earmark.core.tracking import Dimension, TrackingCode
from earmark.core.units import factor_in_words


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUpView:
    """The set-up: everything that is neither item nor stock."""

    tracking_codes: tuple[TrackingCode, ...]
    locations: tuple[Location, ...]
    customers: tuple[Customer, ...]


def items_page(items: Sequence[Item]) -> Page:
    """All items."""
    if not items:
        return [
            Note("There is no item yet."),
            Hint("Enter one", "earmark item new X --tracking-code SNLOT"),
        ]
    heads = columns(
        Column("Item", Pen.NAME),
        Column("Description", wraps=True),
        "Unit",
        Column("Other units", yields=2),
        "Tracking code",
        Column("Reserve", yields=1),
        Column("Picking order", yields=3),
    )
    return [Table(heads, [_item_row(item) for item in items])]


def _item_row(item: Item) -> tuple[Cell, ...]:
    units = ", ".join(f"{unit} {factor_in_words(per)}" for unit, per in item.factors.items())
    order = item.picking_order or ""
    return (
        item.item_no,
        item.description,
        item.base_unit,
        units,
        item.tracking_code,
        item.reserve,
        order,
    )


def numbers_page(records: Sequence[NumberRecord]) -> Page:
    """What is known of numbers."""
    if not records:
        return [Note("No lot, serial or package is on record.")]
    heads = columns(
        Column("Item", Pen.NAME),
        "Kind",
        Column("Number", Pen.NAME),
        "Expiration Date",
        Column("Blocked", Pen.ALARM),
        Column("Description", yields=1, wraps=True),
    )
    return [Table(heads, [_number_row(record) for record in records])]


def _number_row(record: NumberRecord) -> tuple[Cell, ...]:
    kind = next((d for d in Dimension if record.numbers.get(d)), "")
    blocked = "blocked" if record.is_blocked else ""
    return (
        record.item_no,
        kind,
        record.numbers,
        record.expiration_date,
        blocked,
        record.description,
    )


def set_up_page(found: SetUpView) -> Page:
    """Tracking codes, locations and customers."""
    tables = (
        _codes(found.tracking_codes),
        _locations(found.locations),
        _customers(found.customers),
    )
    page: Page = [table for table in tables if table.rows]
    nothing: Page = [
        Note("Nothing is set up yet."),
        Hint("Begin with", "earmark setup tracking-code SNLOT --specific serial --specific lot"),
    ]
    return page or nothing


def _codes(codes: Iterable[TrackingCode]) -> Table:
    heads = columns(Column("Tracking code", Pen.NAME), "Specific", "Required", "Expiration", "Case")
    rows = [
        (
            c.tracking_code,
            ", ".join(sorted(c.specific)),
            ", ".join(sorted(c.required)),
            _expiration(c),
            "matters" if c.case_matters else "",
        )
        for c in codes
    ]
    return Table(heads, rows)


def _expiration(code: TrackingCode) -> str:
    words = (
        ("used", code.expiration_used),
        ("required", code.expiration_required),
        ("strict", code.expiration_strict),
    )
    return ", ".join(word for word, is_so in words if is_so)


def _locations(locations: Iterable[Location]) -> Table:
    heads = columns(
        Column("Location", Pen.NAME), Column("Description", wraps=True), "In transit", "Bins"
    )
    rows = [
        (p.location_code, p.description, "in transit" if p.is_in_transit else "", ", ".join(p.bins))
        for p in locations
    ]
    return Table(heads, rows)


def _customers(customers: Iterable[Customer]) -> Table:
    heads = columns(
        Column("Customer", Pen.NAME),
        Column("Name", wraps=True),
        "Priority",
        "Shelf life, days",
        "Transit, days",
        Column("Reserve", yields=1),
    )
    rows = [
        (
            c.customer_no,
            c.name,
            c.priority,
            Decimal(c.minimum_shelf_life_days),
            Decimal(c.transit_days),
            c.reserve or "",
        )
        for c in customers
    ]
    return Table(heads, rows)
