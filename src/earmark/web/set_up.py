"""Set-up and master data: item tracking codes, locations, customers and items, each in a dialog.

A record is saved as a whole: what a form does not show stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Annotated, Literal, TypeVar

from fastapi import Form, Request, Response

from earmark.core.commands import SetUp
from earmark.core.items import Customer, Item, Location, PickingOrder, ReservePolicy
from earmark.core.quantity import exact, plain, positive
from earmark.core.tracking import Dimension, TrackingCode
from earmark.core.units import factor_in_words, units_of
from earmark.database.engine import Database
from earmark.errors import (
    CustomerUnknown,
    ItemUnknown,
    LocationUnknown,
    QuantityInvalid,
    TrackingCodeUnknown,
    ValueInvalid,
)
from earmark.http.identity import Caller
from earmark.usecases import looking_up
from earmark.usecases.catalog import set_up
from earmark.web.asking import Keeper, Reader, Served
from earmark.web.rendering import dialog, done, page, pages

router = pages()
Text = Annotated[str, Form()]
How = Annotated[Literal["specific", "required"] | None, Form()]

Record = TypeVar("Record")
WORDS = {"": "by item", **{policy.value: policy.value for policy in ReservePolicy}}


@router.get("/set-up")
def overview(request: Request, asking: Reader, served: Served) -> Response:
    """Everything that is set up, but items, which have pages of their own."""
    return page(
        request,
        asking,
        "set_up.html",
        codes=looking_up.tracking_codes(served).values(),
        locations=looking_up.locations(served).values(),
        customers=looking_up.customers(served).values(),
    )


def _save(served: Database, asking: Caller, records: SetUp) -> None:
    set_up(served, replace(records, by=asking.user))


def _found(records: Mapping[str, Record], key: str, refusal: Exception) -> Record:
    if key not in records:
        raise refusal
    return records[key]


def _check_new(records: Mapping[str, object], key: str, field: str) -> None:
    """Refuse to enter as new what there is: it would be replaced, unseen."""
    if key in records:
        raise ValueInvalid(field=field, value=key, why="there is one already; open it to change it")


# -- Item tracking codes -----------------------------------------------------------------------


@router.get("/set-up/tracking-codes/{code}")
def tracking_code(request: Request, asking: Keeper, served: Served, code: str) -> Response:
    """The dialog of one item tracking code; ``new`` is an empty one."""
    known = looking_up.tracking_codes(served)
    shown = TrackingCode("")
    if code != "new":
        shown = _found(known, code, TrackingCodeUnknown(tracking_code=code))
    return dialog(request, asking, "set_up_tracking_code.html", code=shown, dimensions=Dimension)


@router.post("/set-up/tracking-codes")
def save_tracking_code(
    asking: Keeper,
    served: Served,
    tracking_code: Text = "",
    serial: How = None,
    lot: How = None,
    package: How = None,
    expiration: Annotated[list[Literal["used", "required", "strict"]] | None, Form()] = None,
    case_matters: Annotated[Literal["yes", ""], Form()] = "",
    is_new: Text = "",
) -> Response:
    """Save it: each dimension is specific, required, or only written down."""
    how = {Dimension.SERIAL: serial, Dimension.LOT: lot, Dimension.PACKAGE: package}
    used = frozenset(expiration or ())
    code = TrackingCode(
        tracking_code=tracking_code.strip(),
        specific=frozenset(d for d, word in how.items() if word == "specific"),
        required=frozenset(d for d, word in how.items() if word == "required"),
        expiration_used=bool(used),
        expiration_required="required" in used,
        expiration_strict="strict" in used,
        case_matters=bool(case_matters),
    )
    if is_new:
        _check_new(looking_up.tracking_codes(served), code.tracking_code, "Code")
    _save(served, asking, SetUp(tracking_codes=(code,)))
    return done(say=f"Item tracking code {code.tracking_code} is saved.")


# -- Locations ---------------------------------------------------------------------------------


@router.get("/set-up/locations/{code}")
def location(request: Request, asking: Keeper, served: Served, code: str) -> Response:
    """The dialog of one location; ``new`` is an empty one."""
    shown = Location(location_code="")
    if code != "new":
        shown = _found(looking_up.locations(served), code, LocationUnknown(location_code=code))
    return dialog(request, asking, "set_up_location.html", location=shown)


@router.post("/set-up/locations")
def save_location(
    asking: Keeper,
    served: Served,
    location_code: Text = "",
    description: Text = "",
    bins: Text = "",
    is_in_transit: Text = "",
    is_new: Text = "",
) -> Response:
    """Save it."""
    entered = Location(
        location_code=_needed(location_code, "Location"),
        description=description.strip(),
        is_in_transit=bool(is_in_transit),
        bins=tuple(_listed(bins)),
    )
    if is_new:
        _check_new(looking_up.locations(served), entered.location_code, "Location")
    _save(served, asking, SetUp(locations=(entered,)))
    return done(say=f"Location {entered.location_code} is saved.")


# -- Customers ---------------------------------------------------------------------------------


@router.get("/set-up/customers/{customer_no}")
def customer(request: Request, asking: Keeper, served: Served, customer_no: str) -> Response:
    """The dialog of one customer; ``new`` is an empty one."""
    shown = Customer(customer_no="")
    if customer_no != "new":
        unknown = CustomerUnknown(customer_no=customer_no)
        shown = _found(looking_up.customers(served), customer_no, unknown)
    return dialog(request, asking, "set_up_customer.html", customer=shown, policies=WORDS)


@router.post("/set-up/customers")
def save_customer(
    asking: Keeper,
    served: Served,
    customer_no: Text = "",
    name: Text = "",
    priority: Text = "",
    reserve: Annotated[ReservePolicy | None, Form()] = None,
    minimum_shelf_life_days: Text = "",
    transit_days: Text = "",
    is_new: Text = "",
) -> Response:
    """Save it."""
    entered = Customer(
        customer_no=_needed(customer_no, "Customer No."),
        name=name.strip(),
        priority=_whole(priority, "Priority"),
        reserve=reserve,
        minimum_shelf_life_days=_whole(minimum_shelf_life_days, "Minimum shelf life"),
        transit_days=_whole(transit_days, "Transit"),
    )
    if is_new:
        _check_new(looking_up.customers(served), entered.customer_no, "Customer No.")
    _save(served, asking, SetUp(customers=(entered,)))
    return done(say=f"Customer {entered.customer_no} is saved.")


# -- Items -------------------------------------------------------------------------------------


@router.get("/set-up/items/{item_no:path}")
def item(request: Request, asking: Keeper, served: Served, item_no: str) -> Response:
    """The dialog of one item; ``new`` is an empty one."""
    shown = Item(item_no="")
    if item_no != "new":
        shown = _found(looking_up.items(served), item_no, ItemUnknown(item_no=item_no))
    return dialog(
        request,
        asking,
        "set_up_item.html",
        item=shown,
        other_units=", ".join(
            f"{unit}={factor_in_words(holds)}" for unit, holds in shown.factors.items()
        ),
        rounding=plain(shown.rounding_precision),
        over_receipt=plain(shown.over_receipt_percentage),
        codes=looking_up.tracking_codes(served).values(),
        policies=ReservePolicy,
        orders=PickingOrder,
    )


@router.post("/set-up/items")
def save_item(
    asking: Keeper,
    served: Served,
    item_no: Text = "",
    description: Text = "",
    base_unit: Text = "PCS",
    units: Text = "",
    rounding_precision: Text = "",
    over_receipt_percentage: Text = "",
    variants: Text = "",
    tracking_code: Text = "",
    reserve: Annotated[ReservePolicy, Form()] = ReservePolicy.OPTIONAL,
    picking_order: Annotated[PickingOrder | None, Form()] = None,
    serial_series: Text = "",
    lot_series: Text = "",
    is_new: Text = "",
) -> Response:
    """Save it."""
    number = _needed(item_no, "Item No.")
    known = looking_up.items(served)
    if is_new:
        _check_new(known, number, "Item No.")
    old = known.get(number, Item(item_no=number))
    entered = replace(
        old,
        description=description.strip(),
        base_unit=_needed(base_unit, "Base unit"),
        units=units_of(_listed(units), base_unit.strip()),
        rounding_precision=positive(rounding_precision or "0.00001", "Rounding"),
        over_receipt_percentage=exact(over_receipt_percentage or "0", "Over-receipt %"),
        variants=tuple(_listed(variants)),
        tracking_code=tracking_code,
        reserve=reserve,
        picking_order=picking_order,
        serial_series=serial_series.strip(),
        lot_series=lot_series.strip(),
    )
    _save(served, asking, SetUp(items=(entered,)))
    return done(say=f"Item {entered.item_no} is saved.")


# -- Fields ------------------------------------------------------------------------------------


def _needed(text: str, field: str) -> str:
    if not text.strip():
        raise ValueInvalid(field=field, value="", why="it is empty")
    return text.strip()


def _listed(text: str) -> Iterable[str]:
    """The words between commas."""
    return filter(None, (part.strip() for part in text.split(",")))


def _whole(text: str, field: str) -> int:
    number = exact(text or "0", field)
    if number < 0 or number != number.to_integral_value():
        raise QuantityInvalid(what=field, quantity=text, why="it is not a whole number")
    return int(number)
