"""`earmark item`, `lot` and `setup`: what stock is, where it is, for whom, and under which number.

Setting up replaces a record that exists, so the same command enters and changes it.
"""

from decimal import Decimal
from typing import Annotated

from cyclopts import Parameter

import earmark
from earmark.cli.catalog_page import SetUpView, items_page, numbers_page, set_up_page
from earmark.cli.document_text import fields_of
from earmark.cli.invocation import CHANGING, READING, Changing, Reading
from earmark.cli.options import (
    NO_NUMBER_OPTIONS,
    Day,
    NumberNo,
    NumberOptions,
    Quantity,
    Whole,
    quantity_of,
    word_if_said,
    word_of,
)
from earmark.core.commands import KEEP, ChangeNumber, SetUp
from earmark.core.items import Customer, Item, Location, PickingOrder, ReservePolicy
from earmark.core.quantity import ZERO
from earmark.core.tracking import Dimension, TrackingCode

Words = Annotated[list[str] | None, Parameter(metavar="WORD")]


# -- Items -------------------------------------------------------------------------------------


def item_new(
    item_no: str,
    /,
    *,
    description: str = "",
    unit: str = "PCS",
    units: Annotated[str, Parameter(metavar="BOX=12,...")] = "",
    rounding_precision: Quantity = Decimal("0.00001"),
    over_receipt_percentage: Quantity = ZERO,
    variant: Annotated[list[str] | None, Parameter(metavar="CODE")] = None,
    tracking_code: str = "",
    reserve: Annotated[str, Parameter(metavar="never|optional|always")] = "optional",
    picking_order: Annotated[str, Parameter(metavar="fefo|fifo|lifo")] = "",
    serial_series: NumberNo = "",
    lot_series: NumberNo = "",
    changing: Changing = CHANGING,
) -> None:
    """Enter an item, or change it: a record that exists is replaced.

        earmark item new Y --description "Milk" --units BOX=12 --tracking-code LOTEXP

    Args:
        item_no: Item no.
        description: What it is.
        unit: Base unit.
        units: Other units, and how many base units each holds.
        rounding_precision: The smallest part of a base unit.
        over_receipt_percentage: How much more than a line says may be received on it.
        variant: A variant code; repeat it for more.
        tracking_code: Item tracking code; without one the item has no numbers.
        reserve: Whether its lines are reserved.
        picking_order: Which stock goes first. Default: fefo with expiration dates, else fifo.
        serial_series: The first serial no. that is assigned.
        lot_series: The first lot no. that is assigned.
    """
    item = Item(
        item_no=item_no,
        description=description,
        base_unit=unit,
        units={name.upper(): quantity_of(per) for name, per in fields_of(units).items()},
        rounding_precision=rounding_precision,
        over_receipt_percentage=over_receipt_percentage,
        variants=tuple(variant or ()),
        tracking_code=tracking_code,
        reserve=word_of(ReservePolicy, "--reserve", reserve),
        picking_order=word_if_said(PickingOrder, "--picking-order", picking_order),
        serial_series=serial_series,
        lot_series=lot_series,
    )
    changing.carry_out(earmark.set_up, SetUp(items=(item,)))


def item_list(*, reading: Reading = READING) -> None:
    """List the items.

    earmark item list
    """
    from earmark.usecases.catalog import items

    with reading.opened() as database:
        found = items(database)
    reading.answer(found, items_page)


# -- Numbers -----------------------------------------------------------------------------------


def block(
    item_no: str, /, *, number: NumberOptions = NO_NUMBER_OPTIONS, changing: Changing = CHANGING
) -> None:
    """Block a lot, serial or package: from now on it is promised to nobody.

    earmark lot block 1040 --lot L2417
    """
    _change_number(changing, ChangeNumber(item_no=item_no, numbers=number.given, is_blocked=True))


def unblock(
    item_no: str, /, *, number: NumberOptions = NO_NUMBER_OPTIONS, changing: Changing = CHANGING
) -> None:
    """Release a blocked lot, serial or package.

    earmark lot unblock 1040 --lot L2417
    """
    _change_number(changing, ChangeNumber(item_no=item_no, numbers=number.given, is_blocked=False))


def describe(
    item_no: str,
    /,
    *,
    number: NumberOptions = NO_NUMBER_OPTIONS,
    expires: Day | None = None,
    description: str | None = None,
    changing: Changing = CHANGING,
) -> None:
    """Change the expiration date or the description of a lot, serial or package.

        earmark lot describe 1040 --lot L2411 --expires 2027-01-31

    Args:
        expires: Expiration date.
        description: A few words.
    """
    command = ChangeNumber(
        item_no=item_no,
        numbers=number.given,
        expiration_date=KEEP if expires is None else expires,
        description=KEEP if description is None else description,
    )
    _change_number(changing, command)


def number_list(*, item: str = "", reading: Reading = READING) -> None:
    """List what is known of lots, serials and packages.

        earmark lot list --item 1040

    Args:
        item: Only of this item.
    """
    from earmark.usecases.catalog import number_records

    with reading.opened() as database:
        found = tuple(r for r in number_records(database) if item in ("", r.item_no))
    reading.answer(found, numbers_page)


def _change_number(changing: Changing, command: ChangeNumber) -> None:

    changing.carry_out(earmark.change_number, command)


# -- Set-up ------------------------------------------------------------------------------------


def tracking_code(
    code: str,
    /,
    *,
    specific: Words = None,
    required: Words = None,
    expiration: Words = None,
    case_matters: bool = False,
    changing: Changing = CHANGING,
) -> None:
    """Enter an item tracking code: which numbers an item has, and whether they expire.

        earmark setup tracking-code SNLOT --specific serial --specific lot
        earmark setup tracking-code LOTEXP --specific lot --expiration required

    Args:
        code: Its code.
        specific: serial, lot or package: goods leave under the number they came under.
        required: serial, lot or package: must be entered when posting.
        expiration: used, required (on receipt) or strict (no posting past the date).
        case_matters: Capital and small letters make different numbers.
    """
    rules = expiration or []
    code_record = TrackingCode(
        code,
        specific=frozenset(word_of(Dimension, "--specific", word) for word in specific or ()),
        required=frozenset(word_of(Dimension, "--required", word) for word in required or ()),
        expiration_used=bool(rules),
        expiration_required="required" in rules,
        expiration_strict="strict" in rules,
        case_matters=case_matters,
    )
    changing.carry_out(earmark.set_up, SetUp(tracking_codes=(code_record,)))


def location(
    code: str,
    /,
    *,
    description: str = "",
    in_transit: bool = False,
    bin_code: Annotated[list[str] | None, Parameter(name="--bin", metavar="CODE")] = None,
    changing: Changing = CHANGING,
) -> None:
    """Enter a location.

        earmark setup location EAST --description "East warehouse" --bin A1 --bin A2

    Args:
        code: Its code.
        description: What it is.
        in_transit: It stands for goods under way.
        bin_code: A bin code; repeat it for more.
    """
    place = Location(
        location_code=code,
        description=description,
        is_in_transit=in_transit,
        bins=tuple(bin_code or ()),
    )
    changing.carry_out(earmark.set_up, SetUp(locations=(place,)))


def customer(
    customer_no: str,
    /,
    *,
    name: str = "",
    priority: Whole = 0,
    reserve: Annotated[str, Parameter(metavar="never|optional|always")] = "",
    minimum_shelf_life: Whole = 0,
    transit: Whole = 0,
    changing: Changing = CHANGING,
) -> None:
    """Enter a customer and what he requires of the goods when they arrive.

        earmark setup customer C1 --name "St. Anna" --minimum-shelf-life 60 --transit 2

    Args:
        customer_no: Customer no.
        name: Name.
        priority: The larger is served first.
        reserve: Whether his lines are reserved; else the item says it.
        minimum_shelf_life: Days that must be left when the goods arrive.
        transit: Days from shipment to arrival.
    """
    record = Customer(
        customer_no=customer_no,
        name=name,
        priority=priority,
        reserve=word_if_said(ReservePolicy, "--reserve", reserve),
        minimum_shelf_life_days=minimum_shelf_life,
        transit_days=transit,
    )
    changing.carry_out(earmark.set_up, SetUp(customers=(record,)))


def show(*, reading: Reading = READING) -> None:
    """Show the set-up: tracking codes, locations and customers.

    earmark setup show
    """
    from earmark.usecases import catalog

    with reading.opened() as database:
        found = SetUpView(
            tracking_codes=catalog.tracking_codes(database),
            locations=catalog.locations(database),
            customers=catalog.customers(database),
        )
    reading.answer(found, set_up_page)
