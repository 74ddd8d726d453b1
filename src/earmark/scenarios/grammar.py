"""The grammar of scenario files: set-up, documents, steps; every verb and field with its form.

The whole format stands here, also what this version can not run yet, so that a file is checked the
same whatever runs it. What the format means by a key is said in its documentation.
"""

from __future__ import annotations

from collections.abc import Mapping

from earmark.core.items import PickingOrder, ReservePolicy
from earmark.core.tracking import Dimension
from earmark.scenarios.expected import expectation
from earmark.scenarios.forms import (
    Form,
    day,
    fields,
    list_of,
    mapping_of,
    moment,
    nothing_or,
    nothing_or_fields,
    one_of,
    one_or_list_of,
    quantity,
    text,
    told_by_key,
    whole,
    word_or,
    yes_or_no,
)
from earmark.scenarios.words import (
    DEMAND_KINDS,
    NUMBERS,
    PLACE,
    REFUSALS,
    WARNINGS,
    chosen_numbers,
    numbers,
    tracking_lines,
)

# -- Set-up ------------------------------------------------------------------------------------

_policy = one_of(*ReservePolicy)
_dimensions = list_of(one_of(*Dimension))

_tracking_code = nothing_or_fields(
    "an item tracking code",
    {
        "specific": _dimensions,
        "required": _dimensions,
        "case_matters": yes_or_no,
        "expiration": fields(
            "expiration", {"used": yes_or_no, "required": yes_or_no, "strict": yes_or_no}
        ),
    },
)
_item = nothing_or_fields(
    "an item",
    {
        "unit": text,
        "units": mapping_of(text),
        "rounding_precision": quantity,
        "over_receipt_percentage": quantity,
        "variants": list_of(text),
        "tracking_code": text,
        "reserve": _policy,
        "picking_order": one_of(*PickingOrder),
        "serial_series": text,
        "lot_series": text,
    },
)
_location = nothing_or_fields("a location", {"in_transit": yes_or_no, "bins": list_of(text)})
_customer = nothing_or_fields(
    "a customer",
    {
        "priority": whole,
        "reserve": _policy,
        "minimum_shelf_life_days": whole,
        "transit_days": whole,
    },
)
_record = fields(
    "an information record",
    {"item": text, **NUMBERS, "blocked": yes_or_no, "expiration_date": day},
    needed=("item",),
)
_stock = list_of(
    fields(
        "a stock row",
        {
            "as": text,
            **PLACE,
            "bin": text,
            **NUMBERS,
            "quantity": quantity,
            "unit": text,
            "date": day,
            "expiration_date": day,
        },
        needed=("item", "quantity"),
    )
)

# -- Documents ---------------------------------------------------------------------------------

_LINE: Mapping[str, Form] = {
    **PLACE,
    "bin": text,
    "quantity": quantity,
    "unit": text,
    "date": day,
    "reserve": _policy,
    "numbers": tracking_lines,
    "over_receipt_percentage": quantity,
}
_MADE: Mapping[str, Form] = {**_LINE, "for": text}
_TRANSFERRED: Mapping[str, Form] = {
    "item": text,
    "variant": text,
    "bin": text,
    "quantity": quantity,
    "unit": text,
    "shipment_date": day,
    "receipt_date": day,
    "reserve": _policy,
    "numbers": tracking_lines,
    "for": text,
    "over_receipt_percentage": quantity,
}


def _lines(what: str, forms: Mapping[str, Form]) -> Form:
    return list_of(fields(what, forms, needed=("item", "quantity")))


_produced = _lines("a production order line", {**_MADE, "components": _lines("a component", _LINE)})
_ordered: Mapping[str, Form] = {"customer": text, "lines": _lines("a line", _LINE)}
_DOCUMENTS: Mapping[str, Mapping[str, Form]] = {
    "sales_order": _ordered,
    "purchase_order": {"lines": _lines("a purchase line", _MADE)},
    "production_order": {
        "status": one_of("simulated", "planned", "firm_planned", "released"),
        "lines": _produced,
    },
    "transfer_order": {
        "from": text,
        "to": text,
        "in_transit": text,
        "lines": _lines("a transfer line", _TRANSFERRED),
    },
    "assembly_order": {**_MADE, "lines": _lines("an assembly component", _LINE)},
    "sales_return": _ordered,
    "purchase_return": _ordered,
    "service_order": _ordered,
    "project": {**_ordered, "status": one_of("planned", "open", "finished")},
    "demand": _ordered,
    "supply": {"customer": text, "lines": _lines("a line", _MADE)},
}
_NEEDED = {"transfer_order": ("from", "to"), "assembly_order": ("item", "quantity")}

DOCUMENT_KINDS = (*_DOCUMENTS,)
document = told_by_key(
    "a document",
    {
        kind: fields(
            f"a {kind.replace('_', ' ')}", {kind: text, **forms}, needed=_NEEDED.get(kind, ())
        )
        for kind, forms in _DOCUMENTS.items()
    },
)

given = fields(
    "given",
    {
        "tracking_codes": mapping_of(_tracking_code),
        "items": mapping_of(_item),
        "locations": mapping_of(_location),
        "customers": mapping_of(_customer),
        "lots": list_of(_record),
        "stock": _stock,
        "documents": list_of(document),
    },
)

# -- Steps -------------------------------------------------------------------------------------


def _posting(verb: str) -> Form:
    return fields(
        verb,
        {
            "line": text,
            "quantity": quantity,
            "numbers": tracking_lines,
            "date": day,
            "as": one_or_list_of(text),
        },
        needed=("line",),
    )


def _of_line(verb: str, forms: Mapping[str, Form], *needed: str) -> Form:
    return fields(verb, {"line": text, **forms}, needed=("line", *needed))


_held: Mapping[str, Form] = {"from": text, "numbers": numbers}
POSTINGS = ("ship", "receive", "consume", "output", "assemble")

COMMANDS: Mapping[str, Form] = {
    "stock": _stock,
    "document": document,
    "track": _of_line("track", {"numbers": tracking_lines}, "numbers"),
    "assign": _of_line(
        "assign",
        {
            "what": one_of("serial", "lot"),
            "quantity": quantity,
            "new_lot": yes_or_no,
            "from": text,
            "step": whole,
        },
        "what",
    ),
    "select": _of_line("select", {"quantity": quantity}),
    "reserve": _of_line(
        "reserve",
        {
            "numbers": chosen_numbers,
            "from": text,
            "quantity": quantity,
            "hold_until": moment,
            "all": yes_or_no,
        },
    ),
    "hold": _of_line("hold", {**_held, "until": word_or({"none": None}, moment)}, "until"),
    "cancel": _of_line("cancel", _held),
    "change": _of_line("change", {**_held, "quantity": quantity}, "quantity"),
    "edit": _of_line(
        "edit",
        {
            **PLACE,
            "bin": text,
            "quantity": quantity,
            "unit": text,
            "date": nothing_or(day),
            "over_receipt_percentage": nothing_or(quantity),
            "release": yes_or_no,
        },
    ),
    "delete": text,
    "status": fields(
        "status",
        {
            "document": text,
            "to": one_of("planned", "firm_planned", "released", "finished", "open"),
        },
        needed=("document", "to"),
    ),
    **{verb: _posting(verb) for verb in POSTINGS},
    "undo": text,
    "reclassify": fields(
        "reclassify",
        {
            **PLACE,
            "numbers": numbers,
            "quantity": quantity,
            "to": fields("to", {"location": text, **NUMBERS, "expiration_date": day}),
        },
        needed=("item", "location", "quantity", "to"),
    ),
    "number": fields(
        "number",
        {"item": text, **NUMBERS, "blocked": yes_or_no, "expiration_date": nothing_or(day)},
        needed=("item",),
    ),
    "worksheet": fields(
        "worksheet",
        {
            "demand": list_of(one_of(*DEMAND_KINDS)),
            "filter": fields("filter", {**PLACE, "customer": text, "from": day, "to": day}),
            "clear": yes_or_no,
            # The format leaves the list of allocation policies open.
            "policies": list_of(text),
            "set": mapping_of(quantity),
            "accept": word_or({"full": "full", "all": "all"}, list_of(text)),
            "make": yes_or_no,
        },
    ),
    "promise": fields("promise", {"lines": list_of(text), "accept": yes_or_no}, needed=("lines",)),
}
"""The verbs that ask for something, which may be refused."""

_TOLD: Mapping[str, Form] = {
    "work_date": day,
    "clock": moment,
    "verify": nothing_or_fields("verify", {}),
    "expect": expectation,
}
_CODES = one_or_list_of(one_of(*REFUSALS))
_ABOUT: Mapping[str, Form] = {
    "note": text,
    "refused": _CODES,
    "may_refuse": _CODES,
    "preview": yes_or_no,
    "request_id": text,
    "by": text,
    "warns": one_or_list_of(one_of(*WARNINGS)),
    "then": expectation,
}
_racing_step = fields("a step", {**_ABOUT, **COMMANDS, **_TOLD})
VERBS = (*COMMANDS, *_TOLD, "together")

scenario = fields(
    "a scenario",
    {
        "scenario": text,
        "about": text,
        "tags": list_of(text),
        "work_date": day,
        "given": given,
        "steps": list_of(
            fields("a step", {**_ABOUT, **COMMANDS, **_TOLD, "together": list_of(_racing_step)})
        ),
    },
    needed=("scenario", "steps"),
)
