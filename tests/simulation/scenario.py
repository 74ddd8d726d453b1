"""A story as a scenario file, where the verbs of scenarios can say it."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import yaml

from earmark import (
    KEEP,
    Choice,
    DocumentEntry,
    DocumentStatus,
    LineEntry,
    Numbers,
    StockRow,
    TrackingLine,
)
from tests.simulation.printing import as_python
from tests.simulation.shop import CODES, MORNING, PLACES, Shop
from tests.simulation.shop import CUSTOMERS as NAMES
from tests.simulation.shop import set_up as set_up_of
from tests.simulation.steps import CLOCK, IMPORT, Step

Said = dict[str, Any]


class CannotSay(Exception):
    """A scenario has no verb for this."""


def as_scenario(shop: Shop, steps: Sequence[Step], title: str) -> str | None:
    """The scenario file of a story; none where a step cannot be said."""
    now = MORNING
    told: list[Said] = [{"clock": _time(now)}]
    named: set[str] = set()
    try:
        for step in steps:
            if step.verb == CLOCK:
                now += step.command
                told.append({"clock": _time(now)})
            else:
                told.append(_step(step))
                _check_named(told[-1], named)
    except CannotSay:
        return None
    told.append({"verify": {}})
    scenario = {
        "scenario": title,
        "work_date": MORNING.date(),
        "given": _given(shop, repr([step.command for step in steps])),
        "steps": told,
    }
    text: str = yaml.safe_dump(scenario, sort_keys=False, default_flow_style=None, width=140)
    return re.sub(r"'(\d{4}-\d\d-\d\dT[\d:]+)'", r"\1", text)  # a time is no text


def as_story(shop: Shop, steps: Sequence[Step], title: str) -> str:
    """A story as a scenario file, or as Python where no scenario can say it."""
    return as_scenario(shop, steps, title) or as_python(shop, steps)


def _check_named(said: Said, named: set[str]) -> None:
    """Only what a step before has named can be undone or taken from."""
    found = set(re.findall(r"E\d+-\d+", repr(said)))
    own = set(re.findall(r"'as': '(E\d+-\d+)'", repr(said)))
    if found - own - named:
        raise CannotSay
    named |= own


def _time(at: datetime) -> str:
    """In UTC, as scenarios tell the time."""
    return f"{at:%Y-%m-%dT%H:%M:%S}"


def _given(shop: Shop, said: str) -> Said:
    items = [item for no, item in shop.items.items() if f"'{no}'" in said]
    codes = {item.tracking_code for item in items}
    used = [code for code in CODES if code.tracking_code in codes]
    customers = [c for c in set_up_of(shop).customers if f"'{c.customer_no}'" in said]
    return {
        "tracking_codes": {
            code.tracking_code: {
                "specific": sorted(d.value for d in code.specific),
                "required": sorted(d.value for d in code.required),
                "case_matters": code.case_matters,
                "expiration": {
                    "used": code.expiration_used,
                    "required": code.expiration_required,
                    "strict": code.expiration_strict,
                },
            }
            for code in used
        },
        "items": {item.item_no: _item(item) for item in items},
        "locations": {place: {} for place in PLACES},
        "customers": {
            c.customer_no: _filled(
                priority=c.priority,
                reserve=c.reserve,
                minimum_shelf_life_days=c.minimum_shelf_life_days,
                transit_days=c.transit_days,
            )
            for c in customers
        },
    }


def _item(item: Any) -> Said:  # noqa: ANN401
    return _filled(
        units={unit: str(factor) for unit, factor in item.units.items()},
        rounding_precision=item.rounding_precision,
        variants=list(item.variants),
        tracking_code=item.tracking_code,
        reserve=item.reserve,
        picking_order=item.picking_order,
        serial_series=item.serial_series,
        lot_series=item.lot_series,
    )


def _filled(**fields: Any) -> Said:  # noqa: ANN401
    return {
        name: _plain(value) for name, value in fields.items() if value not in (None, "", (), [])
    }


def _plain(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral() else float(value)
    if isinstance(value, datetime):
        return _time(value)
    return value


def _step(step: Step) -> Said:
    if step.verb not in _SAYERS:
        raise CannotSay
    command = step.command
    said = _SAYERS[step.verb](step, command)
    by = getattr(command, "by", "")
    return {**said, "by": by} if by else said


# -- Parts -------------------------------------------------------------------------------------


def _numbers(of: Numbers | TrackingLine) -> Said:
    return _filled(lot=of.lot_no, serial=of.serial_no, package=of.package_no)


def _tracking(rows: Sequence[TrackingLine]) -> list[Said]:
    return [
        {
            **_numbers(row),
            **_filled(
                quantity=row.quantity, to_handle=row.to_handle, expiration_date=row.expiration_date
            ),
        }
        for row in rows
    ]


def _place(of: LineEntry | StockRow) -> Said:
    return _filled(
        item=of.item_no,
        variant=of.variant_code,
        location=of.location_code,
        quantity=of.quantity,
        unit=of.unit,
        date=of.date,
    )


def _line(entry: LineEntry) -> Said:
    said = {**_place(entry), **_filled(reserve=entry.reserve, numbers=_tracking(entry.numbers))}
    said |= {"for": entry.made_for} if entry.made_for else {}
    return said | _filled(components=[_line(part) for part in entry.components])


def _named(reference: str) -> str:
    """A symbol for a ledger entry is a name that its step gave with ``as``."""
    if reference.startswith("@") and "#" not in reference:
        raise CannotSay
    return reference.replace("@", "E").replace("#", "-")


# -- Verbs -------------------------------------------------------------------------------------


def _stock(step: Step, rows: Sequence[StockRow]) -> Said:
    said = [
        {
            "as": f"E{step.number}-{at}",
            **_place(row),
            **_numbers(row.numbers),
            **_filled(expiration_date=row.expiration_date),
        }
        for at, row in enumerate(rows)
    ]
    return {"stock": said}


def _document(entry: DocumentEntry) -> Said:
    return {
        entry.kind.value: entry.document_no,
        **_filled(customer=entry.customer_no, status=entry.status),
        "lines": [_line(line) for line in entry.lines],
    }


def _enter(_step: Step, command: Any) -> Said:  # noqa: ANN401
    if len(command.documents) != 1:
        raise CannotSay
    return {"document": _document(command.documents[0])}


def _of_line(verb: str, **fields: str) -> Callable[[Step, Any], Said]:
    """A verb about a line: its fields by their names in the command."""

    def say(_step: Step, command: Any) -> Said:  # noqa: ANN401
        said: Said = {"line": _named(command.line)}
        for key, name in fields.items():
            value = getattr(command, name)
            if value in (KEEP, Choice.ANY, "") or (value is None and key not in ("date", "until")):
                continue
            said[key.rstrip("_")] = _value(key, value)
        return {verb: said}

    return say


def _value(key: str, value: Any) -> Any:  # noqa: ANN401
    if key == "until" and value is None:
        return "none"
    if isinstance(value, Numbers):
        return _numbers(value)
    if isinstance(value, tuple):
        return _tracking(value)
    return _named(value) if key == "from_" else _plain(value)


def _posted(step: Step, command: Any) -> Said:  # noqa: ANN401
    if command.line not in NAMES and "/" not in command.line and "#" in command.line:
        raise CannotSay
    said = {"line": command.line, **_filled(quantity=command.quantity, date=command.date)}
    if command.numbers:
        said["numbers"] = _tracking(command.numbers)
    return {command.posting.value: {**said, "as": f"E{step.number}-0"}}


def _undone(_step: Step, command: Any) -> Said:  # noqa: ANN401
    return {"undo": f"E{command.posting[1:]}-0"}


def _status(_step: Step, command: Any) -> Said:  # noqa: ANN401
    if command.status is DocumentStatus.SIMULATED:
        raise CannotSay
    return {"status": {"document": command.document_no, "to": command.status.value}}


_SAYERS: Mapping[str, Callable[[Step, Any], Said]] = {
    "adjust": lambda step, command: _stock(step, command.rows),
    IMPORT: _stock,
    "enter_documents": _enter,
    "track": _of_line("track", numbers="numbers"),
    "select_entries": _of_line("select", quantity="quantity"),
    "assign_numbers": _of_line("assign", what="what", quantity="quantity"),
    "reserve": _of_line(
        "reserve", numbers="numbers", from_="supply", quantity="quantity", hold_until="hold_until"
    ),
    "hold": _of_line("hold", from_="supply", until="until"),
    "cancel": _of_line("cancel", from_="supply"),
    "change": _of_line("change", from_="supply", quantity="quantity"),
    "edit_line": _of_line(
        "edit",
        quantity="quantity",
        date="date",
        location="location_code",
        variant="variant_code",
        unit="unit",
        item="item_no",
        release="release",
    ),
    "delete": lambda _, command: {"delete": command.reference},
    "change_status": _status,
    "post": _posted,
    "undo": _undone,
}
