"""The words of scenario files: kinds, codes, and the small forms that stand in many places."""

from __future__ import annotations

from collections.abc import Mapping

from earmark.core.commands import Choice
from earmark.errors import every_error
from earmark.scenarios.forms import Form, day, fields, list_of, quantity, text, word_or

DEMAND_KINDS = (
    "sales",
    "component",
    "transfer",
    "assembly",
    "service",
    "project",
    "purchase_return",
    "demand",
)

_OF_LATER_VERSIONS = ("exceeds-to-reserve",)
REFUSALS = (*(error.code for error in every_error()), *_OF_LATER_VERSIONS)
REASONS = (
    *REFUSALS,
    "other-number",
    "other-location",
    "other-variant",
    "reserved",
    "too-late",
    "not-specific-available",
    "on-pick",
)
WARNINGS = (
    "short",
    "moved",
    "released",
    "nonspecific-held",
    "untracked",
    "number-unknown",
    "number-expired",
    "over-output",
    "over-requested",
    "over-output",
)

PLACE: Mapping[str, Form] = {"item": text, "variant": text, "location": text}
NUMBERS: Mapping[str, Form] = {"lot": text, "serial": text, "package": text}

numbers = fields("numbers", NUMBERS)
chosen_numbers = word_or({"all": Choice.ALL, "any": Choice.ANY}, numbers)
tracking_lines = list_of(
    fields(
        "an item tracking line",
        {**NUMBERS, "quantity": quantity, "to_handle": quantity, "expiration_date": day},
    )
)
